//! Restored messages with the same names and inodes as before, but other content.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::changing_store::{copy_with_times, copy_without_times, messages};
use crate::support::machine::Machine;
use crate::support::rescan::{assert_alike, full, later, settle};
use crate::support::scan_result::{ScanResult, list};

const CUR: &str = "vmail/example.org/ann/cur";

/// A store with 150 messages, scanned once they had settled.
fn cached() -> Machine {
    let machine = Machine::new();
    machine.settings("[scan]\naudit_every = 0\n");
    let store = machine.store("vmail");
    for message in 0..150 {
        store.deliver("example.org/ann", "INBOX", 500 + message, "2026-01-05");
    }
    // From now on copies are made in the order of the directory, and are likely to get the same inodes.
    put_back(&machine, copy_with_times);
    settle();
    machine.run("scan vmail").succeeds();
    machine
}

/// Names and inodes.
fn names_and_inodes(cur: &Path) -> Vec<(PathBuf, u64)> {
    let inode = |path: PathBuf| (path.clone(), path.metadata().expect("the message is there").ino());
    messages(cur).into_iter().map(inode).collect()
}

/// Replaces the directory by a copy; returns whether names and inodes are the same. ext4 reuses the inode freed last,
/// other file systems do not.
fn put_back(machine: &Machine, copy: fn(&Path, &Path)) -> bool {
    let (cur, backup) = (machine.path(CUR), machine.path("backup"));
    copy_with_times(&cur, &backup);
    let before = names_and_inodes(&cur);
    fs::remove_dir_all(&cur).expect("a directory can be removed");
    copy(&backup, &cur);
    fs::remove_dir_all(&backup).expect("a directory can be removed");
    before == names_and_inodes(&cur)
}

fn events(actual: &Value) -> Vec<&Value> {
    list(&actual["stores"][0], "events").iter().map(|event| &event["kind"]).collect()
}

#[test]
fn a_restore_without_times_is_reported_even_with_the_same_inodes() {
    let machine = cached();
    let is_same = (0..5).any(|_| put_back(&machine, copy_without_times));
    println!("the same inodes: {is_same}");
    let actual = later(&machine, "vmail");
    assert_eq!(events(&actual), ["restore"]);
    assert_alike(&actual, &full(&machine, "vmail"), "put back without times");
}

#[test]
fn a_restore_with_times_is_not_reported() {
    let machine = cached();
    put_back(&machine, copy_with_times);
    let actual = later(&machine, "vmail");
    assert_eq!(events(&actual), [""; 0]);
    assert_alike(&actual, &full(&machine, "vmail"), "put back with times");
    ScanResult::scan(&machine, "vmail").without_problems();
}
