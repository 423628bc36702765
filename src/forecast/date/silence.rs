//! Silent stores: what has not grown for weeks grows when it starts again, and nobody knows when.

use crate::forecast::constants::SilenceConstants;
use crate::forecast::normal;
use crate::forecast::weekly_history::WeeklyHistory;

/// The clock of one series that has been silent for some days.
#[derive(Clone, Copy, Debug)]
pub(super) struct SilenceClock<'a> {
    constants: &'a SilenceConstants,
    level: f64,
    days: f64,
    /// How far the series is taken for silent, from 0 to 1.
    pub weight: f64,
}

/// From about so many days on a series is silent, give or take these.
const SILENT_DAYS: f64 = 31.0;
const GIVE_OR_TAKE: f64 = 3.0;
/// A store that rose by so much of its level in all is half taken for one that rises.
const RISEN: f64 = 0.03;

impl<'a> SilenceClock<'a> {
    /// The clock of a series.
    pub(super) fn fit(past: &WeeklyHistory, constants: &'a SilenceConstants) -> SilenceClock<'a> {
        let silent = 1.0 / (1.0 + ((SILENT_DAYS - past.silent_days) / GIVE_OR_TAKE).exp());
        // What shrinks is not silent.
        // Nor is what never rose to speak of: as far as anyone knows it is an archive, which nothing will start again.
        let rises = past.risen() / (past.risen() + RISEN);
        let weight = constants.share * silent * past.is_growing() * rises;
        SilenceClock { constants, level: past.level, days: past.silent_days.max(1.0), weight }
    }

    /// The probability that a silent series has started again and has so much more within so many days.
    pub(super) fn reaches(&self, gain: f64, days: f64) -> f64 {
        let c = self.constants;
        let gain = gain / self.level;
        // What is more than all there is takes time in proportion: no silent store was ever seen to gain that at once.
        let median =
            c.median - c.of_silence * (self.days / 60.0).ln() + c.of_gain * (gain / 0.1).ln() + gain.max(1.0).ln();
        normal::cdf((days.ln() - median) / c.spread)
    }
}
