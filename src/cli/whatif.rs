//! Arguments of `mailrunway whatif`.

use std::path::PathBuf;

use clap::Args;

use super::{Model, OutputFormat};

#[derive(Args, Debug)]
pub(crate) struct WhatifArgs {
    /// Scenarios, one row each: add=4TiB@2027-02-01, growth=+20%, mailboxes=+300, retain=Trash:30d, retain=*:3y,
    /// quota=5GiB, move=DOMAIN, compress=zstd (new mail) or compress=zstd-all (all mail); only compress reads messages, a
    /// sample. Combine changes with commas
    /// [default: the scenarios of the settings]
    #[arg(value_name = "SCENARIO")]
    pub scenarios: Vec<String>,
    /// Stores or mount points [default: all]
    #[arg(long, value_name = "STORE")]
    pub store: Vec<String>,
    /// Draw the scenarios in one chart: a file that ends in .png or .svg; `-` prints only the chart, as SVG
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: OutputFormat,
    #[command(flatten)]
    pub model: Model,
}
