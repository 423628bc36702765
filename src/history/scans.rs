//! Which scans the growth is measured between, and each of them read once.

use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;
use std::sync::Arc;

use super::series::Limits;
use super::{Entry, StoreEntry, scan};
use crate::dates::SECONDS_PER_DAY;
use crate::error::Error;
use crate::growth::change::Of;
use crate::growth::holders::StoreChange;
use crate::growth::scan::{Scan, volume_of};

/// A week that is measured between two scans may be shorter by so many days: they do not start on the second.
pub const WEEK_DAYS: f64 = 6.5;

/// Chosen scans of a history.
pub struct Scans<'a> {
    snapshots: PathBuf,
    entries: &'a [Entry],
    /// By the name of the snapshot; `None` if it could not be read.
    read: HashMap<&'a str, Option<Arc<Scan>>>,
    unread: Vec<Error>,
}

/// Two scans of a machine, between which a volume or store is looked at.
#[derive(Clone, Debug)]
pub struct Pair {
    /// The name of the series: as in [`super::series::HistorySeries`].
    pub series: String,
    /// What is looked at.
    pub of: Of,
    /// The later scan.
    pub now: Arc<Scan>,
    /// The earlier scan; `None` if there is none that is old enough.
    pub before: Option<Arc<Scan>>,
}

impl<'a> Scans<'a> {
    pub(super) fn new(snapshots: PathBuf, entries: &'a [Entry]) -> Self {
        Scans { snapshots, entries, read: HashMap::new(), unread: Vec::new() }
    }

    /// What could not be read so far, which is left out.
    pub fn unread(&mut self) -> Vec<Error> {
        std::mem::take(&mut self.unread)
    }

    fn scan(&mut self, entry: &'a Entry) -> Option<Arc<Scan>> {
        if let Some(held) = self.read.get(entry.name.as_str()) {
            return held.clone();
        }
        let read = scan::read(&self.snapshots, entry).map_err(|error| self.unread.push(error)).ok().map(Arc::new);
        self.read.insert(&entry.name, read.clone());
        read
    }

    /// For every volume, and every store that has a limit, its last scan and the last one before that by a week; by
    /// name, volumes first. Scans that saw everything are chosen, as what another missed looks like growth; where no two
    /// did, any. The earlier one has the stores that the later one has, if there is such a one.
    pub fn pairs(&mut self, limits: &Limits) -> Vec<Pair> {
        let entries = self.entries;
        let hosts: BTreeSet<&str> = entries.iter().map(|entry| entry.host.as_str()).collect();
        let mut all: BTreeSet<(Of, &str)> = BTreeSet::new();
        for entry in entries {
            all.extend(entry.filesystems.iter().map(|volume| (Of::Volume(volume.mount.clone()), &*entry.host)));
            let limited = entry.stores.iter().filter(|store| limits.contains_key(&store.name));
            all.extend(limited.map(|store| (Of::Store(store.name.clone()), &*entry.host)));
        }
        let mut pairs = Vec::new();
        for (of, host) in all {
            let Some((now, before)) = chosen(entries, host, &of) else { continue };
            let name = match &of {
                Of::Volume(name) | Of::Store(name) => name,
            };
            let series = if hosts.len() > 1 { format!("{host}:{name}") } else { name.clone() };
            let Some(now) = self.scan(now) else { continue };
            pairs.push(Pair { series, of, now, before: before.and_then(|before| self.scan(before)) });
        }
        pairs
    }

    /// Each store of each machine as it was last scanned, and as the last scan found it that saw everything, so many days
    /// before at least; by machine and name.
    pub fn stores(&mut self, days: f64) -> Vec<StoreChange> {
        let entries = self.entries;
        let stores = |entry: &'a Entry| entry.stores.iter().map(|store| (entry.host.as_str(), store.name.as_str()));
        let all: BTreeSet<(&str, &str)> = entries.iter().flat_map(stores).collect();
        let mut changes = Vec::new();
        for (host, name) in all {
            let told = |entry: &&&Entry| entry.host == host && entry.stores.iter().any(|store| store.name == name);
            let Some(newest) = entries.iter().rev().find(|entry| told(&entry)) else { continue };
            let earlier = entries.iter().rev().filter(|entry| told(&entry) && entry.complete);
            let earlier = earlier.into_iter().find(|entry| days_between(entry, newest) >= days);
            let Some(now) = self.scan(newest) else { continue };
            let Some(store) = now.store(name) else { continue };
            let before = earlier.and_then(|earlier| self.scan(earlier));
            changes.push(StoreChange {
                host: host.to_owned(),
                now: store.clone(),
                to: now.day(),
                before: before.and_then(|before| Some((before.day(), before.store(name)?.clone()))),
            });
        }
        changes
    }
}

fn days_between(earlier: &Entry, later: &Entry) -> f64 {
    later.taken_at.duration_since(earlier.taken_at).as_secs_f64() / SECONDS_PER_DAY
}

/// The later and the earlier scan for what is looked at.
fn chosen<'a>(entries: &'a [Entry], host: &str, of: &Of) -> Option<(&'a Entry, Option<&'a Entry>)> {
    let told: Vec<&Entry> = entries.iter().filter(|entry| entry.host == host && is_told(entry, of)).collect();
    let whole: Vec<&Entry> = told.iter().copied().filter(|entry| entry.complete).collect();
    pair(&whole, of).or_else(|| pair(&told, of)).map(|(now, before)| (now, Some(before))).or_else(|| {
        let newest = whole.last().or(told.last())?;
        Some((newest, None))
    })
}

fn pair<'a>(entries: &[&'a Entry], of: &Of) -> Option<(&'a Entry, &'a Entry)> {
    let now = *entries.last()?;
    let earlier = || entries.iter().rev().copied().filter(|entry| days_between(entry, now) >= WEEK_DAYS);
    let has_all = |entry: &&Entry| {
        let held = names(entry, of);
        names(now, of).iter().all(|name| held.contains(name))
    };
    earlier().find(has_all).or_else(|| earlier().next()).map(|before| (now, before))
}

fn is_told(entry: &Entry, of: &Of) -> bool {
    match of {
        Of::Volume(mount) => entry.filesystems.iter().any(|volume| volume.mount == *mount),
        Of::Store(name) => entry.stores.iter().any(|store| store.name == *name),
    }
}

/// The stores of a snapshot that are looked at, and whether their sizes are estimates.
fn names<'a>(entry: &'a Entry, of: &Of) -> BTreeSet<(&'a str, bool)> {
    let is_one = |store: &&StoreEntry| match of {
        Of::Volume(mount) => volume_of(&entry.filesystems, &store.root) == Some(mount),
        Of::Store(name) => store.name == *name,
    };
    entry.stores.iter().filter(is_one).map(|store| (store.name.as_str(), store.is_estimated)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::Bytes;
    use crate::history::History;
    use crate::snapshot::{Filesystem, Snapshot, Store};
    use jiff::Timestamp;

    /// A history of scans: the day, whether all could be read, and the stores.
    fn history(scans: &[(i64, bool, &[&str])]) -> (tempfile::TempDir, History) {
        let dir = tempfile::tempdir().unwrap();
        let history = History::open_or_create(&dir.path().join("history")).unwrap();
        for &(day, complete, stores) in scans {
            let volume = Filesystem {
                mount: "/srv".into(),
                kind: "ext4".into(),
                size_bytes: 9,
                used_bytes: 5,
                available_bytes: 4,
                inodes: 0,
                inodes_used: 0,
                inodes_available: 0,
            };
            let store = |name: &&str| Store { name: (*name).into(), root: format!("/srv/{name}"), ..Store::default() };
            let snapshot = Snapshot {
                taken_at: Timestamp::from_second(day * 86_400).unwrap(),
                host: "mail01".into(),
                complete,
                filesystems: vec![volume],
                stores: stores.iter().map(store).collect(),
                problems: Vec::new(),
            };
            history.append(&snapshot).unwrap();
        }
        (dir, history)
    }

    fn days(of: &[(i64, bool, &[&str])]) -> Vec<(String, i64, Option<i64>)> {
        let (_dir, history) = history(of);
        let entries = history.entries().unwrap().entries;
        let limits = Limits::from([("b".to_owned(), Bytes(9))]);
        let day = |scan: &Arc<Scan>| scan.taken_at.as_second() / 86_400;
        let pairs = history.scans(&entries).pairs(&limits);
        pairs.iter().map(|pair| (pair.series.clone(), day(&pair.now), pair.before.as_ref().map(day))).collect()
    }

    #[test]
    fn a_pair_is_a_week_apart_and_saw_everything() {
        let of = |name: &str, now, before| (name.to_owned(), now, before);
        let scans: [(i64, bool, &[&str]); 5] =
            [(1, true, &["a"]), (8, false, &["a"]), (10, true, &["a"]), (15, true, &["a"]), (16, false, &["a"])];
        assert_eq!(days(&scans), [of("/srv", 15, Some(1))]);
        assert_eq!(days(&scans[3..]), [of("/srv", 15, None)]);
        assert_eq!(days(&scans[1..2]), [of("/srv", 8, None)]);
        let never_whole: [(i64, bool, &[&str]); 3] = [(1, false, &["a"]), (9, true, &["a"]), (11, false, &["a"])];
        assert_eq!(days(&never_whole), [of("/srv", 11, Some(1))]);
    }

    #[test]
    fn the_earlier_scan_has_the_same_stores_if_any_has() {
        let of = |name: &str, now, before| (name.to_owned(), now, before);
        let scans: [(i64, bool, &[&str]); 3] = [(1, true, &["a", "b"]), (8, true, &["a"]), (15, true, &["a", "b"])];
        assert_eq!(days(&scans), [of("/srv", 15, Some(1)), of("b", 15, Some(1))]);
        assert_eq!(days(&scans[1..]), [of("/srv", 15, Some(8)), of("b", 15, None)]);
    }

    #[test]
    fn a_scan_that_cannot_be_read_is_told_once() {
        let (dir, history) = history(&[(1, true, &["a"]), (8, true, &["a"])]);
        let entries = history.entries().unwrap().entries;
        let broken = dir.path().join("history/snapshots").join(&entries[0].name).join("folder.parquet");
        std::fs::write(&broken, "no Parquet").unwrap();
        let mut scans = history.scans(&entries);
        let stores = scans.stores(WEEK_DAYS);
        assert!(stores.len() == 1 && stores[0].before.is_none());
        assert!(scans.pairs(&Limits::new())[0].before.is_none());
        let unread = scans.unread();
        assert_eq!(unread.len(), 1, "{unread:?}");
        assert!(unread[0].advice().is_some_and(|advice| advice.contains("other snapshots")), "{unread:?}");
    }
}
