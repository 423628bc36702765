//! What commands print fits on a terminal of 80 columns.

use std::process::Command;
use std::time::Duration;

use textwrap::core::display_width;

use crate::support::machine::Machine;
use crate::support::mondays::MONDAYS;
use crate::support::run_command::finish;

/// Runs a command on a terminal of its own.
const ON_TERMINAL: &str = include_str!("on_terminal.py");

/// Commands with every kind of answer, message and error.
const COMMANDS: [&str; 63] = [
    "scan",
    "scan --verbose",
    "scan vmial",
    "scan ./none/of/these/directories/is/there/but/the/path/is/long/enough/to/be/broken",
    "scan --threads many",
    "scan --name x",
    "scan --explain STORE",
    "scan --explain STORE/USER",
    "forecast",
    "forecast --at 2026-06-01,2026-12-01",
    "forecast --bytes --at 2026-06-01",
    "forecast --si --no-names",
    "forecast --pseudonyms",
    "forecast --color always",
    "scan vmial --color always",
    "window --at 2026-04-05T22:00Z --for 4h --needs 9TiB --color always",
    "forecast nobody",
    "forecast --input table.csv",
    "forecast --input wrong.csv",
    "forecast --at 1999-01-01",
    "forecast --today 1999-01-01",
    "chart -o chart.png",
    "chart -o chart.gif",
    "chart --kind largest -o chart.svg",
    "chart --kind of-another-sort -o chart.svg",
    "report",
    "report --si",
    "report --bytes",
    "report -o report.rtf",
    "whatif",
    "whatif add=1TiB,growth=+20%,mailboxes=+300 retain=Trash:30d retain=*:1y move=nowhere quota=5KiB -o whatif.svg",
    "whatif --bytes add=1TiB retain=*:1w",
    "whatif grow=up",
    "window --at 2026-04-05T22:00Z --for 4h --needs 1KiB",
    "window --at 2026-04-05T22:00Z --for 4h --needs 9TiB,index-rebuild,convert,mdbox-purge --rollback",
    "window --at 2026-04-05T22:00Z --for 4h --backup-to /dev/shm --rollback --bytes",
    "window --at 2001-01-01T00:00Z --for 4h",
    "backtest",
    "backtest --every 1w --last 1w",
    "history list",
    "history show",
    "history show 1999-01-01",
    "history names",
    "history verify",
    "history prune --keep-monthly 1 --dry-run",
    "history compact --dry-run",
    "history remove nobody",
    "history remove STORE_NAME --dry-run",
    "history event add --date 2026-02-10 --kind step --size +5KiB --note a-note",
    "history event list",
    "history event remove 1",
    "import csv table.csv --store STORE_NAME --host a-machine-with-a-long-name.of-a-domain.example.org",
    "import csv wrong.csv --volume /var/vmail",
    "import list",
    "export mailbox -o x.xls",
    "import remove --volume /none/of/these/directories/is/there/but/the/path/is/long/enough/to/be/broken",
    "schema",
    "schema of-nothing",
    "config check",
    "config init",
    "man /none/of/these/directories/is/there/but/the/path/is/long/enough/to/be/broken",
    "history --history /none/of/these/directories/is/there/but/the/path/is/long/enough list",
    "--frobnicate",
];

/// A word of so many letters.
fn word(start: &str, length: usize) -> String {
    start.chars().cycle().take(length).collect()
}

/// Weekly scans of a store whose names all have so many letters, in words of this length.
fn scanned(length: usize, words: usize) -> (Machine, Vec<(&'static str, String)>) {
    let machine = Machine::new();
    let name = |start: &str| {
        let words: Vec<String> = (0..length.div_ceil(words + 1)).map(|_| word(start, words.min(length))).collect();
        words.join(" ").chars().take(length).collect::<String>().trim_end().to_owned()
    };
    let (directory, user, folder) = (name("directory-"), name("user.of.a.mailbox."), name("Folder"));
    let store = machine.store(&format!("{directory}/vmail"));
    let root = store.root.display();
    machine.settings(&format!(
        "[[store]]\nname = '{}'\npath = '{root}'\nlimit = '900KiB'\n[[quota]]\nmailboxes = '*'\nlimit = '300KiB'\n\
         [report]\nto = ['ann@example.org']\nwhat_if = ['add=1GiB', 'growth=+20%', 'retain=*:10w']\n",
        name("store-")
    ));
    machine.write(
        "table.csv",
        format!("series,time,used,limit\n{0},2026-01-05,5,9\n{0},2026-01-12,6,9\n", name("series")),
    );
    machine.write("wrong.csv", "series,time,used\na,yesterday,5\n");
    for (week, monday) in MONDAYS[..12].iter().enumerate() {
        store.deliver(format!("example.org/{user}"), "INBOX", 20_000 + week % 5 * 3_000, monday);
        store.deliver("example.org/ann", &folder, 20_000, monday);
        machine.run(&format!("scan --taken-at {monday}T04:00:00Z")).succeeds();
    }
    let places = vec![
        ("STORE_NAME", name("store-")),
        ("STORE", store.root.to_str().expect("it is UTF-8").to_owned()),
        ("USER", format!("example.org/{user}")),
    ];
    (machine, places)
}

/// Checks that each line is narrow enough, or a word that is longer than a line.
#[track_caller]
fn assert_fits(what: &str, text: &str) {
    for line in text.lines().filter(|line| display_width(line) > 80) {
        // A backslash continues a command.
        assert!(
            !line.trim_end_matches(" \\").trim().contains(' '),
            "{what}: {} columns: {line}\nof\n{text}",
            display_width(line)
        );
    }
}

fn run_all(length: usize, words: usize) {
    let (machine, places) = scanned(length, words);
    for command in COMMANDS {
        let mut runway = machine.runway("").env("COLUMNS", "80");
        for part in command.split(' ') {
            let part = places.iter().fold(part.to_owned(), |part, (place, name)| part.replace(place, name));
            runway = runway.arg(part);
        }
        let late = ["forecast", "chart", "report", "whatif", "window", "backtest"];
        if late.iter().any(|late| command.starts_with(late)) && !command.contains("--today") {
            runway = runway.arg("--today").arg("2026-03-24");
        }
        let (_, out, err) = runway.run().parts();
        assert!(!out.is_empty() || !err.is_empty() || command.contains("-o "), "{command} prints nothing");
        assert!(!err.contains("panicked"), "{err}");
        assert_fits(&format!("{command} ({length}, {words})"), &(out + &err));
    }
}

#[test]
fn every_command_is_among_those_that_are_run() {
    let help = Machine::new().run("--help").succeeds().text();
    let (_, listed) = help.split_once("\nCommands:\n").expect("it lists them");
    let listed = listed.lines().take_while(|line| line.starts_with("  ")).filter(|line| !line.starts_with("   "));
    // Programs read these.
    let others = ["check", "completions", "demo", "help", "metrics"];
    for name in listed.filter_map(|line| line.split_whitespace().next()).filter(|name| !others.contains(name)) {
        assert!(COMMANDS.iter().any(|command| command.split(' ').next() == Some(name)), "add {name} to COMMANDS");
    }
}

#[test]
fn short_names_fit() {
    run_all(6, 6);
}

#[test]
fn names_as_long_as_a_line_fit_or_stand_alone() {
    run_all(78, 78);
}

#[test]
fn names_of_many_words_fit() {
    run_all(190, 12);
}

#[test]
fn the_demo_fits() {
    let machine = Machine::new();
    for (weeks, directory) in [(4, "d"), (4, "a-directory-with-a-name-that-takes-nearly-all-of-a-line-of-a-terminal")] {
        let text = machine.run(&format!("demo {directory} --weeks {weeks} --today 2026-11-23")).succeeds();
        assert_fits("demo", &(text.text() + &text.stderr()));
        let report = std::fs::read_to_string(machine.path(directory).join("report.txt")).expect("it is there");
        assert_fits("report.txt", &report);
    }
}

#[test]
fn the_progress_bar_fits() {
    let machine = Machine::new();
    let store = machine.store("vmail");
    for user in 0..150 {
        store.deliver(format!("example.org/user{user}"), "INBOX", 10, "2026-01-05");
    }
    // The second scan knows how many files there are, and has a bar.
    for (scan, drawn) in ["of 150 mailboxes", " %  "].into_iter().enumerate() {
        for columns in [80, 60] {
            let mut python = Command::new("/usr/bin/python3");
            python.args(["-I", "-c", ON_TERMINAL, &columns.to_string(), env!("CARGO_BIN_EXE_mailrunway")]);
            python
                .args(["scan", "--full", "--io-limit", "1500", "--history"])
                .arg(machine.path("history"))
                .arg(&store.root);
            python.env_clear().env("TERM", "xterm").env("HOME", machine.path("home"));
            let output = finish(python, Vec::new(), Duration::from_secs(60));
            let text = String::from_utf8(output.stdout).expect("it is UTF-8");
            assert!(output.status.success(), "{text}");
            // A first scan remains the first one in a new history.
            if scan == 0 {
                std::fs::remove_dir_all(machine.path("history")).expect("it was made");
            }
            assert!(text.contains(drawn), "{text}");
            for line in text.split(['\r', '\n']) {
                assert!(
                    display_width(line) <= columns.max(if drawn_by_bar(line) { 0 } else { 80 }),
                    "{columns}: {line}"
                );
            }
        }
        machine.run("scan vmail").succeeds();
    }
}

/// Whether a line is one of the progress bar, and not of the result.
fn drawn_by_bar(line: &str) -> bool {
    line.contains("mailboxes, ") || line.contains('█') || line.contains('░')
}
