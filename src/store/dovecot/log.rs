//! A transaction log (`dovecot.index.log`, `.log.2`): what was done to an index since its file was written last.
//!
//! Its header: u8 major 1, u8 minor, u16 size of the header, u32 index id @4, u32 sequence @8, u32 sequence of the log
//! before @12 (0: there is none, and the index starts empty), u32 where that one ended @16, u8 byte order @32 since 1.2.
//! Then records: u32 size, in four bytes of seven bits with the high bit set, the first byte first, times four, the
//! record's own head included; u32 type; the body.
//! Source: `mail-transaction-log.h` in <https://github.com/dovecot/core>.

use super::byte_order::ByteOrder;

/// The only major version there is.
const MAJOR: u8 = 1;
/// The least header that holds what is needed.
const LEAST_HEADER: usize = 24;
/// Where since version 1.2 the byte order stands.
const ORDER: usize = 32;
/// The head of a record.
const RECORD_HEAD: usize = 8;

/// The bit of a type that says that the change was made, and is no mere wish.
const EXTERNAL: u32 = 0x1000_0000;
const TYPES: u32 = 0x0fff_ffff;
/// Says how large the whole transaction is that it starts.
const BOUNDARY: u32 = 0x0008_0000;

/// A log with a valid header.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TransactionLog<'a> {
    bytes: &'a [u8],
    /// The byte order.
    pub order: ByteOrder,
    /// The index to which it belongs.
    pub index: u32,
    /// Its number; each log of an index has a higher one.
    pub sequence: u32,
    /// The number of the log before, 0 if the index starts empty with this one.
    pub before: u32,
    /// Where the log before ended.
    pub end_of_before: u32,
    /// Where its first record stands.
    pub start: usize,
}

/// What is wrong with a log's header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LogHeaderError {
    /// A version that is not known.
    Version(u8),
    /// It is cut, or says what cannot be.
    Broken,
    /// The server itself gave it up.
    GivenUp,
}

impl<'a> TransactionLog<'a> {
    /// Reads the header. The byte order is given for logs that do not tell it.
    ///
    /// # Errors
    /// If it is no log that can be read.
    pub(crate) fn open(bytes: &'a [u8], order: ByteOrder) -> Result<TransactionLog<'a>, LogHeaderError> {
        let &[major, minor, ..] = bytes else { return Err(LogHeaderError::Broken) };
        if major != MAJOR {
            return Err(LogHeaderError::Version(major));
        }
        let order = match bytes.get(ORDER) {
            Some(&flags) if minor >= 2 => ByteOrder::from_flags(flags),
            _ => order,
        };
        let start = order.u16(bytes, 2).map(usize::from).unwrap_or_default();
        let number = |at| order.u32(bytes, at).ok_or(LogHeaderError::Broken);
        let (index, sequence, before, end_of_before) = (number(4)?, number(8)?, number(12)?, number(16)?);
        if start < LEAST_HEADER || start > bytes.len() {
            return Err(LogHeaderError::Broken);
        }
        match index {
            0 => Err(LogHeaderError::GivenUp),
            _ => Ok(TransactionLog { bytes, order, index, sequence, before, end_of_before, start }),
        }
    }

    /// How long it is.
    pub(crate) fn length(self) -> usize {
        self.bytes.len()
    }

    /// Its records from an offset on.
    pub(crate) fn records(self, from: usize) -> LogRecords<'a> {
        LogRecords { log: self, at: from.max(self.start) }
    }
}

/// A record of a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LogRecord<'a> {
    /// Where it stands.
    pub offset: usize,
    /// What it does.
    pub kind: u32,
    /// Whether the change was made; a wish to expunge is none yet.
    pub is_made: bool,
    /// What it does it with.
    pub body: &'a [u8],
}

/// Goes from record to record. It ends without a word where a record is cut: its writer is at work.
#[derive(Clone, Debug)]
pub(crate) struct LogRecords<'a> {
    log: TransactionLog<'a>,
    at: usize,
}

impl LogRecords<'_> {
    /// Where the next record would stand.
    pub(crate) fn position(&self) -> usize {
        self.at
    }
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
            // Not all of the transaction was written yet.
            return None;
        }
        self.at += size;
        Some(record)
    }
}

/// The size in a record's head, which its writer fills in last.
fn record_size(bytes: &[u8]) -> Option<usize> {
    let digits = bytes.get(..4)?;
    if digits.iter().any(|digit| digit & 0x80 == 0) {
        return None;
    }
    let size = digits.iter().fold(0, |size, digit| size << 7 | usize::from(digit & 0x7f)) << 2;
    (size >= RECORD_HEAD).then_some(size)
}

/// Logs made by hand.
#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A log of index 7.
    pub(crate) fn log(sequence: u32, before: u32, end_of_before: u32) -> Vec<u8> {
        let mut bytes = vec![1, 2, 40, 0];
        for number in [7, sequence, before, end_of_before, 0, 0, 0, 1, 0] {
            bytes.extend(u32::to_le_bytes(number));
        }
        bytes
    }

    /// Appends a record.
    pub(crate) fn push(log: &mut Vec<u8>, kind: u32, body: &[u8]) {
        let quarter = (body.len() as u32 + 8) / 4;
        assert_eq!(body.len() % 4, 0);
        log.extend([21, 14, 7, 0].map(|shift| (quarter >> shift & 0x7f) as u8 | 0x80));
        log.extend(kind.to_le_bytes());
        log.extend(body);
    }

    #[test]
    fn a_header() {
        let bytes = log(5, 4, 1000);
        let log = TransactionLog::open(&bytes, ByteOrder::Big).unwrap();
        assert_eq!((log.order, log.index, log.sequence), (ByteOrder::Little, 7, 5));
        assert_eq!((log.before, log.end_of_before, log.start), (4, 1000, 40));
        let bad = |at: usize, value: u8| {
            let mut bytes = bytes.clone();
            bytes[at] = value;
            TransactionLog::open(&bytes, ByteOrder::Little).unwrap_err()
        };
        assert_eq!(
            (bad(0, 2), bad(2, 41), bad(2, 23)),
            (LogHeaderError::Version(2), LogHeaderError::Broken, LogHeaderError::Broken)
        );
        assert_eq!(bad(4, 0), LogHeaderError::GivenUp);
        assert_eq!(TransactionLog::open(&bytes[..19], ByteOrder::Little).unwrap_err(), LogHeaderError::Broken);
    }

    #[test]
    fn records_until_one_is_cut() {
        let mut bytes = log(1, 0, 0);
        push(&mut bytes, 0x1000_cd91, &[1, 0, 0, 0, 2, 0, 0, 0]);
        push(&mut bytes, 0x20, &[]);
        let end = bytes.len();
        push(&mut bytes, 2, &[0; 8]);
        let log = TransactionLog::open(&bytes[..bytes.len() - 1], ByteOrder::Little).unwrap();
        let mut records = log.records(0);
        let first = records.next().unwrap();
        assert_eq!((first.offset, first.kind, first.is_made, first.body.len()), (40, 0xcd91, true, 8));
        let second = records.next().unwrap();
        assert_eq!((second.offset, second.kind, second.is_made, second.body.len()), (56, 0x20, false, 0));
        assert_eq!((records.next(), records.position()), (None, end));
        assert_eq!(log.records(56).count(), 1);
        // A size without its high bits is not written yet.
        bytes[end] = 0;
        assert_eq!(TransactionLog::open(&bytes, ByteOrder::Little).unwrap().records(0).count(), 2);
    }

    #[test]
    fn a_transaction_counts_when_it_is_whole() {
        let mut bytes = log(1, 0, 0);
        push(&mut bytes, BOUNDARY | EXTERNAL, &28u32.to_le_bytes());
        push(&mut bytes, 2, &[0; 8]);
        assert_eq!(TransactionLog::open(&bytes, ByteOrder::Little).unwrap().records(0).count(), 2);
        bytes[48] = 29;
        assert_eq!(TransactionLog::open(&bytes, ByteOrder::Little).unwrap().records(0).count(), 0);
    }
}
