//! Reads stores over time: days of arrival and bytes by domain, from columns of many scans.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use super::{read_in_order, value_at};
use crate::history::usable::UsableScans;
use crate::history::{History, SnapshotEntry, WEEK_DAYS, arrivals, days_between, query, table::ColumnTable};
use crate::model::error::{Error, Result};
use crate::model::sums::add_up;
use crate::planning::growth::timeline::{MailSum, StoreTimeline, TimelineScan};

/// Scans read of a store, at least a week apart: two years.
const MOST_SCANS: usize = 105;

/// Host and store.
type StoreKey<'a> = (&'a str, &'a str);

/// A store in one snapshot.
#[derive(Default)]
struct StoreScan {
    arrived: Vec<(i32, MailSum)>,
    domains: HashMap<String, u64>,
    no_domain: u64,
}

/// All stores, by host and name, and read errors.
pub fn read(history: &History, entries: &[SnapshotEntry]) -> (Vec<StoreTimeline>, Vec<Error>) {
    let snapshots = history.snapshots();
    let mut timelines: BTreeMap<StoreKey, StoreTimeline> = BTreeMap::new();
    let unread = read_in_order(
        &choose(entries),
        |(entry, _)| read_one(&snapshots.join(&entry.name)),
        |(entry, stores), mut scans| {
            for &store in stores {
                let timeline = timelines.entry((&entry.host, store)).or_insert_with(|| StoreTimeline {
                    host: entry.host.clone(),
                    store: store.to_owned(),
                    ..StoreTimeline::default()
                });
                add(timeline, entry, scans.remove(store).unwrap_or_default());
            }
            Ok(())
        },
    );
    (timelines.into_values().collect(), unread)
}

/// The snapshots to read and their stores, by time. Partial and estimated scans would show steps that never happened.
fn choose(entries: &[SnapshotEntry]) -> Vec<(&SnapshotEntry, Vec<&str>)> {
    let mut last: HashMap<StoreKey, (&SnapshotEntry, usize)> = HashMap::new();
    let mut chosen = Vec::new();
    let usable = UsableScans::of(entries);
    for entry in entries.iter().rev() {
        let mut stores = Vec::new();
        for store in entry.stores.iter().filter(|store| usable.has(entry, store)) {
            let (later, count) = last.entry((&entry.host, &store.name)).or_insert((entry, 0));
            if *count == 0 || (*count < MOST_SCANS && days_between(entry, later) >= WEEK_DAYS) {
                (*later, *count) = (entry, *count + 1);
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

fn read_one(directory: &Path) -> Result<HashMap<String, StoreScan>> {
    let mut stores: HashMap<String, StoreScan> = HashMap::new();
    for (store, cohorts) in arrivals::read(directory)? {
        let day = |(day, _, messages, bytes)| (day, MailSum { messages, bytes });
        let mut arrived: Vec<(i32, MailSum)> = cohorts.into_iter().map(day).collect();
        add_up(&mut arrived);
        stores.entry(store).or_default().arrived = arrived;
    }
    let columns = ["store", "domain", "allocated_bytes", "directory_bytes"];
    query::columns(directory, "mailbox", &columns, |table| add_domains(&mut stores, &table))?;
    Ok(stores)
}

fn add_domains(scans: &mut HashMap<String, StoreScan>, table: &ColumnTable) -> Result<()> {
    let (stores, domains) = (table.text("store")?, table.text("domain")?);
    let (files, directories) = (table.sizes("allocated_bytes")?, table.sizes("directory_bytes")?);
    for row in 0..table.rows() {
        let Some(store) = stores(row) else { continue };
        let scan = value_at(scans, store);
        let sum = match domains(row) {
            Some(domain) => value_at(&mut scan.domains, domain),
            None => &mut scan.no_domain,
        };
        *sum = sum.saturating_add(files(row).unwrap_or(0)).saturating_add(directories(row).unwrap_or(0));
    }
    Ok(())
}

/// Adds a scan that is later than all before it.
fn add(timeline: &mut StoreTimeline, entry: &SnapshotEntry, mut scan: StoreScan) {
    let mut by_domain: Vec<u64> =
        timeline.domains.iter().map(|domain| scan.domains.remove(domain).unwrap_or(0)).collect();
    let mut new: Vec<(String, u64)> = scan.domains.into_iter().collect();
    new.sort_unstable();
    for (domain, bytes) in new {
        timeline.domains.push(domain);
        by_domain.push(bytes);
    }
    let (arrived, no_domain) = (scan.arrived, scan.no_domain);
    timeline.scans.push(TimelineScan { taken_at: entry.taken_at, arrived, by_domain, no_domain });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::History;
    use crate::model::dates::date_of;
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
        let cohort = |clock, day, size_from| Cohort { clock, day: date_of(day), size_from, messages: 2, bytes: 70 };
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
        let actual: Vec<_> =
            past.scans.iter().map(|s| (s.taken_at.as_second() / 86_400, &*s.by_domain, s.no_domain)).collect();
        assert_eq!(actual, [(1, &[4][..], 2), (14, &[0, 15], 0), (21, &[0, 0], 22)], "not the tenth day");
        let days = [(-1, MailSum { messages: 2, bytes: 70 }), (3, MailSum { messages: 4, bytes: 140 })];
        assert_eq!(past.scans[0].arrived, days);
    }
}
