//! The JSON of answers that differs from the types behind it.

pub(crate) mod backtest;
pub mod forecast;
pub(crate) mod report;
pub mod whatif;
pub mod window;
