//! `metrics` on their way: written, collected by a real node exporter, scraped by a real Prometheus, and asked for by the
//! shipped dashboard and alerting rules.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fmt::Write as _;
use std::fs;
use std::io::{Read, Write as _};
use std::net::TcpStream;
use std::os::unix::ffi::OsStrExt;
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::weekly_scans::grown;
use crate::support::daemon::{Daemon, free_port};
use crate::support::hostile_names::HOSTILE;
use crate::support::machine::Machine;

const RULES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data/integrations/prometheus-rules.yml");
const DASHBOARD: &str = include_str!("../../../data/integrations/grafana-dashboard.json");

/// The samples by their name and labels.
type Samples = BTreeMap<BTreeMap<String, String>, f64>;

/// The samples of a text in the format of Prometheus.
fn written(text: &str) -> Samples {
    let sample = |line: &str| {
        let (name, rest) = line.split_once('{').expect("it has labels");
        let (mut rest, mut labels) = (rest, BTreeMap::from([("__name__".to_owned(), name.to_owned())]));
        while let Some((label, more)) = rest.split_once("=\"") {
            let (mut value, mut chars) = (String::new(), more.chars());
            loop {
                match chars.next().expect("the value ends") {
                    '"' => break,
                    '\\' => value.push(match chars.next() {
                        Some('n') => '\n',
                        other => other.expect("something is escaped"),
                    }),
                    other => value.push(other),
                }
            }
            labels.insert(label.trim_start_matches(',').to_owned(), value);
            rest = chars.as_str();
        }
        (labels, rest.trim_start_matches("} ").parse().expect("it is a number"))
    };
    text.lines().filter(|line| !line.starts_with('#')).map(sample).collect()
}

/// What Prometheus answers to a query, or an empty list while it starts.
fn ask(port: u16, query: &str) -> Vec<Value> {
    let mut escaped = String::new();
    query.bytes().for_each(|byte| write!(escaped, "%{byte:02x}").expect("it is a text"));
    let Ok(mut stream) = TcpStream::connect(("127.0.0.1", port)) else { return Vec::new() };
    let mut answer = String::new();
    let asked = write!(stream, "GET /api/v1/query?query={escaped} HTTP/1.0\r\n\r\n");
    if asked.and_then(|()| stream.read_to_string(&mut answer).map(drop)).is_err() {
        return Vec::new();
    }
    let body = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body);
    let Ok(body) = serde_json::from_str::<Value>(body) else { return Vec::new() };
    assert_ne!(body["status"], "error", "{query}: {body}");
    body["data"]["result"].as_array().cloned().unwrap_or_default()
}

fn collected(results: &[Value]) -> Samples {
    let sample = |one: &Value| {
        let labels = one["metric"].as_object().expect("it is an object").iter();
        let labels = labels.filter(|(name, _)| !["instance", "job"].contains(&name.as_str()));
        let labels = labels.map(|(name, value)| (name.clone(), value.as_str().expect("it is a text").to_owned()));
        (labels.collect(), one["value"][1].as_str().and_then(|value| value.parse().ok()).expect("it is a number"))
    };
    results.iter().map(sample).collect()
}

/// A node exporter of a directory, and a Prometheus that scrapes it; with the port of the latter.
fn servers(machine: &Machine) -> (Daemon, Daemon, u16) {
    let (exporter_port, port) = (free_port(), free_port());
    let path = |name: &str| machine.path(name).display().to_string();
    let mut exporter = Command::new("prometheus-node-exporter");
    exporter.args(["--collector.disable-defaults", "--collector.textfile"]);
    exporter.arg(format!("--collector.textfile.directory={}", path("textfile")));
    exporter.arg(format!("--web.listen-address=127.0.0.1:{exporter_port}"));
    machine.write(
        "prometheus.yml",
        format!(
            "scrape_configs:\n- job_name: node\n  scrape_interval: 1s\n  static_configs:\n  \
             - targets: ['127.0.0.1:{exporter_port}']\nrule_files: ['{RULES}']\n"
        ),
    );
    let mut prometheus = Command::new("prometheus");
    prometheus.arg(format!("--config.file={}", path("prometheus.yml")));
    prometheus.arg(format!("--storage.tsdb.path={}", path("data")));
    prometheus.arg(format!("--web.listen-address=127.0.0.1:{port}"));
    let exporter = Daemon::start(&mut exporter, &machine.path("exporter.log"));
    (exporter, Daemon::start(&mut prometheus, &machine.path("prometheus.log")), port)
}

#[test]
#[ignore = "needs prometheus and prometheus-node-exporter: run tests/run"]
fn prometheus_has_what_was_written_and_the_dashboard_shows_it() {
    let machine = grown();
    let store = machine.store("vmail");
    for (name, _) in HOSTILE {
        let path = [b"example.org/".as_slice(), name].concat();
        store.deliver(OsStr::from_bytes(&path), "INBOX", 1_000, "2026-03-09");
    }
    machine.run("scan --taken-at 2026-03-09T05:00:00Z").succeeds();
    fs::create_dir(machine.path("textfile")).expect("it can be made");
    machine.run("metrics --today 2026-03-09 --top 99 -o textfile/mailrunway.prom").succeeds();
    let text = fs::read_to_string(machine.path("textfile/mailrunway.prom")).expect("it was written");
    let (_exporter, _prometheus, port) = servers(&machine);
    let started = Instant::now();
    let found = loop {
        match ask(port, "{__name__=~\"mailrunway_.*\"}") {
            found if !found.is_empty() => break collected(&found),
            _ => assert!(started.elapsed() < Duration::from_secs(60), "nothing was collected"),
        }
        sleep(Duration::from_millis(200));
    };
    assert_eq!(found, written(&text));
    let errors = ask(port, "node_textfile_scrape_error");
    assert_eq!(collected(&errors).into_values().collect::<Vec<_>>(), [0.0]);

    let dashboard: Value = serde_json::from_str(DASHBOARD).expect("it is JSON");
    let panels = dashboard["panels"].as_array().expect("it is a list");
    let targets = panels.iter().flat_map(|panel| panel["targets"].as_array().expect("it is a list"));
    let mut asked = 0;
    for target in targets {
        let expression = target["expr"].as_str().expect("it is a text");
        let query = expression.replace("=\"$host\"", "=~\".+\"").replace("$name", ".*");
        assert!(!ask(port, &query).is_empty(), "{query}");
        asked += 1;
    }
    assert!(asked > 10);
}

#[test]
#[ignore = "needs promtool: run tests/run"]
fn alerts_fire_by_status_and_age() {
    let machine = Machine::new();
    let series = |name: &str, more: &str, values: &str| {
        let labels = format!("host=\"mail01\",kind=\"store\",name=\"vmail\",resource=\"bytes\"{more}");
        format!("  - series: 'mailrunway_{name}{{{labels}}}'\n    values: '{values}'\n")
    };
    let status = |word: &str, values: &str| series("status", &format!(",status=\"{word}\""), values);
    let firing = |name: &str, severity: &str, time: &str, number: u8| {
        let labels = format!("alertname=\"{name}\",alertstate=\"firing\",severity=\"{severity}\"");
        format!(
            "  - expr: 'count(ALERTS{{{labels}}}) or vector(0)'\n    eval_time: {time}\n    \
             exp_samples: [{{labels: '{{}}', value: {number}}}]\n"
        )
    };
    // Amber for three days, then red; scanned at the start only.
    let input = [
        status("amber", "1x71 0x240"),
        status("red", "0x71 1x240"),
        series("last_scan_timestamp_seconds", "", "0x312"),
    ];
    let alerts = [
        firing("MailStoreOrderSpace", "warning", "47h", 0),
        firing("MailStoreOrderSpace", "warning", "49h", 1),
        firing("MailStoreFullSoon", "critical", "49h", 0),
        firing("MailStoreFullSoon", "critical", "75h", 1),
        firing("MailStoreOrderSpace", "warning", "75h", 0),
        firing("MailStoreNotScanned", "warning", "239h", 0),
        firing("MailStoreNotScanned", "warning", "242h", 1),
    ];
    let (input, alerts) = (input.concat(), alerts.concat());
    let head = format!("rule_files: ['{RULES}']\nevaluation_interval: 1h\ntests:\n- interval: 1h\n  input_series:\n");
    machine.write("test.yml", format!("{head}{input}  promql_expr_test:\n{alerts}"));
    let mut command = Command::new("promtool");
    let tested = command.args(["test", "rules"]).arg(machine.path("test.yml")).output().expect("promtool is installed");
    let said = String::from_utf8_lossy(&tested.stdout).into_owned() + &String::from_utf8_lossy(&tested.stderr);
    assert!(tested.status.success(), "{said}");
}
