//! A disk that fills up during a scan or while a file is written.
//!
//! A limit on file size also stops root, and needs no privileges, unlike mounting a small volume. The signal that
//! comes with it is ignored, so that writes fail as they do on a full disk.

use crate::support::machine::Machine;

/// Limits files to 512 bytes, the unit of the shell's limit.
const FULL: &str = "trap '' XFSZ; ulimit -f 1; exec \"$@\"";

#[test]
fn a_snapshot_that_does_not_fit_is_not_added() {
    let machine = Machine::new();
    let store = machine.store("vmail");
    store.deliver("example.org/ann", "INBOX", 1_000, "2026-01-05");
    machine.run("scan vmail").succeeds();
    let before = machine.run("history show --format json").succeeds().text();
    store.deliver("example.org/ann", "INBOX", 1_000, "2026-01-12");
    let scan = machine.runway("scan vmail --format json").in_shell(FULL).run();
    let scan = scan.exits_with(1).warns(&["cannot write the history", ".parquet", "is the disk full?"]);
    assert_eq!(scan.json()["stores"][0]["messages"], 2, "what was found is printed all the same");
    assert_eq!(machine.run("history show --format json").succeeds().keeps_silent().text(), before);
    machine.run("scan vmail").succeeds();
    assert_eq!(machine.run("history list --format json").succeeds().json_lines().len(), 2);
}

#[test]
fn a_chart_that_does_not_fit_keeps_the_previous_file() {
    let machine = Machine::new();
    machine.write("in.csv", "series,time,used,limit\na,2026-01-01,1,10\n");
    machine.write("a.png", "the last chart");
    let chart = machine.runway("chart --input in.csv -o a.png").in_shell(FULL).run();
    chart.fails(1, &["cannot write: a.png", "File too large"]);
}

#[test]
fn a_full_standard_output_is_an_error() {
    let machine = Machine::new();
    machine.write("in.csv", "series,time,used,limit\na,2026-01-01,1,10\n");
    for format in ["text", "json"] {
        let forecast = machine.runway(&format!("forecast --input in.csv --format {format}"));
        let forecast = forecast.in_shell("exec \"$@\" > /dev/full").run();
        forecast.fails(1, &["cannot write to standard output", "No space left"]);
    }
}
