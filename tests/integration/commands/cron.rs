//! Commands that cron runs: reports only when they are due, a status for scripts, readers, and scans without rights.

use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use super::weekly_scans::grown;
use crate::support::machine::Machine;

const NOTHING: [PathBuf; 0] = [];

#[test]
fn a_report_that_is_not_due_removes_the_last_one_and_tells_by_its_status() {
    let machine = grown();
    machine.run("report -o week.txt --when warning --exit-status --today 2026-03-30").exits_with(0);
    assert!(machine.path("week.txt").is_file(), "the last scan is old");
    let quiet = "report -o week.txt --when warning --lead-time 1d --today 2026-03-09";
    machine.run(&format!("{quiet} --exit-status")).exits_with(4).keeps_silent();
    assert!(!machine.path("week.txt").exists());
    machine.run(quiet).succeeds().keeps_silent();
    machine.run("report --when warning --lead-time 1d --today 2026-03-09 --exit-status").exits_with(4);
    // Only a regular file is removed.
    std::fs::create_dir(machine.path("week.txt")).expect("a directory can be made");
    machine.run(quiet).succeeds();
    assert!(machine.path("week.txt").is_dir());
    machine.run("report --exit-status --today 2026-03-09").succeeds();
}

#[test]
fn without_record_nothing_is_written() {
    let machine = grown();
    for command in ["forecast", "report"] {
        let asked = machine.run(&format!("{command} --no-record --today 2026-03-09")).succeeds().keeps_silent();
        assert_eq!(asked.changed(), NOTHING, "{command}");
        assert_ne!(machine.run(&format!("{command} --today 2026-03-09")).succeeds().changed(), NOTHING, "{command}");
        std::fs::remove_dir_all(machine.path("history/forecasts")).expect("it was made");
    }
}

#[test]
fn a_reader_is_told_how_to_ask_without_recording() {
    let machine = grown();
    let owner = rustix::process::geteuid();
    if !owner.is_root() {
        return;
    }
    for entry in walkdir::WalkDir::new(machine.path("history")) {
        let entry = entry.expect("it can be listed");
        let mode = if entry.file_type().is_dir() { 0o755 } else { 0o644 };
        std::fs::set_permissions(entry.path(), std::fs::Permissions::from_mode(mode)).expect("it can be set");
    }
    for command in ["forecast", "report"] {
        let ask = |more: &str| machine.runway(&format!("{command} --today 2026-03-09 {more}")).by_ordinary_user().run();
        ask("").succeeds().warns(&["Permission denied", "hint: add --no-record"]);
        ask("--no-record").succeeds().keeps_silent();
    }
}

#[test]
fn a_scan_that_may_read_no_mailbox_fails_and_saves_nothing() {
    let machine = Machine::new();
    let store = machine.store("vmail");
    for user in ["ann", "bob"] {
        store.deliver(format!("example.org/{user}"), "INBOX", 1_000, "2026-01-05");
    }
    machine.write("vmail/README", "no mail");
    let scan = || machine.runway("scan vmail --history home/history").by_ordinary_user();
    let refused =
        ["no mailbox of the store vmail could be read", "Permission denied", "root or vmail", "CAP_DAC_READ_SEARCH"];
    for closed in ["vmail/example.org", "vmail/example.org/ann", "vmail/example.org/ann/cur"] {
        machine.allow("vmail/example.org/bob", 0o700);
        machine.forbid("vmail/example.org/bob", 0o000);
        machine.forbid(closed, 0o000);
        scan().run().exits_with(1).warns(&refused);
        let list = machine.runway("history list --history home/history").by_ordinary_user().run();
        list.exits_with(1).warns(&["there is no history yet"]);
        machine.allow(closed, 0o755);
    }
    machine.allow("vmail/example.org/bob", 0o755);
    scan().run().succeeds().keeps_silent();
}

#[test]
fn one_store_that_may_not_be_read_is_left_out() {
    let machine = Machine::new();
    for store in ["open", "closed"] {
        machine.store(store).deliver("example.org/ann", "INBOX", 1_000, "2026-01-05");
    }
    machine.forbid("closed/example.org", 0o000);
    let scan = machine.runway("scan open closed --format json --history home/history").by_ordinary_user().run();
    let scan = scan.exits_with(1).warns(&["no mailbox of the store closed could be read", "nothing of it was saved"]);
    let stores = scan.json()["stores"].clone();
    assert_eq!((stores.as_array().map(Vec::len), &stores[0]["store"]), (Some(1), &"open".into()));
    let list = machine.runway("history list --format json --history home/history").by_ordinary_user().run();
    assert_eq!(list.succeeds().json()["stores"][0]["store"], "open");
}
