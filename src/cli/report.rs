//! Arguments of `mailrunway report`.

use std::path::{Path, PathBuf};

use clap::Args;

use super::{Model, ReportFormat};
use crate::model::when::When;

#[derive(Args, Debug)]
pub(crate) struct ReportArgs {
    /// Output format [default: by the ending of FILE, else text]
    #[arg(long, value_name = "FORMAT")]
    pub format: Option<ReportFormat>,
    /// Write to this file, which ends in .txt, .html, .md, .eml or .json unless --format is given; `-` is standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// When to write a report; when none is due, FILE is removed, so that no old report is sent again [default: always]
    #[arg(long, value_name = "WHEN")]
    pub when: Option<When>,
    /// Exit with status 4 when no report is due
    #[arg(long)]
    pub exit_status: bool,
    /// Do not record the forecast in the history, as for a user who may only read it
    #[arg(long)]
    pub no_record: bool,
    /// Recipient, with --format mail; separate several with commas or repeat the option [default: root]
    #[arg(long, value_name = "ADDRESS", value_delimiter = ',')]
    pub to: Vec<String>,
    /// Sender, with --format mail [default: mailrunway@HOSTNAME]
    #[arg(long, value_name = "ADDRESS")]
    pub from: Option<String>,
    #[command(flatten)]
    pub model: Model,
}

impl ReportArgs {
    /// The file; `None` for standard output.
    pub(crate) fn file(&self) -> Option<&Path> {
        self.output.as_deref().filter(|path| *path != Path::new("-"))
    }
}
