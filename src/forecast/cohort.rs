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
    use crate::model::series::ages::Ages;

    /// A store that has kept everything for the given number of weeks, with arrivals that vary a little.
    pub(super) fn steady(weeks: usize, a_week: f64) -> Ages {
        let amounts = (0..weeks).map(|j| a_week * (1.0 + 0.2 * ((j * 7) % 5) as f64 - 0.4)).collect();
        Ages { week: 3_000, newest_days: 7.0, amounts }
    }

    /// The same a week later: a new week has arrived, and the given share of each older one is left.
    pub(super) fn a_week_on(ages: &Ages, born: f64, left: impl Fn(usize) -> f64) -> Ages {
        let old = ages.amounts.iter().enumerate().map(|(age, amount)| amount * left(age));
        let mut amounts: Vec<f64> = std::iter::once(born).chain(old).collect();
        while amounts.last() == Some(&0.0) {
            amounts.pop();
        }
        Ages { week: ages.week + 1, newest_days: ages.newest_days, amounts }
    }
}
