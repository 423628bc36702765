//! The seven quantiles that describe every distribution.

use serde::Serialize;

/// One value for each reported quantile; `p50` is the median.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[allow(missing_docs, reason = "the names are the meaning")]
pub struct Quantiles<T> {
    pub p05: T,
    pub p10: T,
    pub p25: T,
    pub p50: T,
    pub p75: T,
    pub p90: T,
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

/// The quantile `p` of values in ascending order, interpolated between neighbours (Hyndman and Fan 1996, type 7).
///
/// # Panics
/// If `sorted` is empty.
pub(crate) fn of_sorted(sorted: &[f64], p: f64) -> f64 {
    let position = p * (sorted.len() - 1) as f64;
    let below = position.floor() as usize;
    let above = (below + 1).min(sorted.len() - 1);
    between(sorted[below], sorted[above], position.fract())
}

/// A value between two neighbours.
fn between(low: f64, high: f64, share: f64) -> f64 {
    // Infinite values mean "beyond the horizon" and cannot be interpolated.
    if low == high || share == 0.0 { low } else { low + (high - low) * share }
}

/// Standard deviation of a normal distribution over its median absolute deviation.
pub(crate) const MAD_TO_SD: f64 = 1.4826;

/// The median of values in any order; `None` without values.
pub(crate) fn median(values: &[f64]) -> Option<f64> {
    if values.is_empty() {
        return None;
    }
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    Some(of_sorted(&sorted, 0.5))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_of_a_small_sample_match_a_hand_calculation() {
        let sorted = [1.0, 2.0, 4.0, 8.0, f64::INFINITY];
        assert_eq!(of_sorted(&sorted, 0.0), 1.0);
        assert_eq!(of_sorted(&sorted, 0.5), 4.0);
        assert_eq!(of_sorted(&sorted, 0.375), 3.0);
        assert_eq!(of_sorted(&sorted, 0.9), f64::INFINITY);
        assert_eq!(median(&[3.0, 1.0, 2.0, 10.0]), Some(2.5));
        assert_eq!(median(&[]), None);
    }
}
