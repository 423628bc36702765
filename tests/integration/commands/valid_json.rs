//! What commands print as JSON is valid by their schemas, which refuse any other field. Needs Debian's python3-jsonschema.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use serde_json::Value;

use crate::support::command_outcome::Outcome;
use crate::support::hostile_names::HOSTILE;
use crate::support::machine::Machine;
use crate::support::mondays::MONDAYS;
use crate::support::run_command::finish;

/// A machine on which whatever is printed is validated.
struct Checks {
    machine: Machine,
    checked: BTreeSet<String>,
}

impl Checks {
    /// Runs a command, validates what it prints by a schema, and returns its lines, of which there is at least one.
    fn run(&mut self, schema: &str, words: &str) -> Vec<Value> {
        let outcome = self.machine.run(&format!("{words} --format json"));
        self.validate(schema, &outcome)
    }

    fn validate(&mut self, schema: &str, outcome: &Outcome) -> Vec<Value> {
        validate(schema, outcome.bytes());
        self.checked.insert(schema.to_owned());
        let lines = outcome.json_lines();
        assert!(!lines.is_empty(), "{schema}: {}", outcome.stderr());
        lines
    }
}

fn validate(schema: &str, lines: &[u8]) {
    let source = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut python = Command::new("/usr/bin/python3");
    python.arg(source.join("tests/integration/commands/validate_json.py"));
    python.arg(source.join(format!("data/schema/{schema}.json")));
    let output = finish(python, lines.to_vec(), Duration::from_secs(300));
    assert!(output.status.success(), "{schema}: {}", String::from_utf8_lossy(&output.stderr));
}

/// A store with hostile names, places that cannot be read or are no mail, and quotas, scanned for ten weeks.
fn scanned() -> Machine {
    let machine = Machine::new();
    let store = machine.store("vmail");
    machine.settings(&format!(
        "[[store]]\nname = 'vmail'\npath = '{}'\nfilesystem = false\nlimit = '40MiB'\n\
         [[quota]]\nmailboxes = '*'\nlimit = '300kB'\n[[quota]]\nmailboxes = 'bob@*'\nlimit = '20kB'\nmessages = 12\n\
         [report]\nwhat_if = ['retain=Trash:30d', 'add=1TiB', 'compress=zstd']\n",
        store.root.display()
    ));
    for (name, _) in HOSTILE {
        store.deliver(Path::new("example.org").join(OsStr::from_bytes(name)), "INBOX", 900, MONDAYS[0]);
    }
    store.deliver("example.org/ann", "INBOX", 9 << 20, MONDAYS[0]);
    store.deliver("example.org/eve", "Trash", 50_000, MONDAYS[0]);
    for (week, monday) in MONDAYS[..10].iter().enumerate() {
        store.deliver("example.org/ann", "INBOX", 90_000 + week % 3 * 9_000, monday);
        store.deliver("example.net/bob", "Trash", 4_000, monday);
        if week == 4 {
            (0..40).for_each(|_| drop(store.deliver("example.net/bob", "INBOX", 3_000, "2025-01-06")));
        }
        machine.run(&format!("scan --taken-at {monday}T04:00:00Z")).succeeds();
    }
    machine.forbid("vmail/example.org/eve/.Trash", 0o000);
    machine
}

/// Series in all states: growing, growing slowly, flat, full, without a limit, too short, and moving.
fn table() -> String {
    let mut rows = "series,time,used,limit\n".to_owned();
    for (week, monday) in MONDAYS.iter().enumerate() {
        let moved = 90_000 + week * 7 % 5 * 4_000;
        for (name, used, limit) in [
            ("grows", 5_000 + week * 90 + week % 3 * 20, "9000".to_owned()),
            ("slowly", 5_000 + week + week % 3, "90000000".to_owned()),
            ("flat", 5_000, "9000".to_owned()),
            ("shrinks", 9_000 - week * 100, "20000".to_owned()),
            ("full", 5_000 + week, "5001".to_owned()),
            ("no-limit", 5_000 + week, String::new()),
            ("step", if week < 9 { 100 + week } else { 3_000 + week }, "9000".to_owned()),
            ("pool", 60_000 + week * 30, moved.to_string()),
        ] {
            rows += &format!("{name},{monday},{used},{limit}\n");
        }
    }
    rows + "short,2026-03-09,5,10\n"
}

/// The values of a field.
fn values(lines: &[Value], field: &str) -> BTreeSet<String> {
    lines.iter().filter_map(|line| line[field].as_str()).map(str::to_owned).collect()
}

fn answers(checks: &mut Checks) {
    const AS_OF: &str = "--today 2026-03-16";
    const WINDOW: &str = "window --today 2026-03-16 --at 2026-03-22T22:00Z --for 4h --needs";
    for more in ["", "--pseudonyms", "--no-names", "--at 2026-04-01", "--horizon 10d"] {
        let lines = checks.run("forecast", &format!("forecast {AS_OF} {more}"));
        let kinds = values(&lines, "kind");
        assert!(kinds.contains("store") && (more == "--no-names" || kinds.contains("quota")), "{more}: {kinds:?}");
        checks.run("report", &format!("report {AS_OF} {more}").replace("--at 2026-04-01", ""));
    }
    checks.run("whatif", &format!("whatif {AS_OF} add=1TiB growth=+20% retain=*:30d move=example.net quota=5KiB"));
    let go = checks.run("window", &format!("{WINDOW} 1KiB --backup-to /dev/shm"));
    let no_go = checks.run("window", &format!("{WINDOW} 9TiB,convert,mdbox-purge,index-rebuild --rollback"));
    assert_eq!((&go[0]["decision"], &no_go[0]["decision"]), (&"go".into(), &"no_go".into()));
    checks.run("backtest", "backtest --every 1w");
    checks.machine.write("table.csv", table());
    let lines = checks.run("forecast", "forecast --input table.csv");
    let states = ["already", "beyond", "expected", "no_limit", "not_enough_history", "not_growing"];
    assert_eq!(values(&lines, "state"), states.map(str::to_owned).into());
    assert_eq!(values(&lines, "status"), ["amber", "green", "red", "unknown"].map(str::to_owned).into());
    let lines = checks.run("backtest", "backtest --input table.csv");
    assert_eq!(values(&lines, "state"), ["not_enough_history", "scored"].map(str::to_owned).into());
}

fn care(checks: &mut Checks) {
    for words in ["--date 2026-02-10 --kind purge --size 5KiB --note why", "--date 2026-09-01 --kind step --size +5KiB"]
    {
        checks.machine.run(&format!("history event add vmail {words}")).succeeds();
    }
    checks.machine.write("df.csv", "time,used,limit\n2025-12-01,5,9\n2025-12-02,6.5,\n");
    checks.machine.run("import csv df.csv --store vmail").succeeds();
    checks.run("config-check", "config check");
    checks.run("history-event-list", "history event list");
    checks.run("import-list", "import list");
    checks.run("history-list", "history list");
    checks.run("history-show", "history show");
    checks.run("history-names", "history names --pseudonyms");
    checks.run("history-prune", "history prune --keep-monthly 2 --dry-run");
    checks.run("history-compact", "history compact --dry-run");
    let actions = checks.run("history-remove", "history remove vmail --dry-run");
    assert!(
        actions.iter().any(|line| line["import"].is_object()) && actions.iter().any(|line| line["event"].is_object())
    );
    let root = checks.machine.path("vmail");
    for path in ["", "example.org/ann", "example.org/ann/cur", "example.net/bob/.Trash", "x"] {
        checks.machine.write("vmail/x", "x");
        let path = root.join(path).display().to_string();
        checks.run("scan-explain", &format!("scan --explain {path}"));
    }
    let snapshot = checks.run("history-list", "history list")[0]["snapshot"].clone();
    let file = format!("history/snapshots/{}/store.parquet", snapshot.as_str().expect("it has a name"));
    checks.machine.write(&file, "no table");
    checks.run("history-verify", "history verify");
}

#[test]
#[ignore = "needs python3-jsonschema: tests/setup installs it"]
fn what_commands_print_is_valid() {
    let mut checks = Checks { machine: scanned(), checked: BTreeSet::new() };
    checks.machine.give_to_ordinary_user("");
    let partial = checks.machine.runway("scan --taken-at 2026-03-16T04:00:00Z --format json").by_ordinary_user().run();
    checks.machine.take_back("");
    let partial = checks.validate("scan", &partial);
    assert_eq!(
        (&partial[0]["complete"], &partial[0]["problems"][0]["kind"]),
        (&false.into(), &"permission_denied".into())
    );
    answers(&mut checks);
    care(&mut checks);
    let all: BTreeSet<String> = checks.machine.run("schema").succeeds().text().lines().map(str::to_owned).collect();
    assert_eq!(checks.checked, all, "a schema without output");
}

#[test]
#[ignore = "needs python3-jsonschema: tests/setup installs it"]
fn the_first_answers_of_a_new_machine_are_valid() {
    let mut checks = Checks { machine: Machine::new(), checked: BTreeSet::new() };
    let store = checks.machine.store("vmail");
    let root = store.root.display();
    checks.machine.write("vmail/README", "no mail");
    let empty = checks.run("scan", &format!("scan {root} --taken-at 2026-01-05T04:00:00Z"));
    assert_eq!(empty[0]["stores"][0]["mailboxes"], 0);
    for command in ["forecast", "report", "whatif"] {
        let more = if command == "whatif" { "growth=+20%" } else { "" };
        checks.run(command, &format!("{command} --today 2026-01-05 {more}"));
    }
    for monday in &MONDAYS[1..6] {
        store.deliver("ann", "INBOX", 90_000, monday);
        checks.run("scan", &format!("scan {root} --names --taken-at {monday}T04:00:00Z"));
    }
    let lines = checks.run("forecast", "forecast --today 2026-02-09");
    assert_eq!((&lines[0]["kind"], lines[0]["either"].is_object()), (&"volume".into(), true));
    assert_eq!(checks.machine.run("import list --format json").succeeds().text(), "");
}
