//! A store in which one message grows in place, which no directory's time shows: it reveals whether a scan used the
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

/// How much a message grows each time.
pub const GROWTH: u64 = 5_000;

/// A store of some mailboxes with two folders each, on a machine of its own.
pub struct Standing {
    pub machine: Machine,
    pub store: Store,
    messages: Vec<PathBuf>,
    /// How many times one grew.
    grown: Cell<usize>,
}

impl Standing {
    /// A store of so many mailboxes, with 10 messages each; the settings say how often scans audit.
    pub fn new(mailboxes: usize, audit_every: u32) -> Standing {
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
        Standing { machine, store, messages, grown: Cell::new(0) }
    }

    /// The same, remembered by a first scan.
    pub fn remembered(mailboxes: usize, audit_every: u32) -> Standing {
        let standing = Standing::new(mailboxes, audit_every);
        settle();
        standing.later();
        standing
    }

    /// Scans it, as every night.
    #[track_caller]
    pub fn later(&self) -> Value {
        later(&self.machine, "vmail")
    }

    /// Where its history is.
    pub fn history(&self) -> PathBuf {
        self.machine.path("history")
    }

    /// All messages, INBOX and Sent in turn.
    pub fn messages(&self) -> &[PathBuf] {
        &self.messages
    }

    /// Lets a message grow, another one each time: what was changed a moment ago is not remembered.
    pub fn grow(&self) {
        let number = self.grown.replace(self.grown.get() + 1);
        grow(&self.messages[number % self.messages.len()]);
    }

    /// What the messages take by now.
    pub fn bytes(&self) -> u64 {
        self.messages.iter().map(|message| fs::metadata(message).expect("it stands there").len()).sum()
    }

    /// Demands that the next scan remembers what the last one told: a message that grew has its old size.
    #[track_caller]
    pub fn assert_remembered(&self) {
        let before = message_bytes(&self.later());
        self.grow();
        assert!(before < self.bytes(), "a message grew");
        assert_eq!(message_bytes(&self.later()), before, "the next scan remembers the sizes of messages");
    }
}

/// Lets a message grow where it lies.
pub fn grow(message: &Path) {
    let mut file = File::options().append(true).open(message).expect("the message is there");
    file.write_all(&vec![b'y'; GROWTH as usize]).expect("it can grow");
}

/// What the messages of the one store take.
#[track_caller]
pub fn message_bytes(told: &Value) -> u64 {
    number(&told["stores"][0], "message_bytes")
}
