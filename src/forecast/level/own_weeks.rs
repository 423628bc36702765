//! A series' own mean and scatter, events and all: what resampling its weeks (Penz 2011) would give, skewed as growth is.

use crate::forecast::constants::OwnWeeksConstants;
use crate::forecast::grid::STEP_DAYS;
use crate::forecast::student;
use crate::forecast::weekly_history::WeeklyHistory;

/// The law of one series.
#[derive(Clone, Copy, Debug)]
pub(super) struct OwnWeeksLaw {
    /// Growth a day, and the least of it that is believed.
    mean: f64,
    least: f64,
    /// The part of the variance that goes with time, and those that go with its square.
    variance: f64,
    square: f64,
}

impl OwnWeeksLaw {
    /// The law of a series that grows by so much a day otherwise.
    pub(super) fn fit(past: &WeeklyHistory, pace: f64, c: &OwnWeeksConstants) -> OwnWeeksLaw {
        let scatter = past.whole.scatter(past.whole_correlation);
        OwnWeeksLaw {
            mean: past.whole.mean,
            least: pace / 1e3,
            variance: c.weeks * scatter * STEP_DAYS,
            square: c.error * scatter / past.weeks() + c.change * past.whole.mean.max(0.0).powi(2),
        }
    }

    /// The probability that at most so much more is in use so many days ahead: a positive gain of that mean and variance.
    pub(super) fn at_most(&self, gain: f64, days: f64) -> f64 {
        let mean = (self.mean * days).max(self.least * days);
        let variance = self.variance * days + self.square * days * days;
        // The mean and variance of a log-normal (Aitchison and Brown 1957).
        let of_logarithm = (1.0004 + variance / (mean * mean)).ln();
        student::log_cdf(gain, mean * (-of_logarithm / 2.0).exp(), of_logarithm.sqrt())
    }
}
