//! Sizes beyond any disk: false sizes in file names, and sparse files.

use std::fs::{self, File};
use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

use crate::support::machine::Machine;
use crate::support::maildir::Store;

/// Lengths of a hole: what most memory file systems take, and what ext4 takes.
const HOLES: [u64; 2] = [7 << 60, 8 << 40];

/// A directory on a file system that takes the largest files.
fn roomy() -> TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).expect("a temporary directory can be made")
}

/// Makes the longest sparse file that the file system allows; returns its length.
fn hole(path: &Path) -> u64 {
    let file = File::create_new(path).expect("the name is new");
    let length = HOLES.into_iter().find(|&length| file.set_len(length).is_ok());
    length.expect("every file system takes some terabytes")
}

fn number(part: &Value, field: &str) -> u64 {
    part[field].as_u64().unwrap_or_else(|| panic!("{field} is not a number in {part}"))
}

#[test]
fn an_impossible_size_in_a_name_is_ignored() {
    let machine = Machine::new();
    let store = machine.store("vmail");
    for (number, size) in [1_000, 2_000].into_iter().enumerate() {
        let message = store.deliver("ann", "INBOX", size, "2026-01-05");
        let lie = format!("1767614400.M{number}P1.mx1,S=18446744073709551615,W=18446744073709551615:2,S");
        fs::rename(&message, message.with_file_name(lie)).expect("it can be renamed");
    }
    let scan = machine.run("scan vmail --format json").succeeds().keeps_silent().json();
    let store = &scan["stores"][0];
    assert_eq!((number(store, "message_bytes"), number(store, "logical_bytes")), (3_000, 3_000));
    machine.run("history show").succeeds().keeps_silent();
}

#[test]
fn sums_saturate() {
    let machine = Machine::new();
    let place = roomy();
    let store = Store::new(place.path().join("vmail"));
    let (mut messages, mut others) = (0_u64, 0_u64);
    for number in 0..3 {
        let message = store.deliver("ann", "INBOX", 1, "2026-01-05");
        messages = messages.saturating_add(hole(&message.with_file_name(format!("1767614400.H{number}P1.mx1:2,ST"))));
        fs::remove_file(message).expect("it was just made");
        others = others.saturating_add(hole(&store.root.join(format!("outside{number}"))));
    }
    let scan = machine.runway("scan --format json").arg(&store.root).run().succeeds().keeps_silent().json();
    let actual = &scan["stores"][0];
    for figure in ["message_bytes", "logical_bytes", "reclaimable_bytes"] {
        assert_eq!(number(actual, figure), messages, "{figure}");
        assert_eq!(number(&actual["mailbox"][0], figure), messages, "{figure} of the mailbox");
    }
    assert_eq!(number(actual, "other_bytes"), others);
    for command in ["history list", "history show", "forecast", "report"] {
        machine.run(command).succeeds().keeps_silent();
    }
}
