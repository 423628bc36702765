//! The history: snapshots on disk, appended whole or not at all, and the series they make.
//!
//! ```text
//! history/
//!   mailrunway-history.json                    what this directory is, and its version
//!   snapshots/
//!     snapshot=20261123T040000Z_mail01/        one scan; renamed into place when all of it is on disk
//!       snapshot.parquet  filesystem.parquet  store.parquet  mailbox.parquet  folder.parquet
//!       class.parquet  mailbox_class.parquet  cohort.parquet  mailbox_cohort.parquet
//!       event.parquet  blob.parquet  problem.parquet
//!   unfinished/                                snapshots that are being written
//!   remembered/                                what the next scan need not ask for; see [`crate::scan::memory`]
//! ```
//! Any Parquet reader takes a table of all snapshots by a pattern: `snapshots/*/store.parquet`.

mod append;
mod parquet;
mod query;
mod rows;
mod schema;
pub mod series;
mod table;

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::series::{Series, table as series_table};
use crate::snapshot::{Event, Filesystem, Snapshot, Tally};

/// The file that says what a directory is.
const MARKER: &str = "mailrunway-history.json";
/// The directory of the snapshots.
const SNAPSHOTS: &str = "snapshots";
/// The directory of what scans remember, which belongs to them; beside the snapshots, and not part of any.
pub const REMEMBERED: &str = "remembered";
/// What the marker says.
const FORMAT: &str = "mailrunway-history";

/// A directory of snapshots.
#[derive(Clone, Debug)]
pub struct History {
    root: PathBuf,
}

/// The head of a snapshot in the history: what forecasts need, without mailboxes and folders.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The name of the snapshot in the history.
    pub name: String,
    /// When the scan started.
    pub taken_at: Timestamp,
    /// The machine's name.
    pub host: String,
    /// Whether everything could be read.
    pub complete: bool,
    /// The volumes.
    pub filesystems: Vec<Filesystem>,
    /// The stores.
    pub stores: Vec<StoreEntry>,
}

/// The head of a store in a snapshot.
#[derive(Clone, Debug, PartialEq)]
pub struct StoreEntry {
    /// The store's name.
    pub name: String,
    /// The store's directory.
    pub root: String,
    /// How many mailboxes it has.
    pub mailboxes: u64,
    /// Everything under the root.
    pub tally: Tally,
    /// Whether its sizes were taken from the names of messages.
    pub is_estimated: bool,
    /// Days on which mail was brought in or put back in bulk.
    pub events: Vec<Event>,
}

/// All heads, and what could not be read.
#[derive(Debug, Default)]
pub struct Entries {
    /// The heads, by time.
    pub entries: Vec<Entry>,
    /// One error for each snapshot that is damaged; the others are still of use.
    pub damaged: Vec<Error>,
}

#[derive(Serialize, Deserialize)]
struct Marker {
    format: String,
    schema_version: i64,
}

impl History {
    /// Opens a history that exists.
    ///
    /// # Errors
    /// If there is none, or the directory is something else, or was written by a newer version.
    pub fn open(root: &Path) -> Result<History> {
        let marker = root.join(MARKER);
        let text = match std::fs::read_to_string(&marker) {
            Ok(text) => text,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Err(no_history(root)),
            Err(e) if e.kind() == std::io::ErrorKind::NotADirectory => return Err(not_a_history(root)),
            Err(e) => return Err(Error::io("cannot read the history", &marker, e).hint(READER_HINT)),
        };
        let Some(marker) = parse_marker(&text) else { return Err(not_a_history(root)) };
        if marker.schema_version > schema::SCHEMA_VERSION {
            return Err(Error::new(format!("the history has the newer version {}", marker.schema_version))
                .at(root)
                .hint("update mailrunway"));
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

    /// A whole snapshot.
    ///
    /// # Errors
    /// If it is missing or damaged.
    pub fn load(&self, name: &str) -> Result<Snapshot> {
        query::load(&self.root.join(SNAPSHOTS).join(name))
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
