//! `history compact`: finished months in one piece each, of which every command says what it said before.

use std::fs;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use mailrunway::history::History;
use mailrunway::history::compaction::Compaction;
use mailrunway::model::days::Days;

use crate::support::machine::Machine;

const COMMANDS: [&str; 9] = [
    "forecast --no-record --today 2026-04-20 --format json",
    "report --no-record --today 2026-04-20 --format json",
    "whatif retain=Trash:30d retain=*:10w --today 2026-04-20 --format json",
    "backtest --every 1w --today 2026-04-20 --format json",
    "history list --format json",
    "history show 2026-02-03 --format json",
    "export mailbox",
    "export folder",
    "export cohort",
];

/// Scans on every third night from 1 January to 18 April, by two machines, of mailboxes that come, grow and go.
fn nights() -> Machine {
    let machine = Machine::new();
    let store = machine.store("vmail");
    for night in 0..36_i64 {
        let day = jiff::civil::date(2026, 1, 1).saturating_add(jiff::Span::new().days(night * 3));
        for user in ["ann", "bob/x", "bob", "zoe"].iter().take(2 + night as usize / 12) {
            if night % 4 != 3 {
                store.deliver(format!("example.org/{user}"), "INBOX", 6_000, &day.to_string());
                store.deliver(format!("example.org/{user}"), "Trash", 1_000, &day.to_string());
            }
        }
        if night == 20 {
            fs::remove_dir_all(store.root.join("example.org/bob/x")).expect("it is there");
        }
        let host = if night % 9 == 8 { "mail02" } else { "mail01" };
        set_host(&machine, host);
        machine.run(&format!("scan --quiet --taken-at {day}T04:00:00Z")).succeeds();
    }
    machine
}

fn set_host(machine: &Machine, host: &str) {
    let root = machine.path("vmail").display().to_string();
    machine.settings(&format!(
        "host = '{host}'\n[[store]]\nname = 'vmail'\npath = '{root}'\nlimit = '2MiB'\nfilesystem = false\n\
         [[quota]]\nmailboxes = '*'\nlimit = '300KiB'\n"
    ));
}

fn answers(machine: &Machine) -> Vec<(String, String)> {
    COMMANDS.iter().map(|command| ((*command).to_owned(), machine.run(command).succeeds().text())).collect()
}

fn directories(machine: &Machine) -> Vec<String> {
    let names = fs::read_dir(machine.path("history/snapshots")).expect("it is there").flatten();
    let mut names: Vec<String> = names.map(|entry| entry.file_name().into_string().expect("it is text")).collect();
    names.sort();
    names
}

fn bytes(machine: &Machine) -> u64 {
    let files = walkdir::WalkDir::new(machine.path("history/snapshots")).into_iter().flatten();
    files.filter(|file| file.file_type().is_file()).map(|file| file.metadata().expect("it is there").len()).sum()
}

#[test]
fn every_answer_is_as_before() {
    let machine = nights();
    let (before, size) = (answers(&machine), bytes(&machine));
    let asked = machine.run("history compact --dry-run --nights 50y --format json").succeeds().text();
    assert_eq!(asked.lines().count(), 4, "the other machine has one snapshot a month: {asked}");
    assert_eq!(answers(&machine), before, "nothing is done");
    machine.run("history compact --nights 50y").succeeds();
    assert_eq!(answers(&machine), before);
    assert_eq!(directories(&machine).iter().filter(|name| name.starts_with("month=")).count(), 4);
    assert!(bytes(&machine) * 2 < size, "{} of {size}", bytes(&machine));
    machine.run("history verify").succeeds();
    let again = machine.run("history compact --nights 50y").succeeds().text();
    assert!(again.starts_with("nothing to do"), "{again}");
    // A scan that comes late joins its month.
    machine.run("scan --quiet --force --taken-at 2026-02-02T05:00:00Z").succeeds();
    let late = answers(&machine);
    assert_ne!(late, before);
    machine.run("history compact --nights 50y").succeeds();
    assert_eq!((answers(&machine), directories(&machine).len()), (late, 8));
}

#[test]
fn a_scan_compacts_one_month_if_the_settings_say_so() {
    let machine = nights();
    let months = || directories(&machine).iter().filter(|name| name.starts_with("month=")).count();
    machine.run("scan --quiet --force --taken-at 2026-04-20T04:00:00Z").succeeds();
    assert_eq!(months(), 0);
    let settings = fs::read_to_string(machine.path("mailrunway.toml")).expect("it is there");
    machine.settings(&format!("{settings}[scan]\ncompact = true\n"));
    for scan in 1..=2 {
        machine.run(&format!("scan --quiet --force --taken-at 2026-04-2{scan}T04:00:00Z")).succeeds();
        assert_eq!(months(), scan);
    }
    machine.run("history verify").succeeds();
    assert_eq!(machine.run("history list --format json").succeeds().text().lines().count(), 39);
}

#[test]
fn of_long_ago_one_night_a_week_stays() {
    let machine = nights();
    let days = || {
        let list = machine.run("history list --format json").succeeds().text();
        let day = |line: &str| line.split("taken_at\":\"").nth(1).map(|rest| rest[..10].to_owned());
        list.lines().filter_map(day).collect::<Vec<_>>()
    };
    machine.run("history compact --nights 1d").succeeds();
    let left = days();
    // mail01 scanned on 1, 4, 7, 10, 13, 16, 19 and 22 January, mail02 on 25, mail01 on 28 and
    // 31: weeks begin on Monday.
    assert_eq!(&left[..6], ["2026-01-04", "2026-01-10", "2026-01-16", "2026-01-22", "2026-01-25", "2026-01-31"]);
    machine.run("history verify").succeeds();
    machine.run("forecast --no-record --today 2026-04-20").succeeds();
}

#[test]
fn snapshots_and_stores_leave_a_month() {
    let machine = nights();
    machine.run("history compact --nights 50y").succeeds();
    let listed = |machine: &Machine| machine.run("history list --format json").succeeds().text().lines().count();
    machine.run("history remove snapshot=20260104T040000Z_mail01").succeeds();
    assert_eq!(listed(&machine), 35);
    machine.run("history show snapshot=20260104T040000Z_mail01").fails(2, &["there is no such snapshot"]);
    machine.run("history show snapshot=20260107T040000Z_mail01").succeeds();
    machine.run("history remove mail02").succeeds();
    assert_eq!(listed(&machine), 31);
    machine.run("history compact --nights 50y").succeeds();
    set_host(&machine, "mail01");
    // The name of a snapshot in a month is taken.
    machine.run("scan --quiet --force --taken-at 2026-02-03T04:00:00Z").succeeds();
    assert_eq!(listed(&machine), 32);
    machine.run("history compact --nights 50y").succeeds();
    assert_eq!(listed(&machine), 32, "a second scan of one second stays alone");
    machine.run("history remove vmail").succeeds();
    assert_eq!(directories(&machine), Vec::<String>::new());
}

#[test]
fn what_another_program_put_into_a_month_meanwhile_stays() {
    let machine = nights();
    let history = History::open(&machine.path("history")).expect("it is there");
    let compaction = Compaction { today: jiff::civil::date(2026, 5, 1), nights: Days(365) };
    let months = history.months_to_compact(compaction).expect("it can be listed");
    set_host(&machine, "mail01");
    machine.run("scan --quiet --force --taken-at 2026-02-02T05:00:00Z").succeeds();
    machine.run("history compact --nights 50y").succeeds();
    for month in &months {
        history.compact(month).expect("it can be written");
    }
    assert_eq!(machine.run("history list --format json").succeeds().text().lines().count(), 37);
}

#[test]
fn a_damaged_month_is_named_and_left_out() {
    let machine = nights();
    machine.run("history compact --nights 50y").succeeds();
    for table in ["store", "snapshot"] {
        let file = format!("history/snapshots/month=202602_mail01/{table}.parquet");
        let mut bytes = fs::read(machine.path(&file)).expect("it is there");
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        machine.write(&file, bytes);
        let forecast = machine.run("forecast --no-record --today 2026-04-20").succeeds();
        let hint = "history remove month=202602_mail01";
        let told = forecast.stderr().split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(told.contains(&format!("{table}.parquet")) && told.contains(hint), "{told}");
        let compact = machine.run("history compact --nights 50y").succeeds().text();
        assert!(compact.starts_with("nothing to do"), "{compact}");
    }
    assert_eq!(machine.run("history verify").parts().0, 1);
    machine.run("history remove month=202602_mail01").succeeds();
    machine.run("history verify").succeeds();
    let list = machine.run("history list").succeeds().text();
    assert!(!list.contains("20260203") && list.contains("20260131"), "{list}");
}

#[test]
fn a_reader_sees_every_snapshot_at_any_time() {
    let machine = nights();
    let (history, is_done) = (machine.path("history"), AtomicBool::new(false));
    let read = || {
        let mut counts = Vec::new();
        while !is_done.load(Ordering::Relaxed) {
            let mut list = Command::new(env!("CARGO_BIN_EXE_mailrunway"));
            list.args(["history", "list", "--format", "json", "--history"]).arg(&history);
            let output = list.output().expect("it runs");
            assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
            counts.push(output.stdout.iter().filter(|&&byte| byte == b'\n').count());
        }
        counts
    };
    thread::scope(|scope| {
        let readers = [scope.spawn(read), scope.spawn(read)];
        for month in ["2026-01", "2026-02", "2026-03", "2026-04"] {
            machine.run("history compact --nights 50y").succeeds();
            // A removal takes its month apart.
            machine.run(&format!("scan --quiet --force --taken-at {month}-03T05:00:00Z")).succeeds();
            machine.run("history compact --nights 50y").succeeds();
            machine.run(&format!("history remove snapshot={}03T050000Z_mail02", month.replace('-', ""))).succeeds();
        }
        is_done.store(true, Ordering::Relaxed);
        for reader in readers {
            let counts = reader.join().expect("it reads");
            assert!(counts.len() > 5 && counts.iter().all(|count| [36, 37].contains(count)), "{counts:?}");
        }
    });
}
