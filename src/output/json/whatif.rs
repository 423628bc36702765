//! Scenarios as JSON: the forecast under each, beside what the scenario changes.

use serde::Serialize;

use crate::forecast::Forecast;
use crate::model::json;
use crate::planning::whatif::{Comparison, ScenarioForecast};

#[derive(Serialize)]
struct Row<'a> {
    #[serde(flatten)]
    forecast: &'a Forecast,
    #[serde(flatten)]
    scenario: &'a ScenarioForecast,
}

/// A line for each scenario that could be computed, the forecast without changes first.
pub fn lines(comparison: &Comparison) -> String {
    json::lines(comparison.computed().map(|scenario| Row { forecast: &scenario.forecast, scenario }))
}
