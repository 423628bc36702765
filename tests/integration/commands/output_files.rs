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
fn a_dash_is_standard_output() {
    let machine = grown();
    let day = "--today 2026-03-09";
    let report = machine.run(&format!("report -o - --format html {day}")).succeeds();
    assert_eq!(report.text(), machine.run(&format!("report --format html {day}")).succeeds().text());
    assert_eq!(
        machine.run(&format!("report -o - {day}")).succeeds().text(),
        machine.run(&format!("report {day}")).succeeds().text()
    );
    for (command, file) in
        [("chart -o", "chart.svg"), ("whatif add=1GiB -o", "whatif.svg"), ("backtest -o", "backtest.svg")]
    {
        let printed = machine.run(&format!("{command} - {day}")).succeeds().keeps_silent();
        machine.run(&format!("{command} {file} {day}")).succeeds();
        assert_eq!(printed.text(), fs::read_to_string(machine.path(file)).expect("it is drawn"), "only the chart");
        assert!(!machine.path("-").exists());
    }
    let png = machine.run(&format!("chart -o - --format png {day}")).succeeds();
    assert!(png.bytes().starts_with(b"\x89PNG\r\n"));
}

#[test]
fn a_report_has_the_format_of_its_ending() {
    let machine = grown();
    for (file, format) in
        [("r.html", "html"), ("r.MD", "markdown"), ("r.txt", "text"), ("r.eml", "mail"), ("r.json", "json")]
    {
        machine.run(&format!("report -o {file} --today 2026-03-09")).succeeds().keeps_silent();
        let written = fs::read_to_string(machine.path(file)).expect("it is there");
        assert_eq!(
            written,
            machine.run(&format!("report --format {format} --today 2026-03-09")).succeeds().text(),
            "{file}"
        );
    }
    for file in ["report", "r.pdf", "html"] {
        machine.run(&format!("report -o {file}")).fails(2, &[file, ".txt, .html, .md, .eml and .json", "--format"]);
    }
}

#[test]
fn stores_are_named_by_position_or_option() {
    let machine = grown();
    let window = "window --at 2026-03-15T22:00Z --for 4h --needs 1KiB";
    for command in ["forecast --no-record", "chart -o -", "backtest", window] {
        let run = |store: &str| machine.run(&format!("{command} --today 2026-03-09 {store}")).succeeds().text();
        assert_eq!(run("vmail"), run("--store vmail"), "{command}");
        machine.run(&format!("{command} --today 2026-03-09 --store vmial")).fails(2, &["`vmial`", "vmail"]);
    }
    machine.run("scan --store vmail --taken-at 2026-03-10").succeeds();
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
