//! The last scans of a store: their mailboxes, and the ages of their mail.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use jiff::civil::Date;

use super::series::HistorySeries;
use super::usable::UsableScans;
use super::{History, SnapshotEntry, WEEK_DAYS, arrivals, days_between, query};
use crate::model::error::Error;
use crate::model::series::{Resource, ages::Ages};
use crate::model::snapshot::cohort::DayOfSize;
use crate::model::{dates::utc_day, snapshot::Mailbox};

/// Half a year of weekly scans. Older ones say little about what is deleted now.
const MOST_SCANS: usize = 27;

/// A scan of a store: its day, and the cohorts by arrival.
struct StoreArrivals {
    day: Date,
    cohorts: Vec<DayOfSize>,
}

/// The last snapshots that count for a store, at least a week apart, the oldest first.
pub(crate) fn chosen<'a>(entries: &'a [SnapshotEntry], (host, store): (&str, &str)) -> Vec<&'a SnapshotEntry> {
    let usable = UsableScans::of(entries);
    let is_usable = |entry: &&SnapshotEntry| {
        entry.host == host && entry.stores.iter().any(|found| found.name == store && usable.has(entry, found))
    };
    let mut chosen: Vec<&SnapshotEntry> = Vec::new();
    for entry in entries.iter().rev().filter(is_usable) {
        if chosen.last().is_none_or(|later| days_between(entry, later) >= WEEK_DAYS) {
            chosen.push(entry);
        }
        if chosen.len() == MOST_SCANS {
            break;
        }
    }
    chosen.reverse();
    chosen
}

impl History {
    /// Sets the ages of the mail in the last scans, for each series that a single store fills. Returns what could not be
    /// read, which forecasts can do without.
    pub fn add_ages(&self, entries: &[SnapshotEntry], all: &mut [HistorySeries]) -> Vec<Error> {
        let snapshots = self.snapshots();
        let mut unread = Vec::new();
        // A store may fill several series, but is read once.
        let mut scans: BTreeMap<(String, String), Vec<StoreArrivals>> = BTreeMap::new();
        // The mail says nothing about what others take.
        for one in all.iter_mut().filter(|one| one.series.room.is_none()) {
            let mut stores = one.stores.iter();
            let (Some(place), None) = (stores.next(), stores.next()) else { continue };
            let scans = scans.entry(place.clone()).or_insert_with(|| {
                let (scans, errors) = scans_of(&snapshots, entries, (&place.0, &place.1));
                unread.extend(errors);
                scans
            });
            one.series.ages = scans.iter().map(|scan| from_arrivals(scan, one.series.resource)).collect();
        }
        unread
    }

    /// The mailboxes of a host's store in its last complete scan that can be read, and the store's directory; `None` if
    /// there is no such scan. Errors are added to `unread`.
    pub fn last_mailboxes(
        &self,
        entries: &[SnapshotEntry],
        (host, store): (&str, &str),
        unread: &mut Vec<Error>,
    ) -> Option<(PathBuf, Vec<Mailbox>)> {
        let scans = chosen(entries, (host, store));
        let (last, mailboxes) = scans.iter().rev().find_map(|scan| {
            let mailboxes = query::mailboxes(&self.snapshots().join(&scan.name), store);
            mailboxes.map_err(|error| unread.push(error)).ok().map(|mailboxes| (scan, mailboxes))
        })?;
        let root = last.stores.iter().find(|entry| entry.name == store).map(|entry| PathBuf::from(&entry.root))?;
        Some((root, mailboxes))
    }
}

/// The chosen scans of a store, and one error for each that cannot be read.
fn scans_of(
    snapshots: &Path,
    entries: &[SnapshotEntry],
    (host, store): (&str, &str),
) -> (Vec<StoreArrivals>, Vec<Error>) {
    let (mut scans, mut unread) = (Vec::new(), Vec::new());
    for entry in chosen(entries, (host, store)) {
        match arrivals::read(&snapshots.join(&entry.name)) {
            Ok(mut stores) => {
                let cohorts = stores.remove(store).unwrap_or_default();
                scans.push(StoreArrivals { day: utc_day(entry.taken_at), cohorts });
            }
            Err(error) => unread.push(error),
        }
    }
    (scans, unread)
}

/// The ages of what a scan found of a resource.
fn from_arrivals(scan: &StoreArrivals, resource: Resource) -> Ages {
    let row = |&(arrived, _, messages, bytes): &DayOfSize| {
        let amount = match resource {
            Resource::Bytes => bytes,
            Resource::Inodes | Resource::Messages => messages,
        };
        (arrived, amount as f64)
    };
    Ages::from_rows(scan.day, scan.cohorts.iter().map(row))
}
