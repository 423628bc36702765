//! Forecasts the day on which a mail store is full.
//!
//! From the top: [`scan::scan`] walks mail stores and returns a [`snapshot::Snapshot`]; [`history::History`] keeps
//! snapshots and answers with [`series::Series`]; a [`forecast::Forecaster`] turns a series into a
//! [`forecast::Forecast`], the distribution of the day on which its limit is reached; [`verdict::judge`] says what
//! that means under a policy; [`report`] and [`chart`] show it, and [`backtest`] says how good that would have been.
#![warn(missing_docs, unreachable_pub)]

pub(crate) mod cli;
pub mod commands;
pub mod forecast;
pub mod history;
pub mod model;
pub mod output;
pub mod planning;
pub mod scan;
pub mod settings;
pub(crate) mod store;
