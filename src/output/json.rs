//! The JSON of answers that differs from the types behind it, and the schemas of all.

pub(crate) mod backtest;
pub mod forecast;
pub(crate) mod names;
pub(crate) mod removal;
pub(crate) mod report;
pub(crate) mod schemas;
pub mod whatif;
pub mod window;
