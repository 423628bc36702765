//! Arguments of `mailrunway history`.

use clap::{Args, Subcommand};
use jiff::civil::Date;

use super::OutputFormat;
use super::values::parse_count;
use crate::model::days::Days;
use crate::model::series::EventKind;
use crate::model::signed::Signed;
use crate::planning::prune::Within;

#[derive(Debug, Subcommand)]
pub(crate) enum HistoryCommand {
    /// List snapshots, one a line
    List(ListArgs),
    /// Show one snapshot
    Show(HistoryShowArgs),
    /// Check every file against its checksum
    Verify(ListArgs),
    /// Remove snapshots, or all of a store or machine that is gone
    ///
    /// A store is removed from every snapshot, together with its volume unless another store is on it, and with its events,
    /// forecasts and cache. A machine is removed with all its snapshots.
    Remove(RemoveArgs),
    /// Remove all snapshots but those that rules keep
    ///
    /// The rules are those of `restic forget`, applied to each machine and set of stores by itself. A snapshot is kept if
    /// one of them keeps it. Days, weeks, months and years are in UTC.
    Prune(PruneArgs),
    /// Put the snapshots of each finished month together, which takes a tenth of the room or less
    ///
    /// Of a month that ended before --nights, the last snapshot of each week stays. Everything else is as before: the
    /// snapshots have their names, and every command answers the same.
    Compact(CompactArgs),
    /// List the names behind pseudonyms, one a line
    Names(NamesArgs),
    /// Declare past events that are not growth, and announce future ones
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
pub(crate) struct CompactArgs {
    /// Keep every night this long, and one a week of those before
    #[arg(long, value_name = "TIME", default_value = "1y")]
    pub nights: Days,
    /// Print what would be done, and do nothing
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
    /// Pseudonyms, or texts that contain some [default: all names of the history]
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
// clap writes it on one line.
#[command(
    override_usage = "mailrunway history event add [OPTIONS] --date <DATE> --kind <KIND>\n       --size <SIZE> [NAME]"
)]
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
