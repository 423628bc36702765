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
    #[command(flatten)]
    pub model: Model,
}
