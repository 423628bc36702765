//! What leaves a history, or would, as lines of JSON.

use schemars::JsonSchema;
use serde::Serialize;

use crate::history::compaction::Month;
use crate::history::departure::Departure;
use crate::history::imports::Target;
use crate::history::ledger::DeclaredEvent;
use crate::history::removal::Cut;
use crate::model::json;
use crate::output::view::removal::Removal;
use crate::planning::prune::{Group, Judged};

/// What happens to a snapshot, event, import or forecasts.
#[derive(Clone, Copy, Default, JsonSchema, Serialize)]
#[serde(rename_all = "snake_case")]
enum Action {
    /// It goes.
    #[default]
    Remove,
    /// It goes from some stores only.
    Cut,
    /// It stays under another name.
    Rename,
    /// It stays.
    Keep,
}

/// What changes: one of `snapshot`, `event`, `series` and `import`.
#[derive(Default, JsonSchema, Serialize)]
pub(crate) struct RemovalLine<'a> {
    /// What happens to it.
    action: Action,
    /// The name of a snapshot.
    #[serde(skip_serializing_if = "Option::is_none")]
    snapshot: Option<&'a str>,
    /// The stores that leave the snapshot, if others stay in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    stores: Option<Vec<&'a str>>,
    /// A declared event.
    #[serde(skip_serializing_if = "Option::is_none")]
    event: Option<&'a DeclaredEvent>,
    /// The name of a series whose recorded forecasts change.
    #[serde(skip_serializing_if = "Option::is_none")]
    series: Option<&'a str>,
    /// The name under which the event or the forecasts stay.
    #[serde(skip_serializing_if = "Option::is_none")]
    new_name: Option<&'a str>,
    /// An import.
    #[serde(skip_serializing_if = "Option::is_none")]
    import: Option<&'a Target>,
    /// Whether this was only asked, and nothing was done.
    dry_run: bool,
}

/// A line for each snapshot that changes, and for each event, series and import.
pub(crate) fn removed(removal: &Removal) -> String {
    let dry_run = removal.is_dry_run;
    let cut = |(name, cut): &'_ (String, Cut)| match cut {
        Cut::Whole => json::line(&RemovalLine { snapshot: Some(name), dry_run, ..RemovalLine::default() }),
        Cut::Stores(stores) => {
            let (action, stores) = (Action::Cut, Some(stores.iter().map(String::as_str).collect()));
            json::line(&RemovalLine { action, snapshot: Some(name), stores, dry_run, ..RemovalLine::default() })
        }
    };
    let action = |new: &Option<String>| if new.is_some() { Action::Rename } else { Action::Remove };
    let event = |(event, new): &(DeclaredEvent, Option<String>)| {
        let (action, new_name) = (action(new), new.as_deref());
        json::line(&RemovalLine { action, event: Some(event), new_name, dry_run, ..RemovalLine::default() })
    };
    let series = |(old, new): (&String, &Option<String>)| {
        let (action, series, new_name) = (action(new), Some(old.as_str()), new.as_deref());
        json::line(&RemovalLine { action, series, new_name, dry_run, ..RemovalLine::default() })
    };
    let import = |import| json::line(&RemovalLine { import: Some(import), dry_run, ..RemovalLine::default() });
    let Departure { events, series: all } = &removal.departure;
    let imports = removal.imports.iter().map(import);
    removal.cuts.iter().map(cut).chain(events.iter().map(event)).chain(all.iter().map(series)).chain(imports).collect()
}

/// A snapshot that is kept or removed.
#[derive(JsonSchema, Serialize)]
pub(crate) struct PruningLine<'a> {
    /// Whether it stays.
    action: Action,
    /// The machine.
    host: &'a str,
    /// The stores, by name.
    stores: &'a [String],
    #[serde(flatten)]
    judged: &'a Judged,
    /// Whether this was only asked, and nothing was done.
    dry_run: bool,
}

/// A line for each snapshot.
pub(crate) fn pruned(groups: &[Group], dry_run: bool) -> String {
    let lines = groups.iter().flat_map(|group| {
        group.snapshots.iter().map(move |judged| {
            let action = if judged.is_kept() { Action::Keep } else { Action::Remove };
            PruningLine { action, host: &group.host, stores: &group.stores, judged, dry_run }
        })
    });
    json::lines(lines)
}

/// A month in one piece.
#[derive(JsonSchema, Serialize)]
pub(crate) struct CompactionLine<'a> {
    /// Its name.
    month: &'a str,
    /// The snapshots in it, by name.
    snapshots: &'a [String],
    /// The snapshots that left, of weeks that have a later one.
    removed: &'a [String],
    /// Whether this was only asked, and nothing was done.
    dry_run: bool,
}

/// A line for each month.
pub(crate) fn compacted(months: &[Month], dry_run: bool) -> String {
    json::lines(months.iter().map(|Month { name, kept, thinned }| CompactionLine {
        month: name,
        snapshots: kept,
        removed: thinned,
        dry_run,
    }))
}
