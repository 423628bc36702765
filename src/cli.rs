//! The command line: what can be asked, with the help that is shown.

mod values;

use std::num::NonZeroU32;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use jiff::Timestamp;
use jiff::civil::Date;

use crate::model::bytes::Units;
use crate::model::days::{Days, Horizon};
use crate::planning::window::times::{WindowLength, WindowStart};
use crate::planning::window::work::Work;

pub use crate::model::signed::{Signed, SignedCount, SignedSize};
use crate::model::when::When;
pub use values::{ChartKind, ColorWhen, EventKindArg, OutputFormat, PngOrSvg, ReportFormat, ResourceArg};
use values::{parse_confidence, parse_every, parse_operations, parse_size, parse_threads, parse_time};

/// Forecasts the day on which a mail store is full.
///
/// `mailrunway scan /var/vmail` every night, `mailrunway report` every week: that is all it takes.
#[derive(Debug, Parser)]
#[command(name = "mailrunway", version, max_term_width = 100)]
pub struct Cli {
    /// What holds for every command.
    #[command(flatten)]
    pub global: Global,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What holds for every command.
#[derive(Args, Debug)]
#[command(next_help_heading = "Options of every command")]
pub struct Global {
    /// Settings file [default: /etc/mailrunway/mailrunway.toml for root, else ~/.config/mailrunway/mailrunway.toml]
    #[arg(short, long, global = true, value_name = "FILE", env = "MAILRUNWAY_CONFIG", hide_env_values = true)]
    pub config: Option<PathBuf>,
    /// Directory of the history [default: /var/lib/mailrunway/history for root, else ~/.local/share/mailrunway/history]
    #[arg(long, global = true, value_name = "DIR", env = "MAILRUNWAY_HISTORY", hide_env_values = true)]
    pub history: Option<PathBuf>,
    /// When to use colour
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub color: ColorWhen,
    /// Say nothing about the work, only what was asked for and what went wrong
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// Say more about the work
    #[arg(short, long, global = true, conflicts_with = "quiet")]
    pub verbose: bool,
    /// Sizes in powers of 1000 (GB) instead of 1024 (GiB)
    #[arg(long, global = true)]
    pub si: bool,
    /// Sizes in plain bytes
    #[arg(long, global = true, conflicts_with = "si")]
    pub bytes: bool,
}

impl Global {
    /// How sizes are written.
    pub fn units(&self) -> Units {
        match (self.si, self.bytes) {
            (true, _) => Units::Si,
            (_, true) => Units::Plain,
            _ => Units::Iec,
        }
    }
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Look what is in mail stores now, and add it to the history
    Scan(ScanArgs),
    /// Say when volumes, inodes and stores with a limit are full, and who reaches a quota
    Forecast(ForecastArgs),
    /// Draw a chart as PNG or SVG
    Chart(ChartArgs),
    /// Write the weekly report
    Report(ReportArgs),
    /// Say what a disk more, a rule of retention, or a domain less would do to the date
    Whatif(WhatifArgs),
    /// Say whether there is room to run a maintenance and to come out of it: GO or NO-GO
    ///
    /// The exit status is 0 for GO, 1 for NO-GO; used wrongly it is 2.
    Window(WindowArgs),
    /// Say how good the forecasts would have been on the past, beside a straight line
    Backtest(BacktestArgs),
    /// List and show the snapshots of the history, and declare what scans cannot know
    #[command(subcommand)]
    History(HistoryCommand),
    /// Make a small store that grows over two years, scan it week by week, and forecast it
    Demo(DemoArgs),
}

/// `mailrunway scan`
#[derive(Args, Debug)]
pub struct ScanArgs {
    /// Stores of the settings file by name, or directories; nothing: all stores of the settings file
    #[arg(value_name = "STORE or PATH")]
    pub stores: Vec<PathBuf>,
    /// Name of the store in the history, if a directory is given [default: the directory's own name]
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// Date the snapshot back: 2026-11-23, 2026-11-23T04:00:00Z or unix seconds. The volume's figures are those of now,
    /// unless the settings leave them out for the store
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    pub taken_at: Option<Timestamp>,
    /// Directories that are read at the same time [default: four times the cores, at least 16; 2 where the store lies on
    /// a rotating disk]
    #[arg(long, value_name = "N", env = "MAILRUNWAY_THREADS", hide_env_values = true, value_parser = parse_threads)]
    pub threads: Option<usize>,
    /// At most so many operations a second on the disk [default: no limit]
    #[arg(long, value_name = "N", env = "MAILRUNWAY_IO_LIMIT", hide_env_values = true, value_parser = parse_operations)]
    pub io_limit: Option<NonZeroU32>,
    /// Give way to everything else: lowest priority for processor and disk
    #[arg(long)]
    pub idle: bool,
    /// Ask for every file anew, whatever earlier scans remembered
    #[arg(long)]
    pub full: bool,
    /// Take the sizes from the names of messages instead of asking the disk: a first look at a huge or remote store; a
    /// sample tells how far off that is
    #[arg(long, conflicts_with = "full")]
    pub names: bool,
    /// Tell how a path was understood, and why, and take no snapshot
    // As with --threads, a limit does no harm here; it may stand in the environment.
    #[arg(long, value_name = "PATH", conflicts_with_all = ["name", "taken_at", "strict", "idle", "full", "names"])]
    pub explain: Option<PathBuf>,
    /// Fail if not everything could be read or understood
    #[arg(long)]
    pub strict: bool,
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: OutputFormat,
}

/// What every command that forecasts takes.
#[derive(Args, Debug)]
#[command(next_help_heading = "Options of the forecast")]
pub struct Model {
    /// How far ahead to look: 90d, 26w, 3y [default: 3y]
    #[arg(long, value_name = "TIME", env = "MAILRUNWAY_HORIZON", hide_env_values = true)]
    pub horizon: Option<Horizon>,
    /// How long it takes to get more room [default: 90d]
    #[arg(long, value_name = "TIME", env = "MAILRUNWAY_LEAD_TIME", hide_env_values = true)]
    pub lead_time: Option<Days>,
    /// Judge as of this day instead of today
    #[arg(long, value_name = "DATE")]
    pub today: Option<Date>,
    /// Forecast by the constants of this file, as `notebooks/model/train` writes it; such a forecast is not kept in the history
    #[arg(long, value_name = "FILE", hide = true)]
    pub constants: Option<PathBuf>,
}

/// `mailrunway forecast`
#[derive(Args, Debug)]
pub struct ForecastArgs {
    /// Stores, mount points, or, with quotas, mailboxes or domains; nothing: all
    #[arg(value_name = "STORE")]
    pub stores: Vec<String>,
    /// Forecast a table instead of the history: CSV or Parquet with the columns series,time,used and, if there is one,
    /// limit; `-`: CSV on standard input
    #[arg(long, value_name = "FILE")]
    pub input: Option<PathBuf>,
    /// Tell the level at these dates [default: weekly to the horizon]; such a forecast is not kept in the history
    #[arg(long, value_name = "DATE", value_delimiter = ',')]
    pub at: Vec<Date>,
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: OutputFormat,
    /// The model's settings.
    #[command(flatten)]
    pub model: Model,
}

/// `mailrunway chart`
#[derive(Args, Debug)]
pub struct ChartArgs {
    /// Stores or mount points; nothing: the one that is full first
    #[arg(value_name = "STORE")]
    pub stores: Vec<String>,
    /// Where to: a file that ends in .png or .svg, or a directory for one PNG each
    #[arg(short, long, value_name = "FILE or DIR")]
    pub output: PathBuf,
    /// Which picture
    #[arg(long, value_name = "KIND", default_value = "runway")]
    pub kind: ChartKind,
    /// What the file holds, whatever its ending
    #[arg(long, value_name = "FORMAT")]
    pub format: Option<PngOrSvg>,
    /// Only charts of this resource
    #[arg(long, value_name = "RESOURCE")]
    pub resource: Option<ResourceArg>,
    /// Draw a table instead of the history, as `forecast --input`
    #[arg(long, value_name = "FILE")]
    pub input: Option<PathBuf>,
    /// Width and height in pixels
    #[arg(long, value_name = "WIDTHxHEIGHT", default_value = "1200x675", value_parser = parse_size)]
    pub size: (u32, u32),
    /// Pixels of the PNG for each pixel of the size: 2 for a fine screen
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=4))]
    pub scale: u32,
    /// The model's settings.
    #[command(flatten)]
    pub model: Model,
}

/// `mailrunway report`
#[derive(Args, Debug)]
pub struct ReportArgs {
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: ReportFormat,
    /// Where to, instead of standard output
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Write nothing unless there is something to tell [default: always]
    #[arg(long, value_name = "WHEN")]
    pub when: Option<When>,
    /// To whom the message goes, with --format mail; several with commas, or given several times [default: root]
    #[arg(long, value_name = "ADDRESS", value_delimiter = ',')]
    pub to: Vec<String>,
    /// From whom the message comes, with --format mail [default: mailrunway at this machine's name]
    #[arg(long, value_name = "ADDRESS")]
    pub from: Option<String>,
    /// The model's settings.
    #[command(flatten)]
    pub model: Model,
}

/// `mailrunway whatif`
#[derive(Args, Debug)]
pub struct WhatifArgs {
    /// Each a row: add=4TiB@2027-02-01, growth=+20%, mailboxes=+300, retain=Trash:30d, retain=*:3y, quota=5GiB,
    /// move=DOMAIN, compress=zstd for new mail or compress=zstd-all for all; several at once with commas [default: those of
    /// the settings]
    #[arg(value_name = "SCENARIO")]
    pub scenarios: Vec<String>,
    /// Store or mount point [default: all]
    #[arg(long, value_name = "STORE")]
    pub store: Vec<String>,
    /// Draw them on one runway: a file that ends in .png or .svg
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: OutputFormat,
    /// The model's settings.
    #[command(flatten)]
    pub model: Model,
}

/// `mailrunway window`
#[derive(Args, Debug)]
pub struct WindowArgs {
    /// Stores or mount points [default: all]
    #[arg(value_name = "STORE")]
    pub stores: Vec<String>,
    /// When it begins: 2026-12-06T22:00, in the time zone of this machine, or with Z, +01:00 or [Europe/Berlin]
    #[arg(long, value_name = "TIME")]
    pub at: WindowStart,
    /// How long it lasts: 90m, 4h, 2d
    #[arg(long = "for", value_name = "DURATION")]
    pub lasts: WindowLength,
    /// What the work needs while it runs: a size, 200GiB, on each volume, or index-rebuild, mdbox-purge, convert, backup,
    /// snapshot; several with commas, or given several times
    #[arg(long, value_name = "SIZE or WORK", value_delimiter = ',')]
    pub needs: Vec<Work>,
    /// Where a backup goes that is made during the work [default: the volume of the store, with --needs backup]
    #[arg(long, value_name = "PATH")]
    pub backup_to: Option<PathBuf>,
    /// Keep the way back open: what the work replaces stays until it is done, and has room to be put back
    #[arg(long)]
    pub rollback: bool,
    /// How sure it has to be that there is enough room, for GO
    #[arg(long, value_name = "PERCENT", default_value = "95%", value_parser = parse_confidence)]
    pub confidence: f64,
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: OutputFormat,
    /// The model's settings.
    #[command(flatten)]
    pub model: Model,
}

/// `mailrunway backtest`
#[derive(Args, Debug)]
pub struct BacktestArgs {
    /// Stores or mount points; nothing: all
    #[arg(value_name = "STORE")]
    pub stores: Vec<String>,
    /// Score a table instead of the history, as `forecast --input`
    #[arg(long, value_name = "FILE")]
    pub input: Option<PathBuf>,
    /// From one forecast to the next
    #[arg(long, value_name = "TIME", default_value = "4w", value_parser = parse_every)]
    pub every: Days,
    /// Only forecasts of so long before the last observation: 26w, 2y [default: all]
    #[arg(long, value_name = "TIME")]
    pub last: Option<Days>,
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: OutputFormat,
    /// Draw how often the ranges held, and how far off the dates were: a file that ends in .png or .svg
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// The model's settings.
    #[command(flatten)]
    pub model: Model,
}

/// `mailrunway history`
#[derive(Debug, Subcommand)]
pub enum HistoryCommand {
    /// One line a snapshot
    List(HistoryListArgs),
    /// One snapshot whole
    Show(HistoryShowArgs),
    /// Say what was no growth, or what is to come: imports, purges, steps, changes of a limit
    #[command(subcommand)]
    Event(EventCommand),
}

/// `mailrunway history list`
#[derive(Args, Debug)]
pub struct HistoryListArgs {
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: OutputFormat,
}

/// `mailrunway history show`
#[derive(Args, Debug)]
pub struct HistoryShowArgs {
    /// Name of the snapshot, as `history list` prints it, or a day or time: the last one up to it [default: the last]
    #[arg(value_name = "SNAPSHOT")]
    pub snapshot: Option<String>,
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: OutputFormat,
}

/// `mailrunway history event`
#[derive(Debug, Subcommand)]
pub enum EventCommand {
    /// Declare an event; of a date after the last scan it announces what is to come
    Add(EventAddArgs),
    /// One line an event
    List(EventListArgs),
    /// Take an event back
    Remove(EventRemoveArgs),
}

/// `mailrunway history event add`
#[derive(Args, Debug)]
pub struct EventAddArgs {
    /// Store, mount point or series, as `forecast` takes it; nothing: the only store of the history
    #[arg(value_name = "NAME")]
    pub name: Option<String>,
    /// Day on which it happened or will happen, in UTC
    #[arg(long, value_name = "DATE")]
    pub date: Date,
    /// What happened
    #[arg(long, value_name = "KIND")]
    pub kind: EventKindArg,
    /// What it added on disk, or removed: +2TiB, -300GiB. An import adds and a purge removes without a sign; a step and a
    /// change of capacity, which is that of the limit, need one
    #[arg(long, value_name = "SIZE", allow_hyphen_values = true)]
    pub size: SignedSize,
    /// What it added in inodes, or removed; without a sign, that of the size
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    pub inodes: Option<SignedCount>,
    /// Why
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    pub note: Option<String>,
}

/// `mailrunway history event list`
#[derive(Args, Debug)]
pub struct EventListArgs {
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: OutputFormat,
}

/// `mailrunway history event remove`
#[derive(Args, Debug)]
pub struct EventRemoveArgs {
    /// Number of the event, as `history event list` prints it
    #[arg(value_name = "ID")]
    pub id: u32,
}

/// `mailrunway demo`
#[derive(Args, Debug)]
pub struct DemoArgs {
    /// Where to; it must be missing or empty
    #[arg(value_name = "DIR", default_value = "mailrunway-demo")]
    pub directory: PathBuf,
    /// Weeks that are simulated
    #[arg(long, value_name = "N", default_value_t = 104, value_parser = clap::value_parser!(u32).range(4..=520))]
    pub weeks: u32,
    /// Seed of the random mail
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// Output format of the forecast
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: OutputFormat,
    /// The model's settings; the last scan is on the Monday on or before `--today`.
    #[command(flatten)]
    pub model: Model,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        super::Cli::command().debug_assert();
    }
}
