//! The stores over time: weeks of arrival and bytes by domain, from columns of many scans.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use rayon::prelude::*;

use crate::history::History;
use crate::history::{SnapshotEntry, arrivals, columns};
use crate::history::{WEEK_DAYS, days_between};
use crate::model::error::{Error, Result};
use crate::planning::growth::timeline::{StoreTimeline, TimelineScan, WeekSum, by_week};

/// So many scans of a store are read: two years of weeks.
const MOST_SCANS: usize = 105;
/// Snapshots that are read at the same time: enough for all cores, little in memory.
const AT_ONCE: usize = 8;

/// A store of a machine.
type StoreKey<'a> = (&'a str, &'a str);

/// What one snapshot tells of a store.
#[derive(Default)]
struct Told {
    weeks: Vec<WeekSum>,
    domains: HashMap<Option<String>, u64>,
}

/// Every store of every machine, by machine and store, and what could not be read.
pub fn read(history: &History, entries: &[SnapshotEntry]) -> (Vec<StoreTimeline>, Vec<Error>) {
    let snapshots = &history.snapshots();
    let chosen = choose(entries);
    let mut pasts: BTreeMap<StoreKey, StoreTimeline> = BTreeMap::new();
    let mut unread = Vec::new();
    for chunk in chosen.chunks(AT_ONCE) {
        let told: Vec<Result<HashMap<String, Told>>> =
            chunk.par_iter().map(|(entry, _)| read_one(&snapshots.join(&entry.name))).collect();
        for ((entry, stores), told) in chunk.iter().zip(told) {
            let mut told = match told {
                Ok(told) => told,
                Err(error) => {
                    unread.push(error);
                    continue;
                }
            };
            for store in stores {
                let past = pasts.entry((&entry.host, store)).or_insert_with(|| StoreTimeline {
                    host: entry.host.clone(),
                    store: (*store).to_owned(),
                    ..StoreTimeline::default()
                });
                add(past, entry, told.remove(*store).unwrap_or_default());
            }
        }
    }
    (pasts.into_values().collect(), unread)
}

/// The snapshots that are read, and the stores for which: by time. What was partial or estimated would make steps that
/// nobody took.
fn choose(entries: &[SnapshotEntry]) -> Vec<(&SnapshotEntry, Vec<&str>)> {
    let mut last: HashMap<StoreKey, (&SnapshotEntry, usize)> = HashMap::new();
    let mut chosen = Vec::new();
    for entry in entries.iter().rev().filter(|entry| entry.complete) {
        let mut stores = Vec::new();
        for store in entry.stores.iter().filter(|store| !store.is_estimated) {
            let held = last.entry((&entry.host, &store.name)).or_insert((entry, 0));
            if held.1 == 0 || (held.1 < MOST_SCANS && days_between(entry, held.0) >= WEEK_DAYS) {
                *held = (entry, held.1 + 1);
                stores.push(store.name.as_str());
            }
        }
        if !stores.is_empty() {
            chosen.push((entry, stores));
        }
    }
    chosen.reverse();
    chosen
}

fn read_one(directory: &Path) -> Result<HashMap<String, Told>> {
    let mut all: HashMap<String, Told> = HashMap::new();
    for (store, cohorts) in arrivals::read(directory)? {
        let weeks = cohorts.into_iter().map(|(week, _, messages, bytes)| WeekSum { week, messages, bytes });
        all.entry(store).or_default().weeks = by_week(weeks);
    }
    let of_table = columns::of_table(directory, "mailbox");
    let table = columns::domains(directory)?;
    let (stores, domains) = (table.text("store").map_err(&of_table)?, table.text("domain").map_err(&of_table)?);
    let files = table.integers("allocated_bytes").map_err(&of_table)?;
    let directories = table.integers("directory_bytes").map_err(&of_table)?;
    let size = |value: Option<i64>| value.and_then(|value| u64::try_from(value).ok()).unwrap_or(0);
    for row in 0..table.rows() {
        let Some(store) = &stores[row] else { continue };
        if !all.contains_key(store) {
            all.insert(store.clone(), Told::default());
        }
        let sums = &mut all.get_mut(store).expect("it was just put there").domains;
        let bytes = size(files[row]).saturating_add(size(directories[row]));
        match sums.get_mut(&domains[row]) {
            Some(sum) => *sum = sum.saturating_add(bytes),
            None => drop(sums.insert(domains[row].clone(), bytes)),
        }
    }
    Ok(all)
}

/// Adds a scan, which is later than those before it.
fn add(past: &mut StoreTimeline, entry: &SnapshotEntry, told: Told) {
    let mut domains: Vec<(Option<String>, u64)> = told.domains.into_iter().collect();
    domains.sort_unstable();
    let mut places: HashMap<&str, usize> = past.domains.iter().map(String::as_str).zip(0..).collect();
    let mut by_domain = vec![0; places.len()];
    let (mut no_domain, mut new) = (0, Vec::new());
    for (domain, bytes) in &domains {
        match domain.as_deref().map(|domain| (domain, places.remove(domain))) {
            None => no_domain = *bytes,
            Some((_, Some(place))) => by_domain[place] = *bytes,
            Some((domain, None)) => new.push((domain.to_owned(), *bytes)),
        }
    }
    for (domain, bytes) in new {
        past.domains.push(domain);
        by_domain.push(bytes);
    }
    past.scans.push(TimelineScan { taken_at: entry.taken_at, weeks: told.weeks, by_domain, no_domain });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::History;
    use crate::model::snapshot::cohort::monday_of;
    use crate::model::snapshot::{Clock, Cohort, Mailbox, SizeCalibration, Snapshot, Store, Tally};
    use jiff::Timestamp;

    /// A scan of a store with one mailbox per domain, which allocates `day` bytes.
    fn snapshot(day: u32, domains: &[Option<&str>]) -> Snapshot {
        let mailbox = |domain: &Option<&str>| Mailbox {
            domain: domain.map(str::to_owned),
            path: format!("{domain:?}"),
            tally: Tally { allocated_bytes: day.into(), directory_bytes: 1, ..Tally::default() },
            ..Mailbox::default()
        };
        let cohort =
            |clock, week, size_from| Cohort { clock, week: monday_of(week), size_from, messages: 2, bytes: 70 };
        let cohorts = vec![
            cohort(Clock::Arrival, 3, 0),
            cohort(Clock::Arrival, 3, 8 << 20),
            cohort(Clock::Arrival, -1, 0),
            cohort(Clock::Saved, 4, 0),
        ];
        let mailboxes = domains.iter().map(mailbox).collect();
        Snapshot {
            taken_at: Timestamp::from_second(i64::from(day) * 86_400).unwrap(),
            host: "mail01".into(),
            complete: true,
            filesystems: Vec::new(),
            stores: vec![Store { name: "a".into(), cohorts, mailboxes, ..Store::default() }],
            problems: Vec::new(),
        }
    }

    #[test]
    fn a_timeline_uses_complete_scans_a_week_apart() {
        let dir = tempfile::tempdir().unwrap();
        let history = History::open_or_create(&dir.path().join("history")).unwrap();
        let partial = Snapshot { complete: false, ..snapshot(30, &[Some("a.org")]) };
        let mut estimated = snapshot(31, &[Some("a.org")]);
        estimated.stores[0].calibration = Some(SizeCalibration { size_ppm: 1, ..SizeCalibration::default() });
        let first = snapshot(1, &[Some("b.org"), Some("b.org"), None]);
        let then = snapshot(14, &[Some("a.org")]);
        for snapshot in [first, snapshot(10, &[Some("c.org")]), then, snapshot(21, &[None]), partial, estimated] {
            history.append(&snapshot).unwrap();
        }
        let (pasts, unread) = read(&history, &history.entries().unwrap().entries);
        assert!(unread.is_empty() && pasts.len() == 1);
        let past = &pasts[0];
        assert_eq!((past.host.as_str(), past.store.as_str()), ("mail01", "a"));
        assert_eq!(past.domains, ["b.org", "a.org"]);
        let told: Vec<_> =
            past.scans.iter().map(|s| (s.taken_at.as_second() / 86_400, &*s.by_domain, s.no_domain)).collect();
        assert_eq!(told, [(1, &[4][..], 2), (14, &[0, 15], 0), (21, &[0, 0], 22)], "not the tenth day");
        let weeks = [WeekSum { week: -1, messages: 2, bytes: 70 }, WeekSum { week: 3, messages: 4, bytes: 140 }];
        assert_eq!(past.scans[0].weeks, weeks);
    }
}
