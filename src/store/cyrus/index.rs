//! `cyrus.index`: a record per message of a Cyrus mailbox, with size, times and flags.
//!
//! All numbers are big-endian. The header gives the version, the offset of the records, the record size and the
//! record count; records are in uid order. Versions before 20 have times and sizes in 32 bits, which Cyrus reads as
//! unsigned; version 20 has 64 bits and counts the arrival in nanoseconds. Sources:
//! <https://github.com/cyrusimap/cyrus-imapd> (`imap/mailbox.h`, `doc/internal/index-format-history.txt`), and stores
//! filled by Cyrus 3.6 (version 17).

use std::fmt;
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
    pub version: u32,
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
    /// Last change of the record in unix seconds: of an expunged message usually the time of the expunge.
    pub updated: i64,
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
                updated: long_time(112)?,
                saved: long_time(120).filter(known),
            },
            _ => IndexRecord {
                uid: short(bytes, 0)?,
                arrival: time(4)?,
                sent: time(8).filter(known),
                size: short(bytes, 12)?.into(),
                updated: time(28)?,
                flags: short(bytes, 32)?,
                // A line count before version 15.
                saved: time(52).filter(known).filter(|_| version >= 15),
            },
        })
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CyrusIndexDamage {
    Cut {
        /// By the header.
        promised: u32,
        found: u32,
    },
    /// A uid not above the one before; the rest is not trusted.
    Disorder {
        /// Counted from 1.
        record: u32,
    },
}

impl fmt::Display for CyrusIndexDamage {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            CyrusIndexDamage::Cut { promised, found } => write!(f, "it ends after {found} of {promised} records"),
            CyrusIndexDamage::Disorder { record } => write!(f, "record {record} is out of order"),
        }
    }
}

#[derive(Debug)]
pub(crate) enum IndexError {
    NoHeader,
    UnknownVersion(u32),
    /// Impossible sizes in the header.
    Sizes {
        /// Offset of the records.
        start: u32,
        /// Record size.
        record: u32,
    },
    Read(io::Error),
}

impl fmt::Display for IndexError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            IndexError::NoHeader => f.write_str("it has no whole header"),
            IndexError::UnknownVersion(version) => write!(f, "version {version} is none of 12 to 20"),
            IndexError::Sizes { start, record } => {
                write!(f, "records of {record} bytes from byte {start} on cannot be")
            }
            IndexError::Read(error) => error.fmt(f),
        }
    }
}

impl CyrusIndex {
    /// Reads no more records than the header promises: a server that adds records writes the header last.
    ///
    /// # Errors
    ///
    /// Fails if the header cannot be read or understood.
    pub(crate) fn read(mut source: impl Read) -> Result<CyrusIndex, IndexError> {
        let mut head = [0; HEAD_BYTES];
        if fill(&mut source, &mut head).map_err(IndexError::Read)? < HEAD_BYTES {
            return Err(IndexError::NoHeader);
        }
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
        let mut index = CyrusIndex { version, records: Vec::new(), damage: None };
        let mut rest = vec![0; start as usize - HEAD_BYTES];
        let whole = fill(&mut source, &mut rest).is_ok_and(|read| read == rest.len());
        let source = if whole { Some(source) } else { None };
        index.damage = index.fill(source, length as usize, promised);
        Ok(index)
    }

    fn fill(&mut self, mut source: Option<impl Read>, length: usize, promised: u32) -> Option<CyrusIndexDamage> {
        let mut bytes = vec![0; length];
        let mut last = 0;
        for found in 0..promised {
            let read = source.as_mut().and_then(|source| fill(source, &mut bytes).ok());
            let whole = read.is_some_and(|read| read == length);
            let Some(record) = IndexRecord::parse(&bytes, self.version).filter(|_| whole) else {
                return Some(CyrusIndexDamage::Cut { promised, found });
            };
            // A hole in the file reads as zeros.
            if record.uid <= last {
                return Some(CyrusIndexDamage::Disorder { record: found.saturating_add(1) });
            }
            last = record.uid;
            self.records.push(record);
        }
        None
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

fn fill(source: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match source.read(rest) {
            Ok(0) => break,
            Ok(read) => filled = filled.saturating_add(read),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
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
