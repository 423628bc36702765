//! How good forecasts would have been on the past of a series: made anew at days of it, and scored against what came.
//!
//! Rolling origins (Tashman 2000): at each the forecaster sees what was known on that day and no more. Beside it two
//! straight lines are asked the same, so that a reader sees what the forecaster is worth to them.

mod case;
mod chance;
mod line;
mod origins;
pub(crate) mod reliability;
pub(crate) mod score;

use jiff::civil::Date;
use rayon::prelude::*;

use crate::forecast::grid::span_days;
use crate::forecast::{Forecaster, HistoryLength, State};
use crate::model::dates::utc_day;
use crate::model::days::Days;
use crate::model::series::{Resource, Series};
use case::{DateCase, LevelCase};

/// Who answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Who {
    /// The forecaster of this program.
    Mailrunway,
    /// The straight line of least squares over all that was seen.
    Line,
    /// The same over the last 30 days, which is what Prometheus' `predict_linear` is used for.
    RecentLine,
}

impl Who {
    /// All, in the order in which answers are kept and told.
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

/// What is asked of a backtest.
#[derive(Clone, Debug)]
pub(crate) struct Setup {
    /// What forecasts; the dates of levels are chosen here.
    pub forecaster: Forecaster,
    /// At least so long from one origin to the next.
    pub every: Days,
    /// How far before the last observation the first origin may lie; `None`: as far as the history reaches.
    pub last: Option<Days>,
}

/// What became of the forecasts of one series.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Backtest {
    /// The name of the series.
    pub series: String,
    /// What is counted.
    pub resource: Resource,
    /// The days on which forecasts were made, ascending; there is at least one.
    pub origins: Vec<Date>,
    /// What was asked of the date on which a limit is reached.
    pub dates: Vec<DateCase>,
    /// What was asked of the level.
    pub levels: Vec<LevelCase>,
}

/// A series has no past that a forecast could be compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TooShort {
    /// The name of the series.
    pub series: String,
    /// What is counted.
    pub resource: Resource,
    /// What there is.
    pub have: HistoryLength,
    /// What it takes.
    pub need: HistoryLength,
}

/// Forecasts a series at days of its past, and keeps the answers beside what came.
///
/// # Errors
/// If there is no day with enough history before it and enough after it.
pub(crate) fn run(series: &Series, setup: &Setup) -> Result<Backtest, TooShort> {
    let need = needed(series, &setup.forecaster);
    let days = origins::days(&series.observations, need, setup.every, setup.last);
    let asked: Vec<case::Asked> = days.par_iter().filter_map(|&at| case::ask(series, at, &setup.forecaster)).collect();
    let origins: Vec<Date> = asked.iter().map(|asked| asked.origin).collect();
    let (dates, levels): (Vec<_>, Vec<_>) = asked.into_iter().map(|asked| (asked.dates, asked.levels)).unzip();
    let backtest = Backtest {
        series: series.name.clone(),
        resource: series.resource,
        origins,
        dates: dates.concat(),
        levels: levels.concat(),
    };
    if backtest.dates.is_empty() && backtest.levels.is_empty() {
        let days = span_days(&series.observations);
        let have = HistoryLength { observations: series.observations.len(), days };
        // One observation more, so far ahead as the nearest level is asked for.
        let need = HistoryLength { observations: need.observations + 1, days: need.days + case::LEVEL_DAYS[0] };
        return Err(TooShort { series: series.name.clone(), resource: series.resource, have, need });
    }
    Ok(backtest)
}

/// What the forecaster needs of levels: it tells so itself of a series that is too short.
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
