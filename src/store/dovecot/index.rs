//! An index (`dovecot.index`, `dovecot.map.index`): messages by number, with flags and what extensions keep of each.
//!
//! The file is a picture of some moment; what was done since stands in the logs beside it, and there may be no file at
//! all. Its header: u8 major 7, u8 minor, u16 size of the base header, u32 size of the whole header @4, u32 size of a
//! record @8, u8 byte order @12, u32 index id @16, u32 flags @20, u32 uid validity @24, u32 next uid @28, u32 number of
//! messages @32, u32 sequence of the log @60, u32 offset in it @68. Headers of extensions follow at multiples of 8: u32 size
//! of the content, u32 reset id, u16 offset in a record, u16 size in a record, u16 alignment, u16 length of the name; the
//! name; the content at the next multiple of 8. Records: u32 uid, u8 flags, then the extensions.
//! Source: `mail-index.h` and `mail-index-map-hdr.c` in <https://github.com/dovecot/core>, and files of Dovecot 2.3.

use std::fmt;
use std::slice::ChunksExact;

use super::log::{BadHeader, Log};
use super::order::{Order, align};
use super::replay;

/// The only major version there is.
const MAJOR: u8 = 7;
/// What is kept of the base header: all that is known of it.
pub(super) const HEADER: usize = 120;
/// The server itself gave the file up.
const FLAG_GIVEN_UP: u32 = 1;
/// The head of an extension's header.
const EXTENSION_HEAD: usize = 16;
/// What is kept of an extension in each record; the largest that matters here takes 12.
pub const CELL: usize = 16;
/// What is kept of an extension's header; the largest that matters here takes 24.
pub(super) const KEPT_HEADER: usize = 32;
/// No index has as many; a lookup goes through all of them.
pub(super) const MOST_EXTENSIONS: usize = 256;
/// As many kinds of damage are told.
const MOST_DAMAGES: usize = 8;
/// The bit of a message's flags that marks it as deleted; 1 is answered, 2 flagged, 8 seen, 16 a draft.
pub const FLAG_DELETED: u8 = 0x04;

/// An index as of its last whole transaction.
#[derive(Clone, Debug, Default)]
pub struct Index {
    pub(super) order: Order,
    pub(super) header: Vec<u8>,
    pub(super) uids: Vec<u32>,
    pub(super) flags: Vec<u8>,
    pub(super) is_live: Vec<bool>,
    pub(super) extensions: Vec<Extension>,
    pub(super) is_deleted: bool,
    cut: Option<usize>,
    damages: Vec<Damage>,
}

/// What an extension keeps.
#[derive(Clone, Debug, Default)]
pub(super) struct Extension {
    pub name: Vec<u8>,
    pub reset: u32,
    pub header_size: u32,
    pub record_size: u16,
    /// The content, for an extension that is wanted.
    pub kept: Option<Kept>,
}

/// The content of an extension.
#[derive(Clone, Debug, Default)]
pub(super) struct Kept {
    pub header: Vec<u8>,
    pub cells: Vec<[u8; CELL]>,
}

/// Why an index may not be what the server sees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Damage {
    /// There is neither an index nor a log.
    Missing,
    /// A version of the index that is not known.
    Version(u8),
    /// A version of a log that is not known.
    LogVersion(u8),
    /// The index is cut, or its header says what cannot be.
    Broken,
    /// The header of the log is cut, or says what cannot be.
    LogBroken,
    /// The server itself gave the index or the log up.
    GivenUp,
    /// The log that continues this one is not there.
    LostLog(u32),
    /// The record at that offset of a log does what cannot be done.
    Record(usize),
    /// The record at that offset of a log is not whole, and nobody is writing it.
    Cut(usize),
}

impl Damage {
    /// Whether it is the log that is damaged, and not the index file.
    pub fn is_of_log(&self) -> bool {
        match self {
            Damage::LogVersion(_) | Damage::LogBroken | Damage::LostLog(_) | Damage::Record(_) | Damage::Cut(_) => true,
            Damage::Missing | Damage::Version(_) | Damage::Broken | Damage::GivenUp => false,
        }
    }
}

impl fmt::Display for Damage {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Damage::Missing => write!(to, "there is no index and no log"),
            Damage::Version(version) => write!(to, "the index has version {version}, and only {MAJOR} is known"),
            Damage::LogVersion(version) => write!(to, "the log has version {version}, and only 1 is known"),
            Damage::Broken => write!(to, "the index is cut or broken"),
            Damage::LogBroken => write!(to, "the log is cut or broken"),
            Damage::GivenUp => write!(to, "the index is marked as corrupted"),
            Damage::LostLog(sequence) => write!(to, "the log that comes after log {sequence} is lost"),
            Damage::Record(offset) => write!(to, "the log is broken at byte {offset}"),
            Damage::Cut(offset) => write!(to, "the log is cut in the record at byte {offset}"),
        }
    }
}

/// A message in an index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its number in the folder, or in the map.
    pub uid: u32,
    /// Its flags.
    pub flags: u8,
    row: usize,
}

/// An extension of an index, to ask for the bytes of one message after the other.
#[derive(Clone, Copy, Debug)]
pub struct Column<'a> {
    order: Order,
    size: usize,
    cells: &'a [[u8; CELL]],
}

impl Column<'_> {
    /// The number of four bytes at a position of a message's content; 0 if there is none.
    pub fn u32(&self, row: Row, at: usize) -> u32 {
        self.order.u32(self.bytes(row), at).unwrap_or_default()
    }

    /// The number of two bytes at a position of a message's content; 0 if there is none.
    pub fn u16(&self, row: Row, at: usize) -> u16 {
        self.order.u16(self.bytes(row), at).unwrap_or_default()
    }

    /// What is kept of a message.
    pub fn bytes(&self, row: Row) -> &[u8] {
        self.cells.get(row.row).and_then(|cell| cell.get(..self.size)).unwrap_or_default()
    }
}

impl Index {
    /// Reads the index file, if there is one, and does what its logs say, of which the last is the newest. What is kept of
    /// messages are the extensions that are wanted.
    pub fn read(base: Option<&[u8]>, logs: &[&[u8]], wanted: &[&str]) -> Index {
        let mut index = Index::default();
        let start = base.and_then(|base| index.load(base, wanted));
        if base.is_none() && logs.is_empty() {
            index.damage(Damage::Missing);
        }
        let order = index.order;
        let mut opened: Vec<Log> = logs.iter().filter_map(|log| Log::open(log, order).ok()).collect();
        opened.sort_by_key(|log| log.sequence);
        opened.dedup_by_key(|log| log.sequence);
        if let Some(bad) = logs.last().and_then(|log| Log::open(log, order).err()) {
            index.damage(match bad {
                BadHeader::Version(version) => Damage::LogVersion(version),
                BadHeader::Broken => Damage::LogBroken,
                BadHeader::GivenUp => Damage::GivenUp,
            });
        }
        index.replay(start, &opened, wanted);
        index
    }

    /// The messages, by number.
    pub fn rows(&self) -> impl Iterator<Item = Row> {
        let rows = self.uids.iter().zip(&self.flags).zip(&self.is_live).enumerate();
        rows.filter(|(_, (_, is_live))| **is_live).map(|(row, ((&uid, &flags), _))| Row { uid, flags, row })
    }

    /// An extension that was wanted, if the index has it.
    pub fn column(&self, name: &str) -> Option<Column<'_>> {
        let extension = self.extensions.iter().find(|extension| extension.name == name.as_bytes())?;
        let size = usize::from(extension.record_size).min(CELL);
        Some(Column { order: self.order, size, cells: &extension.kept.as_ref()?.cells })
    }

    /// The header of an extension that was wanted, if the index has it; at most 32 bytes of it.
    pub fn extension_header(&self, name: &str) -> Option<&[u8]> {
        let extension = self.extensions.iter().find(|extension| extension.name == name.as_bytes())?;
        extension.kept.as_ref().map(|kept| kept.header.as_slice())
    }

    /// The number of four bytes in the header of an extension that was wanted.
    pub fn extension_u32(&self, name: &str, at: usize) -> Option<u32> {
        self.order.u32(self.extension_header(name)?, at)
    }

    /// What the index `hdr-vsize` says, if it was wanted: the sum of sizes with CRLF line ends, of messages up to which
    /// uid, and how many those were.
    pub fn virtual_sizes(&self) -> Option<(u64, u32, u32)> {
        let header = self.extension_header("hdr-vsize")?;
        Some((self.order.u64(header, 0)?, self.order.u32(header, 8)?, self.order.u32(header, 12)?))
    }

    /// Changes when the numbers of messages start anew.
    pub fn uid_validity(&self) -> u32 {
        self.order.u32(&self.header, 24).unwrap_or_default()
    }

    /// The least number that no message ever had.
    pub fn next_uid(&self) -> u32 {
        self.order.u32(&self.header, 28).unwrap_or(1)
    }

    /// Whether the folder was deleted.
    pub fn is_deleted(&self) -> bool {
        self.is_deleted
    }

    /// What is wrong; nothing, if the index is what the server sees.
    pub fn damages(&self) -> &[Damage] {
        &self.damages
    }

    /// Where the newest log ends in a record that is not whole: its writer is at work, or it was cut.
    pub fn cut(&self) -> Option<usize> {
        self.cut
    }

    /// Notes what is wrong.
    pub fn damage(&mut self, damage: Damage) {
        if self.damages.len() < MOST_DAMAGES && !self.damages.contains(&damage) {
            self.damages.push(damage);
        }
    }

    /// Does what the logs say that come behind the position of the index file.
    fn replay(&mut self, start: Option<Position>, logs: &[Log], wanted: &[&str]) {
        let Some(id) = start.map(|start| start.index).or(logs.last().map(|log| log.index)) else { return };
        let logs: Vec<Log> = logs.iter().filter(|log| log.index == id).copied().collect();
        // A log without one before starts from nothing, unless the index already holds some of it.
        let reset = logs.iter().rposition(|log| {
            log.before == 0
                && start.is_none_or(|start| {
                    log.sequence > start.sequence || (log.sequence == start.sequence && start.offset <= log.start)
                })
        });
        let mut position = match (reset, start) {
            (Some(first), _) => {
                let damages = std::mem::take(&mut self.damages);
                *self = Index { damages, order: self.order, ..Index::default() };
                Position { index: id, sequence: logs[first].sequence, offset: 0 }
            }
            (None, Some(start)) => start,
            (None, None) => {
                let Some(first) = logs.first() else { return };
                self.damage(Damage::LostLog(first.before));
                Position { index: id, sequence: first.sequence, offset: 0 }
            }
        };
        if self.header.is_empty() {
            self.order = logs.first().map_or(self.order, |log| log.order);
            self.header = vec![0; HEADER];
            self.set_next_uid(1);
        }
        let first = position.sequence;
        for log in logs.iter().filter(|log| log.sequence >= first) {
            if log.sequence > position.sequence {
                if log.before != position.sequence || log.end_of_before as usize > position.offset {
                    self.damage(Damage::LostLog(position.sequence));
                }
                position = Position { sequence: log.sequence, offset: 0, ..position };
            }
            let end = replay::apply(self, log, position.offset, wanted);
            self.cut = (end < log.length()).then_some(end);
            position.offset = position.offset.max(end);
        }
    }

    pub(super) fn set_next_uid(&mut self, uid: u32) {
        if let Some(bytes) = self.header.get_mut(28..32) {
            self.order.fill(bytes, u64::from(uid));
        }
    }

    /// Reads the index file, and gives the place in the logs up to which it goes.
    fn load(&mut self, base: &[u8], wanted: &[&str]) -> Option<Position> {
        let position = self.try_load(base, wanted);
        position.map_err(|damage| self.damage(damage)).ok()
    }

    fn try_load(&mut self, base: &[u8], wanted: &[&str]) -> Result<Position, Damage> {
        let &[major, ..] = base else { return Err(Damage::Broken) };
        if major != MAJOR {
            return Err(Damage::Version(major));
        }
        let order = Order::of(*base.get(12).ok_or(Damage::Broken)?);
        let number = |at| order.u32(base, at).ok_or(Damage::Broken);
        let base_header = order.u16(base, 2).map(usize::from).ok_or(Damage::Broken)?;
        let (header_size, record_size) = (number(4)? as usize, number(8)? as usize);
        if base_header < HEADER || header_size < base_header || record_size < 5 {
            return Err(Damage::Broken);
        }
        if number(20)? & FLAG_GIVEN_UP != 0 {
            return Err(Damage::GivenUp);
        }
        let header = base.get(..header_size).ok_or(Damage::Broken)?;
        let position = Position { index: number(16)?, sequence: number(60)?, offset: number(68)? as usize };
        let count = number(32)? as usize;
        let records = base.get(header_size..).unwrap_or_default();
        let fitting = records.len() / record_size;
        let records = records[..fitting.min(count) * record_size].chunks_exact(record_size);
        self.order = order;
        self.header = header[..HEADER].to_vec();
        if fitting < count {
            self.damage(Damage::Broken);
        }
        let uids: Vec<u32> = records.clone().filter_map(|record| order.u32(record, 0)).collect();
        // Messages are found by their place in the order of numbers: what comes behind a number out of it is not.
        let sorted = uids.windows(2).position(|pair| pair[0] >= pair[1]).map_or(uids.len(), |at| at + 1);
        if sorted < uids.len() {
            self.damage(Damage::Broken);
        }
        let sorted_bytes = sorted * record_size;
        let records = base.get(header_size..).and_then(|records| records.get(..sorted_bytes)).unwrap_or_default();
        let records = records.chunks_exact(record_size);
        self.uids = uids[..sorted].to_vec();
        self.flags = records.clone().filter_map(|record| record.get(4).copied()).collect();
        self.is_live = vec![true; self.uids.len()];
        let mut at = align(base_header, 8);
        while at < header_size {
            let Some(next) = self.load_extension(header, at, records.clone(), wanted) else {
                self.damage(Damage::Broken);
                break;
            };
            at = next;
        }
        Ok(position)
    }

    /// Reads the header of an extension and its part of all records, and gives where the next one stands.
    fn load_extension(&mut self, header: &[u8], at: usize, records: ChunksExact<u8>, wanted: &[&str]) -> Option<usize> {
        let order = self.order;
        let header_size = order.u32(header, at)?;
        let start = usize::from(order.u16(header, at + 8)?);
        let record_size = order.u16(header, at + 10)?;
        let length = usize::from(order.u16(header, at + 14)?);
        let name = header.get(at + EXTENSION_HEAD..at + EXTENSION_HEAD + length)?.to_vec();
        let content = align(at + EXTENSION_HEAD + length, 8);
        let end = content.checked_add(align(header_size as usize, 8)).filter(|&end| end <= header.len())?;
        let is_outside = records.clone().next().is_some_and(|record| start + usize::from(record_size) > record.len());
        if is_outside || self.extensions.len() >= MOST_EXTENSIONS {
            return None;
        }
        let kept = wanted.iter().any(|wanted| wanted.as_bytes() == name).then(|| {
            let kept_header = (header_size as usize).min(KEPT_HEADER);
            let size = usize::from(record_size).min(CELL);
            let cell = |record: &[u8]| {
                let mut cell = [0; CELL];
                if let Some(bytes) = record.get(start..start + size) {
                    cell[..size].copy_from_slice(bytes);
                }
                cell
            };
            Kept { header: header[content..content + kept_header].to_vec(), cells: records.map(cell).collect() }
        });
        let reset = order.u32(header, at + 4)?;
        self.extensions.push(Extension { name, reset, header_size, record_size, kept });
        Some(end)
    }
}

/// A place in the logs.
#[derive(Clone, Copy, Debug)]
struct Position {
    index: u32,
    sequence: u32,
    offset: usize,
}

#[cfg(test)]
mod tests {
    use super::super::log::tests::{log, push};
    use super::*;

    fn words(words: &[u32]) -> Vec<u8> {
        words.iter().flat_map(|word| word.to_le_bytes()).collect()
    }

    /// An index with id 7, the extension `map` of 4 bytes with a header of 4, and the messages 1 and 3.
    fn base(sequence: u32, offset: u32) -> Vec<u8> {
        let mut base = words(&[120 << 16 | 7, 152, 12, 1, 7, 0, 99, 4, 2, 0, 0, 0, 0, 0, 0, sequence, offset, offset]);
        base.resize(120, 0);
        base.extend(words(&[4, 5, 8 | 4 << 16, 4 | 3 << 16]));
        base.extend(b"map\0\0\0\0\0");
        base.extend(words(&[42, 0]));
        base.extend(words(&[1, 0x0c, 100, 3, 0, 300]));
        base
    }

    fn found(index: &Index) -> Vec<(u32, u8, u32)> {
        let column = index.column("map").unwrap();
        index.rows().map(|row| (row.uid, row.flags, column.u32(row, 0))).collect()
    }

    #[test]
    fn a_file_alone() {
        let index = Index::read(Some(&base(2, 500)), &[], &["map"]);
        assert_eq!(found(&index), [(1, FLAG_DELETED | 8, 100), (3, 0, 300)]);
        assert_eq!((index.uid_validity(), index.next_uid(), index.damages()), (99, 4, &[][..]));
        assert_eq!(index.extension_u32("map", 0), Some(42));
        assert_eq!(index.column("ref").map(|_| ()), None);
    }

    #[test]
    fn a_log_goes_on_where_the_file_stopped() {
        let mut log = log(2, 1, 300);
        push(&mut log, 0x1000_cd91, &words(&[1, 3]));
        let offset = log.len() as u32;
        push(&mut log, 2, &words(&[4, 1]));
        push(&mut log, 0x40, &words(&[0, 5, 4, 4 | 4 << 16, 0]));
        push(&mut log, 0x200, &words(&[4, 400]));
        let read = |base: &[u8]| Index::read(Some(base), &[&log], &["map"]);
        let all = [(1, 12, 100), (3, 0, 300), (4, 1, 400)];
        assert_eq!((found(&read(&base(2, offset))), read(&base(2, offset)).damages()), (all.to_vec(), &[][..]));
        // The file was written after the log was read.
        let index = read(&base(2, 5000));
        assert_eq!((found(&index), index.damages()), (all[..2].to_vec(), &[][..]));
        let index = read(&base(3, 40));
        assert_eq!((found(&index), index.damages()), (all[..2].to_vec(), &[][..]));
        // The log before was read to its end.
        let index = read(&base(1, 300));
        assert_eq!((found(&index), index.damages()), (all[2..].to_vec(), &[][..]));
        assert_eq!(read(&base(1, 299)).damages(), [Damage::LostLog(1)]);
    }

    /// Found by the fuzzer: a number out of order, and one that the header says is free and is not.
    #[test]
    fn numbers_out_of_order_are_not_taken() {
        let mut disordered = base(2, 500);
        disordered.extend(words(&[2, 0, 200]));
        disordered[32] = 3;
        let index = Index::read(Some(&disordered), &[], &["map"]);
        assert_eq!((found(&index).len(), index.damages()), (2, &[Damage::Broken][..]));
        let mut log = log(2, 1, 300);
        let offset = log.len() as u32;
        push(&mut log, 2, &words(&[2, 0]));
        let mut low = base(2, offset);
        low[28] = 2;
        let index = Index::read(Some(&low), &[&log], &["map"]);
        assert_eq!((found(&index).len(), index.damages()), (2, &[Damage::Record(offset as usize)][..]));
    }

    /// A cut log is whole up to the cut, which is told apart: its writer may be at work.
    #[test]
    fn the_end_of_a_log_that_is_cut_is_known() {
        let mut log = log(2, 1, 300);
        push(&mut log, 2, &words(&[4, 1]));
        let whole = log.len();
        push(&mut log, 2, &words(&[5, 1]));
        let read = |log: &[u8]| Index::read(Some(&base(2, 40)), &[log], &["map"]);
        assert_eq!((read(&log).cut(), read(&log[..whole]).cut()), (None, None));
        let index = read(&log[..log.len() - 3]);
        assert_eq!((index.cut(), found(&index).len(), index.damages()), (Some(whole), 3, &[][..]));
    }

    #[test]
    fn a_log_and_the_one_before() {
        let mut old = log(4, 3, 40);
        push(&mut old, 2, &words(&[4, 0]));
        let mut new = log(5, 4, old.len() as u32);
        push(&mut new, 2, &words(&[5, 0]));
        let uids = |index: &Index| index.rows().map(|row| row.uid).collect::<Vec<_>>();
        let index = Index::read(Some(&base(4, 40)), &[&old, &new], &[]);
        assert_eq!((uids(&index), index.damages()), (vec![1, 3, 4, 5], &[][..]));
        let index = Index::read(Some(&base(4, 40)), &[&old[..old.len() - 4], &new], &[]);
        assert_eq!((uids(&index), index.damages()), (vec![1, 3, 5], &[Damage::LostLog(4)][..]));
        // Without a file, and without the log that starts from nothing, what came before is lost.
        let index = Index::read(None, &[&old, &new], &[]);
        assert_eq!((uids(&index), index.damages()), (vec![4, 5], &[Damage::LostLog(3)][..]));
        // The log of another index is none of this one's.
        new[4] = 8;
        assert_eq!(uids(&Index::read(Some(&base(4, 40)), &[&old, &new], &[])), [1, 3, 4]);
    }

    #[test]
    fn a_log_without_one_before_starts_from_nothing() {
        let mut log = log(3, 0, 0);
        push(&mut log, 2, &words(&[2, 0]));
        let uids = |sequence, offset| {
            let index = Index::read(Some(&base(sequence, offset)), &[&log], &["map"]);
            assert_eq!(index.damages(), []);
            index.rows().map(|row| row.uid).collect::<Vec<_>>()
        };
        assert_eq!((uids(2, 40), uids(3, 40)), (vec![2], vec![2]));
        assert_eq!(uids(3, log.len() as u32), [1, 3]);
    }

    #[test]
    fn damage_is_told() {
        let damages = |base: Option<&[u8]>, logs: &[&[u8]]| Index::read(base, logs, &["map"]).damages().to_vec();
        let good = base(1, 40);
        let with = |at: usize, value: u8| {
            let mut base = good.clone();
            base[at] = value;
            damages(Some(&base), &[])
        };
        assert_eq!(damages(None, &[]), [Damage::Missing]);
        assert_eq!(with(0, 6), [Damage::Version(6)]);
        assert_eq!(with(20, 1), [Damage::GivenUp]);
        for (at, value) in [(2, 119), (4, 100), (5, 9), (8, 4), (32, 3), (152, 3), (123, 2), (128, 9), (134, 200)] {
            assert_eq!(with(at, value), [Damage::Broken], "{at}");
        }
        assert_eq!(damages(Some(&good[..90]), &[]), [Damage::Broken]);
        assert_eq!(damages(Some(&good), &[&[2; 40]]), [Damage::LogVersion(2)]);
        assert_eq!(damages(Some(&good), &[&[1; 20]]), [Damage::LogBroken]);
        assert_eq!(damages(Some(b""), &[]), [Damage::Broken]);
    }

    #[test]
    fn numbers_in_the_order_of_the_machine_that_wrote_them() {
        let mut base = vec![7, 0, 0, 120];
        for number in [120u32, 8, 0, 7, 0, 99, 6, 1] {
            base.extend(number.to_be_bytes());
        }
        base.resize(120, 0);
        base.extend([0, 0, 0, 5, 8, 0, 0, 0]);
        let index = Index::read(Some(&base), &[], &[]);
        assert_eq!(index.rows().map(|row| (row.uid, row.flags)).collect::<Vec<_>>(), [(5, 8)]);
        assert_eq!((index.uid_validity(), index.next_uid(), index.damages()), (99, 6, &[][..]));
    }

    #[test]
    fn what_a_folder_says_of_its_sizes() {
        let mut log = log(1, 0, 0);
        let head = words(&[u32::MAX, 0, 16, 0, 9 << 16]);
        push(&mut log, 0x40, &[&head[..], b"hdr-vsize\0\0\0"].concat());
        push(&mut log, 0x100, &words(&[16 << 16, 5000, 1, 9, 2]));
        let index = Index::read(None, &[&log], &["hdr-vsize"]);
        assert_eq!((index.virtual_sizes(), index.damages()), (Some((5000 + (1 << 32), 9, 2)), &[][..]));
    }
}
