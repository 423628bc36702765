//! Arguments of `mailrunway metrics`.

use std::path::PathBuf;

use clap::Args;

use super::{Model, Selection};

#[derive(Args, Debug)]
pub(crate) struct MetricsArgs {
    #[command(flatten)]
    pub selection: Selection,
    /// Write to this file, which is replaced at once: one that ends in .prom, in the directory of the textfile collector
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Also the N largest mailboxes, with their addresses as labels
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    pub top: usize,
    #[command(flatten)]
    pub model: Model,
}
