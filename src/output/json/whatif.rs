//! Scenarios as JSON: the forecast under each, beside what the scenario changes.

use jiff::civil::Date;
use serde::{Serialize, Serializer};

use crate::forecast::Forecast;
use crate::model::json;
use crate::planning::whatif::{Comparison, Delay, ScenarioForecast};

/// What a scenario changes.
#[derive(Serialize)]
pub(crate) struct ScenarioJson<'a> {
    /// `null` for the forecast without changes.
    scenario: Option<&'a str>,
    limits: Vec<LimitJson>,
    full_within_lead_time: Option<f64>,
    #[serde(serialize_with = "json::whole")]
    frees: f64,
    #[serde(serialize_with = "delay")]
    buys: Delay,
    #[serde(serialize_with = "delay")]
    buys_at_least: Delay,
    basis: &'a [String],
}

#[derive(Serialize)]
struct LimitJson {
    from: Date,
    #[serde(serialize_with = "json::whole")]
    limit: f64,
}

/// `exact` is false for a lower bound: one of the two dates lies beyond the horizon.
#[derive(Serialize)]
struct DelayJson {
    weeks: f64,
    exact: bool,
}

#[derive(Serialize)]
struct LineJson<'a> {
    #[serde(flatten)]
    forecast: &'a Forecast,
    #[serde(flatten)]
    scenario: ScenarioJson<'a>,
}

fn delay<S: Serializer>(delay: &Delay, serializer: S) -> Result<S::Ok, S::Error> {
    let tenths = |weeks: f64| (weeks * 10.0).round() / 10.0;
    let delay = match *delay {
        Delay::Weeks(weeks) => Some(DelayJson { weeks: tenths(weeks), exact: true }),
        Delay::AtLeast(weeks) => Some(DelayJson { weeks: tenths(weeks), exact: false }),
        Delay::EarlierByAtLeast(weeks) => Some(DelayJson { weeks: -tenths(weeks), exact: false }),
        Delay::Beyond | Delay::Unknown => None,
    };
    delay.serialize(serializer)
}

/// The forecasts of a comparison, the one without changes first.
pub(crate) fn rows(comparison: &Comparison) -> impl Iterator<Item = (&ScenarioForecast, ScenarioJson<'_>)> {
    comparison.computed().enumerate().map(|(index, row)| (row, scenario(row, index > 0)))
}

fn scenario(row: &ScenarioForecast, is_scenario: bool) -> ScenarioJson<'_> {
    let delay = |delay| if is_scenario { delay } else { Delay::Unknown };
    ScenarioJson {
        scenario: is_scenario.then_some(row.name.as_str()),
        limits: row.limits.iter().map(|&(from, limit)| LimitJson { from, limit }).collect(),
        full_within_lead_time: row.full_within_lead_time,
        frees: row.at_once,
        buys: delay(row.delay),
        buys_at_least: delay(row.delay_p10),
        basis: &row.basis,
    }
}

/// One line for each scenario that could be computed, each with its end; the forecast without changes first.
pub fn lines(comparison: &Comparison) -> String {
    let line =
        |(row, scenario): (&ScenarioForecast, _)| json::line(&LineJson { forecast: &row.forecast, scenario }) + "\n";
    rows(comparison).map(line).collect()
}
