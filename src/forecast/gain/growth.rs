//! Growth at an uncertain rate: the growth over some days is log-normal about the recent rate.
//!
//! The rate is a short mean, shrunk a little towards the usual growth. The logarithm is the more uncertain the shorter the
//! history and the more the weeks scatter.

use crate::forecast::{constants::GrowthConstants, normal, past::Past};

/// The growth of one series.
#[derive(Clone, Copy, Debug)]
pub(super) struct UncertainGrowth {
    /// Growth a day, in units of the resource; above zero.
    pub pace: f64,
    /// Standard deviation of the logarithm.
    spread: f64,
}

/// Bounds of the scatter of a week over the rate: the least rate, as a share of the usual growth, and the most scatter.
const LEAST_RATE: f64 = 0.05;
const MOST_SCATTER: f64 = 3.0;

impl UncertainGrowth {
    /// `usual` is the usual growth a day.
    pub(super) fn fit(past: &Past, usual: f64, c: &GrowthConstants) -> UncertainGrowth {
        let short = past.short;
        let pace = (short.weeks * short.mean.max(0.0) + c.usual_weeks * usual) / (short.weeks + c.usual_weeks);
        let scatter = (past.quarter.spread / short.mean.max(LEAST_RATE * usual)).min(MOST_SCATTER);
        UncertainGrowth { pace, spread: (c.spread_of_history / past.weeks() + c.spread_of_scatter * scatter).sqrt() }
    }

    /// The probability of a gain within `days`.
    pub(super) fn reaches(&self, gain: f64, days: f64) -> f64 {
        normal::cdf((self.pace * days / gain).ln() / self.spread)
    }
}
