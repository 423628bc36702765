//! Falls: a purge or a new rule reduces a store to a share, but rarely below the mail of the last year.

use crate::forecast::{YEAR, constants::FallConstants, weekly_history::WeeklyHistory};

/// The falls of one series.
#[derive(Clone, Copy, Debug)]
pub(super) struct FallLaw<'a> {
    constants: &'a FallConstants,
    level: f64,
    /// Expected falls a year.
    pub rate: f64,
    /// The lowest share of the level after a fall.
    least: f64,
}

impl<'a> FallLaw<'a> {
    /// Old mail makes falls more likely.
    pub(super) fn fit(past: &WeeklyHistory, constants: &'a FallConstants) -> FallLaw<'a> {
        let c = constants;
        let of_a_year = (YEAR * past.year.mean / past.level).clamp(0.0, 1.0);
        let rate = c.rate + c.rate_of_old * (1.0 - of_a_year) + c.rate_of_seen * past.falls().len() as f64;
        FallLaw { constants, level: past.level, rate, least: c.kept_of_a_year * of_a_year }
    }

    /// The probability of a gain of at most `gain` after a fall.
    pub(super) fn at_most(&self, gain: f64) -> f64 {
        let share = (1.0 + gain / self.level - self.least) / (1.0 - self.least);
        share.clamp(0.0, 1.0).powf(self.constants.power)
    }
}
