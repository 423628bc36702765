//! The documents that commands print.

pub(crate) mod backtest;
pub(crate) mod explain;
pub mod forecast;
pub(crate) mod history;
pub(crate) mod imports;
pub(crate) mod quotas;
pub(crate) mod removal;
pub mod report;
pub mod scan;
pub(crate) mod settings;
pub mod whatif;
pub mod window;

use jiff::civil::Date;

use crate::model::{bytes::Units, days::Days};
use crate::planning::verdict::Policy;

/// How an answer is shown and judged.
#[derive(Clone, Copy, Debug)]
pub struct ViewOptions {
    /// The units of sizes.
    pub units: Units,
    /// The horizon of the forecasts.
    pub horizon: Days,
    /// The policy of the verdicts.
    pub policy: Policy,
    /// The date as of which forecasts are judged.
    pub today: Date,
}
