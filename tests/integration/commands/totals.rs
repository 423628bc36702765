//! The totals of a scan equal those of a walk of the disk.

use std::fs::{self, File};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use serde_json::Value;
use walkdir::WalkDir;

use crate::support::machine::Machine;

const FIGURES: [&str; 10] = [
    "messages",
    "message_bytes",
    "logical_bytes",
    "virtual_bytes",
    "allocated_bytes",
    "other_bytes",
    "reclaimable_bytes",
    "files",
    "directories",
    "inodes",
];

fn number(part: &Value, field: &str) -> u64 {
    part[field].as_u64().unwrap_or_else(|| panic!("{field} is not a number in {part}"))
}

fn list<'a>(part: &'a Value, field: &str) -> &'a [Value] {
    part[field].as_array().unwrap_or_else(|| panic!("{field} is not a list in {part}"))
}

/// The sum of one figure of every file below a directory.
fn sum_on_disk(root: &Path, figure: impl Fn(&fs::Metadata) -> u64) -> u64 {
    let entries = WalkDir::new(root).into_iter().map(|entry| entry.expect("the test may read its own files"));
    let files = entries.map(|entry| entry.metadata().expect("it is there")).filter(|metadata| !metadata.is_dir());
    files.map(|metadata| figure(&metadata)).sum()
}

/// The allocated bytes of a file, after a sync.
fn allocated(path: &Path) -> u64 {
    // Some file systems only fix the number of blocks when they write them.
    let file = File::open(path).expect("the file is there");
    file.sync_all().expect("a file can be synced");
    file.metadata().expect("a file has figures").blocks() * 512
}

/// A store of three mailboxes with folders, indexes, and a file outside of mailboxes.
fn mixed() -> (Machine, Value) {
    let machine = Machine::new();
    let store = machine.store("vmail");
    for (user, folder, size) in [
        ("example.org/ann", "INBOX", 1_000),
        ("example.org/ann", "INBOX", 70_000),
        ("example.org/ann", "Sent", 0),
        ("example.org/bob", "Archive.2025", 5_001),
        ("carl", "INBOX", 12),
    ] {
        store.deliver(user, folder, size, "2026-01-05");
    }
    for (name, size) in
        [("example.org/ann/dovecot.index", 432), ("example.org/bob/.Archive.2025/dovecot-uidlist", 99), ("README", 7)]
    {
        fs::write(store.root.join(name), vec![b'i'; size]).expect("a file can be written");
    }
    let store = machine.run("scan vmail --format json").succeeds().keeps_silent().json()["stores"][0].take();
    (machine, store)
}

#[test]
fn totals_match_a_walk_of_the_disk() {
    let (machine, store) = mixed();
    let root = machine.path("vmail");
    let sizes = sum_on_disk(&root, |file| file.len());
    assert_eq!(number(&store, "files"), sum_on_disk(&root, |_| 1));
    assert_eq!(number(&store, "messages"), 5);
    assert_eq!(number(&store, "message_bytes"), 1_000 + 70_000 + 5_001 + 12);
    assert_eq!(number(&store, "other_bytes"), 432 + 99 + 7);
    assert_eq!(number(&store, "message_bytes") + number(&store, "other_bytes"), sizes);
    assert_eq!(number(&store, "mailboxes"), 3);
}

#[test]
fn store_totals_are_mailboxes_plus_files_outside() {
    let (_machine, store) = mixed();
    let outside = |figure: &str| match figure {
        "other_bytes" => 7,
        "files" => 1,
        // The root and example.org belong to no mailbox.
        "directories" => 2,
        "inodes" => 3,
        _ => 0,
    };
    for figure in FIGURES.into_iter().filter(|figure| !["allocated_bytes", "virtual_bytes"].contains(figure)) {
        let mailboxes: u64 = list(&store, "mailbox").iter().map(|mailbox| number(mailbox, figure)).sum();
        assert_eq!(number(&store, figure), mailboxes + outside(figure), "{figure}");
    }
}

#[test]
fn mailbox_totals_are_the_sum_of_folders() {
    let (_machine, store) = mixed();
    for mailbox in list(&store, "mailbox") {
        for figure in FIGURES.into_iter().filter(|figure| *figure != "virtual_bytes") {
            let folders: u64 = list(mailbox, "folders").iter().map(|folder| number(folder, figure)).sum();
            assert_eq!(number(mailbox, figure), folders, "{figure} of {}", mailbox["user"]);
        }
    }
}

#[test]
fn oldest_and_newest_come_from_the_messages() {
    let machine = Machine::new();
    let store = machine.store("vmail");
    store.deliver("ann", "INBOX", 10, "2024-02-29");
    store.deliver("ann", "Sent", 10, "2026-01-05");
    let scan = machine.run("scan vmail --format json").succeeds().json();
    let ann = &scan["stores"][0]["mailbox"][0];
    assert_eq!((&ann["oldest"], &ann["newest"]), (&"2024-02-29T12:00:00Z".into(), &"2026-01-05T12:00:00Z".into()));
}

#[test]
fn a_hard_linked_message_counts_twice_and_its_blocks_once() {
    let machine = Machine::new();
    let store = machine.store("vmail");
    let letter = store.deliver("example.org/ann", "INBOX", 50_000, "2026-01-05");
    let other = store.deliver("example.org/bob", "INBOX", 10, "2026-01-05");
    let (blocks, small) = (allocated(&letter), allocated(&other));
    fs::hard_link(&letter, other.with_file_name("1767614400.M9P1.mx1,S=50000:2,")).expect("it can be linked");
    let scan = machine.run("scan vmail --format json").succeeds().json();
    let store = &scan["stores"][0];
    assert_eq!((number(store, "messages"), number(store, "files")), (3, 3));
    assert_eq!(number(store, "message_bytes"), 100_010);
    assert_eq!(number(store, "allocated_bytes"), blocks + small);
    let shares: Vec<u64> = list(store, "mailbox").iter().map(|mailbox| number(mailbox, "allocated_bytes")).collect();
    assert_eq!(shares, [blocks, small], "the first owner gets the blocks");
}

#[test]
fn symbolic_links_are_not_followed() {
    let machine = Machine::new();
    let store = machine.store("vmail");
    store.deliver("ann", "INBOX", 10, "2026-01-05");
    let secret = machine.store("elsewhere");
    secret.deliver("bob", "INBOX", 5_000, "2026-01-05");
    for link in ["vmail/bob", "vmail/ann/.Shared", "vmail/ann/cur/loop"] {
        std::os::unix::fs::symlink(machine.path("elsewhere/bob"), machine.path(link)).expect("a link can be made");
    }
    let scan = machine.run("scan vmail --format json").succeeds().keeps_silent().json();
    let store = &scan["stores"][0];
    assert_eq!((number(store, "mailboxes"), number(store, "message_bytes")), (1, 10));
}

#[test]
fn a_message_marked_as_deleted_is_reclaimable() {
    let machine = Machine::new();
    let store = machine.store("vmail");
    store.deliver("ann", "INBOX", 1_000, "2026-01-05");
    let deleted = store.deliver("ann", "INBOX", 30_000, "2026-01-05");
    fs::rename(&deleted, deleted.with_file_name("1767614400.M2P1.mx1,S=30000:2,ST")).expect("it can be renamed");
    let scan = machine.run("scan vmail --format json").succeeds().json();
    assert_eq!(number(&scan["stores"][0], "reclaimable_bytes"), 30_000);
}
