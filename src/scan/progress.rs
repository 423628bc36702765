//! Counters of a running scan, for a progress bar.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// The counters, which all threads of the scan raise.
#[derive(Debug, Default)]
pub struct Progress {
    files: AtomicU64,
    messages: AtomicU64,
    bytes: AtomicU64,
    mailboxes: AtomicU64,
    mailboxes_found: AtomicU64,
}

/// The counters at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Files seen.
    pub files: u64,
    /// Messages among them.
    pub messages: u64,
    /// `st_size` of all files seen.
    pub bytes: u64,
    /// Mailboxes measured.
    pub mailboxes: u64,
    /// Mailboxes found, in all stores so far.
    pub mailboxes_found: u64,
}

impl Progress {
    pub(crate) fn found(&self, mailboxes: usize) {
        self.mailboxes_found.fetch_add(mailboxes as u64, Relaxed);
    }

    pub(crate) fn read(&self, files: u64, messages: u64, bytes: u64) {
        self.files.fetch_add(files, Relaxed);
        self.messages.fetch_add(messages, Relaxed);
        self.bytes.fetch_add(bytes, Relaxed);
    }

    pub(crate) fn measured(&self) {
        self.mailboxes.fetch_add(1, Relaxed);
    }

    /// The current counts.
    pub fn counts(&self) -> Counts {
        Counts {
            files: self.files.load(Relaxed),
            messages: self.messages.load(Relaxed),
            bytes: self.bytes.load(Relaxed),
            mailboxes: self.mailboxes.load(Relaxed),
            mailboxes_found: self.mailboxes_found.load(Relaxed),
        }
    }
}
