//! Tables and options that `forecast` and `chart` refuse.

use std::fs::File;

use polars::prelude::{Column, DataFrame, ParquetWriter};

use crate::support::machine::Machine;

/// A table that forecasts well.
const GOOD: &str = "series,time,used,limit
a,2026-01-01,1,10\na,2026-01-08,2,10\na,2026-01-15,3,10\na,2026-01-22,4,10\na,2026-01-29,5,10\n";

/// A description, the table, and the expected message.
const BAD_TABLES: [(&str, &[u8], &str); 15] = [
    ("no column for the series", b"name,time,used\na,2026-01-01,1\n", "no column `series`"),
    ("no column for the amount", b"series,time\na,2026-01-01\n", "no column `used`"),
    ("a series without a name", b"series,time,used\na,2026-01-01,1\n,2026-01-02,1\n", "line 3: the series has no name"),
    ("a word for a date", b"series,time,used\na,2026-01-01,1\na,soon,1\n", "line 3: `soon` is not a valid time"),
    ("a date that never was", b"series,time,used\na,2026-02-30,1\n", "line 2: `2026-02-30` is not a valid time"),
    ("a negative size", b"series,time,used\na,2026-01-01,-1\n", "line 2: used is `-1`"),
    ("a word for a size", b"series,time,used\na,2026-01-01,big\n", "line 2: used is `big`"),
    ("a size that is not a number", b"series,time,used\na,2026-01-01,NaN\n", "line 2: used is `NaN`"),
    ("a size without end", b"series,time,used\na,2026-01-01,inf\n", "line 2: used is `inf`"),
    ("a size beyond every disk", b"series,time,used\na,2026-01-01,1e300\n", "line 2: used is `1e300`"),
    ("a bad limit", b"series,time,used,limit\na,2026-01-01,1,-5\n", "line 2: limit is `-5`"),
    ("nothing", b"", "the table is empty"),
    ("a header alone", b"series,time,used\n", "the table has no rows"),
    ("a ragged row", b"series,time,used\na,2026-01-01\n", "line: 2"),
    ("bytes that are not UTF-8", b"series,time,used\na\xff,2026-01-01,1\n", "line 2"),
];

#[test]
fn errors_in_a_table_name_the_line() {
    let machine = Machine::new();
    for (what, table, message) in BAD_TABLES {
        println!("{what}");
        machine.write("bad.csv", table);
        for format in ["text", "json"] {
            let forecast = machine.run(&format!("forecast --input bad.csv --format {format}"));
            forecast.fails(1, &[message, "bad.csv"]);
        }
        machine.run("chart --input bad.csv -o chart.png").fails(1, &[message, "bad.csv"]);
        let piped = machine.runway("forecast --input -").input(table).run();
        piped.fails(1, &[message, "standard input"]);
    }
}

#[test]
fn cells_in_errors_are_escaped() {
    let machine = Machine::new();
    machine.write("bad.csv", "series,time,used\na,\u{1b}[2Jsoon,1\n");
    let refusal = machine.run("forecast --input bad.csv").fails(1, &["`\\u{1b}[2Jsoon` is not a valid time"]);
    assert!(!refusal.stderr().contains('\u{1b}'));
}

#[test]
fn an_input_that_is_not_a_table_is_refused() {
    let machine = Machine::new();
    machine.store("directory");
    machine.store("directory.parquet");
    machine.write("bad.parquet", GOOD);
    for (input, message) in [
        ("directory", "the input is a directory: directory"),
        ("directory.parquet", "directory.parquet"),
        ("missing.csv", "cannot read the input: missing.csv: No such file"),
        ("missing.parquet", "missing.parquet: No such file"),
        ("bad.parquet", "this is not a readable Parquet table: bad.parquet"),
    ] {
        machine.run(&format!("forecast --input {input}")).fails(1, &[message]);
    }
}

#[test]
fn a_text_column_of_limits_in_parquet_is_refused() {
    let machine = Machine::new();
    let columns = [
        Column::new("series".into(), ["a", "a"]),
        Column::new("time".into(), ["2026-01-01", "2026-01-08"]),
        Column::new("used".into(), [1_i64, 2]),
        Column::new("limit".into(), ["10", "10"]),
    ];
    let mut frame = DataFrame::new(2, columns.into()).expect("the columns are of one length");
    let file = File::create_new(machine.path("in.parquet")).expect("the name is new");
    ParquetWriter::new(file).finish(&mut frame).expect("the table can be written");
    machine.run("forecast --input in.parquet").fails(1, &["limit", "in.parquet"]);
}

#[test]
fn an_unknown_series_is_refused_with_the_known_names() {
    let machine = Machine::new();
    machine.write("good.csv", GOOD);
    let known = ["there is no series `vmial`", "there are: a"];
    machine.run("forecast vmial --input good.csv").fails(2, &known);
    machine.run("chart vmial --input good.csv -o chart.png").fails(2, &known);
    machine.store("vmail").deliver("example.org/ann", "INBOX", 1_000, "2026-01-05");
    let store = machine.path("vmail");
    machine.settings(&format!("[[store]]\nname = 'vmail'\npath = '{}'\nlimit = '1G'\n", store.display()));
    machine.run("scan").succeeds();
    machine.run("forecast vmial").fails(2, &["there is no series `vmial`", "there are: ", "vmail"]);
}

#[test]
fn invalid_option_values_are_refused() {
    let machine = Machine::new();
    machine.write("good.csv", GOOD);
    for (option, message) in [
        ("--horizon soon", "--horizon"),
        ("--horizon 0d", "--horizon"),
        ("--horizon 4000000000d", "--horizon"),
        ("--horizon -1d", "-1"),
        ("--lead-time 9m", "--lead-time"),
        ("--lead-time 4000000000d", "--lead-time"),
        ("--seed 1", "--seed"),
        ("--at 2026-13-01", "--at"),
        ("--at soon", "--at"),
        ("--at 2020-01-01", "2020-01-01 is not between the last scan and the horizon"),
        ("--at 2026-03-01,2099-01-01", "2099-01-01 is not between the last scan and the horizon"),
        ("--today soon", "--today"),
        ("--format yaml", "--format"),
        ("--color sometimes", "--color"),
        ("--verbose --quiet", "--quiet"),
        ("--fast", "--fast"),
    ] {
        machine.run(&format!("forecast --input good.csv {option}")).fails(2, &[message]);
    }
    for size in ["big", "1200", "0x0", "-5x5", "10x10", "100000x100000", "4294967296x1"] {
        machine.run(&format!("chart --input good.csv -o chart.png --size={size}")).fails(2, &[size]);
    }
    machine.run("chart --input good.csv").fails(2, &["--output"]);
    machine.run("scan --taken-at soon").fails(2, &["`soon` is not a valid time"]);
    for seed in ["-1", "x", "18446744073709551616"] {
        machine.run(&format!("demo --seed={seed}")).fails(2, &["--seed"]);
    }
    machine.run("forecats").fails(2, &["forecats", "forecast"]);
}

#[test]
fn invalid_constants_are_refused() {
    let machine = Machine::new();
    machine.write("good.csv", GOOD);
    machine.store("directory");
    let learnt = include_str!("../../../data/model.json");
    for (name, constants, message) in [
        ("text.json", "half".to_owned(), "expected value at line 1 column 1"),
        ("empty.json", String::new(), "EOF"),
        ("few.json", r#"{"jump": {}}"#.to_owned(), "missing field"),
        ("other.json", learnt.replacen("widening", "width", 1), "unknown field `width`"),
        ("word.json", learnt.replacen("1.18", "\"half\"", 1), "invalid type: string \"half\""),
    ] {
        machine.write(name, constants);
        let refusal = machine.run(&format!("forecast --input good.csv --constants {name}"));
        refusal.fails(1, &["these are not constants of the model", name, message, "hint: ", "notebooks/model/train"]);
    }
    for (name, message) in [("missing.json", "No such file"), ("directory", "Is a directory")] {
        let refusal = machine.run(&format!("chart --input good.csv -o chart.png --constants {name}"));
        refusal.fails(1, &["cannot read the constants", name, message, "hint: check the path"]);
    }
}

#[test]
fn invalid_environment_variables_are_refused() {
    let machine = Machine::new();
    machine.write("good.csv", GOOD);
    for (name, value) in [("MAILRUNWAY_HORIZON", "0d"), ("MAILRUNWAY_LEAD_TIME", "soon")] {
        machine.runway("forecast --input good.csv").env(name, value).run().fails(2, &[value]);
    }
}
