//! The ages of the stored mail, by day of arrival.

use jiff::civil::Date;

use crate::model::{dates::day_number, sums::add_up};

/// The mail of one scan by day of arrival, in one resource.
#[derive(Clone, Debug, PartialEq)]
pub struct Ages {
    /// The day of the scan, in UTC.
    pub scanned_on: Date,
    /// Amounts by day of arrival, a [`day_number`], in ascending order and in units of the resource.
    arrived: Vec<(i32, f64)>,
}

impl Ages {
    /// `rows` are amounts by day of arrival, in any order; those of one day are summed. Mail dated after the scan counts on the
    /// day of the scan.
    pub fn from_rows(scanned_on: Date, rows: impl IntoIterator<Item = (i32, f64)>) -> Ages {
        let last = day_number(scanned_on);
        let mut arrived: Vec<(i32, f64)> = rows.into_iter().map(|(day, amount)| (day.min(last), amount)).collect();
        add_up(&mut arrived);
        Ages { scanned_on, arrived }
    }

    /// The total, in units of the resource.
    pub fn total(&self) -> f64 {
        self.arrived.iter().map(|(_, amount)| amount).sum()
    }

    /// Days from another scan to this one.
    pub fn days_since(&self, earlier: &Ages) -> f64 {
        f64::from((self.scanned_on - earlier.scanned_on).get_days())
    }

    /// The amounts by age in whole weeks at the scan: first the day of the scan and the six days before.
    pub fn weeks(&self) -> Vec<f64> {
        self.weeks_as_of(self.scanned_on)
    }

    /// The same by the age on a later day.
    pub fn weeks_as_of(&self, day: Date) -> Vec<f64> {
        let (day, mut weeks) = (day_number(day), Vec::new());
        for &(arrived, amount) in &self.arrived {
            let age = usize::try_from((day - arrived) / 7).unwrap_or(0);
            if weeks.len() <= age {
                weeks.resize(age + 1, 0.0);
            }
            weeks[age] += amount;
        }
        weeks
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::ToSpan;
    use jiff::civil::date;

    #[test]
    fn a_week_of_age_is_seven_days_on_every_weekday() {
        for weekday in 0..7 {
            let scanned_on = date(2026, 11, 23).saturating_add(weekday.days());
            let of_age = |days: i32| Ages::from_rows(scanned_on, [(day_number(scanned_on) - days, 1.0)]).weeks();
            for days in -3..=15 {
                assert_eq!(of_age(days).len(), 1 + (days.max(0) / 7) as usize, "{days} days before {scanned_on}");
            }
        }
    }

    #[test]
    fn rows_of_a_day_add_up_and_later_days_count_as_the_day_of_the_scan() {
        let scanned_on = date(1970, 1, 22);
        let ages = Ages::from_rows(scanned_on, [(21, 1.0), (0, 2.0), (14, 3.0), (-1, 4.0), (0, 5.0), (900, 6.0)]);
        assert_eq!((ages.weeks(), ages.total()), (vec![7.0, 3.0, 0.0, 11.0], 21.0));
        assert_eq!(ages.weeks_as_of(date(1970, 1, 28)), [7.0, 3.0, 0.0, 7.0, 4.0], "six days later");
    }
}
