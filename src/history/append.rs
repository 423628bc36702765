//! Creates a history, and appends snapshots to it: write to a temporary directory, fsync, rename, fsync the parent.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use jiff::tz::TimeZone;
use rustix::fs::{Access, access};

use super::ledger::LEDGER;
use super::schema::{self, SCHEMA_VERSION};
use super::{
    CACHE, FORECASTS, FORMAT, FULL_HINT, History, MARKER, Marker, READER_HINT, SNAPSHOTS, UNFINISHED, not_a_history,
    parquet, query,
};
use crate::model::error::{Error, Result};
use crate::model::{atomic, snapshot::Snapshot};

/// Creates a history in a directory that is missing or empty.
pub(super) fn create(root: &Path) -> Result<()> {
    check_creatable(root)?;
    let failed = |e| not_creatable(root, e);
    // The names of mailboxes and folders are private.
    let mut private = fs::DirBuilder::new();
    private.recursive(true).mode(0o700);
    if let Some(above) = root.parent() {
        fs::create_dir_all(above).map_err(failed)?;
    }
    private.create(root).map_err(failed)?;
    for directory in [SNAPSHOTS, UNFINISHED] {
        private.create(root.join(directory)).map_err(failed)?;
    }
    let marker = Marker { format: FORMAT.to_owned(), schema_version: SCHEMA_VERSION };
    let text = serde_json::to_string(&marker).expect("a string and a number always have a JSON form");
    atomic::write(&root.join(MARKER), format!("{text}\n").as_bytes())
}

/// Fails unless a history could be created there, or another scan is creating one.
pub(super) fn check_creatable(root: &Path) -> Result<()> {
    if root.exists() {
        if !root.is_dir() {
            return Err(not_a_history(root));
        }
        let entries = root.read_dir().map_err(|e| Error::io("cannot read the history", root, e).hint(READER_HINT))?;
        let is_ours = |name: &OsStr| {
            [SNAPSHOTS, UNFINISHED, CACHE, FORECASTS, LEDGER, MARKER].iter().any(|ours| name == *ours)
                || name.as_bytes().starts_with(atomic::TEMPORARY.as_bytes())
        };
        if entries.flatten().any(|entry| !is_ours(&entry.file_name())) {
            return Err(not_a_history(root));
        }
    }
    let existing = root.ancestors().find(|above| above.exists()).unwrap_or(Path::new("."));
    let existing = if existing.as_os_str().is_empty() { Path::new(".") } else { existing };
    access(existing, Access::WRITE_OK | Access::EXEC_OK).map_err(|e| not_creatable(root, e.into()))
}

fn not_creatable(root: &Path, error: io::Error) -> Error {
    Error::io("cannot make the history", root, error).hint("name a directory you may write with --history")
}

/// Fails unless snapshots could be added.
pub(super) fn check_writable(root: &Path) -> Result<()> {
    let directory = root.join(SNAPSHOTS);
    access(&directory, Access::WRITE_OK | Access::EXEC_OK)
        .map_err(|e| Error::io("cannot write the history", &directory, e.into()).hint(READER_HINT))
}

impl History {
    /// Adds a snapshot: a reader sees all of it or nothing. Returns its name.
    ///
    /// # Errors
    /// If the disk is full or the directory cannot be written; the history is then unchanged.
    pub fn append(&self, snapshot: &Snapshot) -> Result<String> {
        let failed = |e: io::Error| Error::io("cannot write the history", &self.root, e).hint(FULL_HINT);
        let unfinished = self.root.join(UNFINISHED);
        fs::create_dir_all(&unfinished).map_err(failed)?;
        atomic::remove_old(&unfinished, |_| true);
        // Removed if this function returns early.
        let directory = tempfile::tempdir_in(&unfinished).map_err(|e| failed(atomic::without_path(e)))?;
        let mut files = Vec::new();
        for (name, pieces) in schema::tables(snapshot) {
            let path = query::table_path(directory.path(), name);
            files.push(parquet::write(&path, pieces).map_err(|e| e.hint(FULL_HINT))?);
        }
        // The first sync writes most of the others, too.
        files.iter().try_for_each(File::sync_all).map_err(failed)?;
        atomic::sync_directory(directory.path()).map_err(failed)?;
        let snapshots = self.snapshots();
        let name = rename_to_free_name(directory.path(), &snapshots, snapshot).map_err(failed)?;
        // The directory has its final name now.
        let _: PathBuf = directory.keep();
        atomic::sync_directory(&snapshots).map_err(failed)?;
        Ok(name)
    }
}

/// One machine may scan two stores in one second. The rename fails if the name is taken, so two simultaneous scans cannot
/// take the same.
fn rename_to_free_name(from: &Path, snapshots: &Path, snapshot: &Snapshot) -> io::Result<String> {
    let time = snapshot.taken_at.to_zoned_datetime(TimeZone::UTC).strftime("%Y%m%dT%H%M%SZ").to_string();
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
    let host: String = snapshot.host.chars().take(64).map(|c| if is_plain(c) { c } else { '-' }).collect();
    let first = format!("snapshot={time}_{host}");
    let (mut name, mut number) = (first.clone(), 1);
    loop {
        match fs::rename(from, snapshots.join(&name)) {
            Err(e) if matches!(e.kind(), io::ErrorKind::DirectoryNotEmpty | io::ErrorKind::AlreadyExists) => {}
            renamed => return renamed.map(|()| name),
        }
        number += 1;
        name = format!("{first}_{number}");
    }
}
