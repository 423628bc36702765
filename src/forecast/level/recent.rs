//! The drift and the scatter of the last weeks, the drift itself uncertain: a Student t, and the law that tells a decline.

use crate::forecast::YEAR;
use crate::forecast::constants::RecentConstants;
use crate::forecast::grid::STEP_DAYS;
use crate::forecast::student;
use crate::forecast::weekly_history::WeeklyHistory;

/// The law of one series.
#[derive(Clone, Copy, Debug)]
pub(super) struct RecentLaw {
    level: f64,
    /// Growth a day, negative of what shrinks.
    drift: f64,
    variance: f64,
    square: f64,
    /// How far it is not to be denied that the series grows, from 0 to 1.
    pub is_growing: f64,
}

/// What is not known of a level even if it never moved, as a share of it.
const LEAST_SPREAD: f64 = 1e-6;

impl RecentLaw {
    /// The law of a series.
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

    /// What a series that shrinks loses within so many days: the same share of what is left each day.
    pub(super) fn decline(&self, days: f64) -> f64 {
        if self.drift >= 0.0 { 0.0 } else { self.level * (1.0 - (self.drift * days / self.level).exp()) }
    }

    /// The probability that at most so much more is in use so many days ahead.
    pub(super) fn at_most(&self, gain: f64, days: f64) -> f64 {
        let spread = (self.variance * days + self.square * days * days + (LEAST_SPREAD * self.level).powi(2)).sqrt();
        student::cdf((gain - self.drift.max(0.0) * days + self.decline(days)) / spread)
    }
}
