//! The past of a series on an even grid, as the laws see it.

use super::discounted_mean::{self, DiscountedMean};
use super::events::{self, KnownEvents, Organic};
use super::grid::{self, WEEK};
use super::{Trend, clear_outs, outliers, student};
use crate::model::series::{Observation, Series};

/// A past on its grid. Levels are in units of the resource, growth is in units a day.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Past {
    /// The level now, at least 1, so that shares of it exist; with regular clear-outs the last peak.
    pub level: f64,
    /// The levels at the ends of the steps, oldest first; the last is the level now.
    pub levels: Vec<f64>,
    /// Days between two levels.
    pub step: f64,
    /// The changes of the steps without the events, and the events.
    pub organic: Organic,
    /// The known changes and the steps in which they can show.
    pub known: Vec<KnownEvents>,
    /// The outliers, which do not count.
    pub left_out: Vec<Observation>,
    /// Days between regular clear-outs, if there are any.
    pub clear_outs: Option<f64>,
    /// Mean growth with a half-life of four weeks.
    pub short: DiscountedMean,
    /// Mean growth with a half-life of eight weeks.
    pub recent: DiscountedMean,
    /// Mean growth with a half-life of thirteen weeks, used for its scatter.
    pub quarter: DiscountedMean,
    /// The correlation of consecutive steps without events.
    correlation: f64,
}

/// Floor of the error of the mean growth a day, as a share of the level.
const LEAST_ERROR: f64 = 1.5e-7;
/// A growth less plausible than this is a decline.
const LEAST_PLAUSIBLE: f64 = 0.05;
/// The least rise that counts as growth, as a share of the level.
const LEAST_RISE: f64 = 1e-4;

impl Past {
    /// `None` if the observations do not span a step.
    pub(super) fn from_series(series: &Series) -> Option<Past> {
        let (mut samples, left_out) = outliers::believable(&series.observations);
        let clear_outs = clear_outs::period(&samples);
        if let Some(period) = clear_outs {
            samples = clear_outs::peaks(&samples, period);
        }
        let step = grid::step(&samples);
        let levels = grid::levels(&samples, step);
        // Shares of an empty store would not exist.
        let level = levels.last()?.max(1.0);
        let raw = grid::increments(&levels);
        if raw.is_empty() {
            return None;
        }
        let known = events::known(series, raw.len(), step);
        let organic = events::take_out(raw, level, &known);
        let changes = &organic.increments;
        let mean = |half_life: f64| DiscountedMean::from_changes(changes, half_life * WEEK / step);
        let recent = mean(8.0);
        Some(Past {
            level,
            short: mean(4.0).a_day(step),
            recent: recent.a_day(step),
            quarter: mean(13.0).a_day(step),
            correlation: discounted_mean::correlation(changes, recent.mean),
            levels,
            step,
            organic,
            known,
            left_out,
            clear_outs,
        })
    }

    /// The level now.
    pub(super) fn now(&self) -> f64 {
        self.levels.last().copied().unwrap_or(0.0)
    }

    /// The length in weeks.
    pub(super) fn weeks(&self) -> f64 {
        self.organic.increments.len() as f64 * self.step / WEEK
    }

    /// Mean growth with a half-life of a year.
    pub(super) fn year(&self) -> DiscountedMean {
        DiscountedMean::from_changes(&self.organic.increments, 52.0 * WEEK / self.step).a_day(self.step)
    }

    /// The variance of a week as far as it makes a mean uncertain; correlated changes say less.
    pub(super) fn scatter(&self, mean: DiscountedMean) -> f64 {
        mean.scatter(self.correlation)
    }

    /// The same of the recent mean.
    pub(super) fn recent_scatter(&self) -> f64 {
        self.scatter(self.recent)
    }

    /// What the levels do.
    pub(super) fn trend(&self) -> Trend {
        let fell = self.levels.first().is_some_and(|first| *first > self.level * (1.0 + LEAST_RISE));
        match self.has_risen() {
            _ if self.is_growing() < LEAST_PLAUSIBLE => Trend::Shrinks,
            true => Trend::Grows,
            false if fell => Trend::Shrinks,
            false => Trend::StandsStill,
        }
    }

    /// Plausibility of growth by the recent weeks, from 0 to 1: the two-sided p-value of a decline, 1 for a rise.
    pub(super) fn is_growing(&self) -> f64 {
        let recent = self.recent;
        let error = (self.recent_scatter() / recent.weeks + (LEAST_ERROR * self.level).powi(2)).sqrt();
        (2.0 * student::cdf(recent.mean / error)).min(1.0)
    }

    /// Whether the level ever rose above an earlier one.
    fn has_risen(&self) -> bool {
        let mut lowest = f64::INFINITY;
        self.levels.iter().any(|&level| {
            lowest = lowest.min(level);
            level > lowest + LEAST_RISE * self.level
        })
    }

    /// The number of upward events.
    pub(super) fn rises(&self) -> usize {
        self.organic.events.iter().filter(|(_, size)| *size > 0.0).count()
    }
}
