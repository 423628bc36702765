//! `backtest`: the accuracy of past forecasts.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::support::machine::Machine;

/// The sample history beside a machine's settings that give its store a limit.
fn sample() -> Machine {
    let machine = Machine::new();
    machine.settings("[[store]]\nname = 'demo'\npath = '/srv/mail'\nlimit = '300MiB'\nfilesystem = false\n");
    machine
}

/// The arguments of a backtest of the sample history on its last day.
fn of_sample(options: &str) -> String {
    let history = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/sample-history");
    format!("backtest --history {} --today 2026-11-23 {options}", history.display())
}

/// Rows of `weeks` weeks of a store that grows by about 100 a week; its limit is raised after a year.
fn weeks(name: &str, weeks: i64) -> String {
    let mut rows = String::new();
    for week in 0..weeks {
        let limit = if week < 52 { 12_000 } else { 30_000 };
        let (time, used) = (1_704_067_200 + week * 7 * 86_400, 5_000 + week * 100 + week * 37 % 11 * 8);
        writeln!(rows, "{name},{time},{used},{limit}").expect("writing to memory does not fail");
    }
    rows
}

fn table(machine: &Machine, rows: &[String]) {
    machine.write("in.csv", format!("series,time,used,limit\n{}", rows.concat()));
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is not a number"))
}

#[test]
fn the_sample_history_is_compared_with_straight_lines() {
    let machine = sample();
    let text = machine.run(&of_sample("")).succeeds().keeps_silent().text();
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[0].starts_with("demo, bytes: 14 forecasts made 13 Oct 2025 to "), "{text}");
    let rows: Vec<&str> = lines[3..6].iter().map(|line| line.trim_start()).collect();
    for (row, name) in rows.iter().zip(["mailrunway ", "straight line ", "line of 30 days "]) {
        assert!(row.starts_with(name) && row.matches('%').count() == 3, "{text}");
    }
    assert!(text.contains("The 80 % range held: of dates in ") && text.contains("The dates were off by "), "{text}");
    assert!(text.contains("With their ranges, their loss is "), "{text}");
    assert!(!text.contains("all series"), "there is only one series");
}

#[test]
fn json_has_a_line_for_each_series_and_one_for_all() {
    let machine = Machine::new();
    table(&machine, &[weeks("one", 104), weeks("few", 5), weeks("two", 60)]);
    let lines = machine.run("backtest --input in.csv --format json").succeeds().keeps_silent().json_lines();
    let output: Vec<_> = lines.iter().map(|line| (line["series"].as_str(), line["state"].as_str())).collect();
    let (scored, short) = (Some("scored"), Some("not_enough_history"));
    assert_eq!(output, [(Some("one"), scored), (Some("few"), short), (Some("two"), scored), (None, scored)]);
    assert_eq!((&lines[1]["have"]["observations"], &lines[1]["have"]["days"]), (&5.into(), &28.into()));
    let keys = |object: &Value| object.as_object().expect("an object").keys().cloned().collect::<Vec<_>>();
    let scores = &lines[0]["scores"];
    assert_eq!(keys(scores), ["mailrunway", "line", "line_30d"]);
    let columns = "log_pinball date_error late early cover80 cover90 under10 level_loss brier none n";
    for who in ["mailrunway", "line", "line_30d"] {
        assert_eq!(keys(&scores[who]).join(" "), columns);
        let counts = |line: &Value| number(&line["scores"][who]["n"]);
        assert_eq!(counts(&lines[0]) + counts(&lines[2]), counts(&lines[3]), "all together");
        assert!(number(&scores[who]["date_error"]) < 0.2, "steady growth is easy to forecast: {}", scores[who]);
    }
    assert_eq!(lines[0]["origins"], 25, "every four weeks of two years");
    assert_eq!((&lines[0]["from"], &lines[0]["to"]), (&"2024-01-08".into(), &"2025-11-10".into()));
    for what in ["dates", "levels"] {
        let outcomes = &lines[0]["outcomes"][what];
        assert_eq!(keys(outcomes).join(" "), "below lower_half upper_half above apart");
        let all: f64 = ["below", "lower_half", "upper_half", "above"].map(|part| number(&outcomes[part])).iter().sum();
        assert!((1.0..=all).contains(&number(&outcomes["apart"])), "{outcomes}");
    }
}

#[test]
fn observations_after_the_last_origin_change_the_truth_but_no_forecast() {
    let machine = Machine::new();
    let output = |rows: String| {
        table(&machine, &[rows]);
        // One origin, after 51 of 60 weeks.
        let command = "backtest --input in.csv --format json --every 50y --last 63d";
        machine.run(command).succeeds().json_lines().remove(0)
    };
    let rows = weeks("a", 60);
    let kept: String = rows.lines().take(51).map(|row| row.to_owned() + "\n").collect();
    let later = rows.lines().skip(51).map(|row| {
        let cells: Vec<&str> = row.split(',').collect();
        format!("a,{},{},15000\n", cells[1], 4 * cells[2].parse::<u64>().expect("a number"))
    });
    let (one, two) = (output(rows.clone()), output(kept + &later.collect::<String>()));
    assert_eq!((&one["origins"], &one["from"]), (&1.into(), &two["from"]));
    assert_eq!(
        one["scores"]["mailrunway"]["n"], two["scores"]["mailrunway"]["n"],
        "both are asked for the limits of the origin"
    );
    assert_eq!(
        (&one["resolved"], &two["resolved"]),
        (&1.into(), &2.into()),
        "the limit of the origin is reached as well"
    );
}

#[test]
fn options_set_the_distance_and_age_of_origins() {
    let machine = Machine::new();
    table(&machine, &[weeks("a", 104)]);
    let origins = |options: &str| {
        machine.run(&format!("backtest --input in.csv --format json {options}")).succeeds().json_lines()[0]["origins"]
            .as_u64()
    };
    assert_eq!([origins("--every 8w"), origins("--every 52w"), origins("--last 26w")], [Some(13), Some(2), Some(6)]);
    machine.run("backtest --input in.csv --every 0d").fails(2, &["must be at least a day"]);
}

#[test]
fn a_history_too_short_is_told_the_required_length() {
    let machine = Machine::new();
    table(&machine, &[weeks("a\u{1b}[2J", 4), weeks("b", 3)]);
    let saying = [
        "no series is long enough to look back",
        "a\\u{1b}[2J, has 4 observations over 21 days",
        "it takes 3 over 29 days",
    ];
    machine.run("backtest --input in.csv").fails(1, &saying);
    machine.run("backtest --input in.csv --format json -o x.png").fails(1, &saying[..1]);
    table(&machine, &[weeks("a", 104), weeks("b", 3)]);
    let text = machine.run("backtest --input in.csv").succeeds().keeps_silent().words();
    assert!(text.contains(" b, bytes: too short to look back: 3 observations over 14 days, and it takes "), "{text}");
    machine.run("backtest --input in.csv --last 3d").fails(1, &["of the last 3 days"]);
}

#[test]
fn few_cases_give_no_verdict() {
    let machine = Machine::new();
    table(&machine, &[weeks("a", 14)]);
    let text = machine.run("backtest --input in.csv").succeeds().text();
    assert!(text.contains("too few to judge the dates"), "{text}");
    assert!(!text.contains("The dates were off by"), "{text}");
}

#[test]
fn the_chart_is_complete() {
    let machine = sample();
    for (file, magic) in [("x.png", &b"\x89PNG"[..]), ("x.svg", b"<svg ")] {
        machine.run(&of_sample(&format!("-o {file}"))).succeeds().keeps_silent();
        let drawn = fs::read(machine.path(file)).expect("the chart is there");
        assert!(drawn.starts_with(magic) && drawn.len() > 10_000, "{file}");
        if file == "x.svg" {
            let words = String::from_utf8(drawn).expect("an SVG is text");
            let title = "How good the forecasts were: demo, bytes";
            for expected in [title, "apart in time", "straight line", "80 % range of levels held "] {
                assert!(words.contains(expected), "{expected}");
            }
        }
    }
    machine.run(&of_sample("-o x.gif")).fails(2, &["ends in .png or .svg"]);
}

#[test]
fn the_number_of_threads_does_not_change_the_result() {
    let machine = Machine::new();
    table(&machine, &[weeks("a", 104), weeks("b", 60)]);
    let output = |threads: &str| {
        let command = machine.runway("backtest --input in.csv --format json").env("RAYON_NUM_THREADS", threads);
        command.run().succeeds().text()
    };
    assert!(output("1") == output("3"));
}
