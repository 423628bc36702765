//! The ages of the stored mail, by week of arrival.

use jiff::ToSpan;
use jiff::civil::{Date, date};

/// Weeks count from it.
pub(crate) const FIRST_MONDAY: Date = date(1969, 12, 29);

/// The mail of one scan by age, in one resource.
#[derive(Clone, Debug, PartialEq)]
pub struct Ages {
    /// The week of the scan, counted from that of 1969-12-29.
    pub week: i32,
    /// The days of that week up to the scan, from 1 to 7.
    pub newest_days: f64,
    /// The amounts by age in whole weeks, the week of the scan first, in units of the resource.
    pub amounts: Vec<f64>,
}

impl Ages {
    /// `rows` are amounts by week of arrival, in any order; those of one week are summed. Mail dated after the scan counts in
    /// the week of the scan.
    pub fn from_rows(week: i32, newest_days: u8, rows: impl IntoIterator<Item = (i32, f64)>) -> Ages {
        let mut amounts: Vec<f64> = Vec::new();
        for (arrived, amount) in rows {
            let age = usize::try_from(week.saturating_sub(arrived)).unwrap_or(0);
            if amounts.len() <= age {
                amounts.resize(age + 1, 0.0);
            }
            amounts[age] += amount;
        }
        Ages { week, newest_days: f64::from(newest_days.clamp(1, 7)), amounts }
    }

    /// The day of the scan, in UTC.
    pub fn scanned_on(&self) -> Date {
        FIRST_MONDAY.saturating_add((self.day() as i64 - 1).days())
    }

    /// The total, in units of the resource.
    pub fn total(&self) -> f64 {
        self.amounts.iter().sum()
    }

    /// The day of the scan, counted like the weeks.
    pub fn day(&self) -> f64 {
        7.0 * f64::from(self.week) + self.newest_days
    }

    /// Days of the week of an age up to the scan.
    pub fn open_days(&self, age: usize) -> f64 {
        if age == 0 { self.newest_days } else { 7.0 }
    }

    /// The age of the middle of that week, in days.
    pub fn middle(&self, age: usize) -> f64 {
        if age == 0 { self.newest_days / 2.0 } else { self.newest_days + 7.0 * age as f64 - 3.5 }
    }

    /// The amount of an age; zero beyond the oldest.
    pub fn amount(&self, age: usize) -> f64 {
        self.amounts.get(age).copied().unwrap_or(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_a_week_add_up_and_future_weeks_count_as_the_newest() {
        let ages = Ages::from_rows(100, 3, [(100, 1.0), (98, 2.0), (98, 3.0), (105, 4.0)]);
        assert_eq!((ages.amounts.as_slice(), ages.total()), (&[5.0, 0.0, 5.0][..], 10.0));
        assert_eq!(ages.scanned_on(), date(1971, 12, 1), "a Wednesday");
        assert_eq!([0, 1, 2].map(|age| ages.middle(age)), [1.5, 6.5, 13.5]);
    }
}
