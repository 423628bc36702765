//! Arguments of `mailrunway scan`.

use std::num::NonZeroU32;
use std::path::PathBuf;

use clap::Args;
use jiff::Timestamp;

use super::values::{OutputFormat, parse_operations, parse_threads};
use crate::model::series::table::parse_time;

#[derive(Args, Debug)]
pub(crate) struct ScanArgs {
    /// Names of stores in the settings file, or directories [default: all stores of the settings file]
    #[arg(value_name = "STORE or PATH")]
    pub stores: Vec<PathBuf>,
    /// Name of a store in the settings file: the same as STORE
    #[arg(long, value_name = "NAME")]
    pub store: Vec<PathBuf>,
    /// Name of the store in the history, if one directory is given [default: the directory's name]
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// Date the snapshot back: 2026-11-23, 2026-11-23T04:00:00Z or unix seconds. The volume's figures are still those of
    /// now, unless the settings exclude them for the store
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    pub taken_at: Option<Timestamp>,
    #[command(flatten)]
    pub effort: Effort,
    /// Ignore the cache of earlier scans and read everything
    #[arg(long)]
    pub full: bool,
    /// Take message sizes from file names instead of from the disk: a first look at a huge or remote store. A sample
    /// shows the error
    #[arg(long, conflicts_with = "full")]
    pub names: bool,
    /// Show how a path is recognised, and why; takes no snapshot
    // --threads and --io-limit do no harm here and may be set in the environment.
    #[arg(long, value_name = "PATH", conflicts_with_all = ["name", "taken_at", "strict", "force", "idle", "full", "names"])]
    pub explain: Option<PathBuf>,
    /// Fail if anything could not be read or recognised; save nothing if a store may not be that of the last scan
    #[arg(long)]
    pub strict: bool,
    /// Accept a date that is years ahead, or long before the last scan
    #[arg(long)]
    pub force: bool,
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: OutputFormat,
}

/// How hard a scan works the machine.
#[derive(Args, Debug)]
pub(crate) struct Effort {
    /// Directories read at the same time [default: four times the cores, at least 16; 2 on a rotating disk]
    #[arg(long, value_name = "N", env = "MAILRUNWAY_THREADS", hide_env_values = true, value_parser = parse_threads)]
    pub threads: Option<usize>,
    /// Limit of disk operations a second [default: no limit]
    #[arg(long, value_name = "N", env = "MAILRUNWAY_IO_LIMIT", hide_env_values = true, value_parser = parse_operations)]
    pub io_limit: Option<NonZeroU32>,
    /// Scan at the lowest CPU and disk priority
    #[arg(long)]
    pub idle: bool,
}
