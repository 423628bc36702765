//! The gain law: growth about a pace, its logarithm spread by what is known of how far such paces go wrong.
//!
//! The pace is a short mean drawn a little to what stores grow by as a rule; the spread is a sum of what is not known of
//! the pace, of what the weeks scatter, and of what time brings. A store's own hindsight corrects both.

use super::YEAR;
use super::constants::GrowthLawConstants;
use crate::forecast::weekly_history::WeeklyHistory;

/// The spans over which hindsight looks.
const HINDSIGHT_DAYS: [f64; 2] = [28.0, 91.0];

/// The law of one series.
#[derive(Clone, Copy, Debug)]
pub(super) struct GrowthLaw<'a> {
    constants: &'a GrowthLawConstants,
    /// Growth a day, in units of the resource; above zero.
    pub pace: f64,
    /// The scatter of a week beside the pace.
    scatter: f64,
    /// The weeks that the pace rests on.
    rests_on: f64,
    weeks: f64,
    /// How much wider than usual the spread of this series is, as a factor of its square.
    own: f64,
    /// How much more came than was told, as a logarithm.
    bias: f64,
}

impl<'a> GrowthLaw<'a> {
    /// The law of a series.
    pub(super) fn fit(past: &WeeklyHistory, constants: &'a GrowthLawConstants) -> GrowthLaw<'a> {
        let c = constants;
        let usual = c.usual_growth * past.level / YEAR;
        let short = past.short;
        let rests_on = short.weeks.min(c.most_weeks);
        let drawn = (rests_on * short.mean.max(0.0) + c.usual_weeks * usual) / (rests_on + c.usual_weeks);
        let pace = drawn.max(c.least_growth * past.level / YEAR);
        let scatter = (past.quarter.spread / short.mean.max(0.05 * usual)).min(c.most_scatter);
        let mut law = GrowthLaw { constants, pace, scatter, rests_on, weeks: past.weeks(), own: 1.0, bias: 0.0 };
        let c = &constants.hindsight;
        let tests: f64 = past.hindsight.iter().map(|h| h.spans).sum();
        let tested = past.hindsight.iter().zip(HINDSIGHT_DAYS);
        let squares: f64 = tested.map(|(h, days)| h.spans * h.square / law.variance(days)).sum();
        let biases: f64 = past.hindsight.iter().map(|h| h.spans * h.bias).sum();
        law.own = ((squares + c.usual_tests) / (tests + c.usual_tests)).powf(c.power);
        law.bias = c.bias_share * biases / (tests + c.bias_tests);
        law
    }

    /// The square of the spread of the logarithm over so many days, before hindsight.
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

    /// How many spreads the growth of so many days lies above a gain, which is above zero.
    pub(super) fn standardized(&self, gain: f64, days: f64) -> f64 {
        self.above(gain, days) / self.spread(days)
    }

    /// How far the growth of so many days lies above a gain, which is above zero, as a logarithm.
    pub(super) fn above(&self, gain: f64, days: f64) -> f64 {
        let c = self.constants;
        let bias = c.bias + c.bias_of_years * days / YEAR + self.bias;
        (self.pace * days / gain).ln() + bias
    }

    /// The spread of the logarithm over so many days.
    pub(super) fn spread(&self, days: f64) -> f64 {
        (self.variance(days) * self.own).sqrt()
    }
}
