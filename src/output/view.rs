//! The document of each command's answer.

pub(crate) mod backtest;
pub mod report;
pub mod scan;
pub mod whatif;
pub mod window;
