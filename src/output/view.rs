//! The document of each command's answer.

pub(crate) mod backtest;
pub(crate) mod explain;
pub mod forecast;
pub(crate) mod history;
pub(crate) mod quotas;
pub mod report;
pub mod scan;
pub mod whatif;
pub mod window;

use jiff::civil::Date;

use crate::model::bytes::Units;
use crate::model::days::Days;
use crate::planning::verdict::Policy;

/// What a view needs beside the answer itself.
#[derive(Clone, Copy, Debug)]
pub struct ViewOptions {
    /// How sizes are written.
    pub units: Units,
    /// How far ahead the forecasts look.
    pub horizon: Days,
    /// The thresholds by which forecasts are judged.
    pub policy: Policy,
    /// The day as of which forecasts are judged.
    pub today: Date,
}
