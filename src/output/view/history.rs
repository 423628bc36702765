//! A history: its snapshots, one snapshot in full, and its declared events.

use super::scan;
use crate::history::verify::{Checked, Damage};
use crate::history::{SnapshotEntry, StoreEntry, ledger::DeclaredEvent};
use crate::model::numbers::{count, counted};
use crate::model::{bytes::Units, escape, snapshot::Snapshot};
use crate::output::document::{Block, Document, Table, printable, say};

/// One row for each snapshot.
pub(crate) fn list(entries: &[SnapshotEntry], units: Units) -> Document<'static> {
    let row = |entry: &SnapshotEntry| {
        let sum = |value: fn(&StoreEntry) -> u64| entry.stores.iter().map(value).sum::<u64>();
        let stores: Vec<_> = entry.stores.iter().map(|store| escape::printable(&store.name)).collect();
        [
            printable(&entry.name),
            stores.join(" "),
            count(sum(|store| store.mailboxes) as f64),
            count(sum(|store| store.tally.messages) as f64),
            units.show(sum(|store| store.tally.on_disk()) as f64),
            if entry.complete { String::new() } else { "partial".to_owned() },
        ]
    };
    let table = Table::new(&["snapshot", "stores", "mailboxes", "messages", "on disk", ""]);
    Document::short(vec![Block::Table(Table { left: 2, ..table.with(entries.iter().map(row)) })])
}

pub(crate) fn snapshot(snapshot: &Snapshot, units: Units) -> Document<'static> {
    let partial = if snapshot.complete { "" } else { " (partial)" };
    let mut blocks = vec![say(format!("{} on {}{partial}", snapshot.taken_at, escape::printable(&snapshot.host)))];
    blocks.extend(scan::document(snapshot, units).blocks);
    let mailboxes = snapshot.stores.iter().flat_map(|store| &store.mailboxes);
    let rows = mailboxes.map(|mailbox| {
        [
            printable(&mailbox.address()),
            printable(&mailbox.layout),
            mailbox.folders.len().to_string(),
            count(mailbox.tally.messages as f64),
            units.show(mailbox.tally.on_disk() as f64),
        ]
    });
    let table = Table::new(&["mailbox", "layout", "folders", "messages", "on disk"]).with(rows);
    blocks.extend(Table { left: 2, ..table }.block());
    let problems = snapshot.problems.iter();
    let items: Vec<String> =
        problems.map(|one| format!("{}: {}", printable(&one.path), printable(&one.detail))).collect();
    if !items.is_empty() {
        blocks.push(Block::List { items });
    }
    Document::short(blocks)
}

/// One row for each pseudonym and its name.
pub(crate) fn names<'n>(pairs: impl Iterator<Item = [&'n str; 2]>) -> Document<'static> {
    let table = Table::new(&["pseudonym", "name"]).with(pairs.map(|pair| pair.map(printable)));
    Document::short(vec![Block::Table(Table { left: 2, ..table })])
}

/// Each damaged file, or that there is none.
pub(crate) fn checked(checked: &Checked) -> Document<'static> {
    let (files, snapshots) = (counted(checked.files, "file"), counted(checked.snapshots, "snapshot"));
    if checked.damaged.is_empty() {
        return Document::short(vec![say(format!("{files} of {snapshots}: each is as it was written"))]);
    }
    let blocks = checked.damaged.iter().flat_map(|damage| {
        let Damage { file, problem, lost, hint } = damage;
        [say(file), Block::List { items: vec![problem.clone(), format!("lost: {lost}"), format!("to do: {hint}")] }]
    });
    Document::short(blocks.collect())
}

/// One row for each event.
pub(crate) fn events(events: &[DeclaredEvent], units: Units) -> Document<'static> {
    let row = |event: &DeclaredEvent| {
        [
            event.date.to_string(),
            event.kind.word().to_owned(),
            printable(&event.name),
            printable(event.note.as_deref().unwrap_or("")),
            signed(event.size, |bytes| units.show(bytes)),
            event.inodes.map_or(String::new(), |inodes| signed(inodes, count)),
            event.id.to_string(),
        ]
    };
    let table = Table::new(&["date", "kind", "of", "note", "size", "inodes", "id"]);
    Document::short(vec![Block::Table(Table { left: 4, ..table.with(events.iter().map(row)) })])
}

/// An event in a sentence without the full stop.
pub(crate) fn event(event: &DeclaredEvent, units: Units) -> String {
    let inodes = event.inodes.map_or(String::new(), |inodes| format!(", {} inodes", signed(inodes, count)));
    let note = event.note.as_ref().map_or(String::new(), |note| format!(" ({})", escape::printable(note)));
    let DeclaredEvent { id, date, kind, .. } = event;
    let (kind, name) = (kind.word(), escape::printable(&event.name));
    let size = signed(event.size, |bytes| units.show(bytes));
    format!("event {id}: {kind} of {name}, {date} {size}{inodes}{note}")
}

fn signed(amount: i64, show: impl Fn(f64) -> String) -> String {
    let sign = if amount < 0 { "" } else { "+" };
    format!("{sign}{}", show(amount as f64))
}
