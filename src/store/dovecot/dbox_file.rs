//! A dbox file (`u.N`, `m.N`): a header line, then messages, each with its facts behind it.
//!
//! ```text
//! 2 M1e C6b04b752\n            version, M: size of a message's header, C: time of creation, in hexadecimal
//! 01 02 "N " 8 blanks " " ssssssssssssssss "\n"     a message's header; its 16 digits are the size of the body as stored
//! <body>
//! "\n" 01 03 "\n"              then a line for each fact, which starts with the fact's letter, and an empty line
//! ```
//! Letters: `Z` size before compression and with all attachments, `R` arrival, `V` size with CRLF line ends, `G` identity,
//! `B` the folder it was first saved to, `X` attachments that are kept elsewhere. Unknown ones mean nothing here.
//! Sources: the comments of `dbox-file.h` in <https://github.com/dovecot/core>, and files written by Dovecot 2.3.

use std::fmt;
use std::io;

use super::super::digits::hexadecimal;
use super::read_buffer::{ReadAt, ReadBuffer, WINDOW};

const LONGEST_LINE: usize = 1024;
/// Limit of a message's metadata.
const MOST_FACTS: usize = 1 << 20;
const SIZE: std::ops::Range<usize> = 13..29;
const LEAST_HEADER: usize = 30;

const BEFORE_BODY: &[u8] = b"\x01\x02";
const BEHIND_BODY: &[u8] = b"\n\x01\x03\n";

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct DboxMessage {
    pub offset: u64,
    /// Bytes of header, body and metadata.
    pub length: u64,
    /// Uncompressed size with all attachments, line ends as stored.
    pub physical: u64,
    /// Uncompressed size with CRLF line ends.
    pub virtual_size: Option<u64>,
    /// Arrival in unix seconds.
    pub received: Option<i64>,
    /// The folder of first saving; the message may have been copied or moved since.
    pub mailbox: Option<Vec<u8>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct DboxDamage {
    pub offset: u64,
    pub kind: DboxDamageKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DboxDamageKind {
    Header,
    Version(u8),
    /// No message header, or no metadata after a body.
    Magic,
    Truncated,
    EndlessMetadata,
    Unreadable(io::ErrorKind),
}

impl fmt::Display for DboxDamage {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            DboxDamageKind::Header => write!(to, "the file does not begin with a dbox header"),
            DboxDamageKind::Version(version) => {
                write!(to, "its version is {:?}, and only 1 and 2 are known", char::from(version))
            }
            DboxDamageKind::Magic => write!(to, "there is no message at byte {}", self.offset),
            DboxDamageKind::Truncated => write!(to, "it ends within the message at byte {}", self.offset),
            DboxDamageKind::EndlessMetadata => {
                write!(to, "the metadata of the message at byte {} does not end", self.offset)
            }
            DboxDamageKind::Unreadable(kind) => write!(to, "it cannot be read at byte {}: {kind}", self.offset),
        }
    }
}

/// Iterates over messages and stops at the first damage.
pub(crate) struct DboxMessages<R> {
    file: ReadBuffer<R>,
    next: u64,
    /// Size of a message header; `None` before the header line is read.
    header: Option<usize>,
    is_done: bool,
}

impl<R: ReadAt> DboxMessages<R> {
    /// Ignores what is appended beyond `size`.
    pub(crate) fn new(file: R, size: u64) -> DboxMessages<R> {
        DboxMessages { file: ReadBuffer::new(file, size), next: 0, header: None, is_done: false }
    }

    /// Size of a message header; proves that the file is dbox.
    ///
    /// # Errors
    ///
    /// Fails if it is not.
    pub(crate) fn header(&mut self) -> Result<usize, DboxDamage> {
        match self.header {
            Some(size) => Ok(size),
            None => self.header_line(),
        }
    }

    fn step(&mut self) -> Result<Option<DboxMessage>, DboxDamage> {
        let header_size = self.header()?;
        let offset = self.next;
        let damage = |kind| DboxDamage { offset, kind };
        if offset >= self.file.size {
            return Ok(None);
        }
        let header = self.bytes(offset, header_size)?;
        if header.iter().all(|&byte| byte == 0) {
            // Preallocated space, or a message whose header is not written yet.
            return Ok(None);
        }
        if !header.starts_with(BEFORE_BODY) {
            return Err(damage(DboxDamageKind::Magic));
        }
        if header.len() < header_size {
            return Err(damage(DboxDamageKind::Truncated));
        }
        let stored = header.get(SIZE).and_then(hexadecimal).filter(|_| header.last() == Some(&b'\n'));
        let stored = stored.ok_or(damage(DboxDamageKind::Magic))?;
        let behind = offset.checked_add(header_size as u64).and_then(|body| body.checked_add(stored));
        let behind = behind.filter(|&end| end < self.file.size).ok_or(damage(DboxDamageKind::Truncated))?;
        let mut record = DboxMessage { offset, physical: stored, ..DboxMessage::default() };
        let end = self.facts(&mut record, behind)?;
        record.length = end - offset;
        self.next = end;
        Ok(Some(record))
    }

    /// Returns the size of message headers.
    fn header_line(&mut self) -> Result<usize, DboxDamage> {
        let damage = |kind| DboxDamage { offset: 0, kind };
        let line = self.bytes(0, LONGEST_LINE)?;
        let end = line.iter().position(|&byte| byte == b'\n').ok_or(damage(DboxDamageKind::Header))?;
        let size = match &line[..end] {
            [b'1' | b'2', b' ', fields @ ..] => fields
                .split(|&byte| byte == b' ')
                .find_map(|field| field.strip_prefix(b"M"))
                .and_then(hexadecimal)
                .and_then(|size| usize::try_from(size).ok())
                .filter(|size| (LEAST_HEADER..=WINDOW).contains(size)),
            [version @ b'0'..=b'9', b' ', ..] => return Err(damage(DboxDamageKind::Version(*version))),
            _ => None,
        };
        let size = size.ok_or(damage(DboxDamageKind::Header))?;
        self.header = Some(size);
        self.next = end as u64 + 1;
        Ok(size)
    }

    /// Reads the metadata after a body, and returns its end.
    fn facts(&mut self, record: &mut DboxMessage, start: u64) -> Result<u64, DboxDamage> {
        let offset = record.offset;
        let mut length = WINDOW;
        loop {
            let bytes = self.bytes(start, length)?;
            if !bytes.starts_with(BEHIND_BODY) {
                let is_cut = BEHIND_BODY.starts_with(bytes);
                let kind = if is_cut { DboxDamageKind::Truncated } else { DboxDamageKind::Magic };
                return Err(DboxDamage { offset: if is_cut { offset } else { start }, kind });
            }
            if let Some(end) = end_of_facts(bytes) {
                bytes[BEHIND_BODY.len()..end].split(|&byte| byte == b'\n').for_each(|line| record.take(line));
                return Ok(start + end as u64);
            }
            if bytes.len() < length {
                return Err(DboxDamage { offset, kind: DboxDamageKind::Truncated });
            }
            if length >= MOST_FACTS {
                return Err(DboxDamage { offset, kind: DboxDamageKind::EndlessMetadata });
            }
            length *= 2;
        }
    }

    /// Fewer at the end of the file.
    fn bytes(&mut self, offset: u64, length: usize) -> Result<&[u8], DboxDamage> {
        self.file
            .bytes(offset, length)
            .map_err(|error| DboxDamage { offset, kind: DboxDamageKind::Unreadable(error.kind()) })
    }
}

impl<R: ReadAt> Iterator for DboxMessages<R> {
    type Item = Result<DboxMessage, DboxDamage>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_done {
            return None;
        }
        let step = self.step();
        self.is_done = !matches!(step, Ok(Some(_)));
        step.transpose()
    }
}

impl DboxMessage {
    fn take(&mut self, line: &[u8]) {
        let Some((letter, value)) = line.split_first() else { return };
        let size = || hexadecimal(value).filter(|&size| size <= i64::MAX as u64);
        match letter {
            b'Z' => self.physical = size().unwrap_or(self.physical),
            b'V' => self.virtual_size = size(),
            b'R' => self.received = size().map(u64::cast_signed),
            b'B' => self.mailbox = Some(value.to_vec()),
            _ => {}
        }
    }
}

/// The end of the empty line that closes the metadata. A line that starts with a blank counts: version 1 has padding
/// there.
fn end_of_facts(bytes: &[u8]) -> Option<usize> {
    let mut at = BEHIND_BODY.len();
    loop {
        let length = bytes.get(at..)?.iter().position(|&byte| byte == b'\n')?;
        let is_last = length == 0 || bytes.get(at) == Some(&b' ');
        at += length + 1;
        if is_last {
            return Some(at);
        }
    }
}

#[cfg(test)]
pub(crate) mod tests;
