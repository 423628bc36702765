//! The recent drift with a Student t error; the only model of a decline.

use crate::forecast::{YEAR, constants::RecentConstants, grid::STEP_DAYS, student, weekly_history::WeeklyHistory};

/// The model of one series.
#[derive(Clone, Copy, Debug)]
pub(super) struct RecentLaw {
    level: f64,
    /// Growth a day.
    drift: f64,
    variance: f64,
    square: f64,
    /// Plausibility of growth, from 0 to 1.
    pub is_growing: f64,
}

/// Least standard deviation, as a share of the level.
const LEAST_SPREAD: f64 = 1e-6;

impl RecentLaw {
    pub(super) fn fit(past: &WeeklyHistory, c: &RecentConstants) -> RecentLaw {
        let recent = past.recent;
        let scatter = past.recent_scatter();
        RecentLaw {
            level: past.level,
            drift: recent.mean,
            variance: c.weeks * scatter * STEP_DAYS,
            square: c.error * scatter / recent.weeks
                + (c.change * recent.mean).powi(2)
                + (c.change_of_level * past.level / YEAR).powi(2),
            is_growing: past.is_growing(),
        }
    }

    /// The loss of a shrinking series within `days`: the same share of the rest each day.
    pub(super) fn decline(&self, days: f64) -> f64 {
        if self.drift >= 0.0 { 0.0 } else { self.level * (1.0 - (self.drift * days / self.level).exp()) }
    }

    /// The probability of a gain of at most `gain` within `days`.
    pub(super) fn at_most(&self, gain: f64, days: f64) -> f64 {
        let spread = (self.variance * days + self.square * days * days + (LEAST_SPREAD * self.level).powi(2)).sqrt();
        student::cdf((gain - self.drift.max(0.0) * days + self.decline(days)) / spread)
    }
}
