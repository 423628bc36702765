//! The cached record of one unit: its directories, and the tallies of those with messages.

use std::ffi::{CStr, OsStr};
use std::ops::Range;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use crate::model::snapshot::{Clock, Cohorts, mailboxes};
use crate::model::varint::{self, VarintReader};
use crate::model::{class::Class, snapshot::use_cohort::UseCohorts};
use crate::scan::io::DirStamp;
use crate::scan::tally::{BulkArrivals, DirTally, FileCounts, HardLink, LinkOwner};
use crate::store::name_list::NameList;
use crate::store::reader::FileStat;
use crc32fast::hash as checksum;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct UnitRecord {
    /// In the order of the walk.
    pub directories: Vec<DirRecord>,
    pub cohorts: Cohorts,
    pub uses: UseCohorts,
    pub bulk: BulkArrivals,
}

/// Bytes of a path beyond which a directory is not cached: in a deep tree, the paths of all records would take far more
/// than the names.
pub(crate) const LONGEST_PATH: usize = 4 << 10;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DirRecord {
    /// The part of the unit, by number.
    pub part: usize,
    /// Relative to the part.
    pub path: PathBuf,
    pub stamp: DirStamp,
    /// Whether any later change would have changed the stamp.
    pub is_settled: bool,
    pub content: DirContent,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum DirContent {
    Names(DirNames),
    Messages {
        tally: Box<DirTally>,
        /// The range of the file table in the unit's tables.
        table: Range<u64>,
        /// The table's checksum.
        check: u32,
    },
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct DirNames {
    pub directories: NameList,
    pub files: NameList,
    pub others: NameList,
}

impl DirNames {
    pub(crate) fn count(&self) -> usize {
        self.directories.len() + self.files.len() + self.others.len()
    }

    /// All but directories.
    pub(crate) fn entries(&self) -> impl Iterator<Item = &CStr> {
        self.files.iter().chain(self.others.iter())
    }
}

/// Bytes of a typical directory.
const DIRECTORY_BYTES: usize = 128;

/// Tags of [`DirContent`].
const NAMES: u8 = 0;
const MESSAGES: u8 = 1;

impl UnitRecord {
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut into = Vec::with_capacity(self.cohorts.packed().len() + DIRECTORY_BYTES * self.directories.len());
        varint::put(&mut into, self.directories.len() as u64);
        self.directories.iter().for_each(|directory| directory.put(&mut into));
        varint::put_bytes(&mut into, self.cohorts.packed());
        varint::put_bytes(&mut into, self.uses.packed());
        self.bulk.put(&mut into);
        into
    }

    /// `None` if the bytes are invalid. The device is that of all inodes.
    pub(crate) fn from_bytes(bytes: &[u8], device: u64) -> Option<UnitRecord> {
        let mut bytes = VarintReader(bytes);
        let count = bytes.number()?;
        let directories = (0..count).map(|_| DirRecord::take(&mut bytes, device)).collect::<Option<_>>()?;
        // The record's checksum was verified.
        let cohorts = Cohorts::from_trusted(bytes.bytes()?.to_vec());
        let uses = UseCohorts::from_trusted(bytes.bytes()?.to_vec());
        let bulk = BulkArrivals::take(&mut bytes)?;
        bytes.is_empty().then_some(UnitRecord { directories, cohorts, uses, bulk })
    }
}

impl DirRecord {
    fn put(&self, into: &mut Vec<u8>) {
        match &self.content {
            DirContent::Names(names) => put_names_of(into, (self.part, &self.path), &self.stamp, names),
            DirContent::Messages { tally, table, check } => {
                put_head(into, (self.part, &self.path), &self.stamp);
                into.push(u8::from(self.is_settled));
                into.push(MESSAGES);
                varint::put(into, table.start);
                varint::put(into, table.end - table.start);
                into.extend_from_slice(&check.to_le_bytes());
                put_tally(into, tally);
            }
        }
    }

    /// The path in the bytes of a record.
    pub(super) fn path_in(record: &[u8]) -> Option<&[u8]> {
        let mut bytes = VarintReader(record);
        bytes.number()?;
        bytes.bytes()
    }

    pub(super) fn take(bytes: &mut VarintReader, device: u64) -> Option<DirRecord> {
        let part = usize::try_from(bytes.number()?).ok()?;
        let path = PathBuf::from(OsStr::from_bytes(bytes.bytes()?));
        let inode = bytes.number()?;
        let mut time = || Some((bytes.signed()?, u32::try_from(bytes.number()?).ok()?));
        let stamp = DirStamp { inode, born: time()?, modified: time()?, changed: time()? };
        let is_settled = bytes.byte()? == 1;
        let content = match bytes.byte()? {
            NAMES => DirContent::Names(take_names(bytes)?),
            MESSAGES => {
                let start = bytes.number()?;
                let table = start..start.checked_add(bytes.number()?)?;
                let check = u32::from_le_bytes(bytes.take(4)?.try_into().ok()?);
                DirContent::Messages { tally: Box::new(take_tally(bytes, device)?), table, check }
            }
            _ => return None,
        };
        Some(DirRecord { part, path, stamp, is_settled, content })
    }
}

/// Appends the record of a directory of names, which is settled.
pub(super) fn put_names_of(into: &mut Vec<u8>, place: (usize, &Path), stamp: &DirStamp, names: &DirNames) {
    put_head(into, place, stamp);
    into.extend_from_slice(&[1, NAMES]);
    [&names.directories, &names.files, &names.others].iter().for_each(|list| varint::put_bytes(into, list.as_bytes()));
}

fn put_head(into: &mut Vec<u8>, (part, path): (usize, &Path), stamp: &DirStamp) {
    varint::put(into, part as u64);
    varint::put_bytes(into, path.as_os_str().as_bytes());
    varint::put(into, stamp.inode);
    for (second, nanosecond) in [stamp.born, stamp.modified, stamp.changed] {
        varint::put_signed(into, second);
        varint::put(into, u64::from(nanosecond));
    }
}

fn take_names(bytes: &mut VarintReader) -> Option<DirNames> {
    let mut list = || NameList::from_bytes(bytes.bytes()?);
    Some(DirNames { directories: list()?, files: list()?, others: list()? })
}

fn put_tally(into: &mut Vec<u8>, directory: &DirTally) {
    mailboxes::put_tally(into, &directory.tally);
    mailboxes::put_classes(into, &directory.classes);
    let FileCounts { files, messages, bytes } = directory.seen;
    [files, messages, bytes, directory.linked.len() as u64].iter().for_each(|&number| varint::put(into, number));
    for link in &directory.linked {
        into.push(link.class as u8);
        let FileStat { inode, links, size, allocated, .. } = link.facts;
        [link.reclaimable, inode.1, links, size, allocated].iter().for_each(|&number| varint::put(into, number));
        into.push(link.week.map_or(0, |(clock, _)| clock as u8 + 1));
        link.week.iter().for_each(|&(_, week)| varint::put_signed(into, i64::from(week)));
    }
}

fn take_tally(bytes: &mut VarintReader, device: u64) -> Option<DirTally> {
    let (tally, classes) = (mailboxes::take_tally(bytes)?, mailboxes::take_classes(bytes)?);
    let mut directory = DirTally { tally, classes, ..DirTally::default() };
    directory.seen = FileCounts { files: bytes.number()?, messages: bytes.number()?, bytes: bytes.number()? };
    for _ in 0..bytes.number()? {
        let class = *Class::ALL.get(usize::from(bytes.byte()?))?;
        let mut number = || bytes.number();
        let (reclaimable, inode) = (number()?, (device, number()?));
        let facts = FileStat { inode, links: number()?, size: number()?, allocated: number()?, ..FileStat::EMPTY };
        let week = match usize::from(bytes.byte()?).checked_sub(1) {
            None => None,
            Some(clock) => Some((*Clock::ALL.get(clock)?, i32::try_from(bytes.signed()?).ok()?)),
        };
        directory.linked.push(HardLink { owner: LinkOwner::Outside, class, reclaimable, facts, is_fresh: false, week });
    }
    Some(directory)
}

/// Appends a table of messages, and returns its range and checksum.
pub(crate) fn add_table(tables: &mut Vec<u8>, table: impl FnOnce(&mut Vec<u8>)) -> (Range<u64>, u32) {
    let start = tables.len();
    table(tables);
    (start as u64..tables.len() as u64, checksum(&tables[start..]))
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::model::snapshot::ClassUsage;
    use crate::store::reader::Message;

    fn record() -> UnitRecord {
        let stamp = DirStamp { inode: 7, born: (1, 2), modified: (-3, 4), changed: (1 << 40, 999_999_999) };
        let mut names = DirNames::default();
        [c"cur", c"new"].into_iter().for_each(|name| names.directories.push(name));
        names.files.push(c"dovecot-uidlist");
        names.others.push(c"a link");
        let facts = FileStat { inode: (5, 9), links: 3, size: 700, allocated: 4_096, ..FileStat::EMPTY };
        let mut sums = DirTally::default();
        let message = Message { bytes: 700, logical: 900, ..Message::default() };
        message.add_to(&mut sums.tally, Timestamp::from_second(8).ok());
        (sums.tally.files, sums.tally.inodes) = (1, 1);
        sums.classes[Class::Reclaimable] += ClassUsage { files: 1, bytes: 2, allocated_bytes: 3, inodes: 4 };
        sums.seen = FileCounts { files: 1, messages: 1, bytes: 700 };
        let class = Class::Message;
        let week = Some((Clock::Saved, -7));
        sums.linked = vec![HardLink { owner: LinkOwner::Outside, class, reclaimable: 0, facts, is_fresh: false, week }];
        let directory =
            |path: &str, content| DirRecord { part: 1, path: path.into(), stamp, is_settled: true, content };
        let messages = DirContent::Messages { tally: Box::new(sums), table: 3..70, check: 0xdead_beef };
        UnitRecord {
            directories: vec![directory("", DirContent::Names(names)), directory(".Sent/cur", messages)],
            cohorts: Cohorts::default(),
            uses: UseCohorts::from_trusted(vec![1, 2, 3]),
            bulk: BulkArrivals::default(),
        }
    }

    #[test]
    fn a_record_reads_back_unchanged() {
        assert_eq!(UnitRecord::from_bytes(&record().bytes(), 5), Some(record()));
    }

    #[test]
    fn invalid_bytes_are_refused() {
        let bytes = record().bytes();
        (0..bytes.len()).for_each(|end| assert_eq!(UnitRecord::from_bytes(&bytes[..end], 5), None, "cut at {end}"));
        assert_eq!(UnitRecord::from_bytes(&[bytes.as_slice(), &[0]].concat(), 5), None);
    }
}
