//! Arrivals by calendar week.

use jiff::civil::Date;

use super::timeline::{MailSum, StoreTimeline};
use crate::model::dates::{date_of, day_number};

/// Older weeks are left out: a single message of 1970 would make a list of thousands.
const MOST_WEEKS: i32 = 20 * 53;

/// A Monday, as a [`day_number`].
const FIRST_MONDAY: i32 = 4;

/// Mail that arrived in one week and is still there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CalendarWeek {
    /// The Monday, in UTC.
    pub monday: Date,
    /// The messages.
    pub mail: MailSum,
    /// Whether the week was over at the scan.
    pub is_over: bool,
}

/// Every week from the first arrival to the week before the last scan, empty weeks included, and the unfinished week of the
/// scan if mail arrived in it. Mail dated after the scan is left out.
pub fn weeks(timeline: &StoreTimeline) -> Vec<CalendarWeek> {
    let Some(scan) = timeline.scans.last() else { return Vec::new() };
    let week_of = |day: i32| (day - FIRST_MONDAY).div_euclid(7);
    let today = day_number(scan.day());
    let this = week_of(today);
    let is_recent = |&(day, _): &(i32, MailSum)| day <= today && week_of(day) >= this - MOST_WEEKS;
    let recent: Vec<(i32, MailSum)> = scan.arrived.iter().copied().filter(is_recent).collect();
    let (Some((first, _)), Some((last, _))) = (recent.first(), recent.last()) else { return Vec::new() };
    let (first, last) = (week_of(*first), week_of(*last).max(this - 1));
    let empty = |week: i32| CalendarWeek {
        monday: date_of(FIRST_MONDAY + 7 * week),
        mail: MailSum::default(),
        is_over: week < this,
    };
    let mut weeks: Vec<CalendarWeek> = (first..=last).map(empty).collect();
    for (day, mail) in recent {
        weeks[(week_of(day) - first) as usize].mail += mail;
    }
    weeks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::planning::growth::timeline::TimelineScan;
    use jiff::ToSpan;
    use jiff::civil::date;

    /// The weeks of a store with messages of one byte on some days.
    fn weeks_of(scanned_on: Date, days: &[Date]) -> Vec<(Date, u64, bool)> {
        let scan = TimelineScan {
            taken_at: jiff::tz::TimeZone::UTC.to_timestamp(scanned_on.at(12, 0, 0, 0)).unwrap(),
            arrived: days.iter().map(|day| (day_number(*day), MailSum { messages: 1, bytes: 1 })).collect(),
            by_domain: Vec::new(),
            no_domain: 0,
        };
        let weeks = weeks(&StoreTimeline { scans: vec![scan], ..StoreTimeline::default() });
        weeks.iter().map(|week| (week.monday, week.mail.bytes, week.is_over)).collect()
    }

    #[test]
    fn empty_weeks_are_listed_and_later_days_are_not() {
        let day = |month, day| date(2026, month, day);
        let days = [date(1962, 3, 4), day(11, 8), day(11, 16), day(11, 22), day(11, 26), date(2999, 1, 1)];
        let expected = [(day(11, 2), 1, true), (day(11, 9), 0, true), (day(11, 16), 2, true)];
        assert_eq!(weeks_of(day(11, 25), &days), expected, "a Wednesday");
        assert_eq!(weeks_of(day(11, 26), &days)[3..], [(day(11, 23), 1, false)]);
        assert_eq!(super::weeks(&StoreTimeline::default()), []);
    }

    #[test]
    fn the_week_of_the_scan_is_not_over_on_any_weekday() {
        let monday = date(2026, 11, 23);
        let days: Vec<Date> = (-7..7).map(|day: i32| monday.saturating_add(day.days())).collect();
        for (weekday, scanned_on) in (1..).zip(&days[7..]) {
            let expected = [(date(2026, 11, 16), 7, true), (monday, weekday, false)];
            assert_eq!(weeks_of(*scanned_on, &days), expected, "{scanned_on}");
        }
    }
}
