//! Arguments of `mailrunway window`.

use std::path::PathBuf;

use clap::Args;

use super::values::parse_confidence;
use super::{Model, OutputFormat, Selection};
use crate::planning::window::times::{WindowLength, WindowStart};
use crate::planning::window::work::Work;

#[derive(Args, Debug)]
pub(crate) struct WindowArgs {
    #[command(flatten)]
    pub selection: Selection,
    /// Start: 2026-12-06T22:00 in this machine's time zone, or with Z, +01:00 or [Europe/Berlin]
    #[arg(long, value_name = "TIME")]
    pub at: WindowStart,
    /// Duration: 90m, 4h, 2d
    #[arg(long = "for", value_name = "DURATION")]
    pub lasts: WindowLength,
    /// What the work needs while it runs: a size on each volume (200GiB), or index-rebuild, mdbox-purge, convert, backup,
    /// snapshot; separate several with commas or repeat the option
    #[arg(long, value_name = "SIZE or WORK", value_delimiter = ',')]
    pub needs: Vec<Work>,
    /// Directory of a backup made during the work [default: the volume of the store, with --needs backup]
    #[arg(long, value_name = "PATH")]
    pub backup_to: Option<PathBuf>,
    /// Keep room for the roll-back: replaced data stays until the work is done and can be restored
    #[arg(long)]
    pub rollback: bool,
    /// Probability of enough room that GO requires
    #[arg(long, value_name = "PERCENT", default_value = "95%", value_parser = parse_confidence)]
    pub confidence: f64,
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: OutputFormat,
    #[command(flatten)]
    pub model: Model,
}
