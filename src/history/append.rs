//! Appending: write beside, fsync, rename, fsync the directory.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use jiff::tz::TimeZone;
use rustix::fs::{Access, access};

use super::schema::{self, SCHEMA_VERSION};
use super::{FORMAT, MARKER, Marker, READER_HINT, SNAPSHOTS, not_a_history, parquet};
use crate::atomic;
use crate::error::{Error, Result};
use crate::snapshot::Snapshot;

/// Makes a history in a directory that is missing or empty.
pub fn create(root: &Path) -> Result<()> {
    check_creatable(root)?;
    fs::create_dir_all(root.join(SNAPSHOTS)).map_err(|e| not_creatable(root, e))?;
    let marker = Marker { format: FORMAT.to_owned(), schema_version: SCHEMA_VERSION };
    let text = serde_json::to_string(&marker).expect("a string and a number always have a JSON form");
    atomic::write(&root.join(MARKER), format!("{text}\n").as_bytes())
}

/// Whether a history could be made there.
pub fn check_creatable(root: &Path) -> Result<()> {
    if root.exists() {
        if !root.is_dir() {
            return Err(not_a_history(root));
        }
        // A scan that was stopped while it made the history may have left the snapshots' directory, empty.
        let mut entries =
            root.read_dir().map_err(|e| Error::io("cannot read the history", root, e).hint(READER_HINT))?;
        if entries.any(|entry| entry.is_ok_and(|entry| entry.file_name() != SNAPSHOTS)) {
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

/// Tries to make and remove a directory.
pub fn check_writable(snapshots: &Path) -> Result<()> {
    let failed = |e: io::Error| Error::io("cannot write the history", snapshots, e).hint(READER_HINT);
    tempfile::Builder::new().prefix(TEMPORARY).tempdir_in(snapshots).and_then(tempfile::TempDir::close).map_err(failed)
}

const FULL_HINT: &str = "is the disk full? The history is as it was before";

/// What unfinished snapshots begin with; a dot hides them from patterns such as `snapshots/*/store.parquet`.
const TEMPORARY: &str = ".unfinished-";

/// Adds a snapshot and returns its name.
pub fn append(snapshots: &Path, snapshot: &Snapshot) -> Result<String> {
    let failed = |e: io::Error| Error::io("cannot write the history", snapshots, e).hint(FULL_HINT);
    // Removed with all that is in it wherever this function is left early.
    let unfinished = tempfile::Builder::new()
        .prefix(TEMPORARY)
        .permissions(std::os::unix::fs::PermissionsExt::from_mode(0o777))
        .tempdir_in(snapshots)
        .map_err(failed)?;
    for (name, table) in schema::tables(snapshot) {
        parquet::write(&unfinished.path().join(format!("{name}.parquet")), &table).map_err(|e| e.hint(FULL_HINT))?;
    }
    atomic::sync_directory(unfinished.path()).map_err(failed)?;
    let name = rename_to_free_name(unfinished.path(), snapshots, snapshot).map_err(failed)?;
    // It has gone to its new name.
    let _: PathBuf = unfinished.keep();
    atomic::sync_directory(snapshots).map_err(failed)?;
    Ok(name)
}

/// Two stores may be scanned in one second, by one machine. The rename fails where the name is taken, so that two scans
/// at once cannot take the same.
fn rename_to_free_name(from: &Path, snapshots: &Path, snapshot: &Snapshot) -> io::Result<String> {
    let time = snapshot.taken_at.to_zoned_datetime(TimeZone::UTC).strftime("%Y%m%dT%H%M%SZ").to_string();
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
    let host: String = snapshot.host.chars().take(64).map(|c| if is_plain(c) { c } else { '-' }).collect();
    for number in 1.. {
        let name = match number {
            1 => format!("snapshot={time}_{host}"),
            _ => format!("snapshot={time}_{host}_{number}"),
        };
        match fs::rename(from, snapshots.join(&name)) {
            Ok(()) => return Ok(name),
            Err(e) if matches!(e.kind(), io::ErrorKind::DirectoryNotEmpty | io::ErrorKind::AlreadyExists) => {}
            Err(e) => return Err(e),
        }
    }
    unreachable!("the loop has no end but its returns")
}
