//! `mailrunway history event`: events that people declare.

use jiff::civil::Date;

use crate::cli::{EventAddArgs, EventCommand, ListArgs};
use crate::commands::output;
use crate::commands::session::{Session, unknown_series};
use crate::history::ledger::{Added, DeclaredEvent, Saved};
use crate::history::series::{HistorySeries, concerned, series};
use crate::history::{SnapshotEntry, names};
use crate::model::error::{Error, Result};
use crate::model::{dates::utc_day, escape, json, series::EventKind};
use crate::output::view::history as view;

pub(super) fn run(session: &Session, command: &EventCommand) -> Result<()> {
    let Session { context, history, .. } = session;
    match command {
        EventCommand::Add(args) => add(session, args),
        EventCommand::List(args) => list(session, args),
        EventCommand::Remove(args) => match history.take_back(args.id)? {
            Some(Saved { change: event, warning }) => {
                warning.iter().for_each(output::warn_error);
                output::print_words(&format!("removed {}", view::event(&event, context.units)))
            }
            None => Err(Error::usage(format!("there is no event {}", args.id))
                .hint("`mailrunway history event list` lists them")),
        },
    }
}

fn add(session: &Session, args: &EventAddArgs) -> Result<()> {
    let Session { context, history, entries, imports, .. } = session;
    let all = series(entries, imports, &context.limits(), &[]);
    let name = match &args.name {
        Some(name) => name.clone(),
        None => only_store(entries)?,
    };
    if !all.iter().any(|series| series.names.contains(&name)) {
        return Err(unknown_series(&name, all.iter().map(|series| series.series.name.as_str())));
    }
    let (size, inodes) = signed_sizes(args)?;
    let (date, kind, note) = (args.date, args.kind, args.note.clone());
    let last_scan = entries.last().map(|entry| utc_day(entry.taken_at));
    let event = DeclaredEvent { id: 0, name, date, kind, size, inodes, note, last_scan };
    if concerned(&all, &event).is_empty() {
        return Err(Error::new(format!("nothing that is forecast of {} would change", escape::printable(&event.name)))
            .hint("inodes are those of volumes: name the mount point or a store on it"));
    }
    let Saved { change, warning } = history.declare(event)?;
    warning.iter().for_each(output::warn_error);
    let (head, event) = match change {
        Added::New(event) => ("added", event),
        Added::Existing(event) => ("it is there already:", event),
    };
    let more = consequences(&event, &all, entries);
    output::print_words(&format!("{head} {}\n{more}", view::event(&event, context.units)))
}

/// The only store of a history.
fn only_store(entries: &[SnapshotEntry]) -> Result<String> {
    let mut names: Vec<&str> = entries.iter().flat_map(|entry| &entry.stores).map(|s| s.name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    match names[..] {
        [name] => Ok(name.to_owned()),
        [] => Err(Error::new("the history has no store").hint("scan one first: `mailrunway scan PATH`")),
        _ => Err(Error::usage("the history has several stores")
            .hint(format!("name one, or a mount point: {}", escape::printable(&names.join(", "))))),
    }
}

/// The sizes in bytes and inodes, with the sign of the kind.
fn signed_sizes(args: &EventAddArgs) -> Result<(i64, Option<i64>)> {
    let kind = args.kind;
    let of_kind = match kind {
        EventKind::Import => Some(false),
        EventKind::Purge => Some(true),
        EventKind::Step | EventKind::Capacity => None,
    };
    let wrong = |what: &str, hint: &str| Error::usage(format!("--kind {}: the size {what}", kind.word())).hint(hint);
    let size = args.size.with_default(of_kind);
    let size = size.ok_or_else(|| wrong("needs a sign", "write --size +2TiB for more, --size -2TiB for less"))?;
    let inodes = args.inodes.and_then(|inodes| inodes.with_default(Some(size < 0)));
    let goes_against = |amount: i64| of_kind.is_some_and(|is_minus| amount != 0 && is_minus != (amount < 0));
    if goes_against(size) || inodes.is_some_and(goes_against) {
        return Err(wrong(
            "has the wrong sign",
            "an import adds, a purge removes; leave the sign out, or use --kind step",
        ));
    }
    if size == 0 && inodes.unwrap_or(0) == 0 {
        return Err(wrong("is zero", "give the bytes or inodes that it added or removed"));
    }
    Ok((size, inodes))
}

/// The series that an event changes, and how.
fn consequences(event: &DeclaredEvent, all: &[HistorySeries], entries: &[SnapshotEntry]) -> String {
    let series = concerned(all, event).into_iter().map(|index| &all[index].series);
    let names: Vec<String> =
        series.map(|series| format!("{} ({})", escape::printable(&series.name), series.resource)).collect();
    let days: Vec<Date> = entries.iter().map(|entry| utc_day(entry.taken_at)).collect();
    let when = match (days.first(), days.last()) {
        (_, Some(&last)) if event.date > last => "announced, as it is after the last scan",
        (Some(&first), _) if event.date <= first => "without effect, as it is before the first scan",
        _ if event.kind == EventKind::Capacity => "noted beside the limit that the scans saw",
        _ => "taken out of the growth",
    };
    format!("  {when}: {}", names.join(", "))
}

fn list(session: &Session, args: &ListArgs) -> Result<()> {
    let mut events = session.history.declared()?;
    for event in events.iter_mut().filter(|_| names::are_hidden()) {
        let known = session.as_read(std::slice::from_ref(&event.name)).remove(0);
        event.name = match known.starts_with('/') {
            _ if known != event.name => known,
            // Of the root, or of a store that is gone.
            true => names::path(&event.name).into_owned(),
            false => names::store(&event.name).into_owned(),
        };
        event.note = None;
    }
    let document = || view::events(&events, session.context.units);
    output::Printer::new(args.format).print(document, || json::lines(&events))
}
