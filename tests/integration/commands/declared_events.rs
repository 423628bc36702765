//! `history event`: events that users declare about a store.

use serde_json::{Value, json};

use super::weekly_scans::grown;
use crate::support::machine::Machine;

/// Kind, source and date of the events in a forecast.
fn events(machine: &Machine) -> Vec<(String, String, String)> {
    let line = machine.run("forecast vmail --format json --today 2026-03-23").succeeds().json();
    let text = |event: &Value, key: &str| event[key].as_str().expect("it is text").to_owned();
    let fields = |event: &Value| (text(event, "kind"), text(event, "source"), text(event, "date"));
    line["events"].as_array().expect("it is a list").iter().map(fields).collect()
}

/// The median growth of a forecast, in bytes a day.
fn growth(machine: &Machine) -> i64 {
    let line = machine.run("forecast vmail --format json --today 2026-03-23").succeeds().json();
    line["growth_per_day"]["p50"].as_i64().expect("it is a size")
}

/// The store of ten weeks, and two more weeks; a message of `size` bytes arrives in the first of them.
fn brought_in(size: usize) -> Machine {
    let machine = grown();
    let store = machine.store("vmail");
    store.deliver("example.org/ann", "INBOX", size, "2026-03-10");
    for monday in ["2026-03-16", "2026-03-23"] {
        for user in ["ann", "bob"] {
            store.deliver(format!("example.org/{user}"), "INBOX", 100_000, monday);
        }
        machine.run(&format!("scan --taken-at {monday}T04:00:00Z")).succeeds().keeps_silent();
    }
    machine
}

#[test]
fn a_declared_event_is_listed_until_it_is_removed() {
    let machine = grown();
    let add = "history event add --date 2026-02-10 --kind purge --size 300GiB --inodes 70";
    let added = machine.run(&format!("{add} --note spring")).succeeds().keeps_silent();
    let sentence = "event 1: purge of vmail, 2026-02-10 -300 GiB, -70 inodes (spring)";
    assert_eq!(added.words(), format!("added {sentence} taken out of the growth: vmail (bytes)"));
    let again = machine.run(add).succeeds().keeps_silent();
    assert!(again.words().starts_with(&format!("it is there already: {sentence} ")), "{}", again.text());
    assert_eq!(again.changed(), [] as [std::path::PathBuf; 0]);
    machine.run("history event add vmail --date 2027-01-04 --kind capacity --size +2TiB").succeeds().keeps_silent();
    let listed = machine.run("history event list --format json").succeeds().keeps_silent().json_lines();
    let purge = json!({"schema_version": 1, "id": 1, "name": "vmail", "date": "2026-02-10", "kind": "purge",
        "size": -322_122_547_200_i64, "inodes": -70, "note": "spring", "last_scan": "2026-03-09"});
    let capacity = json!({"schema_version": 1, "id": 2, "name": "vmail", "date": "2027-01-04", "kind": "capacity",
        "size": 2_199_023_255_552_i64, "inodes": null, "note": null, "last_scan": "2026-03-09"});
    assert_eq!(listed, [purge, capacity.clone()]);
    let text = machine.run("history event list").succeeds().keeps_silent().text();
    assert!(text.contains("2027-01-04  capacity  vmail") && text.contains("+2.00 TiB"), "{text}");
    let removed = machine.run("history event remove 1").succeeds().keeps_silent().text();
    assert_eq!(removed, format!("removed {sentence}\n"));
    assert_eq!(machine.run("history event list --format json").succeeds().json_lines(), [capacity]);
    machine.run("history event remove 1").fails(2, &["there is no event 1", "history event list"]);
    machine.run("history event remove 2").succeeds();
    let third = machine.run(add).succeeds().text();
    assert!(third.starts_with("added event 3: "), "an id is never reused: {third}");
}

#[test]
fn an_event_after_the_last_scan_is_announced() {
    let machine = grown();
    let said = |date: &str| {
        machine.run(&format!("history event add --date {date} --kind step --size +1GiB")).succeeds().text()
    };
    assert!(said("2026-03-10").ends_with("\n  announced, as it is after the last scan: vmail (bytes)\n"));
    assert!(said("2026-03-09").ends_with("\n  taken out of the growth: vmail (bytes)\n"));
    assert!(said("2026-01-05").ends_with("\n  without effect, as it is before the first scan: vmail (bytes)\n"));
}

#[test]
fn a_declared_event_explains_a_detected_step() {
    let machine = brought_in(1_500_000);
    let seen = |kind: &str, source: &str| vec![(kind.to_owned(), source.to_owned(), "2026-03-16".to_owned())];
    assert_eq!(events(&machine), seen("step_up", "detected"));
    machine.run("history event add --date 2026-03-10 --kind import --size 1500kB").succeeds();
    assert_eq!(events(&machine), seen("import", "declared"));
    machine.run("history event remove 1").succeeds();
    assert_eq!(events(&machine), seen("step_up", "detected"));
}

#[test]
fn a_declared_import_is_not_growth_even_if_small() {
    let machine = brought_in(30_000);
    assert_eq!(events(&machine), [], "it is too small to be detected");
    let with_import = growth(&machine);
    machine.run("history event add --date 2026-03-10 --kind import --size 30kB").succeeds();
    assert_eq!(events(&machine).len(), 1);
    let without = growth(&machine);
    assert!(without < with_import, "{without} and {with_import}");
    // Nothing is removed from the growth for a later date or a limit.
    machine.run("history event remove 1").succeeds();
    for event in ["2026-03-24 --kind import --size 30kB", "2026-03-10 --kind capacity --size +30kB"] {
        machine.run(&format!("history event add --date {event}")).succeeds();
    }
    assert_eq!(events(&machine), []);
}

#[test]
fn invalid_events_are_refused() {
    let machine = grown();
    for (words, status, saying) in [
        ("vmail --date 2026-02-10 --kind step --size 5GiB", 2, ["--kind step: the size needs a sign", "--size +2TiB"]),
        ("vmail --date 2026-02-10 --kind capacity --size 5GiB", 2, ["capacity", "needs a sign"]),
        ("vmail --date 2026-02-10 --kind purge --size +5GiB", 2, ["purge", "has the wrong sign"]),
        ("vmail --date 2026-02-10 --kind import --size 5GiB --inodes -2", 2, ["import", "has the wrong sign"]),
        ("vmail --date 2026-02-10 --kind import --size 0", 2, ["is zero", "give the bytes or inodes"]),
        ("vmail --date 2026-02-10 --kind import --size much", 2, ["`much` is not a valid size", "--size"]),
        ("vmail --date 2026-02-10 --kind import --size 0 --inodes x", 2, ["`x` is not a valid count", "--inodes"]),
        ("vmail --date 2026-02-10 --kind gift --size 1G", 2, ["gift", "import"]),
        ("vmail --date soon --kind import --size 1G", 2, ["soon", "--date"]),
        ("mail --date 2026-02-10 --kind import --size 1G", 2, ["there is no series `mail`", "there are: vmail"]),
        ("vmail --date 2026-02-10 --kind import --size 0 --inodes 2", 1, ["nothing that is forecast", "mount point"]),
    ] {
        machine.run(&format!("history event add {words}")).fails(status, &saying);
    }
}

#[test]
fn with_several_stores_an_event_needs_a_name() {
    let machine = grown();
    machine.store("spool").deliver("example.org/ann", "INBOX", 1_000, "2026-01-05");
    machine.run("scan spool").succeeds();
    let add = "--date 2026-02-10 --kind import --size 1G";
    machine.run(&format!("history event add {add}")).fails(2, &["the history has several stores", "spool, vmail"]);
    let said = machine.run(&format!("history event add spool {add} --inodes 5")).succeeds().text();
    assert!(said.contains(" (bytes), ") && said.contains(" (inodes)"), "both of the volume: {said}");
}

#[test]
fn notes_are_escaped() {
    let machine = grown();
    let add = "history event add --date 2026-02-10 --kind step --size -1G --note";
    let said = machine.runway(add).arg("-\u{1b}[2J\n\u{202e}").run().succeeds().text();
    let listed = machine.run("history event list").succeeds().text();
    for text in [said, listed] {
        assert!(text.contains("-\\u{1b}[2J\\n\\u{202e}"), "{text}");
    }
    let line = machine.run("history event list --format json").succeeds().json();
    assert_eq!(line["note"], "-\u{1b}[2J\n\u{202e}");
}

#[test]
fn errors_name_an_unreadable_ledger() {
    let machine = grown();
    machine.run("history event add --date 2026-02-10 --kind import --size 1G").succeeds();
    let commands =
        ["forecast", "report", "history event list", "history event add --date 2026-02-11 --kind import --size 1G"];
    let text = std::fs::read_to_string(machine.path("history/ledger.json")).expect("it was written");
    machine.write("history/ledger.json", text.replace("\"schema_version\": 1", "\"schema_version\": 99"));
    for command in commands {
        machine.run(command).fails(1, &["the ledger has the unknown version 99", "ledger.json", "update mailrunway"]);
    }
    machine.write("history/ledger.json", &text[..text.len() / 2]);
    for command in commands {
        machine.run(command).fails(1, &["the ledger is damaged", "ledger.json", "restore it from a backup"]);
    }
    machine.run("scan --taken-at 2026-03-16").succeeds().keeps_silent();
}
