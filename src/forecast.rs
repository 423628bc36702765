//! Forecasts a series: the distribution of the day on which it reaches its limit, and of its level until then.
//!
//! # Method
//!
//! **Observations.** The history is read on a weekly grid, back from the last observation. Weeks average out the
//! weekday pattern, and on daily series simple methods win anyway (M4: Makridakis et al. 2020). An observation far
//! outside both of its neighbours is an outlier, such as a volume that was not mounted. It is left out, and the answer says so. The newest is
//! believed. The first six weeks are read as often as they were observed, so that there is a range from the second scan on.
//!
//! **Events.** A weekly change is a level shift if it is more than six robust standard deviations from the median
//! change (Hampel 1974) and larger than 2 % of the level. A migration that the message dates reveal, and a declared
//! import, purge or step, is an event whatever its size. Events are removed from the growth and kept as a risk of
//! further events. Discounted means (Brown 1963) with an effective sample size (Kish 1965) estimate the growth.
//!
//! **Clear-outs.** At least three purges of a kind at even distances are part of how a store lives: the peaks before them
//! are forecast, and not the climb after one.
//!
//! **One law.** Everything is read from the probability that the series gains an amount within a number of days
//! (`gain.rs`). It mixes two models in equal parts (Bates and Granger 1969):
//!
//! - *Growth* at an uncertain rate is log-normal about the recent rate. Its variance depends on the length of the history
//!   and the scatter of the weeks.
//! - *Motion*: first passage of Brownian motion (Kumar and Chamness 2018), here with an uncertain drift. The error of the
//!   drift has a Student t distribution and grows with the time ahead. A shrinking series uses it alone.
//!
//! Jumps, such as an import or a new department, come on top of both: a compound Poisson process (Cramér 1930) whose sizes
//! scale with the level. Then the passage times of the series' own past are mixed in: how long it took from each past week
//! to gain as much. A start whose passage is not complete is censored, and continues by the model (Efron 1967). Last, the
//! distribution is widened a little, because a store may be of a kind that no constant was learnt from.
//!
//! What each part is worth: without it, the loss of the date grows, on known sources and on archives that taught nothing,
//! by 2 % and 0 % (growth; 8 % in the first month), 1 % and 3 % (motion), 12 % and 19 % (jumps), 1 % and 5 % (own
//! passages). The widening costs nothing and makes the ranges hold. A neural network, a waiting time for silent stores, a
//! backtest of each series on itself, a law of levels beside that of dates, and a shift of the median are gone: together
//! they gained 0.6 % on sources left out, and lost 0.2 % on the archives.
//!
//! **The date** is the law with the free space as gain. **The fan** has straight lines from now to the dates (`fan.rs`):
//! the line of the quantile 1 - p meets the limit on the day by which it is full with probability p. **Growth** is the
//! slope of these lines. So a ruler on the chart, the date and the growth a week agree. What shrinks has no date,
//! and what never rose has one only if it is nearly full.
//!
//! **The ages of the mail** count if the mail of one store is at least 30 % of the series. A single scan shows arrivals
//! times survival, and cannot separate more arrivals from fewer old messages (stable population: Lotka 1939). It gives
//! a range and the reason for its width, and never a line through the survivors. From the second scan on, a life table
//! (Kaplan and Meier 1958) gives the share of each age that survives, and a projection by age (Leslie 1945) gives the
//! level. It sees a plateau that a retention rule causes, which past levels do not show. The weight of the ages beside
//! the levels follows from the errors of both in the past.
//!
//! **Mailboxes with a quota** share what is usual in their domain, the more the shorter and noisier their own history
//! is (empirical Bayes: James and Stein 1961; Efron and Morris 1975).
//!
//! **The limit** may change on an announced day: a new disk moves the limit, a migration or purge moves the level. A
//! volume is full when it runs out of bytes or of inodes, whichever comes first. The two are correlated, because the
//! same mail uses both.
//!
//! **Calibration.** Every forecast of a history is kept in it. The levels that were observed since then are compared
//! with the issued quantiles (probability integral transform: Dawid 1984), and the next forecast of the series becomes
//! wider or narrower, by a factor from 0.7 to 2 (after adaptive conformal inference: Gibbs and Candès 2021).
//!
//! # Result
//!
//! *Expected* is the median date. The 80 % range runs from the 10 % to the 90 % quantile. The order-by date is the 10 %
//! quantile less the lead time: an order on that day comes too late in 10 % of the cases, if the forecast is
//! calibrated. "No date" is a result of its own: [`State`] is `already`, `expected`, `beyond` (the horizon),
//! `not_growing`, `no_limit` or `not_enough_history`.
//!
//! The horizon bounds the printed dates, the levels and the charts. Probabilities, verdicts and plans do not depend on
//! it: a [`Passage`] covers ten years, or the horizon if that is longer.
//!
//! # Guarantees
//!
//! - Nothing is random. The same series and options give the same bytes, whatever the number of threads.
//! - More growth never makes the median later, and a higher limit never makes a date earlier.
//! - Without jumps and with a known drift, the date follows the inverse Gaussian distribution.
//!
//! Tests check all three; the third is checked against simulated walks. The trained constants are in `data/model.json`,
//! and `notebooks/model/` trains them. `notebooks/evaluation.ipynb` reports the accuracy, and where it falls short.

mod bytes_or_inodes;
mod clear_outs;
mod discounted_mean;
mod evidence;
mod fan;
mod gain;
pub(crate) mod outliers;
mod past;

pub(crate) mod backtest;

use jiff::ToSpan;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;
use strum_macros::IntoStaticStr;

use crate::model::json as wire;
use crate::model::schema::Day;
use crate::model::series::{EventKind, EventSource, Identity, Observation, Resource};

mod barrier;
pub(crate) mod cohort;
pub(crate) mod constants;
mod events;
mod forecaster;
mod grid;
pub mod issue;
mod json;
mod normal;
pub(crate) mod passage;
pub(crate) mod plan;
pub(crate) mod pool;
pub(crate) mod record;
mod student;

pub use crate::model::quantiles::Quantiles;
pub use forecaster::Forecaster;
pub use passage::Passage;
pub use plan::Plan;
pub use pool::PooledForecaster;

/// The name and version of the model, written beside each forecast.
pub const MODEL: &str = "one-law-4";

const YEAR: f64 = 365.0;

/// A passage covers at least this many days, whatever the horizon: verdicts and plans ask it.
const LEAST_PASSAGE_DAYS: u32 = 10 * 365;

/// Nothing is planned farther ahead, in days, unless the horizon is longer.
pub(crate) const PLANNING_DAYS: u32 = 3 * 365;

/// The days ahead of the reported probabilities.
const PROBABILITY_DAYS: [u32; 5] = [7, 30, 90, 180, 365];

/// The options of a forecast.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// The horizon in days; a limit that is not reached by then is *beyond*. It bounds dates and levels only.
    pub horizon_days: u32,
    /// The dates of the levels.
    pub level_dates: LevelDates,
}

/// The dates for which a forecast gives levels.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum LevelDates {
    /// Weekly up to the horizon.
    #[default]
    Weekly,
    /// These, as far as they lie ahead and within the horizon.
    On(Vec<Date>),
}

impl LevelDates {
    /// No dates, for a reader of nothing but the date of exhaustion and the growth.
    pub const fn none() -> LevelDates {
        LevelDates::On(Vec::new())
    }
}

impl Default for Options {
    fn default() -> Self {
        Options { horizon_days: 3 * 365, level_dates: LevelDates::Weekly }
    }
}

/// The forecast of a series. Dates are days in UTC.
#[derive(Clone, Debug, PartialEq)]
pub struct Forecast {
    /// The name of the series.
    pub series: String,
    /// What it belongs to.
    pub identity: Identity,
    /// The resource.
    pub resource: Resource,
    /// The day of the last observation, from which days ahead count.
    pub as_of: Date,
    /// The number of observations.
    pub observations: usize,
    /// The days from the first to the last.
    pub history_days: u32,
    /// The last used amount, in units of the resource.
    pub used: f64,
    /// The limit, in units of the resource.
    pub limit: Option<f64>,
    /// The limits to come by announced changes, each from its day on; by date, in units of the resource.
    pub announced: Vec<(Date, f64)>,
    /// Whether the size of the volume moves by itself: the room that is left is then forecast.
    pub size_moves: bool,
    /// Whether `used` was measured for this answer, and not by a scan.
    pub measured_now: bool,
    /// The number of observations that another tool made.
    pub imported: usize,
    /// The factor by which the record of the series' own forecasts widens this one.
    pub spread: f64,
    /// When the volume runs out of bytes or inodes, whichever comes first; `None` unless both are known.
    pub either: Option<Full>,
    /// The state.
    pub state: State,
    /// The distribution; `None` if the history is too short.
    pub outlook: Option<Outlook>,
}

impl Forecast {
    /// The date on which the limit is first reached: the day of the last observation if it is reached already, even if the
    /// history is too short for a forecast. `None` without a limit.
    pub fn exhaustion(&self) -> Option<Quantiles<Option<Date>>> {
        match self.state {
            State::Already => Some(Quantiles::from_fn(|_| Some(self.as_of))),
            State::NoLimit => None,
            _ => self.outlook.as_ref().map(|outlook| outlook.exhaustion),
        }
    }

    /// The median of [`Forecast::exhaustion`]; `None` beyond the horizon.
    pub fn expected(&self) -> Option<Date> {
        self.exhaustion()?.p50
    }

    /// The whole days from the last observation until the limit is reached with probability `p`, whatever the horizon: 0 if
    /// it is reached already. `None` if they are beyond ten years and the horizon, if it does not grow, or if they are not
    /// known.
    pub fn days_to_full(&self, p: f64) -> Option<u32> {
        match self.state {
            State::Already => Some(0),
            State::NoLimit | State::NotGrowing => None,
            _ => self.outlook.as_ref().and_then(|outlook| outlook.passage.whole_days(p)),
        }
    }

    /// The share of the limit in use: 1 of a limit of nothing. `None` without a limit.
    pub fn used_share(&self) -> Option<f64> {
        self.limit.map(|limit| if limit > 0.0 { self.used / limit } else { 1.0 })
    }

    /// The limit on a day after the last observation.
    pub fn limit_on(&self, day: Date) -> Option<f64> {
        let announced = self.announced.iter().rev().find(|(from, _)| *from <= day);
        announced.map(|(_, limit)| *limit).or(self.limit)
    }

    /// The median date within three years, whatever the horizon.
    pub fn planning_date(&self) -> Option<Date> {
        let days = self.days_to_full(0.5).filter(|&days| days <= PLANNING_DAYS)?;
        self.as_of.checked_add(i64::from(days).days()).ok()
    }

    /// The probability that the limit is reached within the usual times: 1 if it is reached already; empty without a limit.
    pub fn probability(&self) -> Vec<Probability> {
        match (self.state, &self.outlook) {
            (State::NoLimit, _) => Vec::new(),
            (State::Already, _) => PROBABILITY_DAYS.map(|days| Probability { days, p: 1.0 }).to_vec(),
            (_, outlook) => outlook.as_ref().map_or_else(Vec::new, |outlook| outlook.probability.clone()),
        }
    }
}

/// The state of a forecast.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum State {
    /// The limit is reached.
    Already,
    /// The median date lies within the horizon.
    Expected,
    /// The median date lies beyond the horizon, but there is growth.
    Beyond,
    /// It does not grow, and has no median date.
    NotGrowing,
    /// There is no limit.
    NoLimit,
    /// There are too few observations, or they span too few days.
    NotEnoughHistory {
        /// The present history.
        have: HistoryLength,
        /// The needed history.
        need: HistoryLength,
    },
}

impl State {
    /// The words of all states.
    pub(crate) const WORDS: [&str; 6] =
        ["already", "expected", "beyond", "not_growing", "no_limit", "not_enough_history"];

    /// The word in JSON, one of `State::WORDS`.
    pub fn word(self) -> &'static str {
        self.into()
    }
}

/// The length of a history.
#[derive(Clone, Copy, Debug, PartialEq, Eq, JsonSchema, Serialize)]
pub struct HistoryLength {
    /// The number of observations.
    pub observations: usize,
    /// Days from the first to the last.
    pub days: u32,
}

/// The distribution of the exhaustion.
#[derive(Clone, Debug, PartialEq, JsonSchema, Serialize)]
pub struct Full {
    /// The date; `None` beyond the horizon.
    #[schemars(with = "Quantiles<Option<Day>>")]
    pub exhaustion: Quantiles<Option<Date>>,
    /// The probability of exhaustion within some times.
    pub probability: Vec<Probability>,
    /// The source of both.
    #[serde(skip)]
    pub passage: Passage,
}

/// The distribution of dates and levels.
#[derive(Clone, Debug, PartialEq)]
pub struct Outlook {
    /// The date on which the limit is first reached; `None` beyond the horizon.
    pub exhaustion: Quantiles<Option<Date>>,
    /// The source of the dates and probabilities.
    pub passage: Passage,
    /// The probability of reaching the limit within some times.
    pub probability: Vec<Probability>,
    /// The future levels, without the limit, by date.
    pub level: Vec<Level>,
    /// The growth a day, in units of the resource.
    pub growth_per_day: Growth,
    /// What the level does.
    pub trend: Trend,
    /// Whether it has a median date, and earlier ones to plan by: what grows has, and what stands still nearly full. What
    /// happens to others may fill any other store too, but nothing follows from that.
    pub has_dates: bool,
    /// The outliers among the observations, which do not count.
    pub left_out: Vec<Observation>,
    /// The days between regular clear-outs, if there are any: the peaks before them are forecast.
    pub clear_outs: Option<f64>,
    /// The events removed from the growth, by date.
    pub events: Vec<Event>,
    /// The reason for the width of the range, a sentence, if the ages of the mail are the only evidence.
    pub reason: Option<String>,
}

/// What a level does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trend {
    /// It rose at some time, and does not shrink for certain.
    Grows,
    /// It never rose.
    StandsStill,
    /// It shrinks for certain, or only shrank so far.
    Shrinks,
}

/// The probability of reaching the limit within some days.
#[derive(Clone, Copy, Debug, PartialEq, JsonSchema, Serialize)]
pub struct Probability {
    /// Days after the last observation.
    pub days: u32,
    /// From 0 to 1.
    pub p: f64,
}

/// The level at a future date, in units of the resource.
#[derive(Clone, Copy, Debug, PartialEq, JsonSchema, Serialize)]
pub struct Level {
    /// The date.
    #[schemars(with = "Day")]
    pub date: Date,
    /// The used amount.
    #[serde(flatten, serialize_with = "wire::whole_quantiles")]
    #[schemars(with = "Quantiles<u64>")]
    pub used: Quantiles<f64>,
}

/// The growth a day, in units of the resource.
#[derive(Clone, Copy, Debug, PartialEq, JsonSchema, Serialize)]
pub struct Growth {
    /// The 10 % quantile.
    #[serde(serialize_with = "wire::whole_signed")]
    #[schemars(with = "i64")]
    pub p10: f64,
    /// The median.
    #[serde(serialize_with = "wire::whole_signed")]
    #[schemars(with = "i64")]
    pub p50: f64,
    /// The 90 % quantile.
    #[serde(serialize_with = "wire::whole_signed")]
    #[schemars(with = "i64")]
    pub p90: f64,
}

/// A change other than growth: an import, a purge, a migration.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Event {
    /// The first day on which the change was observed.
    pub date: Date,
    /// The added amount, negative if removed, in units of the resource.
    pub size: f64,
    /// A step, unless more is known.
    pub kind: EventKind,
    /// Who reported it; `None` if it was detected by its size.
    pub source: Option<EventSource>,
}

impl Event {
    /// The words of all kinds.
    pub(crate) const WORDS: [&str; 5] = ["import", "purge", "step_up", "step_down", "capacity"];

    /// The word in JSON, one of `Event::WORDS`; a step by its direction.
    pub fn word(&self) -> &'static str {
        match self.kind {
            EventKind::Step if self.size < 0.0 => "step_down",
            EventKind::Step => "step_up",
            known => known.word(),
        }
    }
}
