//! Silent stores: a store that has not grown for weeks waits until growth resumes.

use crate::forecast::{constants::SilenceConstants, normal, weekly_history::WeeklyHistory};

/// The waiting time of one series.
#[derive(Clone, Copy, Debug)]
pub(super) struct SilenceClock<'a> {
    constants: &'a SilenceConstants,
    level: f64,
    days: f64,
    /// Weight of the waiting time, from 0 to 1.
    pub weight: f64,
}

/// Days from which a series counts as silent: middle and scale of a logistic curve.
const SILENT_DAYS: f64 = 31.0;
const GIVE_OR_TAKE: f64 = 3.0;
/// A total rise by this share of the level halves the weight.
const RISEN: f64 = 0.03;

impl<'a> SilenceClock<'a> {
    pub(super) fn fit(past: &WeeklyHistory, constants: &'a SilenceConstants) -> SilenceClock<'a> {
        let silent = 1.0 / (1.0 + ((SILENT_DAYS - past.silent_days) / GIVE_OR_TAKE).exp());
        // A shrinking series is not silent, and one that never rose may be an archive that stays as it is.
        let rises = past.risen() / (past.risen() + RISEN);
        let weight = constants.share * silent * past.is_growing() * rises;
        SilenceClock { constants, level: past.level, days: past.silent_days.max(1.0), weight }
    }

    /// The probability that growth resumes and reaches a gain within `days`.
    pub(super) fn reaches(&self, gain: f64, days: f64) -> f64 {
        let c = self.constants;
        let gain = gain / self.level;
        // A gain beyond the level takes time in proportion: no silent store ever gained that at once.
        let median =
            c.median - c.of_silence * (self.days / 60.0).ln() + c.of_gain * (gain / 0.1).ln() + gain.max(1.0).ln();
        normal::cdf((days.ln() - median) / c.spread)
    }
}
