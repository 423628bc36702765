//! The line that begins a message in an mbox, `From <sender>  Thu Nov  9 22:33:52 2001`, and its date.
//!
//! Writers differ: some add a zone, put its name before the year, or omit the seconds. A border between messages is
//! what Dovecot 2.3 takes for one (`lib-mail/mbox-from.c`), so that the counts agree. A date without a zone is in the
//! server's local time, as Dovecot writes and reads it.

use super::super::digits::decimal;

const MONTHS: [&[u8; 3]; 12] =
    [b"jan", b"feb", b"mar", b"apr", b"may", b"jun", b"jul", b"aug", b"sep", b"oct", b"nov", b"dec"];

const WEEKDAYS: [&[u8; 3]; 7] = [b"Mon", b"Tue", b"Wed", b"Thu", b"Fri", b"Sat", b"Sun"];

/// The beginning of every border.
pub(crate) const PREFIX: &[u8] = b"From ";

/// The time that `git format-patch` writes into every file to mark it.
const GIT_DATE: &[u8] = b"Mon Sep 17 00:00:00 2001";

/// The date of a message's first line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FromLine {
    /// Local time in seconds since 1970, as if it were UTC.
    pub clock: i64,
    /// Seconds east of UTC; `None` in the server's time zone.
    pub offset: Option<i64>,
}

impl FromLine {
    /// `None` if the line does not begin a message.
    pub(crate) fn parse(line: &[u8]) -> Option<FromLine> {
        let mut rest = Cursor(after_sender(line.strip_prefix(PREFIX)?)?);
        // Dovecot does not check the weekday.
        rest.take(4)?;
        let has_month = Cursor(rest.0).month().is_some();
        let date = if has_month { asctime(&mut rest)? } else { rfc(&mut rest)? };
        match zone(rest.0) {
            // With a zone, Dovecot requires a valid time; without one, C's mktime carries over.
            Some(offset) => date.is_real().then(|| FromLine { clock: date.clock(59), offset: Some(offset) }),
            None => Some(FromLine { clock: date.clock(99), offset: None }),
        }
    }

    /// The arrival in unix seconds; `local` converts the server's local time.
    pub(crate) fn arrival(&self, local: impl Fn(i64) -> i64) -> i64 {
        match self.offset {
            Some(offset) => self.clock.saturating_sub(offset),
            None => local(self.clock),
        }
    }
}

/// Whether a file with these first bytes is an mbox. This is stricter than the border between messages, so that other
/// files are not taken for mail; patches from Git look alike.
pub(crate) fn begins_mbox(head: &[u8]) -> bool {
    let line = head.split(|&byte| byte == b'\n').next().unwrap_or(head);
    let has_weekday =
        line.windows(4).any(|four| four.first() == Some(&b' ') && WEEKDAYS.iter().any(|day| four.ends_with(*day)));
    let is_patch = line.windows(GIT_DATE.len()).any(|window| window == GIT_DATE) && is_commit(line);
    has_weekday && !is_patch && FromLine::parse(line).is_some()
}

/// Whether the sender is a commit's name: 40 or 64 hexadecimal digits.
fn is_commit(line: &[u8]) -> bool {
    let sender = line.get(PREFIX.len()..).and_then(|rest| rest.split(|&byte| byte == b' ').next()).unwrap_or(b"");
    matches!(sender.len(), 40 | 64) && sender.iter().all(u8::is_ascii_hexdigit)
}

/// The text after the sender and its blanks. A sender may begin with a part in quotes that has blanks.
fn after_sender(mut rest: &[u8]) -> Option<&[u8]> {
    if let Some(quoted) = rest.strip_prefix(b"\"") {
        let mut is_escaped = false;
        let end = quoted.iter().position(|&byte| {
            let ends = byte == b'"' && !is_escaped;
            is_escaped = byte == b'\\';
            ends
        })?;
        rest = quoted.get(end..)?;
    }
    let blank = rest.iter().position(|byte| matches!(byte, b' ' | b'\r' | b'\n'))?;
    let blanks = rest.get(blank..)?;
    let after = blanks.iter().position(|&byte| byte != b' ').unwrap_or(blanks.len());
    // Without a blank, the line ends after the sender.
    (after > 0).then_some(blanks.get(after..)?)
}

struct Date {
    year: i64,
    month: i64,
    day: i64,
    /// Hours, minutes, seconds.
    time: (i64, i64, i64),
}

impl Date {
    /// Seconds since 1970 as if UTC; a second above `last_second` counts as that one.
    fn clock(&self, last_second: i64) -> i64 {
        let (hours, minutes, second) = self.time;
        days(self.year, self.month, self.day.max(1)) * 86_400 + hours * 3_600 + minutes * 60 + second.min(last_second)
    }

    /// Whether the calendar has this time. A leap second is valid.
    fn is_real(&self) -> bool {
        let (hours, minutes, second) = self.time;
        self.day <= days_in_month(self.year, self.month) && hours < 24 && minutes < 60 && second <= 60
    }
}

/// `Nov  9 22:33[:52] [zone] 2001`.
fn asctime(rest: &mut Cursor) -> Option<Date> {
    let month = rest.month()?;
    // A second blank pads a day of one digit.
    let _ = rest.expect(b' ');
    let day = if rest.0.get(1) == Some(&b' ') { rest.digits(1)? } else { rest.digits(2)? };
    rest.expect(b' ')?;
    let time = rest.time()?;
    rest.expect(b' ')?;
    if rest.0.get(..4).and_then(decimal).is_none() {
        // Dovecot skips a zone before the year.
        let blank = rest.0.iter().position(|&byte| byte == b' ')?;
        rest.take(blank + 1)?;
    }
    Some(Date { year: rest.digits(4)?, month, day, time })
}

/// ` 9 Nov 2001 22:33[:52]`, after `Thu,`.
fn rfc(rest: &mut Cursor) -> Option<Date> {
    rest.take(1)?;
    let day = rest.digits(2).or_else(|| rest.digits(1))?;
    rest.expect(b' ')?;
    let month = rest.month()?;
    let year = rest.digits(4)?;
    rest.take(1)?;
    Some(Date { year, month, day, time: rest.time()? })
}

/// ` +0100`. Dovecot adds the zone's minutes as if they were seconds, and so does this.
fn zone(rest: &[u8]) -> Option<i64> {
    let mut rest = Cursor(rest.strip_prefix(b" ")?);
    let sign = match rest.take(1)? {
        b"+" => 1,
        b"-" => -1,
        _ => return None,
    };
    Some(sign * (rest.digits(2)? * 3_600 + rest.digits(2)?))
}

/// The unread rest of a line.
struct Cursor<'a>(&'a [u8]);

impl<'a> Cursor<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn expect(&mut self, byte: u8) -> Option<()> {
        self.0 = self.0.strip_prefix(&[byte])?;
        Some(())
    }

    /// A number of exactly `count` digits; reads nothing otherwise.
    fn digits(&mut self, count: usize) -> Option<i64> {
        let (digits, rest) = self.0.split_at_checked(count)?;
        let number = decimal(digits)?.cast_signed();
        self.0 = rest;
        Some(number)
    }

    /// A month, from 1 to 12, and the blank after it.
    fn month(&mut self) -> Option<i64> {
        let (name, rest) = self.0.split_at_checked(3)?;
        let number = if name == b"???" { 1 } else { month(name)? };
        self.0 = rest.strip_prefix(b" ")?;
        Some(number)
    }

    /// `22:33[:52]`.
    fn time(&mut self) -> Option<(i64, i64, i64)> {
        let hours = self.digits(2)?;
        self.expect(b':')?;
        let minutes = self.digits(2)?;
        let seconds = if self.expect(b':').is_some() { self.digits(2)? } else { 0 };
        Some((hours, minutes, seconds))
    }
}

/// The number of a month, from its first three letters.
pub(crate) fn month(name: &[u8]) -> Option<i64> {
    (1..).zip(MONTHS).find(|(_, month)| month.eq_ignore_ascii_case(name)).map(|(number, _)| number)
}

/// Days from 1970 to a day in the Gregorian calendar; a day past the month's end is in the next month. After
/// Hinnant, <https://howardhinnant.github.io/date_algorithms.html> (`days_from_civil`).
pub(crate) fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + day_of_year - 719_468
}

fn days_in_month(year: i64, month: i64) -> i64 {
    let (next_year, next) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
    days(next_year, next, 1) - days(year, month, 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clock(line: &str) -> Option<(i64, Option<i64>)> {
        FromLine::parse(line.as_bytes()).map(|line| (line.clock, line.offset))
    }

    #[test]
    fn days_count_from_1970() {
        assert_eq!(
            [days(1970, 1, 1), days(2000, 3, 1), days(2024, 2, 29), days(1969, 12, 31)],
            [0, 11_017, 19_782, -1]
        );
        assert_eq!([days_in_month(2024, 2), days_in_month(1900, 2), days_in_month(2026, 12)], [29, 28, 31]);
    }

    #[test]
    fn from_lines_of_common_programs_parse() {
        // 2001-11-29 22:33:52 is day 11,655 of 1970.
        let time = 11_655 * 86_400 + 22 * 3_600 + 33 * 60 + 52;
        for line in [
            "From a@b.example  Thu Nov 29 22:33:52 2001\n",
            "From a@b.example Thu Nov 29 22:33:52 2001",
            "From  Thu Nov 29 22:33:52 2001",
            "From a Thu Nov 29 22:33:52 CET 2001\r\n",
            "From \"a b \\\" c\"@d Thu Nov 29 22:33:52 2001",
            "From a Thu, 29 nov 2001 22:33:52",
            "From a Thu Nov 29 22:33:52 +0100 2001",
        ] {
            assert_eq!(clock(line), Some((time, None)), "{line}");
        }
        assert_eq!(clock("From a Thu Nov 29 22:33 2001"), Some((time - 52, None)));
        assert_eq!(clock("From a Fri Nov  9 22:33:52 2001"), Some((time - 20 * 86_400, None)));
        assert_eq!(clock("From a Thu Nov 29 22:33:52 2001 -0200"), Some((time, Some(-7_200))));
        assert_eq!(FromLine { clock: 90, offset: Some(60) }.arrival(|_| 0), 30);
        assert_eq!(FromLine { clock: 90, offset: None }.arrival(|clock| clock - 7), 83);
    }

    #[test]
    fn an_overflowing_date_is_accepted_only_without_a_zone() {
        assert_eq!(clock("From a Thu Feb 30 00:00:00 2001"), Some((days(2001, 3, 2) * 86_400, None)));
        assert_eq!(clock("From a Thu Feb 30 00:00:00 2001 +0000"), None);
        assert_eq!(clock("From a Thu Feb 28 25:00:00 2001 +0000"), None);
        assert_eq!(clock("From a Thu Jan  1 00:00:60 1970 +0000"), Some((59, Some(0))));
        assert_eq!(clock("From a Thu Jan  1 00:00:60 1970"), Some((60, None)));
    }

    #[test]
    fn invalid_from_lines_are_refused() {
        for line in [
            "From here on",
            "From ",
            "From a",
            "From a Thu",
            "From a b Thu Nov 29 22:33:52 2001",
            "From a Thu Nov 29 22:33:52",
            "From a Thu Foo 29 22:33:52 2001",
            "From \"a Thu Nov 29 22:33:52 2001",
            "from a Thu Nov 29 22:33:52 2001",
            "From: a Thu Nov 29 22:33:52 2001 x",
        ] {
            assert_eq!(clock(line), None, "{line}");
        }
    }

    #[test]
    fn patches_are_not_mail() {
        let patch = format!("From {} Mon Sep 17 00:00:00 2001\nFrom: A <a@b>\n", "0a".repeat(20));
        assert!(!begins_mbox(patch.as_bytes()) && FromLine::parse(patch.as_bytes()).is_some());
        assert!(begins_mbox(b"From a@b Mon Sep 17 00:00:00 2001\nFrom: A <a@b>\n"));
        assert!(!begins_mbox(b"From a@b xyz Sep 17 00:00:00 2001\n") && !begins_mbox(b"") && !begins_mbox(b"From "));
    }
}
