//! The record of one unit: its directories as they were seen, and what was told of those that hold messages.

use std::ffi::{CString, OsStr, OsString};
use std::ops::Range;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;

use jiff::Timestamp;

use super::checksum;
use crate::model::class::Class;
use crate::model::snapshot::use_cohort::UseCohorts;
use crate::model::snapshot::{ClassUsage, Clock, Cohorts, Tally};
use crate::model::varint;
use crate::model::varint::VarintReader;
use crate::scan::io::root::Stand;
use crate::scan::tally::bulk_arrivals::Late;
use crate::scan::tally::directory::{Count, Sums};
use crate::scan::tally::hard_links::{Linked, Owned};
use crate::store::reader::FileStat;

/// A unit as it was seen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Record {
    /// Its directories, in the order of the walk.
    pub directories: Vec<Directory>,
    /// The cohorts of its messages.
    pub cohorts: Cohorts,
    /// The same by the use of their folders.
    pub uses: UseCohorts,
    /// Those of them that came late.
    pub late: Late,
}

/// A directory as it was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Directory {
    /// Which of the unit's parts it lies below.
    pub part: usize,
    /// Its path relative to that.
    pub path: PathBuf,
    /// When it was changed last.
    pub stand: Stand,
    /// Whether nothing can have changed since without a trace in that.
    pub is_settled: bool,
    /// What it held.
    pub held: Held,
}

/// What a directory held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Held {
    /// Names only.
    Names(Names),
    /// Messages.
    Messages {
        /// What was told of it, the directory itself left out.
        sums: Box<Sums>,
        /// Where the table of its files stands in the unit's tables.
        table: Range<u64>,
        /// The checksum of the table.
        check: u32,
    },
}

/// The names in a directory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Names {
    /// Those of directories.
    pub directories: Vec<OsString>,
    /// Those of regular files.
    pub files: Vec<CString>,
    /// Those of all else.
    pub others: Vec<CString>,
}

impl Names {
    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.directories.len() + self.files.len() + self.others.len()
    }

    /// Those of all entries but directories.
    pub(crate) fn entries(&self) -> impl Iterator<Item = &CString> {
        self.files.iter().chain(&self.others)
    }
}

/// So many bytes a directory takes, about.
const USUAL_DIRECTORY: usize = 128;

/// Forms of [`Held`].
const NAMES: u8 = 0;
const MESSAGES: u8 = 1;

impl Record {
    /// The record in bytes.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut into = Vec::with_capacity(self.cohorts.packed().len() + USUAL_DIRECTORY * self.directories.len());
        varint::put(&mut into, self.directories.len() as u64);
        self.directories.iter().for_each(|directory| directory.put(&mut into));
        varint::put_bytes(&mut into, self.cohorts.packed());
        varint::put_bytes(&mut into, self.uses.packed());
        self.late.put(&mut into);
        into
    }

    /// The record that the bytes are; `None` if they are none. Of the device are the inodes in it.
    pub(crate) fn of(bytes: &[u8], device: u64) -> Option<Record> {
        let mut bytes = VarintReader(bytes);
        let count = bytes.number()?;
        let directories = (0..count).map(|_| Directory::take(&mut bytes, device)).collect::<Option<_>>()?;
        // The record was checked as a whole.
        let cohorts = Cohorts::from_trusted(bytes.bytes()?.to_vec());
        let uses = UseCohorts::from_trusted(bytes.bytes()?.to_vec());
        let late = Late::take(&mut bytes)?;
        bytes.is_empty().then_some(Record { directories, cohorts, uses, late })
    }
}

impl Directory {
    fn put(&self, into: &mut Vec<u8>) {
        varint::put(into, self.part as u64);
        varint::put_bytes(into, self.path.as_os_str().as_bytes());
        varint::put(into, self.stand.inode);
        for (second, nanosecond) in [self.stand.born, self.stand.modified, self.stand.changed] {
            varint::put_signed(into, second);
            varint::put(into, u64::from(nanosecond));
        }
        into.push(u8::from(self.is_settled));
        match &self.held {
            Held::Names(names) => {
                into.push(NAMES);
                put_names(into, names.directories.iter().map(|name| name.as_bytes()));
                put_names(into, names.files.iter().map(|name| name.to_bytes()));
                put_names(into, names.others.iter().map(|name| name.to_bytes()));
            }
            Held::Messages { sums, table, check } => {
                into.push(MESSAGES);
                varint::put(into, table.start);
                varint::put(into, table.end - table.start);
                into.extend_from_slice(&check.to_le_bytes());
                put_sums(into, sums);
            }
        }
    }

    fn take(bytes: &mut VarintReader, device: u64) -> Option<Directory> {
        let part = usize::try_from(bytes.number()?).ok()?;
        let path = PathBuf::from(OsStr::from_bytes(bytes.bytes()?));
        let inode = bytes.number()?;
        let mut time = || Some((bytes.signed()?, u32::try_from(bytes.number()?).ok()?));
        let stand = Stand { inode, born: time()?, modified: time()?, changed: time()? };
        let is_settled = bytes.byte()? == 1;
        let held = match bytes.byte()? {
            NAMES => Held::Names(take_names(bytes)?),
            MESSAGES => {
                let start = bytes.number()?;
                let table = start..start.checked_add(bytes.number()?)?;
                let check = u32::from_le_bytes(bytes.take(4)?.try_into().ok()?);
                Held::Messages { sums: Box::new(take_sums(bytes, device)?), table, check }
            }
            _ => return None,
        };
        Some(Directory { part, path, stand, is_settled, held })
    }
}

/// Names with zeros behind; no name is empty, so that an empty one ends them.
fn put_names<'a>(into: &mut Vec<u8>, names: impl Iterator<Item = &'a [u8]>) {
    for name in names {
        into.extend_from_slice(name);
        into.push(0);
    }
    into.push(0);
}

fn take_names(bytes: &mut VarintReader) -> Option<Names> {
    Some(Names {
        directories: take_list(bytes, |name| OsStr::from_bytes(name).to_owned())?,
        files: take_list(bytes, c_name)?,
        others: take_list(bytes, c_name)?,
    })
}

fn c_name(name: &[u8]) -> CString {
    CString::new(name).unwrap_or_default()
}

fn take_list<T>(bytes: &mut VarintReader, of: impl Fn(&[u8]) -> T) -> Option<Vec<T>> {
    let mut names = Vec::new();
    loop {
        let length = bytes.0.iter().position(|&byte| byte == 0)?;
        let name = bytes.take(length)?;
        bytes.byte()?;
        if name.is_empty() {
            return Some(names);
        }
        names.push(of(name));
    }
}

fn put_sums(into: &mut Vec<u8>, sums: &Sums) {
    let Tally { virtual_bytes, oldest, newest, .. } = sums.tally;
    numbers(&mut sums.tally.clone()).iter().for_each(|number| varint::put(into, **number));
    for option in [virtual_bytes.map(|bytes| bytes as i64), oldest.map(second), newest.map(second)] {
        into.push(u8::from(option.is_some()));
        option.iter().for_each(|&number| varint::put_signed(into, number));
    }
    for (class, share) in sums.classes.iter().filter(|(_, share)| **share != ClassUsage::default()) {
        into.push(class as u8 + 1);
        let ClassUsage { files, bytes, allocated_bytes, inodes } = *share;
        [files, bytes, allocated_bytes, inodes].iter().for_each(|&number| varint::put(into, number));
    }
    into.push(0);
    let Count { files, messages, bytes } = sums.seen;
    [files, messages, bytes, sums.linked.len() as u64].iter().for_each(|&number| varint::put(into, number));
    for link in &sums.linked {
        into.push(link.class as u8);
        let FileStat { inode, links, size, allocated, .. } = link.facts;
        [link.reclaimable, inode.1, links, size, allocated].iter().for_each(|&number| varint::put(into, number));
        into.push(link.week.map_or(0, |(clock, _)| clock as u8 + 1));
        link.week.iter().for_each(|&(_, week)| varint::put_signed(into, i64::from(week)));
    }
}

fn take_sums(bytes: &mut VarintReader, device: u64) -> Option<Sums> {
    let mut sums = Sums::default();
    for number in numbers(&mut sums.tally) {
        *number = bytes.number()?;
    }
    let mut option = || Some(if bytes.byte()? == 1 { Some(bytes.signed()?) } else { None });
    sums.tally.virtual_bytes = option()?.map(|bytes| bytes as u64);
    let (oldest, newest) = (option()?, option()?);
    sums.tally.oldest = oldest.and_then(|second| Timestamp::from_second(second).ok());
    sums.tally.newest = newest.and_then(|second| Timestamp::from_second(second).ok());
    while let class @ 1.. = bytes.byte()? {
        let class = *Class::ALL.get(usize::from(class) - 1)?;
        let mut number = || bytes.number();
        let share = ClassUsage { files: number()?, bytes: number()?, allocated_bytes: number()?, inodes: number()? };
        sums.classes[class] += share;
    }
    sums.seen = Count { files: bytes.number()?, messages: bytes.number()?, bytes: bytes.number()? };
    for _ in 0..bytes.number()? {
        let class = *Class::ALL.get(usize::from(bytes.byte()?))?;
        let mut number = || bytes.number();
        let (reclaimable, inode) = (number()?, (device, number()?));
        let facts = FileStat {
            inode,
            links: number()?,
            size: number()?,
            allocated: number()?,
            modified: 0,
            changed: 0,
            is_regular: true,
            is_symlink: false,
        };
        let week = match usize::from(bytes.byte()?).checked_sub(1) {
            None => None,
            Some(clock) => Some((*Clock::ALL.get(clock)?, i32::try_from(bytes.signed()?).ok()?)),
        };
        sums.linked.push(Linked { owner: Owned::Outside, class, reclaimable, facts, is_asked: false, week });
    }
    Some(sums)
}

/// The numbers of a tally that are always there.
fn numbers(tally: &mut Tally) -> [&mut u64; 8] {
    [
        &mut tally.messages,
        &mut tally.message_bytes,
        &mut tally.logical_bytes,
        &mut tally.other_bytes,
        &mut tally.reclaimable_bytes,
        &mut tally.allocated_bytes,
        &mut tally.files,
        &mut tally.inodes,
    ]
}

fn second(time: Timestamp) -> i64 {
    time.as_second()
}

/// Appends a table of messages, and returns where it stands with its checksum.
pub(crate) fn add_table(tables: &mut Vec<u8>, table: impl FnOnce(&mut Vec<u8>)) -> (Range<u64>, u32) {
    let start = tables.len();
    table(tables);
    (start as u64..tables.len() as u64, checksum(&tables[start..]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::reader::Message;

    fn record() -> Record {
        let stand = Stand { inode: 7, born: (1, 2), modified: (-3, 4), changed: (1 << 40, 999_999_999) };
        let name = |name: &str| CString::new(name).unwrap();
        let names = Names {
            directories: vec!["cur".into(), "new".into()],
            files: vec![name("dovecot-uidlist")],
            others: vec![name("a link")],
        };
        let facts = FileStat {
            inode: (5, 9),
            links: 3,
            size: 700,
            allocated: 4_096,
            modified: 0,
            changed: 0,
            is_regular: true,
            is_symlink: false,
        };
        let mut sums = Sums::default();
        let message = Message { bytes: 700, logical: 900, ..Message::default() };
        message.add_to(&mut sums.tally, Timestamp::from_second(8).ok());
        (sums.tally.files, sums.tally.inodes) = (1, 1);
        sums.classes[Class::Reclaimable] += ClassUsage { files: 1, bytes: 2, allocated_bytes: 3, inodes: 4 };
        sums.seen = Count { files: 1, messages: 1, bytes: 700 };
        let class = Class::Message;
        let week = Some((Clock::Saved, -7));
        sums.linked = vec![Linked { owner: Owned::Outside, class, reclaimable: 0, facts, is_asked: false, week }];
        let directory = |path: &str, held| Directory { part: 1, path: path.into(), stand, is_settled: true, held };
        let messages = Held::Messages { sums: Box::new(sums), table: 3..70, check: 0xdead_beef };
        Record {
            directories: vec![directory("", Held::Names(names)), directory(".Sent/cur", messages)],
            cohorts: Cohorts::default(),
            uses: UseCohorts::from_trusted(vec![1, 2, 3]),
            late: Late::default(),
        }
    }

    #[test]
    fn a_record_is_read_as_it_was_written() {
        assert_eq!(Record::of(&record().bytes(), 5), Some(record()));
    }

    #[test]
    fn bytes_that_are_no_record_are_refused() {
        let bytes = record().bytes();
        (0..bytes.len()).for_each(|end| assert_eq!(Record::of(&bytes[..end], 5), None, "cut at {end}"));
        assert_eq!(Record::of(&[bytes.as_slice(), &[0]].concat(), 5), None);
    }
}
