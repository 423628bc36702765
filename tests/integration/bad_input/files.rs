//! Output files that cannot be written, and settings files that cannot be read.

use crate::support::machine::Machine;

const TABLE: &str = "series,time,used,limit\na,2026-01-01,1,10\na,2026-01-08,2,10\n";

fn with_table() -> Machine {
    let machine = Machine::new();
    machine.write("in.csv", TABLE);
    machine
}

#[test]
fn a_chart_file_needs_a_known_extension() {
    let machine = with_table();
    for file in ["chart.gif", "chart", "no/such/directory"] {
        machine.run(&format!("chart --input in.csv -o {file}")).fails(2, &["ends in .png or .svg", file]);
    }
}

#[test]
fn output_into_a_missing_directory_fails() {
    let machine = with_table();
    machine.run("chart --input in.csv -o charts/a.png").fails(1, &["cannot write: charts/a.png", "No such file"]);
    machine.store("vmail").deliver("example.org/ann", "INBOX", 1_000, "2026-01-05");
    machine.run("scan vmail").succeeds();
    machine.run("report -o reports/a.html").fails(1, &["cannot write: reports/a.html", "No such file"]);
}

#[test]
fn output_into_a_read_only_directory_fails() {
    let machine = with_table();
    machine.write("charts/a.png", "the last chart");
    machine.forbid("charts", 0o555);
    let chart = machine.runway("chart --input in.csv -o charts/a.png").by_ordinary_user().run();
    chart.fails(1, &["cannot write: charts/a.png", "Permission denied"]);
    let report = machine.runway("chart --input in.csv -o charts").by_ordinary_user().run();
    report.fails(1, &["cannot write: charts/a-bytes.png", "Permission denied"]);
}

#[test]
fn errors_in_the_settings_name_the_line() {
    let machine = with_table();
    for (text, messages) in [
        ("[policy]\nlead_tme = '90d'\n", ["line 2", "lead_tme"]),
        ("[polcy]\n", ["line 1", "polcy"]),
        ("\n\n[policy]\nlead_time = '90 days'\n", ["line 4", "90 days"]),
        ("[policy]\nused_warning = '850%'\n", ["line 2", "850%"]),
        ("[policy]\nused_warning = '96%'\nused_critical = '90%'\n", ["line 2", "used_warning is above used_critical"]),
        ("[policy]\nused_warning = '99%'\n", ["line 2", "used_warning is above used_critical"]),
        ("history = 'relative'\n", ["the path of the history", "begin with /"]),
        ("[scan]\nthreads = 5000\n", ["5000 threads", "1024"]),
        ("[forecast]\nhorizon = '0d'\n", ["line 2", "0d"]),
        ("[forecast]\nhorizon = '4000000000d'\n", ["line 2", "4000000000d"]),
        ("[forecast]\nseed = 1\n", ["line 2", "seed"]),
        ("[[store]]\nname = 'a'\npath = '/a'\nlimit = '5X'\n", ["line 4", "5X"]),
        ("[[store]]\nname = 'a'\npath = 'relative'\n", ["line 3", "begin with /"]),
        ("[[store]]\nname = ''\npath = '/a'\n", ["line 2", "needs a name"]),
        ("[[store]]\nname = 'a'\n", ["line 1", "path"]),
        ("[[store]]\nname = 'a'\npath = '/a'\n\n[[store]]\nname = 'a'\npath = '/b'\n", ["line 6", "two stores `a`"]),
        ("[[quota]]\nmailboxes = '*@a'\n", ["line 2", "the quota of `*@a` has neither a limit nor messages"]),
        ("[[quota]]\nmailboxes = '*'\nlimit = '5X'\n", ["line 3", "5X"]),
        ("[[quota]]\nmailboxes = '*'\n\nmessages = 0\n", ["line 4", "the quota of `*` is zero"]),
        ("[[quota]]\nmailboxes = ''\nlimit = '1G'\n", ["line 2", "a quota needs mailboxes"]),
        ("[[quota]]\nlimit = '1G'\n", ["line 1", "mailboxes"]),
        ("history = [\n", ["line 1", "mailrunway.toml"]),
    ] {
        machine.settings(text);
        for command in ["scan", "forecast --input in.csv", "history list"] {
            let refusal = machine.run(command).fails(1, &messages);
            refusal.warns(&["the settings are wrong", "mailrunway.toml"]);
        }
    }
}

#[test]
fn settings_must_be_utf8() {
    let machine = with_table();
    machine.write("mailrunway.toml", b"history = '\xff'\n");
    machine.run("forecast --input in.csv").fails(1, &["cannot read the settings", "mailrunway.toml"]);
}

#[test]
fn named_settings_must_exist() {
    let machine = with_table();
    machine.run("forecast --input in.csv -c mailrunway.tml").fails(1, &["settings: mailrunway.tml", "No such file"]);
    let named = machine.runway("forecast --input in.csv").env("MAILRUNWAY_CONFIG", "other.toml").run();
    named.fails(1, &["settings: other.toml", "No such file"]);
}

#[test]
fn a_user_without_a_home_directory_must_name_the_history() {
    let machine = with_table();
    let homeless = || machine.runway("forecast --input in.csv").by_ordinary_user().without("HOME");
    let nowhere = homeless().without("MAILRUNWAY_HISTORY").run();
    nowhere.fails(1, &["there is no home directory", "name one with --history"]);
    homeless().run().succeeds();
}

#[test]
fn a_demo_needs_an_empty_directory() {
    let machine = with_table();
    machine.write("home/photo.jpg", "jpg");
    machine.run("demo home").fails(1, &["not empty", "home"]);
    machine.run("demo in.csv").fails(1, &["not empty", "in.csv"]);
    machine.run("demo new --weeks 3").fails(2, &["--weeks"]);
}

#[test]
fn a_demo_in_a_read_only_directory_fails() {
    let machine = with_table();
    machine.store("closed");
    machine.forbid("closed", 0o555);
    let demo = machine.runway("demo closed/demo").by_ordinary_user().run();
    demo.fails(1, &["closed/demo", "Permission denied"]);
}
