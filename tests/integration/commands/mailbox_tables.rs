//! Mailbox tables of the report, for stores that are not always scanned together.

use crate::support::machine::Machine;

/// The rows of one of the report's tables, cell by cell.
fn rows(report: &str, title: &str) -> Vec<Vec<String>> {
    let table = report.lines().map(str::trim_start).skip_while(|line| !line.starts_with(title)).skip(2);
    let cells = |row: &str| row.split("  ").map(str::trim).filter(|cell| !cell.is_empty()).map(str::to_owned).collect();
    table.take_while(|row| !row.is_empty()).map(cells).collect()
}

/// The cells of one column.
fn column(rows: &[Vec<String>], at: usize) -> Vec<&str> {
    rows.iter().map(|row| row[at].as_str()).collect()
}

#[test]
fn a_store_scanned_alone_and_with_another_counts_once() {
    let machine = Machine::new();
    let (a, b) = (machine.store("a"), machine.store("b"));
    let settings = |name: &str| {
        let path = machine.path(name);
        format!("[[store]]\nname = '{name}'\npath = '{}'\nlimit = '4MiB'\nfilesystem = false\n", path.display())
    };
    machine.settings(&(settings("a") + &settings("b")));
    a.deliver("example.org/ann", "INBOX", 400_000, "2026-01-05");
    a.deliver("example.org/bob", "INBOX", 300_000, "2026-01-05");
    b.deliver("example.net/eve", "INBOX", 900_000, "2026-01-05");
    machine.run("scan a --taken-at 2026-01-05T04:00:00Z").succeeds().keeps_silent();
    a.deliver("example.org/ann", "INBOX", 100_000, "2026-02-09");
    a.deliver("example.org/cid", "INBOX", 50_000, "2026-02-09");
    machine.run("scan --taken-at 2026-02-09T04:00:00Z").succeeds().keeps_silent();
    let report = machine.run("report --today 2026-02-09").succeeds().keeps_silent().text();
    let heading = |store: &str| format!("\n{store}\n=\n");
    let sheet = |store: &str, other: &str| {
        let (_, sheet) = report.split_once(&heading(store)).expect("each store has a sheet");
        sheet.split(&heading(other)).next().unwrap_or(sheet)
    };
    let (of_a, of_b) = (sheet("a", "b"), sheet("b", "a"));
    let largest = rows(of_a, "Largest mailboxes");
    assert_eq!(column(&largest, 0), ["ann@example.org", "bob@example.org", "cid@example.org"], "{report}");
    assert_eq!(column(&rows(of_b, "Largest mailboxes"), 0), ["eve@example.net"], "{report}");
    let share = |cell: &str| cell.trim_end_matches(" %").parse::<f64>().expect("a share is a number");
    let shares: f64 = column(&largest, 2).into_iter().map(share).sum();
    assert!((99.7..100.3).contains(&shares), "{shares} % in {report}");
    let growers = rows(&report, "Grew most, 5 Jan to 9 Feb 2026");
    assert_eq!(column(&growers, 0), ["ann@example.org", "cid@example.org"], "Eve's store is new: {report}");
    assert_eq!(column(&growers, 3), ["+1", "+1"], "{report}");
    assert!(!of_b.contains("Grew most"), "Eve's store was not there before: {report}");
}

#[test]
fn stores_of_one_volume_scanned_separately_are_all_listed_while_recent() {
    let machine = Machine::new();
    let (a, b) = (machine.store("a"), machine.store("b"));
    let settings = |name: &str| format!("[[store]]\nname = '{name}'\npath = '{}'\n", machine.path(name).display());
    machine.settings(&(settings("a") + &settings("b")));
    a.deliver("example.org/ann", "INBOX", 400_000, "2026-01-05");
    b.deliver("example.net/eve", "INBOX", 900_000, "2026-01-05");
    for scan in ["scan a --taken-at 2026-01-05T04:00:00Z", "scan b --taken-at 2026-01-05T05:00:00Z"] {
        machine.run(scan).succeeds();
    }
    let names = |today: &str| {
        let report = machine.run(&format!("report --format json --today {today}")).succeeds().json();
        let subjects = report["subjects"].as_array().expect("it is a list").clone();
        let largest = subjects.iter().find_map(|subject| subject["growing"]["largest"].as_array()).expect("one tells");
        largest.iter().map(|one| one["address"].as_str().expect("it is a name").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names("2026-01-05"), ["b:eve@example.net", "a:ann@example.org"]);
    machine.run("scan a --taken-at 2026-03-02T04:00:00Z").succeeds();
    assert_eq!(names("2026-03-02"), ["ann@example.org"]);
    // The chart shows the series of the store, not of the volume, which the store's name also selects.
    machine.settings(&(settings("a") + &settings("b") + "limit = '4MiB'\n"));
    machine.run("chart --kind past b -o past.svg --today 2026-03-02").succeeds();
    let drawn = std::fs::read_to_string(machine.path("past.svg")).expect("it is drawn");
    assert!(drawn.contains("<title>b, bytes"), "{}", &drawn[..400]);
    // Without a name, the store scanned last is drawn.
    machine.run("chart --kind largest -o largest.svg").succeeds();
    let drawn = std::fs::read_to_string(machine.path("largest.svg")).expect("it is drawn");
    assert!(drawn.contains("ann@example.org"), "{}", &drawn[..400]);
    machine.run("chart --kind ages c -o ages.svg").fails(2, &["there is no store `c`", "a, b"]);
}

#[test]
fn dates_and_growth_are_compared_with_the_same_scan() {
    let machine = Machine::new();
    let (a, b) = (machine.store("a"), machine.store("b"));
    let settings = |name: &str| format!("[[store]]\nname = '{name}'\npath = '{}'\n", machine.path(name).display());
    machine.settings(&(settings("a") + &settings("b")));
    for (monday, scan) in [("2026-01-05", "scan"), ("2026-01-12", "scan a"), ("2026-01-19", "scan")] {
        a.deliver("example.org/ann", "INBOX", 40_000, monday);
        b.deliver("example.net/eve", "INBOX", 40_000, monday);
        machine.run(&format!("{scan} --taken-at {monday}T04:00:00Z")).succeeds();
    }
    let report = machine.run("report --format json --today 2026-01-19").succeeds().json();
    let subject = &report["subjects"][0];
    // Store b was not scanned on the 12th, so growth counts from the 5th.
    assert_eq!(subject["change"]["from"], "2026-01-05", "{subject}");
    for line in subject["lines"].as_array().expect("it is a list") {
        assert_eq!(line["before"]["as_of"], "2026-01-05", "{line}");
    }
}
