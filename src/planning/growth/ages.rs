//! The stored mail by age, now and a year ago.

use jiff::ToSpan;
use jiff::civil::Date;

use super::timeline::{MailSum, StoreTimeline, TimelineScan};
use crate::model::dates::day_number;

/// Lower bounds of the age classes after the first, which starts at the scan.
const FROM: [Age; 9] = [
    Age::Weeks(1),
    Age::Weeks(4),
    Age::Months(3),
    Age::Months(6),
    Age::Years(1),
    Age::Years(2),
    Age::Years(3),
    Age::Years(5),
    Age::Years(10),
];
const CLASSES: usize = FROM.len() + 1;
/// Days.
const YEAR: i32 = 365;
/// Days by which the scan of a year ago may be off.
const TOLERANCE: i32 = 28;

/// An age as a number of calendar units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Age {
    /// Weeks of seven days.
    Weeks(u8),
    /// Months to the same day of the month, or its last.
    Months(u8),
    /// Years to the same day of the year.
    Years(u8),
}

impl Age {
    /// The last day of arrival of mail that has reached the age on a day.
    fn last_day(self, now: Date) -> Date {
        now.saturating_sub(match self {
            Age::Weeks(number) => i64::from(number).weeks(),
            Age::Months(number) => i64::from(number).months(),
            Age::Years(number) => i64::from(number).years(),
        })
    }
}

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
    /// Lower bound, inclusive, from the day of arrival to that of the scan; `None` in the youngest class, which has the mail
    /// dated after the scan too.
    pub from: Option<Age>,
    /// Upper bound, exclusive.
    pub under: Option<Age>,
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
        from: index.checked_sub(1).map(|before| FROM[before]),
        under: FROM.get(index).copied(),
        now: sums[index],
        before: sums_before.map(|sums| sums[index]),
    };
    let classes = (0..CLASSES).map(class).collect();
    Some(AgePyramid { now: now.day(), before: before.map(TimelineScan::day), classes })
}

fn by_age(scan: &TimelineScan) -> [MailSum; CLASSES] {
    let mut sums = [MailSum::default(); CLASSES];
    let last_days = FROM.map(|age| day_number(age.last_day(scan.day())));
    for &(arrived, mail) in &scan.arrived {
        sums[last_days.partition_point(|&last| arrived <= last)] += mail;
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const NOW: Date = date(2026, 11, 23);

    /// A scan on a day, with bytes of mail by age in days.
    fn scan_on(day: Date, ages: &[(i32, u64)]) -> TimelineScan {
        let row = |&(age, bytes): &(i32, u64)| (day_number(day) - age, MailSum { messages: bytes / 10, bytes });
        TimelineScan {
            taken_at: jiff::tz::TimeZone::UTC.to_timestamp(day.at(12, 0, 0, 0)).unwrap(),
            arrived: ages.iter().map(row).collect(),
            by_domain: Vec::new(),
            no_domain: 0,
        }
    }

    fn pyramid(scans: Vec<TimelineScan>) -> AgePyramid {
        super::pyramid(&StoreTimeline { scans, ..StoreTimeline::default() }).unwrap()
    }

    #[test]
    fn mail_is_counted_in_its_age_class() {
        let ages = [(0, 10), (-5, 20), (27, 40), (28, 80), (364, 160), (365, 320), (3_651, 640), (3_652, 1_280)];
        let actual = pyramid(vec![scan_on(NOW, &ages)]);
        let bytes: Vec<u64> = actual.classes.iter().map(|class| class.now.bytes).collect();
        assert_eq!(bytes, [30, 40, 80, 0, 160, 320, 0, 0, 640, 1_280]);
        let bounds = [0, 4, 9].map(|index| (actual.classes[index].from, actual.classes[index].under));
        let expected =
            [(None, Some(Age::Weeks(1))), (Some(Age::Months(6)), Some(Age::Years(1))), (Some(Age::Years(10)), None)];
        assert_eq!((actual.classes[0].now.messages, actual.before, bounds), (3, None, expected));
    }

    #[test]
    fn a_week_of_age_is_seven_days_on_every_weekday() {
        for day in (0..7).map(|weekday: i32| NOW.saturating_add(weekday.days())) {
            for age in 0..=15 {
                let classes = pyramid(vec![scan_on(day, &[(age, 10)])]).classes;
                let class = classes.iter().position(|class| class.now.bytes > 0);
                assert_eq!(class, Some(usize::from(age >= 7)), "{age} days before {day}");
            }
        }
    }

    #[test]
    fn the_scan_a_year_ago_is_the_nearest_within_four_weeks() {
        let at = |days: i32| scan_on(NOW.saturating_sub(days.days()), &[(0, u64::from(days.unsigned_abs()))]);
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
