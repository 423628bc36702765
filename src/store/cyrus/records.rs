//! Matches the records of `cyrus.index` with the message files on disk.

use std::path::{Path, PathBuf};

use super::index::{CyrusIndex, IndexRecord};
use crate::model::class::Class;
use crate::store::reader::{FileStat, Message};

/// Seconds by which an mtime must exceed the arrival, which Cyrus sets it to, to show a restore without times.
const PUT_BACK_AFTER: i64 = 7 * 86_400;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FileContent {
    Live(Message),
    Reclaimable,
    Other(Class),
}

#[derive(Debug)]
pub(super) struct RecordMatcher {
    index: CyrusIndex,
    /// The index's directory.
    directory: PathBuf,
    has_file: Vec<bool>,
    /// Files with a uid that the index skips.
    pub strays: u64,
    /// Messages whose file has another size.
    pub odd_sizes: u64,
}

#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct MissingFiles {
    /// On an archive partition outside this store: no bytes here.
    pub elsewhere: Vec<Message>,
    /// Messages that should have a file here.
    pub lost: u64,
}

impl RecordMatcher {
    pub(super) fn new(index: CyrusIndex, directory: &Path) -> RecordMatcher {
        let has_file = vec![false; index.records.len()];
        RecordMatcher { index, directory: directory.to_owned(), has_file, strays: 0, odd_sizes: 0 }
    }

    pub(super) fn classify(&mut self, number: u32, facts: &FileStat) -> FileContent {
        let Some((place, record)) = self.index.find(number) else { return self.unknown(number, facts) };
        if !record.is_live() {
            return FileContent::Reclaimable;
        }
        let message = message_of_record(record, facts.size, facts.modified);
        let is_odd = record.size != facts.size;
        if self.has_file.get_mut(place).is_some_and(|has_file| std::mem::replace(has_file, true)) {
            // A message that moves to the archive is in both places.
            return FileContent::Other(Class::Temporary);
        }
        self.odd_sizes = self.odd_sizes.saturating_add(is_odd.into());
        FileContent::Live(message)
    }

    fn unknown(&mut self, number: u32, facts: &FileStat) -> FileContent {
        match self.index.damage {
            // The record may be in the lost part of the index.
            Some(_) => FileContent::Live(message_of_file(facts)),
            // It arrived after the index was read, or its record is about to be written.
            None if number > self.index.last_uid() => FileContent::Other(Class::Temporary),
            None => {
                self.strays = self.strays.saturating_add(1);
                FileContent::Other(Class::Other)
            }
        }
    }

    /// If no archived message has a file, the archive is elsewhere. Of the others, a message is lost unless a
    /// fresh read of the index no longer shows it.
    pub(super) fn missing(&self, look_again: impl FnOnce(&Path) -> Option<CyrusIndex>) -> MissingFiles {
        let records = || self.index.records.iter().zip(&self.has_file).filter(|(record, _)| record.is_live());
        let is_archive_here = records().any(|(record, has_file)| record.is_archived() && *has_file);
        let missing = records().filter(|(_, has_file)| !**has_file).map(|(record, _)| record);
        let (elsewhere, lost): (Vec<&IndexRecord>, Vec<&IndexRecord>) =
            missing.partition(|record| record.is_archived() && !is_archive_here);
        let now = if lost.is_empty() { None } else { look_again(&self.directory) };
        let is_live = |record: &&&IndexRecord| {
            now.as_ref().is_none_or(|index| index.find(record.uid).is_some_and(|(_, record)| record.is_live()))
        };
        MissingFiles {
            elsewhere: elsewhere.into_iter().map(|record| message_of_record(record, 0, record.arrival)).collect(),
            lost: lost.iter().filter(is_live).count() as u64,
        }
    }
}

/// `bytes` and `modified` are the file's.
fn message_of_record(record: &IndexRecord, bytes: u64, modified: i64) -> Message {
    let latest = record.arrival.max(record.saved.unwrap_or(record.arrival));
    Message {
        bytes,
        logical: record.size,
        virtual_size: Some(record.size),
        arrival: record.arrival,
        saved: record.saved,
        sent: record.sent,
        touched: Some(modified).filter(|modified| modified.saturating_sub(latest) > PUT_BACK_AFTER),
        is_deleted: record.is_deleted(),
    }
}

/// Cyrus stores mail with CRLF, and sets the file's mtime to the arrival.
pub(super) fn message_of_file(facts: &FileStat) -> Message {
    Message { virtual_size: Some(facts.size), ..Message::from_stat(facts) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: u32 = 1_700_000_000;
    const ARCHIVED: u32 = 1 << 29;
    const UNLINKED: u32 = 1 << 30;
    const EXPUNGED: u32 = 1 << 31;

    /// Records with these numbers, flags and sizes; the header promises `more` further ones.
    fn records(entries: &[(u32, u32, u32)], more: u32) -> RecordMatcher {
        RecordMatcher::new(index(entries, more), Path::new("/spool/a"))
    }

    fn index(entries: &[(u32, u32, u32)], more: u32) -> CyrusIndex {
        let mut bytes: Vec<u8> =
            [0, 0, 17, 24, 56, entries.len() as u32 + more].into_iter().flat_map(u32::to_be_bytes).collect();
        for &(uid, flags, size) in entries {
            let mut fields = [0; 14];
            for (at, field) in [(0, uid), (1, NOON), (3, size), (8, flags), (13, NOON + 5)] {
                fields[at] = field;
            }
            bytes.extend(fields.into_iter().flat_map(u32::to_be_bytes));
        }
        CyrusIndex::read(bytes.as_slice()).unwrap()
    }

    fn facts(size: u64, modified: u32) -> FileStat {
        let (inode, modified) = ((1, 1), i64::from(modified));
        FileStat { inode, size, allocated: 4096, modified, ..FileStat::EMPTY }
    }

    fn live(content: FileContent) -> Message {
        match content {
            FileContent::Live(message) => message,
            other => panic!("not a message: {other:?}"),
        }
    }

    #[test]
    fn files_are_classified_by_their_record() {
        let mut records = records(&[(2, 4, 100), (3, EXPUNGED, 100), (4, EXPUNGED | UNLINKED, 100), (7, 0, 90)], 0);
        let message = live(records.classify(2, &facts(100, NOON)));
        assert_eq!((message.bytes, message.virtual_size, message.is_deleted), (100, Some(100), true));
        assert_eq!((message.arrival, message.saved), (NOON.into(), Some(i64::from(NOON) + 5)));
        assert_eq!((message.sent, message.touched), (None, None));
        assert_eq!(records.classify(3, &facts(100, NOON)), FileContent::Reclaimable);
        assert_eq!(records.classify(4, &facts(100, NOON)), FileContent::Reclaimable);
        assert_eq!(records.odd_sizes, 0);
        let cut = live(records.classify(7, &facts(40, NOON + 8 * 86_400)));
        assert_eq!((cut.bytes, cut.logical, cut.touched), (40, 90, Some(i64::from(NOON) + 8 * 86_400)));
        assert_eq!(records.odd_sizes, 1);
        assert_eq!(records.missing(|_| unreachable!()), MissingFiles::default());
    }

    #[test]
    fn files_without_a_record_are_not_messages() {
        let mut records = records(&[(5, 0, 10)], 0);
        assert_eq!(records.classify(4, &facts(10, NOON)), FileContent::Other(Class::Other));
        assert_eq!(records.classify(6, &facts(10, NOON)), FileContent::Other(Class::Temporary));
        assert_eq!(records.strays, 1);
        live(records.classify(5, &facts(10, NOON)));
        assert_eq!(records.classify(5, &facts(10, NOON)), FileContent::Other(Class::Temporary));
    }

    #[test]
    fn a_damaged_index_does_not_hide_messages() {
        let mut records = records(&[(5, 0, 10)], 2);
        let message = live(records.classify(8, &facts(33, NOON)));
        assert_eq!((message.bytes, message.logical, message.arrival, message.saved), (33, 33, NOON.into(), None));
        assert_eq!(records.strays, 0);
    }

    #[test]
    fn a_missing_file_is_lost_unless_its_message_was_expunged() {
        let records = records(&[(1, 0, 10), (2, 0, 10), (3, EXPUNGED, 10)], 0);
        assert_eq!(records.missing(|_| None).lost, 2);
        let look_again = |directory: &Path| {
            assert_eq!(directory, Path::new("/spool/a"));
            Some(index(&[(1, 0, 10), (2, EXPUNGED, 10)], 0))
        };
        assert_eq!(records.missing(look_again), MissingFiles { elsewhere: vec![], lost: 1 });
        assert_eq!(records.missing(|_| Some(index(&[], 0))).lost, 0);
    }

    #[test]
    fn archived_messages_elsewhere_are_not_lost() {
        let mut records = records(&[(1, ARCHIVED, 10), (2, ARCHIVED, 20), (3, 0, 30)], 0);
        live(records.classify(3, &facts(30, NOON)));
        let missing = records.missing(|_| unreachable!());
        let actual: Vec<(u64, u64)> =
            missing.elsewhere.iter().map(|message| (message.bytes, message.logical)).collect();
        assert_eq!((actual, missing.lost), (vec![(0, 10), (0, 20)], 0));
        live(records.classify(2, &facts(20, NOON)));
        assert_eq!(records.missing(|_| None), MissingFiles { elsewhere: vec![], lost: 1 });
    }
}
