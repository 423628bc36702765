//! An index (`dovecot.index`, `dovecot.map.index`): messages by number, with flags and what extensions keep of each.
//!
//! The file (see [`super::index_file`]) is a picture of some moment, what was done since stands in the logs beside it (see
//! [`super::replay`]), and there may be no file at all.

use std::fmt;

use super::byte_order::ByteOrder;

/// The only major version of an index file that is known.
pub(crate) const MAJOR: u8 = 7;
/// What is kept of the base header: all that is known of it.
pub(crate) const HEADER: usize = 120;
/// What is kept of an extension in each record; the largest that matters here takes 12.
pub(crate) const CELL: usize = 16;
/// What is kept of an extension's header; the largest that matters here takes 24.
pub(crate) const KEPT_HEADER: usize = 32;
/// No index has as many; a lookup goes through all of them.
pub(crate) const MOST_EXTENSIONS: usize = 256;
/// As many kinds of damage are told.
const MOST_DAMAGES: usize = 8;
/// The bit of a message's flags that marks it as deleted; 1 is answered, 2 flagged, 8 seen, 16 a draft.
pub(crate) const FLAG_DELETED: u8 = 0x04;

/// An index as of its last whole transaction.
#[derive(Clone, Debug, Default)]
pub(crate) struct MailIndex {
    pub(crate) order: ByteOrder,
    pub(crate) header: Vec<u8>,
    pub(crate) uids: Vec<u32>,
    pub(crate) flags: Vec<u8>,
    pub(crate) is_live: Vec<bool>,
    pub(crate) extensions: Vec<IndexExtension>,
    pub(crate) is_deleted: bool,
    pub(crate) cut: Option<usize>,
    pub(crate) damages: Vec<IndexDamage>,
}

/// What an extension keeps.
#[derive(Clone, Debug, Default)]
pub(crate) struct IndexExtension {
    pub name: Vec<u8>,
    pub reset: u32,
    pub header_size: u32,
    pub record_size: u16,
    /// The content, for an extension that is wanted.
    pub kept: Option<ExtensionContent>,
}

/// The content of an extension.
#[derive(Clone, Debug, Default)]
pub(crate) struct ExtensionContent {
    pub header: Vec<u8>,
    pub cells: Vec<[u8; CELL]>,
}

/// Why an index may not be what the server sees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum IndexDamage {
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

impl IndexDamage {
    /// Whether it is the log that is damaged, and not the index file.
    pub(crate) fn is_of_log(&self) -> bool {
        match self {
            IndexDamage::LogVersion(_)
            | IndexDamage::LogBroken
            | IndexDamage::LostLog(_)
            | IndexDamage::Record(_)
            | IndexDamage::Cut(_) => true,
            IndexDamage::Missing | IndexDamage::Version(_) | IndexDamage::Broken | IndexDamage::GivenUp => false,
        }
    }
}

impl fmt::Display for IndexDamage {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            IndexDamage::Missing => write!(to, "there is no index and no log"),
            IndexDamage::Version(version) => write!(to, "the index has version {version}, and only {MAJOR} is known"),
            IndexDamage::LogVersion(version) => write!(to, "the log has version {version}, and only 1 is known"),
            IndexDamage::Broken => write!(to, "the index is cut or broken"),
            IndexDamage::LogBroken => write!(to, "the log is cut or broken"),
            IndexDamage::GivenUp => write!(to, "the index is marked as corrupted"),
            IndexDamage::LostLog(sequence) => write!(to, "the log that comes after log {sequence} is lost"),
            IndexDamage::Record(offset) => write!(to, "the log is broken at byte {offset}"),
            IndexDamage::Cut(offset) => write!(to, "the log is cut in the record at byte {offset}"),
        }
    }
}

/// A message in an index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct IndexedMessage {
    /// Its number in the folder, or in the map.
    pub uid: u32,
    /// Its flags.
    pub flags: u8,
    row: usize,
}

/// An extension of an index, to ask for the bytes of one message after the other.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ExtensionColumn<'a> {
    order: ByteOrder,
    size: usize,
    cells: &'a [[u8; CELL]],
}

impl ExtensionColumn<'_> {
    /// The number of four bytes at a position of a message's content; 0 if there is none.
    pub(crate) fn u32(&self, row: IndexedMessage, at: usize) -> u32 {
        self.order.u32(self.bytes(row), at).unwrap_or_default()
    }

    /// The number of two bytes at a position of a message's content; 0 if there is none.
    pub(crate) fn u16(&self, row: IndexedMessage, at: usize) -> u16 {
        self.order.u16(self.bytes(row), at).unwrap_or_default()
    }

    /// What is kept of a message.
    pub(crate) fn bytes(&self, row: IndexedMessage) -> &[u8] {
        self.cells.get(row.row).and_then(|cell| cell.get(..self.size)).unwrap_or_default()
    }
}

impl MailIndex {
    /// The messages, by number.
    pub(crate) fn rows(&self) -> impl Iterator<Item = IndexedMessage> {
        let rows = self.uids.iter().zip(&self.flags).zip(&self.is_live).enumerate();
        rows.filter(|(_, (_, is_live))| **is_live).map(|(row, ((&uid, &flags), _))| IndexedMessage { uid, flags, row })
    }

    /// An extension that was wanted, if the index has it.
    pub(crate) fn column(&self, name: &str) -> Option<ExtensionColumn<'_>> {
        let extension = self.extensions.iter().find(|extension| extension.name == name.as_bytes())?;
        let size = usize::from(extension.record_size).min(CELL);
        Some(ExtensionColumn { order: self.order, size, cells: &extension.kept.as_ref()?.cells })
    }

    /// The header of an extension that was wanted, if the index has it; at most 32 bytes of it.
    pub(crate) fn extension_header(&self, name: &str) -> Option<&[u8]> {
        let extension = self.extensions.iter().find(|extension| extension.name == name.as_bytes())?;
        extension.kept.as_ref().map(|kept| kept.header.as_slice())
    }

    /// The number of four bytes in the header of an extension that was wanted.
    pub(crate) fn extension_u32(&self, name: &str, at: usize) -> Option<u32> {
        self.order.u32(self.extension_header(name)?, at)
    }

    /// Changes when the numbers of messages start anew.
    pub(crate) fn uid_validity(&self) -> u32 {
        self.order.u32(&self.header, 24).unwrap_or_default()
    }

    /// The least number that no message ever had.
    pub(crate) fn next_uid(&self) -> u32 {
        self.order.u32(&self.header, 28).unwrap_or(1)
    }

    /// Whether the folder was deleted.
    pub(crate) fn is_deleted(&self) -> bool {
        self.is_deleted
    }

    /// What is wrong; nothing, if the index is what the server sees.
    pub(crate) fn damages(&self) -> &[IndexDamage] {
        &self.damages
    }

    /// Where the newest log ends in a record that is not whole: its writer is at work, or it was cut.
    pub(crate) fn cut(&self) -> Option<usize> {
        self.cut
    }

    /// Notes what is wrong.
    pub(crate) fn damage(&mut self, damage: IndexDamage) {
        if self.damages.len() < MOST_DAMAGES && !self.damages.contains(&damage) {
            self.damages.push(damage);
        }
    }

    pub(crate) fn set_next_uid(&mut self, uid: u32) {
        if let Some(bytes) = self.header.get_mut(28..32) {
            self.order.fill(bytes, u64::from(uid));
        }
    }
}

/// A place in the logs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LogPosition {
    pub index: u32,
    pub sequence: u32,
    pub offset: usize,
}
