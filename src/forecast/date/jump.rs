//! Jumps: what an import or a new department brings at once, as a compound Poisson process (Cramér 1930) of steps whose
//! sizes go by the size of the store.

use crate::forecast::constants::JumpConstants;
use crate::forecast::normal;
use crate::forecast::weekly_history::WeeklyHistory;

/// The jumps of one series.
#[derive(Clone, Copy, Debug)]
pub(super) struct JumpLaw<'a> {
    constants: &'a JumpConstants,
    level: f64,
    pace: f64,
    /// How many are to be expected a year.
    rate: f64,
}

impl<'a> JumpLaw<'a> {
    /// The jumps of a series that grows by so much a day otherwise, or shrinks: the more rises it had, the more are to
    /// come.
    pub(super) fn fit(past: &WeeklyHistory, pace: f64, constants: &'a JumpConstants) -> JumpLaw<'a> {
        let seen = past.rises().len() as f64;
        let rate = (constants.rate + constants.rate_of_seen * seen) / (1.0 + constants.calm * past.weeks() / 52.0);
        JumpLaw { constants, level: past.level, pace, rate }
    }

    /// The same, so many times as often.
    pub(super) fn times(self, factor: f64) -> JumpLaw<'a> {
        JumpLaw { rate: factor * self.rate, ..self }
    }

    /// The probability that a jump brings what growth leaves over of so much within so many days.
    pub(super) fn reaches(&self, gain: f64, days: f64) -> f64 {
        let left = (gain - self.pace * days / 2.0).max(1e-6 * self.level);
        let is_large = normal::cdf((self.constants.size * self.level / left).ln() / self.constants.size_spread);
        (1.0 - (-self.rate * days / 365.0).exp()) * is_large
    }
}
