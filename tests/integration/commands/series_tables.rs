//! Forecasts of tables written by other tools.

use std::fs::File;

use polars::prelude::{Column, DataFrame, ParquetWriter};
use serde_json::Value;

use crate::support::machine::Machine;

/// A machine with a table of ten weeks of one store, `in.csv`, that grows to some 2 MiB of its 4 MiB.
pub fn measured() -> Machine {
    let machine = Machine::new();
    let week = |week: i64| format!("vmail,{},{},4194304\n", 1_767_585_600 + week * 7 * 86_400, 200_000 * week + 1_000);
    machine.write("in.csv", format!("series,time,used,limit\n{}", (0..10).map(week).collect::<String>()));
    machine
}

/// Forty series of different growth, their rows mixed, two thirds of them with a limit.
fn table() -> String {
    let mut rows = String::from("series,time,used,limit\n");
    for week in 0..20_u32 {
        for series in (0..40_u32).rev() {
            let used = 1_000 + week * series * 10 + (week * series) % 7;
            let limit = if series % 3 == 0 { String::new() } else { (2_000 + 100 * series).to_string() };
            rows += &format!("s{series},{},{used},{limit}\n", 1_767_571_200 + week * 7 * 86_400);
        }
    }
    rows
}

fn forecast(machine: &Machine, threads: &str) -> String {
    let command = machine.runway("forecast --input in.csv --format json").env("RAYON_NUM_THREADS", threads);
    command.run().succeeds().keeps_silent().text()
}

#[test]
fn json_has_one_line_for_each_series_in_input_order() {
    let machine = Machine::new();
    machine.write("in.csv", table());
    let lines = machine.run("forecast --input in.csv --format json").succeeds().json_lines();
    let names: Vec<String> = lines.iter().map(|line| line["series"].as_str().expect("a name").to_owned()).collect();
    assert_eq!(names, (0..40).rev().map(|series| format!("s{series}")).collect::<Vec<_>>());
    for line in &lines {
        assert_eq!(line["observations"], 20);
        assert_eq!(line["as_of"], "2026-05-18");
    }
    for line in lines.iter().filter(|line| line["limit"].is_null()) {
        assert_eq!((&line["state"], &line["status"]), (&"no_limit".into(), &"unknown".into()), "{line}");
        assert_eq!((&line["exhaustion"], &line["probability"]), (&Value::Null, &serde_json::json!([])));
        assert!(line["order_by"].is_null() && line["p_full_within_lead_time"].is_null(), "{line}");
        assert_eq!(line["level"].as_array().map(Vec::len), Some(157), "levels need no limit");
    }
    assert_eq!(lines.iter().filter(|line| line["state"] == "no_limit").count(), 14);
    let text = machine.run("forecast s0 s3 --input in.csv").succeeds().text();
    assert!(text.starts_with("UNKNOWN s3, bytes: ") && text.contains("no limit is set"), "{text}");
    assert!(!text.contains("Full") && !text.contains("P(") && !text.contains("20"), "there is no date: {text}");
}

#[test]
fn the_number_of_threads_does_not_change_the_result() {
    let machine = Machine::new();
    machine.write("in.csv", table());
    let one = forecast(&machine, "1");
    assert!(one == forecast(&machine, "2"), "two threads");
    assert!(one == forecast(&machine, "7"), "seven threads");
}

#[test]
fn the_constants_option_changes_the_forecast() {
    let machine = Machine::new();
    machine.write("in.csv", table());
    let learnt = include_str!("../../../data/model.json");
    let mut other: serde_json::Value = serde_json::from_str(learnt).expect("it is JSON");
    other["widening"] = 1.5.into();
    machine.write("learnt.json", learnt);
    machine.write("other.json", other.to_string());
    let by = |constants: &str| {
        let words = format!("forecast --input in.csv --format json --constants {constants}");
        machine.run(&words).succeeds().keeps_silent().text()
    };
    let own = forecast(&machine, "2");
    assert!(own == by("learnt.json"), "those that it was built with");
    assert!(own != by("other.json"), "other ones");
}

#[test]
fn standard_input_gives_the_same_forecast_as_a_file() {
    let machine = Machine::new();
    machine.write("in.csv", table());
    let piped =
        machine.runway("forecast --input - --format json").input(table()).run().succeeds().keeps_silent().text();
    assert!(piped == forecast(&machine, "2"));
}

#[test]
fn all_time_formats_give_the_same_forecast() {
    let machine = Machine::new();
    let output = |times: [&str; 4]| {
        let rows = times.iter().enumerate().map(|(week, time)| format!("a,{time},{week},10\n"));
        let table = format!("\u{feff}series,time,used,limit\r\n{}", rows.collect::<String>());
        machine.runway("forecast --input - --format json").input(table).run().succeeds().text()
    };
    let dates = output(["2026-01-05", "2026-01-12", "2026-01-19", "2026-01-26"]);
    assert_eq!(dates, output(["1767571200", "1768176000", "1768780800", "1769385600"]));
    let zones = ["2026-01-05T01:00:00+01:00", "2026-01-12T00:00:00Z", "2026-01-18T19:00:00-05:00", "2026-01-26"];
    assert_eq!(dates, output(zones));
}

#[test]
fn several_times_of_a_day_are_separate_observations() {
    let machine = Machine::new();
    let day = |day: u32| {
        let at = |time: &str| format!("a,2025-01-{day:02}{time},{day},100\n");
        [" 00:00:00", " 06:00:00", "T12:00", "T18:00:00"].map(at).concat()
    };
    machine.write("in.csv", format!("series,time,used,limit\n{}", (6..10).map(day).collect::<String>()));
    let line = machine.run("forecast --input in.csv --format json").succeeds().keeps_silent().json();
    assert_eq!((&line["observations"], &line["as_of"]), (&16.into(), &"2025-01-09".into()));
}

#[test]
fn eight_digits_parse_as_a_date() {
    let machine = Machine::new();
    machine.write("in.csv", "series,time,used,limit\na,20261123,1,10\n");
    let line = machine.run("forecast --input in.csv --format json").succeeds().json();
    assert_eq!(line["as_of"], "2026-11-23");
}

#[test]
fn names_select_series() {
    let machine = Machine::new();
    machine.write("in.csv", table());
    let lines = machine.run("forecast s7 s9 --input in.csv --format json").succeeds().json_lines();
    let names: Vec<&str> = lines.iter().filter_map(|line| line["series"].as_str()).collect();
    assert_eq!(names, ["s9", "s7"], "in the order of the input");
}

#[test]
fn a_reached_limit_is_reported_as_full() {
    let machine = Machine::new();
    for (used, limit) in [(10, 10), (11, 10), (0, 0)] {
        machine.write("in.csv", format!("series,time,used,limit\na,2026-01-05,{used},{limit}\n"));
        let line = machine.run("forecast --input in.csv --format json").succeeds().json();
        assert_eq!(line["state"], "already", "{used} of {limit}");
        let text = machine.run("forecast --input in.csv").succeeds().text();
        assert!(text.starts_with("RED a, bytes: Full"), "{text}");
    }
}

#[test]
fn parquet_gives_the_same_forecast_as_csv() {
    let machine = Machine::new();
    machine.write("in.csv", table());
    let table = table();
    let cells: Vec<Vec<&str>> = table.lines().skip(1).map(|row| row.split(',').collect()).collect();
    let column = |at: usize| cells.iter().map(|row| row[at].parse::<i64>().ok()).collect::<Vec<_>>();
    let names: Vec<&str> = cells.iter().map(|row| row[0]).collect();
    let columns = [
        Column::new("series".into(), names),
        Column::new("time".into(), column(1)),
        Column::new("used".into(), column(2)),
        Column::new("limit".into(), column(3)),
    ];
    let mut frame = DataFrame::new(cells.len(), columns.into()).expect("the columns are of one length");
    let file = File::create_new(machine.path("in.parquet")).expect("the name is new");
    ParquetWriter::new(file).finish(&mut frame).expect("the table can be written");
    let parquet = machine.run("forecast --input in.parquet --format json").succeeds().keeps_silent().text();
    assert!(parquet == forecast(&machine, "2"));
}
