//! Names with control characters, markup or shell syntax: JSON keeps them, and text shows them escaped.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use crate::support::hostile_names::{HOSTILE, assert_harmless};
use crate::support::machine::Machine;

/// A store with a mailbox and a folder of every hostile name, and a message in each.
fn hostile() -> Machine {
    let machine = Machine::new();
    let store = machine.store("vmail");
    for (number, (name, _)) in HOSTILE.iter().enumerate() {
        let mailbox = Path::new("example.org").join(OsStr::from_bytes(name));
        // Tables of the largest mailboxes show the first ones.
        store.deliver(&mailbox, "INBOX", 8_000 * (HOSTILE.len() - number), "2026-01-05");
        store.deliver("example.org/ann", "INBOX", 1_000, "2026-01-05");
        let ann = [b"example.org/ann/.".as_slice(), name].concat();
        store.deliver(OsStr::from_bytes(&ann), "INBOX", 1_000, "2026-01-05");
    }
    machine
}

#[test]
fn json_keeps_names_unchanged() {
    let machine = hostile();
    let snapshot = machine.run("scan vmail --format json").succeeds().keeps_silent().json();
    let mailboxes = snapshot["stores"][0]["mailbox"].as_array().expect("mailboxes are a list");
    let ann = mailboxes.iter().find(|mailbox| mailbox["user"] == "ann").expect("Ann has a mailbox");
    let folders = ann["folders"].as_array().expect("folders are a list");
    for (_, name) in HOSTILE {
        let mailbox = mailboxes.iter().find(|mailbox| mailbox["user"] == name);
        assert_eq!(mailbox.map(|mailbox| &mailbox["messages"]), Some(&1.into()), "{name:?}");
        let folder = folders.iter().find(|folder| folder["name"] == name);
        assert_eq!(folder.map(|folder| &folder["messages"]), Some(&1.into()), "{name:?}");
    }
    assert_eq!(machine.run("history show --format json").succeeds().json(), snapshot);
}

#[test]
fn text_escapes_names() {
    let machine = hostile();
    for command in ["scan vmail", "history list", "history show", "forecast", "report"] {
        assert_harmless(&machine.run(command).succeeds().text());
    }
}

#[test]
fn html_escapes_names() {
    let machine = hostile();
    machine.run("scan vmail").succeeds();
    let page = machine.run("report --format html").succeeds().text();
    assert_harmless(&page);
    assert!(!page.contains("<script"), "a name became a tag");
    assert!(page.contains("&lt;script&gt;alert(1)&lt;"), "the name is shown");
    assert!(page.contains("\\u{202e}gnp-txt"), "the mark is shown");
}

#[test]
fn every_report_format_escapes_names() {
    let machine = hostile();
    for day in ["2026-01-05", "2026-01-12"] {
        machine.runway("scan vmail --taken-at").arg(day).run().succeeds();
    }
    let report = |form: &str| machine.run(&format!("report --today 2026-01-12 --format {form}")).succeeds().text();
    for form in ["text", "markdown", "html"] {
        assert_harmless(&report(form));
    }
    let markdown = report("markdown");
    assert!(!markdown.replace("\\<", "").contains('<'), "{markdown}");
    assert!(markdown.contains("\\<script\\>"), "{markdown}");
    assert!(markdown.contains("Largest mailboxes"), "names are shown: {markdown}");
    let json: serde_json::Value = serde_json::from_str(&report("json")).expect("it is JSON");
    assert!(json["subjects"].as_array().is_some_and(|subjects| !subjects.is_empty()), "{json}");
    let mail = report("mail");
    assert_harmless(&mail);
    let (head, _) = mail.split_once("\n\n").expect("a message has a head");
    let names: Vec<&str> =
        head.lines().filter(|line| !line.starts_with([' ', '\t'])).filter_map(|line| line.split(':').next()).collect();
    let expected =
        ["Date", "From", "To", "Subject", "Message-ID", "Auto-Submitted", "MIME-Version", "User-Agent", "Content-Type"];
    assert_eq!(names, expected, "{head}");
}

#[test]
fn store_names_are_escaped() {
    for (name, shown) in HOSTILE {
        let machine = Machine::new();
        machine.store("vmail").deliver("example.org/ann", "INBOX", 1_000, "2026-01-05");
        let place = machine.path("").join(OsStr::from_bytes(name));
        std::fs::rename(machine.path("vmail"), &place).expect("a directory can get a new name");
        assert_harmless(&machine.runway("scan").arg(name_of(name)).run().succeeds().keeps_silent().text());
        assert_harmless(&machine.run("history list").succeeds().text());
        assert_harmless(&machine.run("report").succeeds().text());
        assert_eq!(machine.run("history show --format json").succeeds().json()["stores"][0]["store"], shown);
    }
}

#[test]
fn paths_in_errors_are_escaped() {
    let machine = hostile();
    for (name, _) in HOSTILE {
        let missing = [name, b"-missing"].concat();
        let refusal = machine.runway("scan").arg(name_of(&missing)).run().fails(2, &["there is no store or directory"]);
        assert_harmless(&refusal.stderr());
    }
}

#[test]
fn series_names_are_escaped() {
    let machine = Machine::new();
    machine.write("in.csv", "series,time,used,limit\n\u{1b}]0;owned\u{7}\u{202e}x,2026-01-01,1,10\n");
    let forecast = machine.run("forecast --input in.csv").succeeds().text();
    assert_harmless(&forecast);
    assert!(forecast.contains("\\u{1b}]0;owned\\u{7}\\u{202e}x"), "{forecast}");
    let json = machine.run("forecast --input in.csv --format json").succeeds().json();
    assert_eq!(json["series"], "\u{1b}]0;owned\u{7}\u{202e}x");
    machine.run("chart --input in.csv -o chart.svg").succeeds();
    let chart = std::fs::read_to_string(machine.path("chart.svg")).expect("the chart is there");
    assert_harmless(&chart);
    let refusal = machine.runway("forecast --input in.csv").arg("\u{1b}none").run().fails(2, &["no series"]);
    assert_harmless(&refusal.stderr());
}

/// The coloured error message, without mailrunway's own colour codes.
#[track_caller]
fn refused_in_colour(machine: &Machine, saying: &[&str]) -> String {
    let mut words = machine.run("scan --color always").exits_with(1).warns(saying).stderr();
    for (coloured, plain) in [("\x1b[1m\x1b[31merror:\x1b[0m", "error:"), ("\x1b[36mhint:\x1b[0m", "hint:")] {
        assert!(words.contains(coloured), "`{plain}` has no colour in {words:?}");
        words = words.replacen(coloured, plain, 1);
    }
    words
}

#[test]
fn settings_in_errors_are_escaped() {
    let machine = Machine::new();
    let store = |path: &str| format!("[[store]]\nname = \"\\u001b[31mred\"\npath = '{path}'\n");
    machine.settings(&(store("/a") + &store("/b")));
    let shown = "there are two stores `\\u{1b}[31mred`";
    assert_harmless(&refused_in_colour(&machine, &[shown, "line 5"]));
    machine.settings("[policy]\n\"\\u001b[31mred\" = 1\n");
    assert_harmless(&refused_in_colour(&machine, &["\\u{1b}[31mred", "line 2"]));
    machine.settings("[policy]\n\u{1b}[31mred = 1\n");
    assert_harmless(&refused_in_colour(&machine, &["\\u{1b}[31mred", "line 2"]));
}

#[test]
fn a_demo_directory_may_have_a_hostile_name() {
    let name = "it's \u{1b}[31m \"red\"";
    let machine = Machine::new();
    let demo = machine.runway("demo --weeks 4 --today 2026-11-23").arg(name).run().succeeds();
    assert_harmless(&demo.text());
    let settings = machine.path(name).join("mailrunway.toml");
    let list = machine.runway("history list --format json -c").arg(settings).without("MAILRUNWAY_HISTORY").run();
    assert_eq!(list.succeeds().keeps_silent().json_lines().len(), 4);
}

#[test]
fn the_command_that_a_demo_prints_works() {
    let machine = Machine::new();
    let text = machine.runway("demo --weeks 4 --today 2026-11-23").arg("it's \"a\" demo").run().succeeds().text();
    let (_, words) = text.split_once("Ask on:   mailrunway ").expect("it is said how to go on");
    let (words, _) = words.split_once("\nFor real:").expect("it goes on");
    let list = machine.runway("").without("MAILRUNWAY_HISTORY").in_shell(&format!("\"$@\" {words}")).run();
    assert_eq!(list.succeeds().keeps_silent().text().lines().count(), 1 + 4);
}

fn name_of(bytes: &[u8]) -> &OsStr {
    OsStr::from_bytes(bytes)
}
