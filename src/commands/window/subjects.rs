//! What a window is asked about: the series that were named, and what the stores hold that count for each.

use std::collections::BTreeMap;

use crate::commands::output;
use crate::commands::session::Session;
use crate::history::SnapshotEntry;
use crate::history::series::HistorySeries;
use crate::model::dates::utc_day;
use crate::model::error::Result;
use crate::planning::window::answer::WindowSeries;
use crate::planning::window::contents::{Amount, StoreContents};

/// A store or a volume: its machine, and its name or its mount point.
pub(super) type Place = (String, String);

/// A series with what the stores hold, and which volume it is.
#[derive(Debug)]
pub(super) struct Placed {
    /// The series, and what the stores hold.
    pub subject: WindowSeries,
    /// The machine and the mount point, if it is a volume.
    pub volume: Option<Place>,
    /// What each of the stores holds.
    pub stores: BTreeMap<Place, StoreContents>,
}

/// The series with what the stores hold, by the last whole scan of each store. Where a store is named, it alone is worked
/// on, and not what else lies on its volume; on a volume that none of the names is for, nothing is.
pub(super) fn subjects(session: &Session, chosen: Vec<HistorySeries>, names: &[String]) -> Result<Vec<Placed>> {
    let mut known: BTreeMap<Place, StoreContents> = BTreeMap::new();
    let mut placed = Vec::new();
    for series in chosen {
        let names_a_store = |name: &&String| series.stores.iter().any(|(_, store)| store == *name);
        let named: Vec<&String> = names.iter().filter(|name| series.names.contains(*name)).collect();
        // A volume that nobody named only takes the backup.
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
        // A backup takes room on the volume, and none of the store's own limit.
        if series.volume.is_none() {
            holding.backup = Amount::default();
        }
        let subject = WindowSeries {
            series: series.series,
            holding,
            is_volume: series.volume.is_some(),
            only_backup: !all && named.is_empty(),
        };
        placed.push(Placed { subject, volume: series.volume, stores });
    }
    Ok(placed)
}

/// What a store held at its last scan, one that read all of it before one that could not, or that estimated.
fn holding(session: &Session, (host, name): &Place) -> Result<StoreContents> {
    let of_host = || session.entries.iter().rev().filter(|entry| entry.host == *host);
    let held =
        |entry: &SnapshotEntry| entry.stores.iter().find(|store| store.name == *name).map(|store| store.is_estimated);
    let whole = of_host().find(|entry| entry.complete && held(entry) == Some(false));
    let whole = whole.or_else(|| of_host().find(|entry| entry.complete && held(entry).is_some()));
    let Some(entry) = whole.or_else(|| of_host().find(|entry| held(entry).is_some())) else {
        return Ok(StoreContents::default());
    };
    if !entry.complete {
        let what = "no scan could read the whole store: what the work needs may be more";
        output::warn(what, "scan as a user who may read everything");
    }
    let snapshot = session.history.load(&entry.name)?;
    let store = snapshot.stores.iter().find(|store| store.name == *name);
    Ok(store.map_or_else(StoreContents::default, |store| StoreContents::from_store(store, utc_day(entry.taken_at))))
}
