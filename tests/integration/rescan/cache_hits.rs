//! System calls that the cache saves: unchanged directories are not listed, and known messages are not statted.

use std::collections::BTreeSet;
use std::fs;

use crate::support::machine::Machine;
use crate::support::maildir::Store;
use crate::support::rescan::settle;
use crate::support::scan_result::ScanResult;
use crate::support::system_calls::SystemCalls;

const MAILBOXES: usize = 20;
const FOLDERS: [&str; 5] = ["INBOX", "Sent", "Archive", "Archive.2023", "Trash"];
const MESSAGES: usize = 20;

/// A part of the names of all messages and of no other name.
const MESSAGE: &str = ".mx1";

/// 2,000 messages unchanged for a while.
fn settled() -> (Machine, Store) {
    let machine = Machine::new();
    machine.settings("[scan]\naudit_every = 0\n");
    let store = machine.store("vmail");
    for mailbox in 0..MAILBOXES {
        for folder in FOLDERS {
            for _ in 0..MESSAGES {
                store.deliver(format!("example.org/user{mailbox}"), folder, 500, "2026-01-05");
            }
        }
    }
    settle();
    (machine, store)
}

/// Checks that a scan statted every message.
#[track_caller]
fn assert_stats_all(calls: &SystemCalls) {
    assert_eq!(calls.named(MESSAGE).len(), MAILBOXES * FOLDERS.len() * MESSAGES, "messages");
    assert_eq!(calls.listed(&["cur", "new"]).len(), MAILBOXES * FOLDERS.len() * 2, "directories");
}

/// Checks that a scan listed only these directories of messages and statted only these messages.
#[track_caller]
fn assert_stats_only(calls: &SystemCalls, directories: &[&str], messages: &[&str]) {
    assert_eq!(calls.named(MESSAGE), BTreeSet::from_iter(messages.iter().copied()), "messages");
    assert_eq!(calls.listed(&["cur", "new"]), BTreeSet::from_iter(directories.iter().copied()), "directories");
}

#[test]
#[ignore = "needs strace: run tests/run"]
fn a_scan_without_changes_lists_and_stats_no_messages() {
    let (machine, _store) = settled();
    assert_stats_all(&SystemCalls::trace(&machine, "scan vmail"));
    assert_stats_only(&SystemCalls::trace(&machine, "scan vmail"), &[], &[]);
    assert_stats_only(&SystemCalls::trace(&machine, "scan vmail"), &[], &[]);
    ScanResult::scan(&machine, "vmail").without_problems();
}

#[test]
#[ignore = "needs strace: run tests/run"]
fn only_new_messages_are_statted() {
    let (machine, store) = settled();
    machine.run("scan vmail").succeeds();
    let delivered = store.deliver("example.org/user7", "Sent", 700, "2026-01-06");
    let name = delivered.file_name().and_then(|name| name.to_str()).expect("the test names it in ASCII");
    let cur = delivered.parent().and_then(|cur| cur.to_str()).expect("the test names it in ASCII");
    let calls = SystemCalls::trace(&machine, "scan vmail");
    assert_stats_only(&calls, &[cur], &[name]);
    settle();
    // The message and its directory were too new to be cached; the other messages in it are cached.
    assert_stats_only(&SystemCalls::trace(&machine, "scan vmail"), &[cur], &[name]);
    assert_stats_only(&SystemCalls::trace(&machine, "scan vmail"), &[], &[]);
    fs::rename(&delivered, delivered.with_file_name(format!("{name}RF"))).expect("a message can be renamed");
    assert_stats_only(&SystemCalls::trace(&machine, "scan vmail"), &[cur], &[]);
    ScanResult::scan(&machine, "vmail").without_problems();
}

#[test]
#[ignore = "needs strace: run tests/run"]
fn a_full_scan_stats_everything_and_rewrites_the_cache() {
    let (machine, _store) = settled();
    machine.run("scan vmail").succeeds();
    assert_stats_all(&SystemCalls::trace(&machine, "scan vmail --full"));
    assert_stats_only(&SystemCalls::trace(&machine, "scan vmail"), &[], &[]);
    fs::remove_dir_all(machine.path("history/cache")).expect("it can be removed");
    machine.run("scan vmail --full").succeeds();
    assert_stats_only(&SystemCalls::trace(&machine, "scan vmail"), &[], &[]);
}
