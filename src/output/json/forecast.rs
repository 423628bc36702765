//! A forecast with its verdict as a line of JSON.

use jiff::civil::Date;
use serde::Serialize;

use crate::forecast::Forecast;
use crate::model::json;
use crate::output::view::ViewOptions;
use crate::planning::verdict::{self, Status};

#[derive(Serialize)]
struct Line<'a> {
    #[serde(flatten)]
    forecast: &'a Forecast,
    status: Status,
    /// The reason for the status.
    reason: String,
    order_by: Option<Date>,
    p_full_within_lead_time: Option<f64>,
    lead_time_days: u32,
}

/// A line for each forecast.
pub fn lines(forecasts: &[Forecast], options: &ViewOptions) -> String {
    json::lines(forecasts.iter().map(|forecast| {
        let verdict = verdict::judge(forecast, &options.policy, options.today);
        Line {
            forecast,
            status: verdict.status,
            reason: verdict.reason,
            order_by: verdict.order_by,
            p_full_within_lead_time: verdict.full_within_lead_time,
            lead_time_days: options.policy.lead_time.0,
        }
    }))
}
