//! Stores that are missing, empty, or closed to the user.

use std::fs;
use std::os::fd::OwnedFd;
use std::path::Path;

use rustix::fs::{Mode, OFlags};
use serde_json::json;

use crate::support::machine::Machine;

#[test]
fn a_missing_path_is_refused() {
    let machine = Machine::new();
    machine.run("scan vmial").fails(2, &["there is no store or directory `vmial`", "the settings name no store"]);
    machine.run("scan ./vmial").fails(1, &["there is no such store", "vmial"]);
    machine.settings("[[store]]\nname = 'vmail'\npath = '/nowhere'\n[[store]]\nname = 'old'\npath = '/old'\n");
    for words in ["vmial", "--store vmial", "--explain x vmial"] {
        machine.run(&format!("scan {words}")).fails(2, &["`vmial`", "the stores of the settings are: vmail, old"]);
    }
    machine.run("scan --store vmail").fails(1, &["there is no such store: /nowhere"]);
}

#[test]
fn a_file_is_refused() {
    let machine = Machine::new();
    machine.write("mbox", "From a");
    machine.run("scan mbox").fails(1, &["this is a file", "mbox"]);
}

#[test]
fn a_path_through_a_file_is_refused() {
    let machine = Machine::new();
    machine.write("mbox", "From a");
    machine.run("scan mbox/ann").fails(1, &["mbox/ann"]);
}

#[test]
fn an_empty_store_is_refused_as_possibly_not_mounted() {
    let machine = Machine::new();
    machine.store("vmail");
    // Otherwise the scan makes the directory, to be confined to it.
    std::fs::create_dir(machine.path("history")).expect("a directory can be made");
    machine.run("scan vmail").fails(1, &["the store is empty", "vmail", "mounted"]);
}

#[test]
fn one_bad_store_of_two_fails_the_scan() {
    let machine = Machine::new();
    machine.store("vmail").deliver("example.org/ann", "INBOX", 1_000, "2026-01-05");
    machine.run("scan vmail ./vmial").fails(1, &["there is no such store", "vmial"]);
}

#[test]
fn a_scan_without_stores_is_a_usage_error() {
    Machine::new().run("scan").fails(2, &["there is nothing to scan"]);
}

#[test]
fn two_stores_with_one_name_are_refused() {
    let machine = Machine::new();
    for store in ["a/vmail", "b/vmail"] {
        machine.store(store).deliver("example.org/ann", "INBOX", 1_000, "2026-01-05");
    }
    machine.run("scan a/vmail b/vmail").fails(2, &["two stores have the name `vmail`"]);
    machine.run("scan a/vmail b/vmail --name both").fails(2, &["--name names one store"]);
}

#[test]
fn a_store_with_an_unreadable_root_is_refused() {
    let machine = Machine::new();
    machine.store("vmail").deliver("example.org/ann", "INBOX", 1_000, "2026-01-05");
    machine.forbid("vmail", 0o000);
    let scan = || machine.runway("scan vmail --history home/history").by_ordinary_user();
    scan().run().fails(1, &["cannot read the store", "vmail", "Permission denied"]);
}

#[test]
fn a_store_below_an_unreadable_directory_is_refused() {
    let machine = Machine::new();
    machine.store("closed/vmail").deliver("example.org/ann", "INBOX", 1_000, "2026-01-05");
    machine.forbid("closed", 0o000);
    let scan = machine.runway("scan closed/vmail --history home/history").by_ordinary_user();
    scan.run().fails(1, &["cannot reach the store", "closed/vmail", "Permission denied"]);
}

/// A store in which Bob's mailbox and Cid's folder Sent cannot be read.
fn partly_closed() -> Machine {
    let machine = Machine::new();
    let store = machine.store("vmail");
    store.deliver("example.org/ann", "INBOX", 1_000, "2026-01-05");
    store.deliver("example.org/bob", "INBOX", 1_000, "2026-01-05");
    store.deliver("example.org/cid", "INBOX", 1_000, "2026-01-05");
    store.deliver("example.org/cid", "Sent", 1_000, "2026-01-05");
    machine.forbid("vmail/example.org/bob", 0o000);
    machine.forbid("vmail/example.org/cid/.Sent/cur", 0o000);
    machine
}

#[test]
fn unreadable_directories_are_reported_and_the_rest_is_scanned() {
    let machine = partly_closed();
    let scan = machine.runway("scan vmail --format json --history home/history").by_ordinary_user().run().succeeds();
    let scan = scan.warns(&["warning: 2 places could not be read", "marked partial", "hint: scan as a user who may"]);
    let snapshot = scan.json();
    assert_eq!(snapshot["complete"], false);
    let problems = snapshot["problems"].as_array().expect("problems are a list");
    let mut closed: Vec<_> = problems.iter().map(|problem| (&problem["kind"], &problem["path"])).collect();
    closed.sort_by_key(|(_, path)| path.to_string());
    let at = |name: &str| json!(machine.path(name));
    let kind = json!("permission_denied");
    let expected = [at("vmail/example.org/bob"), at("vmail/example.org/cid/.Sent/cur")];
    assert_eq!(closed, expected.iter().map(|path| (&kind, path)).collect::<Vec<_>>());
    assert_eq!(snapshot["stores"][0]["messages"], 2, "Ann's and Cid's own");
}

/// Makes nested directories with names of 200 bytes, and in the deepest a Maildir with a message of 777 bytes.
fn nest(top: &Path, levels: usize) {
    let make = |above: &OwnedFd, name: &str| {
        rustix::fs::mkdirat(above, name, Mode::RWXU).expect("a directory can be made");
        rustix::fs::openat(above, name, OFlags::RDONLY, Mode::empty()).expect("it can be opened")
    };
    let mut deepest = OwnedFd::from(fs::File::open(top).expect("it is there"));
    for _ in 0..levels {
        deepest = make(&deepest, &"d".repeat(200));
    }
    for part in ["new", "tmp"] {
        make(&deepest, part);
    }
    let flags = OFlags::CREATE | OFlags::WRONLY;
    let message = rustix::fs::openat(make(&deepest, "cur"), "1.a:2,S", flags, Mode::RWXU).expect("it can be made");
    rustix::fs::ftruncate(&message, 777).expect("it can be made longer");
}

#[test]
fn directories_nested_deeper_than_a_path_may_be_long_are_read() {
    let machine = Machine::new();
    machine.store("vmail").deliver("example.org/ann", "INBOX", 1_000, "2026-01-05");
    fs::create_dir(machine.path("vmail/deep")).expect("a directory can be made");
    nest(&machine.path("vmail/example.org/ann"), 30);
    nest(&machine.path("vmail/deep"), 30);
    for _ in 0..2 {
        let snapshot = machine.run("scan vmail --format json").succeeds().keeps_silent().json();
        let store = &snapshot["stores"][0];
        assert_eq!(
            (&snapshot["complete"], &store["messages"], &store["message_bytes"]),
            (&json!(true), &json!(3), &json!(2_554))
        );
        let paths = store["mailbox"].as_array().expect("a list").iter().map(|mailbox| mailbox["path"].as_str());
        assert_eq!(paths.map(|path| path.map_or(0, str::len)).max(), Some("deep".len() + 30 * 201));
    }
}

#[test]
fn directories_nested_without_end_are_reported() {
    let machine = Machine::new();
    machine.store("vmail").deliver("example.org/ann", "INBOX", 1_000, "2026-01-05");
    nest(&machine.path("vmail/example.org/ann"), 400);
    let snapshot = machine.run("scan vmail --format json").succeeds().json();
    assert_eq!((&snapshot["complete"], &snapshot["stores"][0]["messages"]), (&json!(false), &json!(1)));
    assert_eq!(snapshot["problems"][0]["detail"], "its path is longer than 65536 bytes");
}

#[test]
fn what_cannot_be_read_leaves_all_other_mailboxes_and_the_store_their_forecasts() {
    let machine = Machine::new();
    let store = machine.store("vmail");
    let root = store.root.display();
    machine.settings(&format!(
        "[[store]]\nname = 'vmail'\npath = '{root}'\nlimit = '10MiB'\nfilesystem = false\n\
         [[quota]]\nmailboxes = '*'\nmessages = 50\n"
    ));
    for week in 0..4 {
        let day = jiff::civil::date(2026, 1, 5).saturating_add(jiff::ToSpan::weeks(week)).to_string();
        for (user, folder) in [("ann", "INBOX"), ("bob", "INBOX"), ("cid", "INBOX"), ("cid", "Sent")] {
            store.deliver(format!("example.org/{user}"), folder, 90_000 + 5_000 * (week as usize * 3 % 4), &day);
        }
        if week == 0 {
            machine.forbid("vmail/example.org/bob", 0o000);
        }
        if week == 3 {
            machine.forbid("vmail/example.org/cid/.Sent/cur", 0o000);
        }
        let scan = machine.runway(&format!("scan --history home/history --taken-at {day}T04:00:00Z"));
        let scan = scan.by_ordinary_user().run().succeeds();
        scan.warns(&[if week == 3 {
            "marked partial: cid@example.org"
        } else {
            "marked partial; the mailboxes found are whole"
        }]);
    }
    let today = "--history home/history --today 2026-01-26";
    let forecast = machine.runway(&format!("forecast --format json {today}")).by_ordinary_user().run().succeeds();
    let forecast = forecast.warns(&["warning: vmail: the last scan could not read 2 places; partial: cid@example.org"]);
    let lines = forecast.json_lines();
    let of = |series: &str| lines.iter().find(|line| line["series"] == series).expect("it has a forecast");
    let used = |series: &str| of(series)["used"].as_f64().expect("it is in use");
    assert_eq!((used("ann@example.org"), used("cid@example.org")), (4.0, 6.0), "Cid's last whole scan");
    assert!(used("vmail") > 0.0);
    assert_eq!(lines.len(), 3, "no scan ever found Bob's");
    let report = machine.runway(&format!("report {today}")).by_ordinary_user().run().succeeds().text();
    let words = report.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("could not read 2 places; partial: cid@example.org."), "{report}");
}

#[test]
fn a_strict_scan_fails_but_keeps_the_partial_snapshot() {
    let machine = partly_closed();
    let scan = machine.runway("scan vmail --strict --history home/history").by_ordinary_user().run().exits_with(1);
    let scan = scan.warns(&["error: 2 places could not be read", "hint: "]);
    assert!(!scan.changed().is_empty(), "the history has the snapshot");
    let list = machine.runway("history list --format json --history home/history").by_ordinary_user();
    let kept = list.run().succeeds().json();
    assert_eq!(kept["complete"], false);
}

#[test]
fn files_of_a_directory_without_search_permission_are_reported() {
    let machine = Machine::new();
    machine.store("vmail").deliver("example.org/ann", "INBOX", 1_000, "2026-01-05");
    for file in ["one", "two", "three"] {
        machine.write(&format!("vmail/listed/{file}"), "not mail");
    }
    machine.forbid("vmail/listed", 0o444);
    let scan = |options: &str| {
        machine.runway(&format!("scan vmail --history home/history {options}")).by_ordinary_user().run()
    };
    let actual = scan("--format json").succeeds().warns(&["3 places could not be read", "marked partial"]).json();
    assert_eq!(actual["complete"], false);
    let problems = actual["problems"].as_array().expect("problems are a list");
    let mut lost: Vec<_> = problems.iter().filter_map(|problem| problem["path"].as_str()).collect();
    lost.sort_unstable();
    let files = ["one", "three", "two"].map(|file| machine.path("vmail/listed").join(file).display().to_string());
    assert_eq!(lost, files);
    scan("--strict").exits_with(1).warns(&["error: 3 places could not be read"]);
}

#[test]
fn the_number_of_threads_is_limited() {
    let machine = Machine::new();
    machine.store("vmail").deliver("example.org/ann", "INBOX", 1_000, "2026-01-05");
    machine.run("scan vmail --threads 5000").fails(2, &["--threads", "5000", "1024"]);
    machine.runway("scan vmail").env("MAILRUNWAY_THREADS", "5000").run().fails(2, &["--threads", "5000"]);
    machine.run("scan vmail --threads 1024").succeeds();
}

#[test]
fn invalid_io_limits_are_refused() {
    let machine = Machine::new();
    machine.store("vmail").deliver("example.org/ann", "INBOX", 1_000, "2026-01-05");
    machine.run("scan vmail --io-limit 0").fails(2, &["--io-limit", "leave the option out for no limit"]);
    machine
        .run("scan vmail --io-limit 5k")
        .fails(2, &["--io-limit", "`5k` is not a valid number of operations a second"]);
    machine.runway("scan vmail").env("MAILRUNWAY_IO_LIMIT", "-1").run().fails(2, &["--io-limit"]);
    machine.run("scan vmail --io-limit 4000").succeeds();
}

#[test]
fn conflicting_scan_options_are_refused() {
    let machine = Machine::new();
    machine.store("vmail").deliver("example.org/ann", "INBOX", 1_000, "2026-01-05");
    machine.run("scan vmail --full --names").fails(2, &["--full", "--names"]);
    for flag in ["--full", "--names", "--idle"] {
        machine.run(&format!("scan --explain vmail {flag}")).fails(2, &["--explain", flag]);
    }
    // Environment variables apply to every scan, so they do not conflict with --explain.
    machine.runway("scan --explain vmail").env("MAILRUNWAY_IO_LIMIT", "100").run().succeeds();
}
