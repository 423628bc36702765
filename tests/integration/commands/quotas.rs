//! Mailboxes that grow towards their quotas.

use serde_json::Value;

use crate::support::machine::Machine;
use crate::support::mondays::MONDAYS;

/// Mailboxes and their growth in thousands of bytes a week, about.
const MAILBOXES: [(&str, usize); 7] = [
    ("example.org/ann", 20),
    ("example.org/bob", 2),
    ("example.org/cid", 3),
    ("example.org/dee", 2),
    ("example.org/fay", 4),
    ("example.net/eve", 15),
    ("example.net/x\u{1b}[2J\u{202e}", 1),
];

/// Ann has two weeks left, Eve is beyond hers, and Bob is near his number of messages.
const RULES: &str = "[[quota]]\nmailboxes = '*'\nlimit = '200kB'\n\
                     [[quota]]\nmailboxes = '*@example.net'\nlimit = '100kB'\n\
                     [[quota]]\nmailboxes = 'bob@*'\nmessages = 10\n";

/// The settings of the store, with the lines `more`.
fn store(machine: &Machine, more: &str) -> String {
    let root = machine.path("vmail");
    format!("[[store]]\nname = 'vmail'\npath = '{}'\nfilesystem = false\n{more}", root.display())
}

/// A store of two domains that was scanned for eight weeks.
fn grown() -> Machine {
    let machine = Machine::new();
    let vmail = machine.store("vmail");
    machine.settings(&(store(&machine, "limit = '4MiB'\n") + RULES));
    for (week, monday) in MONDAYS[..8].iter().enumerate() {
        for (who, (mailbox, thousands)) in MAILBOXES.into_iter().enumerate() {
            vmail.deliver(mailbox, "INBOX", thousands * (900 + (week * 7 + who * 3) % 5 * 50), monday);
        }
        machine.run(&format!("scan --taken-at {monday}T04:00:00Z")).succeeds().keeps_silent();
    }
    machine
}

fn forecast(machine: &Machine, words: &str) -> String {
    machine.run(&format!("forecast --today 2026-02-23 {words}")).succeeds().keeps_silent().text()
}

fn lines(machine: &Machine, words: &str) -> Vec<Value> {
    let command = format!("forecast --today 2026-02-23 --format json {words}");
    machine.run(&command).succeeds().keeps_silent().json_lines()
}

/// The value of a key in each line.
fn column<'a>(lines: &'a [Value], key: &str) -> Vec<&'a Value> {
    lines.iter().map(|line| &line[key]).collect()
}

#[test]
fn mailboxes_that_reach_a_quota_soon_are_listed_after_the_stores() {
    let machine = grown();
    // A row of Markdown is one line.
    let text = forecast(&machine, "--format markdown").replace(" | ", "  ");
    let (stores, quotas) = text.split_once("quotas: ").expect("there are quotas");
    assert!(stores.contains("vmail, bytes") && !stores.contains('@'), "{text}");
    let rows: Vec<&str> =
        quotas.lines().filter(|line| !line.is_empty()).map(|line| line.trim_matches(['|', ' '])).collect();
    assert_eq!(rows[0], "7 mailboxes have a quota, and 3 are expected to reach it within 90 days");
    assert!(rows[1].starts_with("mailbox") && rows[1].contains("P(within 90 days)"), "{text}");
    let rows: Vec<&str> = rows.into_iter().filter(|row| !row.starts_with("---")).collect();
    assert!(rows[2].starts_with("eve@example.net") && rows[2].contains(" of 97.7 KiB "), "{text}");
    assert!(rows[2].contains(" already ") && rows[2].ends_with(" -"), "{text}");
    let ann = rows.iter().position(|row| row.starts_with("ann@example.org")).expect("she is there");
    let bob = rows.iter().position(|row| row.starts_with("bob@example.org")).expect("he is there");
    assert!(ann.max(bob) == 4, "both come before the others: {text}");
    assert!(rows[ann].contains(" of 195 KiB ") && rows[ann].contains(" to "), "{text}");
    assert!(rows[ann].contains(" Mar 2026") && rows[ann].ends_with(" %"), "{text}");
    assert!(rows[bob].contains("8 of 10 messages"), "{text}");
    assert_eq!(rows.len(), 9);
    assert!(forecast(&machine, "--lead-time 3d").contains("7 mailboxes have a quota, and 1 is expected"), "Eve alone");
    assert!(forecast(&machine, "--bytes --format markdown").contains(" of 200000 "));
}

#[test]
fn the_report_lists_the_same_quotas_as_the_forecast() {
    let machine = grown();
    let output = forecast(&machine, "");
    let (_, output) = output.split_once("quotas: ").expect("there are quotas");
    let report = machine.run("report --today 2026-02-23").succeeds().text();
    assert!(report.contains("A quota is reached already: eve@example.net is at its 97.7 KiB."), "{report}");
    let (_, growing) = report.split_once("Who and what grows?").expect("the question is asked");
    let rows: Vec<&str> = output.lines().collect();
    assert!(growing.contains(rows[0]), "{report}");
    let (_, table) = growing.split_once("Reach their quota first").expect("there is a table");
    let words = |line: &str| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    for (row, line) in rows[1..5].iter().zip(table.lines().skip(1)) {
        assert_eq!(words(line), words(row), "{report}");
    }

    let json = machine.run("report --today 2026-02-23 --format json").succeeds().json();
    let quotas = &json["subjects"][0]["growing"]["quotas"];
    assert_eq!((&quotas["mailboxes"], &quotas["expected_within_lead_time"]), (&7.into(), &3.into()));
    let eve = &quotas["first"][0];
    assert_eq!(eve["forecast"]["series"], "eve@example.net");
    assert_eq!((&eve["forecast"]["state"], &eve["p_full_within_lead_time"]), (&"already".into(), &1.0.into()));
}

#[test]
fn json_has_a_line_for_each_quota_after_the_stores() {
    let machine = grown();
    let lines = lines(&machine, "--at 2026-03-30,2026-06-01");
    let hostile = "x\u{1b}[2J\u{202e}@example.net";
    let org = |user: &str| format!("{user}@example.org");
    let names = [
        "vmail".into(),
        org("ann"),
        org("bob"),
        org("cid"),
        org("dee"),
        "eve@example.net".into(),
        org("fay"),
        hostile.into(),
    ];
    assert_eq!(column(&lines, "series"), names.iter().collect::<Vec<_>>());
    let of = |name: &str| lines.iter().find(|line| line["series"] == name).expect("it has a line");
    let (ann, bob, eve) = (of("ann@example.org"), of("bob@example.org"), of("eve@example.net"));
    assert_eq!((&ann["resource"], &ann["limit"], &ann["observations"]), (&"bytes".into(), &200_000.into(), &8.into()));
    let delivered: usize = (0..8).map(|week| 20 * (900 + week * 7 % 5 * 50)).sum();
    assert_eq!(ann["used"], delivered, "the delivered bytes, not the bytes on disk");
    assert_eq!((&bob["resource"], &bob["used"], &bob["limit"]), (&"messages".into(), &8.into(), &10.into()));
    assert_eq!((&eve["state"], &eve["exhaustion"]["p50"]), (&"already".into(), &"2026-02-23".into()));
    assert_eq!(ann["level"].as_array().expect("it is a list").len(), 2);
}

#[test]
fn names_select_mailboxes_and_record_nothing() {
    let machine = grown();
    let of_domain = machine.run("forecast --today 2026-02-23 example.net").succeeds().keeps_silent();
    assert_eq!(of_domain.changed(), [] as [std::path::PathBuf; 0]);
    let text = of_domain.text();
    assert!(
        text.starts_with("quotas: 2 mailboxes have a quota, and 1 is expected to reach it within 90 days\n"),
        "{text}"
    );
    assert!(text.contains("x\\u{1b}[2J\\u{202e}@example.net") && !text.contains('\u{1b}'), "{text}");
    assert!(!forecast(&machine, "vmail").contains("quotas:"));
    let both = lines(&machine, "fay@example.org vmail");
    assert_eq!(column(&both, "series"), ["vmail", "fay@example.org"]);
    let alone = lines(&machine, "fay@example.org");
    assert_eq!(both[1], alone[0], "the pool is learnt from all mailboxes, whichever are named");
    machine
        .run("forecast gus@example.org")
        .fails(2, &["there is no series `gus@example.org`", "vmail, ann@example.org"]);
}

#[test]
fn quotas_need_rules_but_no_volume() {
    let machine = grown();
    let with_rules = forecast(&machine, "vmail");
    machine.settings(&store(&machine, "limit = '4MiB'\n"));
    assert_eq!(forecast(&machine, ""), with_rules);
    machine.settings(&(store(&machine, "") + RULES));
    assert!(forecast(&machine, "").starts_with("quotas: 7 mailboxes have a quota, and 3 are expected"));
    machine.settings(&store(&machine, ""));
    machine.run("forecast").fails(1, &["the history has nothing to forecast"]);
    machine.settings(&(store(&machine, "limit = '4MiB'\n") + "[[quota]]\nmailboxes = 'example.org'\nlimit = '1G'\n"));
    let output = machine
        .run("forecast --today 2026-02-23")
        .succeeds()
        .warns(&["no mailbox has a quota", "the addresses in `mailrunway history show`"]);
    assert_eq!(output.text(), with_rules);
    machine.write("in.csv", "series,time,used,limit\na,2026-01-01,1,10\na,2026-01-08,2,10\n");
    assert!(!forecast(&machine, "--input in.csv").contains("quotas:"));
}

#[test]
fn estimated_scans_and_removed_mailboxes_are_left_out() {
    let machine = grown();
    let forecast =
        |words: &str| machine.run(&format!("forecast --today 2026-02-25 {words}")).succeeds().keeps_silent().text();
    let before = forecast("ann@example.org --format json");
    machine.run("scan --names --taken-at 2026-02-24T04:00:00Z").succeeds();
    assert_eq!(forecast("ann@example.org --format json"), before);
    std::fs::remove_dir_all(machine.path("vmail/example.org/ann")).expect("it can be removed");
    machine.run("scan --taken-at 2026-02-25T04:00:00Z").succeeds();
    assert!(forecast("").contains("quotas: 6 mailboxes have a quota, and 2 are expected"));
}

#[test]
fn with_several_stores_a_mailbox_has_the_store_in_its_name() {
    let machine = grown();
    let spool = machine.path("spool");
    machine.store("spool").deliver("example.org/ann", "INBOX", 1_000, "2026-01-05");
    let second = format!("[[store]]\nname = 'spool'\npath = '{}'\nfilesystem = false\n", spool.display());
    machine.settings(&(store(&machine, "") + &second + RULES));
    machine.run("scan spool --taken-at 2026-02-23T05:00:00Z").succeeds().keeps_silent();
    assert_eq!(
        column(&lines(&machine, "ann@example.org"), "series"),
        ["spool:ann@example.org", "vmail:ann@example.org"]
    );
    assert_eq!(column(&lines(&machine, "spool:ann@example.org"), "state"), ["not_enough_history"]);
}

#[test]
fn the_number_of_threads_does_not_change_the_result() {
    let machine = grown();
    let output = |threads: &str| {
        let command = machine.runway("forecast example.org --format json --today 2026-02-23");
        command.env("RAYON_NUM_THREADS", threads).run().succeeds().text()
    };
    assert!(output("1") == output("3"));
}
