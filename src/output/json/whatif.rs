//! Scenarios as JSON: the forecast under each, beside what the scenario changes.

use schemars::JsonSchema;
use serde::Serialize;

use crate::forecast::Forecast;
use crate::model::days::Days;
use crate::model::json;
use crate::planning::whatif::{Comparison, ScenarioForecast};

/// The forecast of one resource of a series under a scenario, with its verdict; the first is without changes.
#[derive(JsonSchema, Serialize)]
pub(crate) struct ScenarioLine<'a> {
    #[serde(flatten)]
    forecast: &'a Forecast,
    #[serde(flatten)]
    scenario: &'a ScenarioForecast,
    /// The time it takes to get more space, in days.
    lead_time_days: u32,
}

/// A line for each scenario that could be computed.
pub fn lines(comparison: &Comparison, lead_time: Days) -> String {
    json::lines(comparison.computed().map(|scenario| ScenarioLine {
        forecast: &scenario.forecast,
        scenario,
        lead_time_days: lead_time.0,
    }))
}
