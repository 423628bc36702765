//! Falls: a purge or a new rule takes a store down to a share of itself, but seldom below what came within the last year.

use crate::forecast::YEAR;
use crate::forecast::constants::FallConstants;
use crate::forecast::weekly_history::WeeklyHistory;

/// The law of one series.
#[derive(Clone, Copy, Debug)]
pub(super) struct FallLaw<'a> {
    constants: &'a FallConstants,
    level: f64,
    /// How many falls are to be expected a year.
    pub rate: f64,
    /// The share of the level below which it does not fall.
    least: f64,
}

impl<'a> FallLaw<'a> {
    /// The law of a series: the more old mail there is, the more is there to be taken out.
    pub(super) fn fit(past: &WeeklyHistory, constants: &'a FallConstants) -> FallLaw<'a> {
        let c = constants;
        let of_a_year = (YEAR * past.year.mean / past.level).clamp(0.0, 1.0);
        let rate = c.rate + c.rate_of_old * (1.0 - of_a_year) + c.rate_of_seen * past.falls().len() as f64;
        FallLaw { constants, level: past.level, rate, least: c.kept_of_a_year * of_a_year }
    }

    /// The probability that at most so much more is in use after a fall.
    pub(super) fn at_most(&self, gain: f64) -> f64 {
        let share = (1.0 + gain / self.level - self.least) / (1.0 - self.least);
        share.clamp(0.0, 1.0).powf(self.constants.power)
    }
}
