//! A forecast as it was issued.

use jiff::civil::Date;

use crate::model::{numbers::counted, quantiles::Quantiles, series::Resource};

/// The days ahead whose levels are recorded: 1, 4, 13, 26 and 52 weeks.
pub const LEVEL_DAYS: [u32; 5] = [7, 28, 91, 182, 364];

/// One of [`LEVEL_DAYS`] in words.
pub(crate) fn ahead(days: u32) -> String {
    let (number, unit) = match days {
        days if days % 364 == 0 => (days / 364, "year"),
        days if days % 91 == 0 => (days / 91 * 3, "month"),
        days => (days / 7, "week"),
    };
    counted(number.into(), unit)
}

/// A forecast as it was issued. Amounts are in units of the resource.
#[derive(Clone, Debug, PartialEq)]
pub struct IssuedForecast {
    /// The name of the series.
    pub series: String,
    /// The resource.
    pub resource: Resource,
    /// The day of the last observation, in UTC, from which days ahead are counted.
    pub as_of: Date,
    /// The name and version of the model.
    pub model: String,
    /// The last observation.
    pub used: f64,
    /// The limit, if there was one.
    pub limit: Option<f64>,
    /// The horizon in days.
    pub horizon_days: u32,
    /// The factor by which the calibration widened the model's range.
    pub spread: f64,
    /// The days to exhaustion; `None` beyond the horizon, or if there was no limit.
    pub exhaustion_days: Quantiles<Option<u32>>,
    /// The levels at [`LEVEL_DAYS`], as far as the horizon reaches.
    pub levels: Vec<IssuedLevel>,
}

/// The level forecast for one day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct IssuedLevel {
    /// Days ahead.
    pub days: u32,
    /// The amount in use then.
    pub used: Quantiles<f64>,
}
