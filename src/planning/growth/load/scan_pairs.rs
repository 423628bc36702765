//! Chooses the earlier scan to compare with: the last one that is old enough and covers the same stores.

use std::collections::BTreeSet;

use crate::history::usable::{MOST_PASSED_OVER_DAYS, UsableScans};
use crate::history::{SnapshotEntry, StoreEntry, WEEK_DAYS, days_between};
use crate::model::snapshot::volume_of;
use crate::planning::growth::change::ChangeScope;

/// The later scan, and the earlier one if there is any.
type Chosen<'a> = (&'a SnapshotEntry, Option<&'a SnapshotEntry>);

/// The scans of a host to compare for a volume or store, at least `days` apart; `None` if no scan has it.
///
/// Both are observations of its series. Complete scans are preferred, because what a scan missed looks like growth, unless
/// the last complete one is a week older than the last of all. The earlier scan has all stores of the later one, if such a
/// scan is near.
pub(super) fn chosen<'a>(entries: &'a [SnapshotEntry], host: &str, of: &ChangeScope, days: f64) -> Option<Chosen<'a>> {
    let usable = UsableScans::of(entries);
    let is_of = |entry: &&SnapshotEntry| entry.host == host && is_observed(entry, of, &usable);
    among(&entries.iter().filter(is_of).collect::<Vec<_>>(), of, days)
}

/// The same for a store that may have no series: without a recent complete measurement, partial or estimated scans are
/// compared.
pub(super) fn chosen_of_store<'a>(
    entries: &'a [SnapshotEntry],
    host: &str,
    name: &str,
    days: f64,
) -> Option<Chosen<'a>> {
    let of = ChangeScope::Store(name.to_owned());
    let has_store = |entry: &SnapshotEntry| entry.stores.iter().any(|store| store.name == name);
    let any: Vec<&SnapshotEntry> = entries.iter().filter(|entry| entry.host == host && has_store(entry)).collect();
    let newest = *any.last()?;
    let usable = UsableScans::of(entries);
    let measured: Vec<&SnapshotEntry> = any.iter().copied().filter(|entry| is_observed(entry, &of, &usable)).collect();
    if measured.last().is_some_and(|last| days_between(last, newest) <= MOST_PASSED_OVER_DAYS) {
        return among(&measured, &of, days);
    }
    let is_alike = |entry: &&SnapshotEntry| stores(entry, &of) == stores(newest, &of);
    among(&any.iter().copied().filter(is_alike).collect::<Vec<_>>(), &of, days)
}

fn among<'a>(scans: &[&'a SnapshotEntry], of: &ChangeScope, days: f64) -> Option<Chosen<'a>> {
    let newest = *scans.last()?;
    let mut latest = scans.iter().rev().copied().take_while(|entry| days_between(entry, newest) < WEEK_DAYS);
    let whole = latest.find(|entry| entry.complete);
    let of_whole = whole.and_then(|now| Some((now, earlier(scans, now, of, days, |entry| entry.complete)?)));
    let pair = of_whole.or_else(|| Some((newest, earlier(scans, newest, of, days, |_| true)?)));
    Some(pair.map_or_else(|| (whole.unwrap_or(newest), None), |(now, before)| (now, Some(before))))
}

/// The last fit scan at least `days` before another, or one near it that has all stores of the later one.
fn earlier<'a>(
    scans: &[&'a SnapshotEntry],
    now: &SnapshotEntry,
    of: &ChangeScope,
    days: f64,
    is_fit: impl Fn(&SnapshotEntry) -> bool,
) -> Option<&'a SnapshotEntry> {
    let wanted = stores(now, of);
    let old_enough: Vec<&SnapshotEntry> =
        scans.iter().rev().copied().filter(|entry| days_between(entry, now) >= days).collect();
    let next = *old_enough.first()?;
    let near = old_enough.into_iter().take_while(|entry| days_between(entry, next) <= MOST_PASSED_OVER_DAYS);
    let fit: Vec<&SnapshotEntry> = near.filter(|entry| is_fit(entry)).collect();
    let has_all = |entry: &&&SnapshotEntry| wanted.is_subset(&stores(entry, of));
    fit.iter().find(has_all).or(fit.first()).copied()
}

/// Whether a scan is an observation of the series: of a volume always, of a store if its sums count.
fn is_observed(entry: &SnapshotEntry, of: &ChangeScope, usable: &UsableScans) -> bool {
    match of {
        ChangeScope::Volume(mount) => entry.filesystems.iter().any(|volume| volume.mount == *mount),
        ChangeScope::Store(name) => entry.stores.iter().any(|store| store.name == *name && usable.has(entry, store)),
    }
}

/// The stores of a snapshot in scope, and whether their sizes are estimates.
fn stores<'a>(entry: &'a SnapshotEntry, of: &ChangeScope) -> BTreeSet<(&'a str, bool)> {
    let is_one = |store: &&StoreEntry| match of {
        ChangeScope::Volume(mount) => volume_of(&entry.filesystems, &store.root) == Some(mount),
        ChangeScope::Store(name) => store.name == *name,
    };
    entry.stores.iter().filter(is_one).map(|store| (store.name.as_str(), store.is_estimated)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::dates::SECONDS_PER_DAY;
    use crate::model::snapshot::{Filesystem, Tally};
    use jiff::Timestamp;

    /// A scan of a volume: the day, whether it is complete, and the stores; a question mark marks estimated sizes.
    type ScanOf<'a> = (f64, bool, &'a [&'a str]);

    fn entry(&(day, complete, stores): &ScanOf) -> SnapshotEntry {
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
        let store = |name: &&str| StoreEntry {
            name: name.trim_end_matches('?').into(),
            root: format!("/srv/{name}"),
            mailboxes: 0,
            tally: Tally::default(),
            is_estimated: name.ends_with('?'),
            events: Vec::new(),
        };
        SnapshotEntry {
            name: day.to_string(),
            taken_at: Timestamp::from_second((day * SECONDS_PER_DAY) as i64).unwrap(),
            host: "mail01".into(),
            complete,
            unread: Vec::new(),
            filesystems: vec![volume],
            stores: stores.iter().map(store).collect(),
        }
    }

    /// The days of the chosen scans.
    fn days(of: &ChangeScope, scans: &[ScanOf]) -> Option<(String, Option<String>)> {
        let entries: Vec<SnapshotEntry> = scans.iter().map(entry).collect();
        let (now, before) = chosen(&entries, "mail01", of, WEEK_DAYS)?;
        Some((now.name.clone(), before.map(|entry| entry.name.clone())))
    }

    fn of_volume(scans: &[ScanOf]) -> (String, Option<String>) {
        days(&ChangeScope::Volume("/srv".into()), scans).unwrap()
    }

    fn pair(now: &str, before: &str) -> (String, Option<String>) {
        (now.to_owned(), Some(before.to_owned()).filter(|before| !before.is_empty()))
    }

    #[test]
    fn a_pair_is_two_complete_scans_a_week_apart() {
        let scans: [ScanOf; 5] =
            [(1.0, true, &["a"]), (8.0, false, &["a"]), (10.0, true, &["a"]), (15.0, true, &["a"]), (16.0, false, &[])];
        assert_eq!(of_volume(&scans), pair("15", "1"));
        assert_eq!(of_volume(&scans[3..]), pair("15", ""));
        assert_eq!(of_volume(&scans[1..2]), pair("8", ""));
        assert_eq!(of_volume(&[(1.0, false, &["a"]), (9.0, true, &["a"]), (11.0, false, &["a"])]), pair("11", "1"));
        assert_eq!(of_volume(&[(1.0, true, &["a"]), (8.0, true, &["a"]), (8.001, true, &["a"])]), pair("8.001", "1"));
    }

    #[test]
    fn a_pair_does_not_use_scans_long_past() {
        // A directory that cannot be read makes all scans partial from some day on.
        let mut scans: Vec<ScanOf> = (0..4).map(|week| (7.0 * f64::from(week), true, &["a"][..])).collect();
        scans.extend((4..30).map(|week| (7.0 * f64::from(week), false, &["a"][..])));
        assert_eq!(of_volume(&scans), pair("203", "196"));
        assert_eq!(of_volume(&scans[..5]), pair("28", "21"), "the last complete scan is a week old");
        // A store that was scanned once a year ago, and now again.
        let again: [ScanOf; 3] = [(1.0, true, &["a", "b"]), (360.0, true, &["a"]), (367.0, true, &["a", "b"])];
        assert_eq!(of_volume(&again), pair("367", "360"));
        assert_eq!(
            of_volume(&[(1.0, true, &["a"]), (358.0, false, &["a"]), (365.0, true, &["a"])]),
            pair("365", "358")
        );
    }

    #[test]
    fn an_earlier_scan_with_the_same_stores_is_preferred() {
        let scans: [ScanOf; 3] = [(1.0, true, &["a", "b"]), (8.0, true, &["a", "b?"]), (15.0, true, &["a", "b"])];
        assert_eq!(of_volume(&scans), pair("15", "1"));
        assert_eq!(of_volume(&scans[1..]), pair("15", "8"));
    }

    #[test]
    fn the_pair_of_a_store_uses_the_scans_of_its_series() {
        let scans: [ScanOf; 5] = [
            (1.0, true, &["a"]),
            (8.0, true, &["a?"]),
            (15.0, true, &["a"]),
            (22.0, false, &["a"]),
            (29.0, true, &["b"]),
        ];
        assert_eq!(days(&ChangeScope::Store("a".into()), &scans), Some(pair("15", "1")));
        assert_eq!(days(&ChangeScope::Store("c".into()), &scans), None);
    }

    #[test]
    fn estimated_scans_are_used_once_a_store_is_no_longer_measured() {
        let names = |scans: &[ScanOf]| {
            let entries: Vec<SnapshotEntry> = scans.iter().map(entry).collect();
            let (now, before) = chosen_of_store(&entries, "mail01", "a", WEEK_DAYS).unwrap();
            (now.name.clone(), before.map(|entry| entry.name.clone()))
        };
        let scans: [ScanOf; 6] = [
            (1.0, true, &["a"]),
            (8.0, true, &["a"]),
            (15.0, true, &["a?"]),
            (30.0, false, &["a"]),
            (40.0, true, &["a?"]),
            (41.0, true, &["b"]),
        ];
        assert_eq!(names(&scans[..4]), pair("8", "1"));
        assert_eq!(names(&scans), pair("40", "15"));
    }
}
