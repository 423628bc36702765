//! The weight of the ages beside the levels, by the errors of both in the store's own past.

use super::{Projection, Survival};
use crate::forecast::discounted_mean::DiscountedMean;
use crate::model::series::ages::Ages;

/// Prior weight, and its own weight in tests. On real archives, following the own record more closely was no better.
const PRIOR: f64 = 0.65;
const PRIOR_TESTS: f64 = 4.0;
/// Neither is ever used alone.
const LEAST: f64 = 0.1;
const MOST: f64 = 0.9;
/// Days ahead of the tests, and tolerance of the later scan.
const AHEAD: f64 = 28.0;
const OFF: f64 = 4.0;
/// The age in weeks at which the weight of a test is halved.
const HALF_LIFE: f64 = 13.0;
/// Scans before the first test.
const LEAST_SCANS: usize = 3;

/// The weight of the ages, from the scans of a store, the oldest first.
pub(super) fn earned(scans: &[Ages]) -> f64 {
    let (mut tests, mut of_ages, mut of_levels) = (0.0, 0.0, 0.0);
    for known in LEAST_SCANS..=scans.len() {
        let (known, later) = scans.split_at(known);
        let now = &known[known.len() - 1];
        let Some(observed) = later.iter().find(|scan| (scan.days_since(now) - AHEAD).abs() <= OFF) else { continue };
        let Some(projection) = Projection::new(&now.weeks(), &Survival::learn(known)) else { continue };
        let days = observed.days_since(now);
        let extrapolated = now.total() + pace(known) * days;
        let error = |predicted: f64| ((predicted - observed.total()) / now.total()).powi(2);
        let age = scans[scans.len() - 1].days_since(now) / 7.0;
        let weight = 0.5_f64.powf(age / HALF_LIFE);
        tests += weight;
        of_ages += weight * error(projection.level(days));
        of_levels += weight * error(extrapolated);
    }
    share(tests, of_ages, of_levels)
}

/// The weight of the ages by the sums of squared errors in some tests.
fn share(tests: f64, of_ages: f64, of_levels: f64) -> f64 {
    let seen = if of_ages + of_levels > 0.0 { of_levels / (of_ages + of_levels) } else { PRIOR };
    ((tests * seen + PRIOR_TESTS * PRIOR) / (tests + PRIOR_TESTS)).clamp(LEAST, MOST)
}

/// The discounted mean growth of the totals a day.
fn pace(scans: &[Ages]) -> f64 {
    let a_day = |pair: &[Ages]| (pair[1].total() - pair[0].total()) / pair[1].days_since(&pair[0]);
    let paces: Vec<f64> = scans.windows(2).map(a_day).collect();
    DiscountedMean::from_changes(&paces, 8.0).mean
}

#[cfg(test)]
mod tests {
    use super::super::examples::{a_week_on, scan};
    use super::*;

    /// Weekly scans of a store, by the arrivals of each week and the weekly survival of each age.
    fn weekly(first: Ages, weeks: usize, came: impl Fn(usize) -> f64, left: impl Fn(usize) -> f64) -> Vec<Ages> {
        let mut scans = vec![first];
        for week in 0..weeks {
            scans.push(a_week_on(&scans[week], came(week), &left));
        }
        scans
    }

    fn even(weeks: usize) -> Ages {
        scan(&vec![7e6; weeks])
    }

    #[test]
    fn without_tests_the_weight_is_the_prior() {
        assert_eq!(earned(&[]), PRIOR);
        assert_eq!(earned(&weekly(even(20), 3, |_| 7e6, |_| 1.0)), PRIOR);
    }

    #[test]
    fn the_smaller_error_gets_the_larger_share() {
        assert_eq!(share(0.0, 0.0, 0.0), PRIOR);
        assert_eq!(share(8.0, 1.0, 3.0), (8.0 * 0.75 + 4.0 * 0.65) / 12.0);
        assert_eq!((share(1e9, 0.0, 1.0), share(1e9, 1.0, 0.0)), (MOST, LEAST));
    }

    #[test]
    fn ages_that_predict_no_better_than_levels_lose_weight() {
        // Purges hit new and old mail alike, so ages predict no better than levels.
        let mut scans = vec![even(60)];
        for week in 0..30 {
            let left = if week % 3 == 0 { 0.9 } else { 1.0 };
            scans.push(a_week_on(&scans[week], 7e6, |_| left));
        }
        assert!(earned(&scans) < 0.75, "{}", earned(&scans));
    }
}
