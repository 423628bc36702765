//! `--today` in the past: the answers of that day, from a history that goes on.

use std::process::Command;

use crate::support::machine::Machine;
use crate::support::mondays::MONDAYS;

/// Two days after the eighth scan.
const THEN: &str = "2026-02-25";

/// A history of twelve weeks with its record, in `history`, and a copy of it as it was [`THEN`], in `then`.
fn gone_on() -> Machine {
    let machine = Machine::new();
    let store = machine.store("vmail");
    let root = store.root.display();
    machine.settings(&format!(
        "[[store]]\nname = 'vmail'\npath = '{root}'\nlimit = '4MiB'\nfilesystem = false\n\
         [[quota]]\nmailboxes = '*'\nlimit = '2MiB'\n[report]\nwhat_if = ['add=1MiB']\n"
    ));
    for (week, monday) in MONDAYS.into_iter().enumerate() {
        if week == 8 {
            machine.run("history event add --date 2026-05-01 --kind capacity --size +1MiB").succeeds();
            let copied = Command::new("cp").arg("-r").arg(machine.path("history")).arg(machine.path("then")).status();
            assert!(copied.expect("`cp` comes with coreutils").success());
        }
        for user in ["ann", "bob"] {
            let size = 90_000 + week * 7 % 5 * 5_000 + if week > 8 { 200_000 } else { 0 };
            store.deliver(format!("example.org/{user}"), "INBOX", size, monday);
        }
        machine.run(&format!("scan --taken-at {monday}T04:00:00Z")).succeeds();
        machine.run(&format!("forecast --today {monday}")).succeeds();
    }
    machine.run("history event add --date 2026-02-10 --kind import --size 50kB").succeeds();
    machine
}

#[test]
fn every_command_answers_as_it_did_then() {
    let machine = gone_on();
    for command in [
        "forecast",
        "forecast --format json",
        "forecast --format markdown --at 2026-06-01",
        "report",
        "report --format json",
        "report --format html",
        "whatif add=1MiB retain=*:30d",
        "window --at 2026-03-01T22:00Z --for 4h --needs 1MiB",
        "backtest --format json",
    ] {
        let ask = |options: &str| machine.run(&format!("{command} --today {THEN} {options}")).text();
        let (then, now) = (ask("--history then"), ask(""));
        assert_eq!(then, now, "{command}");
        assert!(!then.is_empty(), "{command}");
        if command == "forecast" {
            let today = machine.run("forecast --today 2026-03-23").succeeds().text();
            assert_ne!(today, then, "the answer of today is another");
        }
    }
    // What is forecast in retrospect was not issued then.
    let before = machine.run("history list").succeeds();
    assert!(before.changed().is_empty());
    assert!(machine.run("forecast --today 2026-02-02").succeeds().changed().is_empty());
}

#[test]
fn a_day_before_every_scan_is_refused() {
    let machine = gone_on();
    for command in ["forecast", "report", "whatif add=1MiB", "chart -o chart.png"] {
        machine
            .run(&format!("{command} --today 2026-01-04"))
            .fails(2, &["every scan is after --today, 4 Jan 2026", "the first is of 5 Jan 2026", "2026-01-05"]);
    }
}

#[test]
fn rows_after_today_are_left_out() {
    let machine = Machine::new();
    let row = |series: &str, week: i64| {
        let used = 200_000 * week + 1_000 + 9_000 * (week % 3);
        format!("{series},{},{used},{}\n", 1_767_585_600 + week * 7 * 86_400, 4_000_000 + 1_000_000 * (week / 8))
    };
    let rows = |weeks: i64| (0..weeks).map(|week| row("a", week)).collect::<String>();
    machine.write("all.csv", format!("series,time,used,limit\n{}{}{}", row("late", 13), rows(14), row("late", 14)));
    machine.write("then.csv", format!("series,time,used,limit\n{}", rows(8)));
    for format in ["text", "json"] {
        // The eighth row is of 2026-02-23.
        let ask = |file: &str| machine.run(&format!("forecast --input {file} --format {format} --today 2026-02-24"));
        assert_eq!(ask("all.csv").succeeds().text(), ask("then.csv").succeeds().text());
    }
    machine
        .run("forecast --input all.csv --today 2025-12-31")
        .fails(2, &["every row is after --today, 31 Dec 2025", "the first is of 5 Jan 2026"]);
}
