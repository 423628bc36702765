//! Scans that may not be of this day, or not of the store of last time.

use crate::support::machine::Machine;

/// A machine with a store of 120 messages, scanned on three Mondays of 2026.
fn scanned() -> Machine {
    let machine = Machine::new();
    let store = machine.store("vmail");
    for _ in 0..120 {
        store.deliver("example.org/ann", "INBOX", 1_000, "2026-01-05");
    }
    for day in ["2026-03-02", "2026-03-09", "2026-03-16"] {
        machine.run(&format!("scan vmail --taken-at {day}")).succeeds().keeps_silent();
    }
    machine
}

fn snapshots(machine: &Machine) -> usize {
    machine.run("history list --format json").succeeds().json_lines().len()
}

#[test]
fn a_scan_dated_years_ahead_is_refused_and_left_out_of_answers() {
    let machine = scanned();
    let before = machine.run("forecast --format json").text();
    let command = "scan vmail --taken-at 2150-01-01";
    machine.run(command).fails(2, &["a scan of 1 Jan 2150 would be years in the future", "--force"]);
    assert_eq!(snapshots(&machine), 3);
    machine.run(&format!("{command} --force")).succeeds();
    let left_out = "1 scan dated after today, up to 1 Jan 2150: left out";
    assert_eq!(machine.run("forecast --format json").warns(&[left_out]).text(), before);
    machine.run("scan vmail").succeeds().keeps_silent();
    let later = machine.run("forecast --today 2150-01-02 --format json").succeeds().keeps_silent();
    assert!(later.json_lines().iter().all(|line| line["as_of"] == "2150-01-01"));
}

#[test]
fn a_scan_dated_long_before_the_last_is_refused() {
    let machine = scanned();
    let text = "a scan of 2 Jan 2020 would be long before the last, of 16 Mar 2026";
    machine.run("scan vmail --taken-at 2020-01-02").fails(2, &[text, "--force"]);
    machine.run("scan vmail --taken-at 2026-02-23").succeeds();
    machine.run("scan vmail --taken-at 2020-01-02 --force").succeeds();
    assert_eq!(snapshots(&machine), 5);
}

#[test]
fn a_store_that_lost_nearly_all_mail_is_doubted() {
    let machine = scanned();
    std::fs::remove_dir_all(machine.path("vmail/example.org/ann")).expect("it is there");
    machine.store("vmail").deliver("example.org/bob", "INBOX", 1_000, "2026-01-05");
    let text = "store `vmail` holds 1 message, and held 120 in the last scan";
    machine.run("scan vmail --taken-at 2026-03-23 --strict").fails(1, &[text, "nothing was saved", "mounted"]);
    assert_eq!(snapshots(&machine), 3);
    machine.run("scan vmail --taken-at 2026-03-23").warns(&[text]);
    assert_eq!(snapshots(&machine), 4);
    machine.run("scan vmail --taken-at 2026-03-30 --strict").succeeds().keeps_silent();
}

#[test]
fn stores_that_overlap_are_refused() {
    let machine = scanned();
    let text = "overlap: their mail would count twice";
    machine.run("scan vmail vmail/example.org").fails(2, &["the stores `example.org` and `vmail`", text]);
    machine.store("other").deliver("example.org/ann", "INBOX", 1_000, "2026-01-05");
    machine.run("scan vmail other").succeeds();
}

#[test]
fn the_settings_can_name_the_host() {
    let machine = scanned();
    machine.settings("host = \"mail01\"\n");
    let snapshot = machine.run("scan vmail --taken-at 2026-03-23 --format json").succeeds().json();
    assert_eq!(snapshot["host"], "mail01");
    let names = |machine: &Machine| {
        let lines = machine.run("forecast --format json --today 2026-03-23").succeeds().json_lines();
        lines.into_iter().map(|line| (line["series"].clone(), line["observations"].clone())).collect::<Vec<_>>()
    };
    let named = names(&machine);
    assert!(!named.is_empty() && named.iter().all(|(_, observations)| observations == 4), "one machine: {named:?}");
    machine.settings("host = \" \"\n");
    machine.run("scan vmail").fails(1, &["the host has no name"]);
}
