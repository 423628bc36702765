//! Ten weekly scans of a store that grows towards its limit.

use serde_json::Value;

use crate::support::machine::Machine;
use crate::support::mondays::MONDAYS;

const QUANTILES: [&str; 7] = ["p05", "p10", "p25", "p50", "p75", "p90", "p95"];

/// A store that grows by some 200 kB a week to some 2 MB, with a limit of 4 MiB.
pub fn grown() -> Machine {
    let machine = Machine::new();
    let store = machine.store("vmail");
    let root = store.root.display();
    let head = format!("[[store]]\nname = 'vmail'\npath = '{root}'\nlimit = '4MiB'\nfilesystem = false\n");
    machine.settings(&head);
    for (week, monday) in MONDAYS[..10].iter().enumerate() {
        for user in ["ann", "bob"] {
            // The sizes vary from week to week, or the forecast would have no spread.
            let size = 90_000 + week * 7 % 5 * 5_000;
            store.deliver(format!("example.org/{user}"), "INBOX", size, monday);
        }
        machine.run(&format!("scan --taken-at {monday}T04:00:00Z")).succeeds().keeps_silent();
    }
    machine
}

fn forecast(machine: &Machine, options: &str) -> Value {
    machine.run(&format!("forecast vmail --format json --today 2026-03-09 {options}")).succeeds().keeps_silent().json()
}

fn keys(object: &Value) -> Vec<&str> {
    object.as_object().expect("it is an object").keys().map(String::as_str).collect()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().expect("it is a list")
}

#[test]
fn json_has_the_documented_keys() {
    let machine = grown();
    let line = forecast(&machine, "");
    let order = [
        "schema_version",
        "series",
        "host",
        "kind",
        "name",
        "store",
        "resource",
        "as_of",
        "observations",
        "used",
        "limit",
        "size_moves",
        "measured_now",
        "imported",
        "state",
        "exhaustion",
        "probability",
        "level",
        "growth_per_day",
        "events",
        "left_out",
        "model",
        "status",
        "reason",
        "order_by",
        "p_full_within_lead_time",
        "used_share",
        "lead_time_days",
    ];
    assert_eq!(keys(&line), order);
    assert_eq!(line["schema_version"], 1);
    assert_eq!((&line["series"], &line["resource"]), (&"vmail".into(), &"bytes".into()));
    assert_eq!((&line["as_of"], &line["observations"]), (&"2026-03-09".into(), &10.into()));
    assert_eq!(line["limit"], 4 << 20);
    assert_eq!(line["state"], "expected");
    assert_eq!(keys(&line["exhaustion"]), QUANTILES);
    assert_eq!(keys(&line["growth_per_day"]), ["p10", "p50", "p90"]);
    assert_eq!(line["events"], serde_json::json!([]));
    let snapshot = machine.run("history show --format json").succeeds().json();
    let store = &snapshot["stores"][0];
    let on_disk = ["allocated_bytes", "directory_bytes"].map(|part| store[part].as_u64().expect("it is a size"));
    assert_eq!(line["used"], on_disk.iter().sum::<u64>(), "the level is that of the last scan");
}

#[test]
fn quantiles_are_in_order_and_the_date_is_plausible() {
    let machine = grown();
    let line = forecast(&machine, "");
    let dates: Vec<&str> = QUANTILES.iter().filter_map(|q| line["exhaustion"][q].as_str()).collect();
    assert!(dates.is_sorted() && !dates.is_empty(), "{dates:?}");
    // Some 2 MB of free space at 200 kB a week last ten weeks.
    let expected = line["exhaustion"]["p50"].as_str().expect("it is expected");
    assert!(("2026-04-20".."2026-07-01").contains(&expected), "{expected}");
    for level in list(&line["level"]) {
        let used: Vec<u64> = QUANTILES.iter().map(|q| level[q].as_u64().expect("it is a size")).collect();
        assert!(used.is_sorted(), "{level}");
    }
    let growth = ["p10", "p50", "p90"].map(|q| line["growth_per_day"][q].as_i64().expect("it is a size"));
    assert!(growth.is_sorted() && (25_000..35_000).contains(&growth[1]), "{growth:?}");
}

#[test]
fn probabilities_rise_with_the_days() {
    let machine = grown();
    let line = forecast(&machine, "");
    let actual = list(&line["probability"]);
    let days: Vec<u64> = actual.iter().map(|at| at["days"].as_u64().expect("it is a number")).collect();
    assert_eq!(days, [7, 30, 90, 180, 365]);
    let p: Vec<f64> = actual.iter().map(|at| at["p"].as_f64().expect("it is a number")).collect();
    assert!(p.is_sorted() && p[0] < 0.1 && p[4] > 0.9 && p[4] <= 1.0, "{p:?}");
}

#[test]
fn levels_are_weekly_or_at_the_requested_dates() {
    let machine = grown();
    let days = |line: &Value| -> Vec<String> {
        list(&line["level"]).iter().map(|level| level["date"].as_str().expect("it is a date").to_owned()).collect()
    };
    let weekly = days(&forecast(&machine, "--horizon 4w"));
    assert_eq!(weekly, ["2026-03-16", "2026-03-23", "2026-03-30", "2026-04-06"]);
    assert_eq!(days(&forecast(&machine, "")).len(), 157, "three years are covered");
    let ascending = ["2026-03-10", "2026-12-31", "2027-01-01"];
    assert_eq!(days(&forecast(&machine, "--at 2026-03-10,2026-12-31 --at 2027-01-01")), ascending);
    assert_eq!(days(&forecast(&machine, "--at 2027-01-01,2026-03-10 --at 2026-12-31")), ascending);
}

#[test]
fn dates_beyond_the_horizon_are_null() {
    let machine = grown();
    let line = forecast(&machine, "--horizon 2w");
    assert_eq!(line["state"], "beyond");
    assert!(QUANTILES.iter().all(|q| line["exhaustion"][q].is_null()), "{}", line["exhaustion"]);
    let p = |line: &Value| line["probability"].clone();
    assert_eq!((p(&line), list(&p(&line)).len()), (p(&forecast(&machine, "")), 5), "probabilities have no horizon");
}

#[test]
fn the_status_looks_as_far_as_the_policy_needs_whatever_the_horizon() {
    let machine = grown();
    // The limit is expected in ten weeks, with less than 60 % in use.
    for (lead_time, status) in [("7d", "green"), ("90d", "amber"), ("4y", "amber")] {
        let policy = format!("--lead-time {lead_time}");
        let judged = |horizon: &str| {
            let line = forecast(&machine, &format!("{policy} --horizon {horizon}"));
            ["status", "reason", "order_by", "p_full_within_lead_time", "lead_time_days", "probability"]
                .map(|key| line[key].clone())
        };
        let text = |horizon: &str| {
            let command = format!("forecast vmail --today 2026-03-09 {policy} --horizon {horizon}");
            let text = machine.run(&command).succeeds().keeps_silent().text();
            let (head, details) = text.split_once("\n    ").expect("it has several lines");
            let head = head.replace("\n ", "");
            let word = head.split(' ').next().expect("it has words").to_owned();
            let order_by = head.split_once("; order by ").map(|(_, day)| day.to_owned());
            (word, order_by, details.to_owned())
        };
        let scenarios = |horizon: &str| {
            let command = format!("whatif add=2MiB --format json --today 2026-03-09 {policy} --horizon {horizon}");
            let line = machine.run(&command).succeeds().keeps_silent().json_lines().remove(1);
            [line["p_full_within_lead_time"].clone(), line["buys"].clone(), line["buys_at_least"].clone()]
        };
        let report = |horizon: &str| {
            let command = format!("report --format json --today 2026-03-09 {policy} --horizon {horizon}");
            let line = machine.run(&command).succeeds().keeps_silent().json();
            let line = &line["subjects"][0]["lines"][0];
            ["status", "reason", "order_by", "p_full_within_lead_time"].map(|key| line[key].clone())
        };
        let year = (judged("1y"), text("1y"), scenarios("1y"), report("1y"));
        assert_eq!((&year.0[0], &year.3[0]), (&status.into(), &status.into()), "{lead_time}");
        let (order_by, in_report) = (year.0[2].as_str().expect("it is a date"), &year.3[2]);
        assert_eq!((Some(order_by), year.0[3].clone()), (in_report.as_str(), year.3[3].clone()));
        let day = mailrunway::model::dates::day(order_by.parse().expect("it is a date"));
        assert_eq!((year.1.0.to_lowercase().as_str(), year.1.1.clone()), (status, Some(day)));
        for horizon in ["14d", "30d", "5y"] {
            let other = (judged(horizon), text(horizon), scenarios(horizon), report(horizon));
            assert_eq!(other, year, "{lead_time}, {horizon}");
        }
    }
}

#[test]
fn levels_are_printed_for_the_dates_that_were_asked_for() {
    let machine = grown();
    machine.run("history event add vmail --date 2026-05-01 --kind capacity --size +4MiB").succeeds();
    let plain = machine.run("forecast vmail --today 2026-03-09").succeeds().text();
    assert!(!plain.contains("80 % range"), "{plain}");
    let text = machine.run("forecast vmail --today 2026-03-09 --at 2026-04-06,2026-05-01").succeeds().text();
    let table: Vec<&str> = text.lines().skip_while(|line| !line.starts_with("date")).collect();
    assert_eq!(table[0].split_whitespace().collect::<Vec<_>>(), ["date", "median", "80", "%", "range", "limit"]);
    assert!(table[1].starts_with("6 Apr 2026") && table[1].ends_with("4.00 MiB"), "{text}");
    assert!(table[2].starts_with("1 May 2026") && table[2].ends_with("8.00 MiB"), "announced by then: {text}");
    assert!(text.lines().all(|line| line.chars().count() <= 80 || !line.contains("MiB to")), "{text}");
    let line = forecast(&machine, "--at 2026-04-06");
    let median = line["level"][0]["p50"].as_f64().expect("it is a size");
    let shown = mailrunway::model::bytes::Units::Iec.show(median);
    assert!(table[1].contains(&format!(" {shown} ")), "{shown}: {text}");
}

#[test]
fn forecasts_are_deterministic() {
    let machine = grown();
    let first = forecast(&machine, "");
    assert_eq!(first, forecast(&machine, ""));
}

#[test]
fn a_partial_snapshot_is_left_out_of_the_series() {
    let machine = grown();
    let before = forecast(&machine, "");
    machine.forbid("vmail/example.org/bob", 0o000);
    machine.give_to_ordinary_user("history");
    let scan = machine.runway("scan --taken-at 2026-03-16T04:00:00Z").by_ordinary_user().run().succeeds();
    scan.warns(&["marked partial"]);
    machine.take_back("history");
    let list = machine.run("history list --format json").succeeds().json_lines();
    assert_eq!((list.len(), &list[10]["complete"]), (11, &false.into()));
    assert_eq!(forecast(&machine, ""), before);
}

#[test]
fn the_report_has_the_verdict_the_date_and_the_order_by_date() {
    let machine = grown();
    let line = forecast(&machine, "");
    let order_by = |days: i64| {
        let earliest: jiff::civil::Date =
            line["exhaustion"]["p10"].as_str().expect("expected").parse().expect("a date");
        mailrunway::model::dates::day(earliest.saturating_sub(jiff::ToSpan::days(days)))
    };
    let expected = line["exhaustion"]["p50"].as_str().expect("expected").parse().expect("a date");
    let expected = mailrunway::model::dates::day(expected);
    for format in ["text", "html"] {
        let report = |options: &str| {
            let command = format!("report --format {format} --today 2026-03-09 {options}");
            // The page keeps a number and its percent sign on one line.
            machine.run(&command).succeeds().keeps_silent().words().replace('\u{a0}', " ")
        };
        let red = report("--lead-time 300d");
        assert!(red.contains("AMBER") && red.contains("under 60 % is in use"), "{red}");
        let green = report("--lead-time 7d");
        assert!(green.contains("GREEN"), "{green}");
        for text in [&red, &green] {
            assert!(text.contains(&format!("Full {expected} (80 %: ")), "{text}");
            assert!(text.contains("vmail, bytes") || text.contains("vmail"), "{text}");
            assert!(text.contains("ann@example.org"), "the largest mailboxes: {text}");
        }
        assert!(green.contains(&order_by(7)), "{green}");
    }
}
