//! The series of a window, with the contents of the stores that count for each.

use std::collections::BTreeMap;

use crate::commands::{output, session::Session};
use crate::history::{SnapshotEntry, series::HistorySeries, usable::UsableScans};
use crate::model::dates::utc_day;
use crate::model::error::{Error, Result};
use crate::planning::window::answer::WindowSeries;
use crate::planning::window::contents::{Amount, StoreContents};

/// The machine, and the name of a store or the mount point of a volume.
pub(super) type Place = (String, String);

#[derive(Debug)]
pub(super) struct Placed {
    pub subject: WindowSeries,
    /// If the series is a volume.
    pub volume: Option<Place>,
    /// The contents of each store.
    pub stores: BTreeMap<Place, StoreContents>,
}

/// The series with the contents of their stores, by the last complete scan of each. If a store is named, the work concerns
/// only that store, not others on its volume.
///
/// # Errors
/// If such a scan cannot be read.
pub(super) fn subjects(session: &Session, chosen: Vec<HistorySeries>, names: &[String]) -> Result<Vec<Placed>> {
    let mut known: BTreeMap<Place, StoreContents> = BTreeMap::new();
    let mut placed = Vec::new();
    for series in chosen {
        let names_a_store = |name: &&String| series.stores.iter().any(|(_, store)| store == *name);
        let named: Vec<&String> = names.iter().filter(|name| series.names.contains(*name)).collect();
        // A volume without a name only takes the backup.
        let all = names.is_empty() || !named.iter().all(names_a_store);
        let meant = series.stores.iter().filter(|(_, store)| all || named.contains(&store));
        let mut stores = BTreeMap::new();
        for place in meant {
            if !known.contains_key(place) {
                known.insert(place.clone(), holding(session, place)?);
            }
            stores.insert(place.clone(), known[place]);
        }
        let mut holding: StoreContents = stores.values().copied().sum();
        // A backup takes space on the volume, not from the store's own limit.
        let volume = series.volume().map(|(host, mount)| (host.to_owned(), mount.to_owned()));
        if volume.is_none() {
            holding.backup = Amount::default();
        }
        let subject = WindowSeries {
            series: series.series,
            holding,
            is_volume: volume.is_some(),
            only_backup: !all && named.is_empty(),
        };
        placed.push(Placed { subject, volume, stores });
    }
    Ok(placed)
}

/// The contents of a store by its last scan that counts, else by the last estimated, else by the last partial one.
fn holding(session: &Session, (host, name): &Place) -> Result<StoreContents> {
    let usable = UsableScans::of(&session.entries);
    let quality = |entry: &SnapshotEntry| {
        let store = entry.stores.iter().find(|store| store.name == *name)?;
        Some((usable.has(entry, store), entry.is_whole(store)))
    };
    let of_host = session.entries.iter().filter(|entry| entry.host == *host && quality(entry).is_some());
    // Of the same quality, the last one.
    let Some(entry) = of_host.max_by_key(|entry| quality(entry)) else { return Ok(StoreContents::default()) };
    let cannot_tell = |e| {
        Error::new("whether there is room cannot be told")
            .because(e)
            .hint("scan again; or restore the snapshot, or remove it: `mailrunway history remove`")
    };
    let snapshot = session.history.load(&entry.name).map_err(cannot_tell)?;
    if quality(entry).is_some_and(|(_, is_whole)| !is_whole) {
        let what = "the last scans could not read the whole store: the work may need more";
        output::warn(what, "scan as a user who may read all mail");
    }
    let store = snapshot.stores.iter().find(|store| store.name == *name);
    let contents = store.map(|store| StoreContents::from_store(store, utc_day(entry.taken_at)));
    Ok(contents.unwrap_or_default())
}
