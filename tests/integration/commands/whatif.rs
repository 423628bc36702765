//! `whatif`: predicted effects equal the real ones.

use std::fs::{self, File};
use std::path::Path;
use std::time::{Duration, UNIX_EPOCH};

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::Value;

use crate::support::machine::Machine;

/// The time of the scans, a Wednesday afternoon.
const NOW: u64 = 1_764_165_600;
const TAKEN_AT: &str = "2025-11-26T14:00:00Z";
const TODAY: &str = "2025-11-26";
const DAY: u64 = 86_400;

/// Folders, the number of messages in each mailbox, and their maximum age in days.
const FOLDERS: [(&str, usize, u64); 5] =
    [("", 60, 900), (".Trash", 50, 400), (".Papierkorb.alt", 10, 300), (".Junk", 50, 60), (".Projekte", 20, 700)];

fn settings(machine: &Machine, limit: &str) {
    let root = machine.path("vmail");
    let store =
        format!("[[store]]\nname = 'vmail'\npath = '{}'\nfilesystem = false\nlimit = '{limit}'\n", root.display());
    machine.settings(&store);
}

/// Writes a message with these times of saving and arrival.
fn deliver(folder: &Path, number: usize, size: usize, (saved, arrived): (u64, u64)) {
    for part in ["cur", "new", "tmp"] {
        fs::create_dir_all(folder.join(part)).expect("a directory can be made");
    }
    let path = folder.join("cur").join(format!("{saved}.M{number}P1.mx1,S={size}:2,S"));
    fs::write(&path, vec![b'x'; size]).expect("a message can be written");
    let file = File::options().write(true).open(&path).expect("it can be opened");
    file.set_modified(UNIX_EPOCH + Duration::from_secs(arrived)).expect("the time can be set");
}

/// A store of many small messages and a few large ones of all ages. Mail in the trash arrived long before it was saved.
fn aged() -> Machine {
    let machine = Machine::new();
    settings(&machine, "1GiB");
    let mut rng = ChaCha8Rng::seed_from_u64(7);
    let mut number = 0;
    for user in 0..40 {
        let mailbox = machine.path(&format!("vmail/example.org/user{user}"));
        deliver(&mailbox, 0, 700, (NOW - DAY, NOW - DAY));
        for (folder, messages, oldest) in FOLDERS {
            for _ in 0..rng.random_range(messages / 2..=messages * 3 / 2) {
                number += 1;
                let saved = NOW - rng.random_range(0..oldest * DAY);
                let arrived = saved - if folder.contains("Trash") { rng.random_range(0..200 * DAY) } else { 30 };
                let size = 10_f64.powf(2.5 + 2.3 * rng.random::<f64>().powi(2)) as usize;
                deliver(&mailbox.join(folder), number, size, (saved, arrived));
            }
        }
    }
    machine
}

/// Deletes messages saved before a time in folders whose directory starts with `folders`, as
/// `doveadm expunge savedbefore` would.
fn delete(machine: &Machine, folders: &str, before: u64) {
    let root = machine.path("vmail");
    for entry in walkdir::WalkDir::new(&root).into_iter().map(|entry| entry.expect("it can be listed")) {
        let inside = entry.path().strip_prefix(&root).expect("it lies there").iter().nth(2);
        let is_meant = inside.is_some_and(|folder| folder.to_str().expect("plain").starts_with(folders));
        let name = entry.file_name().to_str().expect("plain");
        let saved = name.split('.').next().and_then(|seconds| seconds.parse::<u64>().ok());
        if entry.file_type().is_file() && is_meant && saved.expect("a message") < before {
            fs::remove_file(entry.path()).expect("it can be removed");
        }
    }
}

fn scan(machine: &Machine, at: &str) -> u64 {
    let scan = machine.run(&format!("scan vmail --taken-at {at} --format json")).succeeds().json();
    scan["stores"][0]["allocated_bytes"].as_u64().expect("a scan has the bytes on disk")
}

fn whatif(machine: &Machine, words: &str) -> Vec<Value> {
    machine.run(&format!("whatif --format json --today {TODAY} {words}")).succeeds().keeps_silent().json_lines()
}

/// Compares the predicted effect of rules with the effect of the deletions, which must free `at_least` bytes.
#[track_caller]
fn assert_frees(rules: &[(&str, &[&str], u64)], at_least: u64) {
    let machine = aged();
    let before = scan(&machine, TAKEN_AT);
    let scenario: Vec<&str> = rules.iter().map(|(scenario, ..)| *scenario).collect();
    let predicted = whatif(&machine, &scenario.join(","))[1]["frees"].as_u64().expect("it frees something");
    for (_, folders, days) in rules {
        folders.iter().for_each(|folder| delete(&machine, folder, NOW - days * DAY));
    }
    let freed = before - scan(&machine, "2025-11-26T14:00:09Z");
    assert!(freed > at_least, "only {freed}: the test shows nothing");
    let off = predicted as f64 / freed as f64 - 1.0;
    assert!(off.abs() < 0.02, "{scenario:?}: predicted {predicted}, freed {freed}, {:.2} % off", 100.0 * off);
}

/// `.Papierkorb.alt` is one of them.
const BINS: [&str; 2] = [".Trash", ".Papierkorb"];

/// Fails where a text lacks a sentence.
#[track_caller]
fn assert_tells(text: &str, sentences: &[&str]) {
    for sentence in sentences {
        assert!(text.contains(sentence), "`{sentence}` is missing from\n{text}");
    }
}

#[test]
fn a_retention_rule_for_trash_frees_the_predicted_amount() {
    assert_frees(&[("retain=Trash:30d", &BINS, 30)], 20 << 20);
}

#[test]
fn a_retention_rule_for_all_folders_frees_the_predicted_amount() {
    assert_frees(&[("retain=*:180d", &[""], 180)], 30 << 20);
}

#[test]
fn two_retention_rules_free_the_predicted_amount() {
    assert_frees(&[("retain=Trash:90d", &BINS, 90), ("retain=Junk:10d", &[".Junk"], 10)], 20 << 20);
}

/// The end of a week of [`lived`].
fn end_of(weeks: u64) -> u64 {
    NOW - (52 - weeks) * 7 * DAY
}

/// A store whose mailboxes keep everything. As many messages arrive each week in the inbox and the trash of each. With
/// `with_history`, it is scanned each week.
fn lived(weeks: u64, with_history: bool) -> Machine {
    let machine = Machine::new();
    settings(&machine, "100MiB");
    let mut number = 0;
    for week in 0..weeks {
        for user in 0..4 {
            for (folder, messages) in [("", 10), (".Trash", 14)] {
                for message in 0..messages {
                    number += 1;
                    let saved = end_of(week) + 7 * DAY * message / messages;
                    let mailbox = machine.path(&format!("vmail/example.org/user{user}")).join(folder);
                    deliver(&mailbox, number, 3_000 + 5_000 * (number % 4), (saved, saved));
                }
            }
        }
        if with_history {
            scan(&machine, &time(end_of(week + 1)));
        }
    }
    machine
}

fn time(seconds: u64) -> String {
    jiff::Timestamp::from_second(seconds as i64).expect("a time").to_string()
}

/// The last day of a week of [`lived`].
fn day(weeks: u64) -> String {
    time(end_of(weeks))[..10].to_owned()
}

#[test]
fn the_predicted_level_under_a_rule_matches_the_later_level() {
    let outcome = lived(26, true).run(&format!("whatif --format json --today {} retain=Trash:56d", day(26)));
    let rows = outcome.succeeds().keeps_silent().json_lines();
    for weeks in [4, 20] {
        let level = |row: &Value| row["level"][weeks as usize - 1]["p50"].as_f64().expect("a level");
        let store = lived(26 + weeks, false);
        let without = scan(&store, &time(end_of(26 + weeks)));
        delete(&store, ".Trash", end_of(26 + weeks) - 56 * DAY);
        let came = scan(&store, &time(end_of(26 + weeks) + 1));
        assert!(came as f64 * 1.3 < without as f64, "{came} {without}: the test shows nothing");
        let (base, ruled) = (level(&rows[0]) / without as f64 - 1.0, level(&rows[1]) / came as f64 - 1.0);
        assert!(base.abs() < 0.06, "{weeks} weeks, without the rule: {base:.3} off");
        // The rule takes no growth away, so that an error of the growth is a larger share of what is left.
        assert!(ruled.abs() < 0.08, "{weeks} weeks, under the rule: {ruled:.3} off");
    }
}

#[test]
fn the_table_shows_the_effect_and_basis_of_each_scenario() {
    let machine = lived(20, true);
    let words = format!(
        "whatif --today {} add=10MiB growth=+50% retain=Trash:30d move=example.org quota=100KiB mailboxes=+2",
        day(20)
    );
    let shown = machine.run(&words).succeeds().keeps_silent();
    // A row of Markdown is one line.
    let text = machine.run(&format!("{words} --format markdown")).succeeds().text();
    let row = |name: &str| {
        text.lines()
            .map(|line| line.trim_start_matches(['|', ' ']))
            .find(|line| line.starts_with(name))
            .unwrap_or_else(|| panic!("{name}: {text}"))
    };
    assert!(row("no change").contains(" 2025") || row("no change").contains(" 2026"), "{text}");
    assert!(row("growth=+50%").contains(" less") && row("mailboxes=+2").contains(" less"), "{text}");
    assert!(row("retain=Trash:30d").contains("week") && row("retain=Trash:30d").contains("MiB"), "{text}");
    assert!(row("move=example.org").contains("not within 3 years"), "{text}");
    let bases = [
        " add=10MiB: 10.0 MiB more space, now.",
        " retain=Trash:30d: mail in Trash older than 30 days: ",
        " move=example.org: 4 mailboxes hold ",
        " mailboxes=+2: 2 more than the present 4 mailboxes; an average mailbox holds ",
        " quota=100KiB: 4 of 4 mailboxes are above 100 KiB",
    ];
    assert_tells(&shown.words(), &bases);
}

#[test]
fn scenarios_of_the_settings_are_left_out_where_they_do_not_apply() {
    let machine = lived(8, true);
    let path = |name: &str| machine.path(name).display().to_string();
    machine.store("other").deliver("example.net/bob", "INBOX", 9_000, "2025-01-05");
    let store = |name: &str| {
        format!("[[store]]\nname = '{name}'\npath = '{}'\nfilesystem = false\nlimit = '1GiB'\n", path(name))
    };
    machine.settings(&format!(
        "{}{}[report]\nwhat_if = ['move=example.net', 'add=1GiB']\n",
        store("vmail"),
        store("other")
    ));
    machine.run(&format!("scan other --taken-at {}", time(end_of(8) + 1))).succeeds();
    let shown = machine.run(&format!("whatif --today {}", day(8))).succeeds();
    let (text, words) = (shown.text(), shown.words());
    assert!(words.contains("left out: `move=example.net`: there is no such domain (there are: example.org)"), "{text}");
    assert_eq!(text.matches("\n  add=1GiB ").count(), 2, "{text}");
    assert_eq!(text.matches("\n  move=example.net ").count(), 1, "{text}");
}

#[test]
fn singular_forms_and_rules_without_mail_are_worded_correctly() {
    let machine = Machine::new();
    machine.store("vmail").deliver("example.org/ann", "INBOX", 1_000, "2025-01-05");
    machine.store("vmail").deliver("example.org/ann", "Trash", 1_000, "2025-01-05");
    settings(&machine, "1GiB");
    machine.run(&format!("scan --taken-at {TAKEN_AT}")).succeeds();
    let scenarios = "mailboxes=+1 quota=1KiB move=example.org compress=zstd retain=Trash:30d retain=Junk:30d \
                     retain=*:1y,retain=Trash:30d";
    let text = machine.run(&format!("whatif --today {TODAY} {scenarios}")).succeeds().words();
    let bases = [
        " mailboxes=+1: 1 more than the present 1 mailbox; an average mailbox holds ",
        " quota=1KiB: 1 of 1 mailbox is above 1.00 KiB: nothing is deleted, and growth stops.",
        " move=example.org: 1 mailbox holds ",
        " compress=zstd: 2 messages of 1 mailbox were read; compressed, they take 100 % of their space",
        " retain=Trash:30d: mail in Trash older than 30 days: 4.00 KiB in 1 message now, ",
        " retain=Junk:30d: there is no mail in Junk: the rule has no effect; there is some in Inbox, Trash.",
        "retain=Trash:30d: no mail in all other folders is older than 1 year, and a single scan",
    ];
    assert_tells(&text, &bases);
}

#[test]
fn rows_left_out_of_the_chart_are_reported() {
    let machine = lived(4, true);
    let drawn = |scenarios: &str| machine.run(&format!("whatif --today {} -o w.svg {scenarios}", day(4))).succeeds();
    drawn("add=1MiB add=2MiB add=3MiB add=4MiB add=5MiB add=6MiB add=7MiB").keeps_silent();
    let crowded = drawn("add=1MiB add=2MiB add=3MiB add=4MiB add=5MiB add=6MiB add=7MiB add=8MiB");
    assert_eq!(crowded.stderr(), "drew 8 of 9 rows; name fewer scenarios to see the others\n");
}

#[test]
fn a_scenario_left_out_of_json_gives_a_warning() {
    let machine = lived(4, true);
    machine.store("other").deliver("example.net/bob", "INBOX", 9_000, "2025-01-05");
    let store = |name: &str| {
        let path = machine.path(name);
        format!("[[store]]\nname = '{name}'\npath = '{}'\nfilesystem = false\nlimit = '1GiB'\n", path.display())
    };
    machine.settings(&(store("vmail") + &store("other")));
    machine.run(&format!("scan other --taken-at {}", time(end_of(4) + 1))).succeeds();
    let outcome = machine.run(&format!("whatif --today {} --format json move=example.net", day(4))).succeeds();
    let outcome =
        outcome.warns(&["of vmail, bytes: left out `move=example.net`: there is no such domain", "example.org"]);
    assert_eq!(outcome.json_lines().len(), 3);
}

#[test]
fn compression_is_measured_on_the_stored_mail() {
    let machine = lived(8, true);
    let rows = machine
        .run(&format!("whatif --today {} --format json compress=zstd compress=zstd-all", day(8)))
        .succeeds()
        .json_lines();
    // All messages repeat one letter, and a message takes at least one block.
    let basis = rows[1]["basis"][0].as_str().expect("a sentence");
    assert!(basis.contains(" of 4 mailboxes were read") && basis.contains("New mail only, as Dovecot does"), "{basis}");
    assert_eq!(rows[1]["frees"], 0);
    let (frees, used) = (rows[2]["frees"].as_f64().expect("a number"), rows[0]["used"].as_f64().expect("a number"));
    assert!((0.4..0.8).contains(&(frees / used)), "{frees} of {used}");
}
