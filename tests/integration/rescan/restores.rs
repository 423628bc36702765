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

/// A store with 150 messages, remembered a while after they came.
fn remembered() -> Machine {
    let machine = Machine::new();
    machine.settings("[scan]\naudit_every = 0\n");
    let store = machine.store("vmail");
    for message in 0..150 {
        store.deliver("example.org/ann", "INBOX", 500 + message, "2026-01-05");
    }
    // From now on copies come in the order in which the file system lists them, and are likely to get the same inodes.
    put_back(&machine, copy_with_times);
    settle();
    machine.run("scan vmail").succeeds();
    machine
}

/// Names and inodes.
fn standing(cur: &Path) -> Vec<(PathBuf, u64)> {
    let inode = |path: PathBuf| (path.clone(), path.metadata().expect("the message is there").ino());
    messages(cur).into_iter().map(inode).collect()
}

/// Removes the directory, and puts a copy in its place; tells whether names and inodes are what they were. ext4 gives
/// out again what was freed last, others do not.
fn put_back(machine: &Machine, copy: fn(&Path, &Path)) -> bool {
    let (cur, backup) = (machine.path(CUR), machine.path("backup"));
    copy_with_times(&cur, &backup);
    let before = standing(&cur);
    fs::remove_dir_all(&cur).expect("a directory can be removed");
    copy(&backup, &cur);
    fs::remove_dir_all(&backup).expect("a directory can be removed");
    before == standing(&cur)
}

fn events(told: &Value) -> Vec<&Value> {
    list(&told["stores"][0], "events").iter().map(|event| &event["kind"]).collect()
}

#[test]
fn a_careless_restore_is_told_though_names_and_inodes_are_the_same() {
    let machine = remembered();
    let is_same = (0..5).any(|_| put_back(&machine, copy_without_times));
    println!("the same inodes: {is_same}");
    let told = later(&machine, "vmail");
    assert_eq!(events(&told), ["restore"]);
    assert_alike(&told, &full(&machine, "vmail"), "put back without times");
}

#[test]
fn a_careful_restore_is_none() {
    let machine = remembered();
    put_back(&machine, copy_with_times);
    let told = later(&machine, "vmail");
    assert_eq!(events(&told), [""; 0]);
    assert_alike(&told, &full(&machine, "vmail"), "put back with times");
    ScanResult::scan(&machine, "vmail").without_problems();
}
