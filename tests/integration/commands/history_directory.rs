//! The history directory: permissions, creation by concurrent scans, and leftovers of killed scans.

use std::fs::{self, File};
use std::os::unix::fs::PermissionsExt;

use crate::support::machine::Machine;

/// A machine with a store that was never scanned.
fn delivered() -> Machine {
    let machine = Machine::new();
    machine.store("vmail").deliver("example.org/ann", "INBOX", 1_000, "2026-01-05");
    machine
}

#[test]
fn a_new_history_is_private() {
    let machine = delivered();
    machine.run("scan vmail --history deep/below/history").succeeds();
    let event = "history event add --date 2026-01-01 --kind step --size +1MiB --history deep/below/history";
    machine.run(event).succeeds();
    let mode = |name: &str| machine.path(name).metadata().expect("the scan made it").permissions().mode() & 0o777;
    assert_eq!(mode("deep/below/history"), 0o700);
    for file in ["mailrunway-history.json", "ledger.json"] {
        assert_eq!(mode(&format!("deep/below/history/{file}")), 0o600, "{file}");
    }
    assert_eq!(mode("deep/below"), 0o755, "its parent has the usual mode");
}

#[test]
fn eight_concurrent_first_scans_make_eight_snapshots() {
    let machine = delivered();
    let at_once = "all=; for scan in 1 2 3 4 5 6 7 8; do \"$@\" & all=\"$all $!\"; done
        for scan in $all; do wait $scan || exit 1; done";
    machine.runway("scan vmail --quiet").in_shell(at_once).run().succeeds().keeps_silent();
    let list = machine.run("history list --format json").succeeds().keeps_silent().json_lines();
    assert_eq!(list.len(), 8);
    let unfinished = fs::read_dir(machine.path("history/unfinished")).expect("it can be listed");
    assert_eq!(unfinished.count(), 0, "no temporary file is left");
}

#[test]
fn a_history_under_creation_by_another_scan_is_used() {
    let machine = delivered();
    for part in ["history/snapshots", "history/unfinished", "history/forecasts"] {
        fs::create_dir_all(machine.path(part)).expect("a directory can be made");
    }
    machine.write("history/unfinished/.mailrunway-4fXq2z", "{\"format\"");
    let ledger = r#"{"format":"mailrunway-ledger","schema_version":1,"next_id":1,"events":[]}"#;
    machine.write("history/ledger.json", ledger);
    machine.run("scan vmail").succeeds().keeps_silent();
    assert_eq!(machine.run("history list --format json").succeeds().json_lines().len(), 1);
}

#[test]
fn leftovers_of_a_killed_scan_are_ignored_and_removed_by_the_next_one() {
    let machine = delivered();
    machine.run("scan vmail").succeeds();
    let tables = || -> Vec<_> {
        let snapshots = fs::read_dir(machine.path("history/snapshots")).expect("the scan made it").flatten();
        snapshots.map(|snapshot| snapshot.path().join("store.parquet")).filter(|table| table.is_file()).collect()
    };
    let whole = tables().pop().expect("there is a snapshot");
    for leftover in [".mailrunway-left", ".mailrunway-held", "somebodys"] {
        let directory = machine.path("history/unfinished").join(leftover);
        fs::create_dir_all(&directory).expect("a directory can be made");
        fs::copy(&whole, directory.join("store.parquet")).expect("a table can be copied");
    }
    let held = File::open(machine.path("history/unfinished/.mailrunway-held")).expect("the directory can be opened");
    held.lock().expect("it can be locked");
    assert_eq!(tables().len(), 1, "the pattern of the README finds one");
    assert_eq!(machine.run("history list --format json").succeeds().keeps_silent().json_lines().len(), 1);
    machine.run("scan vmail").succeeds().keeps_silent();
    assert_eq!(tables().len(), 2);
    assert!(machine.path("history/unfinished/.mailrunway-held/store.parquet").is_file(), "its scan still runs");
    assert!(!machine.path("history/unfinished/.mailrunway-left").exists(), "its scan has ended");
    assert!(machine.path("history/unfinished/somebodys").exists(), "no scan made it");
}
