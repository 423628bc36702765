//! Arguments of `mailrunway backtest`.

use std::path::PathBuf;

use clap::Args;

use super::values::parse_every;
use super::{Model, OutputFormat, Selection};
use crate::model::days::Days;

#[derive(Args, Debug)]
pub(crate) struct BacktestArgs {
    #[command(flatten)]
    pub selection: Selection,
    /// Score a table instead of the history; see `forecast --input`
    #[arg(long, value_name = "FILE")]
    pub input: Option<PathBuf>,
    /// Time between forecasts
    #[arg(long, value_name = "TIME", default_value = "4w", value_parser = parse_every)]
    pub every: Days,
    /// Score only forecasts made within this time before the last observation: 26w, 2y [default: all]
    #[arg(long, value_name = "TIME")]
    pub last: Option<Days>,
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: OutputFormat,
    /// Draw the date errors and the ranges that held: a file that ends in .png or .svg; `-` prints only the chart, as SVG
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    #[command(flatten)]
    pub model: Model,
}
