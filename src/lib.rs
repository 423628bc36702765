//! Forecasts when a mail store will be full.
//!
//! ```text
//! Store --scan--> Snapshot --append--> History --query--> Series --forecast--> Forecast --judge--> Verdict --> Document, Chart
//! ```
//!
//! [`scan::scan`] walks mail stores and returns a [`model::snapshot::Snapshot`]. A [`history::History`] keeps snapshots
//! and answers with [`model::series::Series`]. A [`forecast::Forecaster`] turns a series into a [`forecast::Forecast`],
//! the distribution of the day on which the limit is reached. [`planning`] judges what follows from it, [`output`] says
//! and draws it, and [`commands`] are the program.
#![warn(missing_docs, unreachable_pub, unsafe_code)]

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
