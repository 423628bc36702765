//! Forecasts from the ages of the stored mail: a range from one scan, survival rates from two on.
//!
//! A scan shows only the product `N(a) = arrivals(now - a) * survival(a)`, so more arrivals and deletions of old mail look
//! the same (stable population: Lotka 1939). The sum of the survivors by day of arrival is therefore not a history of the
//! level: in a full and steady store it still rises at the rate of all arrivals. [`FirstScan`] gives a range instead of a
//! line; [`Survival`] and [`Projection`] take over at the second scan.

mod age_law;
mod first_scan;
mod law;
mod projection;
mod survival;
mod weight;

pub(crate) use age_law::AgeLaw;
pub(crate) use first_scan::FirstScan;
pub(crate) use projection::Projection;
pub(crate) use survival::Survival;

/// Ages that tests are made of.
#[cfg(test)]
mod examples {
    use jiff::ToSpan;
    use jiff::civil::{Date, date};

    use crate::model::{dates::day_number, series::ages::Ages};

    /// The weeks of a store that has kept everything for the given number of weeks, with arrivals that vary a little.
    pub(super) fn steady(weeks: usize, a_week: f64) -> Vec<f64> {
        (0..weeks).map(|j| a_week * (1.0 + 0.2 * ((j * 7) % 5) as f64 - 0.4)).collect()
    }

    /// A scan of a store with these weeks.
    pub(super) fn scan(weeks: &[f64]) -> Ages {
        scan_on(date(2026, 11, 22), weeks)
    }

    /// The scan a week later: a new week has arrived, and the given share of each older one is left.
    pub(super) fn a_week_on(ages: &Ages, born: f64, left: impl Fn(usize) -> f64) -> Ages {
        let old = ages.weeks().into_iter().enumerate().map(|(age, amount)| amount * left(age));
        let mut weeks: Vec<f64> = std::iter::once(born).chain(old).collect();
        while weeks.last() == Some(&0.0) {
            weeks.pop();
        }
        scan_on(ages.scanned_on.saturating_add(1.week()), &weeks)
    }

    fn scan_on(day: Date, weeks: &[f64]) -> Ages {
        let middle = |age: i32| day_number(day) - 7 * age - 3;
        Ages::from_rows(day, (0..).zip(weeks).map(|(age, &amount)| (middle(age), amount)))
    }
}
