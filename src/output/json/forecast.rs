//! A forecast with its verdict as a line of JSON.

use serde::Serialize;

use crate::forecast::Forecast;
use crate::model::json;
use crate::output::view::ViewOptions;
use crate::planning::verdict::{self, Verdict};

#[derive(Serialize)]
struct Line<'a> {
    #[serde(flatten)]
    forecast: &'a Forecast,
    #[serde(flatten)]
    verdict: Verdict,
    lead_time_days: u32,
}

/// A line for each forecast.
pub fn lines(forecasts: &[Forecast], options: &ViewOptions) -> String {
    json::lines(forecasts.iter().map(|forecast| Line {
        forecast,
        verdict: verdict::judge(forecast, &options.policy, options.today),
        lead_time_days: options.policy.lead_time.0,
    }))
}
