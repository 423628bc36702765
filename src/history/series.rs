//! The series of a history: volumes, and stores that have a limit.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;

use super::imports::{self, Import, Kind, Target};
use super::ledger::DeclaredEvent;
use super::usable::UsableScans;
use super::{SnapshotEntry, StoreEntry};
use crate::model::series::{EventKind, EventSource, Identity, KnownEvent, Limit, Observation, Resource, Series};
use crate::model::snapshot::{BulkArrivalKind, volume_of};
use crate::model::{bytes::Bytes, dates::utc_day};

/// The limit of a store, by the store's name.
pub type Limits = BTreeMap<String, Bytes>;

/// A series, and the volume and stores that it belongs to.
#[derive(Clone, Debug, PartialEq)]
pub struct HistorySeries {
    /// The series; its name is unique, and has the host as a prefix if there are several hosts.
    pub series: Series,
    /// The names that select it: its own, those of its stores, its mount point.
    pub names: BTreeSet<String>,
    /// The stores that fill it, each with its host; without those that were moved to another volume or renamed.
    pub stores: BTreeSet<(String, String)>,
    /// Whether it is a volume that is mounted read-only now, as far as that was asked.
    pub is_read_only: bool,
}

impl HistorySeries {
    /// The host and the mount point; `None` if the series is that of a store with a limit.
    pub fn volume(&self) -> Option<(&str, &str)> {
        self.series.identity.as_volume()
    }
}

/// Identifies a series, in the order of the result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct SeriesKey<'a> {
    is_store: bool,
    resource: Resource,
    host: &'a str,
    /// The mount point or the store.
    name: &'a str,
}

/// All series of a history: bytes and inodes of each volume, bytes of each store with a limit; by name, volumes first.
/// Each has the events that scans found and people declared. A volume whose size moves by itself has the room that is left.
/// What was imported is the past of its series, or all of it.
pub fn series(
    entries: &[SnapshotEntry],
    imports: &[Import],
    limits: &Limits,
    declared: &[DeclaredEvent],
) -> Vec<HistorySeries> {
    let hosts = entries.iter().map(|entry| entry.host.as_str());
    let hosts: BTreeSet<&str> = hosts.chain(imports.iter().map(|import| import.target.host.as_str())).collect();
    let usable = UsableScans::of(entries);
    let mut gathered: BTreeMap<SeriesKey, Gathered> = BTreeMap::new();
    for entry in entries {
        let host = entry.host.as_str();
        for filesystem in &entry.filesystems {
            for resource in [Resource::Bytes, Resource::Inodes] {
                // A file system that creates inodes as needed has no limit.
                let Some(limit) = filesystem.limit(resource) else { continue };
                let key = SeriesKey { is_store: false, resource, host, name: &filesystem.mount };
                let series = gathered.entry(key).or_default();
                series.observe(entry.taken_at, filesystem.used(resource), limit);
                for store in stores_on(entry, &filesystem.mount) {
                    series.names.insert(store.name.clone());
                    series.add_store(host, store, resource);
                }
            }
        }
        for store in &entry.stores {
            // An incomplete sum would look like a purge, and an estimated one like a step.
            let limit =
                limits.get(&store.name).map(|limit| limit.0).or_else(|| imports::limit(imports, host, &store.name));
            let Some(limit) = limit.filter(|_| usable.has(entry, store)) else { continue };
            let key = SeriesKey { is_store: true, resource: Resource::Bytes, host, name: &store.name };
            let series = gathered.entry(key).or_default();
            series.observe(entry.taken_at, store.tally.on_disk(), limit);
            series.add_store(host, store, Resource::Bytes);
        }
    }
    for import in imports {
        let Target { host, kind, name, resource } = &import.target;
        let key = SeriesKey { is_store: *kind == Kind::Store, resource: *resource, host, name };
        let fixed = limits.get(name).filter(|_| key.is_store).map(|limit| limit.0 as f64);
        let series = gathered.entry(key).or_default();
        series.add_past(import, fixed);
        series.stores.extend(key.is_store.then(|| (host.clone(), name.clone())));
    }
    let build = |(key, gathered): (SeriesKey, Gathered)| {
        let SeriesKey { is_store, resource, host, name } = key;
        let Gathered { observations, limits, mut names, mut stores, imports, imported } = gathered;
        if !is_store {
            stores.retain(|(_, store)| still_fills(entries, (host, store), name));
            // No store lies on it any more: it may be gone.
            if stores.is_empty() && imported < observations.len() {
                return None;
            }
        }
        let identity = if is_store { Identity::store(host, name) } else { Identity::volume(host, name) };
        let full_name = name_of(&hosts, host, name);
        names.extend([name.to_owned(), full_name.clone()]);
        let limit = limits.last().map(|limit| limit.size);
        let series = Series::new(full_name, resource, observations, limit).with_limits(limits);
        let import = |((date, _), size)| KnownEvent { date, kind: EventKind::Import, size, source: EventSource::Found };
        let known = found_capacity(&series.limits).into_iter().chain(imports.into_iter().map(import)).collect();
        let series = Series { identity, imported, ..series.with_known(known) };
        Some(HistorySeries { series, names, stores, is_read_only: false })
    };
    let all = add_declared(gathered.into_iter().filter_map(build).collect(), declared);
    all.into_iter().map(|one| HistorySeries { series: one.series.of_room(), ..one }).collect()
}

/// The name of the series of a volume or store: with the host as a prefix if there are several hosts.
pub fn name_of(hosts: &BTreeSet<&str>, host: &str, name: &str) -> String {
    if hosts.len() > 1 { format!("{host}:{name}") } else { name.to_owned() }
}

/// The least change of a limit that is an event, as a share of the limit. If volumes share a pool, the limit of each
/// changes a little with the others.
const CAPACITY_FLOOR: f64 = 0.01;

/// The events of changed limits.
fn found_capacity(limits: &[Limit]) -> Vec<KnownEvent> {
    let change = |pair: &[Limit]| {
        let size = pair[1].size - pair[0].size;
        let date = utc_day(pair[1].since);
        let event = KnownEvent { date, kind: EventKind::Capacity, size, source: EventSource::Found };
        (size.abs() >= CAPACITY_FLOOR * pair[0].size).then_some(event)
    };
    limits.windows(2).filter_map(change).collect()
}

/// Adds the declared events to the series that they concern.
fn add_declared(all: Vec<HistorySeries>, declared: &[DeclaredEvent]) -> Vec<HistorySeries> {
    let mut by_series: Vec<Vec<KnownEvent>> = vec![Vec::new(); all.len()];
    for event in declared {
        for index in concerned(&all, event) {
            by_series[index].extend(event.known(all[index].series.resource));
        }
    }
    let add = |(mut one, declared): (HistorySeries, Vec<KnownEvent>)| {
        let mut known = std::mem::take(&mut one.series.known);
        // A volume that grew once must not have two events.
        known.retain(|found| !declared.iter().any(|event| is_same_change(found, event, &one.series.observations)));
        known.extend(declared);
        HistorySeries { series: one.series.with_known(known), ..one }
    };
    all.into_iter().zip(by_series).map(add).collect()
}

/// The indices of the series that an event concerns: those that its name selects and whose resource it changes. A change of
/// a limit concerns only the series with exactly that name, if there is one.
pub fn concerned(all: &[HistorySeries], event: &DeclaredEvent) -> Vec<usize> {
    let changes = |one: &HistorySeries| one.names.contains(&event.name) && event.known(one.series.resource).is_some();
    let is_exact = |index: &usize| all[*index].series.name == event.name;
    let mut concerned: Vec<usize> = (0..all.len()).filter(|&index| changes(&all[index])).collect();
    if event.kind == EventKind::Capacity && concerned.iter().any(is_exact) {
        concerned.retain(is_exact);
    }
    concerned
}

/// Whether a change of the limit that the scans found is the declared one: both have the same sign, and no scan lies between
/// them.
fn is_same_change(found: &KnownEvent, declared: &KnownEvent, observations: &[Observation]) -> bool {
    let are_of_limits = found.kind == EventKind::Capacity && declared.kind == EventKind::Capacity;
    let before = observations.iter().rev().map(|o| utc_day(o.time)).find(|&day| day < found.date);
    let in_gap = declared.date <= found.date && before.is_none_or(|before| declared.date >= before);
    are_of_limits && in_gap && found.size.signum() == declared.size.signum()
}

/// The stores of a snapshot on a volume.
fn stores_on<'a>(entry: &'a SnapshotEntry, mount: &str) -> Vec<&'a StoreEntry> {
    entry.stores.iter().filter(|store| volume_of(&entry.filesystems, &store.root) == Some(mount)).collect()
}

/// Whether a store that was on a volume still is: its last scan found it on no other volume, and no later scan found another
/// store at its root.
fn still_fills(entries: &[SnapshotEntry], (host, name): (&str, &str), mount: &str) -> bool {
    let of_host = entries.iter().filter(|entry| entry.host == host);
    let scans = of_host.flat_map(|entry| entry.stores.iter().map(move |store| (entry, store)));
    let Some((last, store)) = scans.clone().rfind(|(_, store)| store.name == name) else { return false };
    let is_here = volume_of(&last.filesystems, &store.root).is_none_or(|volume| volume == mount);
    let mut later = scans.filter(|(entry, _)| entry.taken_at > last.taken_at);
    is_here && !later.any(|(_, other)| other.root == store.root)
}

#[derive(Debug, Default)]
struct Gathered {
    observations: Vec<Observation>,
    limits: Vec<Limit>,
    names: BTreeSet<String>,
    stores: BTreeSet<(String, String)>,
    /// The sizes of migrations, by date and store.
    imports: BTreeMap<(Date, String), f64>,
    /// The number of observations that were imported.
    imported: usize,
}

impl Gathered {
    fn observe(&mut self, time: Timestamp, used: u64, limit: u64) {
        self.observations.push(Observation { time, used: used as f64 });
        self.limits.push(Limit { since: time, size: limit as f64 });
    }

    /// Adds what was imported of the time before the first scan. A limit that is settled holds where none was imported.
    fn add_past(&mut self, import: &Import, settled: Option<f64>) {
        let (mut past, mut limits) = imports::joined(import, &self.observations, &self.limits);
        if let (true, Some(size), Some(first)) = (limits.is_empty(), settled, past.first()) {
            limits.push(Limit { since: first.time, size });
        }
        self.imported = past.len();
        past.append(&mut self.observations);
        limits.append(&mut self.limits);
        (self.observations, self.limits) = (past, limits);
    }

    /// Adds a store with its migrations. The largest size of a migration is the best one: the first scan may have been
    /// taken during it, and later ones miss what was deleted since. A restore is not growth.
    fn add_store(&mut self, host: &str, store: &StoreEntry, resource: Resource) {
        self.stores.insert((host.to_owned(), store.name.clone()));
        for event in store.events.iter().filter(|event| event.kind == BulkArrivalKind::Migration) {
            let size = if resource == Resource::Bytes { event.bytes } else { event.messages } as f64;
            let largest = self.imports.entry((event.date, store.name.clone())).or_insert(0.0);
            *largest = largest.max(size);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::SnapshotEntry;
    use crate::model::snapshot::BulkArrivalKind::{Migration, Restore};
    use crate::model::snapshot::{BulkArrival, Filesystem, Tally};
    use jiff::civil::date;

    /// A snapshot of a volume with one store, with a migration and a restore of `messages` messages in `bytes` bytes each.
    fn entry(day: i64, (messages, bytes): (u64, u64)) -> SnapshotEntry {
        let event = |kind, date| BulkArrival { date, kind, messages, bytes };
        let events = vec![event(Migration, date(1970, 1, 2)), event(Restore, date(1970, 1, 3))];
        let tally = Tally { allocated_bytes: 1_000, ..Tally::default() };
        SnapshotEntry {
            name: day.to_string(),
            taken_at: Timestamp::from_second(day * 86_400).unwrap(),
            host: "mail01".into(),
            complete: true,
            unread: Vec::new(),
            filesystems: vec![Filesystem {
                mount: "/var".into(),
                kind: "ext4".into(),
                size_bytes: 9,
                used_bytes: 5,
                available_bytes: 4,
                inodes: 9,
                inodes_used: 5,
                inodes_available: 4,
                ..Filesystem::default()
            }],
            stores: vec![StoreEntry {
                name: "vmail".into(),
                root: "/var/vmail".into(),
                mailboxes: 1,
                tally,
                is_estimated: false,
                events,
            }],
        }
    }

    #[test]
    fn partial_scans_of_a_store_count_once_no_scan_can_read_all_of_it() {
        let unread = |entry: SnapshotEntry, place: &str| SnapshotEntry {
            complete: false,
            unread: vec![place.to_owned()],
            ..entry
        };
        let scans = |entries: &[SnapshotEntry]| {
            let limits = Limits::from([("vmail".to_owned(), Bytes(5_000))]);
            let all = series(entries, &[], &limits, &[]);
            all.iter().find(|one| one.series.name == "vmail").map_or(0, |one| one.series.observations.len())
        };
        let mut entries: Vec<SnapshotEntry> = [1, 8, 15].map(|day| entry(day, (0, 0))).to_vec();
        entries.extend([22, 29, 36, 44].map(|day| unread(entry(day, (0, 0)), "/var/vmail/ann/cur")));
        assert_eq!((scans(&entries[..6]), scans(&entries), scans(&entries[3..])), (3, 7, 4));
        let elsewhere = entries.into_iter().map(|entry| unread(entry, "/srv/other")).collect::<Vec<_>>();
        assert_eq!(scans(&elsewhere), 7, "the place is in another store");
    }

    #[test]
    fn a_limit_applies_from_the_scan_that_saw_it() {
        let mut entries = [1, 8, 15, 22].map(|day| entry(day, (0, 0)));
        entries[2..].iter_mut().for_each(|entry| entry.filesystems[0].available_bytes = 9);
        let volume = &series(&entries, &[], &Limits::new(), &[])[0].series;
        let limits: Vec<f64> = volume.limits.iter().map(|limit| limit.size).collect();
        assert_eq!((limits, volume.limit), (vec![9.0, 14.0], Some(14.0)));
        assert_eq!(volume.until(entries[1].taken_at).limit, Some(9.0));
    }

    #[test]
    fn a_volume_whose_size_moves_by_itself_is_a_series_of_its_room() {
        let mut entries: Vec<SnapshotEntry> = (0..12).map(|week| entry(1 + 7 * week, (0, 0))).collect();
        for (week, entry) in entries.iter_mut().enumerate() {
            entry.filesystems[0].available_bytes = 90 - 5 * week as u64;
        }
        let more = declared("/var", 20, EventKind::Capacity, 20, None);
        let all = series(&entries, &[], &Limits::new(), &[more]);
        let volume = &all[0].series;
        let left: Vec<f64> = volume.observations.iter().map(|o| 40.0 - o.used).collect();
        assert_eq!((volume.limit, left[0], left[11]), (Some(40.0), 90.0, 35.0));
        let words: Vec<(EventKind, f64)> = volume.known.iter().map(|event| (event.kind, event.size)).collect();
        assert_eq!(words, [(EventKind::Import, 0.0), (EventKind::Step, -20.0)]);
        assert_eq!(all[1].series.room, None, "inodes did not move");
    }

    #[test]
    fn a_migration_counts_at_its_largest_size_for_volume_and_store() {
        let entries = [entry(1, (50, 500)), entry(8, (200, 2_000)), entry(15, (150, 1_500))];
        let limits = Limits::from([("vmail".to_owned(), Bytes(9_000))]);
        let known = |series: &HistorySeries| series.series.known.clone();
        let events: Vec<Vec<KnownEvent>> = series(&entries, &[], &limits, &[]).iter().map(known).collect();
        let of = |size| vec![KnownEvent { size, ..found(date(1970, 1, 2), EventKind::Import) }];
        assert_eq!(events, [of(2_000.0), of(200.0), of(2_000.0)], "bytes and inodes of the volume, bytes of the store");
    }

    fn found(date: Date, kind: EventKind) -> KnownEvent {
        KnownEvent { date, kind, size: 0.0, source: EventSource::Found }
    }

    fn declared(name: &str, day: i8, kind: EventKind, size: i64, inodes: Option<i64>) -> DeclaredEvent {
        DeclaredEvent {
            id: 1,
            name: name.into(),
            date: date(1970, 1, day),
            kind,
            size,
            inodes,
            note: None,
            last_scan: None,
        }
    }

    /// The known events of each series except imports, as text.
    fn event_words(entries: &[SnapshotEntry], limits: &Limits, declared: &[DeclaredEvent]) -> Vec<String> {
        let of_one = |series: &HistorySeries| {
            let known = series.series.known.iter().filter(|event| event.kind != EventKind::Import);
            let word = |e: &KnownEvent| format!("{} {} {} {}", e.date.day(), e.kind.word(), e.size, e.source.word());
            let words: Vec<String> = known.map(word).collect();
            format!("{} {}: {}", series.series.name, series.series.resource, words.join(", "))
        };
        series(entries, &[], limits, declared).iter().map(of_one).collect()
    }

    #[test]
    fn an_event_declared_for_a_store_applies_to_its_volume() {
        let entries = [entry(1, (0, 0)), entry(8, (0, 0))];
        let limits = Limits::from([("vmail".to_owned(), Bytes(9_000))]);
        let purge = declared("vmail", 5, EventKind::Purge, -300, Some(-4));
        let all = [
            "/var bytes: 5 purge -300 declared",
            "/var inodes: 5 purge -4 declared",
            "vmail bytes: 5 purge -300 declared",
        ];
        assert_eq!(event_words(&entries, &limits, &[purge]), all);
        let of_volume = declared("/var", 20, EventKind::Step, 7, None);
        let expected = ["/var bytes: 20 step 7 declared", "/var inodes: ", "vmail bytes: "];
        assert_eq!(event_words(&entries, &limits, &[of_volume]), expected, "no event for inodes was declared");
    }

    #[test]
    fn a_moved_or_renamed_store_leaves_its_old_volume() {
        let mut entries = [1, 8, 15].map(|day| entry(day, (0, 0)));
        let fills = |entries: &[SnapshotEntry]| {
            let all = series(entries, &[], &Limits::new(), &[]);
            let of = |series: &HistorySeries| {
                let names: Vec<&str> = series.stores.iter().map(|(_, name)| name.as_str()).collect();
                format!("{}: {}", series.volume().expect("it is a volume").1, names.join(", "))
            };
            all.iter().filter(|series| series.series.resource == Resource::Bytes).map(of).collect::<Vec<_>>()
        };
        assert_eq!(fills(&entries), ["/var: vmail"]);
        entries[2].stores[0].name = "mail".into();
        assert_eq!(fills(&entries), ["/var: mail"], "the same path under another name");
        entries[2].stores[0].root = "/var/other".into();
        assert_eq!(fills(&entries), ["/var: mail, vmail"], "another path that was scanned alone");
        entries[2].stores[0].name = "vmail".into();
        entries[2].stores[0].root = "/srv/vmail".into();
        let mut other = entries[2].filesystems[0].clone();
        other.mount = "/srv".into();
        entries[2].filesystems.push(other);
        assert_eq!(fills(&entries), ["/srv: vmail"]);
    }

    #[test]
    fn a_declared_limit_applies_only_to_the_exact_name() {
        let entries = [entry(1, (0, 0))];
        let limits = Limits::from([("vmail".to_owned(), Bytes(9_000))]);
        let more = declared("vmail", 5, EventKind::Capacity, 300, None);
        let of_store = ["/var bytes: ", "/var inodes: ", "vmail bytes: 5 capacity 300 declared"];
        assert_eq!(event_words(&entries, &limits, std::slice::from_ref(&more)), of_store);
        let of_volume = ["/var bytes: 5 capacity 300 declared", "/var inodes: "];
        assert_eq!(event_words(&entries, &Limits::new(), &[more]), of_volume);
    }

    #[test]
    fn a_declared_change_of_capacity_replaces_the_found_one() {
        let mut entries = [1, 8, 15, 22].map(|day| entry(day, (0, 0)));
        for (entry, available) in entries.iter_mut().zip([995, 1_095, 1_096, 896]) {
            entry.filesystems[0].available_bytes = available;
        }
        let all = series(&entries, &[], &Limits::new(), &[]);
        let sizes: Vec<f64> = all[0].series.limits.iter().map(|limit| limit.size).collect();
        assert_eq!((sizes.as_slice(), all[0].series.limit), (&[1_000.0, 1_100.0, 1_101.0, 901.0][..], Some(901.0)));
        let found = "/var bytes: 9 capacity 100 found, 23 capacity -200 found";
        assert_eq!(event_words(&entries, &Limits::new(), &[])[0], found, "a change of a thousandth is ignored");
        let by_hand = declared("/var", 4, EventKind::Capacity, 128, None);
        let once = "/var bytes: 4 capacity 128 declared, 23 capacity -200 found";
        assert_eq!(event_words(&entries, &Limits::new(), &[by_hand])[0], once);
        let later = declared("/var", 12, EventKind::Capacity, 128, None);
        let both = "/var bytes: 9 capacity 100 found, 12 capacity 128 declared, 23 capacity -200 found";
        assert_eq!(event_words(&entries, &Limits::new(), &[later])[0], both);
    }
}
