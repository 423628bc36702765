//! The command line and its help.

mod values;

use std::num::NonZeroU32;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use jiff::Timestamp;
use jiff::civil::Date;

use crate::model::series::{EventKind, Resource};
use crate::model::{bytes::Units, days::Days, series::table::parse_time};
use crate::output::chart::{ChartKind, Format};
use crate::planning::prune::Within;
use crate::planning::window::times::{WindowLength, WindowStart};
use crate::planning::window::work::Work;

pub(crate) use crate::model::signed::Signed;
use crate::model::when::When;
pub(crate) use values::{ColorWhen, OutputFormat, ReportFormat};
use values::{parse_confidence, parse_count, parse_every, parse_operations, parse_size, parse_threads};

/// Forecasts when a mail store will be full
///
/// Run `mailrunway scan /var/vmail` every night and `mailrunway report` every week.
#[derive(Debug, Parser)]
#[command(name = "mailrunway", version, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Args, Debug)]
#[command(next_help_heading = "Options of every command")]
pub(crate) struct Global {
    /// Settings file [default: /etc/mailrunway/mailrunway.toml for root, else ~/.config/mailrunway/mailrunway.toml]
    #[arg(short, long, global = true, value_name = "FILE", env = "MAILRUNWAY_CONFIG", hide_env_values = true)]
    pub config: Option<PathBuf>,
    /// Directory of the history [default: /var/lib/mailrunway/history for root, else ~/.local/share/mailrunway/history]
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
    /// Print no name: mailboxes, domains and folders are not listed, and all else has made-up names
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
    /// Show how a change (more disk, a retention rule, a moved domain) would move the date
    Whatif(WhatifArgs),
    /// Check whether there is room for a maintenance and its roll-back: GO or NO-GO
    ///
    /// Exit status: 0 for GO, 1 for NO-GO or a failure, 2 for a usage error.
    Window(WindowArgs),
    /// Score past forecasts of your own history against a straight line
    Backtest(BacktestArgs),
    /// List, show, verify and remove snapshots, and declare events that scans cannot know
    #[command(subcommand)]
    History(HistoryCommand),
    /// Generate a small store with two years of weekly scans, and forecast it
    Demo(DemoArgs),
}

#[derive(Args, Debug)]
pub(crate) struct ScanArgs {
    /// Names of stores in the settings file, or directories [default: all stores of the settings file]
    #[arg(value_name = "STORE or PATH")]
    pub stores: Vec<PathBuf>,
    /// Name of the store in the history, if one directory is given [default: the directory's name]
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// Date the snapshot back: 2026-11-23, 2026-11-23T04:00:00Z or unix seconds. The volume's figures are still those of
    /// now, unless the settings exclude them for the store
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    pub taken_at: Option<Timestamp>,
    /// Directories read at the same time [default: four times the cores, at least 16; 2 on a rotating disk]
    #[arg(long, value_name = "N", env = "MAILRUNWAY_THREADS", hide_env_values = true, value_parser = parse_threads)]
    pub threads: Option<usize>,
    /// Limit of disk operations a second [default: no limit]
    #[arg(long, value_name = "N", env = "MAILRUNWAY_IO_LIMIT", hide_env_values = true, value_parser = parse_operations)]
    pub io_limit: Option<NonZeroU32>,
    /// Scan at the lowest CPU and disk priority
    #[arg(long)]
    pub idle: bool,
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
    /// Take a date that lies years ahead, or long before the last scan
    #[arg(long)]
    pub force: bool,
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: OutputFormat,
}

#[derive(Args, Debug)]
#[command(next_help_heading = "Options of the forecast")]
pub(crate) struct Model {
    /// How far dates, levels and charts go: 90d, 26w, 3y; the status does not depend on it [default: 3y]
    #[arg(long, value_name = "TIME", env = "MAILRUNWAY_HORIZON", hide_env_values = true, value_parser = Days::horizon)]
    pub horizon: Option<Days>,
    /// Time it takes to get more space [default: 90d]
    #[arg(long, value_name = "TIME", env = "MAILRUNWAY_LEAD_TIME", hide_env_values = true)]
    pub lead_time: Option<Days>,
    /// Forecast as of this day with what was known then: later scans, rows, events and forecasts are left out
    #[arg(long, value_name = "DATE")]
    pub today: Option<Date>,
    /// Forecast with the model constants of this file; the forecast is not recorded in the history
    #[arg(long, value_name = "FILE", hide = true)]
    pub constants: Option<PathBuf>,
}

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

#[derive(Args, Debug)]
pub(crate) struct ChartArgs {
    /// Stores or mount points [default: the one that is full first]
    #[arg(value_name = "STORE")]
    pub stores: Vec<String>,
    /// A file that ends in .png or .svg, or a directory for one PNG per series
    #[arg(short, long, value_name = "FILE or DIR")]
    pub output: PathBuf,
    /// Which chart to draw
    #[arg(long, value_name = "KIND", default_value = "runway")]
    pub kind: ChartKind,
    /// File format, whatever the file's ending
    #[arg(long, value_name = "FORMAT")]
    pub format: Option<Format>,
    /// Draw only this resource
    #[arg(long, value_name = "RESOURCE")]
    pub resource: Option<Resource>,
    /// Draw a table instead of the history; see `forecast --input`
    #[arg(long, value_name = "FILE")]
    pub input: Option<PathBuf>,
    /// Width and height in pixels
    #[arg(long, value_name = "WIDTHxHEIGHT", default_value = "1200x675", value_parser = parse_size)]
    pub size: (u32, u32),
    /// Pixel density of the PNG: 2 for a high-resolution screen
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=4))]
    pub scale: u32,
    #[command(flatten)]
    pub model: Model,
}

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

#[derive(Args, Debug)]
pub(crate) struct WhatifArgs {
    /// Scenarios, one row each: add=4TiB@2027-02-01, growth=+20%, mailboxes=+300, retain=Trash:30d, retain=*:3y,
    /// quota=5GiB, move=DOMAIN, compress=zstd (new mail) or compress=zstd-all (all mail); only compress reads messages, a
    /// sample. Combine changes with commas
    /// [default: the scenarios of the settings]
    #[arg(value_name = "SCENARIO")]
    pub scenarios: Vec<String>,
    /// Store or mount point [default: all]
    #[arg(long, value_name = "STORE")]
    pub store: Vec<String>,
    /// Draw the scenarios in one chart: a file that ends in .png or .svg
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: OutputFormat,
    #[command(flatten)]
    pub model: Model,
}

#[derive(Args, Debug)]
pub(crate) struct WindowArgs {
    /// Stores or mount points [default: all]
    #[arg(value_name = "STORE")]
    pub stores: Vec<String>,
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

#[derive(Args, Debug)]
pub(crate) struct BacktestArgs {
    /// Stores or mount points [default: all]
    #[arg(value_name = "STORE")]
    pub stores: Vec<String>,
    /// Score a table instead of the history; see `forecast --input`
    #[arg(long, value_name = "FILE")]
    pub input: Option<PathBuf>,
    /// Time between forecasts
    #[arg(long, value_name = "TIME", default_value = "4w", value_parser = parse_every)]
    pub every: Days,
    /// Score only forecasts made within this time before the last observation: 26w, 2y [default: all]
    #[arg(long, value_name = "TIME")]
    pub last: Option<Days>,
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: OutputFormat,
    /// Draw date errors and ranges that held: a file that ends in .png or .svg
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    #[command(flatten)]
    pub model: Model,
}

#[derive(Debug, Subcommand)]
pub(crate) enum HistoryCommand {
    /// List snapshots, one a line
    List(ListArgs),
    /// Show one snapshot
    Show(HistoryShowArgs),
    /// Check every file against its checksum; exit status 1 if one is damaged
    Verify(ListArgs),
    /// Remove snapshots, or all of a store or machine that is gone
    ///
    /// A store leaves every snapshot with its volume, unless another store lies there; its events, forecasts and cache go,
    /// too. A machine leaves with all its snapshots.
    Remove(RemoveArgs),
    /// Remove old snapshots, and keep those that rules name
    ///
    /// The rules are those of `restic forget`, for each machine and set of stores by itself. A snapshot is kept if one of
    /// them keeps it. Days, weeks, months and years are in UTC.
    Prune(PruneArgs),
    /// List the names behind pseudonyms, one a line
    Names(NamesArgs),
    /// Declare past events that are no growth, and announce future ones
    #[command(subcommand)]
    Event(EventCommand),
}

#[derive(Args, Debug)]
pub(crate) struct RemoveArgs {
    /// Names of snapshots from `history list`, stores, or machines; MACHINE:STORE for a store that several have, MACHINE:
    /// for a machine with the name of a store
    #[arg(required = true, value_name = "SNAPSHOT, STORE or HOST")]
    pub names: Vec<String>,
    /// Print what would be removed, and remove nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: OutputFormat,
}

#[derive(Args, Debug)]
pub(crate) struct PruneArgs {
    /// Keep the last N snapshots
    #[arg(long, value_name = "N", value_parser = parse_count)]
    pub keep_last: Option<u32>,
    /// Keep the last snapshot of each of the last N days that have one
    #[arg(long, value_name = "N", value_parser = parse_count)]
    pub keep_daily: Option<u32>,
    /// Keep the last snapshot of each of the last N weeks that have one
    #[arg(long, value_name = "N", value_parser = parse_count)]
    pub keep_weekly: Option<u32>,
    /// Keep the last snapshot of each of the last N months that have one
    #[arg(long, value_name = "N", value_parser = parse_count)]
    pub keep_monthly: Option<u32>,
    /// Keep the last snapshot of each of the last N years that have one
    #[arg(long, value_name = "N", value_parser = parse_count)]
    pub keep_yearly: Option<u32>,
    /// Keep all snapshots within this time before the last one: 90d, 1y6m14d12h
    #[arg(long, value_name = "DURATION")]
    pub keep_within: Option<Within>,
    /// Print what would be removed and kept, and remove nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: OutputFormat,
}

#[derive(Args, Debug)]
pub(crate) struct ListArgs {
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: OutputFormat,
}

#[derive(Args, Debug)]
pub(crate) struct HistoryShowArgs {
    /// Name of a snapshot from `history list`, or a date or time: the last snapshot up to it [default: the last]
    pub snapshot: Option<String>,
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: OutputFormat,
}

#[derive(Args, Debug)]
pub(crate) struct NamesArgs {
    /// Pseudonyms, or texts with some in them [default: all names of the history]
    #[arg(value_name = "PSEUDONYM")]
    pub hidden: Vec<String>,
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: OutputFormat,
}

#[derive(Debug, Subcommand)]
pub(crate) enum EventCommand {
    /// Declare an event; a date after the last scan announces it
    Add(EventAddArgs),
    /// List events, one a line
    List(ListArgs),
    /// Remove an event
    Remove(EventRemoveArgs),
}

#[derive(Args, Debug)]
pub(crate) struct EventAddArgs {
    /// Store, mount point or series [default: the only store of the history]
    pub name: Option<String>,
    /// Date of the event, in UTC
    #[arg(long, value_name = "DATE")]
    pub date: Date,
    /// Kind of event
    #[arg(long, value_name = "KIND")]
    pub kind: EventKind,
    /// Change on disk: +2TiB, -300GiB. An import adds and a purge removes, with or without a sign; a step and a change of
    /// capacity (of the limit) need a sign
    #[arg(long, value_name = "SIZE", allow_hyphen_values = true, value_parser = Signed::size)]
    pub size: Signed,
    /// Change of inodes; without a sign, it has the sign of the size
    #[arg(long, value_name = "N", allow_hyphen_values = true, value_parser = Signed::count)]
    pub inodes: Option<Signed>,
    /// Reason, for people
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    pub note: Option<String>,
}

#[derive(Args, Debug)]
pub(crate) struct EventRemoveArgs {
    /// Number of the event from `history event list`
    pub id: u32,
}

#[derive(Args, Debug)]
pub(crate) struct DemoArgs {
    /// Directory to create; it must be missing or empty
    #[arg(value_name = "DIR", default_value = "mailrunway-demo")]
    pub directory: PathBuf,
    /// Weeks to simulate
    #[arg(long, value_name = "N", default_value_t = 104, value_parser = clap::value_parser!(u32).range(4..=520))]
    pub weeks: u32,
    /// Seed of the random mail
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// Output format of the forecast
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: OutputFormat,
    #[command(flatten)]
    pub model: Model,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_passes_claps_checks() {
        super::Cli::command().debug_assert();
    }
}
