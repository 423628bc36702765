//! The day of a time, and dates for readers, the same in every locale.

use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

/// Seconds of a day in UTC.
pub const SECONDS_PER_DAY: f64 = 86_400.0;

/// The months in three letters.
pub const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// The day of a time, in UTC.
pub fn utc_day(time: Timestamp) -> Date {
    time.to_zoned_datetime(TimeZone::UTC).date()
}

const EPOCH: Date = date(1970, 1, 1);

/// More than any calendar has.
pub(crate) const MOST_DAYS: i32 = 4_400_000;

/// A day as a number: days since 1970-01-01.
pub fn day_number(day: Date) -> i32 {
    (day - EPOCH).get_days()
}

/// The day of such a number; the first or last day of the calendar if it is outside.
pub fn date_of(number: i32) -> Date {
    EPOCH.saturating_add(number.clamp(-MOST_DAYS, MOST_DAYS).days())
}

/// The month in three letters.
pub fn month(date: Date) -> &'static str {
    // jiff's months run from 1 to 12.
    MONTHS[date.month() as usize - 1]
}

/// A day: `27 Nov 2026`.
pub fn day(date: Date) -> String {
    format!("{} {} {}", date.day(), month(date), date.year())
}

/// A time to the minute: `27 Nov 2026, 04:15 UTC`.
pub fn minute(time: Timestamp) -> String {
    let time = time.to_zoned_datetime(TimeZone::UTC);
    format!("{}, {:02}:{:02} UTC", day(time.date()), time.hour(), time.minute())
}

/// Two days, with a common month or year only once: `2 Apr to 19 Jul 2027`.
pub fn days(from: Date, to: Date) -> String {
    match (from.year() == to.year(), from.month() == to.month()) {
        _ if from == to => day(from),
        (true, true) => format!("{} to {}", from.day(), day(to)),
        (true, false) => format!("{} {} to {}", from.day(), month(from), day(to)),
        _ => format!("{} to {}", day(from), day(to)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_shown_to_the_minute() {
        let time: Timestamp = "2026-11-27T04:05:59+01:00".parse().unwrap();
        assert_eq!(minute(time), "27 Nov 2026, 03:05 UTC");
    }

    #[test]
    fn days_are_numbered_from_1970_and_stay_in_the_calendar() {
        for (number, day) in [(0, EPOCH), (-1, date(1969, 12, 31)), (20_787, date(2026, 11, 30))] {
            assert_eq!((day_number(day), date_of(number)), (number, day));
        }
        assert_eq!([i32::MIN, i32::MAX].map(date_of), [Date::MIN, Date::MAX]);
    }

    #[test]
    fn ranges_omit_a_repeated_month_or_year() {
        assert_eq!(days(date(2027, 4, 2), date(2027, 7, 19)), "2 Apr to 19 Jul 2027");
        assert_eq!(days(date(2027, 4, 2), date(2027, 4, 9)), "2 to 9 Apr 2027");
        assert_eq!(days(date(2027, 4, 2), date(2027, 4, 2)), "2 Apr 2027");
        assert_eq!(days(date(2026, 12, 30), date(2027, 1, 2)), "30 Dec 2026 to 2 Jan 2027");
    }
}
