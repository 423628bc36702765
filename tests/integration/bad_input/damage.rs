//! A flipped bit or a cut in any file of a history: commands name the file, answer from all others, and do not panic.
//!
//! `MAILRUNWAY_TEST_DAMAGES=5000` damages as many files, one after the other.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use walkdir::WalkDir;

use crate::support::machine::Machine;

/// Damages, unless the environment says otherwise.
const DAMAGES: usize = 40;

/// One damage of so many is a cut instead of a flipped bit.
const CUTS: usize = 8;

const LIST: &str = "history list --format json";
const SHOW: &str = "history show --format json";
const VERIFY: &str = "history verify --format json";

/// Each damage is followed by the first two and one of the others, in turn.
const COMMANDS: [&str; 10] = [
    LIST,
    VERIFY,
    "forecast --format json --today 2026-02-03",
    "scan vmail --format json --taken-at 2026-02-09",
    "report --format json --today 2026-02-03",
    "whatif retain=*:10d move=example.org --format json --today 2026-02-03",
    "window --at 2026-02-05T22:00Z --for 4h --needs convert --format json --today 2026-02-03",
    SHOW,
    "history event list --format json",
    "backtest --every 1w --format json --today 2026-02-03",
];

/// Where the damaged copy of the history is.
const COPY: &str = "copy";

struct Answer {
    status: i32,
    stdout: String,
    stderr: String,
}

fn answer(machine: &Machine, command: &str) -> Answer {
    let (status, stdout, stderr) = machine.runway(command).arg("--history").arg(COPY).run().parts();
    Answer { status, stdout, stderr }
}

/// A machine with a history of five scans, an event, and issued forecasts.
fn recorded() -> Machine {
    let machine = Machine::new();
    let store = machine.store("vmail");
    let root = machine.path("vmail").display().to_string();
    machine.settings(&format!("[[store]]\nname = 'vmail'\npath = '{root}'\nlimit = '1MiB'\nfilesystem = false\n"));
    for (week, day) in ["2026-01-05", "2026-01-12", "2026-01-19", "2026-01-26", "2026-02-02"].iter().enumerate() {
        for user in ["ann", "bob", "eve"] {
            store.deliver(format!("example.org/{user}"), "INBOX", 4_000 + 900 * week, day);
            store.deliver(format!("example.net/{user}"), "Trash", 9_000, day);
        }
        machine.run(&format!("scan vmail --quiet --taken-at {day}T12:00:00Z")).succeeds();
        machine.run(&format!("forecast --today {day}")).succeeds();
    }
    machine.run("history event add vmail --date 2026-01-20 --kind import --size 8KiB --note move").succeeds();
    machine
}

fn copy(from: &Path, to: &Path) {
    if to.exists() {
        fs::remove_dir_all(to).expect("a copy can be removed");
    }
    for entry in WalkDir::new(from) {
        let entry = entry.expect("the history can be listed");
        let target = to.join(entry.path().strip_prefix(from).expect("it lies in the history"));
        match entry.file_type().is_dir() {
            true => fs::create_dir(target).expect("a directory can be made"),
            false => fs::copy(entry.path(), target).map(drop).expect("a file can be copied"),
        }
    }
}

fn files_of(history: &Path) -> Vec<PathBuf> {
    let entries = WalkDir::new(history).sort_by_file_name().into_iter().flatten();
    let files = entries.filter(|entry| entry.file_type().is_file());
    let names = files.map(|entry| entry.path().strip_prefix(history).expect("it lies in the history").to_owned());
    // Nobody reads what keeps room.
    names.filter(|name| !name.starts_with("reserve")).collect()
}

/// Damages a file; says how.
fn damage(file: &Path, turn: usize, random: &mut ChaCha8Rng) -> String {
    let mut bytes = fs::read(file).expect("the file can be read");
    let place = random.random_range(0..bytes.len());
    let bit = random.random_range(0..8);
    let how = if turn % CUTS == CUTS - 1 {
        bytes.truncate(place);
        format!("cut to {place} bytes")
    } else {
        bytes[place] ^= 1 << bit;
        format!("bit {bit} of byte {place} flipped")
    };
    fs::write(file, bytes).expect("the file can be written");
    how
}

/// What is wrong with an answer after a file was damaged; `usual` is the answer of the whole history.
fn fault(file: &Path, command: &str, usual: &Answer, now: &Answer) -> Option<&'static str> {
    let name = file.to_str().expect("names are ASCII");
    let (is_marker, is_ledger) = (name.starts_with("mailrunway-history"), name.starts_with("ledger"));
    let is_same = (now.status, &now.stdout) == (usual.status, &usual.stdout);
    // Without the cache, a scan finds the same.
    let is_checked = !name.starts_with("cache") && (command != "history event list --format json" || is_ledger);
    let snapshot = file.iter().nth(1).and_then(|part| part.to_str()).unwrap_or("-");
    // All snapshots of a month have its year and month.
    let month = snapshot.strip_prefix("month=").map(|month| format!("snapshot={}", &month[..6]));
    let snapshot = month.as_deref().unwrap_or(snapshot);
    let others = |text: &str| -> Vec<String> {
        text.lines().filter(|line| !line.contains(snapshot)).map(str::to_owned).collect()
    };
    let is_window = command.starts_with("window");
    let is_named = now.stderr.contains(name) || command == VERIFY && now.stdout.contains(name);
    if ![0, 1].contains(&now.status) || now.stderr.contains("panicked") {
        Some("it ended badly")
    } else if !is_same && !is_named {
        Some("it is wrong, and the file is not named")
    } else if command == VERIFY && is_checked && !is_ledger && now.status == 0 {
        Some("the damage is not found")
    } else if is_window && now.status == 0 && usual.status != 0 {
        Some("it says GO because of the damage")
    } else if now.stdout.is_empty()
        && ![is_window, command == SHOW, is_marker, is_ledger, usual.stdout.is_empty()].contains(&true)
    {
        Some("it fails because of one file")
    } else if command == LIST && !is_marker && others(&now.stdout) != others(&usual.stdout) {
        Some("another snapshot is left out")
    } else {
        None
    }
}

#[test]
fn one_damaged_file_is_named_and_everything_else_is_used() {
    let count = std::env::var("MAILRUNWAY_TEST_DAMAGES").ok();
    let count = count.map_or(DAMAGES, |count| count.parse().expect("it is a number"));
    let machine = recorded();
    copy(&machine.path("history"), &machine.path("compacted"));
    machine.run("history compact --nights 50y --history compacted").succeeds();
    let (mut faults, mut answers) = (Vec::new(), 0);
    for history in ["history", "compacted"] {
        let found = damage_files(&machine, history, count / 2);
        answers += found.0;
        faults.extend(found.1);
    }
    println!("{count} damages, {answers} answers, {} faults", faults.len());
    assert!(faults.is_empty(), "{} of {answers} answers:\n{}", faults.len(), faults.join("\n"));
}

/// Damages files of a history one after the other; returns the number of answers, and what was wrong with some.
fn damage_files(machine: &Machine, history: &str, count: usize) -> (usize, Vec<String>) {
    let (history, damaged) = (machine.path(history), machine.path(COPY));
    let usual = COMMANDS.map(|command| {
        copy(&history, &damaged);
        answer(machine, command)
    });
    let files = files_of(&history);
    let mut random = ChaCha8Rng::seed_from_u64(1);
    let (mut faults, mut answers) = (Vec::new(), 0);
    for turn in 0..count {
        copy(&history, &damaged);
        let file = &files[random.random_range(0..files.len())];
        let how = damage(&damaged.join(file), turn, &mut random);
        for index in [0, 1, 2 + turn % (COMMANDS.len() - 2)] {
            let (command, now) = (COMMANDS[index], answer(machine, COMMANDS[index]));
            answers += 1;
            if let Some(fault) = fault(file, command, &usual[index], &now) {
                let Answer { status, stderr, .. } = now;
                faults.push(format!("{command}: {fault}: {}: {how} (exit {status})\n{stderr}", file.display()));
            }
        }
    }
    (answers, faults)
}

/// The names of the snapshots, in order of time.
fn snapshots_of(machine: &Machine) -> Vec<OsString> {
    let snapshots = fs::read_dir(machine.path("history/snapshots")).expect("it is there");
    let mut names: Vec<OsString> = snapshots.flatten().map(|snapshot| snapshot.file_name()).collect();
    names.sort();
    names
}

#[test]
fn a_damaged_file_is_named_once_and_told_in_the_report() {
    let machine = recorded();
    // The volume and the store have the same mail.
    machine.settings(&format!(
        "[[store]]\nname = 'vmail'\npath = '{}'\nlimit = '1MiB'\n",
        machine.path("vmail").display()
    ));
    for day in ["2026-02-09", "2026-02-16"] {
        machine.run(&format!("scan vmail --quiet --taken-at {day}T12:00:00Z")).succeeds();
    }
    let newest = snapshots_of(&machine).pop().expect("there are seven");
    let place = machine.path("history/snapshots").join(newest).join("mailbox.parquet");
    fs::write(place, "no table").expect("it can be overwritten");
    let whatif = machine.run("whatif retain=*:10d compress=zstd --today 2026-02-17").succeeds();
    assert_eq!(whatif.stderr().matches("/mailbox.parquet").count(), 1, "{}", whatif.stderr());
    let report = machine.run("report --today 2026-02-17").succeeds();
    assert!(report.words().contains("Damaged snapshots are left out"), "{}", report.text());
}

#[test]
fn a_window_is_not_judged_by_the_scan_before_a_damaged_one() {
    let machine = recorded();
    let snapshots = snapshots_of(&machine);
    let window = |days: &str, snapshot: usize, table: &str| {
        copy(&machine.path("history"), &machine.path(COPY));
        let place = machine.path(COPY).join("snapshots").join(&snapshots[snapshot]).join(table);
        fs::write(place, "no table").expect("it can be overwritten");
        let command = format!("window --at 2026-02-{days}T22:00Z --for 4h --needs convert --today 2026-02-{days}");
        machine.run(&format!("{command} --history {COPY}"))
    };
    window("03", 4, "store.parquet").fails(1, &["cannot be told: the newest snapshot is damaged", "scan again"]);
    window("03", 4, "folder.parquet")
        .fails(1, &["cannot be told: ", "folder.parquet: the file has changed", "scan again"]);
    // Neither those before it, nor those that were not known yet.
    assert!(window("03", 3, "store.parquet").exits_with(0).words().starts_with("GO: "));
    assert!(window("01", 4, "store.parquet").exits_with(1).words().starts_with("NO-GO: "));
}

#[test]
fn a_day_whose_scans_are_all_damaged_is_not_told_as_one_without_scans() {
    let machine = recorded();
    for snapshot in &snapshots_of(&machine)[..2] {
        let place = machine.path("history/snapshots").join(snapshot).join("store.parquet");
        fs::write(place, "no table").expect("it can be overwritten");
    }
    let told = ["every scan until --today is damaged", "history verify"];
    machine.run("forecast --today 2026-01-13").fails(1, &told);
    machine.run("forecast --today 2026-01-01").fails(2, &["every scan is after --today"]);
}
