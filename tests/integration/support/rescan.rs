//! Runs a cached scan and a full scan, and compares their results.

use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use serde_json::Value;

use mailrunway::history::History;
use mailrunway::model::snapshot::UseCohort;

use super::machine::Machine;

/// What a scan tells that is none of the store's: its time, and what other programs change as well.
const OF_THE_MOMENT: [&str; 2] = ["taken_at", "filesystems"];

/// A directory that changed within 2 s of a scan is not believed to stand still by the next one.
const SETTLED_AFTER: Duration = Duration::from_millis(2_100);

/// Waits until what was changed so far is older than any doubt.
pub fn settle() {
    thread::sleep(SETTLED_AFTER);
}

/// What a scan tells that may use what the last one remembered.
#[track_caller]
pub fn later(machine: &Machine, stores: &str) -> Value {
    told(machine, &format!("scan {stores} --format json"))
}

/// What a scan tells that asks for everything, and has a history of its own.
#[track_caller]
pub fn full(machine: &Machine, stores: &str) -> Value {
    told(machine, &format!("scan {stores} --full --history full --format json"))
}

/// What a scan tells of the stores. It ends well, and no drift is told where nothing lies.
#[track_caller]
pub fn told(machine: &Machine, words: &str) -> Value {
    let outcome = machine.run(words).succeeds();
    assert!(!tells_drift(&outcome.stderr()), "{words}: {}", outcome.stderr());
    of_the_stores(outcome.json())
}

/// What was told, without what is of the moment.
#[track_caller]
pub fn of_the_stores(mut told: Value) -> Value {
    let parts = told.as_object_mut().expect("a scan tells an object");
    for part in OF_THE_MOMENT {
        assert!(parts.remove(part).is_some(), "there is no {part}");
    }
    told
}

/// Whether words on standard error tell that what was remembered is not so.
pub fn tells_drift(words: &str) -> bool {
    words.lines().any(|line| line.contains("drift"))
}

/// The messages by the use of their folders, of each store, as the last snapshot of so many stores has them.
#[track_caller]
pub fn uses(machine: &Machine, history: &str, stores: usize) -> Vec<Vec<UseCohort>> {
    let history = History::open(&machine.path(history)).expect("there is a history");
    let entries = history.entries().expect("it can be listed").entries;
    let last = entries.iter().rev().find(|entry| entry.stores.len() == stores).expect("such a scan was kept");
    let snapshot = history.load(&last.name).expect("it is whole");
    snapshot.stores.into_iter().map(|store| store.uses).collect()
}

/// Demands that a later scan tells what a full one tells.
#[track_caller]
pub fn assert_alike(later: &Value, full: &Value, when: &str) {
    let found = differences(later, full);
    assert!(found.is_empty(), "{when}: left the later scan, right the full one\n{}", found.join("\n"));
}

/// Where two values differ, one line each.
pub fn differences(one: &Value, other: &Value) -> Vec<String> {
    let mut found = Vec::new();
    gather("", one, other, &mut found);
    found
}

fn gather(place: &str, one: &Value, other: &Value, found: &mut Vec<String>) {
    match (one, other) {
        (Value::Object(left), Value::Object(right)) => {
            let null = Value::Null;
            let added = right.keys().filter(|key| !left.contains_key(*key));
            for key in left.keys().chain(added) {
                let (left, right) = (left.get(key).unwrap_or(&null), right.get(key).unwrap_or(&null));
                gather(&format!("{place}.{key}"), left, right, found);
            }
        }
        (Value::Array(left), Value::Array(right)) if left.len() == right.len() => {
            for (at, (left, right)) in left.iter().zip(right).enumerate() {
                gather(&format!("{place}[{at}]"), left, right, found);
            }
        }
        (Value::Array(left), Value::Array(right)) => {
            let (only_left, only_right) = (without(left, right), without(right, left));
            found.push(format!("{place}: {} | {}\n    {only_left:?}\n    {only_right:?}", left.len(), right.len()));
        }
        _ if one == other => {}
        _ => found.push(format!("{place}: {one} | {other}")),
    }
}

/// What is in a list and not in the other, each told shortly.
fn without(list: &[Value], other: &[Value]) -> Vec<String> {
    let alone = list.iter().filter(|value| !other.contains(value));
    alone.map(|value| value.to_string().chars().take(160).collect()).collect()
}

/// The files in which a history keeps what its scans remembered of stores.
#[track_caller]
pub fn remembered(history: &Path) -> Vec<PathBuf> {
    let directory = history.join("cache");
    let entries = directory.read_dir().unwrap_or_else(|error| panic!("{}: {error}", directory.display()));
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("it can be listed").path()).collect();
    files.sort();
    files
}

/// The one such file of a history that knows one store.
#[track_caller]
pub fn remembered_file(history: &Path) -> PathBuf {
    let files = remembered(history);
    assert_eq!(files.len(), 1, "one store makes one file: {files:?}");
    files[0].clone()
}
