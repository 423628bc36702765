//! The record of forecasts that were issued from a history.

use std::path::PathBuf;

use mailrunway::history::History;
use mailrunway::history::issued::IssuedForecast;

use super::weekly_scans::grown;
use crate::support::machine::Machine;
use crate::support::maildir::Store;

const NOTHING: [PathBuf; 0] = [];

fn issued(machine: &Machine) -> Vec<IssuedForecast> {
    History::open(&machine.path("history")).expect("there is a history").issued().expect("it can be read").0
}

/// Two stores, each with a limit, scanned once a week for five weeks.
fn two_stores() -> Machine {
    let machine = Machine::new();
    let stores = ["a", "b"].map(|name| (name, machine.store(name)));
    let setting = |(name, store): &(&str, Store)| {
        let root = store.root.display();
        format!("[[store]]\nname = '{name}'\npath = '{root}'\nlimit = '4MiB'\nfilesystem = false\n")
    };
    machine.settings(&stores.iter().map(setting).collect::<String>());
    for monday in ["2026-01-05", "2026-01-12", "2026-01-19", "2026-01-26", "2026-02-02"] {
        for (_, store) in &stores {
            store.deliver("example.org/ann", "INBOX", 90_000, monday);
        }
        machine.run(&format!("scan --taken-at {monday}T04:00:00Z")).succeeds();
    }
    machine
}

#[test]
fn every_format_records_the_forecast() {
    let machine = grown();
    assert_eq!(issued(&machine), []);
    let line = machine.run("forecast --format json").succeeds().json();
    let kept = issued(&machine);
    let [one] = kept.as_slice() else { panic!("{kept:?}") };
    assert_eq!((one.series.as_str(), one.as_of.to_string()), ("vmail", "2026-03-09".to_owned()));
    assert_eq!((line["model"].as_str(), one.horizon_days), (Some(one.model.as_str()), 1_095));
    assert_eq!((line["used"].as_f64(), one.limit), (Some(one.used), Some((4 << 20) as f64)));
    for level in &one.levels {
        let shown = &line["level"][level.days as usize / 7 - 1];
        assert_eq!(shown["date"], one.as_of.saturating_add(jiff::ToSpan::days(i64::from(level.days))).to_string());
        for (name, used) in [("p05", level.used.p05), ("p50", level.used.p50), ("p95", level.used.p95)] {
            assert_eq!(shown[name].as_f64(), Some(used.round()), "{name} after {} days", level.days);
        }
    }
    assert_eq!(one.levels.iter().map(|level| level.days).collect::<Vec<_>>(), [7, 28, 91, 182, 364]);
    let median = one.exhaustion_days.p50.expect("it is expected");
    let date = one.as_of.saturating_add(jiff::ToSpan::days(i64::from(median)));
    assert_eq!(line["exhaustion"]["p50"], date.to_string());
    for command in ["forecast", "report", "report --format html -o page.html"] {
        std::fs::remove_dir_all(machine.path("history/forecasts")).expect("it was made");
        machine.run(command).succeeds();
        assert_eq!(issued(&machine), kept, "{command}");
    }
}

#[test]
fn an_unchanged_forecast_writes_no_file() {
    let machine = grown();
    let first = machine.run("forecast").succeeds();
    assert!(first.changed().iter().all(|path| path.starts_with(machine.path("history"))), "{:?}", first.changed());
    assert_eq!(machine.run("forecast").succeeds().changed(), NOTHING);
    assert_eq!(machine.run("report").succeeds().changed(), NOTHING);
}

#[test]
fn only_default_forecasts_of_the_history_are_recorded() {
    let machine = grown();
    machine.write("in.csv", "series,time,used,limit\na,2026-01-05,1,10\n");
    machine.write("model.json", include_str!("../../../data/model.json"));
    for command in [
        "forecast --input in.csv",
        "forecast --at 2026-04-01",
        "forecast --constants model.json",
        "report --constants model.json",
        "history list",
        "forecast vmial",
    ] {
        assert_eq!(machine.run(command).changed(), NOTHING, "{command}");
    }
    machine.run("chart -o chart.png").succeeds();
    assert_eq!(issued(&machine), []);
}

#[test]
fn a_forecast_of_one_store_keeps_the_record_of_the_other() {
    let machine = two_stores();
    machine.run("forecast").succeeds();
    let before = issued(&machine);
    machine.run("forecast b --horizon 4y --today 2026-02-02").succeeds().keeps_silent();
    let after = issued(&machine);
    assert_eq!((before.len(), after.len()), (2, 2));
    assert_eq!(before[0], after[0]);
    assert_ne!(before[1], after[1], "the last forecast of a day is kept");
    machine.run("forecast b --horizon 8w").succeeds();
    assert_eq!(issued(&machine), after, "but not one with a shorter horizon");
}

#[test]
fn the_record_has_a_forecast_for_each_day_and_is_private() {
    let machine = grown();
    machine.run("forecast").succeeds();
    machine.run("scan --taken-at 2026-03-16T04:00:00Z").succeeds();
    machine.run("forecast").succeeds();
    let days: Vec<String> = issued(&machine).iter().map(|one| one.as_of.to_string()).collect();
    assert_eq!(days, ["2026-03-09", "2026-03-16"]);
    let mode = std::os::unix::fs::PermissionsExt::mode;
    let directory = machine.path("history/forecasts").metadata().expect("it was made");
    assert_eq!(mode(&directory.permissions()) & 0o777, 0o700);
}

#[test]
fn a_read_only_history_is_forecast_with_a_warning() {
    let machine = Machine::new();
    machine.store("vmail").deliver("example.org/ann", "INBOX", 1_000, "2026-01-05");
    let run = |words: &str| machine.runway(&format!("{words} --history home/history")).by_ordinary_user().run();
    // A reached limit is reported after one scan.
    let root = machine.path("vmail");
    let root = root.display();
    machine.settings(&format!("[[store]]\nname = 'vmail'\npath = '{root}'\nlimit = '1'\nfilesystem = false\n"));
    run("scan").succeeds();
    machine.forbid("home/history", 0o555);
    for command in ["forecast", "report"] {
        let shown = run(command).succeeds().warns(&["warning: ", "cannot make the directory", "forecasts", "hint: "]);
        assert!(shown.text().contains("RED"), "{}", shown.text());
        assert_eq!(shown.changed(), NOTHING);
    }
}

#[test]
fn a_damaged_record_is_named_in_a_warning() {
    let machine = grown();
    let shown = machine.run("forecast").succeeds().text();
    let file = std::fs::read_dir(machine.path("history/forecasts")).expect("it was made").next().expect("there is one");
    std::fs::write(file.expect("it can be listed").path(), "not Parquet").expect("it can be overwritten");
    let warned = machine.run("forecast").succeeds();
    assert_eq!(warned.text(), shown);
    warned.warns(&["the record of a forecast is damaged", "forecast=20260309_", "hint: "]);
}
