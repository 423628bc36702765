//! The command line and its help: a file for the arguments of each command.

mod backtest;
mod chart;
mod check;
mod config;
mod demo;
mod examples;
mod export;
mod forecast;
mod history;
mod import;
mod manual;
mod metrics;
mod reference;
mod report;
mod scan;
mod schema;
mod selection;
#[cfg(test)]
mod tests;
mod values;
mod whatif;
mod window;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use jiff::civil::Date;

use crate::model::{bytes::Units, days::Days};

pub(crate) use backtest::BacktestArgs;
pub(crate) use chart::ChartArgs;
pub(crate) use check::{CheckArgs, asks_check, plugin_arguments};
pub(crate) use config::{ConfigCheckArgs, ConfigCommand, ConfigInitArgs, sources};
pub(crate) use demo::DemoArgs;
pub(crate) use export::{ExportArgs, TableFormat};
pub(crate) use forecast::ForecastArgs;
pub(crate) use history::{
    CompactArgs, EventAddArgs, EventCommand, HistoryCommand, ListArgs, NamesArgs, PruneArgs, RemoveArgs,
};
pub(crate) use import::{FromArgs, ImportCommand, IntoArgs, PrometheusArgs, TargetArgs};
pub(crate) use manual::{command, pages};
pub(crate) use metrics::MetricsArgs;
pub(crate) use reference::{CompletionsArgs, ManArgs};
pub(crate) use report::ReportArgs;
pub(crate) use scan::ScanArgs;
pub(crate) use schema::SchemaArgs;
pub(crate) use selection::Selection;
pub(crate) use values::{ColorWhen, OutputFormat, ReportFormat};
pub(crate) use whatif::WhatifArgs;
pub(crate) use window::WindowArgs;

/// Forecasts when a mail store will be full
///
/// Run `mailrunway scan /var/vmail` every night and `mailrunway report` every week.
#[derive(Debug, Parser)]
#[command(name = "mailrunway", version, max_term_width = 80)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Args, Debug)]
#[command(next_help_heading = "Options of every command")]
pub(crate) struct Global {
    /// Settings file [default: /etc/mailrunway/mailrunway.toml for root and the package's user, else
    /// ~/.config/mailrunway/mailrunway.toml]
    #[arg(short, long, global = true, value_name = "FILE", env = "MAILRUNWAY_CONFIG", hide_env_values = true)]
    pub config: Option<PathBuf>,
    /// Directory of the history [default: /var/lib/mailrunway/history for root and the package's user, else
    /// ~/.local/share/mailrunway/history]
    #[arg(long, global = true, value_name = "DIR", env = "MAILRUNWAY_HISTORY", hide_env_values = true)]
    pub history: Option<PathBuf>,
    /// When to use colour
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub color: ColorWhen,
    /// Print results, warnings and errors only
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// Print more about the work
    #[arg(short, long, global = true, conflicts_with = "quiet")]
    pub verbose: bool,
    /// Print sizes in powers of 1000 (GB) instead of 1024 (GiB)
    #[arg(long, global = true)]
    pub si: bool,
    /// Print sizes in plain bytes
    #[arg(long, global = true, conflicts_with = "si")]
    pub bytes: bool,
    /// Print pseudonyms for all names: of mailboxes, domains, folders, stores, paths and hosts
    #[arg(long, global = true)]
    pub pseudonyms: bool,
    /// Key of the pseudonyms [default: pseudonyms.key in the history, made at its first use]
    #[arg(long, global = true, value_name = "FILE")]
    pub key: Option<PathBuf>,
    /// Print no names: mailboxes, domains and folders are not listed; stores, paths and hosts have invented names
    #[arg(long, global = true, conflicts_with_all = ["pseudonyms", "key"])]
    pub no_names: bool,
}

impl Global {
    pub(crate) fn units(&self) -> Units {
        match (self.si, self.bytes) {
            (true, _) => Units::Si,
            (_, true) => Units::Plain,
            _ => Units::Iec,
        }
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Scan mail stores and add a snapshot to the history
    Scan(ScanArgs),
    /// Forecast when volumes, inodes, stores with a limit and quotas are full
    Forecast(ForecastArgs),
    /// Draw a chart as PNG or SVG
    Chart(ChartArgs),
    /// Write the weekly report
    Report(ReportArgs),
    /// Tell a monitoring system (Nagios, Icinga) whether to alarm
    ///
    /// Follows the guidelines for monitoring plugins: one line with performance data, then a line for each series. A
    /// level that the forecast set a week ago stays until the date is a fifth farther away than the threshold. It records
    /// nothing. It must run as the owner of the history, or as root.
    Check(CheckArgs),
    /// Print figures for Prometheus, as node_exporter's textfile collector reads them
    ///
    /// Volumes and stores with a limit, in base units, without time stamps. Labels: host, kind, name and resource, which never
    /// change with what else is in the history.
    Metrics(MetricsArgs),
    /// Show how a change (more disk, a retention rule, a moved domain) would move the date
    Whatif(WhatifArgs),
    /// Check whether there is room for maintenance work and its roll-back: GO or NO-GO
    Window(WindowArgs),
    /// Score past forecasts of your own history against a straight line
    Backtest(BacktestArgs),
    /// List, show, verify and remove snapshots, and declare events that scans cannot know
    #[command(subcommand)]
    History(HistoryCommand),
    /// Add the past of a volume or store from another tool, so that a forecast exists at once
    ///
    /// Of each day the last value is kept. What was imported counts before the first scan of the volume or store; where both
    /// were there, it is shifted by what the other tool measures differently. Importing again replaces it.
    #[command(subcommand)]
    Import(ImportCommand),
    /// Write a table of the history for other programs
    ///
    /// `cargo doc` describes the tables, module `history`. Packed columns (`cohorts`) are hexadecimal digits in CSV and JSON.
    Export(ExportArgs),
    /// Print the JSON Schema of what a command prints with --format json
    Schema(SchemaArgs),
    /// Write the settings file, or show what is settled and where from
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Generate a small store with two years of weekly scans, and forecast it
    Demo(DemoArgs),
    /// Print the completions of a shell
    Completions(CompletionsArgs),
    /// Write the manual pages, one for each command
    Man(ManArgs),
}

#[derive(Args, Debug)]
#[command(next_help_heading = "Options of the forecast")]
pub(crate) struct Model {
    #[command(flatten)]
    pub reach: Reach,
    /// Forecast as of this day with what was known then: later scans, rows, events and forecasts are left out
    #[arg(long, value_name = "DATE")]
    pub today: Option<Date>,
    /// Forecast with the model constants of this file; the forecast is not recorded in the history
    #[arg(long, value_name = "FILE", hide = true)]
    pub constants: Option<PathBuf>,
}

/// How far forecasts look.
#[derive(Args, Debug)]
pub(crate) struct Reach {
    /// How far dates, levels and charts go: 90d, 26w, 3y; the status does not depend on it [default: 3y]
    #[arg(long, value_name = "TIME", env = "MAILRUNWAY_HORIZON", hide_env_values = true, value_parser = Days::horizon)]
    pub horizon: Option<Days>,
    /// Time it takes to get more space [default: 90d]
    #[arg(long, value_name = "TIME", env = "MAILRUNWAY_LEAD_TIME", hide_env_values = true)]
    pub lead_time: Option<Days>,
}
