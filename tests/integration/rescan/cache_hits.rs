//! System calls that the cache saves: unchanged directories are not listed, known messages not asked for.

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

/// What the names of all messages have and no other name.
const MESSAGE: &str = ".mx1";

/// 2,000 messages that nobody has touched for a while.
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

/// Demands that a scan asked for every message.
#[track_caller]
fn assert_asks_for_all(calls: &SystemCalls) {
    assert_eq!(calls.named(MESSAGE).len(), MAILBOXES * FOLDERS.len() * MESSAGES, "messages");
    assert_eq!(calls.listed(&["cur", "new"]).len(), MAILBOXES * FOLDERS.len() * 2, "directories");
}

/// Demands that a scan listed these directories of messages, and asked for these messages.
#[track_caller]
fn assert_asks_only(calls: &SystemCalls, directories: &[&str], messages: &[&str]) {
    assert_eq!(calls.named(MESSAGE), BTreeSet::from_iter(messages.iter().copied()), "messages");
    assert_eq!(calls.listed(&["cur", "new"]), BTreeSet::from_iter(directories.iter().copied()), "directories");
}

#[test]
#[ignore = "needs strace: run tests/run"]
fn a_scan_without_change_lists_no_messages_and_asks_for_none() {
    let (machine, _store) = settled();
    assert_asks_for_all(&SystemCalls::trace(&machine, "scan vmail"));
    assert_asks_only(&SystemCalls::trace(&machine, "scan vmail"), &[], &[]);
    assert_asks_only(&SystemCalls::trace(&machine, "scan vmail"), &[], &[]);
    ScanResult::scan(&machine, "vmail").without_problems();
}

#[test]
#[ignore = "needs strace: run tests/run"]
fn only_what_is_new_is_asked_for() {
    let (machine, store) = settled();
    machine.run("scan vmail").succeeds();
    let delivered = store.deliver("example.org/user7", "Sent", 700, "2026-01-06");
    let name = delivered.file_name().and_then(|name| name.to_str()).expect("the test names it in ASCII");
    let cur = delivered.parent().and_then(|cur| cur.to_str()).expect("the test names it in ASCII");
    let calls = SystemCalls::trace(&machine, "scan vmail");
    assert_asks_only(&calls, &[cur], &[name]);
    settle();
    // The message was too young to be remembered, and so was the directory; the others in it are known all the same.
    assert_asks_only(&SystemCalls::trace(&machine, "scan vmail"), &[cur], &[name]);
    assert_asks_only(&SystemCalls::trace(&machine, "scan vmail"), &[], &[]);
    fs::rename(&delivered, delivered.with_file_name(format!("{name}RF"))).expect("a message can be renamed");
    assert_asks_only(&SystemCalls::trace(&machine, "scan vmail"), &[cur], &[]);
    ScanResult::scan(&machine, "vmail").without_problems();
}

#[test]
#[ignore = "needs strace: run tests/run"]
fn a_full_scan_asks_for_everything_and_remembers_it_anew() {
    let (machine, _store) = settled();
    machine.run("scan vmail").succeeds();
    assert_asks_for_all(&SystemCalls::trace(&machine, "scan vmail --full"));
    assert_asks_only(&SystemCalls::trace(&machine, "scan vmail"), &[], &[]);
    fs::remove_dir_all(machine.path("history/cache")).expect("it is never the truth");
    machine.run("scan vmail --full").succeeds();
    assert_asks_only(&SystemCalls::trace(&machine, "scan vmail"), &[], &[]);
}
