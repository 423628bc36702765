//! Lists a directory in batches (`getdents64`).

use std::ffi::{CStr, OsStr};
use std::io;
use std::os::fd::BorrowedFd;
use std::os::unix::ffi::OsStrExt;

use rustix::fs::{FileType, RawDir};

use crate::scan::io::root::Root;

/// Bytes: large enough to list a folder of some thousand messages in a few calls.
const BUFFER_BYTES: usize = 64 << 10;

/// Entries in a batch.
const BATCH: usize = 512;

/// Some entries of a directory. The buffers are reused.
#[derive(Debug, Default)]
pub(crate) struct EntryBatch {
    buffer: Vec<u8>,
    /// The names, each with a trailing NUL.
    bytes: Vec<u8>,
    entries: Vec<EntryPosition>,
}

#[derive(Clone, Copy, Debug)]
struct EntryPosition {
    start: usize,
    end: usize,
    kind: FileType,
    inode: u64,
}

/// An entry as the listing has it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DirEntry<'a> {
    pub name: &'a [u8],
    /// With a trailing NUL.
    terminated: &'a [u8],
    /// Some file systems do not say.
    pub kind: FileType,
    pub inode: u64,
}

impl EntryBatch {
    /// Lists an open directory: calls `look` at least once, with each batch and whether it is the whole directory.
    ///
    /// # Errors
    /// If the directory cannot be read to its end; entries before the error are passed to `look`.
    pub(crate) fn list(
        &mut self,
        root: &Root,
        directory: BorrowedFd,
        mut look: impl FnMut(&EntryBatch, bool),
    ) -> io::Result<()> {
        let mut buffer = std::mem::take(&mut self.buffer);
        buffer.clear();
        buffer.reserve_exact(BUFFER_BYTES);
        let mut entries = RawDir::new(directory, buffer.spare_capacity_mut());
        let mut is_first = true;
        let outcome = loop {
            self.bytes.clear();
            self.entries.clear();
            let filled = self.fill(root, &mut entries);
            look(self, is_first && matches!(filled, Ok(true)));
            if !matches!(filled, Ok(false)) {
                break filled.map(drop);
            }
            is_first = false;
        };
        self.buffer = buffer;
        outcome
    }

    /// Fills the batch; whether it is the last one.
    fn fill(&mut self, root: &Root, entries: &mut RawDir<BorrowedFd>) -> io::Result<bool> {
        while self.entries.len() < BATCH {
            if entries.is_buffer_empty() {
                root.rate_limit.take(1);
            }
            let Some(entry) = entries.next() else { return Ok(true) };
            let entry = entry?;
            let name = entry.file_name().to_bytes_with_nul();
            if matches!(name, b".\0" | b"..\0") {
                continue;
            }
            let start = self.bytes.len();
            self.bytes.extend_from_slice(name);
            let (kind, inode) = (entry.file_type(), entry.ino());
            self.entries.push(EntryPosition { start, end: self.bytes.len(), kind, inode });
        }
        Ok(false)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = DirEntry<'_>> {
        self.entries.iter().map(|entry| DirEntry {
            name: &self.bytes[entry.start..entry.end - 1],
            terminated: &self.bytes[entry.start..entry.end],
            kind: entry.kind,
            inode: entry.inode,
        })
    }
}

impl<'a> DirEntry<'a> {
    pub(crate) fn os_name(&self) -> &'a OsStr {
        OsStr::from_bytes(self.name)
    }

    pub(crate) fn c_name(&self) -> &'a CStr {
        CStr::from_bytes_with_nul(self.terminated).unwrap_or_default()
    }
}
