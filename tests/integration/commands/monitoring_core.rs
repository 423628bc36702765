//! `check` run by a real Icinga 2 with the shipped command, which parses the performance data and sends it on.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write as _};
use std::net::TcpListener;
use std::process::Command;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use jiff::Timestamp;

use crate::support::daemon::Daemon;
use crate::support::machine::Machine;

const SHIPPED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data/integrations/icinga2.conf");
const DAYS: i64 = 120;
const LIMIT: i64 = 1_000_000_000_000;
const USED: i64 = 600_000_000_000;

/// A host for each state, with its settings of the check.
const HOSTS: [(&str, u8, &str); 4] = [
    ("ok", 0, "vars.mailrunway_warning = \"1d\"\n vars.mailrunway_critical = \"0d\""),
    ("warning", 1, "vars.mailrunway_used_warning = \"50%\""),
    ("critical", 2, "vars.mailrunway_used_warning = \"50%\"\n vars.mailrunway_used_critical = \"60%\""),
    ("unknown", 3, "vars.mailrunway_store = [ \"nobody\" ]"),
];

/// A volume that grew by 1 GB a day, up to now.
fn history(machine: &Machine) {
    let now = Timestamp::now().as_second();
    let mut table = "time,used,limit\n".to_owned();
    for day in 0..=DAYS {
        let used = USED - day * 1_000_000_000;
        writeln!(table, "{},{used},{LIMIT}", now - day * 86_400).expect("it is a text");
    }
    machine.write("df.csv", table);
    machine.run("import csv df.csv --volume /var/vmail").succeeds();
}

/// The settings of Icinga: the shipped command, and writers of what it makes of the answer.
fn settings(machine: &Machine, port: u16) {
    let shipped = fs::read_to_string(SHIPPED).expect("it is in the repository");
    const INSTALLED: &str = r#""/usr/bin/sudo", "--non-interactive", "--user=mailrunway", "/usr/bin/mailrunway""#;
    assert!(shipped.contains(INSTALLED), "it runs the binary of the package");
    let mut text = shipped.replace(INSTALLED, &format!("{:?}", env!("CARGO_BIN_EXE_mailrunway")));
    let path = |name: &str| machine.path(name).display().to_string();
    let place = path("icinga");
    write!(
        text,
        r#"
include <itl>
object CheckerComponent "checker" {{}}
object ExternalCommandListener "command" {{ command_path = "{place}/command" }}
object GraphiteWriter "graphite" {{
  host = "127.0.0.1"
  port = {port}
  enable_send_thresholds = true
  enable_send_metadata = true
}}
object PerfdataWriter "answers" {{
  service_perfdata_path = "{place}/answers"
  service_temp_path = "{place}/answers.now"
  host_perfdata_path = "{place}/hosts"
  host_temp_path = "{place}/hosts.now"
  rotation_interval = 1s
  service_format_template = "$host.name$ $service.state_id$ $service.output$"
}}
"#
    )
    .expect("it is a text");
    for (host, _, vars) in HOSTS {
        let history = path("history");
        writeln!(
            text,
            "object Host \"{host}\" {{\n check_command = \"dummy\"\n enable_active_checks = false\n vars.mailrunway = true\n \
             vars.mailrunway_history = \"{history}\"\n {vars}\n}}"
        )
        .expect("it is a text");
    }
    machine.write("icinga/icinga2.conf", text);
}

fn icinga(machine: &Machine) -> Daemon {
    let mut command = Command::new("icinga2");
    let directory = machine.path("icinga").display().to_string();
    command.args(["daemon", "-c", &format!("{directory}/icinga2.conf")]);
    for place in ["DataDir", "LogDir", "CacheDir", "SpoolDir", "InitRunDir"] {
        fs::create_dir_all(format!("{directory}/{place}")).expect("it can be made");
        command.arg(format!("-D{place}={directory}/{place}"));
    }
    let id = |option: &str| {
        let said = Command::new("id").arg(option).output().expect("it runs").stdout;
        String::from_utf8(said).expect("it is a name").trim().to_owned()
    };
    // It would otherwise run as a user of its own.
    command.env("ICINGA2_USER", id("-un")).env("ICINGA2_GROUP", id("-gn"));
    command.env("MAILRUNWAY_CONFIG", machine.path("mailrunway.toml"));
    Daemon::start(&mut command, &machine.path("icinga.log"))
}

/// What Icinga sends, by host and the name of the value.
fn sent(machine: &Machine, listener: TcpListener) -> BTreeMap<(String, String), f64> {
    let (send, lines) = mpsc::channel();
    thread::spawn(move || {
        let (stream, _) = listener.accept().expect("Icinga connects");
        BufReader::new(stream).lines().map_while(Result::ok).try_for_each(|line| send.send(line))
    });
    let (started, mut found) = (Instant::now(), BTreeMap::new());
    let has_all = |found: &BTreeMap<(String, String), f64>| {
        HOSTS.iter().all(|(host, ..)| found.contains_key(&((*host).into(), "metadata.state".into())))
    };
    while !has_all(&found) {
        let log = || fs::read_to_string(machine.path("icinga.log")).unwrap_or_default();
        assert!(started.elapsed() < Duration::from_secs(60), "{}", log());
        // It drops what it cannot send yet, and would wait a minute before the first check.
        for (host, ..) in HOSTS {
            let pipe = machine.path("icinga/command");
            let now = Timestamp::now().as_second();
            if pipe.exists() {
                let mut pipe = File::options().write(true).open(pipe).expect("it is there");
                writeln!(pipe, "[{now}] SCHEDULE_FORCED_SVC_CHECK;{host};mailrunway;{now}").expect("Icinga reads");
            }
        }
        thread::sleep(Duration::from_millis(700));
        for line in lines.try_iter() {
            let [name, value, _] = line.split(' ').collect::<Vec<_>>()[..] else { panic!("{line}") };
            let parts: Vec<&str> = name.splitn(6, '.').collect();
            found.insert((parts[1].to_owned(), parts[5].to_owned()), value.parse().expect("it is a number"));
        }
    }
    found
}

/// The first line of each answer with its host and state, as Icinga writes them.
fn answers(machine: &Machine) -> String {
    let started = Instant::now();
    loop {
        let files = fs::read_dir(machine.path("icinga")).expect("it is there").flatten();
        let written = files.filter(|file| file.file_name().to_string_lossy().starts_with("answers."));
        let text: String = written.filter_map(|file| fs::read_to_string(file.path()).ok()).collect();
        if HOSTS.iter().all(|(host, state, _)| text.contains(&format!("{host} {state} MAILRUNWAY "))) {
            return text;
        }
        assert!(started.elapsed() < Duration::from_secs(30), "{text}");
        thread::sleep(Duration::from_millis(200));
    }
}

#[test]
#[ignore = "needs icinga2: run tests/run"]
fn icinga_reads_each_state_and_the_performance_data() {
    let machine = Machine::new();
    history(&machine);
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    settings(&machine, listener.local_addr().expect("it has one").port());
    let _icinga = icinga(&machine);
    let found = sent(&machine, listener);
    let value = |host: &str, name: &str| found.get(&(host.to_owned(), name.to_owned())).copied();
    let answers = answers(&machine);
    let (_, plugin, _) = machine.run("check").parts();
    let seconds = |name: &str| -> Option<f64> {
        let (_, rest) = plugin.split_once(&format!("_{name}'="))?;
        rest.split_once('s')?.0.parse().ok()
    };
    for (host, state, _) in HOSTS {
        assert_eq!(value(host, "metadata.state"), Some(f64::from(state)), "{host}: {answers}");
        let word = format!("{host} {state} MAILRUNWAY {} - ", host.to_uppercase());
        assert!(answers.contains(&word), "{word}: {answers}");
        let is_known = state != 3;
        let perfdata = |name: &str| value(host, &format!("perfdata._var_vmail_{name}"));
        assert_eq!(perfdata("used.value"), is_known.then_some(USED as f64), "{host}");
        assert_eq!(perfdata("used.max"), is_known.then_some(LIMIT as f64), "{host}");
        for name in ["runway", "expected"] {
            let given = seconds(name).expect("the check gives it");
            assert_eq!(perfdata(&format!("{name}.value")), is_known.then_some(given), "{host}");
        }
    }
    assert_eq!(value("critical", "perfdata._var_vmail_used.warn"), Some(0.5 * LIMIT as f64));
    assert_eq!(value("critical", "perfdata._var_vmail_used.crit"), Some(0.6 * LIMIT as f64));
}
