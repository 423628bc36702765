//! What else leaves a history with stores and machines: declared events, and issued forecasts.

use std::collections::BTreeMap;

use super::SnapshotEntry;
use super::imports::Import;
use super::ledger::DeclaredEvent;
use super::series::{HistorySeries, Limits, concerned, series};

/// The events and series that are no longer what they were.
#[derive(Clone, Debug, Default)]
pub struct Departure {
    /// Events, each with its new name, or without one if nothing of what it changed is left.
    pub events: Vec<(DeclaredEvent, Option<String>)>,
    /// New names of series, by the old one; `None` for those that are gone.
    pub series: BTreeMap<String, Option<String>>,
}

/// The departure from the snapshots and imports before to those after. An event of a store that is gone stays with its volume, which it
/// changed, too.
pub fn departure(
    before: (&[SnapshotEntry], &[Import]),
    after: (&[SnapshotEntry], &[Import]),
    limits: &Limits,
    declared: &[DeclaredEvent],
) -> Departure {
    let [before, after] = [before, after].map(|(entries, imports)| series(entries, imports, limits, &[]));
    let now = |one: &HistorySeries| after.iter().find(|other| is_same(one, other)).map(|one| one.series.name.clone());
    let renamed = before.iter().map(|one| (one.series.name.clone(), now(one)));
    let series = renamed.filter(|(old, new)| new.as_ref() != Some(old)).collect();
    let event = |event: &DeclaredEvent| {
        let concerned_before = concerned(&before, event);
        if concerned_before.is_empty() || !concerned(&after, event).is_empty() {
            return None;
        }
        Some((event.clone(), concerned_before.into_iter().find_map(|index| now(&before[index]))))
    };
    Departure { events: declared.iter().filter_map(event).collect(), series }
}

/// Whether both are of one volume, or of one store with a limit, whatever their names.
fn is_same(one: &HistorySeries, other: &HistorySeries) -> bool {
    one.series.identity == other.series.identity
}
