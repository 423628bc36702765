//! `metrics`, as Prometheus reads them.

use std::fs;
use std::io::Write;
use std::process::{Command, Stdio};

use super::weekly_scans::grown;

#[test]
fn figures_equal_those_of_the_forecast() {
    let machine = grown();
    let text = machine.run("metrics --today 2026-03-09").succeeds().keeps_silent().text();
    let line = machine.run("forecast --today 2026-03-09 --format json").succeeds().json_lines().remove(0);
    let value = |start: &str, more: &str| {
        let of =
            format!("{start}{{host=\"{}\",kind=\"store\",name=\"vmail\"{more}}} ", line["host"].as_str().unwrap_or(""));
        let found = text.lines().find_map(|line| line.strip_prefix(&of)).unwrap_or_else(|| panic!("{of} in {text}"));
        found.parse::<f64>().expect("it is a number")
    };
    assert_eq!(value("mailrunway_used_bytes", ""), line["used"].as_f64().unwrap());
    assert_eq!(value("mailrunway_limit_bytes", ""), line["limit"].as_f64().unwrap());
    let full = value("mailrunway_full_within_lead_time_ratio", ",resource=\"bytes\"");
    assert_eq!(full, line["p_full_within_lead_time"].as_f64().unwrap());
    let expected = value("mailrunway_exhaustion_timestamp_seconds", ",resource=\"bytes\",bound=\"expected\"");
    let date: jiff::civil::Date = line["exhaustion"]["p50"].as_str().unwrap().parse().unwrap();
    assert_eq!(expected, jiff::tz::TimeZone::UTC.to_timestamp(date.into()).unwrap().as_second() as f64);
    let word = line["status"].as_str().unwrap();
    assert_eq!(value("mailrunway_status", &format!(",resource=\"bytes\",status=\"{word}\"")), 1.0);
    assert!(text.ends_with("# EOF\n"), "{text}");
    machine.run("metrics --today 2026-03-09 -o mail.prom").succeeds().keeps_silent();
    assert_eq!(fs::read_to_string(machine.path("mail.prom")).expect("it was written"), text);
}

#[test]
#[ignore = "needs promtool"]
fn prometheus_finds_no_fault_in_them() {
    let text = grown().run("metrics --today 2026-03-09").succeeds().text();
    let mut promtool = Command::new("promtool")
        .args(["check", "metrics"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("promtool is installed");
    promtool.stdin.take().expect("it is a pipe").write_all(text.as_bytes()).expect("promtool reads");
    let checked = promtool.wait_with_output().expect("it ends");
    let said = String::from_utf8_lossy(&checked.stdout).into_owned() + &String::from_utf8_lossy(&checked.stderr);
    assert!(checked.status.success() && said.is_empty(), "{said}\n{text}");
}

#[test]
#[ignore = "needs promtool"]
fn the_alerting_rules_are_valid_and_use_metrics_that_there_are() {
    let rules = concat!(env!("CARGO_MANIFEST_DIR"), "/data/integrations/prometheus-rules.yml");
    let checked = Command::new("promtool").args(["check", "rules", rules]).output().expect("promtool is installed");
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stdout));
    let text = grown().run("metrics --today 2026-03-09").succeeds().text();
    let rules = fs::read_to_string(rules).expect("it is in the repository");
    let is_name = |c: char| c.is_ascii_lowercase() || c == '_';
    let used = rules.lines().filter(|line| line.trim_start().starts_with("expr:"));
    let names = used.flat_map(|line| line.split(|c| !is_name(c))).filter(|word| word.starts_with("mailrunway_"));
    let names: Vec<&str> = names.collect();
    assert_eq!(names.len(), 3);
    names.iter().for_each(|name| assert!(text.contains(&format!("# TYPE {name} gauge")), "{name}"));
}
