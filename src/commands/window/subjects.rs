//! What a window is asked about: the series that were named, and what the stores hold that count for each.

use std::collections::{BTreeMap, BTreeSet};

use crate::commands::output;
use crate::dates::utc_day;
use crate::error::Result;
use crate::history::series::HistorySeries;
use crate::history::{Entry, History};
use crate::window::answer::Subject;
use crate::window::holding::Holding;

/// A store: its machine and its name.
pub type Place = (String, String);

/// A series with what the stores hold, and where it is.
#[derive(Debug)]
pub struct Placed {
    /// The series, and what the stores hold.
    pub subject: Subject,
    /// The machine, where there is one.
    pub host: Option<String>,
    /// Where the volume is mounted, if it is a volume.
    pub mount: Option<String>,
    /// What each of the stores holds.
    pub stores: BTreeMap<Place, Holding>,
}

/// The series with what the stores hold, by the last whole scan of each store. Where a store is named, it alone is worked
/// on, and not what else lies on its volume.
pub fn subjects(
    history: &History,
    entries: &[Entry],
    chosen: Vec<HistorySeries>,
    names: &[String],
) -> Result<Vec<Placed>> {
    let mounts: BTreeSet<&str> = entries.iter().flat_map(|e| &e.filesystems).map(|f| f.mount.as_str()).collect();
    let mut known: BTreeMap<Place, Holding> = BTreeMap::new();
    let mut placed = Vec::new();
    for series in chosen {
        let names_a_store = |name: &&String| series.stores.iter().any(|(_, store)| store == *name);
        let named: Vec<&String> = names.iter().filter(|name| series.names.contains(*name)).collect();
        let all = named.is_empty() || !named.iter().all(names_a_store);
        let meant = series.stores.iter().filter(|(_, store)| all || named.contains(&store));
        let mut stores = BTreeMap::new();
        for place in meant {
            if !known.contains_key(place) {
                known.insert(place.clone(), holding(history, entries, place)?);
            }
            stores.insert(place.clone(), known[place]);
        }
        let mount = series.names.iter().find(|name| mounts.contains(name.as_str()));
        // A store with a limit of its own goes by its own name only.
        let mount = mount.filter(|mount| series.series.name.ends_with(mount.as_str())).cloned();
        let host = series.stores.first().map(|(host, _)| host.clone());
        let mut holding: Holding = stores.values().copied().sum();
        if mount.is_none() {
            holding.backup = Default::default();
        }
        let subject = Subject { series: series.series, holding, is_volume: mount.is_some() };
        placed.push(Placed { subject, host, mount, stores });
    }
    Ok(placed)
}

/// What a store held at its last scan, a whole one before one that could not read everything.
fn holding(history: &History, entries: &[Entry], (host, name): &Place) -> Result<Holding> {
    let has = |entry: &&Entry| entry.host == *host && entry.stores.iter().any(|store| store.name == *name);
    let newest = entries.iter().rev().filter(has).find(|entry| entry.complete);
    let Some(entry) = newest.or_else(|| entries.iter().rev().find(has)) else { return Ok(Holding::default()) };
    if !entry.complete {
        let what = "no scan could read the whole store: what the work needs may be more";
        output::warn(what, "scan as a user who may read everything");
    }
    let snapshot = history.load(&entry.name)?;
    let store = snapshot.stores.iter().find(|store| store.name == *name);
    Ok(store.map_or_else(Holding::default, |store| Holding::of(store, utc_day(entry.taken_at))))
}
