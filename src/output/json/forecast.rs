//! A forecast as JSON.

use crate::forecast::Forecast;
use crate::model::json;

/// The forecast as JSON on one line, without the line's end.
pub fn line(forecast: &Forecast) -> String {
    json::line(forecast)
}

/// Each forecast as a line of JSON, with its line end.
pub(crate) fn lines(forecasts: &[Forecast]) -> String {
    forecasts.iter().map(|forecast| line(forecast) + "\n").collect()
}
