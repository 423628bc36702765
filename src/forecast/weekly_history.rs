//! The history of a series on the weekly grid, as the date and level models see it.

use super::events::{self, KnownEvents, Organic};
use super::grid::{self, STEP_DAYS};
use super::{YEAR, student};
use crate::forecast::discounted_mean::{self, DiscountedMean};
use crate::forecast::outliers::{self, AgedLevel};
use crate::forecast::self_backtest::SelfBacktest;
use crate::model::series::Series;

/// A history on its weekly grid. Levels are in units of the resource, growth is in units a day.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct WeeklyHistory {
    /// The level now, at least 1, so that shares of it exist.
    pub level: f64,
    /// The levels at the ends of the weeks, oldest first; the last is the level now.
    pub levels: Vec<f64>,
    /// The changes of the weeks without the events, and the events.
    pub organic: Organic,
    /// The known changes and the weeks in which they can show.
    pub known: Vec<KnownEvents>,
    /// Mean growth with a half-life of four weeks.
    pub short: DiscountedMean,
    /// Mean growth with a half-life of eight weeks.
    pub recent: DiscountedMean,
    /// Mean growth with a half-life of thirteen weeks, used for its scatter.
    pub quarter: DiscountedMean,
    /// Mean growth with a half-life of a year.
    pub year: DiscountedMean,
    /// Mean and scatter of all weeks with equal weights, events included.
    pub whole: DiscountedMean,
    /// The correlation of consecutive weeks without events.
    pub correlation: f64,
    /// The same with events.
    pub whole_correlation: f64,
    /// How well past rates predicted the next four and thirteen weeks.
    pub self_backtests: [SelfBacktest; 2],
    /// Days since the last rise of the level.
    pub silent_days: f64,
    /// Mean absolute change a day, with a floor.
    pub activity: f64,
}

/// Floor of the growth in the self-backtest, as a share of the level a year.
const LEAST_GROWTH: f64 = 0.005;
/// Floor of the absolute change, as a share of the level a year.
const LEAST_ACTIVITY: f64 = 0.1;
/// Floor of the error of the mean growth a day, as a share of the level.
const LEAST_ERROR: f64 = 1.5e-7;

impl WeeklyHistory {
    /// `None` if the observations do not span a week.
    pub(super) fn from_series(series: &Series) -> Option<WeeklyHistory> {
        let samples = outliers::believable(&series.observations);
        let levels = grid::weekly_levels(&samples);
        // Shares of an empty store would not exist.
        let level = levels.last()?.max(1.0);
        let raw = grid::increments(&levels);
        if raw.is_empty() {
            return None;
        }
        let known = events::known(series, raw.len());
        let organic = events::take_out(raw.clone(), level, &known);
        let weeks = &organic.increments;
        let floor = LEAST_GROWTH * level / YEAR * STEP_DAYS;
        let a_day = |half_life: f64| DiscountedMean::from_weeks(weeks, half_life).over(STEP_DAYS);
        let whole = DiscountedMean::from_weeks(&raw, f64::INFINITY);
        Some(WeeklyHistory {
            level,
            short: a_day(4.0),
            recent: a_day(8.0),
            quarter: a_day(13.0),
            year: a_day(52.0),
            whole: whole.over(STEP_DAYS),
            correlation: discounted_mean::correlation(weeks, DiscountedMean::from_weeks(weeks, 8.0).mean),
            whole_correlation: discounted_mean::correlation(&raw, whole.mean),
            self_backtests: [(4, 4.0), (13, 8.0)]
                .map(|(span, half)| SelfBacktest::measure(weeks, &raw, span, half, floor)),
            silent_days: silent_days(&samples),
            activity: activity(&samples, level),
            levels,
            organic,
            known,
        })
    }

    /// The level now.
    pub(super) fn now(&self) -> f64 {
        self.levels.last().copied().unwrap_or(0.0)
    }

    /// The number of weeks.
    pub(super) fn weeks(&self) -> f64 {
        self.organic.increments.len() as f64
    }

    /// The variance of a recent week as far as it makes the mean uncertain; correlated weeks say less.
    pub(super) fn recent_scatter(&self) -> f64 {
        self.recent.scatter(self.correlation)
    }

    /// Plausibility of growth by the recent weeks, from 0 to 1: the two-sided p-value of a decline, 1 for a rise.
    pub(super) fn is_growing(&self) -> f64 {
        let recent = self.recent;
        let error = (self.recent_scatter() / recent.weeks + (LEAST_ERROR * self.level).powi(2)).sqrt();
        (2.0 * student::cdf(recent.mean / error)).min(1.0)
    }

    /// The sum of all weekly rises, as a share of the level.
    pub(super) fn risen(&self) -> f64 {
        self.levels.windows(2).map(|pair| (pair[1] - pair[0]).max(0.0)).sum::<f64>() / self.level
    }

    /// The sizes of upward events.
    pub(super) fn rises(&self) -> Vec<f64> {
        self.organic.events.iter().map(|&(_, size)| size).filter(|size| *size > 0.0).collect()
    }

    /// The sizes of downward events, as positive amounts.
    pub(super) fn falls(&self) -> Vec<f64> {
        self.organic.events.iter().map(|&(_, size)| -size).filter(|size| *size > 0.0).collect()
    }
}

/// The mean absolute change a day, with a floor.
fn activity(samples: &[AgedLevel], level: f64) -> f64 {
    let changes: f64 = samples.windows(2).map(|pair| (pair[1].used - pair[0].used).abs()).sum();
    let days = samples.first().map_or(0.0, |first| first.age).max(1.0);
    (changes / days).max(LEAST_ACTIVITY * level / YEAR)
}

/// Days since a sample lay above the one before it; the whole span if none did.
fn silent_days(samples: &[AgedLevel]) -> f64 {
    let rose = |pair: &&[AgedLevel]| pair[1].used > pair[0].used * (1.0 + 1e-9);
    match samples.windows(2).rev().find(rose) {
        Some(pair) => pair[1].age,
        None => samples.first().map_or(0.0, |first| first.age),
    }
}
