//! The date in a message's header, `Thu, 29 Nov 2001 22:33:52 +0100`, in RFC 5322 and older forms.

use super::super::digits::decimal;
use super::from_line::{days, month};

/// In unix seconds.
pub(crate) fn parse(value: &[u8]) -> Option<i64> {
    let mut words = value.split(|byte| matches!(byte, b' ' | b'\t' | b',')).filter(|word| !word.is_empty());
    let mut word = words.next()?;
    if word.first()?.is_ascii_alphabetic() {
        word = words.next()?;
    }
    let day = number(word, 2).filter(|day| (1..=31).contains(day))?;
    let month = month(words.next()?.get(..3)?)?;
    let year = year(words.next()?)?;
    let seconds = time(words.next()?)?;
    let offset = words.next().map_or(Some(0), zone)?;
    Some(days(year, month, day) * 86_400 + seconds - offset)
}

fn number(word: &[u8], most: usize) -> Option<i64> {
    decimal(word).filter(|_| word.len() <= most).map(u64::cast_signed)
}

/// RFC 5322, 4.3: years of two and three digits.
fn year(word: &[u8]) -> Option<i64> {
    let year = number(word, 4)?;
    Some(match word.len() {
        2 if year < 50 => year + 2000,
        2 | 3 => year + 1900,
        _ => year,
    })
}

fn time(word: &[u8]) -> Option<i64> {
    let mut fields = word.split(|&byte| byte == b':').map(|field| number(field, 2));
    let (hours, minutes) = (fields.next()??, fields.next()??);
    let seconds = fields.next().unwrap_or(Some(0))?;
    (hours < 24 && minutes < 60 && seconds <= 60).then_some(hours * 3_600 + minutes * 60 + seconds)
}

/// `+0100`, or a name: RFC 5322 defines North American ones; any other counts as UTC.
fn zone(word: &[u8]) -> Option<i64> {
    let hours = |hours: i64| Some(hours * 3_600);
    match word.split_first()? {
        (sign @ (b'+' | b'-'), digits) => {
            let clock = number(digits, 4).filter(|_| digits.len() == 4)?;
            let seconds = clock / 100 * 3_600 + clock % 100 * 60;
            Some(if *sign == b'-' { -seconds } else { seconds })
        }
        _ => match word.to_ascii_uppercase().as_slice() {
            b"EDT" => hours(-4),
            b"EST" | b"CDT" => hours(-5),
            b"CST" | b"MDT" => hours(-6),
            b"MST" | b"PDT" => hours(-7),
            b"PST" => hours(-8),
            _ => Some(0),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn current_and_obsolete_date_formats_parse() {
        let time = 11_655 * 86_400 + 21 * 3_600 + 33 * 60 + 52;
        for text in [
            "Thu, 29 Nov 2001 22:33:52 +0100",
            " Thu, 29 Nov 2001 16:33:52 -0500 (EST)",
            "29 Nov 01 21:33:52 GMT",
            "Thu,29 November 2001 21:33:52",
            "Thu, 29 NOV 101 16:33:52 EST\r",
        ] {
            assert_eq!(parse(text.trim_end().as_bytes()), Some(time), "{text}");
        }
        assert_eq!(parse(b"1 Jan 70 00:00 +0000"), Some(0));
    }

    #[test]
    fn invalid_dates_are_refused() {
        for text in [
            "",
            "Thu",
            "Thu, 32 Nov 2001 22:33:52 +0100",
            "29 Nov 2001",
            "29 Nov 2001 24:00:00",
            "1 X 2 0:0",
            "29 Nov 2001 22:33:52 +1",
            "29 Nov 20011 22:33:52",
        ] {
            assert_eq!(parse(text.as_bytes()), None, "{text}");
        }
    }
}
