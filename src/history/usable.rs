//! Which scans count for a store: what a scan could not read must not look like a purge.

use std::collections::BTreeMap;
use std::path::Path;

use super::{History, SnapshotEntry, StoreEntry, days_between, query};
use crate::model::error::Result;
use crate::model::snapshot::{UnreadPlaces, address};

/// After this many days without a whole scan, partial ones count: a comparison over a week must not become one over a year.
pub(crate) const MOST_PASSED_OVER_DAYS: f64 = 28.0;

impl SnapshotEntry {
    /// What could not be read of one of its stores.
    pub(crate) fn unread_in(&self, store: &StoreEntry) -> UnreadPlaces<'_> {
        UnreadPlaces::in_store(&store.root, self.unread.iter().map(String::as_str))
    }

    /// Whether all of a store was read. A partial snapshot that does not say what it missed may have missed anything.
    pub(crate) fn is_whole(&self, store: &StoreEntry) -> bool {
        self.complete || (!self.unread.is_empty() && self.unread_in(store).is_empty())
    }
}

impl History {
    /// The addresses of a store's mailboxes that a scan could not read whole.
    ///
    /// # Errors
    /// If the snapshot is damaged.
    pub(crate) fn partial_mailboxes(&self, entry: &SnapshotEntry, store: &StoreEntry) -> Result<Vec<String>> {
        let directory = self.snapshots().join(&entry.name);
        query::columns(&directory, "mailbox", &["store", "domain", "user", "path"], |table| {
            let (of, paths) = (table.text("store")?, table.text("path")?);
            let (domains, users) = (table.text("domain")?, table.text("user")?);
            let rows = || (0..table.rows()).filter(|&row| of(row) == Some(store.name.as_str()));
            let partial = entry.unread_in(store).partial(rows().filter_map(&paths));
            let is_partial = |row: &usize| paths(*row).is_some_and(|path| partial.contains(Path::new(path)));
            Ok(rows().filter(is_partial).map(|row| address(domains(row), users(row).unwrap_or_default())).collect())
        })
    }
}

/// The last scan of each store, and the last that read all of it.
#[derive(Debug)]
pub(crate) struct UsableScans<'a> {
    last: BTreeMap<(&'a str, &'a str), LastScans<'a>>,
}

#[derive(Clone, Copy, Debug)]
struct LastScans<'a> {
    last: &'a SnapshotEntry,
    whole: Option<&'a SnapshotEntry>,
}

impl<'a> UsableScans<'a> {
    /// Of entries in order of time.
    pub(crate) fn of(entries: impl IntoIterator<Item = &'a SnapshotEntry>) -> UsableScans<'a> {
        let mut last: BTreeMap<(&str, &str), LastScans> = BTreeMap::new();
        for entry in entries {
            for store in entry.stores.iter().filter(|store| !store.is_estimated) {
                let key = (entry.host.as_str(), store.name.as_str());
                let scans = last.entry(key).or_insert(LastScans { last: entry, whole: None });
                scans.last = entry;
                if entry.is_whole(store) {
                    scans.whole = Some(entry);
                }
            }
        }
        UsableScans { last }
    }

    /// Whether the sums of a store in a scan count. If there is no whole scan of the last weeks, something can never be
    /// read, and partial scans count: a sum without one mailbox is better than none.
    pub(crate) fn has(&self, entry: &SnapshotEntry, store: &StoreEntry) -> bool {
        !store.is_estimated && (entry.is_whole(store) || self.is_lasting(&entry.host, &store.name))
    }

    fn is_lasting(&self, host: &str, store: &str) -> bool {
        let scans = self.last.get(&(host, store));
        scans.is_some_and(|scans| {
            scans.whole.is_none_or(|whole| days_between(whole, scans.last) > MOST_PASSED_OVER_DAYS)
        })
    }
}
