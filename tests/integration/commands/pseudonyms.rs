//! Names of people and customers in what leaves the house: no output has any, in any format.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use mailrunway::history::History;
use serde_json::Value;

use crate::support::machine::Machine;
use crate::support::mondays::MONDAYS;

/// In lower case: parts of the names of mailboxes, domains, folders, the store, its directory, the machine and an event.
const NAMES: [&str; 8] =
    ["merkelsen", "kowalczyk", "divorce-lawyers", "clinic-north", "merger", "acmecorp", "mx-zurich", "takeover"];

const ROOT: &str = "srv/acmecorp/vmail";

/// A store whose names tell much, scanned for ten weeks, with a quota, a declared event and a place that was left out.
fn telling() -> Machine {
    let machine = Machine::new();
    let store = machine.store(ROOT);
    let root = machine.path(ROOT).display().to_string();
    machine.settings(&format!(
        "host = 'mx-zurich'\n[[store]]\nname = 'acmecorp mail'\npath = '{root}'\nlimit = '4MiB'\n\
         [[quota]]\nmailboxes = '*@divorce-lawyers.example'\nlimit = '200kB'\n\
         [report]\nwhat_if = ['move=clinic-north.example', 'retain=Trash:30d', 'compress=zstd']\n"
    ));
    std::os::unix::fs::symlink("/etc/merger", store.root.join("merger")).expect("a link can be made");
    let damaged = store.root.join("clinic-north.example/kowalczyk/mailboxes/Merger/dbox-Mails/u.1");
    fs::create_dir_all(damaged.parent().expect("it lies in a directory")).expect("it can be made");
    fs::write(damaged, "no dbox").expect("it can be written");
    store.deliver("divorce-lawyers.example/merkelsen", "Merger", 9 << 20, MONDAYS[0]);
    for (week, monday) in MONDAYS[..10].iter().enumerate() {
        store.deliver("divorce-lawyers.example/merkelsen", "INBOX", 15_000 + week % 3 * 900, monday);
        store.deliver("clinic-north.example/kowalczyk", "Trash", 20_000 - week % 2 * 700, monday);
        machine.run(&format!("scan --taken-at {monday}T04:00:00Z")).succeeds();
    }
    machine.forbid(&format!("{ROOT}/clinic-north.example/kowalczyk/.Trash"), 0o000);
    machine.give_to_ordinary_user("");
    machine.runway("scan --taken-at 2026-03-16T04:00:00Z").by_ordinary_user().run().succeeds();
    machine.take_back("");
    let event = machine.runway("history event add --date 2026-02-01 --kind purge --size 1KiB --note");
    event.arg("after the takeover").arg("acmecorp mail").run().succeeds();
    machine
}

/// The names in a text.
fn told(text: &str) -> Vec<&'static str> {
    let text = text.to_lowercase();
    NAMES.into_iter().filter(|name| text.contains(name)).collect()
}

/// Everything that a command prints and writes; the machine's own directory may have any name.
fn said(machine: &Machine, words: &str, options: &str) -> String {
    let out = machine.path("out");
    let _ = fs::remove_dir_all(&out);
    fs::create_dir(&out).expect("a directory can be made");
    let (status, stdout, stderr) = machine.run(&format!("{words} {options}")).parts();
    assert!(status == 0 || (status == 1 && words.starts_with("window")), "{words} {options}: {stdout}\n{stderr}");
    // The lines of a mail are encoded.
    let mut all = stdout.replace("=\n", "").replace("=3D", "=") + &stderr;
    for file in fs::read_dir(&out).expect("it is there").flatten() {
        all += &file.file_name().to_string_lossy();
        all += &String::from_utf8_lossy(&fs::read(file.path()).expect("it can be read"));
    }
    all
}

/// Each command in each of its formats.
fn commands() -> Vec<String> {
    let today = "--today 2026-03-16";
    let mut all = Vec::new();
    for format in ["text", "json", "markdown"] {
        let with_format = [
            format!("forecast {today}"),
            format!("whatif add=1TiB move=divorce-lawyers.example {today} -o out/whatif.svg"),
            format!("whatif compress=zstd-all quota=1MiB {today}"),
            format!("window --at 2026-03-20T22:00Z --for 4h --needs index-rebuild --backup-to srv/acmecorp {today}"),
            format!("backtest --every 1w {today} -o out/backtest.svg"),
            "history list".to_owned(),
            "history show".to_owned(),
            "history event list".to_owned(),
        ];
        all.extend(with_format.map(|words| format!("{words} --format {format}")));
    }
    for format in ["text", "json", "markdown", "html", "mail"] {
        all.push(format!("report {today} --format {format} --from ops@vendor.example --to help@vendor.example"));
    }
    for kind in ["runway", "ages", "domains", "flows", "largest", "past", "calendar", "whatif"] {
        all.push(format!("chart --kind {kind} {today} -o out/chart.svg"));
    }
    all.push(format!("chart {today} -o out"));
    all
}

#[test]
fn no_output_tells_a_name() {
    let machine = telling();
    // Something to look back on.
    machine.run("forecast --today 2026-02-23").succeeds();
    let shown = ["report --format html --today 2026-03-16", "history show --format json", "history event list"];
    let plain: String = shown.iter().map(|words| said(&machine, words, "")).collect();
    for words in commands() {
        for options in ["--pseudonyms", "--no-names"] {
            let lists = ["kind largest", "kind domains", "history show"].iter().any(|list| words.contains(list));
            if options == "--no-names" && lists {
                machine.run(&format!("{words} {options}")).exits_with(2);
                continue;
            }
            let said = said(&machine, &words, options);
            assert_eq!(told(&said), [""; 0], "{words} {options}: {said}");
            // The domain of a scenario is not listed: it is asked for.
            let rest = said.replace("move=domain-", "");
            let has_users = ["user-", "domain-", "folder-"].iter().any(|word| rest.contains(word));
            assert!(options != "--no-names" || !has_users, "{words} {options}: {said}");
        }
    }
    assert_eq!(told(&plain), NAMES, "without the option, the outputs have all these names");
}

#[test]
fn pseudonyms_stay_the_same_and_only_the_key_turns_them_back() {
    let machine = telling();
    let lines = |options: &str| {
        let words = format!("forecast --today 2026-03-16 --format json {options}");
        machine.run(&words).succeeds().json_lines()
    };
    let mailbox = |lines: &[Value]| -> String {
        let names = lines.iter().filter_map(|line| line["series"].as_str());
        names.rev().find(|name| name.contains('@')).expect("a mailbox has a quota").to_owned()
    };
    let first = lines("--pseudonyms");
    assert_eq!(lines("--pseudonyms"), first);
    let address = mailbox(&first);
    assert!(address.starts_with("user-") && address.contains("@domain-"), "{address}");
    let key = machine.path("history/pseudonyms.key");
    assert_eq!(fs::metadata(&key).expect("it was made").permissions().mode() & 0o777, 0o600);

    let turned = machine.run(&format!("history names {address} --format json")).succeeds().json();
    assert_eq!(turned["name"], "merkelsen@divorce-lawyers.example");
    let all = machine.run("history names").succeeds().text();
    assert_eq!(
        told(&all),
        ["merkelsen", "kowalczyk", "divorce-lawyers", "clinic-north", "merger", "acmecorp", "mx-zurich"]
    );
    let secret = fs::read_to_string(&key).expect("it can be read");
    assert!(!all.contains(secret.trim()), "the key is printed");

    machine.write("other.key", "0123456789abcdef");
    machine.allow("other.key", 0o600);
    let other = mailbox(&lines("--pseudonyms --key other.key"));
    assert_ne!(other, address);
    machine.run(&format!("history names {other}")).fails(2, &["no name of the history", &other]);
    machine.run(&format!("history names {other} --key other.key")).succeeds();
}

#[test]
fn arguments_and_settings_have_real_names() {
    let machine = telling();
    let json = |words: &str| machine.run(&format!("{words} --today 2026-03-16 --format json")).succeeds().json_lines();
    // All but the names.
    let figures = |lines: Vec<Value>| -> Vec<[Value; 4]> {
        let figure = |line: &Value| ["used", "limit", "state", "exhaustion"].map(|key| line[key].clone());
        lines.iter().map(figure).collect()
    };
    for names in ["", "merkelsen@divorce-lawyers.example", "divorce-lawyers.example"] {
        let words = format!("forecast {names}");
        assert_eq!(figures(json(&format!("{words} --pseudonyms"))), figures(json(&words)), "{words}");
    }
    let chosen = machine.runway("forecast --pseudonyms --today 2026-03-16 --format json").arg("acmecorp mail").run();
    assert!(chosen.succeeds().json_lines().iter().any(|line| line["limit"] == 4 << 20), "the settings' limit is used");
    let moved = |options: &str| figures(json(&format!("whatif move=divorce-lawyers.example compress=zstd {options}")));
    assert_eq!(moved("--pseudonyms"), moved(""));
}

#[test]
fn issued_forecasts_are_recorded_with_real_names() {
    let machine = telling();
    let issued = || {
        let (issued, damaged) = History::open(&machine.path("history")).expect("it is one").issued().expect("it lists");
        assert!(damaged.is_empty(), "{damaged:?}");
        issued.into_iter().map(|one| one.series).collect::<Vec<String>>()
    };
    machine.run("report --pseudonyms").succeeds();
    let hidden = issued();
    assert!(hidden.contains(&"acmecorp mail".to_owned()), "{hidden:?}");
    machine.run("report").succeeds();
    assert_eq!(issued(), hidden, "the same forecasts, issued once");
}

#[test]
fn a_weak_key_is_refused() {
    let machine = telling();
    machine.write("open.key", "0123456789abcdef");
    machine.allow("open.key", 0o640);
    machine.run("report --pseudonyms --key open.key").fails(1, &["others may read the key", "chmod 600"]);
    machine.write("short.key", "0123456789\n");
    machine.allow("short.key", 0o600);
    machine.run("report --pseudonyms --key short.key").fails(1, &["less than 16 bytes", "/dev/urandom"]);
    machine.run("report --pseudonyms --key none.key").fails(1, &["cannot read the key", "none.key"]);
    machine.run("report --key short.key").fails(2, &["--key is the key of pseudonyms"]);
}

#[test]
fn commands_that_cannot_hide_names_refuse() {
    let machine = telling();
    machine.write("levels.csv", "series,time,used\na,2026-01-01,1\n");
    for words in ["scan", "demo", "history verify", "forecast --input levels.csv", "history event remove 1"] {
        machine.run(&format!("{words} --pseudonyms")).fails(2, &["cannot hide names"]);
        machine.run(&format!("{words} --no-names")).fails(2, &["cannot hide names"]);
    }
    assert!(!Path::new("mailrunway-demo").exists());
}
