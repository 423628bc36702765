//! The files of a directory of messages in about sixteen bytes each, keyed by inode and the checksum of the part of the name
//! that stays the same.

use crate::model::varint::{self, VarintReader};
use crate::store::reader::{BLOCK_BYTES, FileStat, Message, usual_blocks};

/// Bytes of a typical row.
const ROW_BYTES: usize = 16;

/// Bits of a row's first byte.
mod flag {
    /// The file is a message.
    pub(super) const MESSAGE: u8 = 1;
    /// The arrival differs from the mtime; the difference follows.
    pub(super) const ARRIVAL: u8 = 2;
    /// The save time is known.
    pub(super) const SAVED: u8 = 4;
    /// The save time differs from the arrival; the difference follows.
    pub(super) const SAVED_APART: u8 = 8;
    /// A restore lost the file's time.
    pub(super) const TOUCHED: u8 = 16;
    /// The number of blocks is unusual for the size, and follows.
    pub(super) const BLOCKS: u8 = 32;
    /// The inode has several links; their number follows.
    pub(super) const LINKS: u8 = 64;
}

/// A regular file of a directory of messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CachedFile {
    pub inode: u64,
    /// The checksum of the part of the name that stays the same.
    pub name: u32,
    pub links: u64,
    pub size: u64,
    pub allocated: u64,
    /// Unix seconds.
    pub modified: i64,
    /// `None` if the file is not a message.
    pub times: Option<MessageTimes>,
}

/// The times of a message, in unix seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct MessageTimes {
    pub arrival: i64,
    /// `None` if the name does not have it.
    pub saved: Option<i64>,
    /// Whether a restore lost the file's time.
    pub is_touched: bool,
}

impl CachedFile {
    /// `None` if the table cannot represent the file or its message.
    pub(crate) fn new(name: u32, facts: &FileStat, message: Option<&Message>) -> Option<CachedFile> {
        let times = message.map(|message| MessageTimes {
            arrival: message.arrival,
            saved: message.saved,
            is_touched: message.touched.is_some(),
        });
        let FileStat { inode: (_, inode), links, size, allocated, modified, .. } = *facts;
        let file = CachedFile { inode, name, links, size, allocated, modified, times };
        let is_same = |message: &Message| {
            let restored = file.message().unwrap_or_default();
            (restored.bytes, restored.sent, restored.touched) == (message.bytes, message.sent, message.touched)
        };
        let is_exact = facts.is_regular && facts.allocated.is_multiple_of(BLOCK_BYTES) && message.is_none_or(is_same);
        is_exact.then_some(file)
    }

    pub(crate) fn facts(&self, device: u64) -> FileStat {
        let CachedFile { links, size, allocated, modified, .. } = *self;
        FileStat { inode: (device, self.inode), links, size, allocated, modified, changed: modified, ..FileStat::EMPTY }
    }

    /// The message, with the fields that cohorts need.
    pub(crate) fn message(&self) -> Option<Message> {
        self.times.map(|times| Message {
            bytes: self.size,
            arrival: times.arrival,
            saved: times.saved,
            touched: times.is_touched.then_some(self.modified),
            ..Message::default()
        })
    }
}

/// Appends a table, ordered by inode.
pub(crate) fn put(into: &mut Vec<u8>, files: &[CachedFile]) {
    // Sorting indexes moves less than sorting files.
    let mut order: Vec<(u64, u32, u32)> =
        (0..).zip(files).map(|(place, file): (u32, &CachedFile)| (file.inode, file.name, place)).collect();
    order.sort_unstable();
    into.reserve(ROW_BYTES * files.len());
    let (mut inode, mut modified) = (0, 0);
    for file in order.into_iter().map(|(_, _, place)| &files[place as usize]) {
        let times = file.times.unwrap_or(MessageTimes { arrival: file.modified, saved: None, is_touched: false });
        let has = |flag: u8, is: bool| if is { flag } else { 0 };
        let flags = has(flag::MESSAGE, file.times.is_some())
            | has(flag::ARRIVAL, times.arrival != file.modified)
            | has(flag::SAVED, times.saved.is_some())
            | has(flag::SAVED_APART, times.saved.is_some_and(|saved| saved != times.arrival))
            | has(flag::TOUCHED, times.is_touched)
            | has(flag::BLOCKS, file.allocated != usual_blocks(file.size))
            | has(flag::LINKS, file.links != 1);
        into.push(flags);
        into.extend_from_slice(&file.name.to_le_bytes());
        varint::put(into, file.inode - inode);
        varint::put(into, file.size);
        varint::put_signed(into, file.modified.wrapping_sub(modified));
        if flags & flag::ARRIVAL != 0 {
            varint::put_signed(into, times.arrival.wrapping_sub(file.modified));
        }
        if flags & flag::SAVED_APART != 0 {
            varint::put_signed(into, times.saved.unwrap_or(0).wrapping_sub(times.arrival));
        }
        if flags & flag::BLOCKS != 0 {
            varint::put(into, file.allocated / BLOCK_BYTES);
        }
        if flags & flag::LINKS != 0 {
            varint::put(into, file.links);
        }
        (inode, modified) = (file.inode, file.modified);
    }
}

/// The files of a table, ordered by inode. Invalid bytes end it early.
pub(crate) fn files(table: &[u8]) -> impl Iterator<Item = CachedFile> {
    let mut bytes = VarintReader(table);
    let mut last = (0, 0);
    std::iter::from_fn(move || {
        let file = take(&mut bytes, last)?;
        last = (file.inode, file.modified);
        Some(file)
    })
}

fn take(bytes: &mut VarintReader, (inode, modified): (u64, i64)) -> Option<CachedFile> {
    let flags = bytes.byte()?;
    let has = |flag: u8| flags & flag != 0;
    let name = u32::from_le_bytes(bytes.take(4)?.try_into().ok()?);
    let inode = bytes.number()?.checked_add(inode)?;
    let size = bytes.number()?;
    let modified = bytes.signed()?.wrapping_add(modified);
    let arrival = if has(flag::ARRIVAL) { bytes.signed()?.wrapping_add(modified) } else { modified };
    let saved = if has(flag::SAVED_APART) { bytes.signed()?.wrapping_add(arrival) } else { arrival };
    let allocated = match has(flag::BLOCKS) {
        true => bytes.number()?.saturating_mul(BLOCK_BYTES),
        false => usual_blocks(size),
    };
    let links = if has(flag::LINKS) { bytes.number()? } else { 1 };
    let times = MessageTimes { arrival, saved: has(flag::SAVED).then_some(saved), is_touched: has(flag::TOUCHED) };
    Some(CachedFile { inode, name, links, size, allocated, modified, times: has(flag::MESSAGE).then_some(times) })
}

#[cfg(test)]
mod tests {
    use super::*;

    const USUAL: CachedFile = CachedFile {
        inode: 70_000,
        name: 0xdead_beef,
        links: 1,
        size: 9_000,
        allocated: 12_288,
        modified: 1_700_000_000,
        times: Some(MessageTimes { arrival: 1_700_000_000, saved: Some(1_700_000_000), is_touched: false }),
    };

    #[test]
    fn files_read_back_unchanged() {
        let times = |arrival, saved, is_touched| Some(MessageTimes { arrival, saved, is_touched });
        let kept = [
            USUAL,
            CachedFile { inode: 3, times: None, ..USUAL },
            CachedFile { inode: u64::MAX, size: u64::MAX, allocated: 0, ..USUAL },
            CachedFile { inode: 90_000, links: 3, modified: i64::MIN, times: times(i64::MAX, None, false), ..USUAL },
            CachedFile { inode: 90_000, name: 1, times: times(5, Some(7), true), allocated: 512, ..USUAL },
        ];
        let mut table = Vec::new();
        put(&mut table, &kept);
        let mut sorted = kept;
        sorted.sort_by_key(|file| (file.inode, file.name));
        assert_eq!(files(&table).collect::<Vec<_>>(), sorted);
    }

    #[test]
    fn an_ordinary_message_takes_at_most_13_bytes() {
        let messages: Vec<CachedFile> = (0..1_000)
            .map(|number| {
                let time = 1_700_000_000 + number * 3_600;
                let times = Some(MessageTimes { arrival: time, saved: Some(time), is_touched: false });
                CachedFile { inode: 1_000_000 + 999 * number as u64, modified: time, times, ..USUAL }
            })
            .collect();
        let mut table = Vec::new();
        put(&mut table, &messages);
        assert!(table.len() <= 13 * messages.len(), "{}", table.len());
    }

    #[test]
    fn a_file_that_the_table_cannot_represent_is_refused() {
        let facts = USUAL.facts(1);
        let message = USUAL.message().unwrap();
        assert_eq!(CachedFile::new(USUAL.name, &facts, Some(&message)), Some(USUAL));
        assert_eq!(CachedFile::new(1, &facts, Some(&Message { sent: Some(3), ..message })), None);
        assert_eq!(CachedFile::new(1, &facts, Some(&Message { bytes: 3, ..message })), None);
        assert_eq!(CachedFile::new(1, &FileStat { is_regular: false, ..facts }, None), None);
        assert_eq!(CachedFile::new(1, &FileStat { allocated: 100, ..facts }, None), None);
    }

    #[test]
    fn reading_stops_at_invalid_bytes() {
        let mut table = Vec::new();
        put(&mut table, &[USUAL]);
        (0..table.len()).for_each(|end| assert_eq!(files(&table[..end]).count(), 0));
    }
}
