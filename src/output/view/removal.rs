//! What was removed from a history, or would be.

use serde::Serialize;

use super::history::event;
use crate::history::departure::Departure;
use crate::history::imports::Target;
use crate::history::ledger::DeclaredEvent;
use crate::history::removal::Cut;
use crate::model::numbers::counted;
use crate::model::{bytes::Units, json};
use crate::output::document::{Block, Document, Table, printable, say};
use crate::planning::prune::{Group, Judged};

/// A removal of snapshots, stores and machines.
#[derive(Debug)]
pub(crate) struct Removal {
    /// What leaves which snapshot.
    pub cuts: Vec<(String, Cut)>,
    /// The imports that go.
    pub imports: Vec<Target>,
    pub departure: Departure,
    /// The number of snapshots that stay, some with fewer stores.
    pub kept: usize,
    pub is_dry_run: bool,
}

fn removed_word(is_dry_run: bool) -> &'static str {
    if is_dry_run { "would be removed" } else { "removed" }
}

pub(crate) fn removed(removal: &Removal, units: Units) -> Document<'static> {
    let Removal { cuts, imports, departure, kept, is_dry_run } = removal;
    let what = |cut: &Cut| match cut {
        Cut::Whole => "all of it".to_owned(),
        Cut::Stores(stores) => stores.iter().map(|store| printable(store)).collect::<Vec<_>>().join(" "),
    };
    let rows = cuts.iter().map(|(name, cut)| [printable(name), what(cut)]);
    let table = Table::new(&["snapshot", removed_word(*is_dry_run)]).with(rows);
    let mut blocks: Vec<Block> = Table { left: 2, ..table }.block().into_iter().collect();
    let kept_word = if *is_dry_run { "would be kept" } else { "kept" };
    let events = departure.events.iter().map(|(one, name)| match name {
        Some(name) => format!("{}: {kept_word}, as one of {}", event(one, units), printable(name)),
        None => format!("{}: {}", event(one, units), removed_word(*is_dry_run)),
    });
    let series = departure.series.iter().map(|(old, new)| match new {
        Some(new) => format!("forecasts of {}: {kept_word}, as those of {}", printable(old), printable(new)),
        None => format!("forecasts of {}: {}", printable(old), removed_word(*is_dry_run)),
    });
    let imports = imports.iter().map(|import| {
        format!("import of {} ({}): {}", printable(&import.name), import.resource, removed_word(*is_dry_run))
    });
    let items: Vec<String> = events.chain(series).chain(imports).collect();
    if !items.is_empty() {
        blocks.push(Block::List { items });
    }
    let whole = cuts.iter().filter(|(_, cut)| *cut == Cut::Whole).count();
    let fewer = cuts.len() - whole;
    let more = if fewer > 0 { format!(", {fewer} of them with fewer stores") } else { String::new() };
    blocks.push(say(summary(whole, *kept, *is_dry_run) + &more));
    Document::short(blocks)
}

/// A line for each snapshot that changes, and for each event and series.
pub(crate) fn removed_json(removal: &Removal) -> String {
    #[derive(Default, Serialize)]
    struct Line<'a> {
        action: &'static str,
        #[serde(skip_serializing_if = "Option::is_none")]
        snapshot: Option<&'a str>,
        /// The stores that leave it.
        #[serde(skip_serializing_if = "Option::is_none")]
        stores: Option<Vec<&'a str>>,
        #[serde(skip_serializing_if = "Option::is_none")]
        event: Option<&'a DeclaredEvent>,
        /// The series whose forecasts leave.
        #[serde(skip_serializing_if = "Option::is_none")]
        series: Option<&'a str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        new_name: Option<&'a str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        import: Option<&'a Target>,
        dry_run: bool,
    }
    let dry_run = removal.is_dry_run;
    let cut = |(name, cut): &'_ (String, Cut)| match cut {
        Cut::Whole => json::line(&Line { action: "remove", snapshot: Some(name), dry_run, ..Line::default() }),
        Cut::Stores(stores) => {
            let stores = Some(stores.iter().map(String::as_str).collect());
            json::line(&Line { action: "cut", snapshot: Some(name), stores, dry_run, ..Line::default() })
        }
    };
    let action = |new: &Option<String>| if new.is_some() { "rename" } else { "remove" };
    let event = |(event, new): &(DeclaredEvent, Option<String>)| {
        let new_name = new.as_deref();
        json::line(&Line { action: action(new), event: Some(event), new_name, dry_run, ..Line::default() })
    };
    let series = |(old, new): (&String, &Option<String>)| {
        let (series, new_name) = (Some(old.as_str()), new.as_deref());
        json::line(&Line { action: action(new), series, new_name, dry_run, ..Line::default() })
    };
    let import = |import| json::line(&Line { action: "remove", import: Some(import), dry_run, ..Line::default() });
    let Departure { events, series: all } = &removal.departure;
    let imports = removal.imports.iter().map(import);
    removal.cuts.iter().map(cut).chain(events.iter().map(event)).chain(all.iter().map(series)).chain(imports).collect()
}

/// Each machine and set of stores with its snapshots.
pub(crate) fn pruned(groups: &[Group], is_dry_run: bool) -> Document<'static> {
    let mut blocks = Vec::new();
    for group in groups {
        let stores: Vec<String> = group.stores.iter().map(|store| printable(store)).collect();
        blocks.push(say(format!("{} on {}:", stores.join(" "), printable(&group.host))));
        let rows = group.snapshots.iter().map(|one| {
            let fate = if one.is_kept() { "kept" } else { removed_word(is_dry_run) };
            [printable(&one.snapshot), fate.to_owned(), one.reasons.join(", ")]
        });
        let table = Table::new(&["snapshot", "", "as"]).with(rows);
        blocks.extend(Table { left: 3, ..table }.block());
    }
    let all = || groups.iter().flat_map(|group| &group.snapshots);
    let kept = all().filter(|one| one.is_kept()).count();
    blocks.push(say(summary(all().count() - kept, kept, is_dry_run)));
    Document::short(blocks)
}

/// A line for each snapshot.
pub(crate) fn pruned_json(groups: &[Group], dry_run: bool) -> String {
    #[derive(Serialize)]
    struct Line<'a> {
        action: &'static str,
        host: &'a str,
        stores: &'a [String],
        #[serde(flatten)]
        judged: &'a Judged,
        dry_run: bool,
    }
    let lines = groups.iter().flat_map(|group| {
        group.snapshots.iter().map(move |judged| {
            let action = if judged.is_kept() { "keep" } else { "remove" };
            Line { action, host: &group.host, stores: &group.stores, judged, dry_run }
        })
    });
    json::lines(lines)
}

fn summary(removed: usize, kept: usize, is_dry_run: bool) -> String {
    format!("{} {}, {kept} kept", counted(removed as u64, "snapshot"), removed_word(is_dry_run))
}
