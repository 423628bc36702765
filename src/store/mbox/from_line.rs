//! The line that begins a message in an mbox, `From <sender>  Thu Nov  9 22:33:52 2001`: its date, and what is none.
//!
//! Writers differ: some add a zone, put its name before the year, or leave the seconds out. What counts as a border
//! between messages is what Dovecot 2.3 takes for one (`lib-mail/mbox-from.c`), so that messages are counted as it
//! counts them. A date without zone is in the server's local time: Dovecot writes and reads it so.

const MONTHS: [&[u8; 3]; 12] =
    [b"jan", b"feb", b"mar", b"apr", b"may", b"jun", b"jul", b"aug", b"sep", b"oct", b"nov", b"dec"];

const WEEKDAYS: [&[u8; 3]; 7] = [b"Mon", b"Tue", b"Wed", b"Thu", b"Fri", b"Sat", b"Sun"];

/// What every border begins with.
pub(crate) const PREFIX: &[u8] = b"From ";

/// The time that `git format-patch` writes into every file, so that programs know it by that.
const GIT_DATE: &[u8] = b"Mon Sep 17 00:00:00 2001";

/// The date of a message's first line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FromLine {
    /// The clock's reading, in seconds since 1970 as if the clock showed UTC.
    pub clock: i64,
    /// The clock's distance from UTC in seconds; without it the clock is the server's.
    pub offset: Option<i64>,
}

impl FromLine {
    /// Reads a line, which begins with [`PREFIX`]; `None` if it begins no message.
    pub(crate) fn parse(line: &[u8]) -> Option<FromLine> {
        let mut rest = Cursor(after_sender(line.strip_prefix(PREFIX)?)?);
        rest.weekday()?;
        let date = if rest.is_month() { asctime(&mut rest)? } else { rfc(&mut rest)? };
        match zone(rest.0) {
            // With a zone, Dovecot asks for a time that the calendar has; without one, C's mktime carries over.
            Some(offset) => date.is_real().then(|| FromLine { clock: date.clock(59), offset: Some(offset) }),
            None => Some(FromLine { clock: date.clock(99), offset: None }),
        }
    }

    /// When the message arrived, in unix seconds; `local` turns the reading of the server's clock into that.
    pub(crate) fn arrival(&self, local: impl Fn(i64) -> i64) -> i64 {
        match self.offset {
            Some(offset) => self.clock.saturating_sub(offset),
            None => local(self.clock),
        }
    }
}

/// Whether a file that begins with these bytes is an mbox: stricter than the border between messages, because a file
/// that is none must not be taken for mail. Patches from Git look alike, and are none.
pub(crate) fn begins_mbox(head: &[u8]) -> bool {
    let line = head.split(|&byte| byte == b'\n').next().unwrap_or(head);
    let has_weekday =
        line.windows(4).any(|four| four.first() == Some(&b' ') && WEEKDAYS.iter().any(|day| four.ends_with(*day)));
    let is_patch = line.windows(GIT_DATE.len()).any(|window| window == GIT_DATE) && is_commit(line);
    has_weekday && !is_patch && FromLine::parse(line).is_some()
}

/// Whether the sender is a commit's name: 40 hexadecimal digits, or 64.
fn is_commit(line: &[u8]) -> bool {
    let sender = line.get(PREFIX.len()..).and_then(|rest| rest.split(|&byte| byte == b' ').next()).unwrap_or(b"");
    matches!(sender.len(), 40 | 64) && sender.iter().all(u8::is_ascii_hexdigit)
}

/// What follows the sender and its blanks. A sender may begin with a part in quotes, which may hold blanks.
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
    // Not one blank: the line's end comes first.
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
    /// Seconds since 1970 as if UTC; at most so many in the last minute.
    fn clock(&self, seconds: i64) -> i64 {
        let (hours, minutes, second) = self.time;
        days(self.year, self.month, self.day.max(1)) * 86_400 + hours * 3_600 + minutes * 60 + second.min(seconds)
    }

    /// Whether a calendar has that time; a leap second, which is read as the one before, is one.
    fn is_real(&self) -> bool {
        let (hours, minutes, second) = self.time;
        self.day <= days_in_month(self.year, self.month) && hours < 24 && minutes < 60 && second <= 60
    }
}

/// `Nov  9 22:33[:52] [zone] 2001`.
fn asctime(rest: &mut Cursor) -> Option<Date> {
    let month = rest.month()?;
    rest.skip(b' ');
    let day = match rest.0.get(1) {
        Some(b' ') => rest.digits(1)?,
        _ => rest.digits(2)?,
    };
    rest.expect(b' ')?;
    let time = rest.time()?;
    rest.expect(b' ')?;
    if !rest.0.get(..4).is_some_and(|four| four.iter().all(u8::is_ascii_digit)) {
        // A zone before the year, which Dovecot passes over.
        let blank = rest.0.iter().position(|&byte| byte == b' ')?;
        rest.0 = rest.0.get(blank + 1..)?;
    }
    Some(Date { year: rest.digits(4)?, month, day, time })
}

/// ` 9 Nov 2001 22:33[:52]`, after `Thu,`.
fn rfc(rest: &mut Cursor) -> Option<Date> {
    rest.any()?;
    let mut day = rest.digits(1)?;
    if let Some(second) = rest.digits(1) {
        day = day * 10 + second;
    }
    rest.expect(b' ')?;
    let month = rest.month()?;
    let year = rest.digits(4)?;
    rest.any()?;
    Some(Date { year, month, day, time: rest.time()? })
}

/// ` +0100`. Dovecot adds the zone's minutes as if they were seconds; its answer is what counts here.
fn zone(rest: &[u8]) -> Option<i64> {
    let mut rest = Cursor(rest.strip_prefix(b" ")?);
    let sign = match rest.any()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    Some(sign * (rest.digits(2)? * 3_600 + rest.digits(2)?))
}

/// Bytes that are read from the front.
struct Cursor<'a>(&'a [u8]);

impl Cursor<'_> {
    fn any(&mut self) -> Option<u8> {
        let (&first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(first)
    }

    fn skip(&mut self, byte: u8) -> bool {
        let is_there = self.0.first() == Some(&byte);
        if is_there {
            self.any();
        }
        is_there
    }

    fn expect(&mut self, byte: u8) -> Option<()> {
        self.skip(byte).then_some(())
    }

    /// A number of exactly so many digits; nothing is taken if it is none.
    fn digits(&mut self, count: usize) -> Option<i64> {
        let digits = self.0.get(..count)?;
        let number = digits.iter().try_fold(0, |n, &d| d.is_ascii_digit().then(|| n * 10 + i64::from(d - b'0')))?;
        self.0 = self.0.get(count..)?;
        Some(number)
    }

    /// Four bytes that nobody looks at.
    fn weekday(&mut self) -> Option<()> {
        self.0 = self.0.get(4..)?;
        Some(())
    }

    fn is_month(&self) -> bool {
        Cursor(self.0).month().is_some()
    }

    /// A month and the blank after it, from 1 to 12.
    fn month(&mut self) -> Option<i64> {
        let name: [u8; 3] = self.0.get(..3)?.try_into().ok()?;
        let number = match &name {
            b"???" => 1,
            name => MONTHS.iter().position(|month| month.eq_ignore_ascii_case(name))? as i64 + 1,
        };
        (self.0.get(3) == Some(&b' ')).then_some(())?;
        self.0 = self.0.get(4..)?;
        Some(number)
    }

    /// `22:33[:52]`.
    fn time(&mut self) -> Option<(i64, i64, i64)> {
        let hours = self.digits(2)?;
        self.expect(b':')?;
        let minutes = self.digits(2)?;
        let seconds = if self.skip(b':') { self.digits(2)? } else { 0 };
        Some((hours, minutes, seconds))
    }
}

/// Days since 1970 of a day in the Gregorian calendar; a day past the month's end goes over into the next. After
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
