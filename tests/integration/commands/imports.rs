//! `import`: the past of a volume or store from another tool.

use std::fmt::Write;

use mailrunway::history::{History, series};
use mailrunway::model::bytes::Bytes;
use serde_json::Value;

use crate::support::machine::Machine;
use crate::support::mondays::MONDAYS;

/// Sixty days from 2026-01-01 on, by 1 MiB a day from 100 MiB, of 200 MiB; as rows of a table with the columns of `header`.
fn table(header: &str) -> String {
    let mut text = format!("{header}\n");
    for day in 0..60 {
        writeln!(text, "{},{},{}", 1_767_225_600 + day * 86_400, (100 + day) << 20, 200 << 20).expect("it is a text");
    }
    text
}

fn forecast(machine: &Machine) -> Vec<Value> {
    machine.run("forecast --format json --today 2026-03-02 --no-record").succeeds().json_lines()
}

/// The same but for the names.
fn without_names(mut line: Value) -> Value {
    let fields = line.as_object_mut().expect("it is an object");
    for name in ["series", "imported", "host", "kind", "name", "mount", "store"] {
        fields.remove(name);
    }
    line
}

#[test]
fn an_import_forecasts_as_the_table_does_and_makes_the_history() {
    let machine = Machine::new();
    machine.write("df.csv", table("time,used,limit"));
    let said = machine.run("import csv df.csv --volume /var/vmail/ --host mail01").succeeds().keeps_silent().words();
    for words in ["imported 60 days from 1 Jan 2026 to 1 Mar 2026: bytes of /var/vmail on mail01", "60 points read"] {
        assert!(said.contains(words), "{said}");
    }
    assert!(said.contains("next: `mailrunway forecast /var/vmail`"), "{said}");
    let [line] = &forecast(&machine)[..] else { panic!("one series was imported") };
    assert_eq!((&line["series"], &line["imported"]), (&"/var/vmail".into(), &60.into()));
    machine.write("in.csv", table("time,used,limit").replace("\n1", "\na,1").replace("time,", "series,time,"));
    let of_table = machine.run("forecast --input in.csv --format json --today 2026-03-02").succeeds().json();
    assert_eq!(without_names(line.clone()), without_names(of_table));
    let text = machine.run("forecast /var/vmail --today 2026-03-02").succeeds().words();
    assert!(text.contains("all of its past is imported: scan the store as well"), "{text}");
    let listed = machine.run("import list --format json").succeeds().json();
    assert_eq!((&listed["source"], &listed["to"]), (&"csv".into(), &"2026-03-01".into()));
    let checked = machine.run("history verify").succeeds().words();
    assert!(checked.contains("each is as it was written"), "{checked}");
}

#[test]
fn importing_again_replaces_and_removing_removes() {
    let machine = Machine::new();
    machine.write("df.csv", table("time,used,limit"));
    machine.run("import csv df.csv --volume /var --host a").succeeds();
    machine.run("import csv df.csv --volume /var --host a --resource inodes").succeeds();
    machine.run("import csv df.csv --store vmail --host b").succeeds();
    let short: Vec<String> = table("time,used,limit").lines().take(11).map(str::to_owned).collect();
    machine.write("short.csv", short.join("\n"));
    let again = machine.run("import csv short.csv --volume /var --host a").succeeds().words();
    assert!(again.starts_with("imported again, in place of what was there: 10 days"), "{again}");
    let listed = |machine: &Machine| -> Vec<String> {
        let lines = machine.run("import list --format json").succeeds().json_lines();
        lines.iter().map(|line| format!("{}:{} {}", line["host"], line["name"], line["observations"])).collect()
    };
    assert_eq!(listed(&machine), ["\"a\":\"/var\" 10", "\"a\":\"/var\" 60", "\"b\":\"vmail\" 60"]);
    assert_eq!(forecast(&machine).len(), 3);
    machine.run("import remove --volume /var --host c").fails(2, &["nothing was imported of the bytes of /var on c"]);
    machine.run("import remove --volume /var --host a --resource inodes").succeeds();
    let dry = machine.run("history remove b --dry-run").succeeds().words();
    assert!(dry.contains("import of vmail (bytes): would be removed"), "{dry}");
    assert_eq!(listed(&machine).len(), 2);
    machine.run("history remove vmail").succeeds();
    assert_eq!(listed(&machine), ["\"a\":\"/var\" 10"]);
    machine.run("history remove a").succeeds();
    assert_eq!(listed(&machine), <[&str; 0]>::default());
    machine.run("forecast").fails(1, &["the history has nothing to forecast"]);
}

#[test]
fn a_damaged_import_is_named_and_left_out() {
    let machine = Machine::new();
    machine.write("df.csv", table("time,used,limit"));
    machine.run("import csv df.csv --volume /var --host a").succeeds();
    machine.run("import csv df.csv --volume /srv --host a").succeeds();
    let directory = machine.path("history/imports");
    let file =
        std::fs::read_dir(directory).expect("it is there").next().expect("two are").expect("it is listed").path();
    let mut bytes = std::fs::read(&file).expect("it can be read");
    bytes[100] ^= 1;
    std::fs::write(&file, bytes).expect("it can be written");
    let outcome = machine.run("forecast --format json --today 2026-03-02 --no-record").succeeds();
    assert_eq!(outcome.json_lines().len(), 1);
    outcome.warns(&["an imported series is damaged"]);
    let verified = machine.run("history verify").exits_with(1).words();
    assert!(verified.contains("import the series again"), "{verified}");
}

/// Scans a store on twelve Mondays, in which it grows by a letter of 40 kB.
fn scanned() -> Machine {
    let machine = Machine::new();
    let store = machine.store("vmail");
    let root = machine.path("vmail").display().to_string();
    machine.settings(&format!("[[store]]\nname = 'vmail'\npath = '{root}'\nlimit = '4MiB'\n"));
    for monday in MONDAYS {
        store.deliver("example.org/ann", "INBOX", 40_000, monday);
        machine.run(&format!("scan --quiet --taken-at {monday}T04:00:00Z")).succeeds();
    }
    machine
}

#[test]
fn a_past_that_is_imported_joins_the_scans_without_a_seam() {
    let machine = scanned();
    let ask = "forecast vmail --format json --today 2026-03-23 --no-record";
    let of_store = |machine: &Machine| -> Value {
        let lines = machine.run(ask).succeeds().json_lines();
        lines.into_iter().find(|line| line["series"] == "vmail").expect("the store has a limit")
    };
    let whole = of_store(&machine);
    let history = History::open(&machine.path("history")).expect("it is one");
    let entries = history.entries().expect("it can be read").entries;
    let limits = [("vmail".to_owned(), Bytes(4 << 20))].into_iter().collect();
    let all = series::series(&entries, &[], &limits, &[]);
    let scans = &all.iter().find(|one| one.series.name == "vmail").expect("it is there").series.observations;
    // Another tool counts 300 kB more, and a reserve of 3 % in the limit; it ends a week after the first scan that is left.
    let mut table = "time,used,limit\n".to_owned();
    for scan in &scans[..8] {
        writeln!(table, "{},{},{}", scan.time, scan.used + 300_000.0, (4 << 20) + 125_000).expect("it is a text");
    }
    machine.write("past.csv", table);
    for entry in &entries[..6] {
        machine.run(&format!("history remove {}", entry.name)).succeeds();
    }
    let half = of_store(&machine);
    assert_ne!(half["observations"], whole["observations"]);
    let host = &entries[0].host;
    machine.run(&format!("import csv past.csv --store vmail --host {host}")).succeeds();
    let joined = of_store(&machine);
    assert_eq!(joined["imported"], 6);
    assert_eq!(without_names(joined), without_names(whole), "the same to the last digit");
    let text = machine.run("forecast vmail --today 2026-03-23 --no-record").succeeds().words();
    assert!(text.contains("6 of its 12 observations are imported"), "{text}");
}

#[test]
fn bad_input_is_refused_and_makes_no_history() {
    let machine = Machine::new();
    machine.write("df.csv", table("time,used,limit"));
    machine.write("empty.csv", "time,used\n2026-01-01,NaN\n2026-01-02,\n");
    machine.write("future.csv", "time,used\n2090-01-01,5\n");
    machine.write("bad.csv", "time,used\n2026-01-01,5\n2026-01-02,five\n");
    machine.write("page.html", "<html>");
    machine.write("rrd.json", r#"{"meta":{"start":1767225600,"step":86400,"legend":["a","b"]},"data":[[1,2]]}"#);
    for (command, status, saying) in [
        ("import csv df.csv", 2, "--volume <MOUNT>|--store <NAME>"),
        ("import csv df.csv --volume /var --store vmail", 2, "cannot be used with"),
        ("import csv df.csv --volume vmail", 2, "`vmail` is not a mount point"),
        ("import csv none.csv --volume /var", 1, "cannot read the file: none.csv"),
        ("import csv bad.csv --volume /var", 1, "line 3: `five` is not a valid amount: bad.csv"),
        ("import csv empty.csv --volume /var", 1, "there is no used amount to import: empty.csv"),
        ("import csv future.csv --volume /var", 1, "it is dated after today, up to 1 Jan 2090"),
        ("import csv df.csv --volume /var --used-column size", 1, "there is no column `size`: df.csv"),
        ("import prometheus page.html --volume /var", 1, "not an answer of Prometheus' HTTP API: page.html"),
        ("import prometheus --url https://a --query up --volume /var", 2, "is https, which this does not speak"),
        ("import prometheus --url http://127.0.0.1:1 --query up --volume /var", 1, "Prometheus does not answer"),
        ("import prometheus --volume /var", 2, "required"),
        ("import rrd page.html --volume /var", 1, "not an output of RRDtool: page.html"),
        ("import rrd rrd.json --volume /var", 1, "not clear which column has the used amounts: rrd.json"),
        ("import zabbix page.html --volume /var", 1, "there is no column `time`: page.html"),
    ] {
        machine.run(command).fails(status, &[saying]);
    }
    assert!(!machine.path("history").exists());
}

#[test]
fn the_last_of_each_day_forecasts_as_all_points_do() {
    let machine = Machine::new();
    let (mut all, mut of_table) = ("time,used,limit\n".to_owned(), "series,time,used,limit\n".to_owned());
    for hour in 0..24 * 120_i64 {
        let used = (100 << 30) + hour * (30 << 20) + (hour * 7_919 % 24) * (40 << 20);
        let row = format!("{},{used},{}", 1_767_225_600 + hour * 3_600, 300_i64 << 30);
        writeln!(all, "{row}").expect("it is a text");
        writeln!(of_table, "a,{row}").expect("it is a text");
    }
    machine.write("all.csv", all);
    machine.write("in.csv", of_table);
    let said = machine.run("import csv all.csv --volume /var").succeeds().words();
    assert!(said.contains("imported 120 days") && said.contains("2880 points read"), "{said}");
    let imported = machine.run("forecast --format json --today 2026-05-02 --no-record").succeeds().json();
    let whole = machine.run("forecast --input in.csv --format json --today 2026-05-02").succeeds().json();
    assert_eq!((&imported["exhaustion"], &imported["level"]), (&whole["exhaustion"], &whole["level"]));
}

#[test]
fn pseudonyms_hide_imports() {
    let machine = Machine::new();
    machine.write("df.csv", table("time,used,limit"));
    machine.run("import csv df.csv --store secretstore --host secrethost").succeeds();
    for command in ["import list", "forecast secretstore --no-record", "report", "export imports"] {
        let outcome = machine.run(&format!("{command} --pseudonyms")).succeeds();
        assert!(!outcome.text().contains("secret"), "{command}: {}", outcome.text());
    }
    machine.run("import csv df.csv --store a --pseudonyms").fails(2, &["this cannot hide names"]);
}
