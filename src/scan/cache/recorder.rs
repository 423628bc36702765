//! Records a unit for the cache while it is measured.

use std::path::Path;

use crate::scan::cache::file::{CacheWriter, StoredUnit};
use crate::scan::cache::message_table::{self, CachedFile};
use crate::scan::cache::unit_record::{DirContent, DirNames, DirRecord, LONGEST_PATH, UnitRecord, add_table};
use crate::scan::io::DirStamp;
use crate::scan::tally::{DirTally, MailboxTally};

/// Directories with more names are rare and would fill the cache; they are listed in each scan.
const MOST_NAMES: usize = 256;

/// The directories of one unit, in the order of the walk.
#[derive(Debug, Default)]
pub(crate) struct CacheRecorder {
    directories: Vec<RecordedDir>,
    tables: Vec<u8>,
}

#[derive(Debug)]
enum RecordedDir {
    New(DirRecord),
    /// Its index in the cached record.
    Unchanged(usize),
}

/// What the cache stores of a unit.
#[derive(Debug)]
pub(crate) enum UnitUpdate {
    Nothing,
    /// The unit as it already is in the cache.
    Unchanged,
    /// A record, and its tables of messages.
    New(UnitRecord, Vec<u8>),
}

impl CacheRecorder {
    pub(crate) fn unchanged(&mut self, index: usize) {
        self.directories.push(RecordedDir::Unchanged(index));
    }

    pub(crate) fn names(&mut self, part: usize, path: &Path, stamp: DirStamp, names: DirNames) {
        if names.count() <= MOST_NAMES {
            let (path, content) = (path.to_owned(), DirContent::Names(names));
            self.add(DirRecord { part, path, stamp, is_settled: true, content });
        }
    }

    /// Records a directory of messages. One that is not settled is listed in the next scan, which knows its files.
    pub(crate) fn messages(
        &mut self,
        (part, path): (usize, &Path),
        stamp: DirStamp,
        is_settled: bool,
        tally: DirTally,
        files: &[CachedFile],
    ) {
        let (table, check) = add_table(&mut self.tables, |into| message_table::put(into, files));
        let content = DirContent::Messages { tally: Box::new(tally), table, check };
        self.add(DirRecord { part, path: path.to_owned(), stamp, is_settled, content });
    }

    fn add(&mut self, directory: DirRecord) {
        if directory.path.as_os_str().len() <= LONGEST_PATH {
            self.directories.push(RecordedDir::New(directory));
        }
    }

    /// The update of a unit, whose entry in the cache so far is `before`.
    pub(crate) fn finish(mut self, before: Option<&StoredUnit>, tally: &MailboxTally) -> UnitUpdate {
        if self.directories.is_empty() {
            return UnitUpdate::Nothing;
        }
        let is_unchanged = |(number, directory)| matches!(directory, &RecordedDir::Unchanged(index) if index == number);
        let are_unchanged = self.directories.iter().enumerate().all(is_unchanged);
        if are_unchanged && before.is_some_and(|before| before.record.directories.len() == self.directories.len()) {
            return UnitUpdate::Unchanged;
        }
        let mut record = UnitRecord {
            directories: Vec::with_capacity(self.directories.len()),
            cohorts: tally.cohorts.clone(),
            uses: tally.uses.clone(),
            bulk: tally.bulk.clone(),
        };
        for directory in self.directories {
            match directory {
                RecordedDir::New(directory) => record.directories.push(directory),
                RecordedDir::Unchanged(index) => {
                    let copied = before.and_then(|before| copied(before, index, &mut self.tables));
                    record.directories.extend(copied);
                }
            }
        }
        UnitUpdate::New(record, self.tables)
    }
}

/// A cached directory; its table is appended to the tables.
fn copied(before: &StoredUnit, index: usize, tables: &mut Vec<u8>) -> Option<DirRecord> {
    let mut directory = before.record.directories.get(index)?.clone();
    if let DirContent::Messages { table, check, .. } = &mut directory.content {
        let bytes = before.table(table, *check)?;
        (*table, *check) = add_table(tables, |into| into.extend_from_slice(bytes));
    }
    Some(directory)
}

impl UnitUpdate {
    pub(crate) fn write(&self, key: &[u8], writer: &CacheWriter) {
        match self {
            UnitUpdate::Nothing => {}
            UnitUpdate::Unchanged => writer.keep(key),
            UnitUpdate::New(record, tables) => writer.add(key, &record.bytes(), tables),
        }
    }
}
