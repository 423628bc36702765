//! A store whose messages can grow in place without a change of directory times, which reveals whether a scan used the
//! cache.

use std::cell::Cell;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::support::machine::Machine;
use crate::support::maildir::Store;
use crate::support::rescan::{later, settle};
use crate::support::scan_result::number;

/// The growth of a message each time, in bytes.
pub const GROWTH: u64 = 5_000;

/// A private machine with a store of mailboxes with two folders each.
pub struct CacheProbe {
    pub machine: Machine,
    pub store: Store,
    messages: Vec<PathBuf>,
    /// The number of growths.
    grown: Cell<usize>,
}

impl CacheProbe {
    /// A store of mailboxes with 10 messages each, and the interval of audits.
    pub fn new(mailboxes: usize, audit_every: u32) -> CacheProbe {
        let machine = Machine::new();
        machine.settings(&format!("[scan]\naudit_every = {audit_every}\n"));
        let store = machine.store("vmail");
        let mut messages = Vec::new();
        for user in 0..mailboxes {
            for message in 0..10 {
                let folder = if message % 2 == 0 { "INBOX" } else { "Sent" };
                let mailbox = format!("example.org/user{user}");
                messages.push(store.deliver(mailbox, folder, 1_000 + 100 * message, "2026-01-05"));
            }
        }
        CacheProbe { machine, store, messages, grown: Cell::new(0) }
    }

    /// The same, cached by a first scan.
    pub fn cached(mailboxes: usize, audit_every: u32) -> CacheProbe {
        let probe = CacheProbe::new(mailboxes, audit_every);
        settle();
        probe.later();
        probe
    }

    /// Scans with the cache.
    #[track_caller]
    pub fn later(&self) -> Value {
        later(&self.machine, "vmail")
    }

    /// The directory of its history.
    pub fn history(&self) -> PathBuf {
        self.machine.path("history")
    }

    /// All messages, INBOX and Sent in turn.
    pub fn messages(&self) -> &[PathBuf] {
        &self.messages
    }

    /// Lets a message grow, a different one each time, since recent changes are not cached.
    pub fn grow(&self) {
        let number = self.grown.replace(self.grown.get() + 1);
        grow(&self.messages[number % self.messages.len()]);
    }

    /// The current bytes of all messages.
    pub fn bytes(&self) -> u64 {
        self.messages.iter().map(|message| fs::metadata(message).expect("the message is there").len()).sum()
    }

    /// Checks that the next scan uses the cache: a message that grew has its old size.
    #[track_caller]
    pub fn assert_cached(&self) {
        let before = message_bytes(&self.later());
        self.grow();
        assert!(before < self.bytes(), "a message grew");
        assert_eq!(message_bytes(&self.later()), before, "the next scan uses the cached sizes of messages");
    }
}

/// Lets a message grow in place.
pub fn grow(message: &Path) {
    let mut file = File::options().append(true).open(message).expect("the message is there");
    file.write_all(&vec![b'y'; GROWTH as usize]).expect("it can grow");
}

/// The bytes of the messages of the store.
#[track_caller]
pub fn message_bytes(actual: &Value) -> u64 {
    number(&actual["stores"][0], "message_bytes")
}
