//! Targets of `-o`: symbolic links, pipes, and files with any extension.

use std::fs;
use std::os::unix::fs::FileTypeExt;

use super::series_tables::measured;
use super::weekly_scans::grown;
use crate::support::machine::Machine;

#[test]
fn output_follows_a_symbolic_link_and_keeps_it() {
    let machine = grown();
    machine.write("pages/week.html", "last week's");
    let link = machine.path("report.html");
    std::os::unix::fs::symlink("pages/week.html", &link).expect("a link can be made");
    machine.run("report -o report.html --format html --today 2026-03-09").succeeds().keeps_silent();
    assert!(link.is_symlink(), "the link is still one");
    let page = fs::read_to_string(machine.path("pages/week.html")).expect("the page is there");
    assert_eq!(page, machine.run("report --format html --today 2026-03-09").succeeds().text());
}

#[test]
fn output_goes_into_a_named_pipe() {
    let machine = grown();
    // The reader times out if no command writes.
    let with_reader = "mkfifo pipe && { timeout 60 cat pipe > read & } && \"$@\" && wait $!";
    machine
        .runway("report -o pipe --format text --today 2026-03-09")
        .in_shell(with_reader)
        .run()
        .succeeds()
        .keeps_silent();
    let kind = machine.path("pipe").metadata().expect("the pipe is there").file_type();
    assert!(kind.is_fifo(), "the pipe is still one");
    let read = fs::read_to_string(machine.path("read")).expect("the reader wrote it");
    assert_eq!(read, machine.run("report --today 2026-03-09").succeeds().text());
}

#[test]
fn the_format_option_overrides_the_extension() {
    let machine = measured();
    let chart = |options: &str| {
        machine.run(&format!("chart --input in.csv --today 2026-03-09 {options}")).succeeds().keeps_silent();
    };
    chart("--format svg -o x.out");
    chart("-o x.svg");
    let read = |name: &str| fs::read(machine.path(name)).expect("the chart is there");
    assert!(read("x.out").starts_with(b"<svg "));
    assert!(read("x.out") == read("x.svg"), "the same chart");
}

#[test]
fn every_command_writes_markdown() {
    let machine = grown();
    let window = "window --at 2026-03-15T22:00Z --for 4h --needs 1KiB";
    for (command, beginning) in [
        ("forecast --today 2026-03-09", "**"),
        ("whatif add=1GiB --today 2026-03-09", "## vmail, bytes\n\n|  | full on | 80 % range |"),
        (&format!("{window} --today 2026-03-09"), "**GO:** "),
        ("backtest", "## vmail, bytes: "),
        ("history list", "| snapshot | stores | mailboxes |"),
        ("history show", "2026-03-09T"),
        ("history event list", "| date | kind | of |"),
        ("scan", "## Store vmail at "),
        ("report --today 2026-03-09", "# Mail store capacity of "),
    ] {
        let text = machine.run(&format!("{command} --format markdown")).exits_with(0).text();
        assert!(text.starts_with(beginning), "{command}: {text}");
    }
}

#[test]
fn a_demo_with_json_prints_only_json() {
    let machine = Machine::new();
    let demo = machine.run("demo demo --weeks 4 --today 2026-11-23 --format json").succeeds();
    assert!(!demo.json_lines().is_empty());
    let kept = fs::read_to_string(machine.path("demo/forecast.jsonl")).expect("the demo wrote it");
    assert_eq!(demo.text(), kept);
}
