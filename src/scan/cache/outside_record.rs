//! The cached record of the directories outside all units. There are as many as mailboxes, so it stays packed.

use std::collections::HashMap;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use crate::model::varint::{self, VarintReader};
use crate::scan::cache::unit_record::{DirNames, DirRecord, put_names_of};
use crate::scan::io::DirStamp;

/// Directories with their names, in the order in which they were visited.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct OutsideRecord(Vec<u8>);

impl OutsideRecord {
    /// Adds a directory that is settled.
    pub(crate) fn add(&mut self, path: &Path, stamp: &DirStamp, names: &DirNames) {
        let mut record = Vec::new();
        put_names_of(&mut record, (0, path), stamp, names);
        varint::put_bytes(&mut self.0, &record);
    }

    pub(crate) fn append(&mut self, other: &OutsideRecord) {
        self.0.extend_from_slice(&other.0);
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

/// The directories of a record by path.
#[derive(Debug, Default)]
pub(crate) struct OutsideDirs<'a>(HashMap<&'a [u8], &'a [u8]>);

impl<'a> OutsideDirs<'a> {
    /// The directories up to the first invalid one.
    pub(crate) fn of(record: &'a [u8]) -> OutsideDirs<'a> {
        let mut bytes = VarintReader(record);
        let next = || {
            let record = bytes.bytes()?;
            Some((DirRecord::path_in(record)?, record))
        };
        OutsideDirs(std::iter::from_fn(next).collect())
    }

    pub(crate) fn has(&self, path: &Path) -> bool {
        self.0.contains_key(path.as_os_str().as_bytes())
    }

    pub(crate) fn get(&self, path: &Path) -> Option<DirRecord> {
        let record = self.0.get(path.as_os_str().as_bytes())?;
        // It has names only, no inodes.
        let device = 0;
        DirRecord::take(&mut VarintReader(record), device)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scan::cache::DirContent;

    #[test]
    fn directories_are_found_by_path() {
        let mut names = DirNames::default();
        names.directories.push(c"cur");
        let stamp = DirStamp { inode: 7, born: (1, 2), modified: (-3, 4), changed: (1 << 40, 999_999_999) };
        let mut record = OutsideRecord::default();
        ["", "a.org", "a.org/ann"].iter().for_each(|path| record.add(Path::new(path), &stamp, &names));
        let mut twice = record.clone();
        twice.append(&record);
        let known = OutsideDirs::of(twice.bytes());
        let ann = known.get(Path::new("a.org/ann")).unwrap();
        assert_eq!((ann.path.as_path(), ann.stamp), (Path::new("a.org/ann"), stamp));
        assert_eq!(ann.content, DirContent::Names(names));
        assert!(known.get(Path::new("")).is_some() && known.get(Path::new("b")).is_none());
        for end in 0..record.bytes().len() {
            assert!(OutsideDirs::of(&record.bytes()[..end]).get(Path::new("a.org/ann")).is_none(), "cut at {end}");
        }
    }
}
