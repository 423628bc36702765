//! First use, without settings.

use serde_json::json;

use crate::support::machine::Machine;

#[test]
fn scan_and_forecast_work_without_settings() {
    let machine = Machine::new();
    machine.store("vmail").deliver("example.org/ann", "INBOX", 1_000, "2026-01-05");
    let bare = |words: &str| {
        let command = machine.runway(words).without("MAILRUNWAY_CONFIG").without("MAILRUNWAY_HISTORY");
        command.by_ordinary_user().run().succeeds().keeps_silent()
    };
    let scan = bare("scan vmail").text();
    assert!(scan.contains("1 mailbox\n") && scan.contains("1 in 0.98 KiB"), "{scan}");
    let kept = machine.path("home/.local/share/mailrunway/history/mailrunway-history.json");
    assert!(kept.is_file(), "the history is in the XDG directory");
    let text = bare("forecast").text();
    assert!(text.contains("Collecting: the next scan gives a first range"), "{text}");
    let forecasts = bare("forecast --format json").json_lines();
    assert!(!forecasts.is_empty(), "the volume is forecast");
    for forecast in forecasts {
        assert_eq!(forecast["state"], "not_enough_history");
        assert_eq!(forecast["have"], json!({"observations": 1, "days": 0}));
        assert_eq!(forecast["need"], json!({"observations": 2, "days": 1}));
        assert_eq!(forecast["exhaustion"], json!(null));
    }
}

#[test]
fn a_store_can_be_named_by_its_given_name() {
    let machine = Machine::new();
    machine.store("vmail").deliver("example.org/ann", "INBOX", 1_000, "2026-01-05");
    machine.run("scan vmail --name post").succeeds();
    let all = machine.run("forecast --format json").succeeds().text();
    assert_eq!(machine.run("forecast post --format json").succeeds().text(), all, "a store stands for its volume");
}

#[test]
fn help_and_version_go_to_standard_output() {
    let machine = Machine::new();
    for command in ["--help", "scan --help", "forecast --help", "history --help", "-h"] {
        assert!(machine.run(command).succeeds().keeps_silent().text().contains("Usage: mailrunway"));
    }
    assert_eq!(machine.run("--version").succeeds().keeps_silent().text(), "mailrunway 0.1.0\n");
}

#[test]
fn a_demo_writes_its_files_and_a_usable_history() {
    let machine = Machine::new();
    let demo = machine.run("demo demo --weeks 12 --today 2026-11-23").succeeds().text();
    for file in ["report.html", "report.txt", "runway.png", "runway@2x.png", "runway.svg", "forecast.jsonl"] {
        assert!(machine.path("demo").join(file).is_file(), "{file}");
    }
    assert!(demo.contains("demo, bytes: "), "{demo}");
    let list = machine.run("-c demo/mailrunway.toml history list --format json --history demo/history").succeeds();
    assert_eq!(list.json_lines().len(), 12);
    let asked = machine
        .runway("-c demo/mailrunway.toml forecast --format json --today 2026-11-23")
        .without("MAILRUNWAY_HISTORY");
    let asked = asked.run().succeeds().text();
    let promised = std::fs::read_to_string(machine.path("demo/forecast.jsonl")).expect("it was just checked");
    assert_eq!(asked, promised);
}

#[test]
fn only_the_first_scan_says_what_comes_next() {
    let machine = Machine::new();
    machine.store("vmail").deliver("example.org/ann", "INBOX", 1_000, "2026-01-05");
    let next = "Next: run the same scan every night, by cron or a systemd timer, and ask `mailrunway forecast`.";
    for quiet in ["--quiet", "--format json", "--format markdown"] {
        let scan = machine.run(&format!("scan vmail {quiet}")).succeeds().keeps_silent();
        assert!(!scan.words().contains("Next:"), "{quiet}");
        std::fs::remove_dir_all(machine.path("history")).expect("it was made");
    }
    assert!(machine.run("scan vmail").succeeds().keeps_silent().words().ends_with(next));
    assert!(!machine.run("scan vmail").succeeds().words().contains("Next:"));
}
