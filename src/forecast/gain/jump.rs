//! Jumps, such as an import or a new department: a compound Poisson process (Cramér 1930) whose sizes scale with the level.

use crate::forecast::{YEAR, constants::JumpConstants, normal, past::Past};

/// The jumps of one series.
#[derive(Clone, Copy, Debug)]
pub(super) struct Jumps {
    /// Median size, in units of the resource, and the standard deviation of its logarithm.
    size: f64,
    size_spread: f64,
    /// The least gain that counts, so that the logarithm exists.
    least: f64,
    /// Expected jumps a year.
    rate: f64,
}

impl Jumps {
    /// Past rises make jumps more likely, a long history less.
    pub(super) fn fit(past: &Past, c: &JumpConstants) -> Jumps {
        let rate = (c.rate + c.rate_of_seen * past.rises() as f64) / (1.0 + c.calm * past.weeks() / 52.0);
        Jumps { size: c.size * past.level, size_spread: c.size_spread, least: 1e-6 * past.level, rate }
    }

    /// The probability that a jump within `days` completes a gain beside growth at `pace` a day.
    pub(super) fn reaches(&self, gain: f64, pace: f64, days: f64) -> f64 {
        let left = (gain - pace * days / 2.0).max(self.least);
        let is_large = normal::cdf((self.size / left).ln() / self.size_spread);
        (1.0 - (-self.rate * days / YEAR).exp()) * is_large
    }
}
