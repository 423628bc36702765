//! The seven quantiles that describe every distribution.

use schemars::JsonSchema;
use serde::Serialize;

/// One value for each reported quantile; `p50` is the median.
#[derive(Clone, Copy, Debug, Default, PartialEq, JsonSchema, Serialize)]
pub struct Quantiles<T> {
    /// The 5 % quantile.
    pub p05: T,
    /// The 10 % quantile.
    pub p10: T,
    /// The 25 % quantile.
    pub p25: T,
    /// The median.
    pub p50: T,
    /// The 75 % quantile.
    pub p75: T,
    /// The 90 % quantile.
    pub p90: T,
    /// The 95 % quantile.
    pub p95: T,
}

/// The probabilities of the seven quantiles, ascending.
pub(crate) const PROBABILITIES: [f64; 7] = [0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95];

impl<T> Quantiles<T> {
    /// From the seven values, from the lowest probability to the highest.
    pub(crate) fn from_values([p05, p10, p25, p50, p75, p90, p95]: [T; 7]) -> Self {
        Quantiles { p05, p10, p25, p50, p75, p90, p95 }
    }

    /// Builds all seven from a function of the probability, called from the lowest to the highest.
    pub fn from_fn(quantile: impl FnMut(f64) -> T) -> Self {
        Quantiles::from_values(PROBABILITIES.map(quantile))
    }

    /// The seven values, from the lowest probability to the highest.
    pub fn values(self) -> [T; 7] {
        [self.p05, self.p10, self.p25, self.p50, self.p75, self.p90, self.p95]
    }

    /// The same quantiles of a monotone function of the value.
    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Quantiles<U> {
        Quantiles::from_values(self.values().map(f))
    }
}

/// Standard deviation of a normal distribution over its median absolute deviation.
pub(crate) const MAD_TO_SD: f64 = 1.4826;

/// The median of values in any order; `None` without values.
pub(crate) fn median(values: &[f64]) -> Option<f64> {
    let mut values = values.to_vec();
    let middle = values.len().checked_sub(1)? / 2;
    let is_even = values.len().is_multiple_of(2);
    let (_, &mut low, above) = values.select_nth_unstable_by(middle, f64::total_cmp);
    let high = above.iter().copied().min_by(f64::total_cmp).filter(|_| is_even);
    // Infinite values have no mean.
    Some(high.filter(|&high| high != low).map_or(low, |high| low + (high - low) * 0.5))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians_match_a_hand_calculation() {
        assert_eq!(median(&[3.0, 1.0, 2.0, 10.0]), Some(2.5));
        assert_eq!(median(&[f64::INFINITY, 8.0, 1.0, 4.0, 2.0]), Some(4.0));
        assert_eq!(median(&[f64::INFINITY, f64::INFINITY]), Some(f64::INFINITY));
        assert_eq!(median(&[7.0]), Some(7.0));
        assert_eq!(median(&[]), None);
    }
}
