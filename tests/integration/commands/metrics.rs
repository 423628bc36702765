//! `metrics`, as Prometheus reads them.

use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::process::{Command, Stdio};

use walkdir::WalkDir;

use super::weekly_scans::grown;
use crate::support::hostile_names::{HOSTILE, assert_harmless};

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
    let order = value("mailrunway_order_by_timestamp_seconds", ",resource=\"bytes\"");
    let date: jiff::civil::Date = line["order_by"].as_str().unwrap().parse().unwrap();
    assert_eq!(order, jiff::tz::TimeZone::UTC.to_timestamp(date.into()).unwrap().as_second() as f64);
    let word = line["status"].as_str().unwrap();
    assert_eq!(value("mailrunway_status", &format!(",resource=\"bytes\",status=\"{word}\"")), 1.0);
    assert!(text.ends_with("# EOF\n"), "{text}");
    machine.run("metrics --today 2026-03-09 -o mail.prom").succeeds().keeps_silent();
    assert_eq!(fs::read_to_string(machine.path("mail.prom")).expect("it was written"), text);
}

#[test]
fn mailboxes_are_listed_only_if_asked_for() {
    let machine = grown();
    let root = machine.path("vmail").display().to_string();
    machine.settings(&format!(
        "[[store]]\nname = 'vmail'\npath = '{root}'\nlimit = '4MiB'\nfilesystem = false\n\
         [[quota]]\nmailboxes = 'bob@*'\nlimit = '4MB'\n"
    ));
    machine.store("vmail").deliver("example.org/bob", "INBOX", 500_000, "2026-03-09");
    machine.run("scan --taken-at 2026-03-09T05:00:00Z").succeeds();
    let metrics = |words: &str| machine.run(&format!("metrics --today 2026-03-09 {words}")).succeeds().text();
    assert!(!metrics("").contains("example.org"));
    let shown = machine.run("history show --format json").succeeds().json();
    let mailboxes = shown["stores"][0]["mailbox"].as_array().expect("it is a list").clone();
    let of = |user: &str, key: &str| mailboxes.iter().find(|one| one["user"] == user).and_then(|one| one[key].as_f64());
    let text = metrics("--top 1");
    let labels = |name: &str| format!("kind=\"mailbox\",store=\"vmail\",name=\"{name}@example.org\"}}");
    let sample = |name: &str, of: &str| {
        let found = text.lines().find(|line| line.starts_with(name) && line.contains(&labels(of)));
        found.and_then(|line| line.rsplit(' ').next()?.parse::<f64>().ok())
    };
    let blocks = |entry: walkdir::DirEntry| entry.metadata().expect("it is there").blocks();
    let used: u64 = WalkDir::new(format!("{root}/example.org/bob")).into_iter().flatten().map(blocks).sum();
    assert_eq!(sample("mailrunway_mailbox_used_bytes{", "bob"), Some((used * 512) as f64));
    assert_eq!(sample("mailrunway_mailbox_messages{", "bob"), of("bob", "messages"));
    let share = of("bob", "logical_bytes").map(|bytes| bytes / 4e6);
    assert_eq!(sample("mailrunway_mailbox_quota_ratio{", "bob"), share);
    assert!(!text.contains("ann@example.org"), "{text}");
    let both = metrics("--top 9");
    assert!(both.contains(&labels("ann")) && both.matches("mailbox_quota_ratio{").count() == 1, "{both}");
    assert!(!metrics("--top 9 --pseudonyms").contains("example.org"));
    machine.run("metrics --top 9 --no-names").fails(2, &["--top lists names"]);
}

#[test]
#[ignore = "needs promtool"]
fn prometheus_finds_no_fault_in_them() {
    let machine = grown();
    let store = machine.store("vmail");
    for (name, _) in HOSTILE {
        let mut path = b"example.org/".to_vec();
        path.extend(name);
        store.deliver(OsStr::from_bytes(&path), "INBOX", 1_000, "2026-03-09");
    }
    machine.run("scan --taken-at 2026-03-09T05:00:00Z").succeeds();
    let text = machine.run("metrics --today 2026-03-09 --top 99").succeeds().text();
    assert_harmless(&text);
    assert_eq!(text.matches("\nmailrunway_mailbox_used_bytes{").count(), 2 + HOSTILE.len(), "{text}");
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

#[test]
fn the_zabbix_template_uses_metrics_that_there_are() {
    let template = include_str!("../../../data/integrations/zabbix-template.yaml");
    let text = grown().run("metrics --today 2026-03-09").succeeds().text();
    let patterns = template.lines().filter(|line| line.trim_start().starts_with("- '") && line.contains("mailrunway_"));
    let mut used = 0;
    for pattern in patterns.map(|line| line.replace("{#RESOURCE}", "bytes")) {
        let name = pattern.split(['\'', '"', '{']).find(|word| word.starts_with("mailrunway_")).expect("it has a name");
        assert!(text.contains(&format!("# TYPE {name} gauge")), "{name}");
        let samples: Vec<&str> = text.lines().filter(|line| line.starts_with(&format!("{name}{{"))).collect();
        let labels = pattern.split(['{', ',']).filter_map(|part| part.split_once("=\"").map(|(label, _)| label));
        for label in labels.filter(|label| *label != "__name__") {
            assert!(samples.iter().all(|line| line.contains(&format!("{label}=\""))), "{label} of {name}");
        }
        used += 1;
    }
    assert_eq!(used, 9);
}
