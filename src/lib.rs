//! Forecasts the day on which a mail store is full.
//!
//! From the top: [`scan::scan`] walks mail stores and returns a [`snapshot::Snapshot`]; [`history::History`] keeps
//! snapshots and answers with [`series::Series`]; a [`forecast::Forecaster`] turns a series into a
//! [`forecast::Forecast`], the distribution of the day on which its limit is reached; [`verdict::judge`] says what
//! that means under a policy; [`report`] and [`chart`] show it, and [`backtest`] says how good that would have been.
#![warn(missing_docs)]

pub mod atomic;
pub mod backtest;
pub mod bytes;
pub mod chart;
pub mod cli;
pub mod commands;
pub mod dates;
pub mod days;
pub mod demo;
pub mod error;
pub mod escape;
pub mod forecast;
pub mod growth;
pub mod history;
pub mod report;
pub mod scan;
pub mod scenario;
pub mod series;
pub mod settings;
pub mod snapshot;
pub mod store;
pub mod table;
mod varint;
pub mod verdict;
pub mod window;
