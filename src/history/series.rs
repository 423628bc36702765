//! The series that a history makes: volumes, and stores that have a limit.

mod fills;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;

use self::fills::{still_fills, stores_on};
use super::ledger::DeclaredEvent;
use super::{SnapshotEntry, StoreEntry};
use crate::model::bytes::Bytes;
use crate::model::dates::utc_day;
use crate::model::series::{EventKind, EventSource, KnownEvent, Limit, Observation, Resource, Series};
use crate::model::snapshot;

/// The limit of a store, by the store's name.
pub type Limits = BTreeMap<String, Bytes>;

/// A series, and whose it is.
#[derive(Clone, Debug, PartialEq)]
pub struct HistorySeries {
    /// The series; its name is unique, and begins with the machine's where there are several.
    pub series: Series,
    /// The names under which it can be asked for: its own, its stores', its mount point.
    pub names: BTreeSet<String>,
    /// The stores that fill it, each with its machine: not those that have gone to another volume, or by another name.
    pub stores: BTreeSet<(String, String)>,
    /// The machine and the mount point, if it is a volume's and not that of a store's own limit.
    pub volume: Option<(String, String)>,
}

/// All series of a history: bytes and inodes of each volume, bytes of each store with a limit; by name, volumes first.
/// Each has what the scans and people know of it.
pub fn series(entries: &[SnapshotEntry], limits: &Limits, declared: &[DeclaredEvent]) -> Vec<HistorySeries> {
    let hosts: BTreeSet<&str> = entries.iter().map(|entry| entry.host.as_str()).collect();
    let mut gathered: BTreeMap<(Kind, String, String), Gathered> = BTreeMap::new();
    for entry in entries {
        for filesystem in &entry.filesystems {
            for resource in [Resource::Bytes, Resource::Inodes] {
                // Where inodes are made as needed there is nothing to run out of.
                let Some(limit) = filesystem.limit(resource) else { continue };
                let key = (Kind::Volume(resource), entry.host.clone(), filesystem.mount.clone());
                let series = gathered.entry(key).or_default();
                series.observe(entry.taken_at, filesystem.used(resource), limit);
                for store in stores_on(entry, &filesystem.mount) {
                    series.names.insert(store.name.clone());
                    series.stores.insert((entry.host.clone(), store.name.clone()));
                    series.import(store, resource);
                }
            }
        }
        for store in &entry.stores {
            // What could not be read is missing from the sum, and would look like a purge.
            // What was estimated would make steps that nobody took.
            let is_told = entry.complete && !store.is_estimated;
            let Some(limit) = limits.get(&store.name).filter(|_| is_told) else { continue };
            let key = (Kind::Store, entry.host.clone(), store.name.clone());
            let series = gathered.entry(key).or_default();
            series.observe(entry.taken_at, store.tally.on_disk(), limit.0);
            series.stores.insert((entry.host.clone(), store.name.clone()));
            series.import(store, Resource::Bytes);
        }
    }
    let build = |((kind, host, of), gathered): ((Kind, String, String), Gathered)| {
        let name = name_of(&hosts, &host, &of);
        let mut names = gathered.names;
        let mut stores = gathered.stores;
        if let Kind::Volume(_) = kind {
            stores.retain(|(_, store)| still_fills(entries, (&host, store), &of));
        }
        let volume = matches!(kind, Kind::Volume(_)).then(|| (host, of.clone()));
        names.extend([of, name.clone()]);
        let series = Series::new(name, kind.resource(), gathered.observations, gathered.limits.last().map(|l| l.size));
        let series = series.with_limits(gathered.limits);
        let mut known = found_capacity(&series.limits);
        let import = |((date, _), size)| KnownEvent { date, kind: EventKind::Import, size, source: EventSource::Found };
        known.extend(gathered.imports.into_iter().map(import));
        HistorySeries { series: series.with_known(known), names, stores, volume }
    };
    declare(gathered.into_iter().map(build).collect(), declared)
}

/// The name of the series of a volume or store: where there are several machines, after that of its own.
pub fn name_of(hosts: &BTreeSet<&str>, host: &str, of: &str) -> String {
    if hosts.len() > 1 { format!("{host}:{of}") } else { of.to_owned() }
}

/// The least change of a limit that is told as an event, as a share of the limit. Where volumes share a pool, what one
/// can have changes a little with what the others take.
const CAPACITY_FLOOR: f64 = 0.01;

/// The changes of the limit that are more than a pool's breath.
fn found_capacity(limits: &[Limit]) -> Vec<KnownEvent> {
    let change = |pair: &[Limit]| {
        let size = pair[1].size - pair[0].size;
        let date = utc_day(pair[1].since);
        let event = KnownEvent { date, kind: EventKind::Capacity, size, source: EventSource::Found };
        (size.abs() >= CAPACITY_FLOOR * pair[0].size).then_some(event)
    };
    limits.windows(2).filter_map(change).collect()
}

/// The series with what people declared of them.
fn declare(all: Vec<HistorySeries>, declared: &[DeclaredEvent]) -> Vec<HistorySeries> {
    let mut of_each: Vec<Vec<KnownEvent>> = vec![Vec::new(); all.len()];
    for event in declared {
        for index in concerned(&all, event) {
            of_each[index].extend(event.known(all[index].series.resource));
        }
    }
    let tell = |(held, declared): (HistorySeries, Vec<KnownEvent>)| {
        let series = held.series;
        let mut known = series.known.clone();
        // Told twice, a volume would seem to have grown twice.
        known.retain(|held| !declared.iter().any(|event| is_found_again(held, event, &series.observations)));
        known.extend(declared);
        HistorySeries { series: series.with_known(known), ..held }
    };
    all.into_iter().zip(of_each).map(tell).collect()
}

/// The indices of the series that an event concerns: those that go by its name and of whose resource it tells a size.
/// Where the limit changed, a series of exactly that name comes before the volume below it.
pub fn concerned(all: &[HistorySeries], event: &DeclaredEvent) -> Vec<usize> {
    let is_told = |series: &HistorySeries| event.known(series.series.resource).is_some();
    let goes_by = |index: &usize| all[*index].names.contains(&event.name) && is_told(&all[*index]);
    let is_called = |index: &usize| all[*index].series.name == event.name;
    let all_of_it: Vec<usize> = (0..all.len()).filter(goes_by).collect();
    if event.kind == EventKind::Capacity && all_of_it.iter().any(is_called) {
        return all_of_it.into_iter().filter(is_called).collect();
    }
    all_of_it
}

/// Whether the change of a limit that the scans found is the one that was declared: no scan lies between the two, and
/// both go in one direction.
fn is_found_again(held: &KnownEvent, declared: &KnownEvent, observations: &[Observation]) -> bool {
    let are_of_limits = held.kind == EventKind::Capacity && declared.kind == EventKind::Capacity;
    let before = observations.iter().rev().map(|o| utc_day(o.time)).find(|&day| day < held.date);
    let in_gap = declared.date <= held.date && before.is_none_or(|before| declared.date >= before);
    let is_found = held.source == EventSource::Found && held.size.signum() == declared.size.signum();
    are_of_limits && is_found && in_gap
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Volume(Resource),
    Store,
}

impl Kind {
    fn resource(self) -> Resource {
        match self {
            Kind::Volume(resource) => resource,
            Kind::Store => Resource::Bytes,
        }
    }
}

#[derive(Debug, Default)]
struct Gathered {
    observations: Vec<Observation>,
    limits: Vec<Limit>,
    names: BTreeSet<String>,
    stores: BTreeSet<(String, String)>,
    /// What migrations brought, by date and store.
    imports: BTreeMap<(Date, String), f64>,
}

impl Gathered {
    /// Entries come by time, and so do the limits.
    fn observe(&mut self, time: Timestamp, used: u64, limit: u64) {
        self.observations.push(Observation { time, used: used as f64 });
        self.limits.push(Limit { since: time, size: limit as f64 });
    }

    /// The snapshot that sees most of a migration knows best what it brought: the first may have been taken while it ran,
    /// and later ever less of it remains. A restore brings nothing that was not there.
    fn import(&mut self, store: &StoreEntry, resource: Resource) {
        for event in store.events.iter().filter(|event| event.kind == snapshot::BulkArrivalKind::Migration) {
            let size = match resource {
                Resource::Bytes => event.bytes,
                Resource::Inodes | Resource::Messages => event.messages,
            };
            let held = self.imports.entry((event.date, store.name.clone())).or_insert(0.0);
            *held = held.max(size as f64);
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
            filesystems: vec![Filesystem {
                mount: "/var".into(),
                kind: "ext4".into(),
                size_bytes: 9,
                used_bytes: 5,
                available_bytes: 4,
                inodes: 9,
                inodes_used: 5,
                inodes_available: 4,
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
    fn a_limit_applies_from_the_scan_that_saw_it() {
        let mut entries = [1, 8, 15, 22].map(|day| entry(day, (0, 0)));
        entries[2..].iter_mut().for_each(|entry| entry.filesystems[0].available_bytes = 9);
        let volume = &series(&entries, &Limits::new(), &[])[0].series;
        let limits: Vec<f64> = volume.limits.iter().map(|limit| limit.size).collect();
        assert_eq!((limits, volume.limit), (vec![9.0, 14.0], Some(14.0)));
        assert_eq!(volume.until(entries[1].taken_at).limit, Some(9.0));
    }

    #[test]
    fn a_migration_counts_at_its_largest_size_for_volume_and_store() {
        let entries = [entry(1, (50, 500)), entry(8, (200, 2_000)), entry(15, (150, 1_500))];
        let limits = Limits::from([("vmail".to_owned(), Bytes(9_000))]);
        let known = |series: &HistorySeries| series.series.known.clone();
        let told: Vec<Vec<KnownEvent>> = series(&entries, &limits, &[]).iter().map(known).collect();
        let of = |size| vec![KnownEvent { size, ..found(date(1970, 1, 2), EventKind::Import) }];
        assert_eq!(told, [of(2_000.0), of(200.0), of(2_000.0)], "bytes and inodes of the volume, bytes of the store");
    }

    fn found(date: Date, kind: EventKind) -> KnownEvent {
        KnownEvent { date, kind, size: 0.0, source: EventSource::Found }
    }

    fn declared(name: &str, day: i8, kind: EventKind, size: i64, inodes: Option<i64>) -> DeclaredEvent {
        DeclaredEvent { id: 1, name: name.into(), date: date(1970, 1, day), kind, size, inodes, note: None }
    }

    /// The known events of each series except imports, as text.
    fn told(entries: &[SnapshotEntry], limits: &Limits, declared: &[DeclaredEvent]) -> Vec<String> {
        let of_one = |series: &HistorySeries| {
            let known = series.series.known.iter().filter(|event| event.kind != EventKind::Import);
            let word = |e: &KnownEvent| format!("{} {} {} {}", e.date.day(), e.kind.word(), e.size, e.source.word());
            let words: Vec<String> = known.map(word).collect();
            format!("{} {}: {}", series.series.name, series.series.resource, words.join(", "))
        };
        series(entries, limits, declared).iter().map(of_one).collect()
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
        assert_eq!(told(&entries, &limits, &[purge]), all);
        let of_volume = declared("/var", 20, EventKind::Step, 7, None);
        let expected = ["/var bytes: 20 step 7 declared", "/var inodes: ", "vmail bytes: "];
        assert_eq!(told(&entries, &limits, &[of_volume]), expected, "no event for inodes was declared");
    }

    #[test]
    fn a_moved_or_renamed_store_leaves_its_old_volume() {
        let mut entries = [1, 8, 15].map(|day| entry(day, (0, 0)));
        let fills = |entries: &[SnapshotEntry]| {
            let all = series(entries, &Limits::new(), &[]);
            let of = |series: &HistorySeries| {
                let names: Vec<&str> = series.stores.iter().map(|(_, name)| name.as_str()).collect();
                format!("{}: {}", series.volume.as_ref().expect("it is a volume").1, names.join(", "))
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
        assert_eq!(fills(&entries), ["/srv: vmail", "/var: "]);
    }

    #[test]
    fn a_declared_limit_applies_only_to_the_exact_name() {
        let entries = [entry(1, (0, 0))];
        let limits = Limits::from([("vmail".to_owned(), Bytes(9_000))]);
        let more = declared("vmail", 5, EventKind::Capacity, 300, None);
        let of_store = ["/var bytes: ", "/var inodes: ", "vmail bytes: 5 capacity 300 declared"];
        assert_eq!(told(&entries, &limits, std::slice::from_ref(&more)), of_store);
        let of_volume = ["/var bytes: 5 capacity 300 declared", "/var inodes: "];
        assert_eq!(told(&entries, &Limits::new(), &[more]), of_volume);
    }

    #[test]
    fn a_declared_change_of_capacity_replaces_the_found_one() {
        let mut entries = [1, 8, 15, 22].map(|day| entry(day, (0, 0)));
        for (entry, available) in entries.iter_mut().zip([995, 1_095, 1_096, 896]) {
            entry.filesystems[0].available_bytes = available;
        }
        let all = series(&entries, &Limits::new(), &[]);
        let sizes: Vec<f64> = all[0].series.limits.iter().map(|limit| limit.size).collect();
        assert_eq!((sizes.as_slice(), all[0].series.limit), (&[1_000.0, 1_100.0, 1_101.0, 901.0][..], Some(901.0)));
        let found = "/var bytes: 9 capacity 100 found, 23 capacity -200 found";
        assert_eq!(told(&entries, &Limits::new(), &[])[0], found, "a change of a thousandth is ignored");
        let by_hand = declared("/var", 4, EventKind::Capacity, 128, None);
        let once = "/var bytes: 4 capacity 128 declared, 23 capacity -200 found";
        assert_eq!(told(&entries, &Limits::new(), &[by_hand])[0], once);
        let later = declared("/var", 12, EventKind::Capacity, 128, None);
        let both = "/var bytes: 9 capacity 100 found, 12 capacity 128 declared, 23 capacity -200 found";
        assert_eq!(told(&entries, &Limits::new(), &[later])[0], both);
    }
}
