//! Creates a history, and appends snapshots to it: write to a temporary directory, fsync, rename, fsync the parent.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io;
use std::path::Path;

use rustix::fs::{Access, AtFlags, CWD, accessat};
use rustix::io::Errno;

use super::ledger::LEDGER;
use super::reserve::{self, RESERVE};
use super::schema;
use super::{
    CACHE, FORECASTS, FULL_HINT, History, IMPORTS, MARKER, Marker, READER_HINT, SNAPSHOTS, UNFINISHED, months,
    not_a_history, parquet, write_hint,
};
use crate::model::directory::Directory;
use crate::model::error::{Error, Result};
use crate::model::temporary::TemporaryDirectory;
use crate::model::{atomic, snapshot::Snapshot};

const PLACE_HINT: &str = "name a directory you may write with --history";

/// Creates a history in a directory that is missing or empty.
pub(super) fn create(root: &Path) -> Result<()> {
    let directory = make_directory(root)?;
    directory.make(SNAPSHOTS).map_err(|e| e.or_hint(PLACE_HINT))?;
    let unfinished = directory.make(UNFINISHED).map_err(|e| e.or_hint(PLACE_HINT))?;
    // The sync of the first snapshot tells of a disk that does not confirm.
    directory.write(&unfinished, MARKER, Marker::ours().line().as_bytes()).map_err(|e| e.or_hint(PLACE_HINT)).map(drop)
}

/// Makes the directory for a history, which may exist if it is empty.
pub(super) fn make_directory(root: &Path) -> Result<Directory> {
    check_creatable(root)?;
    Directory::create(root).map_err(|e| e.or_hint(PLACE_HINT))
}

/// Fails unless a history could be created there, or another scan is creating one.
pub(super) fn check_creatable(root: &Path) -> Result<()> {
    if let Some(directory) = Directory::open(root)? {
        let entries = root.read_dir().map_err(|e| Error::io("cannot read the history", root, e).hint(READER_HINT))?;
        let is_ours = |name: &OsStr| {
            [SNAPSHOTS, UNFINISHED, CACHE, FORECASTS, IMPORTS, RESERVE, LEDGER, MARKER].iter().any(|ours| name == *ours)
        };
        if entries.flatten().any(|entry| !is_ours(&entry.file_name())) {
            return Err(not_a_history(root));
        }
        directory.check()?;
    }
    let existing = root.ancestors().find(|above| above.exists()).unwrap_or(Path::new("."));
    let existing = if existing.as_os_str().is_empty() { Path::new(".") } else { existing };
    check_access(existing).map_err(|e| not_creatable(root, e.into()))
}

fn not_creatable(root: &Path, error: io::Error) -> Error {
    Error::io("cannot make the history", root, error).hint(PLACE_HINT)
}

/// Fails unless snapshots could be added.
pub(super) fn check_writable(root: &Path) -> Result<()> {
    let directory = root.join(SNAPSHOTS);
    match check_access(&directory) {
        // A disk with errors: what a scan finds can still be printed.
        Err(Errno::ROFS) => Ok(()),
        allowed => allowed.map_err(|e| Error::io("cannot write the history", &directory, e.into()).hint(READER_HINT)),
    }
}

/// Fails unless this process may write in a directory, by the user and capabilities that it has now.
fn check_access(directory: &Path) -> rustix::io::Result<()> {
    accessat(CWD, directory, Access::WRITE_OK | Access::EXEC_OK, AtFlags::EACCESS)
}

/// A snapshot that is in the history now.
#[derive(Debug)]
pub struct Appended {
    /// Its name.
    pub name: String,
    /// That a crash could still undo it, if the disk did not confirm it.
    pub warning: Option<Error>,
    /// What is there for the next one.
    pub reserve: Reserve,
}

/// Room for one snapshot on a full volume.
#[derive(Debug)]
pub enum Reserve {
    /// It is there.
    Kept,
    /// This snapshot took it.
    Used,
    /// It could not be made.
    Missing(Error),
}

impl History {
    /// Adds a snapshot: a reader sees all of it or nothing. On a full volume it takes the reserve.
    ///
    /// # Errors
    /// If the disk is full or the directory cannot be written; the history is then unchanged.
    pub fn append(&self, snapshot: &Snapshot) -> Result<Appended> {
        let root = self.directory()?;
        let mut reserve = Reserve::Kept;
        let added = self.add(&root, snapshot).or_else(|error| {
            if !error.is_full() || !reserve::release(&root) {
                return Err(error);
            }
            reserve = Reserve::Used;
            self.add(&root, snapshot)
        });
        let (name, warning) = added?;
        if matches!(reserve, Reserve::Kept) {
            let made = History::unfinished(&root)
                .and_then(|unfinished| reserve::keep(&root, &unfinished, &self.snapshots().join(&name)));
            reserve = made.map_or_else(Reserve::Missing, |()| Reserve::Kept);
        }
        Ok(Appended { name, warning, reserve })
    }

    /// Adds a snapshot under a free name, and warns if a crash could still undo that.
    fn add(&self, root: &Directory, snapshot: &Snapshot) -> Result<(String, Option<Error>)> {
        let failed = |e: io::Error| Error::io("cannot write the history", &self.root, e).hint(FULL_HINT);
        let unfinished = History::unfinished(root)?;
        // Removed if this function returns early.
        let directory = TemporaryDirectory::make(&unfinished.held()).map_err(failed)?;
        let mut files = Vec::new();
        for (name, pieces) in schema::tables(snapshot) {
            let path = months::table_path(directory.path(), name);
            files.push(parquet::write(&path, pieces).map_err(|e| e.at(unfinished.shown(&path)).hint(FULL_HINT))?);
        }
        // The first sync writes most of the others, too.
        files.iter().try_for_each(File::sync_all).map_err(failed)?;
        atomic::sync_directory(directory.path()).map_err(failed)?;
        let snapshots = root.make(SNAPSHOTS).map_err(write_hint)?;
        let first = months::snapshot_name(snapshot.taken_at, &snapshot.host);
        let is_taken = |name: &str| months::has(&self.snapshots(), name);
        let name = rename_to_free_name(directory.path(), &snapshots.held(), &first, is_taken).map_err(failed)?;
        // It has its final name now.
        directory.keep();
        let not_synced = |e| atomic::not_synced(&self.snapshots().join(&name), e);
        Ok((name.clone(), snapshots.sync().err().map(not_synced)))
    }
}

/// Renames a directory to this name, or with a number if it is taken; returns the name. The rename fails if a directory has
/// the name, so two programs cannot take the same at the same time.
pub(super) fn rename_to_free_name(
    from: &Path,
    into: &Path,
    first: &str,
    is_taken: impl Fn(&str) -> bool,
) -> io::Result<String> {
    let (mut name, mut number) = (first.to_owned(), 1);
    loop {
        if !is_taken(&name) {
            match fs::rename(from, into.join(&name)) {
                Err(e) if matches!(e.kind(), io::ErrorKind::DirectoryNotEmpty | io::ErrorKind::AlreadyExists) => {}
                renamed => return renamed.map(|()| name),
            }
        }
        number += 1;
        name = format!("{first}_{number}");
    }
}
