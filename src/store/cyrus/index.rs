//! `cyrus.index`: a record for every message of a Cyrus mailbox, with size, times and whether it was expunged.
//!
//! All numbers are big-endian. The header tells the version, where records start, how long one is and how many there
//! are; records lie in the order of their UIDs. Versions before 20 keep times and sizes in 32 bits, which Cyrus reads
//! without a sign; version 20 keeps them in 64 and counts the arrival in nanoseconds. Sources:
//! <https://github.com/cyrusimap/cyrus-imapd> (`imap/mailbox.h`, `doc/internal/index-format-history.txt`), and stores
//! filled by Cyrus 3.6 (version 17).

use std::fmt;
use std::io::{self, Read};

/// What a header has that tells where the records are.
const HEAD_BYTES: usize = 24;

/// Headers and records are some hundred bytes long; what claims far more is no index.
const LONGEST: u32 = 4096;

/// More seconds than this are 30,000 years: such a number counts nanoseconds.
const MOST_SECONDS: i64 = 1_000_000_000_000;

/// An index as far as it could be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CyrusIndex {
    /// The version of the format.
    pub version: u32,
    /// The records in the order of their UIDs, expunged ones among them.
    pub records: Vec<IndexRecord>,
    /// Why there may have been more.
    pub damage: Option<CyrusIndexDamage>,
}

/// What the index knows of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct IndexRecord {
    /// The message's number, which is also the name of its file.
    pub uid: u32,
    /// IMAP's INTERNALDATE, in unix seconds.
    pub arrival: i64,
    /// The day in the message's own header, in unix seconds, if it has one.
    pub sent: Option<i64>,
    /// When it was saved in this mailbox, in unix seconds, if this version tells.
    pub saved: Option<i64>,
    /// When the record last changed, in unix seconds: for an expunged message mostly the time of that.
    pub updated: i64,
    /// The size of the message, which is also that of its file.
    pub size: u64,
    flags: u32,
}

impl IndexRecord {
    const DELETED: u32 = 1 << 2;
    const ARCHIVED: u32 = 1 << 29;
    const UNLINKED: u32 = 1 << 30;
    const EXPUNGED: u32 = 1 << 31;

    /// Whether the mail server shows the message.
    pub(crate) fn is_live(&self) -> bool {
        self.flags & (IndexRecord::EXPUNGED | IndexRecord::UNLINKED) == 0
    }

    /// Whether its file lies on the archive partition.
    pub(crate) fn is_archived(&self) -> bool {
        self.flags & IndexRecord::ARCHIVED != 0
    }

    /// Whether it has IMAP's flag `\Deleted`; it still is a message.
    pub(crate) fn is_deleted(&self) -> bool {
        self.flags & IndexRecord::DELETED != 0
    }

    /// Reads a record that is at least as long as this version needs.
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
                // Before version 15 these bytes counted lines.
                saved: time(52).filter(known).filter(|_| version >= 15),
            },
        })
    }
}

/// Why an index has fewer records than it should.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CyrusIndexDamage {
    /// The file ends, or cannot be read on, before the last record.
    Cut {
        /// How many records the header promises.
        promised: u32,
        /// How many there are.
        found: u32,
    },
    /// A record's UID is not above that of the record before; what follows is not trusted.
    Disorder {
        /// Which record, counted from 1.
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

/// Why an index was not read at all.
#[derive(Debug)]
pub(crate) enum IndexError {
    /// There is no whole header.
    NoHeader,
    /// A version that this program does not know.
    UnknownVersion(u32),
    /// The header tells sizes that cannot be.
    Sizes {
        /// Where records would start.
        start: u32,
        /// How long one would be.
        record: u32,
    },
    /// Reading failed.
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
    /// Reads an index from its first byte on.
    ///
    /// Only what the header promises is read, as long as there is any: a server that is just adding records writes the
    /// header last.
    ///
    /// # Errors
    /// If not even the header can be read or understood.
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

    /// Reads the records; with no source there are none.
    fn fill(&mut self, mut source: Option<impl Read>, length: usize, promised: u32) -> Option<CyrusIndexDamage> {
        let mut bytes = vec![0; length];
        let mut last = 0;
        for found in 0..promised {
            let read = source.as_mut().and_then(|source| fill(source, &mut bytes).ok());
            let whole = read.is_some_and(|read| read == length);
            let Some(record) = IndexRecord::parse(&bytes, self.version).filter(|_| whole) else {
                return Some(CyrusIndexDamage::Cut { promised, found });
            };
            // A hole in the file reads as zeros without end.
            if record.uid <= last {
                return Some(CyrusIndexDamage::Disorder { record: found.saturating_add(1) });
            }
            last = record.uid;
            self.records.push(record);
        }
        None
    }

    /// The record of a message, and its place among the records.
    pub(crate) fn find(&self, uid: u32) -> Option<(usize, &IndexRecord)> {
        let place = self.records.binary_search_by_key(&uid, |record| record.uid).ok()?;
        self.records.get(place).map(|record| (place, record))
    }

    /// The highest UID of all records; 0 if there are none.
    pub(crate) fn last_uid(&self) -> u32 {
        self.records.last().map_or(0, |record| record.uid)
    }
}

/// Reads until the buffer is full or the source ends.
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

/// A time of version 20 in seconds. The format counts arrivals in nanoseconds; of the other times its source does not
/// say it, and the number itself tells.
fn seconds(time: i64) -> i64 {
    if time.unsigned_abs() > MOST_SECONDS.unsigned_abs() { time.div_euclid(1_000_000_000) } else { time }
}

#[cfg(test)]
mod tests;
