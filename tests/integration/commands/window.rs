//! `window`: room for the maintenance, and room to roll back.

use std::os::unix::fs::MetadataExt;
use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

use super::weekly_scans::grown;
use crate::support::machine::Machine;
use crate::support::maildir::Store;

/// The store of ten weeks: some 2 MB of 4 MiB are used on 9 March, and 200 kB more come a week.
fn window(machine: &Machine, options: &str) -> (i32, Value) {
    let words = format!("window vmail --at 2026-03-15T22:00Z --for 4h --today 2026-03-09 --format json {options}");
    let outcome = machine.run(&words);
    let line = outcome.json();
    let status = i32::from(line["decision"] != "go");
    outcome.exits_with(status).keeps_silent();
    (status, line)
}

fn number(value: &Value) -> u64 {
    value.as_u64().unwrap_or_else(|| panic!("{value} is not a number"))
}

#[test]
fn enough_free_space_is_go_and_too_little_is_no_go() {
    let machine = grown();
    let (status, go) = window(&machine, "--needs 500KiB");
    assert_eq!(status, 0, "{go}");
    assert!(go["series"][0]["p_enough"].as_f64().expect("there is a forecast") >= 0.95);
    assert!(go["go_until"].as_str().expect("it grows") >= "2026-03-15");
    let (status, no_go) = window(&machine, "--needs 4MiB");
    assert_eq!((status, &no_go["go_until"]), (1, &Value::Null));
    let part = &no_go["series"][0];
    assert!(number(&part["needed"]) >= 4 << 20);
    assert!(number(&part["missing"]) + number(&part["free"]["p50"]) >= number(&part["needed"]), "{part}");
    // The quantiles of the free space are in order.
    let free = ["p10", "p50", "p90"].map(|p| number(&part["free"][p]));
    assert!(free.is_sorted() && free[2] < 4 << 20, "{free:?}");
}

#[test]
fn needs_come_from_the_last_scan() {
    let machine = grown();
    let store = machine.run("history show --format json").succeeds().json()["stores"][0].clone();
    let (_, line) = window(&machine, "--needs convert,mdbox-purge --rollback");
    let needs = line["series"][0]["needs"].as_array().expect("needs are a list").clone();
    let of = |purpose: &str| {
        let need = needs.iter().find(|need| need["purpose"] == purpose).expect("it is there");
        number(&need["amount"])
    };
    let (messages, bytes) = (number(&store["messages"]), number(&store["logical_bytes"]));
    let anew = (bytes + messages * 4_096).max(number(&store["allocated_bytes"]));
    assert!((bytes..=anew).contains(&of("convert")), "{} for {bytes}", of("convert"));
    assert_eq!(of("mdbox-purge"), 0, "this is a Maildir store");
    assert!((bytes..=anew).contains(&of("rollback")), "the old files stay: {}", of("rollback"));
    // Some 200 kB a week: twice that for four of 168 hours.
    assert!((8_000..16_000).contains(&of("queue")), "{}", of("queue"));
    assert_eq!(needs.iter().map(|need| number(&need["amount"])).sum::<u64>(), number(&line["series"][0]["needed"]));
}

#[test]
fn the_text_starts_with_the_decision_and_has_a_checklist() {
    let machine = grown();
    let words = "window vmail --at 2026-03-15T22:00Z --for 4h --today 2026-03-09 --needs 4MiB --rollback";
    let text = machine.run(words).exits_with(1).keeps_silent().text();
    let (first, _) = text.split_once("\n    ").expect("details follow");
    let first = first.replace("\n ", "");
    assert!(first.starts_with("NO-GO: the work, roll-back and queued mail need 8.0"), "{first}");
    assert!(first.contains(" will be free on vmail (80 %: ") && first.ends_with(" are missing for 95 %"), "{first}");
    assert!(
        text.contains("\nBefore\n  [ ] 14 Mar 2026: scan") && text.contains("\nAfter\n  [ ] By Mon 16 Mar 2026 02:00")
    );
    assert!(text.lines().filter(|line| line.starts_with("  [ ] ")).count() >= 8, "{text}");
}

#[test]
fn times_are_in_the_local_or_the_given_zone() {
    let machine = grown();
    let from = |at: &str, zone: &str| {
        let words = format!("window vmail --at {at} --for 90m --today 2026-03-09 --format json");
        machine.runway(&words).env("TZ", zone).run().succeeds().json()["starts_at"].clone()
    };
    assert_eq!(from("2026-03-15T22:00", "XST-3"), "2026-03-15T19:00:00Z");
    assert_eq!(from("2026-03-15T22:00-05:00", "XST-3"), "2026-03-16T03:00:00Z");
    assert_eq!(from("2026-03-15T22:00[UTC]", "XST-3"), "2026-03-15T22:00:00Z");
}

#[test]
fn a_backup_counts_on_its_target_volume() {
    let machine = Machine::new();
    let store = machine.store("vmail");
    store.deliver("example.org/ann", "INBOX", 1_000_000, "2026-01-05");
    machine.run("scan vmail").succeeds();
    let window = |options: &str| {
        // The decision depends on the machine that runs the test.
        machine.run(&format!("window --at {} --for 4h --format json {options}", tomorrow())).json()
    };
    let backup = |line: &Value| {
        let parts = line["series"].as_array().expect("a list").clone();
        let bytes = parts.into_iter().find(|part| part["resource"] == "bytes").expect("a volume has bytes");
        let needs = bytes["needs"].as_array().expect("a list").clone();
        needs.into_iter().find(|need| need["purpose"] == "backup").map(|need| number(&need["amount"]))
    };
    let here = window("--needs backup");
    assert!(backup(&here).expect("it is counted here") >= 1_000_000 && here["backup"].is_null(), "{here}");
    let same = window("--backup-to vmail");
    assert_eq!((backup(&same), &same["backup"]), (backup(&here), &Value::Null), "the store's own volume");
    let elsewhere = window("--backup-to /dev/shm");
    if !elsewhere["backup"].is_null() {
        assert_eq!(backup(&elsewhere), None);
        assert_eq!(number(&elsewhere["backup"]["needed_bytes"]), backup(&here).expect("it was counted"));
        let fits = number(&elsewhere["backup"]["available_bytes"]) >= number(&elsewhere["backup"]["needed_bytes"]);
        assert_eq!(elsewhere["backup"]["fits"], fits);
    }
}

#[test]
fn a_backup_to_a_known_volume_uses_the_forecast_of_that_volume() {
    let machine = Machine::new();
    let Some(elsewhere) = elsewhere(&machine) else { return };
    machine.store("vmail").deliver("example.org/ann", "INBOX", 1_000_000, "2026-01-05");
    let other = Store::new(elsewhere.path().join("archive"));
    other.deliver("example.net/bob", "INBOX", 5_000, "2026-01-05");
    machine.run(&format!("scan vmail {}", other.root.display())).succeeds();
    let words = format!("window vmail --at {} --for 4h --needs 7KiB,snapshot --format json --backup-to", tomorrow());
    let line = machine.run(&format!("{words} {}", elsewhere.path().display())).json();
    assert!(line["backup"].is_null(), "{line}");
    let parts = line["series"].as_array().expect("a list");
    let of = |mount: &str| parts.iter().find(|part| part["series"] == mount && part["resource"] == "bytes");
    let needs = of("/dev/shm").expect("it is judged too")["needs"].as_array().expect("a list");
    let purposes: Vec<(&str, bool)> =
        needs.iter().map(|n| (n["purpose"].as_str().expect("a word"), number(&n["amount"]) > 0)).collect();
    assert_eq!(purposes, [("backup", true), ("queue", false)], "the other works are on the other volume");
    assert!(number(&needs[0]["amount"]) >= 1_000_000, "{line}");
}

/// A directory on another volume than the machine's, if there is one.
fn elsewhere(machine: &Machine) -> Option<TempDir> {
    let elsewhere = tempfile::tempdir_in("/dev/shm").ok()?;
    let device = |path: &Path| path.metadata().expect("it is there").dev();
    (device(elsewhere.path()) != device(&machine.path(""))).then_some(elsewhere)
}

#[test]
fn a_volume_without_stores_is_left_out() {
    let machine = Machine::new();
    let Some(elsewhere) = elsewhere(&machine) else { return };
    let before = Store::new(elsewhere.path().join("vmail"));
    let now = machine.store("vmail");
    for (store, day) in [(&before, "2026-01-05"), (&now, "2026-01-06")] {
        store.deliver("example.org/ann", "INBOX", 1_000, day);
        machine.run(&format!("scan {} --taken-at {day}T20:00:00Z", store.root.display())).succeeds();
    }
    let words = format!("window --at {} --for 4h --format json --today 2026-01-06", tomorrow());
    let line = machine.run(&words).json();
    let names: Vec<&Value> = line["series"].as_array().expect("a list").iter().map(|part| &part["series"]).collect();
    assert!(!names.is_empty() && !names.contains(&&Value::from("/dev/shm")), "{names:?}");
}

/// A time of tomorrow, as `--at` takes it.
fn tomorrow() -> String {
    let later = jiff::Timestamp::now().checked_add(jiff::ToSpan::hours(24)).expect("it is in the calendar");
    later.strftime("%Y-%m-%dT%H:%MZ").to_string()
}

#[test]
fn an_old_history_gives_a_warning() {
    let machine = grown();
    let old = machine.run("window vmail --at 2026-04-05T22:00Z --for 4h --today 2026-04-01");
    old.succeeds().warns(&["the last scan is 23 days old, of 9 Mar 2026", "scan again"]);
}
