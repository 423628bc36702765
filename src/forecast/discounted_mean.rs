//! Discounted means of the changes of a series: recent ones have more weight.
//!
//! A half-life lets the mean follow a change without detecting it (Brown 1963). The price is a smaller effective sample
//! (Kish 1965), which widens the ranges derived from it, as it should.

use crate::forecast::grid::WEEK;

/// A discounted mean of changes, in units of the resource.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct DiscountedMean {
    /// The mean of a change.
    pub mean: f64,
    /// The standard deviation of a change.
    pub spread: f64,
    /// The equivalent number of changes with equal weights.
    pub weeks: f64,
}

impl DiscountedMean {
    /// `changes` are the oldest first, `half_life` is a number of them.
    pub(super) fn from_changes(changes: &[f64], half_life: f64) -> DiscountedMean {
        let n = changes.len();
        // Relative to the last change, so that equal changes have no rounding errors.
        let Some(&last) = changes.last() else { return DiscountedMean::default() };
        let fading = 0.5_f64.powf(1.0 / half_life);
        let (mut weight, mut total, mut squares, mut sum) = (1.0, 0.0, 0.0, 0.0);
        for value in changes.iter().rev() {
            total += weight;
            squares += weight * weight;
            sum += weight * (value - last);
            weight *= fading;
        }
        let (mean, weeks) = (last + sum / total, total * total / squares);
        let (mut weight, mut scatter) = (1.0, 0.0);
        for value in changes.iter().rev() {
            scatter += weight * (value - mean).powi(2);
            weight *= fading;
        }
        let variance = if n > 1 { scatter / total / (1.0 - 1.0 / weeks).max(1e-9) } else { 0.0 };
        DiscountedMean { mean, spread: variance.sqrt(), weeks }
    }

    /// The variance of a week as far as it makes the mean uncertain: correlated weeks say less (Bartlett 1946).
    pub(super) fn scatter(self, correlation: f64) -> f64 {
        self.spread.powi(2) * (1.0 + correlation) / (1.0 - correlation)
    }

    /// The mean a day, with the standard deviation of a week and its number of weeks, where each change took `step` days.
    pub(super) fn a_day(self, step: f64) -> DiscountedMean {
        let weeks = step / WEEK;
        DiscountedMean { mean: self.mean / step, spread: self.spread / step * weeks.sqrt(), weeks: self.weeks * weeks }
    }
}

/// Upper bound of the correlation.
const MOST_CORRELATION: f64 = 0.8;

/// The correlation of consecutive changes about a mean, from 0 to the bound; 0 without variance.
pub(super) fn correlation(changes: &[f64], mean: f64) -> f64 {
    let variance: f64 = changes.iter().map(|x| (x - mean).powi(2)).sum();
    let covariance: f64 = changes.windows(2).map(|x| (x[0] - mean) * (x[1] - mean)).sum();
    if variance > 0.0 { (covariance / variance).clamp(0.0, MOST_CORRELATION) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_weeks_match_a_hand_calculation() {
        let mean = DiscountedMean::from_changes(&[0.0, 1.0], 8.0);
        let older = 0.5_f64.powf(1.0 / 8.0);
        assert!((mean.mean - 1.0 / (1.0 + older)).abs() < 1e-12);
        // With two points the unbiased weighted variance is half the squared distance, whatever the weights.
        assert!((mean.spread.powi(2) - 0.5).abs() < 1e-9);
    }

    #[test]
    fn without_discount_the_mean_is_plain() {
        let mean = DiscountedMean::from_changes(&[1.0, 2.0, 6.0], f64::INFINITY);
        assert_eq!((mean.mean, mean.weeks), (3.0, 3.0));
        assert!((mean.spread.powi(2) - 7.0).abs() < 1e-12);
    }

    #[test]
    fn recent_weeks_count_more() {
        let mut weeks = vec![1.0; 16];
        weeks.extend(vec![3.0; 8]);
        // The last half-life has half the weight of an endless history, and a little more of a finite one.
        let mean = DiscountedMean::from_changes(&weeks, 8.0).mean;
        assert!(mean > 2.0 && mean < 2.3, "{mean}");
    }

    #[test]
    fn a_constant_series_has_no_spread_and_no_correlation() {
        let weeks = [5.0; 10];
        let mean = DiscountedMean::from_changes(&weeks, 8.0);
        assert_eq!((mean.mean, mean.spread, correlation(&weeks, mean.mean)), (5.0, 0.0, 0.0));
        assert_eq!(DiscountedMean::from_changes(&[], 8.0), DiscountedMean::default());
    }

    #[test]
    fn correlation_matches_a_hand_calculation() {
        // Round 0: the products are 2, 2 and -1; the squares 1, 4, 1 and 1.
        assert!((correlation(&[1.0, 2.0, 1.0, -1.0], 0.0) - 3.0 / 7.0).abs() < 1e-12);
        assert_eq!(correlation(&[1.0, -1.0, 1.0], 0.0), 0.0, "alternating changes are not a drift");
    }
}
