//! A forecast with its verdict as a line of JSON.

use schemars::JsonSchema;
use serde::Serialize;

use crate::forecast::Forecast;
use crate::model::json;
use crate::output::view::ViewOptions;
use crate::planning::verdict::{self, Verdict};

/// The forecast of one resource of a series, with its verdict.
#[derive(JsonSchema, Serialize)]
pub(crate) struct ForecastLine<'a> {
    #[serde(flatten)]
    forecast: &'a Forecast,
    #[serde(flatten)]
    verdict: Verdict,
    /// The time it takes to get more space, in days.
    lead_time_days: u32,
}

/// A line for each forecast.
pub fn lines(forecasts: &[Forecast], options: &ViewOptions) -> String {
    json::lines(forecasts.iter().map(|forecast| ForecastLine {
        forecast,
        verdict: verdict::judge(forecast, &options.policy, options.today),
        lead_time_days: options.policy.lead_time.0,
    }))
}
