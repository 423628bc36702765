//! The stored mail by age, now and a year ago.

use jiff::civil::Date;

use super::timeline::{MailSum, StoreTimeline, TimelineScan};
use crate::model::snapshot::cohort::week_of;

/// Lower bounds of the age classes in weeks.
const FROM_WEEKS: [u32; 10] = [0, 1, 4, 13, 26, 52, 104, 156, 260, 520];
/// Days.
const YEAR: i32 = 365;
/// Days by which the scan of a year ago may be off.
const TOLERANCE: i32 = 28;

/// The stored mail by age.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgePyramid {
    /// The day of the last scan, in UTC.
    pub now: Date,
    /// The day of the scan a year before, in UTC, give or take four weeks.
    pub before: Option<Date>,
    /// All classes, the youngest first; some may be empty.
    pub classes: Vec<AgeClass>,
}

/// The mail of an age class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AgeClass {
    /// Lower bound in weeks, inclusive; mail dated after the scan is in the youngest class.
    pub from_weeks: u32,
    /// Upper bound in weeks, exclusive.
    pub under_weeks: Option<u32>,
    /// At the last scan.
    pub now: MailSum,
    /// A year before.
    pub before: Option<MailSum>,
}

/// The ages of a store's mail at its last scan and a year before; `None` without a scan.
pub fn pyramid(timeline: &StoreTimeline) -> Option<AgePyramid> {
    let now = timeline.scans.last()?;
    let from_year = |scan: &&TimelineScan| ((now.day() - scan.day()).get_days() - YEAR).abs();
    let before = timeline.scans.iter().filter(|scan| from_year(scan) <= TOLERANCE).min_by_key(from_year);
    let (sums, sums_before) = (by_age(now), before.map(by_age));
    let class = |index: usize| AgeClass {
        from_weeks: FROM_WEEKS[index],
        under_weeks: FROM_WEEKS.get(index + 1).copied(),
        now: sums[index],
        before: sums_before.map(|sums| sums[index]),
    };
    let classes = (0..FROM_WEEKS.len()).map(class).collect();
    Some(AgePyramid { now: now.day(), before: before.map(TimelineScan::day), classes })
}

fn by_age(scan: &TimelineScan) -> [MailSum; FROM_WEEKS.len()] {
    let mut sums = [MailSum::default(); FROM_WEEKS.len()];
    let this_week = week_of(scan.day());
    for (&week, &mail) in &scan.weeks {
        let age = u32::try_from(this_week.saturating_sub(week)).unwrap_or(0);
        // The first class starts at age 0.
        sums[FROM_WEEKS.partition_point(|&from| from <= age) - 1] += mail;
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::ToSpan;
    use jiff::civil::date;

    const NOW: Date = date(2026, 11, 23);

    /// A scan `days_before` the last, with bytes of mail by age in weeks.
    fn scan(days_before: i32, ages: &[(i32, u64)]) -> TimelineScan {
        let day = NOW.saturating_sub(days_before.days());
        let week = |&(age, bytes): &(i32, u64)| (week_of(day) - age, MailSum { messages: bytes / 10, bytes });
        TimelineScan {
            taken_at: jiff::tz::TimeZone::UTC.to_timestamp(day.at(12, 0, 0, 0)).unwrap(),
            weeks: ages.iter().map(week).collect(),
            by_domain: Vec::new(),
            no_domain: 0,
        }
    }

    fn pyramid(scans: Vec<TimelineScan>) -> AgePyramid {
        super::pyramid(&StoreTimeline { scans, ..StoreTimeline::default() }).unwrap()
    }

    #[test]
    fn mail_is_counted_in_its_age_class() {
        let actual =
            pyramid(vec![scan(0, &[(0, 10), (-5, 20), (3, 40), (4, 80), (519, 160), (520, 320), (9_999, 640)])]);
        let bytes: Vec<(u32, u64)> = actual.classes.iter().map(|class| (class.from_weeks, class.now.bytes)).collect();
        let expected =
            [(0, 30), (1, 40), (4, 80), (13, 0), (26, 0), (52, 0), (104, 0), (156, 0), (260, 160), (520, 960)];
        assert_eq!(bytes, expected);
        assert_eq!((actual.classes[0].now.messages, actual.classes[9].under_weeks, actual.before), (3, None, None));
    }

    #[test]
    fn the_scan_a_year_ago_is_the_nearest_within_four_weeks() {
        let at = |days: i32| scan(days, &[(0, u64::from(days.unsigned_abs()))]);
        let actual = pyramid(vec![at(400), at(380), at(360), at(335), at(0)]);
        assert_eq!(
            (actual.before, actual.classes[0].before.unwrap().bytes),
            (Some(NOW.saturating_sub(360.days())), 360)
        );
        assert_eq!(pyramid(vec![at(394), at(336), at(0)]).before, None, "29 days off, either way");
        assert_eq!(pyramid(vec![at(393), at(336), at(0)]).before, Some(NOW.saturating_sub(393.days())));
        assert_eq!(super::pyramid(&StoreTimeline::default()), None);
    }
}
