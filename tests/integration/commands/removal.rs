//! `history remove` and `history prune`.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use crate::support::machine::Machine;

/// Two stores with a limit, scanned together on three days and the first one alone on a fourth.
fn scanned() -> Machine {
    let machine = Machine::new();
    let mut settings = String::new();
    for name in ["vmail", "old"] {
        machine.store(name).deliver("example.org/ann", "INBOX", 1_000, "2026-01-05");
        let root = machine.path(name).display().to_string();
        settings += &format!("[[store]]\nname = '{name}'\npath = '{root}'\nlimit = '1MiB'\n");
    }
    machine.settings(&settings);
    for day in ["2026-01-05", "2026-01-06", "2026-01-12"] {
        machine.run(&format!("scan --quiet --taken-at {day}T04:00:00Z")).succeeds();
    }
    machine.run("scan vmail --quiet --taken-at 2026-01-13T04:00:00Z").succeeds();
    machine
}

/// The stores of each snapshot, by the day of January.
fn stores(machine: &Machine) -> Vec<(String, Vec<String>)> {
    let lines = machine.run("history list --format json").succeeds().keeps_silent().json_lines();
    let text = |value: &Value| value.as_str().expect("it is a name").to_owned();
    let row = |line: &Value| {
        let stores = line["stores"].as_array().expect("it has stores").iter().map(|store| text(&store["store"]));
        (text(&line["taken_at"])[8..10].to_owned(), stores.collect())
    };
    lines.iter().map(row).collect()
}

fn days(machine: &Machine) -> Vec<String> {
    stores(machine).into_iter().map(|(day, _)| day).collect()
}

fn name_of(machine: &Machine, index: usize) -> String {
    let line = &machine.run("history list --format json").succeeds().json_lines()[index];
    line["snapshot"].as_str().expect("it has a name").to_owned()
}

/// Nothing is left of what was written or removed.
#[track_caller]
fn assert_tidy(machine: &Machine) {
    let left: Vec<PathBuf> = fs::read_dir(machine.path("history/unfinished"))
        .expect("it is there")
        .map(|entry| entry.expect("it can be listed").path())
        .collect();
    assert_eq!(left, <[PathBuf; 0]>::default());
    machine.run("history verify").succeeds();
}

/// Runs it dry and then in earnest: both tell the same, and the first changes nothing.
#[track_caller]
fn dry_and_real(machine: &Machine, command: &str) -> Vec<Value> {
    let dry = machine.run(&format!("{command} --dry-run --format json")).succeeds().keeps_silent();
    assert_eq!(dry.changed(), <[PathBuf; 0]>::default());
    let text = machine.run(&format!("{command} --dry-run")).succeeds().words();
    assert!(text.contains("would be removed"), "{text}");
    let real = machine.run(&format!("{command} --format json")).succeeds().keeps_silent();
    assert_eq!(real.text(), dry.text().replace("\"dry_run\":true", "\"dry_run\":false"));
    assert_tidy(machine);
    real.json_lines()
}

#[test]
fn a_snapshot_is_removed_by_its_name() {
    let machine = scanned();
    let name = name_of(&machine, 1);
    let lines = dry_and_real(&machine, &format!("history remove {name}"));
    assert_eq!((lines.len(), &lines[0]["action"], &lines[0]["snapshot"]), (1, &"remove".into(), &name.clone().into()));
    assert_eq!(days(&machine), ["05", "12", "13"]);
    let hint = ["there is no snapshot, store or machine", "vmail", "`mailrunway history list` lists"];
    machine.run(&format!("history remove {name}")).fails(2, &hint);
    machine.run("history remove 20260112T0400").fails(2, &["did you mean snapshot=20260112T040000Z"]);
    machine.run("history remove ../snapshots").fails(2, &["there is no snapshot, store or machine"]);
    machine.run("history remove").fails(2, &[]);
}

#[test]
fn a_damaged_snapshot_is_removed_as_the_warning_says() {
    let machine = scanned();
    let name = name_of(&machine, 0);
    fs::write(machine.path(&format!("history/snapshots/{name}/store.parquet")), "no").expect("it can be overwritten");
    let command = format!("history remove {name}");
    machine.run("history list").succeeds().warns(&[&format!("`mailrunway {command}`")]);
    let verified = machine.run("history verify").exits_with(1);
    assert!(verified.words().contains(&format!("`mailrunway {command}`")), "{}", verified.text());
    machine.run(&command).succeeds().keeps_silent();
    assert_eq!(days(&machine), ["06", "12", "13"]);
    assert_tidy(&machine);
}

#[test]
fn a_store_leaves_every_snapshot_with_its_events_forecasts_and_cache() {
    let machine = scanned();
    let added =
        ["old", "vmail"].map(|name| format!("history event add {name} --date 2026-01-10 --kind import --size 1KiB"));
    added.iter().for_each(|command| drop(machine.run(command).succeeds()));
    machine.run("forecast --today 2026-01-13").succeeds();
    let shown = |wanted: &str| {
        let mut shown = machine.run(&format!("history show {wanted} --format json")).succeeds().json();
        shown["stores"].as_array_mut().expect("it has stores").retain(|store| store["store"] == "vmail");
        shown
    };
    let before = ["2026-01-05", "2026-01-12", "2026-01-13"].map(shown);
    let lines = dry_and_real(&machine, "history remove old");
    assert_eq!(stores(&machine), ["05", "06", "12", "13"].map(|day| (day.to_owned(), vec!["vmail".to_owned()])));
    assert_eq!(["2026-01-05", "2026-01-12", "2026-01-13"].map(shown), before, "the other store is as it was");
    let cut = lines.iter().filter(|line| line["action"] == "cut" && line["stores"] == serde_json::json!(["old"]));
    assert_eq!(cut.count(), 3);
    let events = machine.run("history event list --format json").succeeds().json_lines();
    let volume = name_of_volume(&machine);
    let names: Vec<&str> = events.iter().map(|event| event["name"].as_str().expect("it is a name")).collect();
    assert_eq!(names, [&volume, "vmail"], "what the store brought to its volume is still there");
    let forecasts = machine.run("forecast --format json --today 2026-01-13").succeeds().text();
    assert!(!forecasts.contains("\"old\""), "{forecasts}");
    let files = fs::read_dir(machine.path("history/cache")).expect("the scans made it");
    assert_eq!(files.count(), 1);
    machine.run("history remove old").fails(2, &["there is no snapshot, store or machine `old`"]);
    machine.run("scan vmail --taken-at 2026-01-14").succeeds().keeps_silent();
}

fn name_of_volume(machine: &Machine) -> String {
    let scan = machine.run("history show --format json").succeeds().json();
    scan["filesystems"][0]["mount"].as_str().expect("it is a path").to_owned()
}

#[test]
fn the_only_store_of_a_snapshot_takes_it_along() {
    let machine = scanned();
    let lines = dry_and_real(&machine, "history remove vmail");
    let actions: Vec<_> =
        lines.iter().filter(|line| line["snapshot"].is_string()).map(|line| &line["action"]).collect();
    assert_eq!(actions, ["cut", "cut", "cut", "remove"]);
    assert_eq!(stores(&machine), ["05", "06", "12"].map(|day| (day.to_owned(), vec!["old".to_owned()])));
    machine.run("history remove old").succeeds();
    assert_eq!(days(&machine), [""; 0]);
    machine.run("scan vmail").succeeds();
}

#[test]
fn a_machine_leaves_with_all_its_snapshots() {
    let machine = Machine::new();
    machine.store("vmail").deliver("example.org/ann", "INBOX", 1_000, "2026-01-05");
    for (host, day) in [
        ("mail01", "2026-01-05"),
        ("mail02", "2026-01-06"),
        ("vmail", "2026-01-07"),
        ("mail01", "2026-01-08"),
        ("mail02", "2026-01-08"),
    ] {
        machine.settings(&format!("host = '{host}'\n"));
        machine.run(&format!("scan vmail --taken-at {day}")).succeeds();
        machine.run(&format!("forecast --today {day}")).succeeds();
    }
    machine
        .run("history remove vmail")
        .fails(2, &["`vmail` is a machine and a store", "vmail: for the machine", "mail01:vmail"]);
    dry_and_real(&machine, "history remove vmail:");
    assert_eq!(days(&machine), ["05", "06", "08", "08"]);
    machine
        .run("history remove vmail")
        .fails(2, &["several machines have a store `vmail`", "mail01:vmail, mail02:vmail"]);
    machine.run("history event add --date 2026-01-07 --kind import --size 1KiB mail02:vmail").parts();
    let lines = dry_and_real(&machine, "history remove mail01");
    assert_eq!(days(&machine), ["06", "08"]);
    let renamed = lines.iter().filter(|line| line["action"] == "rename" && line["series"].is_string());
    assert!(renamed.count() > 0, "{lines:?}");
}

#[test]
fn prune_keeps_what_rules_name() {
    let machine = scanned();
    machine.run("history prune").fails(2, &["no rule says which snapshots to keep", "--keep-daily"]);
    machine.run("history prune --keep-last 0").fails(2, &["0 keeps nothing"]);
    machine.run("history prune --keep-within 2weeks").fails(2, &["is not a length of time"]);
    let lines = dry_and_real(&machine, "history prune --keep-weekly 2 --keep-last 1");
    let told: Vec<_> = lines.iter().map(|line| (&line["action"], line["reasons"].to_string())).collect();
    let expected = [
        ("remove", "[]"),
        ("keep", "[\"weekly\"]"),
        ("keep", "[\"last\",\"weekly\"]"),
        ("keep", "[\"last\",\"weekly\"]"),
    ];
    let expected = expected.map(|(action, reasons)| (Value::from(action), reasons.to_owned()));
    assert_eq!(told, expected.iter().map(|(action, reasons)| (action, reasons.clone())).collect::<Vec<_>>());
    assert_eq!(days(&machine), ["06", "12", "13"]);
    let again = machine.run("history prune --keep-weekly 2 --keep-last 1").succeeds().text();
    assert!(again.ends_with("0 snapshots removed, 3 kept\n"), "{again}");
}

#[test]
fn a_damaged_snapshot_is_not_pruned() {
    let machine = scanned();
    let name = name_of(&machine, 0);
    fs::write(machine.path(&format!("history/snapshots/{name}/store.parquet")), "no").expect("it can be overwritten");
    machine.run("history prune --keep-last 1").succeeds().warns(&["a snapshot is damaged", &name]);
    assert!(machine.path(&format!("history/snapshots/{name}")).exists());
}

#[test]
#[ignore = "needs strace: run tests/run"]
fn a_removal_that_is_not_synced_is_told_as_done_and_keeps_the_files() {
    let machine = scanned();
    let name = name_of(&machine, 0);
    let script = "exec strace -f -qq -o trace -P \"$PWD/history/snapshots\" -e inject=fsync:error=EIO \"$@\"";
    let removed = machine.runway(&format!("history remove {name}")).in_shell(script).run().succeeds();
    removed.warns(&["it is removed, but a crash could still undo that", "Input/output error"]);
    assert_eq!(days(&machine), ["06", "12", "13"]);
    assert_eq!(fs::read_dir(machine.path("history/unfinished")).expect("it is there").count(), 1);
    machine.run("scan vmail").succeeds();
    assert_tidy(&machine);
}
