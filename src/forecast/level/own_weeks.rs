//! The mean and scatter of a series' own weeks with events: what resampling them (Penz 2011) would give, but skewed.

use crate::forecast::{constants::OwnWeeksConstants, grid::STEP_DAYS, student, weekly_history::WeeklyHistory};

/// The model of one series.
#[derive(Clone, Copy, Debug)]
pub(super) struct OwnWeeksLaw {
    /// Growth a day, and its lower bound.
    mean: f64,
    least: f64,
    /// Variance for each day, and for each squared day.
    variance: f64,
    square: f64,
}

impl OwnWeeksLaw {
    /// `pace` is the growth a day by the trained model.
    pub(super) fn fit(past: &WeeklyHistory, pace: f64, c: &OwnWeeksConstants) -> OwnWeeksLaw {
        let scatter = past.whole.scatter(past.whole_correlation);
        OwnWeeksLaw {
            mean: past.whole.mean,
            least: pace / 1e3,
            variance: c.weeks * scatter * STEP_DAYS,
            square: c.error * scatter / past.weeks() + c.change * past.whole.mean.max(0.0).powi(2),
        }
    }

    /// The probability of a gain of at most `gain` within `days`; the gain is positive.
    pub(super) fn at_most(&self, gain: f64, days: f64) -> f64 {
        let mean = (self.mean * days).max(self.least * days);
        let variance = self.variance * days + self.square * days * days;
        // The mean and variance of a log-normal (Aitchison and Brown 1957).
        let of_logarithm = (1.0004 + variance / (mean * mean)).ln();
        student::log_cdf(gain, mean * (-of_logarithm / 2.0).exp(), of_logarithm.sqrt())
    }
}
