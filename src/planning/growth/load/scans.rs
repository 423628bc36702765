//! The scans between which growth is measured, each read once.

use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;

use super::{scan, scan_pairs};
use crate::history::series::{Limits, name_of};
use crate::history::{History, SnapshotEntry, WEEK_DAYS};
use crate::model::{error::Error, snapshot::volume_of};
use crate::planning::{growth::change::ChangeScope, growth::mailboxes::StoreChange, growth::summary::ScanSummary};

/// Chosen scans of a history.
pub struct Scans<'a> {
    snapshots: PathBuf,
    entries: &'a [SnapshotEntry],
    /// By the name of the snapshot; `None` if it could not be read.
    read: HashMap<&'a str, Option<Arc<ScanSummary>>>,
    unread: Vec<Error>,
}

/// Two scans of a host to compare for a volume or store.
#[derive(Clone, Debug)]
pub struct Pair {
    /// The name of the series: as in [`crate::history::series::HistorySeries`].
    pub series: String,
    /// The host.
    pub host: String,
    /// The volume or store.
    pub of: ChangeScope,
    /// The start of the later scan.
    pub at: Timestamp,
    /// The start of the earlier scan, which is an observation of the series; `None` if none is old enough.
    pub since: Option<Timestamp>,
    /// The later scan; `None` if it is unreadable.
    pub now: Option<Arc<ScanSummary>>,
    /// The earlier scan; `None` if there is none, or it is unreadable.
    pub before: Option<Arc<ScanSummary>>,
}

impl<'a> Scans<'a> {
    /// `entries` are those of the history.
    pub fn new(history: &History, entries: &'a [SnapshotEntry]) -> Self {
        Scans { snapshots: history.snapshots(), entries, read: HashMap::new(), unread: Vec::new() }
    }

    /// The read errors so far, which are removed. Unreadable scans are left out.
    pub fn unread(&mut self) -> Vec<Error> {
        std::mem::take(&mut self.unread)
    }

    fn scan(&mut self, entry: &'a SnapshotEntry) -> Option<Arc<ScanSummary>> {
        if let Some(scan) = self.read.get(entry.name.as_str()) {
            return scan.clone();
        }
        let read = scan::read(&self.snapshots, entry).map_err(|error| self.unread.push(error)).ok().map(Arc::new);
        self.read.insert(&entry.name, read.clone());
        read
    }

    /// For every volume, and every store with a limit: its last scan and the last one at least a week before it. By name,
    /// volumes first.
    pub fn pairs(&mut self, limits: &Limits) -> Vec<Pair> {
        let entries = self.entries;
        let hosts: BTreeSet<&str> = entries.iter().map(|entry| entry.host.as_str()).collect();
        let mut all: BTreeSet<(ChangeScope, &str)> = BTreeSet::new();
        for entry in entries {
            let volumes = entry.filesystems.iter().map(|volume| ChangeScope::Volume(volume.mount.clone()));
            let limited = entry.stores.iter().filter(|store| limits.contains_key(&store.name));
            let stores = limited.map(|store| ChangeScope::Store(store.name.clone()));
            all.extend(volumes.chain(stores).map(|of| (of, &*entry.host)));
        }
        let mut pairs = Vec::new();
        for (of, host) in all {
            let Some((now, before)) = scan_pairs::chosen(entries, host, &of, WEEK_DAYS) else { continue };
            pairs.push(Pair {
                series: name_of(&hosts, host, of.name()),
                host: host.to_owned(),
                of,
                at: now.taken_at,
                since: before.map(|before| before.taken_at),
                now: self.scan(now),
                before: before.and_then(|before| self.scan(before)),
            });
        }
        pairs
    }

    /// Each store at its last scan and at an earlier one at least `days` before; by host and name. If its sizes were ever
    /// measured, estimates are left out.
    pub fn stores(&mut self, days: f64) -> Vec<StoreChange> {
        let entries = self.entries;
        let stores =
            |entry: &'a SnapshotEntry| entry.stores.iter().map(|store| (entry.host.as_str(), store.name.as_str()));
        let all: BTreeSet<(&str, &str)> = entries.iter().flat_map(stores).collect();
        let mut changes = Vec::new();
        for (host, name) in all {
            let Some((now, before)) = scan_pairs::chosen_of_store(entries, host, name, days) else { continue };
            let Some(now) = self.scan(now) else { continue };
            let Some(store) = now.store(name) else { continue };
            let before = before.and_then(|before| self.scan(before));
            changes.push(StoreChange {
                host: host.to_owned(),
                volume: volume_of(&now.filesystems, &store.root).map(str::to_owned),
                now: store.clone(),
                to: now.day(),
                before: before.and_then(|before| Some((before.day(), before.store(name)?.clone()))),
            });
        }
        changes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::History;
    use crate::model::bytes::Bytes;
    use crate::model::snapshot::{Filesystem, Snapshot, Store};
    use jiff::Timestamp;

    /// A history of scans: the day, whether it is complete, and the stores.
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
                ..Filesystem::default()
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

    #[test]
    fn each_volume_and_store_with_a_limit_has_a_pair() {
        let (_dir, history) = history(&[(1, true, &["a", "b"]), (8, true, &["a"]), (15, true, &["a", "b"])]);
        let entries = history.entries().unwrap().entries;
        let limits = Limits::from([("b".to_owned(), Bytes(9))]);
        let pairs = Scans::new(&history, &entries).pairs(&limits);
        let day = |time: Timestamp| time.as_second() / 86_400;
        let actual: Vec<_> = pairs.iter().map(|pair| (&*pair.series, day(pair.at), pair.since.map(day))).collect();
        assert_eq!(actual, [("/srv", 15, Some(1)), ("b", 15, Some(1))]);
        let read = |pair: &Pair| {
            pair.now.as_ref().map(|scan| scan.taken_at) == Some(pair.at)
                && pair.before.as_ref().map(|scan| scan.taken_at) == pair.since
        };
        assert!(pairs.iter().all(read));
    }

    #[test]
    fn an_unreadable_scan_is_reported_once() {
        let (dir, history) = history(&[(1, true, &["a"]), (8, true, &["a"])]);
        let entries = history.entries().unwrap().entries;
        let broken = dir.path().join("history/snapshots").join(&entries[0].name).join("folder.parquet");
        std::fs::write(&broken, "no Parquet").unwrap();
        let mut scans = Scans::new(&history, &entries);
        let stores = scans.stores(WEEK_DAYS);
        assert!(stores.len() == 1 && stores[0].before.is_none());
        let pair = &scans.pairs(&Limits::new())[0];
        assert!(pair.before.is_none() && pair.since == Some(entries[0].taken_at), "its entry can be read");
        let unread = scans.unread();
        assert_eq!(unread.len(), 1, "{unread:?}");
        assert!(unread[0].advice().is_some_and(|advice| advice.contains("goes on without it")), "{unread:?}");
    }
}
