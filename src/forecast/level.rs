//! The level to come: the distribution of what is in use some days ahead, were there no limit.
//!
//! Growth is a mixture of three laws; on top of it lies what may happen to any store: that it stays silent, that
//! something is brought in, that something is taken out.

mod own_weeks;

mod fall;
mod recent;

use super::YEAR;
use super::constants::LevelConstants;
use super::student;
use crate::forecast::growth_law::GrowthLaw;
use crate::forecast::level::own_weeks::OwnWeeksLaw;
use crate::forecast::weekly_history::WeeklyHistory;
use crate::model::quantiles::Quantiles;
use fall::FallLaw;
use recent::RecentLaw;

/// The distribution of the level of one series at any time ahead. Gains are differences from the level now, in units of
/// the resource.
#[derive(Clone, Debug)]
pub(super) struct LevelLaw<'a> {
    constants: &'a LevelConstants,
    level: f64,
    /// What it changes by a day, up or down alike, but for a store that hardly changes.
    stir: f64,
    weeks: f64,
    /// How many events brought something.
    rises: f64,
    silent_days: f64,
    gain: GrowthLaw<'a>,
    own: OwnWeeksLaw,
    recent: RecentLaw,
    fall: FallLaw<'a>,
}

impl<'a> LevelLaw<'a> {
    /// The law of a series.
    pub(super) fn fit(past: &WeeklyHistory, constants: &'a LevelConstants) -> LevelLaw<'a> {
        let gain = GrowthLaw::fit(past, &constants.gain);
        LevelLaw {
            constants,
            level: past.level,
            stir: past.stir,
            weeks: past.weeks(),
            rises: past.rises().len() as f64,
            silent_days: past.silent_days,
            own: OwnWeeksLaw::fit(past, gain.pace, &constants.own),
            recent: RecentLaw::fit(past, &constants.recent),
            fall: FallLaw::fit(past, &constants.fall),
            gain,
        }
    }

    /// The probability that at most so much more is in use so many days ahead.
    pub(super) fn at_most(&self, gain: f64, days: f64) -> f64 {
        let c = self.constants;
        let recent = c.recent_share;
        let growing = (1.0 - recent) * self.recent.is_growing;
        let pooled = (1.0 - c.own_share) * self.pooled(gain, days) + c.own_share * self.own.at_most(gain, days);
        let growth = growing * pooled + (1.0 - growing) * self.recent.at_most(gain, days);
        let silent = self.silent_share();
        let quiet = (1.0 - silent) * growth + silent * self.silent(gain + self.recent.decline(days), days);
        let jump = self.happens(c.jump.rate + c.jump.rate_of_seen * self.rises, days);
        let jumped = student::log_cdf(gain - self.gain.pace * days / 2.0, c.jump.size * self.level, c.jump.size_spread);
        let risen = (1.0 - jump) * quiet + jump * jumped;
        let fall = self.happens(self.fall.rate, days);
        (1.0 - fall) * risen + fall * self.fall.at_most(gain)
    }

    /// The quantiles of the level so many days ahead.
    pub(super) fn quantiles(&self, days: f64) -> Quantiles<f64> {
        if days <= 0.0 {
            return Quantiles::from_fn(|_| self.level);
        }
        let shape = |node: f64| self.gain.pace * days + NODE_SCALE * self.stir * days * node.sinh();
        let node = |index: usize| FIRST_NODE + (LAST_NODE - FIRST_NODE) * index as f64 / (NODES - 1) as f64;
        let gains: Vec<f64> = (0..NODES).map(|index| shape(node(index)).max(-self.level)).collect();
        let mut highest = 0.0_f64;
        let rising = |&gain: &f64| {
            highest = highest.max(self.at_most(gain, days));
            highest
        };
        let shares: Vec<f64> = gains.iter().map(rising).collect();
        Quantiles::from_fn(|p| (self.level + interpolated(&gains, &shares, p)).max(0.0))
    }

    /// Growth about its pace; the logarithm has a Student t's tails.
    fn pooled(&self, gain: f64, days: f64) -> f64 {
        if gain <= 0.0 { 0.0 } else { student::cdf(-self.gain.standardized(gain, days)) }
    }

    fn silent_share(&self) -> f64 {
        let c = &self.constants.silence;
        c.share / (1.0 + ((c.from_days - self.silent_days) / c.give_or_take).exp())
    }

    /// A silent store is flat for an exponential time, the longer the longer it was silent, and restarts by a size that
    /// goes by its own.
    fn silent(&self, gain: f64, days: f64) -> f64 {
        let c = &self.constants.silence;
        let months = (self.silent_days / 60.0).max(0.1);
        let flat = (-days / (c.lasts * months.powf(c.lasts_of_silence))).exp();
        let restart = student::log_cdf(gain, c.restart * self.level * (days / YEAR).sqrt(), c.restart_spread);
        flat * student::cdf(gain / (NOISE * self.level)) + (1.0 - flat) * restart
    }

    /// The probability that an event of so many a year comes within so many days; a long history has shown which are to be
    /// expected.
    fn happens(&self, rate: f64, days: f64) -> f64 {
        let rate = rate / (1.0 + self.constants.calm * self.weeks / 52.0);
        1.0 - (-rate * days / YEAR).exp()
    }
}

/// What a silent store still moves by, as a share of its level.
const NOISE: f64 = 2e-4;

/// The gains at which the distribution is looked at: dense about the growth, wide on both sides.
const NODES: usize = 52;
const FIRST_NODE: f64 = -9.0;
const LAST_NODE: f64 = 9.5;
const NODE_SCALE: f64 = 0.05;

/// The value at which ascending shares reach `p`, between the two values next to it.
fn interpolated(values: &[f64], shares: &[f64], p: f64) -> f64 {
    let after = shares.partition_point(|&share| share < p).clamp(1, values.len() - 1);
    let (from, to) = (shares[after - 1], shares[after]);
    let part = if to > from { ((p - from) / (to - from)).clamp(0.0, 1.0) } else { 1.0 };
    values[after - 1] + part * (values[after] - values[after - 1])
}
