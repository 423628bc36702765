//! Arguments of `mailrunway forecast`.

use std::path::PathBuf;

use clap::Args;
use jiff::civil::Date;

use super::{Model, OutputFormat};

#[derive(Args, Debug)]
pub(crate) struct ForecastArgs {
    /// Stores or mount points; with quotas also mailboxes or domains [default: all]
    #[arg(value_name = "STORE")]
    pub stores: Vec<String>,
    /// Forecast a table instead of the history: CSV or Parquet with the columns series,time,used[,limit]; `-` reads CSV
    /// from standard input
    #[arg(long, value_name = "FILE")]
    pub input: Option<PathBuf>,
    /// Dates for which to print the level; with --at, the forecast is not recorded [default: weekly to the horizon, in
    /// JSON only]
    #[arg(long, value_name = "DATE", value_delimiter = ',')]
    pub at: Vec<Date>,
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: OutputFormat,
    #[command(flatten)]
    pub model: Model,
}
