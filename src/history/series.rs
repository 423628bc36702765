//! The series that a history makes: volumes, and stores that have a limit.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use jiff::Timestamp;
use jiff::civil::Date;

use super::{Entry, StoreEntry};
use crate::bytes::Bytes;
use crate::series::{Import, Observation, Resource, Series};
use crate::snapshot::EventKind;

/// The limit of a store, by the store's name.
pub type Limits = BTreeMap<String, Bytes>;

/// A series, and whose it is.
#[derive(Clone, Debug, PartialEq)]
pub struct HistorySeries {
    /// The series; its name is unique, and begins with the machine's where there are several.
    pub series: Series,
    /// The names under which it can be asked for: its own, its stores', its mount point.
    pub names: BTreeSet<String>,
}

/// All series of a history: bytes and inodes of each volume, bytes of each store with a limit; by name, volumes first.
pub fn series(entries: &[Entry], limits: &Limits) -> Vec<HistorySeries> {
    let hosts: BTreeSet<&str> = entries.iter().map(|entry| entry.host.as_str()).collect();
    let name = |host: &str, of: &str| if hosts.len() > 1 { format!("{host}:{of}") } else { of.to_owned() };
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
            series.import(store, Resource::Bytes);
        }
    }
    let build = |((kind, host, of), gathered): ((Kind, String, String), Gathered)| {
        let name = name(&host, &of);
        let mut names = gathered.names;
        names.extend([of, name.clone()]);
        let resource = kind.resource();
        let imports = gathered.imports.into_iter().map(|((date, _), size)| Import { date, size }).collect();
        let series = Series::new(name, resource, gathered.observations, Some(gathered.limit)).with_imports(imports);
        HistorySeries { series, names }
    };
    gathered.into_iter().map(build).collect()
}

/// The stores of a snapshot that lie on a volume: those for which no other volume of the snapshot is nearer.
fn stores_on<'a>(entry: &'a Entry, mount: &str) -> Vec<&'a StoreEntry> {
    let nearest = |root: &str| {
        let above = entry.filesystems.iter().map(|f| f.mount.as_str()).filter(|m| Path::new(root).starts_with(m));
        above.max_by_key(|m| m.len())
    };
    entry.stores.iter().filter(|store| nearest(&store.root) == Some(mount)).collect()
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
    limit: f64,
    names: BTreeSet<String>,
    /// What migrations brought, by date and store.
    imports: BTreeMap<(Date, String), f64>,
}

impl Gathered {
    /// Entries come by time, so the last limit is the newest.
    fn observe(&mut self, time: Timestamp, used: u64, limit: u64) {
        self.observations.push(Observation { time, used: used as f64 });
        self.limit = limit as f64;
    }

    /// The snapshot that sees most of a migration knows best what it brought: the first may have been taken while it ran,
    /// and later ever less of it remains. A restore brings nothing that was not there.
    fn import(&mut self, store: &StoreEntry, resource: Resource) {
        for event in store.events.iter().filter(|event| event.kind == EventKind::Migration) {
            let size = match resource {
                Resource::Bytes => event.bytes,
                Resource::Inodes => event.messages,
            };
            let held = self.imports.entry((event.date, store.name.clone())).or_insert(0.0);
            *held = held.max(size as f64);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::Entry;
    use crate::snapshot::{Event, Filesystem, Tally};
    use jiff::civil::date;

    /// A snapshot of a volume with one store, in which so many messages in so many bytes came with a migration, and
    /// others were put back.
    fn entry(day: i64, (messages, bytes): (u64, u64)) -> Entry {
        let event = |kind, date| Event { date, kind, messages, bytes };
        let events = vec![event(EventKind::Migration, date(1970, 1, 2)), event(EventKind::Restore, date(1970, 1, 3))];
        let tally = Tally { allocated_bytes: 1_000, ..Tally::default() };
        Entry {
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
    fn a_migration_is_known_to_the_volume_and_to_the_store_as_it_was_at_its_largest() {
        let entries = [entry(1, (50, 500)), entry(8, (200, 2_000)), entry(15, (150, 1_500))];
        let limits = Limits::from([("vmail".to_owned(), Bytes(9_000))]);
        let imports = |series: &HistorySeries| series.series.imports.clone();
        let told: Vec<Vec<Import>> = series(&entries, &limits).iter().map(imports).collect();
        let of = |size| vec![Import { date: date(1970, 1, 2), size }];
        assert_eq!(told, [of(2_000.0), of(200.0), of(2_000.0)], "bytes and inodes of the volume, bytes of the store");
    }
}
