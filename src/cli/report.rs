//! Arguments of `mailrunway report`.

use std::path::PathBuf;

use clap::Args;

use super::{Model, ReportFormat};
use crate::model::when::When;

#[derive(Args, Debug)]
pub(crate) struct ReportArgs {
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: ReportFormat,
    /// Write to this file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// When to write a report [default: always]
    #[arg(long, value_name = "WHEN")]
    pub when: Option<When>,
    /// Recipient, with --format mail; separate several with commas or repeat the option [default: root]
    #[arg(long, value_name = "ADDRESS", value_delimiter = ',')]
    pub to: Vec<String>,
    /// Sender, with --format mail [default: mailrunway@HOSTNAME]
    #[arg(long, value_name = "ADDRESS")]
    pub from: Option<String>,
    #[command(flatten)]
    pub model: Model,
}
