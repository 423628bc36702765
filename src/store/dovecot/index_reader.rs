//! Reads an index: the index file first, then the logs that continue it.
//!
//! The file has a header, the headers of extensions, and a record per message. The header: u8 major 7, u8 minor, u16 size of the base header, u32 size of the whole header @4, u32 record size
//! @8, u8 byte order @12, u32 index id @16, u32 flags @20, u32 uid validity @24, u32 next uid @28, u32 message count
//! @32, u32 log sequence @60, u32 log offset @68. Extension headers follow at multiples of 8: u32 content size, u32
//! reset id, u16 offset in a record, u16 size in a record, u16 alignment, u16 length of the name; the name; the
//! content at the next multiple of 8. Records: u32 uid, u8 flags, then the extensions. Source: `mail-index.h` and
//! `mail-index-map-hdr.c` in <https://github.com/dovecot/core>, and files of Dovecot 2.3.

use std::iter::Take;
use std::slice::ChunksExact;

use super::byte_order::{ByteOrder, align};
use super::index::{
    CELL, ExtensionContent, HEADER, IndexDamage, IndexExtension, KEPT_HEADER, LogPosition, MAJOR, MOST_EXTENSIONS,
    MailIndex,
};
use super::log::TransactionLog;
use super::replay;

/// Flag: the server marked the file as corrupted.
const FLAG_GIVEN_UP: u32 = 1;
/// Fixed part of an extension's header.
const EXTENSION_HEAD: usize = 16;

type Records<'a> = Take<ChunksExact<'a, u8>>;

impl MailIndex {
    /// Reads the index file, if any, and replays the logs, the newest last. Only wanted extensions keep their
    /// records.
    pub(crate) fn read(base: Option<&[u8]>, logs: &[&[u8]], wanted: &[&str]) -> MailIndex {
        let mut index = MailIndex::default();
        let start = base.and_then(|base| index.load(base, wanted));
        if base.is_none() && logs.is_empty() {
            index.damage(IndexDamage::Missing);
        }
        let order = index.order;
        let mut opened: Vec<TransactionLog> =
            logs.iter().filter_map(|log| TransactionLog::open(log, order).ok()).collect();
        opened.sort_by_key(|log| log.sequence);
        opened.dedup_by_key(|log| log.sequence);
        if let Some(bad) = logs.last().and_then(|log| TransactionLog::open(log, order).err()) {
            index.damage(bad);
        }
        index.replay(start, &opened, wanted);
        index
    }

    /// Replays the logs after the index file's position.
    fn replay(&mut self, start: Option<LogPosition>, logs: &[TransactionLog], wanted: &[&str]) {
        let Some(id) = start.map(|start| start.index).or(logs.last().map(|log| log.index)) else { return };
        let logs: Vec<TransactionLog> = logs.iter().filter(|log| log.index == id).copied().collect();
        // A log without a predecessor starts an empty index, unless the file already includes part of it.
        let reset = logs.iter().rposition(|log| {
            log.before == 0
                && start.is_none_or(|start| {
                    log.sequence > start.sequence || (log.sequence == start.sequence && start.offset <= log.start)
                })
        });
        let mut position = match (reset, start) {
            (Some(first), _) => {
                let damages = std::mem::take(&mut self.damages);
                *self = MailIndex { damages, order: self.order, ..MailIndex::default() };
                LogPosition { index: id, sequence: logs[first].sequence, offset: 0 }
            }
            (None, Some(start)) => start,
            (None, None) => {
                let Some(first) = logs.first() else { return };
                self.damage(IndexDamage::LostLog(first.before));
                LogPosition { index: id, sequence: first.sequence, offset: 0 }
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
                    self.damage(IndexDamage::LostLog(position.sequence));
                }
                position = LogPosition { sequence: log.sequence, offset: 0, ..position };
            }
            let end = replay::apply(self, log, position.offset, wanted);
            self.cut = (end < log.bytes.len()).then_some(end);
            position.offset = position.offset.max(end);
        }
    }

    /// Returns the file's position in the logs.
    fn load(&mut self, base: &[u8], wanted: &[&str]) -> Option<LogPosition> {
        let position = self.try_load(base, wanted);
        position.map_err(|damage| self.damage(damage)).ok()
    }

    fn try_load(&mut self, base: &[u8], wanted: &[&str]) -> Result<LogPosition, IndexDamage> {
        let &[major, ..] = base else { return Err(IndexDamage::Broken) };
        if major != MAJOR {
            return Err(IndexDamage::Version(major));
        }
        let order = ByteOrder::from_flags(*base.get(12).ok_or(IndexDamage::Broken)?);
        let number = |at| order.u32(base, at).ok_or(IndexDamage::Broken);
        let base_header = order.u16(base, 2).map(usize::from).ok_or(IndexDamage::Broken)?;
        let (header_size, record_size) = (number(4)? as usize, number(8)? as usize);
        if base_header < HEADER || header_size < base_header || record_size < 5 {
            return Err(IndexDamage::Broken);
        }
        if number(20)? & FLAG_GIVEN_UP != 0 {
            return Err(IndexDamage::GivenUp);
        }
        let header = base.get(..header_size).ok_or(IndexDamage::Broken)?;
        let position = LogPosition { index: number(16)?, sequence: number(60)?, offset: number(68)? as usize };
        let count = number(32)? as usize;
        let records = base.get(header_size..).unwrap_or_default();
        let fitting = records.len() / record_size;
        let records = records[..fitting.min(count) * record_size].chunks_exact(record_size);
        self.order = order;
        self.header = header[..HEADER].to_vec();
        if fitting < count {
            self.damage(IndexDamage::Broken);
        }
        let uids: Vec<u32> = records.clone().filter_map(|record| order.u32(record, 0)).collect();
        // Lookups are binary searches: records after the first unsorted uid are dropped.
        let sorted = uids.windows(2).position(|pair| pair[0] >= pair[1]).map_or(uids.len(), |at| at + 1);
        if sorted < uids.len() {
            self.damage(IndexDamage::Broken);
        }
        let records = records.take(sorted);
        self.uids = uids[..sorted].to_vec();
        self.flags = records.clone().filter_map(|record| record.get(4).copied()).collect();
        self.is_live = vec![true; self.uids.len()];
        let mut at = align(base_header, 8);
        while at < header_size {
            let Some(next) = self.load_extension(header, at, records.clone(), wanted) else {
                self.damage(IndexDamage::Broken);
                break;
            };
            at = next;
        }
        Ok(position)
    }

    /// Reads an extension's header and records, and returns the offset of the next one.
    fn load_extension(&mut self, header: &[u8], at: usize, records: Records, wanted: &[&str]) -> Option<usize> {
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
            ExtensionContent {
                header: header[content..content + kept_header].to_vec(),
                cells: records.map(cell).collect(),
            }
        });
        let reset = order.u32(header, at + 4)?;
        self.extensions.push(IndexExtension { name, reset, header_size, record_size, kept });
        Some(end)
    }
}

#[cfg(test)]
mod tests;
