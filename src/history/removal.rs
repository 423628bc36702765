//! Removes snapshots, or stores from them: by one rename each, so that a crash leaves what was there or what is to remain.

use std::collections::BTreeSet;
use std::fs::File;
use std::io;
use std::path::Path;

use rustix::fs::{CWD, RenameFlags, renameat_with};
use rustix::io::Errno;

use super::append::rename_to_free_name;
use super::rest::Rest;
use super::table::ColumnTable;
use super::{FULL_HINT, History, SNAPSHOTS, months, parquet, query, schema};
use crate::model::atomic;
use crate::model::directory::Directory;
use crate::model::error::{Error, Result};
use crate::model::temporary::{self, TemporaryDirectory};

/// What leaves a snapshot.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cut {
    /// All of it.
    Whole,
    /// These stores, with the volumes that hold no other store.
    Stores(BTreeSet<String>),
}

/// The directories that a removal works in.
pub(super) struct Places {
    pub(super) snapshots: Directory,
    pub(super) unfinished: Directory,
}

impl History {
    /// Removes snapshots by name, or stores from them, one after the other. One that is not there any more is passed over.
    /// Returns warnings of what is removed, but not certainly on the disk.
    ///
    /// # Errors
    /// If a snapshot cannot be removed or written anew; it is then as before, and so are those after it.
    pub fn remove(&self, cuts: &[(String, Cut)]) -> Result<Vec<Error>> {
        let places = self.places()?;
        // Of two that cut one snapshot at the same time, one would be lost.
        let _lock = places.snapshots.lock();
        let mut warnings = self.take_months_apart(&places, cuts)?;
        for (done, (name, cut)) in cuts.iter().enumerate() {
            let removed = match cut {
                Cut::Whole => self.remove_whole(&places, name),
                Cut::Stores(stores) => self.cut(&places, name, stores),
            };
            let of_all = format!("{done} of {} snapshots are done; run the command again", cuts.len());
            warnings.extend(removed.map_err(|e| if done > 0 { e.hint(of_all) } else { e })?);
        }
        Ok(warnings)
    }

    pub(super) fn places(&self) -> Result<Places> {
        let root = self.directory()?;
        Ok(Places { unfinished: History::unfinished(&root)?, snapshots: root.make(SNAPSHOTS)? })
    }

    /// Takes the months apart that have some of the snapshots, or removes those that have no other.
    fn take_months_apart(&self, places: &Places, cuts: &[(String, Cut)]) -> Result<Vec<Error>> {
        let snapshots = self.snapshots();
        let has = cuts.iter().filter(|(name, _)| months::has(&snapshots, name));
        let months: BTreeSet<String> = has.filter_map(|(name, _)| months::month_of(name)).collect();
        let mut warnings = Vec::new();
        for month in months {
            let is_whole = |name: &String| cuts.iter().any(|(cut, what)| cut == name && *what == Cut::Whole);
            let directory = snapshots.join(&month);
            let names = months::snapshots(&directory);
            let names = names.map_err(|e| query::damaged(e, &months::table_path(&directory, "snapshot")))?;
            warnings.extend(match names.iter().all(is_whole) {
                true => self.remove_whole(places, &month)?,
                false => self.take_apart(places, &month)?,
            });
        }
        Ok(warnings)
    }

    pub(super) fn remove_whole(&self, places: &Places, name: &str) -> Result<Option<Error>> {
        let shown = self.snapshots().join(name);
        let removed = format!("{}{name}", temporary::PREFIX);
        let (from, into) = (places.snapshots.held().join(name), places.unfinished.held());
        let removed = match rename_to_free_name(&from, &into, &removed, |_| false) {
            Ok(removed) => removed,
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(Error::io("cannot remove the snapshot", shown, e).hint("it is as it was before")),
        };
        if let Err(e) = places.snapshots.sync() {
            // If a crash undid the rename, the files must be there.
            return Ok(Some(not_synced(&shown, e)));
        }
        let path = into.join(removed);
        let left = |e| {
            Error::io("the snapshot is removed, but its files are still there", places.unfinished.shown(&path), e)
                .hint("the next scan tries to remove them again")
        };
        Ok(temporary::remove(&path).err().map(left))
    }

    /// Writes a snapshot anew without some stores, and exchanges both.
    fn cut(&self, places: &Places, name: &str, stores: &BTreeSet<String>) -> Result<Option<Error>> {
        let (shown, from) = (self.snapshots().join(name), places.snapshots.held().join(name));
        if !from.exists() {
            return Ok(None);
        }
        let failed = |e: io::Error| Error::io("cannot write the snapshot anew", &shown, e).hint(FULL_HINT);
        let anew = TemporaryDirectory::make(&places.unfinished.held()).map_err(failed)?;
        write_rest(&from, anew.path(), stores).map_err(|e| match e.advice() {
            Some(_) => e,
            None => Error::new("cannot write the snapshot anew").at(&shown).because(e).hint(FULL_HINT),
        })?;
        match renameat_with(CWD, anew.path(), CWD, &from, RenameFlags::EXCHANGE) {
            Ok(()) => {}
            Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => {
                return Err(Error::new(
                    "this file system cannot exchange two directories, which removes a store safely",
                )
                .at(&shown)
                .hint("move the history to ext4, XFS or btrfs for this, or remove whole snapshots by name"));
            }
            Err(e) => return Err(failed(e.into())),
        }
        // What was the snapshot is now there, and removed in the end.
        Ok(places.snapshots.sync().err().map(|e| {
            anew.keep();
            not_synced(&shown, e)
        }))
    }
}

fn not_synced(path: &Path, error: io::Error) -> Error {
    Error::io("it is removed, but a crash could still undo that", path, error)
        .hint("look for errors of the disk in the kernel's log")
}

/// Writes the tables of a snapshot without some stores, and syncs them.
fn write_rest(from: &Path, to: &Path, stores: &BTreeSet<String>) -> Result<()> {
    let rest = Rest::of(from, stores)?;
    write_tables(to, |table| rest.table(from, table))
}

/// Writes all tables of a snapshot or month into a directory, given by name, and syncs them.
pub(super) fn write_tables(to: &Path, rows: impl Fn(&str) -> Result<ColumnTable>) -> Result<()> {
    let mut files = Vec::new();
    for (table, _) in schema::TABLES {
        files.push(parquet::write(&months::table_path(to, table), std::iter::once(rows(table)?))?);
    }
    let synced = files.iter().try_for_each(File::sync_all).and_then(|()| atomic::sync_directory(to));
    synced.map_err(|e| Error::new("the disk does not confirm it").because(e))
}
