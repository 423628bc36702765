//! A forecast as it was issued: what it said, apart from how it came to say so.

use jiff::civil::Date;

use crate::model::quantiles::Quantiles;
use crate::model::series::Resource;

/// The days ahead at which the record keeps the level: a week, and four, thirteen, twenty-six and fifty-two of them.
pub const LEVEL_DAYS: [u32; 5] = [7, 28, 91, 182, 364];

/// A forecast as it was issued. Amounts are in units of the resource.
#[derive(Clone, Debug, PartialEq)]
pub struct IssuedForecast {
    /// The name of the series.
    pub series: String,
    /// What is counted.
    pub resource: Resource,
    /// The day of the last observation, in UTC, from which days ahead are counted.
    pub as_of: Date,
    /// The name and version of the model.
    pub model: String,
    /// What was in use.
    pub used: f64,
    /// What there was at most.
    pub limit: Option<f64>,
    /// How far ahead was looked, in days.
    pub horizon_days: u32,
    /// By how much wider it is than the model alone would have it.
    pub spread: f64,
    /// The days to exhaustion; `None` where they lie beyond the horizon, all of them where there was no limit.
    pub exhaustion_days: Quantiles<Option<u32>>,
    /// The levels at [`LEVEL_DAYS`], as far as the horizon reaches.
    pub levels: Vec<IssuedLevel>,
}

/// The level that was forecast for one day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct IssuedLevel {
    /// Days ahead.
    pub days: u32,
    /// How much would be in use then.
    pub used: Quantiles<f64>,
}
