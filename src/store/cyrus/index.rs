//! `cyrus.index`: a record per message of a Cyrus mailbox, with size, times and flags.
//!
//! All numbers are big-endian. The header gives the version, the offset of the records, the record size and the
//! record count; records are in uid order. Versions before 20 have times and sizes in 32 bits, which Cyrus reads as
//! unsigned; version 20 has 64 bits and counts the arrival in nanoseconds. Sources:
//! <https://github.com/cyrusimap/cyrus-imapd> (`imap/mailbox.h`, `doc/internal/index-format-history.txt`), and stores
//! filled by Cyrus 3.6 (version 17).

use std::io::{self, Read};

/// The part of the header that locates the records.
const HEAD_BYTES: usize = 24;

/// Limit of header and record size; real ones have some hundred bytes.
const LONGEST: u32 = 4096;

/// More seconds than this are 30,000 years: the number counts nanoseconds.
const MOST_SECONDS: i64 = 1_000_000_000_000;

/// The readable part of an index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CyrusIndex {
    /// In uid order, with expunged ones.
    pub records: Vec<IndexRecord>,
    /// Why records may be missing.
    pub damage: Option<CyrusIndexDamage>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct IndexRecord {
    /// Also the name of the message's file.
    pub uid: u32,
    /// IMAP's INTERNALDATE in unix seconds.
    pub arrival: i64,
    /// The day of the message's `Date:` in unix seconds.
    pub sent: Option<i64>,
    /// When it was saved in this mailbox, in unix seconds, since version 15.
    pub saved: Option<i64>,
    /// Bytes of the message and its file.
    pub size: u64,
    flags: u32,
}

impl IndexRecord {
    const DELETED: u32 = 1 << 2;
    const ARCHIVED: u32 = 1 << 29;
    const UNLINKED: u32 = 1 << 30;
    const EXPUNGED: u32 = 1 << 31;

    pub(crate) fn is_live(&self) -> bool {
        self.flags & (IndexRecord::EXPUNGED | IndexRecord::UNLINKED) == 0
    }

    pub(crate) fn is_archived(&self) -> bool {
        self.flags & IndexRecord::ARCHIVED != 0
    }

    /// Has IMAP's flag `\Deleted`, not yet expunged.
    pub(crate) fn is_deleted(&self) -> bool {
        self.flags & IndexRecord::DELETED != 0
    }

    /// Expects at least the record size of the version.
    fn parse(bytes: &[u8], version: u32) -> Option<IndexRecord> {
        let time = |at: usize| short(bytes, at).map(i64::from);
        let long_time = |at: usize| long(bytes, at).map(|number| seconds(number.cast_signed()));
        let known = |time: &i64| *time != 0;
        Some(match version {
            20 => IndexRecord {
                uid: short(bytes, 0)?,
                arrival: long_time(8)?,
                sent: long_time(16).filter(known),
                size: long(bytes, 24)?,
                flags: short(bytes, 36)?,
                saved: long_time(120).filter(known),
            },
            _ => IndexRecord {
                uid: short(bytes, 0)?,
                arrival: time(4)?,
                sent: time(8).filter(known),
                size: short(bytes, 12)?.into(),
                flags: short(bytes, 32)?,
                // A line count before version 15.
                saved: time(52).filter(known).filter(|_| version >= 15),
            },
        })
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum CyrusIndexDamage {
    #[error("it ends after {found} of {promised} records")]
    Cut {
        /// By the header.
        promised: u32,
        found: u32,
    },
    /// A uid not above the one before; the rest is not trusted.
    #[error("record {record} is out of order")]
    Disorder {
        /// Counted from 1.
        record: u32,
    },
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum IndexError {
    #[error("it has no whole header")]
    NoHeader,
    #[error("version {0} is none of 12 to 20")]
    UnknownVersion(u32),
    #[error("records of {record} bytes from byte {start} on cannot be")]
    Sizes {
        /// Offset of the records.
        start: u32,
        /// Record size.
        record: u32,
    },
    #[error(transparent)]
    Read(#[from] io::Error),
}

impl CyrusIndex {
    /// Reads no more records than the header promises: a server that adds records writes the header last.
    ///
    /// # Errors
    ///
    /// Fails if the header cannot be read or understood.
    pub(crate) fn read(mut source: impl Read) -> Result<CyrusIndex, IndexError> {
        let mut head = [0; HEAD_BYTES];
        source.read_exact(&mut head).map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => IndexError::NoHeader,
            _ => IndexError::Read(error),
        })?;
        let field = |at| short(&head, at).unwrap_or_default();
        let (version, start, length, promised) = (field(8), field(12), field(16), field(20));
        let least: u32 = match version {
            12..=14 => 36,
            15..=19 => 56,
            20 => 128,
            _ => return Err(IndexError::UnknownVersion(version)),
        };
        if start < HEAD_BYTES as u32 || start > LONGEST || length < least || length > LONGEST {
            return Err(IndexError::Sizes { start, record: length });
        }
        let mut bytes = vec![0; start as usize - HEAD_BYTES];
        let is_whole = source.read_exact(&mut bytes).is_ok();
        bytes.resize(length as usize, 0);
        let mut index = CyrusIndex { records: Vec::new(), damage: None };
        for found in 0..promised {
            let is_read = is_whole && source.read_exact(&mut bytes).is_ok();
            let Some(record) = IndexRecord::parse(&bytes, version).filter(|_| is_read) else {
                index.damage = Some(CyrusIndexDamage::Cut { promised, found });
                break;
            };
            // A hole in the file reads as zeros.
            if record.uid <= index.last_uid() {
                index.damage = Some(CyrusIndexDamage::Disorder { record: found.saturating_add(1) });
                break;
            }
            index.records.push(record);
        }
        Ok(index)
    }

    /// The record of a message, and its index.
    pub(crate) fn find(&self, uid: u32) -> Option<(usize, &IndexRecord)> {
        let place = self.records.binary_search_by_key(&uid, |record| record.uid).ok()?;
        self.records.get(place).map(|record| (place, record))
    }

    /// 0 without records.
    pub(crate) fn last_uid(&self) -> u32 {
        self.records.last().map_or(0, |record| record.uid)
    }
}

fn short(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().copied().map(u32::from_be_bytes)
}

fn long(bytes: &[u8], at: usize) -> Option<u64> {
    bytes.get(at..)?.first_chunk().copied().map(u64::from_be_bytes)
}

/// A time of version 20 in seconds. Arrivals are in nanoseconds; the source does not give the unit of other times, so
/// the magnitude decides.
fn seconds(time: i64) -> i64 {
    if time.unsigned_abs() > MOST_SECONDS.unsigned_abs() { time.div_euclid(1_000_000_000) } else { time }
}

#[cfg(test)]
mod tests;
