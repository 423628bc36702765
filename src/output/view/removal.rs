//! What was removed from a history, or would be.

use super::history::event;
use crate::history::compaction::Month;
use crate::history::departure::Departure;
use crate::history::imports::Target;
use crate::history::removal::Cut;
use crate::model::bytes::Units;
use crate::model::numbers::counted;
use crate::output::document::{Block, Document, Table, printable, say};
use crate::planning::prune::Group;

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

/// The months that were written, or would be.
pub(crate) fn compacted(months: &[Month], is_dry_run: bool) -> Document<'static> {
    let rows = months
        .iter()
        .map(|month| [printable(&month.name), month.kept.len().to_string(), month.thinned.len().to_string()]);
    let table = Table::new(&["month", "snapshots", removed_word(is_dry_run)]).with(rows);
    let count = |of: fn(&Month) -> usize| months.iter().map(of).sum::<usize>() as u64;
    let kept = counted(count(|month| month.kept.len()), "snapshot");
    let verb = if is_dry_run { "would be put" } else { "put" };
    let removed = format!("{} {}", count(|month| month.thinned.len()), removed_word(is_dry_run));
    let text = match months.len() as u64 {
        0 => "nothing to do: no finished month has several snapshots of their own".to_owned(),
        written => format!("{kept} {verb} into {}, {removed}", counted(written, "month")),
    };
    Document::short(table.block().into_iter().chain([say(text)]).collect())
}

fn summary(removed: usize, kept: usize, is_dry_run: bool) -> String {
    format!("{} {}, {kept} kept", counted(removed as u64, "snapshot"), removed_word(is_dry_run))
}
