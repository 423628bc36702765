//! The distribution of the level some days ahead, without the limit.
//!
//! Growth is a mixture of three models. Silence, jumps and falls, which may happen to any store, come on top.

mod fall;
mod own_weeks;
mod recent;

use super::{YEAR, constants::LevelConstants, passage::rising, student};
use crate::forecast::{growth_law::GrowthLaw, level::own_weeks::OwnWeeksLaw, weekly_history::WeeklyHistory};
use crate::model::quantiles::Quantiles;
use fall::FallLaw;
use recent::RecentLaw;

/// The distribution of the level of a series at any time ahead. Gains are differences from the present level, in units of
/// the resource.
#[derive(Clone, Debug)]
pub(super) struct LevelLaw<'a> {
    constants: &'a LevelConstants,
    level: f64,
    /// Mean absolute change a day, with a floor.
    activity: f64,
    weeks: f64,
    /// The number of upward events.
    rises: f64,
    silent_days: f64,
    gain: GrowthLaw<'a>,
    own: OwnWeeksLaw,
    recent: RecentLaw,
    fall: FallLaw<'a>,
}

impl<'a> LevelLaw<'a> {
    pub(super) fn fit(past: &WeeklyHistory, constants: &'a LevelConstants) -> LevelLaw<'a> {
        let gain = GrowthLaw::fit(past, &constants.gain);
        LevelLaw {
            constants,
            level: past.level,
            activity: past.activity,
            weeks: past.weeks(),
            rises: past.rises().len() as f64,
            silent_days: past.silent_days,
            own: OwnWeeksLaw::fit(past, gain.pace, &constants.own),
            recent: RecentLaw::fit(past, &constants.recent),
            fall: FallLaw::fit(past, &constants.fall),
            gain,
        }
    }

    /// The probability of a gain of at most `gain` within `days`.
    pub(super) fn at_most(&self, gain: f64, days: f64) -> f64 {
        let c = self.constants;
        let recent = c.recent_share;
        let growing = (1.0 - recent) * self.recent.is_growing;
        let pooled = (1.0 - c.own_share) * self.pooled(gain, days) + c.own_share * self.own.at_most(gain, days);
        let growth = growing * pooled + (1.0 - growing) * self.recent.at_most(gain, days);
        let silent =
            c.silence.share / (1.0 + ((c.silence.from_days - self.silent_days) / c.silence.give_or_take).exp());
        let quiet = (1.0 - silent) * growth + silent * self.silent(gain + self.recent.decline(days), days);
        let jump = self.happens(c.jump.rate + c.jump.rate_of_seen * self.rises, days);
        let jumped = student::log_cdf(gain - self.gain.pace * days / 2.0, c.jump.size * self.level, c.jump.size_spread);
        let risen = (1.0 - jump) * quiet + jump * jumped;
        let fall = self.happens(self.fall.rate, days);
        (1.0 - fall) * risen + fall * self.fall.at_most(gain)
    }

    /// The quantiles of the level `days` ahead.
    pub(super) fn quantiles(&self, days: f64) -> Quantiles<f64> {
        if days <= 0.0 {
            return Quantiles::from_fn(|_| self.level);
        }
        let shape = |node: f64| self.gain.pace * days + NODE_SCALE * self.activity * days * node.sinh();
        let node = |index: usize| FIRST_NODE + (LAST_NODE - FIRST_NODE) * index as f64 / (NODES - 1) as f64;
        let gains: Vec<f64> = (0..NODES).map(|index| shape(node(index)).max(-self.level)).collect();
        let shares = rising(&gains, |gain| self.at_most(gain, days));
        Quantiles::from_fn(|p| (self.level + interpolated(&gains, &shares, p)).max(0.0))
    }

    /// The trained growth model, with the tails of Student's t in the logarithm.
    fn pooled(&self, gain: f64, days: f64) -> f64 {
        if gain <= 0.0 { 0.0 } else { student::cdf(-self.gain.standardized(gain, days)) }
    }

    /// A silent store stays flat for an exponential time, which grows with its silence so far, and restarts by a size in
    /// proportion to its own.
    fn silent(&self, gain: f64, days: f64) -> f64 {
        let c = &self.constants.silence;
        let months = (self.silent_days / 60.0).max(0.1);
        let flat = (-days / (c.lasts * months.powf(c.lasts_of_silence))).exp();
        let restart = student::log_cdf(gain, c.restart * self.level * (days / YEAR).sqrt(), c.restart_spread);
        flat * student::cdf(gain / (NOISE * self.level)) + (1.0 - flat) * restart
    }

    /// The probability of an event within `days` at a yearly rate, which a long history lowers.
    fn happens(&self, rate: f64, days: f64) -> f64 {
        let rate = rate / (1.0 + self.constants.calm * self.weeks / 52.0);
        1.0 - (-rate * days / YEAR).exp()
    }
}

/// Fluctuation of a silent store, as a share of its level.
const NOISE: f64 = 2e-4;

/// The gains at which the distribution is evaluated: dense about the growth, wide on both sides.
const NODES: usize = 52;
const FIRST_NODE: f64 = -9.0;
const LAST_NODE: f64 = 9.5;
const NODE_SCALE: f64 = 0.05;

/// The value at which ascending shares reach `p`, interpolated linearly.
fn interpolated(values: &[f64], shares: &[f64], p: f64) -> f64 {
    let after = shares.partition_point(|&share| share < p).clamp(1, values.len() - 1);
    let (from, to) = (shares[after - 1], shares[after]);
    let part = if to > from { ((p - from) / (to - from)).clamp(0.0, 1.0) } else { 1.0 };
    values[after - 1] + part * (values[after] - values[after - 1])
}
