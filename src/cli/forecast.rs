//! Arguments of `mailrunway forecast`.

use std::path::PathBuf;

use clap::Args;
use jiff::civil::Date;

use super::{Model, OutputFormat, Selection};

const STORES_HELP: &str = "Stores or mount points; with quotas also mailboxes or domains [default: all]";

#[derive(Args, Debug)]
#[command(mut_arg("stores", |stores| stores.help(STORES_HELP)))]
pub(crate) struct ForecastArgs {
    #[command(flatten)]
    pub selection: Selection,
    /// Forecast a table instead of the history: CSV or Parquet with the columns series,time,used[,limit]; `-` reads CSV
    /// from standard input
    #[arg(long, value_name = "FILE")]
    pub input: Option<PathBuf>,
    /// Dates for which to print the level; with --at, the forecast is not recorded [default: weekly to the horizon, in
    /// JSON only]
    #[arg(long, value_name = "DATE", value_delimiter = ',')]
    pub at: Vec<Date>,
    /// Do not record the forecast in the history, as for a user who may only read it
    #[arg(long)]
    pub no_record: bool,
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: OutputFormat,
    #[command(flatten)]
    pub model: Model,
}
