//! A transaction log (`dovecot.index.log`, `.log.2`): changes since the index file was written.
//!
//! Header: u8 major 1, u8 minor, u16 header size, u32 index id @4, u32 sequence @8, u32 sequence of the previous log
//! @12 (0: none, the index starts empty), u32 end offset of that one @16, u8 byte order @32 since 1.2. Records: u32
//! size divided by four, including the record's own head, in four bytes of seven bits with the high bit set, most
//! significant first; u32 type; the body. Source: `mail-transaction-log.h` in <https://github.com/dovecot/core>.

use super::byte_order::ByteOrder;
use super::index::IndexDamage;

const MAJOR: u8 = 1;
const LEAST_HEADER: usize = 24;
/// Offset of the byte order, since version 1.2.
const ORDER: usize = 32;
const RECORD_HEAD: usize = 8;

/// Flag of a type: the change was made, not just requested.
const EXTERNAL: u32 = 0x1000_0000;
const TYPES: u32 = 0x0fff_ffff;
/// Starts a transaction, and gives its size.
const BOUNDARY: u32 = 0x0008_0000;

#[derive(Clone, Copy, Debug)]
pub(crate) struct TransactionLog<'a> {
    pub bytes: &'a [u8],
    pub order: ByteOrder,
    pub index: u32,
    /// Rises with each log of an index.
    pub sequence: u32,
    /// Sequence of the previous log; 0 if the index starts empty.
    pub before: u32,
    /// End offset of the previous log.
    pub end_of_before: u32,
    /// Offset of the first record.
    pub start: usize,
}

impl<'a> TransactionLog<'a> {
    /// `order` is for logs without a byte order.
    ///
    /// # Errors
    ///
    /// Fails if the log cannot be read.
    pub(crate) fn open(bytes: &'a [u8], order: ByteOrder) -> Result<TransactionLog<'a>, IndexDamage> {
        let &[major, minor, ..] = bytes else { return Err(IndexDamage::LogBroken) };
        if major != MAJOR {
            return Err(IndexDamage::LogVersion(major));
        }
        let order = match bytes.get(ORDER) {
            Some(&flags) if minor >= 2 => ByteOrder::from_flags(flags),
            _ => order,
        };
        let start = order.u16(bytes, 2).map(usize::from).unwrap_or_default();
        let number = |at| order.u32(bytes, at).ok_or(IndexDamage::LogBroken);
        let (index, sequence, before, end_of_before) = (number(4)?, number(8)?, number(12)?, number(16)?);
        if start < LEAST_HEADER || start > bytes.len() {
            return Err(IndexDamage::LogBroken);
        }
        match index {
            0 => Err(IndexDamage::GivenUp),
            _ => Ok(TransactionLog { bytes, order, index, sequence, before, end_of_before, start }),
        }
    }

    pub(crate) fn records(self, from: usize) -> LogRecords<'a> {
        LogRecords { log: self, at: from.max(self.start) }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LogRecord<'a> {
    pub offset: usize,
    pub kind: u32,
    /// False for a mere request to expunge.
    pub is_made: bool,
    pub body: &'a [u8],
}

/// Stops at a partial record: it is being written.
#[derive(Clone, Debug)]
pub(crate) struct LogRecords<'a> {
    log: TransactionLog<'a>,
    pub at: usize,
}

impl<'a> Iterator for LogRecords<'a> {
    type Item = LogRecord<'a>;

    fn next(&mut self) -> Option<LogRecord<'a>> {
        let rest = self.log.bytes.get(self.at..)?;
        let size = record_size(rest)?;
        let kind = self.log.order.u32(rest, 4)?;
        let body = rest.get(RECORD_HEAD..size)?;
        let record = LogRecord { offset: self.at, kind: kind & TYPES, is_made: kind & EXTERNAL != 0, body };
        if record.kind == BOUNDARY && self.log.order.u32(body, 0).is_none_or(|whole| whole as usize > rest.len()) {
            // The transaction is still being written.
            return None;
        }
        self.at += size;
        Some(record)
    }
}

/// The writer fills in the size last.
fn record_size(bytes: &[u8]) -> Option<usize> {
    let digits = bytes.get(..4)?;
    if digits.iter().any(|digit| digit & 0x80 == 0) {
        return None;
    }
    let size = digits.iter().fold(0, |size, digit| size << 7 | usize::from(digit & 0x7f)) << 2;
    (size >= RECORD_HEAD).then_some(size)
}

#[cfg(test)]
pub(crate) mod tests;
