//! The JSON of each command.

pub(crate) mod backtest;
pub mod forecast;
pub mod report;
pub mod scan;
pub mod whatif;
pub mod window;
