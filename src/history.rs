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
//!   ledger.json                              declared events: imports, purges, steps, changes of a limit
//!   forecasts/
//!     forecast=20261123_pooled-motion-3.parquet
//!                                            forecasts issued from that day's data by that model
//!   cache/                                   what the next scan can skip; see [`crate::scan`]
//!   unfinished/                              files being written
//! ```
//!
//! A snapshot is written to `unfinished/`, synced, and renamed into place. `ledger.json`, `forecasts/` and `cache/`
//! appear with the first event, forecast and scan of a store. `cache/` can be deleted at any time: the next scan then
//! takes longer and finds the same. The directory is readable by its owner only, because it contains mailbox and folder
//! names.
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
//! | `cohort` | store, clock, week and size class | `store`, `clock`, `week`, `size_from`, `messages`, `bytes` |
//! | `mailbox_cohort` | mailbox | *mailbox*, `cohorts`: the same, packed into bytes; see `Cohorts` |
//! | `use_cohort` | store, special use, clock and week | `store`, `special_use`, `clock`, `week`, `messages`, `bytes`, `allocated_bytes`, `inodes`: each message once, as a retention rule finds it |
//! | `event` | event that the scan detected | `store`, `date`, `kind` (`migration`, `restore`), `messages`, `bytes` |
//! | `blob` | opaque store (Exchange, RocksDB, SQLite) | `store`, `path`, `kind`, `bytes`, `allocated_bytes` |
//! | `problem` | path that could not be read or was left out | `path`, `kind`, `detail` |
//!
//! - *mailbox*: `store`, `domain` (null if there is none), `user`, `path`.
//! - *counts*: `messages`, `message_bytes`, `logical_bytes`, `virtual_bytes` (null where the disk does not tell),
//!   `other_bytes`, `reclaimable_bytes`, `allocated_bytes`, `files`, `directories`, `directory_bytes`, `inodes`,
//!   `oldest`, `newest`. `allocated_bytes` are blocks of files, each inode once in a store; with `directory_bytes` they
//!   are what `du` counts.
//! - `class`: `message`, `reclaimable`, `index`, `full_text`, `shared_attachment`, `control`, `temporary`, `other`.
//!   Every inode under the root is charged to exactly one class.
//! - `clock`: `arrival` (INTERNALDATE, known for every message), `saved` (on this disk), `sent` (header). The clocks
//!   are never mixed. `week` is the Monday, in UTC. `size_from` is the lower bound of the size class in bytes.
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

pub(crate) mod ages;
mod append;
pub(crate) mod arrivals;
pub(crate) mod columns;
mod forecast_table;
pub mod issued;
pub(crate) mod ledger;
pub(crate) mod parquet;
pub(crate) mod query;
mod record;
pub(crate) mod rows;
mod schema;
pub mod series;
pub(crate) mod table;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use issued::IssuedForecast;
use jiff::Timestamp;
use ledger::{Added, DeclaredEvent};
use serde::{Deserialize, Serialize, Serializer};

use crate::model::dates::SECONDS_PER_DAY;
use crate::model::error::{Error, Result};
use crate::model::series::{Series, table as series_table};
use crate::model::snapshot::{BulkArrival, Filesystem, Mailbox, Snapshot, Tally};

/// The file that says what a directory is.
const MARKER: &str = "mailrunway-history.json";
/// The directory of the snapshots.
const SNAPSHOTS: &str = "snapshots";
/// The directory of what scans remember, which belongs to them; beside the snapshots, and not part of any.
pub const CACHE: &str = "cache";
/// Where snapshots are written before they are renamed into place: beside those that readers see.
/// The directory of what is being written.
const UNFINISHED: &str = "unfinished";
const FULL_HINT: &str = "is the disk full? The history is as it was before";
/// The directory of the record in the history.
const FORECASTS: &str = "forecasts";
/// What the marker says.
const FORMAT: &str = "mailrunway-history";

/// A directory of snapshots.
#[derive(Clone, Debug)]
pub struct History {
    root: PathBuf,
}

/// The head of a snapshot in the history: what forecasts need, without mailboxes and folders.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SnapshotEntry {
    /// The name of the snapshot in the history.
    #[serde(rename = "snapshot")]
    pub name: String,
    /// When the scan started.
    pub taken_at: Timestamp,
    /// The machine's name.
    pub host: String,
    /// Whether everything could be read.
    pub complete: bool,
    /// The volumes.
    #[serde(skip)]
    pub filesystems: Vec<Filesystem>,
    /// The stores.
    pub stores: Vec<StoreEntry>,
}

/// The head of a store in a snapshot.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StoreEntry {
    /// The store's name.
    #[serde(rename = "store")]
    pub name: String,
    /// The store's directory.
    pub root: String,
    /// How many mailboxes it has.
    pub mailboxes: u64,
    /// Everything under the root.
    #[serde(flatten, serialize_with = "messages_and_sizes")]
    pub tally: Tally,
    /// Whether its sizes were taken from the names of messages.
    #[serde(skip)]
    pub is_estimated: bool,
    /// Days on which mail was brought in or put back in bulk.
    #[serde(skip)]
    pub events: Vec<BulkArrival>,
}

fn messages_and_sizes<S: Serializer>(tally: &Tally, serializer: S) -> std::result::Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    struct Fields {
        messages: u64,
        message_bytes: u64,
        allocated_bytes: u64,
    }
    let Tally { messages, message_bytes, allocated_bytes, .. } = *tally;
    Fields { messages, message_bytes, allocated_bytes }.serialize(serializer)
}

/// All heads, and what could not be read.
#[derive(Debug, Default)]
pub struct Entries {
    /// The heads, by time.
    pub entries: Vec<SnapshotEntry>,
    /// One error for each snapshot that is damaged; the others are still of use.
    pub damaged: Vec<Error>,
}

#[derive(Serialize, Deserialize)]
struct Marker {
    format: String,
    schema_version: i64,
}

/// A week that is measured between two scans may be shorter by so many days: they do not start on the second.
pub const WEEK_DAYS: f64 = 6.5;

/// The days from one scan to another.
pub fn days_between(earlier: &SnapshotEntry, later: &SnapshotEntry) -> f64 {
    later.taken_at.duration_since(earlier.taken_at).as_secs_f64() / SECONDS_PER_DAY
}

impl History {
    /// Opens a history that exists.
    ///
    /// # Errors
    /// If there is none, or the directory is something else, or has another version of the schema.
    pub fn open(root: &Path) -> Result<History> {
        let marker = root.join(MARKER);
        let text = match std::fs::read_to_string(&marker) {
            Ok(text) => text,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Err(no_history(root)),
            Err(e) if e.kind() == std::io::ErrorKind::NotADirectory => return Err(not_a_history(root)),
            Err(e) => return Err(Error::io("cannot read the history", &marker, e).hint(READER_HINT)),
        };
        let Some(marker) = parse_marker(&text) else { return Err(not_a_history(root)) };
        if marker.schema_version != schema::SCHEMA_VERSION {
            let (found, known) = (marker.schema_version, schema::SCHEMA_VERSION);
            return Err(Error::new(format!(
                "the history has schema version {found}, this program reads version {known}"
            ))
            .at(root)
            .hint("update mailrunway, or start a new history with --history"));
        }
        Ok(History { root: root.to_owned() })
    }

    /// Opens a history, or makes one in a directory that is missing or empty.
    ///
    /// # Errors
    /// As [`History::open`], and if the directory cannot be made or written.
    pub fn open_or_create(root: &Path) -> Result<History> {
        if !root.join(MARKER).exists() {
            append::create(root)?;
        }
        History::open(root)
    }

    /// Adds a snapshot: a reader sees all of it or nothing. Returns its name.
    ///
    /// # Errors
    /// If the disk is full or the directory cannot be written; the history is then as it was.
    pub fn append(&self, snapshot: &Snapshot) -> Result<String> {
        append::append(&self.root, snapshot)
    }

    /// Fails early where [`History::open_or_create`] and [`History::append`] would fail late, after a long scan; makes
    /// nothing.
    ///
    /// # Errors
    /// If the directory is something else, or cannot be made or written.
    pub fn check_appendable(root: &Path) -> Result<()> {
        if root.join(MARKER).exists() {
            return append::check_writable(&History::open(root)?.root);
        }
        append::check_creatable(root)
    }

    /// The heads of all snapshots.
    ///
    /// # Errors
    /// If the directory cannot be listed.
    pub fn entries(&self) -> Result<Entries> {
        query::entries(&self.root.join(SNAPSHOTS))
    }

    /// Adds to series what the last scans say of the ages of the mail in them: to those that one store fills. Returns what
    /// could not be read, without which a forecast does.
    pub fn add_ages(&self, entries: &[SnapshotEntry], all: &mut [series::HistorySeries]) -> Vec<Error> {
        let snapshots = self.root.join(SNAPSHOTS);
        let mut unread = Vec::new();
        // A store fills several series, and is read once.
        let mut scans: BTreeMap<(String, String), Vec<ages::StoreArrivals>> = BTreeMap::new();
        for held in all {
            let mut stores = held.stores.iter();
            let (Some(place), None) = (stores.next(), stores.next()) else { continue };
            let scans = scans.entry(place.clone()).or_insert_with(|| {
                let (host, store) = place;
                ages::scans(&snapshots, entries, (host, store)).unwrap_or_else(|error| {
                    unread.push(error);
                    Vec::new()
                })
            });
            held.series.ages = scans.iter().map(|scan| ages::from_arrivals(scan, held.series.resource)).collect();
        }
        unread
    }

    /// The mailboxes of a store of a machine as its last whole scan found them, and the store's directory; `None` where there
    /// is no such scan.
    ///
    /// # Errors
    /// If the snapshot is damaged.
    pub fn last_mailboxes(
        &self,
        entries: &[SnapshotEntry],
        (host, store): (&str, &str),
    ) -> Result<Option<(PathBuf, Vec<Mailbox>)>> {
        let Some(last) = ages::chosen(entries, (host, store)).last().copied() else { return Ok(None) };
        let root = last.stores.iter().find(|held| held.name == store).map(|held| PathBuf::from(&held.root));
        let mailboxes = query::mailboxes(&self.root.join(SNAPSHOTS).join(&last.name), store)?;
        Ok(root.map(|root| (root, mailboxes)))
    }

    /// The directory of the snapshots, for those who read tables of their own choice.
    pub fn snapshots(&self) -> PathBuf {
        self.root.join(SNAPSHOTS)
    }

    /// A whole snapshot.
    ///
    /// # Errors
    /// If it is missing or damaged.
    pub fn load(&self, name: &str) -> Result<Snapshot> {
        query::load(&self.root.join(SNAPSHOTS).join(name))
    }

    /// What people declared, by number.
    ///
    /// # Errors
    /// If the ledger is damaged, or of a newer version.
    pub fn declared(&self) -> Result<Vec<DeclaredEvent>> {
        ledger::read(&self.root)
    }

    /// Declares an event, whose `id` is given here; one that the ledger has already is not declared twice.
    ///
    /// # Errors
    /// As [`History::declared`], and if the directory cannot be written; the ledger is then as it was.
    pub fn declare(&self, event: DeclaredEvent) -> Result<Added> {
        ledger::add(&self.root, event)
    }

    /// Takes back an event and returns it; `None` if there is none of that number.
    ///
    /// # Errors
    /// As [`History::declare`].
    pub fn take_back(&self, id: u32) -> Result<Option<DeclaredEvent>> {
        ledger::remove(&self.root, id)
    }

    /// Keeps forecasts that were issued from this history. Of one series, day and model the last stands, unless one
    /// before it looked further ahead.
    ///
    /// # Errors
    /// If the directory cannot be written, or what it has of that day is damaged.
    pub fn record(&self, issued: Vec<IssuedForecast>) -> Result<()> {
        record::add(&self.root, issued)
    }

    /// Every forecast that was issued from this history, by day, model and series.
    ///
    /// # Errors
    /// If the directory cannot be listed, or a file is damaged.
    pub fn issued(&self) -> Result<Vec<IssuedForecast>> {
        record::read(&self.root)
    }
}

/// Series from a Parquet table with the columns `series,time,used[,limit]`, as [`series_table::read_csv`] takes from
/// CSV.
///
/// # Errors
/// If the file is no Parquet, or a column is missing or holds something else.
pub fn read_series(path: &Path) -> Result<Vec<Series>> {
    query::series_rows(path).map(series_table::collect)
}

fn parse_marker(text: &str) -> Option<Marker> {
    serde_json::from_str(text).ok().filter(|marker: &Marker| marker.format == FORMAT)
}

const READER_HINT: &str = "run as the user who owns it, or name another with --history";

fn no_history(root: &Path) -> Error {
    let used = root.read_dir().is_ok_and(|mut entries| entries.next().is_some());
    if used || root.is_file() {
        return not_a_history(root);
    }
    Error::new("there is no history yet").at(root).hint("run `mailrunway scan PATH` first, or name one with --history")
}

fn not_a_history(root: &Path) -> Error {
    Error::new("this is not a mailrunway history")
        .at(root)
        .hint("name a history, or a directory that is empty or does not exist yet, with --history")
}
