//! Compaction: the snapshots of a finished month become one month, and of nights long ago one a week stays. A reader sees the
//! snapshots before it or after it: the month is complete before its snapshots leave, and a snapshot's own directory counts.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use jiff::ToSpan;
use jiff::civil::Date;
use rustix::fs::{CWD, RenameFlags, renameat_with};

use super::query::{day_of_name, heads};
use super::removal::{Places, write_tables};
use super::table::ColumnTable;
use super::{FULL_HINT, History, SnapshotEntry, months, query, schema};
use crate::model::atomic;
use crate::model::days::Days;
use crate::model::error::{Error, Result};
use crate::model::temporary::TemporaryDirectory;

/// How long every night is kept, if nothing else is said.
pub const NIGHTS: Days = Days(365);

/// What a compaction does.
#[derive(Clone, Copy, Debug)]
pub struct Compaction {
    /// The day that is not over yet; months before its month are finished.
    pub today: Date,
    /// How long every night is kept; of a month before that, the last snapshot of each week stays.
    pub nights: Days,
}

/// A month, as it is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Month {
    /// Its name.
    pub name: String,
    /// The snapshots that it has then, by name.
    pub kept: Vec<String>,
    /// The nights that leave, by name.
    pub thinned: Vec<String>,
}

impl History {
    /// The months that a compaction writes, by name.
    ///
    /// # Errors
    /// If the history cannot be listed.
    pub fn months_to_compact(&self, compaction: Compaction) -> Result<Vec<Month>> {
        let directories = self.directories()?;
        let mut months: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for name in directories.iter().filter(|name| !months::is_month(name)) {
            if let (Some(month), true) = (months::month_of(name), compaction.is_finished(name)) {
                months.entry(month).or_default().insert(name.clone());
            }
        }
        for name in directories.iter().filter(|name| months::is_month(name)) {
            // A damaged one stays as it is, and so do its snapshots.
            match months::snapshots(&self.snapshots().join(name)) {
                Ok(snapshots) if snapshots.first().is_some_and(|name| compaction.is_finished(name)) => {
                    months.entry(name.clone()).or_default().extend(snapshots);
                }
                _ => drop(months.remove(name)),
            }
        }
        let is_to_write = |month: &Month| {
            let has_own = month.kept.iter().chain(&month.thinned).any(|name| directories.contains(name));
            let is_worth_it = directories.contains(&month.name) || month.kept.len() > 1;
            (has_own && is_worth_it) || !month.thinned.is_empty()
        };
        let months = months.into_iter().map(|(name, snapshots)| compaction.thin(name, snapshots));
        Ok(months.filter(is_to_write).collect())
    }

    /// Writes a month. Returns warnings of what is written, but not certainly on the disk: then its snapshots stay, too.
    ///
    /// # Errors
    /// If a snapshot cannot be read or the month not be written; all snapshots are then still there.
    pub fn compact(&self, month: &Month) -> Result<Vec<Error>> {
        let places = self.places()?;
        let _lock = places.snapshots.lock();
        // Another program may have removed some since, or put more into the month.
        let names: BTreeSet<String> = self.names()?.into_iter().collect();
        let directory = self.snapshots().join(&month.name);
        let present = if directory.is_dir() { months::snapshots(&directory)? } else { Vec::new() };
        let added = present.iter().filter(|name| !month.kept.contains(name) && !month.thinned.contains(name));
        let kept: BTreeSet<&String> = month.kept.iter().filter(|name| names.contains(*name)).chain(added).collect();
        if kept.is_empty() {
            return Ok(Vec::new());
        }
        if let Some(warning) = self.write_month(&places, &month.name, &kept)? {
            return Ok(vec![warning]);
        }
        let leaving = month.kept.iter().chain(&month.thinned);
        let removed: Vec<Option<Error>> =
            leaving.map(|name| self.remove_whole(&places, name)).collect::<Result<_>>()?;
        Ok(removed.into_iter().flatten().collect())
    }

    /// Writes a month in place of the one that may be there. Warns if a crash could still undo that.
    fn write_month(&self, places: &Places, name: &str, kept: &BTreeSet<&String>) -> Result<Option<Error>> {
        let shown = self.snapshots().join(name);
        let failed = |e: io::Error| Error::io("cannot write the month", &shown, e).hint(FULL_HINT);
        let written = TemporaryDirectory::make(&places.unfinished.held()).map_err(failed)?;
        let directories: Vec<_> = kept.iter().map(|name| self.snapshots().join(name)).collect();
        write_tables(written.path(), |table| {
            let tables = directories.iter().map(|directory| query::whole_table(directory, table));
            let whole = ColumnTable::joined(tables.collect::<Result<_>>()?)?;
            let sorted = schema::SORTED_BY.iter().find(|(of, _)| *of == table);
            Ok(match sorted {
                Some((_, columns)) => whole.sorted_by(columns),
                None => whole,
            })
        })
        .map_err(|e| e.or_at(&shown).or_hint(FULL_HINT))?;
        self.check_month(written.path(), &directories)?;
        let place = places.snapshots.held().join(name);
        match place.is_dir() {
            // What was the month is removed in the end.
            true => {
                renameat_with(CWD, written.path(), CWD, &place, RenameFlags::EXCHANGE).map_err(|e| failed(e.into()))?;
            }
            false => {
                fs::rename(written.path(), &place).map_err(failed)?;
                written.keep();
            }
        }
        Ok(places.snapshots.sync().err().map(|e| atomic::not_synced(&shown, e)))
    }

    /// Compares a month with the snapshots that it was written from, before they are removed.
    fn check_month(&self, month: &Path, directories: &[PathBuf]) -> Result<()> {
        let mut wanted: Vec<SnapshotEntry> = Vec::new();
        for directory in directories {
            let entry = query::entry(directory, "")?;
            wanted.push(SnapshotEntry { name: months::snapshot_name(entry.taken_at, &entry.host), ..entry });
        }
        let by_time = |entries: &mut Vec<SnapshotEntry>| entries.sort_by_key(|entry| entry.taken_at);
        let mut found = heads(month)?;
        by_time(&mut wanted);
        by_time(&mut found);
        match found == wanted {
            true => Ok(()),
            false => Err(Error::new("the month does not have what its snapshots have")
                .at(month)
                .hint("this is an error of the program: report it; the history is as it was before")),
        }
    }

    /// Gives the snapshots of a month directories of their own again, as a removal needs them, and removes the month.
    pub(super) fn take_apart(&self, places: &Places, month: &str) -> Result<Option<Error>> {
        for name in months::snapshots(&self.snapshots().join(month))? {
            let directory = self.snapshots().join(&name);
            if directory.is_dir() {
                continue;
            }
            let failed = |e: io::Error| Error::io("cannot write the snapshot", &directory, e).hint(FULL_HINT);
            let written = TemporaryDirectory::make(&places.unfinished.held()).map_err(failed)?;
            let written_all = write_tables(written.path(), |table| query::whole_table(&directory, table));
            written_all.map_err(|e| e.or_at(&directory).or_hint(FULL_HINT))?;
            fs::rename(written.path(), places.snapshots.held().join(&name)).map_err(failed)?;
            written.keep();
        }
        if let Err(e) = places.snapshots.sync() {
            return Ok(Some(atomic::not_synced(&self.snapshots(), e)));
        }
        self.remove_whole(places, month)
    }
}

impl Compaction {
    fn is_finished(&self, snapshot: &str) -> bool {
        day_of_name(snapshot).is_some_and(|day| day < self.today.first_of_month())
    }

    /// A month of these snapshots, or of the last of each week, if it ended before the nights that are kept.
    fn thin(&self, name: String, snapshots: BTreeSet<String>) -> Month {
        let nights_from = self.today.saturating_sub(i64::from(self.nights.0).days());
        let last_day = snapshots.last().and_then(|last| day_of_name(last)).map(Date::last_of_month);
        let is_old = last_day.is_some_and(|last| last < nights_from);
        let week = |name: &String| day_of_name(name).map(|day| day.iso_week_date().week());
        let mut month = Month { name, kept: Vec::new(), thinned: Vec::new() };
        let all: Vec<String> = snapshots.into_iter().collect();
        for (at, snapshot) in all.iter().enumerate() {
            let is_last = all.get(at + 1).is_none_or(|next| week(next) != week(snapshot));
            if is_old && !is_last { &mut month.thinned } else { &mut month.kept }.push(snapshot.clone());
        }
        month
    }
}
