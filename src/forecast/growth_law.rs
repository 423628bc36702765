//! The trained growth model: log-normal growth about the recent rate.
//!
//! The rate is a short mean shrunk a little towards the usual growth. The variance is the sum of the error of the rate, the
//! scatter of the weeks, and the changes that time brings. The self-backtest of the series corrects both.

use super::{YEAR, constants::GrowthLawConstants};
use crate::forecast::weekly_history::WeeklyHistory;

/// The spans of the self-backtests.
const SELF_BACKTEST_DAYS: [f64; 2] = [28.0, 91.0];

/// The growth model of one series.
#[derive(Clone, Copy, Debug)]
pub(super) struct GrowthLaw<'a> {
    constants: &'a GrowthLawConstants,
    /// Growth a day, in units of the resource; above zero.
    pub pace: f64,
    /// The scatter of a week over the rate.
    scatter: f64,
    /// The weeks behind the rate.
    rests_on: f64,
    weeks: f64,
    /// Variance of this series over the usual one.
    own: f64,
    /// Logarithm of observed over predicted growth.
    bias: f64,
}

impl<'a> GrowthLaw<'a> {
    pub(super) fn fit(past: &WeeklyHistory, constants: &'a GrowthLawConstants) -> GrowthLaw<'a> {
        let c = constants;
        let usual = c.usual_growth * past.level / YEAR;
        let short = past.short;
        let rests_on = short.weeks.min(c.most_weeks);
        let drawn = (rests_on * short.mean.max(0.0) + c.usual_weeks * usual) / (rests_on + c.usual_weeks);
        let pace = drawn.max(c.least_growth * past.level / YEAR);
        let scatter = (past.quarter.spread / short.mean.max(0.05 * usual)).min(c.most_scatter);
        let mut law = GrowthLaw { constants, pace, scatter, rests_on, weeks: past.weeks(), own: 1.0, bias: 0.0 };
        let c = &constants.self_backtest;
        let tests: f64 = past.self_backtests.iter().map(|h| h.spans).sum();
        let tested = past.self_backtests.iter().zip(SELF_BACKTEST_DAYS);
        let squares: f64 = tested.map(|(h, days)| h.spans * h.square / law.variance(days)).sum();
        let biases: f64 = past.self_backtests.iter().map(|h| h.spans * h.bias).sum();
        law.own = ((squares + c.usual_tests) / (tests + c.usual_tests)).powf(c.power);
        law.bias = c.bias_share * biases / (tests + c.bias_tests);
        law
    }

    /// The variance of the logarithm of the growth over `days`, before the self-backtest.
    fn variance(&self, days: f64) -> f64 {
        let c = self.constants;
        let (scatter, years) = (self.scatter.powi(2), days / YEAR);
        c.spread
            + c.spread_of_pace * scatter / self.rests_on
            + c.spread_of_weeks * scatter * 7.0 / (days + 7.0)
            + c.spread_of_years * years
            + c.spread_of_years_squared * years * years
            + c.spread_of_history / self.weeks
            + c.spread_of_scatter * self.scatter.min(3.0)
    }

    /// Logarithm of the median growth over `days` over a gain above zero.
    pub(super) fn above(&self, gain: f64, days: f64) -> f64 {
        let c = self.constants;
        let bias = c.bias + c.bias_of_years * days / YEAR + self.bias;
        (self.pace * days / gain).ln() + bias
    }

    /// The same in standard deviations.
    pub(super) fn standardized(&self, gain: f64, days: f64) -> f64 {
        self.above(gain, days) / self.spread(days)
    }

    /// The standard deviation of the logarithm of the growth over `days`.
    pub(super) fn spread(&self, days: f64) -> f64 {
        (self.variance(days) * self.own).sqrt()
    }
}
