//! Forecasts a series: the distribution of the day on which it reaches its limit, and of its level until then.
//!
//! # Method
//!
//! **Observations.** The history is read on a weekly grid, back from the last observation. Weeks average out the
//! weekday pattern, and on daily series simple methods win anyway (M4: Makridakis et al. 2020). An observation far
//! outside both of its neighbours is an outlier, such as a volume that was not mounted, and is dropped. A newest
//! observation that is out of all proportion is ignored until the next one confirms it.
//!
//! **Events.** A weekly change is a level shift if it is more than six robust standard deviations from the median
//! change (Hampel 1974) and larger than 2 % of the level. A migration that the message dates reveal, and a declared
//! import, purge or step, is an event whatever its size. Events are removed from the growth and kept as a risk of
//! further events. Discounted means (Brown 1963) with an effective sample size (Kish 1965) estimate the growth.
//!
//! **The date.** Two models give the probability that the free space is used up within a number of days, and are mixed
//! (Bates and Granger 1969):
//!
//! - *The trained model* has constants that were fitted on other stores. Growth is log-normal about the recent rate,
//!   with a wider normal for the tails (Tukey 1960). Its variance depends on the length of the history, the scatter of
//!   the weeks, the horizon, and the errors that the same rate would have made in the past of the series
//!   (self-backtest).
//! - *The fitted model* takes nearly everything from the series: first passage of Brownian motion (Kumar and Chamness
//!   2018), here with an uncertain drift. The error of the drift has a Student t distribution and grows with the
//!   horizon. A shrinking series uses this model alone.
//!
//! Both models add jumps, such as an import or a new department: a compound Poisson process (Cramér 1930) whose sizes
//! scale with the level.
//!
//! A neural network with one hidden layer (Rumelhart, Hinton and Williams 1986; Montero-Manso et al. 2020) adjusts the
//! rate, the variance and the jumps of the trained model, and the weights of the mixture. It sees features of the
//! history: length, scatter, changes of growth, and errors in the self-backtest. It sees neither the limit nor the
//! growth rate nor the size. Its adjustments are bounded.
//!
//! A series that rose before and has been silent for about a month or more uses a waiting time until growth resumes,
//! whatever its earlier rate. Then the passage times of the series' own past are mixed in: how long it took from each
//! past week to gain as much. A start whose passage is not complete is censored, and continues by the model (Efron
//! 1967).
//!
//! **The level.** The level has a distribution of its own: a mixture of the trained growth model, the mean and scatter
//! of the series' own weeks (as resampling would give: Penz 2011), and the recent drift with a Student t error,
//! together with silence, jumps and falls. Date and level were trained separately. From the levels alone, the
//! probability that the limit is reached by a day is never more than 2 percentage points below the probability that the
//! level lies above it on that day; the ages of the mail and the calibration come after that.
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
//! `not_growing` or `not_enough_history`.
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
mod discounted_mean;
mod empirical_passages;
mod evidence;
mod growth_law;
mod network;
pub(crate) mod outliers;
mod self_backtest;
mod weekly_history;

pub(crate) mod backtest;

use jiff::civil::Date;
use serde::Serialize;

use crate::model::json as wire;
use crate::model::series::{EventKind, EventSource, Resource};

mod barrier;
pub(crate) mod cohort;
pub(crate) mod constants;
mod date;
mod events;
mod features;
mod forecaster;
mod grid;
pub mod issue;
mod json;
mod level;
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

/// The name and version of the model, as it is written beside each answer.
pub const MODEL: &str = "pooled-motion-3";

/// Days of a year.
const YEAR: f64 = 365.0;

/// The days ahead for which a probability is told.
const PROBABILITY_DAYS: [u32; 5] = [7, 30, 90, 180, 365];

/// What is asked of a forecast.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// How far ahead is looked, in days; what is not reached by then is *beyond*.
    pub horizon_days: u32,
    /// The dates at which levels are told, where they lie ahead and within the horizon; empty: weekly, until the horizon
    /// is covered.
    pub level_dates: Vec<Date>,
}

impl Default for Options {
    fn default() -> Self {
        Options { horizon_days: 3 * 365, level_dates: Vec::new() }
    }
}

/// What is known of the exhaustion of one series. Dates are days in UTC.
#[derive(Clone, Debug, PartialEq)]
pub struct Forecast {
    /// The name of the series.
    pub series: String,
    /// What is counted.
    pub resource: Resource,
    /// The day of the last observation, from which days ahead are counted.
    pub as_of: Date,
    /// How many observations there are.
    pub observations: usize,
    /// What was in use last, in units of the resource.
    pub used: f64,
    /// What there is at most, in units of the resource.
    pub limit: Option<f64>,
    /// By how much wider the answer is than the model alone would have it: by the record of the series' own forecasts.
    pub spread: f64,
    /// When the series is full by bytes or by inodes, whichever comes first, where both are known.
    pub either: Option<Full>,
    /// The answer in a word.
    pub state: State,
    /// The distribution, where the history was long enough for one.
    pub outlook: Option<Outlook>,
}

impl Forecast {
    /// The date on which the limit is first reached; of a series that stands there the day of the last observation, even
    /// where its history is too short for more.
    pub fn exhaustion(&self) -> Option<Quantiles<Option<Date>>> {
        match self.state {
            State::Already => Some(Quantiles::from_fn(|_| Some(self.as_of))),
            _ => self.outlook.as_ref().map(|outlook| outlook.exhaustion),
        }
    }

    /// The median of [`Forecast::exhaustion`]: the day on which the limit is expected to be reached; `None` beyond the
    /// horizon.
    pub fn expected(&self) -> Option<Date> {
        self.exhaustion()?.p50
    }

    /// The probability that the limit is reached within the usual times; certain of a series that stands there.
    pub fn probability(&self) -> Vec<Probability> {
        match (self.state, &self.outlook) {
            (State::Already, _) => PROBABILITY_DAYS.map(|days| Probability { days, p: 1.0 }).to_vec(),
            (_, outlook) => outlook.as_ref().map_or_else(Vec::new, |outlook| outlook.probability.clone()),
        }
    }
}

/// The answer in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// The limit is reached.
    Already,
    /// The median date lies within the horizon.
    Expected,
    /// The median date lies beyond the horizon, although there is growth.
    Beyond,
    /// The median growth is not above zero, and the median date lies beyond the horizon.
    NotGrowing,
    /// There are too few observations, or they span too short a time.
    NotEnoughHistory {
        /// What there is.
        have: HistoryLength,
        /// What it takes.
        need: HistoryLength,
    },
}

impl State {
    /// The state as the JSON calls it.
    pub fn word(self) -> &'static str {
        match self {
            State::Already => "already",
            State::Expected => "expected",
            State::Beyond => "beyond",
            State::NotGrowing => "not_growing",
            State::NotEnoughHistory { .. } => "not_enough_history",
        }
    }
}

/// How much history there is, or has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct HistoryLength {
    /// How many observations.
    pub observations: usize,
    /// How many days from the first to the last.
    pub days: u32,
}

/// When something is full.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Full {
    /// The date; `None` where it lies beyond the horizon.
    pub exhaustion: Quantiles<Option<Date>>,
    /// The probability that it is full within so many days.
    pub probability: Vec<Probability>,
    /// The distribution that both are read from.
    #[serde(skip)]
    pub passage: Passage,
}

/// The distribution of what is to come.
#[derive(Clone, Debug, PartialEq)]
pub struct Outlook {
    /// The date on which the limit is first reached; `None` where that lies beyond the horizon.
    pub exhaustion: Quantiles<Option<Date>>,
    /// The times at which the limit is reached, from which the dates and probabilities are read.
    pub passage: Passage,
    /// The probability that the limit is reached within so many days.
    pub probability: Vec<Probability>,
    /// The level to come, not stopped by the limit, in ascending order of dates.
    pub level: Vec<Level>,
    /// The growth a day, in units of the resource.
    pub growth_per_day: Growth,
    /// What was found to be no growth, in ascending order of dates.
    pub events: Vec<Event>,
    /// What decided the range, in a sentence, where there is no history yet and only the ages of the mail speak.
    pub reason: Option<String>,
}

/// The probability that the limit is reached within so many days.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Probability {
    /// Days after the last observation.
    pub days: u32,
    /// From 0 to 1.
    pub p: f64,
}

/// The level at one date to come, in units of the resource.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Level {
    /// The date.
    pub date: Date,
    /// How much is in use then.
    #[serde(flatten, serialize_with = "wire::whole_quantiles")]
    pub used: Quantiles<f64>,
}

/// The growth a day, in units of the resource.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[allow(missing_docs, reason = "the names are the meaning")]
pub struct Growth {
    #[serde(serialize_with = "wire::whole_signed")]
    pub p10: f64,
    #[serde(serialize_with = "wire::whole_signed")]
    pub p50: f64,
    #[serde(serialize_with = "wire::whole_signed")]
    pub p90: f64,
}

/// A change that was no growth: an import, a purge, a migration.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Event {
    /// The first day on which the change was seen.
    pub date: Date,
    /// What it added, or removed if negative, in units of the resource.
    pub size: f64,
    /// What happened: a step, unless more is known.
    pub kind: EventKind,
    /// Who knows of it; `None` if nothing but the size tells that it was no growth.
    pub source: Option<EventSource>,
}

impl Event {
    /// What happened in a word, as JSON has it.
    pub fn word(&self) -> &'static str {
        match self.kind {
            EventKind::Step if self.size < 0.0 => "step_down",
            EventKind::Step => "step_up",
            known => known.word(),
        }
    }
}
