//! Jumps, such as an import or a new department: a compound Poisson process (Cramér 1930) whose sizes scale with the level.

use crate::forecast::{constants::JumpConstants, normal, weekly_history::WeeklyHistory};

/// The jumps of one series.
#[derive(Clone, Copy, Debug)]
pub(super) struct JumpLaw<'a> {
    constants: &'a JumpConstants,
    level: f64,
    pace: f64,
    /// Expected jumps a year.
    rate: f64,
}

impl<'a> JumpLaw<'a> {
    /// `pace` is the growth a day without jumps. Past rises make jumps more likely.
    pub(super) fn fit(past: &WeeklyHistory, pace: f64, constants: &'a JumpConstants) -> JumpLaw<'a> {
        let seen = past.rises().len() as f64;
        let rate = (constants.rate + constants.rate_of_seen * seen) / (1.0 + constants.calm * past.weeks() / 52.0);
        JumpLaw { constants, level: past.level, pace, rate }
    }

    /// The same, more or less often by a factor.
    pub(super) fn times(self, factor: f64) -> JumpLaw<'a> {
        JumpLaw { rate: factor * self.rate, ..self }
    }

    /// The probability that a jump within `days` completes a gain beside the growth.
    pub(super) fn reaches(&self, gain: f64, days: f64) -> f64 {
        let left = (gain - self.pace * days / 2.0).max(1e-6 * self.level);
        let is_large = normal::cdf((self.constants.size * self.level / left).ln() / self.constants.size_spread);
        (1.0 - (-self.rate * days / 365.0).exp()) * is_large
    }
}
