//! Results go to standard output and messages to standard error; a closed pipe is not an error.

use super::series_tables::measured;
use crate::support::machine::Machine;

/// A machine with one scan in its history, of 9 March 2026.
fn scanned() -> Machine {
    let machine = Machine::new();
    machine.store("vmail").deliver("example.org/ann", "INBOX", 1_000, "2026-01-05");
    machine.run("scan vmail --taken-at 2026-03-09T04:00:00Z").succeeds().keeps_silent();
    machine
}

#[test]
fn quiet_keeps_results_and_errors() {
    let machine = scanned();
    assert_eq!(machine.run("scan vmail --quiet").succeeds().keeps_silent().text(), "");
    assert_eq!(machine.run("scan vmail --quiet --format json").succeeds().keeps_silent().json()["schema_version"], 1);
    assert!(!machine.run("forecast --quiet --today 2026-03-09").succeeds().keeps_silent().text().is_empty());
    machine.run("scan nothing --quiet").fails(2, &["there is no store or directory"]);
}

#[test]
fn verbose_writes_to_standard_error_only() {
    let machine = scanned();
    let scan = machine.run("scan vmail --verbose --format json").succeeds().warns(&["snapshot="]);
    assert_eq!(scan.json()["schema_version"], 1);
}

#[test]
fn an_old_history_gives_a_warning() {
    let machine = scanned();
    let old = machine.run("forecast --today 2026-03-20").succeeds();
    old.warns(&["warning: the last scan is 11 days old", "hint: scan again"]);
    machine.run("forecast --today 2026-03-19").succeeds().keeps_silent();
}

#[test]
fn colour_needs_a_terminal_or_the_option() {
    let machine = measured();
    let forecast = |color: &str| machine.run(&format!("forecast --input in.csv {color}")).succeeds().text();
    assert!(!forecast("").contains('\u{1b}'));
    assert!(forecast("--color always").contains('\u{1b}'));
    assert!(!forecast("--color never").contains('\u{1b}'));
}

#[test]
fn a_closed_pipe_is_not_an_error() {
    let machine = Machine::new();
    // More than a pipe holds, so that the writer meets its closed end.
    let weeks = ["2026-01-05", "2026-01-12", "2026-01-19", "2026-01-26", "2026-02-02"];
    let rows = (0..50).flat_map(|series| weeks.map(|week| format!("s{series},{week},{series},1000\n")));
    machine.write("in.csv", format!("series,time,used,limit\n{}", rows.collect::<String>()));
    let script = "{ \"$@\"; echo \"exit $?\" >&2; } | head -c 1";
    for format in ["text", "json"] {
        let command = machine.runway(&format!("forecast --input in.csv --format {format}"));
        let head = command.in_shell(script).run().succeeds();
        assert_eq!(head.stderr(), "exit 0\n");
    }
    let help = machine.runway("scan --help").in_shell("{ \"$@\"; echo \"exit $?\" >&2; } | true").run().succeeds();
    assert_eq!(help.stderr(), "exit 0\n");
}
