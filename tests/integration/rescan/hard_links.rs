//! Hard links that are added or removed while the directory of the other name is unchanged and served from the cache.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::machine::Machine;
use crate::support::rescan::{assert_alike, full, later, settle};
use crate::support::scan_result::{ScanResult, number};

const FILE: &str = "1767700000.M99P1.mx1,S=9000:2,S";

/// Directories for the other name of Ann's message in her Archive.
const PLACES: [(&str, &str); 5] = [
    ("same", "example.org/ann/.Archive/cur"),
    ("new", "example.org/ann/.Archive/new"),
    ("folder", "example.org/ann/.Sent/cur"),
    ("mailbox", "example.net/bob/cur"),
    ("outside", "restored"),
];

/// A store for each directory.
fn stores() -> Machine {
    let machine = Machine::new();
    machine.settings("[scan]\naudit_every = 0\n");
    for (name, _) in PLACES {
        let store = machine.store(name);
        store.deliver("example.org/ann", "Archive", 9_000, "2026-01-05");
        store.deliver("example.org/ann", "Sent", 2_000, "2026-01-05");
        store.deliver("example.net/bob", "INBOX", 3_000, "2026-01-05");
        machine.write(&format!("{name}/restored/list"), "restored files");
    }
    machine
}

/// Ann's message.
fn message(machine: &Machine, store: &str) -> PathBuf {
    let cur = machine.path(store).join("example.org/ann/.Archive/cur");
    let names = cur.read_dir().expect("the folder is there").map(|entry| entry.expect("it can be listed").path());
    names.filter(|name| !name.ends_with(FILE)).min().expect("the message is there")
}

fn settle_and_scan(machine: &Machine) {
    settle();
    scan(machine);
}

fn scan(machine: &Machine) {
    for (store, _) in PLACES {
        machine.run(&format!("scan {store}")).succeeds();
    }
}

/// Checks that cached scans agree with `du`, `find` and full scans, and that the number of messages is three plus
/// `change`.
#[track_caller]
fn assert_exact(machine: &Machine, when: &str, change: impl Fn(&str) -> i64) {
    for (store, _) in PLACES {
        let when = format!("{when}, the other name in `{store}`");
        let scanned = ScanResult::scan(machine, store).without_problems();
        let messages = 3 + change(store);
        assert_eq!(number(&scanned.store, "messages").cast_signed(), messages, "{when}: messages, each name counted");
        assert_alike(&later(machine, store), &full(machine, store), &when);
    }
}

fn is_in_a_mailbox(store: &str) -> bool {
    store != "outside"
}

#[test]
fn a_second_name_is_added_and_removed() {
    let machine = stores();
    settle_and_scan(&machine);
    for (store, place) in PLACES {
        let other = machine.path(store).join(place).join(FILE);
        fs::hard_link(message(&machine, store), other).expect("a message can be linked");
    }
    assert_exact(&machine, "a link was added", |store| i64::from(is_in_a_mailbox(store)));
    settle_and_scan(&machine);
    assert_exact(&machine, "both names unchanged", |store| i64::from(is_in_a_mailbox(store)));
    for (store, place) in PLACES {
        remove(&machine.path(store).join(place).join(FILE));
    }
    assert_exact(&machine, "the new name was removed", |_| 0);
}

#[test]
fn the_first_name_is_removed() {
    let machine = stores();
    for (store, place) in PLACES {
        let other = machine.path(store).join(place).join(FILE);
        fs::hard_link(message(&machine, store), other).expect("a message can be linked");
    }
    settle_and_scan(&machine);
    for (store, _) in PLACES {
        remove(&message(&machine, store));
    }
    assert_exact(&machine, "the first name was removed", |store| if is_in_a_mailbox(store) { 0 } else { -1 });
}

#[test]
fn two_names_may_differ_only_in_flags() {
    let machine = stores();
    settle_and_scan(&machine);
    let flagged = |name: PathBuf| {
        let text = name.to_str().expect("the test names it in ASCII").to_owned();
        PathBuf::from(text + "F")
    };
    for (store, _) in PLACES {
        let name = message(&machine, store);
        fs::hard_link(&name, flagged(name.clone())).expect("a message can be linked");
    }
    assert_exact(&machine, "the same name with another flag", |_| 1);
    settle_and_scan(&machine);
    for (store, _) in PLACES {
        remove(&message(&machine, store));
    }
    assert_exact(&machine, "one of both was removed", |_| 0);
}

#[test]
fn a_link_outside_of_the_store_changes_nothing() {
    let machine = stores();
    settle_and_scan(&machine);
    let kept = |store: &str| machine.path(&format!("kept-{store}"));
    for (store, _) in PLACES {
        fs::hard_link(message(&machine, store), kept(store)).expect("a message can be linked");
    }
    assert_exact(&machine, "a link outside of the store", |_| 0);
    scan(&machine);
    for (store, _) in PLACES {
        remove(&kept(store));
    }
    assert_exact(&machine, "it was removed", |_| 0);
}

fn remove(file: &Path) {
    fs::remove_file(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
}
