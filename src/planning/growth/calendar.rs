//! Arrivals by calendar week.

use jiff::civil::Date;

use super::timeline::StoreTimeline;
use crate::model::snapshot::cohort::{monday_of, week_of};

/// Older weeks are left out: a single message of 1970 would make a list of thousands.
const MOST_WEEKS: i32 = 20 * 53;

/// Mail that arrived in one week and is still there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CalendarWeek {
    /// The Monday, in UTC.
    pub monday: Date,
    /// Messages.
    pub messages: u64,
    /// Bytes of the messages in their files.
    pub bytes: u64,
}

/// Every week from the first arrival to the week before the last scan, empty weeks included, and the week of the scan
/// if mail arrived in it. Mail with later dates is left out.
pub fn weeks(timeline: &StoreTimeline) -> Vec<CalendarWeek> {
    let Some(scan) = timeline.scans.last() else { return Vec::new() };
    let this = week_of(scan.day());
    let mut recent = scan.weeks.range(this.saturating_sub(MOST_WEEKS)..=this);
    let Some((&first, _)) = recent.next() else { return Vec::new() };
    let last = if scan.weeks.contains_key(&this) { this } else { this - 1 };
    let week = |week| {
        let mail = scan.weeks.get(&week).copied().unwrap_or_default();
        CalendarWeek { monday: monday_of(week), messages: mail.messages, bytes: mail.bytes }
    };
    (first..=last).map(week).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::planning::growth::timeline::{MailSum, TimelineScan};
    use jiff::civil::date;

    #[test]
    fn empty_weeks_are_listed_and_future_weeks_are_not() {
        let day = date(2026, 11, 25);
        let week = |week: i32, bytes| (week_of(day) + week, MailSum { messages: 1, bytes });
        let scan = |weeks: Vec<(i32, MailSum)>| TimelineScan {
            taken_at: jiff::tz::TimeZone::UTC.to_timestamp(day.at(12, 0, 0, 0)).unwrap(),
            weeks: weeks.into_iter().collect(),
            by_domain: Vec::new(),
            no_domain: 0,
        };
        let weeks_of = |weeks| -> Vec<(Date, u64)> {
            let calendar = super::weeks(&StoreTimeline { scans: vec![scan(weeks)], ..StoreTimeline::default() });
            calendar.iter().map(|week| (week.monday, week.bytes)).collect()
        };
        let monday = |month, day| date(2026, month, day);
        let weeks = vec![week(-2_900, 7), week(-3, 10), week(-1, 20), week(1, 30), week(500_000, 40)];
        assert_eq!(weeks_of(weeks), [(monday(11, 2), 10), (monday(11, 9), 0), (monday(11, 16), 20)]);
        assert_eq!(weeks_of(vec![week(-1, 1), week(0, 5)]), [(monday(11, 16), 1), (monday(11, 23), 5)]);
        assert_eq!(super::weeks(&StoreTimeline::default()), []);
    }
}
