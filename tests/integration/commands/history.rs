//! `history list` and `history show`.

use super::weekly_scans::grown;
use crate::support::machine::Machine;

#[test]
fn list_has_a_line_for_each_scan_by_time() {
    let machine = grown();
    machine.run("scan --taken-at 2025-12-29T04:00:00Z").succeeds();
    let list = machine.run("history list --format json").succeeds().json_lines();
    let times: Vec<&str> = list.iter().map(|line| line["taken_at"].as_str().expect("it is a time")).collect();
    assert_eq!((times.len(), times[0]), (11, "2025-12-29T04:00:00Z"));
    assert!(times.is_sorted(), "{times:?}");
    let text = machine.run("history list").succeeds().text();
    assert_eq!(text.lines().count(), 1 + 11, "{text}");
    for line in &list {
        let name = line["snapshot"].as_str().expect("it has a name");
        assert!(text.contains(name), "{name} is missing from {text}");
    }
}

#[test]
fn show_prints_what_the_scan_printed() {
    let machine = Machine::new();
    let store = machine.store("vmail");
    store.deliver("example.org/ann", "INBOX", 1_000, "2026-01-05");
    store.deliver("example.org/ann", "Archive.2025", 20_000, "2025-06-01");
    store.deliver("bob", "INBOX", 3_000, "2026-01-06");
    std::fs::write(store.root.join("outside"), "not mail").expect("a file can be written");
    let first = machine.run("scan vmail --format json").succeeds().text();
    assert_eq!(machine.run("history show --format json").succeeds().text(), first);
    store.deliver("bob", "INBOX", 4_000, "2026-01-13");
    let scan = "scan vmail --taken-at 2020-01-01T00:00:00Z --force --format json";
    let second = machine.run(scan).succeeds().text();
    assert_eq!(machine.run("history show 2020-01-01 --format json").succeeds().text(), second, "by time");
    let name = machine.run("history list --format json").succeeds().json_lines()[0]["snapshot"].clone();
    let by_name = machine.runway("history show --format json").arg(name.as_str().expect("it has a name")).run();
    assert_eq!(by_name.succeeds().text(), second, "by name");
    let text = machine.run("history show 2020-01-01").succeeds().text();
    let scanned = machine.run("scan vmail").succeeds().text();
    let (head, rest) = text.split_once('\n').expect("there is more than a head");
    assert!(head.starts_with("2020-01-01T00:00:00Z on "), "{head}");
    // The space in use on the volume may change between two scans.
    let of_store = |text: &str| text.split_once("\nVolume").expect("the volume comes last").0.to_owned();
    assert_eq!(of_store(rest.trim_start()), of_store(&scanned), "the text is that of the scan");
}

#[test]
fn two_scans_in_one_second_make_two_snapshots() {
    let machine = Machine::new();
    let store = machine.store("vmail");
    store.deliver("example.org/ann", "INBOX", 1_000, "2026-01-05");
    let scan = || machine.run("scan vmail --taken-at 2026-01-12T04:00:00Z --format json").succeeds().text();
    let first = scan();
    store.deliver("example.org/ann", "INBOX", 1_000, "2026-01-06");
    let second = scan();
    assert_ne!(first, second);
    let names = machine.run("history list --format json").succeeds().json_lines();
    assert_eq!(names.len(), 2);
    let show = |at: usize| {
        let name = names[at]["snapshot"].as_str().expect("it has a name");
        machine.runway("history show --format json").arg(name).run().succeeds().text()
    };
    assert_eq!((show(0), show(1)), (first, second));
}

#[test]
fn a_second_scan_finds_the_same_figures() {
    let machine = grown();
    let scan = || {
        let mut snapshot = machine.run("scan --taken-at 2026-03-16 --format json").succeeds().json();
        snapshot.as_object_mut().expect("it is an object").remove("filesystems");
        snapshot
    };
    assert_eq!(scan(), scan());
}

#[test]
fn a_scan_writes_only_to_the_history() {
    let machine = grown();
    let scan = machine.run("scan --taken-at 2026-03-16").succeeds();
    let history = machine.path("history");
    assert!(!scan.changed().is_empty());
    assert!(scan.changed().iter().all(|path| path.starts_with(&history)), "{:?}", scan.changed());
    for command in ["history list", "history show", "history event list"] {
        assert_eq!(machine.run(command).succeeds().changed(), [] as [std::path::PathBuf; 0], "{command}");
    }
}

#[test]
fn a_day_selects_its_last_snapshot() {
    let machine = grown();
    for (asked, shown) in [
        ("2026-03-09", "2026-03-09T04:00:00Z"),
        ("2026-03-08", "2026-03-02T04:00:00Z"),
        ("2026-03-09T03:59:59Z", "2026-03-02T04:00:00Z"),
    ] {
        let show = machine.run(&format!("history show {asked} --format json")).succeeds().json();
        assert_eq!(show["taken_at"], shown, "{asked}");
    }
}

#[test]
fn show_lists_mailboxes_and_unreadable_directories() {
    let machine = Machine::new();
    let store = machine.store("vmail");
    store.deliver("example.org/ann", "INBOX", 1_000, "2026-01-05");
    store.deliver("example.org/ann", "Sent", 1_000, "2026-01-05");
    store.deliver("bob", "INBOX", 1_000, "2026-01-05");
    machine.forbid("vmail/example.org/ann/.Sent/cur", 0o000);
    let history = "--history home/history";
    machine.runway(&format!("scan vmail {history}")).by_ordinary_user().run().succeeds().warns(&["marked partial"]);
    let shown = machine.runway(&format!("history show {history}")).by_ordinary_user().run().succeeds();
    let (text, words) = (shown.text(), shown.words());
    let has_row =
        |start: &[&str]| text.lines().any(|line| line.split_whitespace().take(start.len()).eq(start.to_vec()));
    assert!(has_row(&["ann@example.org", "maildir", "2", "1"]), "{text}");
    assert!(has_row(&["bob", "maildir", "1", "1"]), "{text}");
    let closed = machine.path("vmail/example.org/ann/.Sent/cur");
    assert!(words.contains(&format!("{}: Permission denied", closed.display())), "{text}");
}
