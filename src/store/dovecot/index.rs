//! An index (`dovecot.index`, `dovecot.map.index`): messages by uid, with flags and extension records.
//!
//! The index file (see [`super::index_reader`]) is a snapshot, the logs beside it (see [`super::replay`]) have later
//! changes; the file may be missing.

use super::byte_order::ByteOrder;

/// The only major version of an index file that is known.
pub(crate) const MAJOR: u8 = 7;
/// Bytes kept of the base header: all known fields.
pub(crate) const HEADER: usize = 120;
/// Bytes kept of an extension's record; the largest in use here has 12.
pub(crate) const CELL: usize = 16;
/// Bytes kept of an extension's header; the largest in use here has 24.
pub(crate) const KEPT_HEADER: usize = 32;
/// Above any real index; lookups are linear.
pub(crate) const MOST_EXTENSIONS: usize = 256;
const MOST_DAMAGES: usize = 8;
/// The flag of a deleted message; 1 is answered, 2 flagged, 8 seen, 16 draft.
pub(crate) const FLAG_DELETED: u8 = 0x04;

/// An index after its last whole transaction.
#[derive(Clone, Debug, Default)]
pub(crate) struct MailIndex {
    pub(crate) order: ByteOrder,
    pub(crate) header: Vec<u8>,
    pub(crate) uids: Vec<u32>,
    pub(crate) flags: Vec<u8>,
    pub(crate) is_live: Vec<bool>,
    pub(crate) extensions: Vec<IndexExtension>,
    pub(crate) is_deleted: bool,
    /// Where the newest log ends in a partial record: it is being written, or truncated.
    pub(crate) cut: Option<usize>,
    /// Empty if the index matches the server's view.
    pub(crate) damages: Vec<IndexDamage>,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct IndexExtension {
    pub name: Vec<u8>,
    pub reset: u32,
    pub header_size: u32,
    pub record_size: u16,
    /// Only for wanted extensions.
    pub kept: Option<ExtensionContent>,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct ExtensionContent {
    pub header: Vec<u8>,
    pub cells: Vec<[u8; CELL]>,
}

/// Why an index may differ from the server's view.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum IndexDamage {
    #[error("there is no index and no log")]
    Missing,
    #[error("the index has version {0}, and only {MAJOR} is known")]
    Version(u8),
    #[error("the log has version {0}, and only 1 is known")]
    LogVersion(u8),
    /// Truncated, or impossible values in the header.
    #[error("the index is cut or broken")]
    Broken,
    /// Truncated, or impossible values in the log's header.
    #[error("the log is cut or broken")]
    LogBroken,
    /// The server marked the index or the log as corrupted.
    #[error("the index is marked as corrupted")]
    GivenUp,
    #[error("the log after log {0} is missing")]
    LostLog(u32),
    /// An invalid record at this offset of a log.
    #[error("the log is broken at byte {0}")]
    Record(usize),
    /// A truncated record at this offset of a log that nobody is writing.
    #[error("the log is cut in the record at byte {0}")]
    Cut(usize),
}

impl IndexDamage {
    /// Whether the log is damaged rather than the index file.
    pub(crate) fn is_of_log(&self) -> bool {
        use IndexDamage::{Cut, LogBroken, LogVersion, LostLog, Record};
        matches!(self, LogVersion(_) | LogBroken | LostLog(_) | Record(_) | Cut(_))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct IndexedMessage {
    /// The uid in a folder, or the number in a map.
    pub uid: u32,
    pub flags: u8,
    row: usize,
}

/// The records of an extension.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ExtensionColumn<'a> {
    order: ByteOrder,
    size: usize,
    cells: &'a [[u8; CELL]],
}

impl ExtensionColumn<'_> {
    /// 0 if there is none.
    pub(crate) fn u32(&self, row: IndexedMessage, at: usize) -> u32 {
        self.order.u32(self.bytes(row), at).unwrap_or_default()
    }

    /// 0 if there is none.
    pub(crate) fn u16(&self, row: IndexedMessage, at: usize) -> u16 {
        self.order.u16(self.bytes(row), at).unwrap_or_default()
    }

    pub(crate) fn bytes(&self, row: IndexedMessage) -> &[u8] {
        self.cells.get(row.row).and_then(|cell| cell.get(..self.size)).unwrap_or_default()
    }
}

impl MailIndex {
    /// Live messages in uid order.
    pub(crate) fn rows(&self) -> impl Iterator<Item = IndexedMessage> {
        let rows = self.uids.iter().zip(&self.flags).zip(&self.is_live).enumerate();
        rows.filter(|(_, (_, is_live))| **is_live).map(|(row, ((&uid, &flags), _))| IndexedMessage { uid, flags, row })
    }

    fn extension(&self, name: &str) -> Option<(&IndexExtension, &ExtensionContent)> {
        let extension = self.extensions.iter().find(|extension| extension.name == name.as_bytes())?;
        Some((extension, extension.kept.as_ref()?))
    }

    pub(crate) fn column(&self, name: &str) -> Option<ExtensionColumn<'_>> {
        let (extension, kept) = self.extension(name)?;
        let size = usize::from(extension.record_size).min(CELL);
        Some(ExtensionColumn { order: self.order, size, cells: &kept.cells })
    }

    /// A number in the first 32 bytes of an extension's header.
    pub(crate) fn extension_u32(&self, name: &str, at: usize) -> Option<u32> {
        self.order.u32(&self.extension(name)?.1.header, at)
    }

    /// Changes when uids start anew.
    pub(crate) fn uid_validity(&self) -> u32 {
        self.order.u32(&self.header, 24).unwrap_or_default()
    }

    pub(crate) fn next_uid(&self) -> u32 {
        self.order.u32(&self.header, 28).unwrap_or(1)
    }

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

#[derive(Clone, Copy, Debug)]
pub(crate) struct LogPosition {
    pub index: u32,
    pub sequence: u32,
    pub offset: usize,
}
