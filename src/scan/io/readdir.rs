//! The entries of a directory, as its listing shows them (`getdents64`).

use std::ffi::{CStr, OsStr};
use std::io;
use std::os::fd::BorrowedFd;
use std::os::unix::ffi::OsStrExt;

use rustix::fs::{FileType, RawDir};

use crate::scan::io::root::Root;

/// Large enough that a folder of some thousand messages is listed in a few calls (`getdents64`).
const LIST_BUFFER: usize = 64 << 10;

/// So many names are in memory at a time.
const NAMES: usize = 512;

/// The names in a directory, some at a time, in room that is used again.
#[derive(Debug, Default)]
pub(crate) struct Names {
    buffer: Vec<u8>,
    /// The names, each with a zero behind.
    bytes: Vec<u8>,
    entries: Vec<Name>,
}

/// Where a name stands, and what the listing says of the entry.
#[derive(Clone, Copy, Debug)]
struct Name {
    start: usize,
    end: usize,
    kind: FileType,
    inode: u64,
}

/// An entry as a listing shows it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Listed<'a> {
    /// Its name.
    pub name: &'a [u8],
    /// The same with a zero behind.
    terminated: &'a [u8],
    /// What it is; not every file system tells.
    pub kind: FileType,
    /// Its inode's number.
    pub inode: u64,
}

impl Names {
    /// Lists an open directory: `look` is called with some of the names at a time, at least once, and told whether these
    /// are all.
    ///
    /// # Errors
    /// If the directory cannot be read to its end, and whatever `look` returns.
    pub(crate) fn list(
        &mut self,
        root: &Root,
        directory: BorrowedFd,
        mut look: impl FnMut(&Names, bool) -> io::Result<()>,
    ) -> io::Result<()> {
        let mut buffer = std::mem::take(&mut self.buffer);
        buffer.clear();
        buffer.reserve_exact(LIST_BUFFER);
        let mut entries = RawDir::new(directory, buffer.spare_capacity_mut());
        let mut is_first = true;
        let outcome = loop {
            self.bytes.clear();
            self.entries.clear();
            let filled = self.fill(root, &mut entries);
            let is_last = !matches!(filled, Ok(false));
            // What was listed before an error came is there.
            let looked = look(self, is_first && matches!(filled, Ok(true)));
            if is_last || looked.is_err() {
                break filled.map(drop).and(looked);
            }
            is_first = false;
        };
        self.buffer = buffer;
        outcome
    }

    /// Takes in the next names; whether there are no more.
    fn fill(&mut self, root: &Root, entries: &mut RawDir<BorrowedFd>) -> io::Result<bool> {
        while self.entries.len() < NAMES {
            if entries.is_buffer_empty() {
                root.pace.take(1);
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
            self.entries.push(Name { start, end: self.bytes.len(), kind, inode });
        }
        Ok(false)
    }

    /// The entries, in the order of the listing.
    pub(crate) fn iter(&self) -> impl Iterator<Item = Listed<'_>> {
        self.entries.iter().map(|entry| Listed {
            name: &self.bytes[entry.start..entry.end - 1],
            terminated: &self.bytes[entry.start..entry.end],
            kind: entry.kind,
            inode: entry.inode,
        })
    }
}

impl<'a> Listed<'a> {
    /// The name as a path has it.
    pub(crate) fn os_name(&self) -> &'a OsStr {
        OsStr::from_bytes(self.name)
    }

    /// The name as the kernel takes it.
    pub(crate) fn c_name(&self) -> &'a CStr {
        CStr::from_bytes_with_nul(self.terminated).unwrap_or_default()
    }
}

/// A name as a path has it.
pub(crate) fn os_name(name: &CStr) -> &OsStr {
    OsStr::from_bytes(name.to_bytes())
}
