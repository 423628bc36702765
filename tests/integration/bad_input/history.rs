//! History directories that are missing, closed, of a newer version, or damaged.

use std::fs;

use crate::support::machine::Machine;

/// A machine with one scan in its history.
fn scanned() -> Machine {
    let machine = Machine::new();
    machine.store("vmail").deliver("example.org/ann", "INBOX", 1_000, "2026-01-05");
    machine.run("scan vmail --taken-at 2026-01-12").succeeds();
    machine
}

#[test]
fn commands_without_a_history_say_to_scan_first() {
    let machine = Machine::new();
    for command in ["forecast", "report", "chart -o a.png", "history list", "history show"] {
        machine.run(command).fails(1, &["there is no history yet", "history", "run `mailrunway scan PATH` first"]);
    }
}

#[test]
fn a_directory_with_other_files_is_not_a_history() {
    let machine = scanned();
    machine.write("photos/holiday.jpg", "jpg");
    for command in ["scan vmail", "forecast", "history list"] {
        let run = machine.runway(command).arg("--history").arg("photos").run();
        run.fails(1, &["this is not a mailrunway history: photos"]);
    }
}

#[test]
fn a_file_is_not_a_history() {
    let machine = scanned();
    machine.write("notes", "text");
    for command in ["scan vmail", "forecast", "history list"] {
        let run = machine.runway(command).arg("--history").arg("notes").run();
        run.fails(1, &["history", "notes"]);
    }
}

#[test]
fn a_history_of_an_unknown_version_is_refused() {
    let machine = scanned();
    let marker = "history/mailrunway-history.json";
    for version in [0, 999] {
        machine.write(marker, format!(r#"{{"format":"mailrunway-history","schema_version":{version}}}"#));
        for command in ["scan vmail", "forecast", "history list"] {
            machine.run(command).fails(1, &[&format!("schema version {version}, "), "update mailrunway"]);
        }
    }
    machine.write(marker, r#"{"format":"something-else","schema_version":1}"#);
    machine.run("scan vmail").fails(1, &["this is not a mailrunway history"]);
}

#[test]
fn a_read_only_history_can_be_listed_but_not_extended() {
    let machine = scanned();
    machine.forbid("history", 0o555);
    machine.forbid("history/snapshots", 0o555);
    machine.allow("history/mailrunway-history.json", 0o444);
    let scan = machine.runway("scan vmail").by_ordinary_user().run();
    scan.fails(1, &["cannot write the history", "Permission denied"]);
    machine.runway("history list").by_ordinary_user().run().succeeds();
}

#[test]
fn a_history_in_a_read_only_directory_fails() {
    let machine = scanned();
    machine.store("closed");
    machine.forbid("closed", 0o555);
    let scan = machine.runway("scan vmail --history closed/below/history").by_ordinary_user().run();
    scan.fails(1, &["cannot make the history: closed/below/history", "Permission denied", "--history"]);
}

#[test]
fn a_damaged_snapshot_is_named_and_the_others_are_used() {
    let machine = scanned();
    machine.run("scan vmail --taken-at 2026-01-19").succeeds();
    let mut snapshots = fs::read_dir(machine.path("history/snapshots")).expect("the scan made it");
    let damaged = snapshots.next().expect("there are two").expect("it can be listed").path();
    fs::write(damaged.join("store.parquet"), "not Parquet").expect("it can be overwritten");
    let list = machine.run("history list --format json").succeeds();
    let list = list.warns(&["warning: ", "a snapshot is damaged", "store.parquet", "hint: "]);
    assert_eq!(list.json_lines().len(), 1);
    machine.run("forecast").succeeds().warns(&["a snapshot is damaged"]);
    machine.run("scan vmail").succeeds().warns(&["a snapshot is damaged", "store.parquet"]);
}

#[test]
fn verify_names_each_damaged_file_and_what_is_lost() {
    let machine = scanned();
    machine.run("forecast --today 2026-01-12").succeeds();
    let verified = machine.run("history verify").succeeds().keeps_silent();
    assert_eq!(verified.text(), "13 files of 1 snapshot: each is as it was written\n");
    let snapshots = fs::read_dir(machine.path("history/snapshots")).expect("the scan made it");
    let snapshot = snapshots.flatten().next().expect("there is one").path();
    fs::remove_file(snapshot.join("cohort.parquet")).expect("it can be removed");
    let mut bytes = fs::read(snapshot.join("store.parquet")).expect("it can be read");
    bytes[40] ^= 1;
    fs::write(snapshot.join("store.parquet"), bytes).expect("it can be overwritten");
    machine.write("history/ledger.json", "{}");
    let verified = machine.run("history verify").exits_with(1).warns(&["3 of 14 files are damaged", "hint: "]);
    let text = verified.words();
    for what in ["/store.parquet", "its checksum is wrong", "lost: this scan, for every command", "/cohort.parquet"] {
        assert!(text.contains(what), "{text}");
    }
    assert!(text.contains("the file is missing") && text.contains("ledger.json"), "{text}");
    let lines = machine.run("history verify --format json").exits_with(1).json_lines();
    assert_eq!(lines.len(), 3);
    assert!(lines.iter().all(|line| line["file"].is_string() && line["hint"].is_string()), "{lines:?}");
}

#[test]
fn an_unknown_snapshot_is_refused() {
    let machine = scanned();
    for wanted in ["2026-01-11", "snapshot=none", "yesterday"] {
        machine.run(&format!("history show {wanted}")).fails(2, &["there is no such snapshot"]);
    }
}
