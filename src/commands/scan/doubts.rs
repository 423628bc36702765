//! Doubts about a scan: whether it measured the store of last time, and whether its date can be right.

use jiff::{Timestamp, ToSpan};

use crate::commands::output;
use crate::history::{SnapshotEntry, StoreEntry};
use crate::model::dates::{day, utc_day};
use crate::model::error::{Error, Result};
use crate::model::escape;
use crate::model::numbers::{count, counted};
use crate::model::snapshot::{Filesystem, Snapshot, Store, volume_of};

/// A store that holds less than one in this many messages of last time is doubted,
const FEWER: u64 = 10;
/// if it held so many.
const ENOUGH: u64 = 100;
/// Hours by which clocks and time zones may differ.
const CLOCKS_DIFFER: i64 = 24;
/// A year in hours: so far a scan may be dated ahead, or back before the last. Answers leave it out until its day.
const YEAR: i64 = 366 * 24;

/// Warns that a store may not be that of last time, such as after a volume was not mounted; with `strict`, fails.
///
/// # Errors
/// With `strict`, at the first doubt.
pub(super) fn check_stores(snapshot: &Snapshot, before: &[SnapshotEntry], strict: bool) -> Result<()> {
    for store in &snapshot.stores {
        let Some((entry, last)) = last_of(&snapshot.host, store, before) else { continue };
        let doubts = [moved(snapshot, store, entry, last), shrunk(store, last)];
        for text in doubts.into_iter().flatten() {
            let hint = "is its volume mounted? With --strict nothing is saved then; `--name` names another store";
            match strict {
                true => return Err(Error::new(format!("{text}: nothing was saved")).hint(hint)),
                false => output::warn(&text, hint),
            }
        }
    }
    Ok(())
}

/// The last scan of a store: of this host, or at this path, since a container has another name each time.
fn last_of<'a>(host: &str, store: &Store, before: &'a [SnapshotEntry]) -> Option<(&'a SnapshotEntry, &'a StoreEntry)> {
    let all = before.iter().rev().flat_map(|entry| entry.stores.iter().map(move |store| (entry, store)));
    let same_name = all.filter(|(_, last)| last.name == store.name);
    let of_host = same_name.clone().find(|(entry, _)| entry.host == host);
    of_host.or_else(|| same_name.clone().find(|(_, last)| last.root == store.root))
}

/// The store lies on another volume, which is mounted elsewhere: a disk that is replaced keeps its mount point.
fn moved(snapshot: &Snapshot, store: &Store, entry: &SnapshotEntry, last: &StoreEntry) -> Option<String> {
    let (now, then) = (volume(&snapshot.filesystems, &store.root)?, volume(&entry.filesystems, &last.root)?);
    let is_same =
        now.mount == then.mount || then.also_at.contains(&now.mount) || !now.id.is_empty() && now.id == then.id;
    let [name, here, there] = [&store.name, &now.mount, &then.mount].map(|text| escape::printable(text));
    (!is_same).then(|| format!("store `{name}` lies on the volume {here}, and lay on {there} in the last scan"))
}

/// The volume of a directory.
fn volume<'a>(volumes: &'a [Filesystem], root: &str) -> Option<&'a Filesystem> {
    let name = volume_of(volumes, root)?;
    volumes.iter().find(|volume| volume.mount == name)
}

fn shrunk(store: &Store, last: &StoreEntry) -> Option<String> {
    let (now, then) = (store.tally.messages, last.tally.messages);
    let is_doubted = then >= ENOUGH && now < then / FEWER;
    let (name, then) = (escape::printable(&store.name), count(then as f64));
    is_doubted.then(|| format!("store `{name}` holds {}, and held {then} in the last scan", counted(now, "message")))
}

/// Refuses a date that cannot be right.
///
/// # Errors
/// If it lies far in the future, or long before the last scan.
pub(super) fn check_date(taken_at: Timestamp, now: Timestamp, before: &[SnapshotEntry]) -> Result<()> {
    let shifted = |time: Timestamp, hours: i64| time.checked_add(hours.hours()).unwrap_or(time);
    let hint = "check the clock; --force takes this date";
    let date = day(utc_day(taken_at));
    if taken_at > shifted(now, YEAR) {
        return Err(Error::usage(format!("a scan of {date} would be years in the future")).hint(hint));
    }
    // A later one has a date that cannot be right itself.
    match before.iter().rfind(|entry| entry.taken_at <= shifted(now, CLOCKS_DIFFER)) {
        Some(last) if taken_at < shifted(last.taken_at, -YEAR) => {
            let last = day(utc_day(last.taken_at));
            Err(Error::usage(format!("a scan of {date} would be long before the last, of {last}")).hint(hint))
        }
        _ => Ok(()),
    }
}
