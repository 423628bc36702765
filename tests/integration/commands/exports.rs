//! `export`: the tables of the history for other programs.

use crate::support::machine::Machine;

/// Two scans of a store with a hostile mailbox.
fn machine() -> Machine {
    let machine = Machine::new();
    let store = machine.store("vmail");
    store.deliver("example.org/=cmd()", "INBOX", 1_000, "2026-01-05");
    for day in ["2026-01-05", "2026-01-12"] {
        machine.runway(&format!("scan --quiet --taken-at {day}T04:00:00Z")).arg(machine.path("vmail")).run().succeeds();
    }
    machine
}

#[test]
fn every_table_is_exported_in_every_format() {
    let machine = machine();
    machine.write("df.csv", "time,used,limit\n2025-12-01,5,9\n2025-12-02,6.5,\n");
    machine.run("import csv df.csv --store vmail").succeeds();
    machine.run("history event add vmail --date 2026-01-06 --kind import --size 3KiB").exits_with(0);
    machine.run("forecast --today 2026-01-13").succeeds();
    for table in [
        "snapshot",
        "filesystem",
        "store",
        "mailbox",
        "folder",
        "class",
        "mailbox_class",
        "cohort",
        "mailbox_cohort",
        "use_cohort",
        "event",
        "blob",
        "problem",
        "forecasts",
        "declared_events",
        "imports",
    ] {
        let csv = machine.run(&format!("export {table}")).succeeds().keeps_silent().text();
        let rows = csv.lines().count() - 1;
        let lines = machine.run(&format!("export {table} --format jsonl")).succeeds().json_lines();
        assert_eq!(lines.len(), rows, "{table}: {csv}");
        machine.run(&format!("export {table} -o {table}.parquet")).succeeds();
        assert!(std::fs::read(machine.path(&format!("{table}.parquet"))).expect("it is written").starts_with(b"PAR1"));
        machine.run(&format!("export {table} -o {table}.arrow")).succeeds();
        assert!(std::fs::read(machine.path(&format!("{table}.arrow"))).expect("it is written").starts_with(b"ARROW1"));
        if !["event", "blob", "problem"].contains(&table) {
            assert!(rows > 0, "{table} has no rows");
        }
    }
    let imported = machine.run("export imports --format jsonl").succeeds().json_lines();
    assert_eq!(
        (&imported[0]["used"], &imported[1]["used"], &imported[1]["limit"]),
        (&5.0.into(), &6.5.into(), &serde_json::Value::Null)
    );
}

#[test]
fn one_snapshot_is_chosen_and_formulas_are_escaped() {
    let machine = machine();
    let lines = machine.run("history list --format json").succeeds().json_lines();
    let name = lines[1]["snapshot"].as_str().expect("it has a name");
    let csv = machine.run(&format!("export mailbox --snapshot {name}")).succeeds().text();
    assert_eq!(csv.lines().count(), 2, "{csv}");
    assert!(csv.contains(",'=cmd(),") && csv.contains("2026-01-12T04:00:00Z"), "{csv}");
    let line = machine.run(&format!("export mailbox --snapshot {name} --format jsonl")).succeeds().json();
    assert_eq!(line["user"], "=cmd()");
    let hidden = machine.run("export mailbox --pseudonyms").succeeds().text();
    assert!(!hidden.contains("cmd") && !hidden.contains("example.org"), "{hidden}");
    machine.run("export mailbox --snapshot none").fails(2, &["there is no such snapshot"]);
    machine.run("export imports --snapshot none").fails(2, &["imports is not of a snapshot"]);
    machine.run("export mailbox -o x.xls").fails(2, &["the ending of the file names no format"]);
    machine.run("export mailbox --no-names").fails(2, &["this cannot hide names"]);
    machine.run("export declared_events --pseudonyms").fails(2, &["this cannot hide names"]);
}
