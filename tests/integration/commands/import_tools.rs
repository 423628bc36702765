//! `import` of what real tools wrote: RRDtool, and Prometheus with the figures of its node exporter.

use std::fmt::Write;
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::daemon::{Daemon, free_port};
use crate::support::machine::Machine;

const DAY: i64 = 86_400;
/// 2025-01-01.
const START: i64 = 1_735_689_600;
const DAYS: i64 = 365;

/// The used amount on a day: growth of 3 GiB, with a swing that is not a straight line.
fn used(day: i64) -> i64 {
    (500 << 30) + day * (3 << 30) + (day * day * 7_919 % 1_000) * (5 << 20)
}

/// The limit on a day: the volume grew once.
fn limit(day: i64) -> i64 {
    if day < 200 { 1_200 << 30 } else { 2_000 << 30 }
}

fn table() -> String {
    let mut text = "time,used,limit\n".to_owned();
    for day in 0..DAYS {
        writeln!(text, "{},{},{}", START + day * DAY, used(day), limit(day)).expect("it is a text");
    }
    text
}

#[track_caller]
fn output(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?} does not start: {error}"));
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("it is a text")
}

/// The forecast of a history with one import, of the end of the year.
#[track_caller]
fn forecast(machine: &Machine) -> Value {
    machine.run("forecast --format json --today 2026-01-01 --no-record").succeeds().json()
}

/// The forecast of the same as of now.
#[track_caller]
fn forecast_now(machine: &Machine) -> Value {
    machine.run("forecast --format json --no-record").succeeds().json()
}

/// The forecast of the same numbers imported from CSV.
fn of_table() -> Value {
    let machine = Machine::new();
    machine.write("df.csv", table());
    machine.run("import csv df.csv --volume /var/vmail").succeeds();
    forecast(&machine)
}

#[test]
#[ignore = "needs rrdtool: run tests/run"]
fn rrdtool_gives_the_same_numbers() {
    let machine = Machine::new();
    let rrd = machine.path("df.rrd");
    let (before, rows) = ((START - 1).to_string(), format!("RRA:LAST:0.5:1:{}", DAYS + 10));
    let mut create = Command::new("rrdtool");
    create.arg("create").arg(&rrd).args(["--start", &before, "--step", "86400"]);
    output(create.args(["DS:used:GAUGE:172800:0:U", "DS:limit:GAUGE:172800:0:U", &rows]));
    // The first update only starts the clock: a row is of the time since the one before.
    for day in -1..DAYS {
        let update = format!("{}:{}:{}", START + day * DAY, used(day.max(0)), limit(day.max(0)));
        let _ = Command::new("rrdtool").arg("update").arg(&rrd).arg(&update).output();
    }
    let until = (START + (DAYS - 1) * DAY).to_string();
    let from = START.to_string();
    let fetched = output(Command::new("rrdtool").arg("fetch").arg(&rrd).args(["LAST", "-s", &from, "-e", &until]));
    let xport = |more: &[&str]| {
        let def = |name: &str| format!("DEF:{name}={}:{name}:LAST", rrd.display());
        let mut xport = Command::new("rrdtool");
        xport.args(["xport", "--json", "-s", &from, "-e", &until, "-m", "1000"]).args(more);
        output(xport.args([&def("used"), &def("limit"), "XPORT:used:used", "XPORT:limit:limit"]))
    };
    // RRDtool leaves the first day out, and writes eleven digits.
    let rows: Vec<String> = table().lines().enumerate().filter(|(row, _)| *row != 1).map(|(_, l)| l.into()).collect();
    machine.write("df.csv", rows.join("\n"));
    machine.run("import csv df.csv --volume /var/vmail").succeeds();
    let wanted = forecast(&machine);
    for text in [fetched, xport(&[]), xport(&["--showtime"])] {
        machine.write("rrd", &text);
        let said = machine.run("import rrd rrd --volume /var/vmail").succeeds().words();
        assert!(said.contains("from 2 Jan 2025 to 31 Dec 2025"), "{said}\n{text}");
        let line = forecast(&machine);
        assert_eq!((&line["observations"], &line["limit"]), (&wanted["observations"], &wanted["limit"]));
        assert_eq!(line["exhaustion"], wanted["exhaustion"]);
        assert_near(&line["used"], &wanted["used"], 100.0);
    }
}

#[track_caller]
fn assert_near(one: &Value, other: &Value, bytes: f64) {
    let (one, other) = (one.as_f64().expect("a number"), other.as_f64().expect("a number"));
    assert!((one - other).abs() <= bytes, "{one} is not {other}");
}

/// Runs an import until it succeeds: the servers take a while.
#[track_caller]
fn import(machine: &Machine, url: &str, queries: [&str; 2], more: &str) -> String {
    let started = Instant::now();
    loop {
        let now = output(Command::new("date").arg("+%s"));
        let more = more.replace("NOW", now.trim());
        let import = machine.runway(&format!("import prometheus --url {url} --volume /var/vmail {more}"));
        let import = import.arg("--query").arg(queries[0]).arg("--limit-query").arg(queries[1]);
        let (status, said, error) = import.run().parts();
        if status == 0 {
            return said.split_whitespace().collect::<Vec<_>>().join(" ");
        }
        assert!(started.elapsed() < Duration::from_secs(60), "{error}");
        sleep(Duration::from_millis(200));
    }
}

#[test]
#[ignore = "needs prometheus and prometheus-node-exporter: run tests/run"]
fn prometheus_gives_the_same_forecast_as_the_table() {
    let machine = Machine::new();
    let path = |name: &str| machine.path(name).display().to_string();
    let mut metrics = String::new();
    for (name, amount) in
        [("node_filesystem_size_bytes", limit as fn(i64) -> i64), ("node_filesystem_used_bytes", used)]
    {
        writeln!(metrics, "# TYPE {name} gauge").expect("it is a text");
        for day in 0..DAYS {
            let labels = r#"{instance="mail01:9100",mountpoint="/var/vmail"}"#;
            writeln!(metrics, "{name}{labels} {} {}", amount(day), START + day * DAY).expect("it is a text");
        }
    }
    machine.write("metrics", metrics + "# EOF\n");
    let mut backfill = Command::new("promtool");
    output(backfill.args(["tsdb", "create-blocks-from", "openmetrics", &path("metrics"), &path("data")]));
    let (exporter_port, port) = (free_port(), free_port());
    machine.write(
        "prometheus.yml",
        format!(
            "scrape_configs:\n- job_name: node\n  scrape_interval: 1s\n  static_configs:\n  - targets: ['127.0.0.1:{exporter_port}']\n"
        ),
    );
    let mut exporter = Command::new("prometheus-node-exporter");
    let _exporter = Daemon::start(
        exporter.arg(format!("--web.listen-address=127.0.0.1:{exporter_port}")),
        &machine.path("exporter.log"),
    );
    let mut prometheus = Command::new("prometheus");
    prometheus.arg(format!("--config.file={}", path("prometheus.yml")));
    prometheus.arg(format!("--storage.tsdb.path={}", path("data"))).arg("--storage.tsdb.retention.time=100y");
    prometheus.arg(format!("--web.listen-address=127.0.0.1:{port}"));
    let _prometheus = Daemon::start(&mut prometheus, &machine.path("prometheus.log"));
    let url = format!("http://127.0.0.1:{port}");
    let labels = r#"{instance="mail01:9100",mountpoint="/var/vmail"}"#;
    let queries = [&*format!("node_filesystem_used_bytes{labels}"), &*format!("node_filesystem_size_bytes{labels}")];
    let said = import(&machine, &url, queries, "--from 2025-01-01 --to 2025-12-31");
    assert!(said.contains("imported 365 days from 1 Jan 2025 to 31 Dec 2025"), "{said}");
    assert_eq!(forecast(&machine), of_table());
    // What the node exporter says of the disk now.
    let root = format!(r#"instance="127.0.0.1:{exporter_port}",fstype!="rootfs""#);
    let of = |name: &str| format!("max(node_filesystem_{name}_bytes{{{root}}})");
    let machine = Machine::new();
    let said = import(&machine, &url, [&of("free"), &of("size")], "--from NOW");
    assert!(said.contains("imported 1 day from"), "{said}");
    let size = forecast_now(&machine)["limit"].clone();
    let asked = output(Command::new("promtool").args(["query", "instant", &url, &of("size")]));
    let found = asked.split("=> ").nth(1).and_then(|rest| rest.split(' ').next()).expect("it has a value");
    assert_near(&size, &Value::from(found.parse::<f64>().expect("it is a number")), 1.0);
    let bad = machine.runway(&format!("import prometheus --url {url} --volume /var")).arg("--query").arg("sum(").run();
    bad.fails(1, &["Prometheus refused the query"]);
    let several =
        machine.runway(&format!("import prometheus --url {url} --from 2025-06-01 --to 2025-06-02 --volume /var"));
    several.arg("--query").arg("{mountpoint=\"/var/vmail\"}").run().fails(1, &["the query has 2 series"]);
}
