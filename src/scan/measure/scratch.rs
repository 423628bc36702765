//! Buffers that each thread uses for one unit after the other.

use std::cell::RefCell;

use crate::scan::cache::CachedFile;
use crate::scan::io::{EntryBatch, InodeSet};
use crate::store::reader::FileStat;

thread_local! {
    static BUFFERS: RefCell<ScratchBuffers> = RefCell::default();
}

#[derive(Debug, Default)]
pub(super) struct ScratchBuffers {
    pub listing: ListingBuffers,
    /// Inodes of messages counted so far, each with a single name. A message renamed during the listing shows under both
    /// names, and one moved during the scan in both folders, but it is one message.
    pub inodes: InodeSet,
}

#[derive(Debug, Default)]
pub(super) struct ListingBuffers {
    pub batch: EntryBatch,
    pub known: Vec<KnownStat>,
    /// The files of a directory of messages, for the cache.
    pub files: Vec<CachedFile>,
}

/// What is known of an entry before the reader sees it.
#[derive(Clone, Copy, Debug)]
pub(super) enum KnownStat {
    /// The reader need not see the entry.
    Nothing,
    FromDisk(FileStat),
    FromCache(CachedFile),
}

impl ScratchBuffers {
    /// Clearing a larger set takes longer than allocating a new one.
    const MOST_INODES: usize = 16_384;

    /// Takes this thread's buffers.
    pub(super) fn take() -> ScratchBuffers {
        BUFFERS.take()
    }

    pub(super) fn give_back(mut self) {
        if self.inodes.capacity() > Self::MOST_INODES {
            self.inodes = InodeSet::default();
        }
        self.inodes.clear();
        BUFFERS.set(self);
    }
}

impl ListingBuffers {
    /// Few folders have more files; each thread would keep the memory.
    const MOST_FILES: usize = 2_048;

    pub(super) fn clear_files(&mut self) {
        self.files.clear();
        self.files.shrink_to(Self::MOST_FILES);
    }
}
