//! Compares a scan with Dovecot and with the disk, figure by figure.

use std::collections::BTreeMap;
use std::process::Command;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::Value;

use super::dovecot::{Dovecot, ZONE};
use super::files_on_disk::{self, Name};
use super::run_command::finish;
use crate::dovecot::expected::{ExpectedMailbox, Mailbox, Sums};

/// The binary under test.
const MAILRUNWAY: &str = env!("CARGO_BIN_EXE_mailrunway");

/// The time limit of a scan of some hundred messages.
const PATIENCE: Duration = Duration::from_secs(60);

/// The history of all compared scans, so that a scan may use the cache of the one before.
pub const HISTORY: &str = "history";

/// The start of the names of Dovecot's index files, which it can recreate.
const INDEXES: [&str; 4] = ["dovecot.index", "dovecot.list.index", "dovecot.map.index", "dovecot.mailbox.log"];

/// The result of one scan.
pub struct Scan {
    /// The scanned store.
    pub store: Value,
    /// Its problems.
    pub problems: Vec<Value>,
}

impl Sums {
    fn from_json(part: &Value) -> Sums {
        Sums {
            messages: number(part, "messages"),
            message_bytes: number(part, "message_bytes"),
            logical_bytes: number(part, "logical_bytes"),
            virtual_bytes: number(part, "virtual_bytes"),
        }
    }
}

/// Scans the store, compares every figure with Dovecot and `find`, and returns the store. The scan must have no
/// problems.
pub fn assert_scan_agrees(server: &Dovecot, mailboxes: &[Mailbox]) -> Value {
    let Scan { store, problems } = assert_all_but_problems_agree(server, mailboxes);
    assert_eq!(problems, Vec::<Value>::new(), "problems");
    store
}

/// As [`assert_scan_agrees`], but the test checks the problems.
pub fn assert_all_but_problems_agree(server: &Dovecot, mailboxes: &[Mailbox]) -> Scan {
    let folders: Vec<_> = mailboxes.iter().map(|mailbox| mailbox.account.folders()).collect();
    let names = files_on_disk::names(&server.store());
    let truth = mailboxes.iter().zip(folders).map(|(mailbox, folders)| {
        let mine = names.iter().filter(|name| is_owner(mailbox, name, mailboxes)).cloned().collect();
        ExpectedMailbox::new(mailbox, &folders, mine)
    });
    let truth: BTreeMap<String, ExpectedMailbox> = truth.map(|truth| (truth.mailbox.key(), truth)).collect();
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("it is past 1970").as_secs().cast_signed();
    let state = files_on_disk::state(&server.store());
    let scan = scan(server, HISTORY, &[]);
    files_on_disk::assert_untouched(&server.store(), &state);

    let actual = keyed(&scan.store["mailbox"], key);
    assert_eq!(keys(&actual), keys(&truth), "mailboxes");
    let mut total = Sums::default();
    for (key, truth) in &truth {
        total += assert_mailbox_agrees(truth, &actual[key], now);
    }
    assert_eq!(Sums::from_json(&scan.store), total, "the store is the sum of its mailboxes");
    assert_eq!(number(&scan.store, "mailboxes"), mailboxes.len() as u64, "mailboxes");
    let mail: Vec<Name> = truth.values().flat_map(ExpectedMailbox::mail).collect();
    let outside = names.iter().filter(|name| !mailboxes.iter().any(|mailbox| mailbox.depth(name).is_some()));
    let outside: Vec<Name> = outside.cloned().collect();
    let shares: u64 = actual.values().map(|mailbox| number(mailbox, "allocated_bytes")).sum();
    let owned = files_on_disk::allocated(&names) - files_on_disk::allocated(&outside);
    assert_eq!(shares, owned, "the mailboxes share all that is allocated for them");
    assert_whole_agrees(server, &scan.store, &names, &mail);
    scan
}

/// Checks every folder of the mailbox, that they add up to it, and that every file is counted.
fn assert_mailbox_agrees(truth: &ExpectedMailbox, actual: &Value, now: i64) -> Sums {
    let who = truth.mailbox.key();
    let folders = keyed(&actual["folders"], |folder| text(folder, "name").to_owned());
    assert_eq!(keys(&folders), keys(&truth.folders), "{who}: folders");
    // In Maildir, the arrival of new mail may come from the time in its name.
    let slack = if truth.mailbox.layout == "maildir" { 2 } else { 0 };
    let mut total = Sums::default();
    for (name, held) in &truth.folders {
        let (actual, place) = (&folders[name], format!("{who}, {name}"));
        assert_eq!(Sums::from_json(actual), held.sums, "{place}: left the scan, right Dovecot and the disk");
        assert_arrivals_agree(&place, actual, held.arrivals, now, slack);
        total += held.sums;
    }
    assert_eq!(Sums::from_json(actual), total, "{who}: the mailbox is the sum of its folders");
    let arrivals = truth.folders.values().filter_map(|folder| folder.arrivals);
    let span = arrivals.reduce(|one, other| (one.0.min(other.0), one.1.max(other.1)));
    assert_arrivals_agree(&who, actual, span, now, slack);
    if let Some(marked) = truth.marked {
        assert_eq!(number(actual, "reclaimable_bytes"), marked + truth.unpurged, "{who}: reclaimable_bytes");
    }
    assert_files_agree(truth, &who, actual);
    total
}

/// Checks that every file of the mailbox has the right class.
fn assert_files_agree(truth: &ExpectedMailbox, who: &str, actual: &Value) {
    let mail = truth.mail();
    assert_eq!(number(actual, "files"), truth.names.len() as u64, "{who}: files");
    let other = files_on_disk::size(&truth.names) - files_on_disk::size(&mail);
    assert_eq!(number(actual, "other_bytes"), other, "{who}: other_bytes");
    let class = |class: &str, field: &str| number(&actual["classes"][class], field);
    assert_eq!(class("message", "files") + class("reclaimable", "files"), mail.len() as u64, "{who}: files of mail");
    let indexes = truth.names.iter().filter(|name| INDEXES.iter().any(|start| name.base().starts_with(start)));
    assert_eq!(class("index", "files"), indexes.count() as u64, "{who}: index files");
    if truth.mailbox.layout == "mdbox" {
        assert_eq!(class("reclaimable", "bytes"), truth.unpurged, "{who}: the class of what a purge frees");
    }
    let allocated = number(actual, "allocated_bytes") + number(actual, "directory_bytes");
    assert_eq!(sum_of_classes(actual, "allocated_bytes"), allocated, "{who}: allocated bytes of all classes");
    assert_eq!(sum_of_classes(actual, "inodes"), number(actual, "inodes"), "{who}: inodes of all classes");
}

/// Checks that nothing under the root is left out or counted twice.
fn assert_whole_agrees(server: &Dovecot, store: &Value, names: &[Name], mail: &[Name]) {
    assert_eq!(number(store, "files"), names.len() as u64, "files, each name counted");
    assert_eq!(
        number(store, "allocated_bytes"),
        files_on_disk::allocated(names),
        "allocated_bytes, each file counted once"
    );
    assert_eq!(number(store, "other_bytes"), files_on_disk::size(names) - files_on_disk::size(mail), "other_bytes");
    assert_eq!(store["classes"]["other"]["files"], 0, "all that Dovecot writes has a use that is known");
    assert_eq!(sum_of_classes(store, "files"), names.len() as u64, "files of all classes");
    assert_eq!(sum_of_classes(store, "bytes"), files_on_disk::size_of_inodes(names), "bytes of all classes");
    let of_mail = |field: &str| -> u64 {
        ["message", "reclaimable"].iter().map(|class| number(&store["classes"][class], field)).sum()
    };
    assert_eq!(of_mail("bytes"), files_on_disk::size_of_inodes(mail), "bytes of files of mail, each file counted once");
    let root = server.store();
    assert_eq!(sum_of_classes(store, "allocated_bytes"), files_on_disk::usage(&root), "left all classes, right `du`");
    assert_eq!(sum_of_classes(store, "inodes"), files_on_disk::inodes(&root), "left all classes, right `find`");
}

/// Whether a file belongs to this mailbox, which has the deepest directory around it.
fn is_owner(mailbox: &Mailbox, name: &Name, mailboxes: &[Mailbox]) -> bool {
    let deepest = mailboxes.iter().filter_map(|mailbox| mailbox.depth(name)).max();
    deepest.is_some() && mailbox.depth(name) == deepest
}

/// Checks `oldest` and `newest` to the second, with some slack for mail that arrived in this test.
fn assert_arrivals_agree(place: &str, part: &Value, arrivals: Option<(i64, i64)>, now: i64, slack: u64) {
    for (field, arrival) in [("oldest", arrivals.map(|span| span.0)), ("newest", arrivals.map(|span| span.1))] {
        let actual = part[field].as_str().map(unix_seconds);
        let slack = if arrival.is_some_and(|arrival| now - arrival < 3_600) { slack } else { 0 };
        let agrees = match (actual, arrival) {
            (Some(actual), Some(arrival)) => actual.abs_diff(arrival) <= slack,
            (None, None) => part[field].is_null(),
            _ => false,
        };
        assert!(agrees, "{place}: {field} is {}, which is {actual:?}; Dovecot has {arrival:?}", part[field]);
    }
}

/// Runs a scan as a user does, with a history beside the server.
pub fn scan(server: &Dovecot, history: &str, options: &[&str]) -> Scan {
    let history = server.aside(history);
    let mut scan = Command::new(MAILRUNWAY);
    scan.arg("scan").arg(server.store()).args(["--format", "json", "--history"]).arg(&history).args(options);
    // A private home without settings.
    scan.env("HOME", server.aside("nobody")).env_remove("XDG_CONFIG_HOME").env("TZ", ZONE);
    let output = finish(scan, Vec::new(), PATIENCE);
    assert!(output.status.success(), "the scan failed: {}", String::from_utf8_lossy(&output.stderr));
    let answer: Value = serde_json::from_slice(&output.stdout).expect("`--format json` writes JSON");
    assert_eq!(answer["schema_version"], 1, "schema_version");
    assert_eq!(answer["complete"], true, "the whole store could be read");
    let kept = history.read_dir().expect("the scan makes the history").count();
    assert!(kept > 0, "a scan leaves a snapshot in the history");
    let stores = list(&answer, "stores");
    assert_eq!(stores.len(), 1, "one path is one store");
    Scan { store: stores[0].clone(), problems: list(&answer, "problems").to_vec() }
}

/// Seconds since 1970, as `date` parses the text. A time without zone would be off by hours.
fn unix_seconds(text: &str) -> i64 {
    let date = Command::new("date").env("TZ", "Nowhere+11").arg(format!("--date={text}")).arg("+%s").output();
    let seconds = String::from_utf8(date.expect("`date` comes with coreutils").stdout).unwrap_or_default();
    seconds.trim().parse().unwrap_or_else(|_| panic!("{text:?} is not a time"))
}

/// A list as a map; a duplicate key ends the test.
fn keyed(all: &Value, key: impl Fn(&Value) -> String) -> BTreeMap<String, Value> {
    let mut map = BTreeMap::new();
    for entry in all.as_array().unwrap_or_else(|| panic!("not a list: {all}")) {
        let twin = map.insert(key(entry), entry.clone());
        assert!(twin.is_none(), "listed twice: {}", key(entry));
    }
    map
}

fn keys<Entry>(map: &BTreeMap<String, Entry>) -> Vec<&str> {
    map.keys().map(String::as_str).collect()
}

/// A mailbox as `layout user@domain`, or `layout user` without a domain.
fn key(mailbox: &Value) -> String {
    let (layout, user) = (text(mailbox, "layout"), text(mailbox, "user"));
    mailbox["domain"].as_str().map_or(format!("{layout} {user}"), |domain| format!("{layout} {user}@{domain}"))
}

fn sum_of_classes(part: &Value, field: &str) -> u64 {
    let classes = part["classes"].as_object().unwrap_or_else(|| panic!("no classes in {part}"));
    classes.values().map(|class| number(class, field)).sum()
}

/// A text in JSON.
pub fn text<'a>(part: &'a Value, field: &str) -> &'a str {
    part[field].as_str().unwrap_or_else(|| panic!("{field} is not a text in {part}"))
}

/// A size or count in JSON.
pub fn number(part: &Value, field: &str) -> u64 {
    part[field].as_u64().unwrap_or_else(|| panic!("{field} is not a size in {part}"))
}

/// A list in JSON.
pub fn list<'a>(part: &'a Value, field: &str) -> &'a [Value] {
    part[field].as_array().unwrap_or_else(|| panic!("{field} is not a list in {part}"))
}
