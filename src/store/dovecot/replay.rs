//! Applies the records of a transaction log to an index.
//!
//! Bodies: an append is u32 uid, u8 flags, 3 padding bytes, repeated; an expunge pairs of uids; a flag change u32
//! first uid, u32 last uid, u8 to add, u8 to remove, 2 padding bytes; for extensions see [`super::extensions`]. Like
//! Dovecot, this skips invalid records. Source: `mail-transaction-log.h` and `mail-index-sync-*.c` in
//! <https://github.com/dovecot/core>.

use super::byte_order::{ByteOrder, align};
use super::index::{CELL, HEADER, IndexDamage, MailIndex};
use super::log::{LogRecord, TransactionLog};

const APPEND: u32 = 0x2;
const FLAGS: u32 = 0x4;
const HEADER_UPDATE: u32 = 0x20;
const EXTENSION: u32 = 0x40;
const EXTENSION_RESET: u32 = 0x80;
const EXTENSION_HEADER: u32 = 0x100;
const EXTENSION_RECORD: u32 = 0x200;
const KEYWORDS: u32 = 0x400;
const ADD: u32 = 0x1000;
const EXTENSION_HEADER_LONG: u32 = 0x1_0000;
const DELETED: u32 = 0x2_0000;
const UNDELETED: u32 = 0x4_0000;
/// Dovecot sets these bits to guard against garbage.
const EXPUNGE: u32 = 0x1 | 0xcd90;
const EXPUNGE_GUID: u32 = 0x2000 | 0xcd90;

/// The extension introduced last.
#[derive(Clone, Copy, Debug)]
pub(crate) enum CurrentExtension {
    None,
    /// A broken introduction: records are skipped.
    Broken,
    At {
        place: usize,
        record_size: u16,
        is_outdated: bool,
    },
}

pub(crate) struct InvalidRecord;

pub(crate) type ReplayResult = Result<(), InvalidRecord>;

/// Applies a log from an offset on, and returns the end of its last whole record.
pub(crate) fn apply(index: &mut MailIndex, log: &TransactionLog, from: usize, wanted: &[&str]) -> usize {
    let mut replay = Replay { index, order: log.order, wanted, current: CurrentExtension::None };
    let mut records = log.records(from);
    for record in records.by_ref() {
        if replay.take(&record).is_err() {
            replay.index.damage(IndexDamage::Record(record.offset));
        }
    }
    records.at
}

pub(crate) struct Replay<'a> {
    pub index: &'a mut MailIndex,
    pub order: ByteOrder,
    pub wanted: &'a [&'a str],
    pub current: CurrentExtension,
}

impl Replay<'_> {
    fn take(&mut self, record: &LogRecord) -> ReplayResult {
        let body = record.body;
        match record.kind {
            APPEND => body.chunks_exact(8).try_for_each(|message| self.append(message)),
            // A request; a later record confirms it.
            EXPUNGE if record.is_made => {
                body.chunks_exact(8).try_for_each(|range| self.expunge(self.u32(range, 0)?, self.u32(range, 4)?))
            }
            EXPUNGE_GUID if record.is_made => body.chunks_exact(20).try_for_each(|message| {
                let uid = self.u32(message, 0)?;
                self.expunge(uid, uid)
            }),
            EXPUNGE | EXPUNGE_GUID => Ok(()),
            0x1 | 0x2000 => Err(InvalidRecord),
            FLAGS => self.flags(body),
            HEADER_UPDATE => self.header(body),
            EXTENSION => self.introduce(body),
            EXTENSION_RESET => self.reset(body),
            EXTENSION_HEADER => self.extension_header(body, 2),
            EXTENSION_HEADER_LONG => self.extension_header(body, 4),
            EXTENSION_RECORD => self.extension_records(body),
            ADD => body.chunks_exact(8).try_for_each(|change| self.add(change)),
            KEYWORDS => self.keyword(),
            DELETED | UNDELETED if record.is_made => {
                self.index.is_deleted = record.kind == DELETED;
                Ok(())
            }
            _ => Ok(()),
        }
    }

    pub(crate) fn u32(&self, bytes: &[u8], at: usize) -> Result<u32, InvalidRecord> {
        self.order.u32(bytes, at).ok_or(InvalidRecord)
    }

    fn append(&mut self, message: &[u8]) -> ReplayResult {
        let uid = self.u32(message, 0)?;
        let is_new = uid >= self.index.next_uid() && self.index.uids.last().is_none_or(|&last| uid > last);
        let next = uid.checked_add(1).filter(|_| uid != 0 && is_new).ok_or(InvalidRecord)?;
        self.index.uids.push(uid);
        self.index.flags.push(message.get(4).copied().unwrap_or_default());
        self.index.is_live.push(true);
        for extension in &mut self.index.extensions {
            if let Some(kept) = &mut extension.kept {
                kept.cells.push([0; CELL]);
            }
        }
        self.index.set_next_uid(next);
        Ok(())
    }

    fn places(&self, first: u32, last: u32) -> std::ops::Range<usize> {
        let start = self.index.uids.partition_point(|&uid| uid < first);
        let end = self.index.uids.partition_point(|&uid| uid <= last);
        start..end.max(start)
    }

    /// `None` if expunged.
    pub(crate) fn place(&self, uid: u32) -> Option<usize> {
        let place = self.index.uids.binary_search(&uid).ok()?;
        self.index.is_live.get(place)?.then_some(place)
    }

    fn expunge(&mut self, first: u32, last: u32) -> ReplayResult {
        let places = self.places(first, last);
        self.index.is_live.get_mut(places).ok_or(InvalidRecord)?.fill(false);
        Ok(())
    }

    fn flags(&mut self, body: &[u8]) -> ReplayResult {
        for change in body.chunks_exact(12) {
            let places = self.places(self.u32(change, 0)?, self.u32(change, 4)?);
            let &[.., add, remove, _, _] = change else { return Err(InvalidRecord) };
            for flags in self.index.flags.get_mut(places).ok_or(InvalidRecord)? {
                *flags = *flags & !remove | add;
            }
        }
        Ok(())
    }

    fn header(&mut self, body: &[u8]) -> ReplayResult {
        let before = self.index.next_uid();
        for (offset, content) in self.pieces(body, 2)? {
            // Bytes of later versions.
            let end = offset.checked_add(content.len()).ok_or(InvalidRecord)?.min(HEADER);
            if let Some(to) = self.index.header.get_mut(offset..end) {
                to.copy_from_slice(&content[..end - offset]);
            }
        }
        if self.index.next_uid() < before {
            self.index.set_next_uid(before);
        }
        Ok(())
    }

    /// Pieces of offset and size (two or four bytes each) and content, aligned to 4.
    pub(crate) fn pieces<'b>(&self, body: &'b [u8], width: usize) -> Result<Vec<(usize, &'b [u8])>, InvalidRecord> {
        let number = |at| match width {
            2 => self.order.u16(body, at).map(usize::from),
            _ => self.order.u32(body, at).map(|number| number as usize),
        };
        let mut pieces = Vec::new();
        let mut at = 0;
        while at < body.len() {
            let (offset, size) = (number(at).ok_or(InvalidRecord)?, number(at + width).ok_or(InvalidRecord)?);
            let start = at + 2 * width;
            let end = start.checked_add(size).ok_or(InvalidRecord)?;
            pieces.push((offset, body.get(start..end).ok_or(InvalidRecord)?));
            at = align(end, 4);
        }
        Ok(pieces)
    }
}

#[cfg(test)]
mod tests;
