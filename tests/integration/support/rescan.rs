//! Runs a cached scan and a full scan, and compares their results.

use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use serde_json::Value;

use mailrunway::history::History;
use mailrunway::model::snapshot::{Cohort, UseCohort};

use super::machine::Machine;

/// Fields that do not depend on the store alone: the time, and figures that other programs change too.
const VOLATILE: [&str; 2] = ["taken_at", "filesystems"];

/// A directory that changed within 2 s of a scan is not served from the cache.
const SETTLED_AFTER: Duration = Duration::from_millis(2_100);

/// Waits until all changes so far are old enough for the cache.
pub fn settle() {
    thread::sleep(SETTLED_AFTER);
}

/// The result of a scan that uses the cache.
#[track_caller]
pub fn later(machine: &Machine, stores: &str) -> Value {
    scan_stores(machine, &format!("scan {stores} --format json"))
}

/// The result of a full scan with a separate history.
#[track_caller]
pub fn full(machine: &Machine, stores: &str) -> Value {
    scan_stores(machine, &format!("scan {stores} --full --history full --format json"))
}

/// The result of a successful scan without drift.
#[track_caller]
pub fn scan_stores(machine: &Machine, words: &str) -> Value {
    let outcome = machine.run(words).succeeds();
    assert!(!reports_drift(&outcome.stderr()), "{words}: {}", outcome.stderr());
    without_volatile(outcome.json())
}

/// The result without volatile fields.
#[track_caller]
pub fn without_volatile(mut scan: Value) -> Value {
    let parts = scan.as_object_mut().expect("a scan prints an object");
    for part in VOLATILE {
        assert!(parts.remove(part).is_some(), "there is no {part}");
    }
    scan
}

/// Whether standard error reports drift of the cache.
pub fn reports_drift(words: &str) -> bool {
    words.lines().any(|line| line.contains("drift"))
}

/// The cohorts of a store, and those by use.
pub type StoreCohorts = (Vec<Cohort>, Vec<UseCohort>);

/// The cohorts of each store in the last snapshot with this number of stores.
#[track_caller]
pub fn cohorts(machine: &Machine, history: &str, stores: usize) -> Vec<StoreCohorts> {
    let history = History::open(&machine.path(history)).expect("there is a history");
    let entries = history.entries().expect("it can be listed").entries;
    let last = entries.iter().rev().find(|entry| entry.stores.len() == stores).expect("there is such a scan");
    let snapshot = history.load(&last.name).expect("it is complete");
    snapshot.stores.into_iter().map(|store| (store.cohorts, store.uses)).collect()
}

/// Checks that a cached scan equals a full one.
#[track_caller]
pub fn assert_alike(later: &Value, full: &Value, when: &str) {
    let found = differences(later, full);
    assert!(found.is_empty(), "{when}: left the later scan, right the full one\n{}", found.join("\n"));
}

/// The differences of two values, one line each.
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

/// The elements of a list that are not in the other, shortened.
fn without(list: &[Value], other: &[Value]) -> Vec<String> {
    let alone = list.iter().filter(|value| !other.contains(value));
    alone.map(|value| value.to_string().chars().take(160).collect()).collect()
}

/// The cache files of a history.
#[track_caller]
pub fn cache_files(history: &Path) -> Vec<PathBuf> {
    let directory = history.join("cache");
    let entries = directory.read_dir().unwrap_or_else(|error| panic!("{}: {error}", directory.display()));
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("it can be listed").path()).collect();
    files.sort();
    files
}

/// The cache file of a history with one store.
#[track_caller]
pub fn cache_file(history: &Path) -> PathBuf {
    let files = cache_files(history);
    assert_eq!(files.len(), 1, "one store makes one file: {files:?}");
    files[0].clone()
}
