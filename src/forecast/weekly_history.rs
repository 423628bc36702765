//! What a history says of its growth: everything that the laws of the date and of the level look at.

use super::YEAR;
use super::events::{self, KnownEvents, Organic};
use super::grid::{self, STEP_DAYS};
use super::student;
use crate::forecast::discounted_mean;
use crate::forecast::discounted_mean::DiscountedMean;
use crate::forecast::outliers;
use crate::forecast::outliers::AgedLevel;
use crate::forecast::self_backtest::SelfBacktest;
use crate::model::series::Series;

/// A history on its weekly grid. Levels are in units of the resource, growth is in units a day.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct WeeklyHistory {
    /// The level now, or 1 if there is less, so that there is something to take shares of.
    pub level: f64,
    /// The levels at the ends of the weeks, oldest first; the last is the level now.
    pub levels: Vec<f64>,
    /// The changes of the weeks without the events, and the events.
    pub organic: Organic,
    /// The changes that are known, and where they can show.
    pub known: Vec<KnownEvents>,
    /// The mean growth of the last weeks: a half-life of four weeks.
    pub short: DiscountedMean,
    /// The mean growth of the last months: a half-life of eight weeks.
    pub recent: DiscountedMean,
    /// The scatter of the weeks of a quarter and more: a half-life of thirteen weeks.
    pub quarter: DiscountedMean,
    /// The mean growth of a year and more.
    pub year: DiscountedMean,
    /// The mean and scatter of all weeks alike, events and all.
    pub whole: DiscountedMean,
    /// The correlation of an organic week with the next.
    pub correlation: f64,
    /// The same of all weeks as they were.
    pub whole_correlation: f64,
    /// How the pace of the past did over the next four and thirteen weeks.
    pub hindsight: [SelfBacktest; 2],
    /// Days since the level rose last.
    pub silent_days: f64,
    /// What the level changes by a day, up or down alike, but for a store that hardly changes.
    pub stir: f64,
}

/// Growth of less than this share of the level a year is none, to hindsight.
const LEAST_GROWTH: f64 = 0.005;
/// Every store is taken to change by so much of its level a year.
const LEAST_STIR: f64 = 0.1;
/// The error of a mean growth a day, as a share of the level, that is always there.
const LEAST_ERROR: f64 = 1.5e-7;

impl WeeklyHistory {
    /// Looks at a series; `None` where its observations do not span a week.
    pub(super) fn from_series(series: &Series) -> Option<WeeklyHistory> {
        let samples = outliers::believable(&series.observations);
        let levels = grid::weekly_levels(&samples);
        // An empty store counts as one that holds something, so that it has a share.
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
            hindsight: [(4, 4.0), (13, 8.0)].map(|(span, half)| SelfBacktest::measure(weeks, &raw, span, half, floor)),
            silent_days: silent_days(&samples),
            stir: stir(&samples, level),
            levels,
            organic,
            known,
        })
    }

    /// The level now.
    pub(super) fn now(&self) -> f64 {
        self.levels.last().copied().unwrap_or(0.0)
    }

    /// How many weeks there are.
    pub(super) fn weeks(&self) -> f64 {
        self.organic.increments.len() as f64
    }

    /// The square of the scatter of the last weeks, by which the mean growth is uncertain; weeks that go together tell less.
    pub(super) fn recent_scatter(&self) -> f64 {
        self.recent.scatter(self.correlation)
    }

    /// How far it is not to be denied that the series grows, from 0 to 1, by the last weeks.
    pub(super) fn is_growing(&self) -> f64 {
        let recent = self.recent;
        let error = (self.recent_scatter() / recent.weeks + (LEAST_ERROR * self.level).powi(2)).sqrt();
        (2.0 * student::cdf(recent.mean / error)).min(1.0)
    }

    /// What the weeks that rose brought together, as a share of the level.
    pub(super) fn risen(&self) -> f64 {
        self.levels.windows(2).map(|pair| (pair[1] - pair[0]).max(0.0)).sum::<f64>() / self.level
    }

    /// The sizes of the events that brought something.
    pub(super) fn rises(&self) -> Vec<f64> {
        self.organic.events.iter().map(|&(_, size)| size).filter(|size| *size > 0.0).collect()
    }

    /// The sizes of the events that took something, as positive amounts.
    pub(super) fn falls(&self) -> Vec<f64> {
        self.organic.events.iter().map(|&(_, size)| -size).filter(|size| *size > 0.0).collect()
    }
}

/// What a series changes by a day, up or down alike.
fn stir(samples: &[AgedLevel], level: f64) -> f64 {
    let changes: f64 = samples.windows(2).map(|pair| (pair[1].used - pair[0].used).abs()).sum();
    let days = samples.first().map_or(0.0, |first| first.age).max(1.0);
    (changes / days).max(LEAST_STIR * level / YEAR)
}

/// Days since a sample lay above the one before it; of a series that never rose all that it spans.
fn silent_days(samples: &[AgedLevel]) -> f64 {
    let rose = |pair: &&[AgedLevel]| pair[1].used > pair[0].used * (1.0 + 1e-9);
    match samples.windows(2).rev().find(rose) {
        Some(pair) => pair[1].age,
        None => samples.first().map_or(0.0, |first| first.age),
    }
}
