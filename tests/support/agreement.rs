//! Where a scan, Dovecot and the disk have to agree, number by number.

use std::collections::BTreeMap;
use std::ops::AddAssign;
use std::process::Command;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::Value;

use super::account;
use super::disk::{self, Name};
use super::dovecot::Dovecot;
use super::finish::finish;

/// The binary under test.
const MAILRUNWAY: &str = env!("CARGO_BIN_EXE_mailrunway");

/// The longest that a scan of some hundred messages may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// The sums that a folder, a mailbox and the store all have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Sums {
    messages: u64,
    message_bytes: u64,
    logical_bytes: u64,
    virtual_bytes: u64,
}

impl Sums {
    /// As the scan tells them.
    fn told(part: &Value) -> Sums {
        Sums {
            messages: number(part, "messages"),
            message_bytes: number(part, "message_bytes"),
            logical_bytes: number(part, "logical_bytes"),
            virtual_bytes: number(part, "virtual_bytes"),
        }
    }

    /// As Dovecot and the disk have them.
    fn held(folder: &account::Folder, names: &[Name]) -> Sums {
        let files = disk::messages(names, &folder.path);
        assert_eq!(files.len() as u64, folder.messages, "Dovecot's count of {}", folder.path.display());
        Sums {
            messages: folder.messages,
            message_bytes: disk::size(&files),
            logical_bytes: folder.physical,
            virtual_bytes: folder.virtual_size,
        }
    }
}

impl AddAssign for Sums {
    fn add_assign(&mut self, more: Sums) {
        self.messages += more.messages;
        self.message_bytes += more.message_bytes;
        self.logical_bytes += more.logical_bytes;
        self.virtual_bytes += more.virtual_bytes;
    }
}

/// Scans the store, holds every number against Dovecot and `find`, and returns what was told of the store.
pub fn assert_scan_agrees(server: &Dovecot, users: &[&str]) -> Value {
    let truth: BTreeMap<&str, _> = users.iter().map(|&user| (user, server.account(user).folders())).collect();
    let names = disk::names(&server.store());
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("it is past 1970").as_secs().cast_signed();
    let standing = disk::standing(&server.store());
    let store = scan(server);
    disk::assert_untouched(&server.store(), &standing);

    let mailboxes = keyed(&store["mailbox"], address);
    assert_eq!(keys(&mailboxes), keys(&truth), "mailboxes");
    let mut total = Sums::default();
    for (user, folders) in &truth {
        let mailbox = &mailboxes[*user];
        total += assert_mailbox_agrees(user, mailbox, folders, &names, now);
        let home = server.store().join(user.rsplit('@').collect::<Vec<_>>().join("/"));
        let mine: Vec<Name> = names.iter().filter(|name| name.path.starts_with(&home)).cloned().collect();
        assert_eq!(
            number(mailbox, "other_bytes"),
            disk::size(&mine) - Sums::told(mailbox).message_bytes,
            "{user}: other_bytes"
        );
    }
    assert_eq!(Sums::told(&store), total, "the store is the sum of its mailboxes");
    assert_eq!(number(&store, "mailboxes"), users.len() as u64, "mailboxes");
    assert_eq!(number(&store, "files"), names.len() as u64, "files, each name counted");
    assert_eq!(number(&store, "allocated_bytes"), disk::allocated(&names), "allocated_bytes, each file counted once");
    assert_eq!(number(&store, "other_bytes"), disk::size(&names) - total.message_bytes, "other_bytes");
    let shares: u64 = mailboxes.values().map(|mailbox| number(mailbox, "allocated_bytes")).sum();
    assert_eq!(shares, disk::allocated(&names), "the mailboxes share all that is allocated");
    store
}

/// Checks every folder of one mailbox, and that they sum up to the mailbox.
fn assert_mailbox_agrees(
    user: &str,
    mailbox: &Value,
    truth: &BTreeMap<String, account::Folder>,
    names: &[Name],
    now: i64,
) -> Sums {
    assert_eq!(mailbox["layout"], "maildir", "{user}: layout");
    let told = keyed(&mailbox["folders"], |folder| text(folder, "name").to_owned());
    assert_eq!(keys(&told), keys(truth), "{user}: folders");
    let mut total = Sums::default();
    for (name, folder) in truth {
        let sums = Sums::held(folder, names);
        assert_eq!(Sums::told(&told[name]), sums, "{user}, {name}: left the scan, right Dovecot and the disk");
        assert_arrivals_agree(&format!("{user}, {name}"), &told[name], folder.arrivals, now);
        total += sums;
    }
    assert_eq!(Sums::told(mailbox), total, "{user}: the mailbox is the sum of its folders");
    let arrivals = truth.values().filter_map(|folder| folder.arrivals);
    let span = arrivals.reduce(|one, other| (one.0.min(other.0), one.1.max(other.1)));
    assert_arrivals_agree(user, mailbox, span, now);
    total
}

/// Checks `oldest` and `newest`: to the second, but mail that arrived in this test may go by the time in its name.
fn assert_arrivals_agree(place: &str, part: &Value, arrivals: Option<(i64, i64)>, now: i64) {
    for (field, arrival) in [("oldest", arrivals.map(|span| span.0)), ("newest", arrivals.map(|span| span.1))] {
        let told = part[field].as_str().map(unix_seconds);
        let slack = if arrival.is_some_and(|arrival| now - arrival < 3_600) { 2 } else { 0 };
        let agrees = match (told, arrival) {
            (Some(told), Some(arrival)) => told.abs_diff(arrival) <= slack,
            (None, None) => part[field].is_null(),
            _ => false,
        };
        assert!(agrees, "{place}: {field} is {}, which is {told:?}; Dovecot has {arrival:?}", part[field]);
    }
}

/// Runs the scan as a user does and returns the one store that it tells of.
fn scan(server: &Dovecot) -> Value {
    let history = server.aside("history");
    let mut scan = Command::new(MAILRUNWAY);
    scan.arg("scan").arg(server.store()).args(["--format", "json", "--history"]).arg(&history);
    // No settings of this machine's user: a private home has none.
    scan.env("HOME", server.aside("nobody")).env_remove("XDG_CONFIG_HOME");
    let output = finish(scan, Vec::new(), PATIENCE);
    assert!(output.status.success(), "the scan failed: {}", String::from_utf8_lossy(&output.stderr));
    let answer: Value = serde_json::from_slice(&output.stdout).expect("`--format json` writes JSON");
    assert_eq!(answer["schema_version"], 1, "schema_version");
    assert_eq!(answer["complete"], true, "a scan without problems is complete");
    assert_eq!(answer["problems"], serde_json::json!([]), "problems");
    let kept = history.read_dir().expect("the scan makes the history").count();
    assert!(kept > 0, "a scan leaves a snapshot in the history");
    let stores = answer["stores"].as_array().expect("stores is a list");
    assert_eq!(stores.len(), 1, "one path is one store");
    stores[0].clone()
}

/// Seconds since 1970, as `date` reads the text. A time without its zone would be hours off, and so be noticed.
fn unix_seconds(text: &str) -> i64 {
    let date = Command::new("date").env("TZ", "Nowhere+11").arg(format!("--date={text}")).arg("+%s").output();
    let seconds = String::from_utf8(date.expect("`date` comes with coreutils").stdout).unwrap_or_default();
    seconds.trim().parse().unwrap_or_else(|_| panic!("{text:?} is no time"))
}

/// A list as a map; a key that comes twice ends the test.
fn keyed(list: &Value, key: impl Fn(&Value) -> String) -> BTreeMap<String, Value> {
    let mut map = BTreeMap::new();
    for entry in list.as_array().unwrap_or_else(|| panic!("not a list: {list}")) {
        let twin = map.insert(key(entry), entry.clone());
        assert!(twin.is_none(), "told twice: {}", key(entry));
    }
    map
}

fn keys<Key: AsRef<str>, Entry>(map: &BTreeMap<Key, Entry>) -> Vec<&str> {
    map.keys().map(AsRef::as_ref).collect()
}

fn address(mailbox: &Value) -> String {
    format!("{}@{}", text(mailbox, "user"), text(mailbox, "domain"))
}

fn text<'a>(part: &'a Value, field: &str) -> &'a str {
    part[field].as_str().unwrap_or_else(|| panic!("{field} is no text in {part}"))
}

fn number(part: &Value, field: &str) -> u64 {
    part[field].as_u64().unwrap_or_else(|| panic!("{field} is no size in {part}"))
}
