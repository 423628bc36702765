//! The history: snapshots on disk, each added whole or not at all, and the series that they form.
//!
//! # Directory
//!
//! ```text
//! history/
//!   mailrunway-history.json                  marks the directory, with the version of its schema
//!   snapshots/
//!     snapshot=20261123T040000Z_mail01/      one scan: start time in UTC, host
//!       snapshot.parquet  filesystem.parquet  store.parquet  mailbox.parquet  folder.parquet
//!       class.parquet  mailbox_class.parquet  cohort.parquet  mailbox_cohort.parquet
//!       use_cohort.parquet  event.parquet  blob.parquet  problem.parquet
//!     month=202610_mail01/                   the scans of a finished month, by `history compact`: the same tables
//!   ledger.json                              declared events: imports, purges, steps, changes of a limit
//!   forecasts/
//!     forecast=20261123_pooled-motion-3.parquet
//!                                            forecasts issued from that day's data by that model
//!   imports/
//!     import=0123456789abcdef.parquet        the past of a series that another tool measured
//!   reserve/                                 room and inodes for one more snapshot on a full volume
//!   pseudonyms.key                           the key of `--pseudonyms`
//!   cache/                                   what the next scan can skip; see [`crate::scan`]
//!   unfinished/                              files being written or removed
//! ```
//!
//! Each table, each file of `forecasts/` and `imports/`, and `ledger.json` has a checksum inside it (XXH3, 64 bits), which every reader
//! checks. A damaged file is named in a warning, and what it has is left out.
//!
//! A snapshot is written to `unfinished/`, synced, and renamed into place; removed ones leave by a rename into it. What a
//! killed program left there is removed by the next one that writes. `ledger.json`, `forecasts/`, `imports/`, `cache/`
//! and `pseudonyms.key` appear with the first event, forecast, import, scan of a store and use of pseudonyms. `cache/` can be deleted at any time: the next scan then
//! takes longer and finds the same. The directory is readable by its owner only, because it contains mailbox and folder
//! names. A history that others may write, or that belongs to anybody but this user and root, is refused: they could lead
//! elsewhere what is written and removed. So is a link or a pipe in place of one of its directories or files.
//!
//! A month has the rows of its snapshots, those of mailboxes in order of store and path, so that a row that is as the night
//! before takes hardly any room. Its snapshots keep their names and are read as before; one that also has a directory of its
//! own is read from there. So a month is written, synced and renamed into place before its snapshots are removed, and a
//! removal gives them directories of their own before the month is removed.
//!
//! The schema has version 1. A history of another version is refused.
//!
//! # Tables of a snapshot
//!
//! Every table begins with `taken_at` (start of the scan) and `host`, so each can be read alone. A pattern selects one
//! table of all snapshots:
//!
//! ```python
//! polars.read_parquet("/var/lib/mailrunway/history/snapshots/*/store.parquet")
//! ```
//!
//! | table | one row for each | columns |
//! | --- | --- | --- |
//! | `snapshot` | scan | `complete` (everything could be read), `schema_version`, `scanned_by` |
//! | `filesystem` | volume | `mount`, `kind`, `size_bytes`, `used_bytes`, `available_bytes`, `inodes`, `inodes_used`, `inodes_available` |
//! | `store` | store | `store`, `root`, `mailboxes`, *counts*; for `scan --names` the calibration: `sampled_folders`, `sampled_messages`, `sampled_unlike`, `size_ppm`, `size_error_ppm`, `disk_ppm`, `disk_error_ppm` |
//! | `mailbox` | mailbox | *mailbox*, `layout` (the format), `sureness` (`certain`, `likely`, `guess`), *counts* |
//! | `folder` | folder | *mailbox*, `folder`, `folder_path`, `special_use`, *counts* |
//! | `class` | store and class | `store`, `class`, `files`, `bytes`, `allocated_bytes`, `inodes` |
//! | `mailbox_class` | mailbox and class | *mailbox*, then as `class`; classes with nothing in them have no row |
//! | `cohort` | store, clock, day and size class | `store`, `clock`, `day`, `size_from`, `messages`, `bytes` |
//! | `mailbox_cohort` | mailbox | *mailbox*, `cohorts`: its arrivals by week, those from 8 MiB on by day, packed into bytes; see `Cohorts` |
//! | `use_cohort` | store, special use, clock and week | `store`, `special_use`, `clock`, `week`, `messages`, `bytes`, `allocated_bytes`, `inodes`: each message once, as a retention rule finds it |
//! | `event` | event that the scan detected | `store`, `date`, `kind` (`migration`, `restore`), `messages`, `bytes` |
//! | `blob` | opaque store (Exchange, RocksDB, SQLite) | `store`, `path`, `kind`, `bytes`, `allocated_bytes` |
//! | `problem` | path that could not be read or was left out | `path`, `kind`, `detail` |
//!
//! - *mailbox*: `store`, `domain` (null if there is none), `user`, `path`.
//! - *counts*: `messages`, `message_bytes`, `logical_bytes`, `virtual_bytes` (null if the format does not record it),
//!   `other_bytes`, `reclaimable_bytes`, `allocated_bytes`, `files`, `directories`, `directory_bytes`, `inodes`,
//!   `oldest`, `newest`. `allocated_bytes` are blocks of files, each inode once in a store; with `directory_bytes` they
//!   are what `du` counts.
//! - `class`: `message`, `reclaimable`, `index`, `full_text`, `shared_attachment`, `control`, `temporary`, `other`.
//!   Every inode under the root is charged to exactly one class.
//! - `clock`: `arrival` (INTERNALDATE, known for every message), `saved` (on this disk), `sent` (header). The clocks
//!   are never mixed. `day` is in UTC, and `week` is the Monday. `size_from` is the lower bound of the size class in bytes.
//!
//! Times are UTC in microseconds. Counts are 64-bit integers.
//!
//! # Issued forecasts
//!
//! `forecasts/` has one file for each day and model. A forecast of a table (`--input`), or of levels at other dates
//! (`--at`), is not kept. Each forecast has one row of `kind` `level` for each of 7, 28, 91, 182 and 364 days ahead, as
//! far as the horizon reaches, and one row of `kind` `date`.
//!
//! | column | meaning |
//! | --- | --- |
//! | `series`, `resource` | name of the series; `bytes` or `inodes` |
//! | `as_of` | day of the last observation |
//! | `model` | name and version of the model |
//! | `used`, `limit` | in units of the resource; `limit` is null if there is none |
//! | `horizon` | days |
//! | `spread` | factor by which the calibration widened the model's range |
//! | `kind`, `days` | `level` and the days ahead, or `date` and null |
//! | `p05`, `p10`, `p25`, `p50`, `p75`, `p90`, `p95` | quantiles: of the level, in units of the resource; or of the days to exhaustion, null beyond the horizon |
//!
//! # Imported series
//!
//! `imports/` has one file for each series that was imported, with the XXH3 of host, kind, name and resource in its name.
//! Importing the series again replaces the file. It has one row for each day: the last value of that day. Only rows before
//! the first scan of the series count.
//!
//! | column | meaning |
//! | --- | --- |
//! | `time` | when the tool measured it |
//! | `used`, `limit` | in units of the resource; `limit` is null if it is unknown |
//! | `host`, `kind`, `name`, `resource` | the series: `volume` and mount point, or `store` and its name; `bytes` or `inodes` |
//! | `source`, `imported_at` | `csv`, `prometheus`, `rrd` or `zabbix`; when it was imported |

pub(crate) mod ages;
pub mod append;
pub(crate) mod arrivals;
mod arrow;
pub mod compaction;
pub mod departure;
pub(crate) mod export;
mod forecast_table;
mod hosts;
pub mod imports;
pub mod issued;
pub(crate) mod ledger;
mod months;
pub(crate) mod names;
pub(crate) mod parquet;
pub(crate) mod query;
mod record;
pub mod removal;
mod reserve;
mod rest;
pub(crate) mod rows;
mod schema;
mod seal;
pub mod series;
pub(crate) mod table;
pub(crate) mod usable;
pub mod verify;
mod volumes;

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize, Serializer};

use self::reserve::RESERVE;
use crate::model::dates::SECONDS_PER_DAY;
use crate::model::directory::Directory;
use crate::model::error::{Error, Result};
use crate::model::schema::Time;
use crate::model::series::SeriesRow;
use crate::model::snapshot::{BulkArrival, Filesystem, Tally};
use crate::model::temporary;

/// The file that marks a directory as a history.
const MARKER: &str = "mailrunway-history.json";
/// The format that the marker names.
const FORMAT: &str = "mailrunway-history";
const SNAPSHOTS: &str = "snapshots";
/// The directory of the scan's cache.
pub const CACHE: &str = "cache";
/// The directory in which files are written before they are renamed into place.
const UNFINISHED: &str = "unfinished";
/// The directory of issued forecasts.
const FORECASTS: &str = "forecasts";
/// The directory of imported series.
const IMPORTS: &str = "imports";
const FULL_HINT: &str = "is the disk full? The history is as it was before";
const READER_HINT: &str = "run as the user who owns it, or name another with --history";

/// What to do if the history cannot be written.
fn write_hint(error: Error) -> Error {
    let hint = if error.is_full() { FULL_HINT } else { READER_HINT };
    error.or_hint(hint)
}

/// A directory of snapshots.
#[derive(Clone, Debug)]
pub struct History {
    root: PathBuf,
}

/// A snapshot without its mailboxes and folders: what forecasts need.
#[derive(Clone, Debug, PartialEq, JsonSchema, Serialize)]
pub struct SnapshotEntry {
    /// The name of the snapshot in the history.
    #[serde(rename = "snapshot")]
    pub name: String,
    /// When the scan started.
    #[schemars(with = "Time")]
    pub taken_at: Timestamp,
    /// The machine's name.
    pub host: String,
    /// Whether everything could be read.
    pub complete: bool,
    /// The places that could not be read.
    #[serde(skip)]
    pub unread: Vec<String>,
    /// The volumes.
    #[serde(skip)]
    pub filesystems: Vec<Filesystem>,
    /// The stores.
    pub stores: Vec<StoreEntry>,
}

impl SnapshotEntry {
    /// The name of the snapshot, of which the host is hidden as elsewhere.
    pub fn shown_name(&self) -> String {
        match self.name.split_once('_') {
            Some((time, _)) if names::are_hidden() => format!("{time}_{}", self.host),
            _ => self.name.clone(),
        }
    }
}

/// What forecasts need of a store in a snapshot.
#[derive(Clone, Debug, PartialEq, JsonSchema, Serialize)]
pub struct StoreEntry {
    /// The store's name.
    #[serde(rename = "store")]
    pub name: String,
    /// The store's directory.
    pub root: String,
    /// The number of mailboxes.
    pub mailboxes: u64,
    /// Everything under the root.
    #[serde(flatten, serialize_with = "messages_and_sizes")]
    #[schemars(with = "MessagesAndSizes")]
    pub tally: Tally,
    /// Whether its sizes were taken from the names of messages.
    #[serde(skip)]
    pub is_estimated: bool,
    /// The bulk arrivals that the scan detected.
    #[serde(skip)]
    pub events: Vec<BulkArrival>,
}

#[derive(JsonSchema, Serialize)]
struct MessagesAndSizes {
    /// Messages, by name.
    messages: u64,
    /// Bytes of the messages in their files.
    message_bytes: u64,
    /// Blocks of all files in bytes, each inode once per store.
    allocated_bytes: u64,
}

fn messages_and_sizes<S: Serializer>(tally: &Tally, serializer: S) -> std::result::Result<S::Ok, S::Error> {
    let Tally { messages, message_bytes, allocated_bytes, .. } = *tally;
    MessagesAndSizes { messages, message_bytes, allocated_bytes }.serialize(serializer)
}

/// All entries, and what could not be read.
#[derive(Debug, Default)]
pub struct Entries {
    /// By time.
    pub entries: Vec<SnapshotEntry>,
    /// Those that cannot be read, by name.
    pub damaged: Vec<DamagedSnapshot>,
}

/// A snapshot that cannot be read.
#[derive(Debug)]
pub struct DamagedSnapshot {
    /// Its name, which begins with its time.
    pub name: String,
    /// What is damaged.
    pub error: Error,
}

#[derive(Serialize, Deserialize)]
struct Marker {
    format: String,
    schema_version: i64,
}

impl Marker {
    /// That of the histories of this version.
    fn ours() -> Marker {
        Marker { format: FORMAT.to_owned(), schema_version: schema::SCHEMA_VERSION }
    }

    fn line(&self) -> String {
        serde_json::to_string(self).expect("a string and a number always have a JSON form") + "\n"
    }
}

/// The least days between scans that are a week apart: they do not start at the same time of day.
pub const WEEK_DAYS: f64 = 6.5;

/// The days from one scan to another.
pub fn days_between(earlier: &SnapshotEntry, later: &SnapshotEntry) -> f64 {
    later.taken_at.duration_since(earlier.taken_at).as_secs_f64() / SECONDS_PER_DAY
}

impl History {
    /// Opens an existing history.
    ///
    /// # Errors
    /// If the directory is missing, is not a history, or has another version of the schema; and if another user than root
    /// could change it, who could lead elsewhere what is read and written.
    pub fn open(root: &Path) -> Result<History> {
        History::find(root)?.ok_or_else(|| no_history(root))
    }

    /// As [`History::open`]; `None` if the directory is missing or has no marker.
    fn find(root: &Path) -> Result<Option<History>> {
        if root.is_file() {
            return Err(not_a_history(root));
        }
        let Some(directory) = Directory::open(root).map_err(|e| e.or_hint(READER_HINT))? else { return Ok(None) };
        // Only a history has to be closed to others.
        let marker = directory.held().join(MARKER).symlink_metadata();
        if marker.is_err_and(|e| e.kind() == std::io::ErrorKind::NotFound) {
            return Ok(None);
        }
        directory.check()?;
        // A file in place of the cache costs the scan time, and no more.
        let cache = directory.held().join(CACHE).symlink_metadata();
        let has_cache = !cache.is_ok_and(|cache| cache.is_file());
        for part in [SNAPSHOTS, UNFINISHED, FORECASTS, IMPORTS, RESERVE].into_iter().chain(has_cache.then_some(CACHE)) {
            directory.below(part).map_err(|e| e.or_hint(READER_HINT))?;
        }
        let Some(text) = directory.read(MARKER).map_err(|e| e.or_hint(READER_HINT))? else { return Ok(None) };
        let found = serde_json::from_slice(&text).ok().filter(|marker: &Marker| marker.format == FORMAT);
        let marker = root.join(MARKER);
        let found = found.ok_or_else(|| {
            let line = Marker::ours().line();
            Error::new("this is not a mailrunway history, or the file that marks it is damaged")
                .at(&marker)
                .hint(format!("if it is one, write this line into the file: {}", line.trim_end()))
        })?;
        if found.schema_version != schema::SCHEMA_VERSION {
            let (found, known) = (found.schema_version, schema::SCHEMA_VERSION);
            let what = format!("the history has schema version {found}, this program reads version {known}");
            let hint = "update mailrunway, or start a new history with --history";
            return Err(Error::new(what).at(&marker).hint(hint));
        }
        Ok(Some(History { root: root.to_owned() }))
    }

    /// Opens a history, or creates one in a directory that is missing or empty.
    ///
    /// # Errors
    /// As [`History::open`], and if the directory cannot be created or written.
    pub fn open_or_create(root: &Path) -> Result<History> {
        if let Some(history) = History::find(root)? {
            return Ok(history);
        }
        append::create(root)?;
        History::open(root)
    }

    /// Checks before a long scan that [`History::open_or_create`] and [`History::append`] will work. It creates nothing.
    ///
    /// # Errors
    /// If the directory is not a history, or cannot be created or written.
    pub fn check_appendable(root: &Path) -> Result<()> {
        match History::find(root)? {
            Some(history) => append::check_writable(&history.root),
            None => append::check_creatable(root),
        }
    }

    /// Makes the directory of a history that is still to be created: a scan can only be confined to one that exists.
    ///
    /// # Errors
    /// If it cannot be created.
    pub fn make_directory(root: &Path) -> Result<()> {
        if History::find(root)?.is_none() {
            append::make_directory(root)?;
        }
        Ok(())
    }

    /// Its directory, held open to write into it.
    fn directory(&self) -> Result<Directory> {
        let directory = Directory::open(&self.root)?.ok_or_else(|| no_history(&self.root))?;
        directory.check()?;
        Ok(directory)
    }

    /// The directory in which files are written before they are renamed, without what killed programs left there.
    fn unfinished(root: &Directory) -> Result<Directory> {
        let unfinished = root.make(UNFINISHED).map_err(|e| e.or_hint(FULL_HINT))?;
        temporary::remove_all(&unfinished.held());
        Ok(unfinished)
    }

    /// The directory of the snapshots.
    pub fn snapshots(&self) -> PathBuf {
        self.root.join(SNAPSHOTS)
    }
}

/// Reads the rows of a Parquet table with the columns `series,time,used[,limit]`.
///
/// # Errors
/// If the file is not a Parquet table, or a column is missing or has invalid values.
pub fn read_series_rows(path: &Path, each: impl FnMut(SeriesRow)) -> Result<()> {
    query::series_rows(path, each)
}

fn no_history(root: &Path) -> Error {
    let has_files = root.read_dir().is_ok_and(|mut entries| entries.next().is_some());
    if has_files || root.is_file() {
        return not_a_history(root);
    }
    Error::new("there is no history yet").at(root).hint("run `mailrunway scan PATH` first, or name one with --history")
}

fn not_a_history(root: &Path) -> Error {
    Error::new("this is not a mailrunway history")
        .at(root)
        .hint("name a history, or a directory that is empty or does not exist yet, with --history")
}
