//! Backtests: forecasts at past days of a series, scored against the later observations.
//!
//! At each rolling origin (Tashman 2000), the forecaster sees only what was known on that day. Two straight lines answer the
//! same questions, which shows the value of the forecaster.

mod case;
mod chance;
mod line;
mod origins;
pub(crate) mod outcomes;
pub(crate) mod score;

use jiff::civil::Date;
use rayon::prelude::*;

use crate::forecast::{Forecaster, HistoryLength, State, grid::span_days};
use crate::model::series::{Identity, Resource, Series};
use crate::model::{dates::utc_day, days::Days};
use case::{DateCase, LevelCase};

/// A method of forecasting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Who {
    /// The forecaster of this program.
    Mailrunway,
    /// The least squares line through all observations.
    Line,
    /// The same over the last 30 days, the usual use of Prometheus' `predict_linear`.
    RecentLine,
}

impl Who {
    /// All methods, in the order of the answers.
    pub(crate) const ALL: [Who; 3] = [Who::Mailrunway, Who::Line, Who::RecentLine];

    /// The name for a reader.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Who::Mailrunway => "mailrunway",
            Who::Line => "straight line",
            Who::RecentLine => "line of 30 days",
        }
    }
}

/// The options of a backtest.
#[derive(Clone, Debug)]
pub(crate) struct Setup {
    /// The forecaster; its dates of levels are replaced.
    pub forecaster: Forecaster,
    /// Least time between two origins.
    pub every: Days,
    /// Longest time from the first origin to the last observation; `None`: the whole history.
    pub last: Option<Days>,
}

/// The backtest of one series.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Backtest {
    /// The name of the series.
    pub series: String,
    /// What it belongs to.
    pub identity: Identity,
    /// The resource.
    pub resource: Resource,
    /// The days of the forecasts, ascending; at least one.
    pub origins: Vec<Date>,
    /// The cases of dates.
    pub dates: Vec<DateCase>,
    /// The cases of levels.
    pub levels: Vec<LevelCase>,
}

/// The series is too short for a backtest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TooShort {
    /// The name of the series.
    pub series: String,
    /// What it belongs to.
    pub identity: Identity,
    /// The resource.
    pub resource: Resource,
    /// The present history.
    pub have: HistoryLength,
    /// The needed history.
    pub need: HistoryLength,
}

/// Forecasts a series at past days and compares with the later observations.
///
/// # Errors
/// If there is no day with enough history before it and enough after it.
pub(crate) fn run(series: &Series, setup: &Setup) -> Result<Backtest, TooShort> {
    let series = &*series.above_zero();
    let need = needed(series, &setup.forecaster);
    let days = origins::days(&series.observations, need, setup.every, setup.last);
    let asked: Vec<case::Asked> = days.par_iter().filter_map(|&at| case::ask(series, at, &setup.forecaster)).collect();
    let origins: Vec<Date> = asked.iter().map(|asked| asked.origin).collect();
    let (dates, levels): (Vec<_>, Vec<_>) = asked.into_iter().map(|asked| (asked.dates, asked.levels)).unzip();
    let backtest = Backtest {
        series: series.name.clone(),
        identity: series.identity.clone(),
        resource: series.resource,
        origins,
        dates: dates.concat(),
        levels: levels.concat(),
    };
    if backtest.dates.is_empty() && backtest.levels.is_empty() {
        let days = span_days(&series.observations);
        let have = HistoryLength { observations: series.observations.len(), days };
        // One more observation at the nearest level ahead.
        let need = HistoryLength { observations: need.observations + 1, days: need.days + case::LEVEL_DAYS[0] };
        return Err(TooShort {
            series: series.name.clone(),
            identity: series.identity.clone(),
            resource: series.resource,
            have,
            need,
        });
    }
    Ok(backtest)
}

/// The history that the forecaster needs, by its own answer to a series that is too short.
fn needed(series: &Series, forecaster: &Forecaster) -> HistoryLength {
    let mut shortest = Series { limit: None, limits: Vec::new(), ages: Vec::new(), ..series.clone() };
    shortest.observations.truncate(1);
    match forecaster.forecast_all(&[shortest]).first().map(|forecast| forecast.state) {
        Some(State::NotEnoughHistory { need, .. }) => need,
        _ => HistoryLength { observations: 1, days: 0 },
    }
}

/// The first and the last origin of backtests; `None` without one.
pub(crate) fn span(backtests: &[&Backtest]) -> Option<(Date, Date)> {
    let all = || backtests.iter().flat_map(|backtest| &backtest.origins).copied();
    all().min().zip(all().max())
}
