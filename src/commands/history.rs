//! `mailrunway history`: the snapshots themselves, and what people say of them.

mod event;

use jiff::civil::Date;
use serde::Serialize;

use super::session::Session;
use super::{Context, output};
use crate::cli::HistoryCommand;
use crate::history::SnapshotEntry;
use crate::model::dates::utc_day;
use crate::model::error::{Error, Result};
use crate::model::escape;
use crate::model::series::table;
use crate::output::json::scan as json;
use crate::output::view::history as view;

/// Runs the command.
pub(super) fn run(context: &Context, command: &HistoryCommand) -> Result<()> {
    let session = Session::open(context)?;
    let entries = &session.entries;
    match command {
        HistoryCommand::Event(command) => event::run(&session, command),
        HistoryCommand::List(args) => {
            let document = || view::list(entries, context.units);
            output::Printer::new(args.format).print(document, || list_json(entries))
        }
        HistoryCommand::Show(args) => {
            let entry = choose(entries, args.snapshot.as_deref())
                .ok_or_else(|| Error::new("there is no such snapshot").hint("`mailrunway history list` lists them"))?;
            let snapshot = session.history.load(&entry.name)?;
            let document = || view::snapshot(&snapshot, context.units);
            output::Printer::new(args.format).print(document, || json::line(&snapshot) + "\n")
        }
    }
}

/// The snapshot of that name, or the last one up to that time; without either the last.
fn choose<'a>(entries: &'a [SnapshotEntry], wanted: Option<&str>) -> Option<&'a SnapshotEntry> {
    let Some(wanted) = wanted else { return entries.last() };
    let of_name = entries.iter().find(|entry| entry.name == wanted);
    of_name.or_else(|| {
        // A day without an hour means all of it.
        let day: Option<Date> = wanted.parse().ok().filter(|_| wanted.len() <= 10);
        let time = table::parse_time(wanted).ok()?;
        let is_up_to = |entry: &&SnapshotEntry| match day {
            Some(day) => utc_day(entry.taken_at) <= day,
            None => entry.taken_at <= time,
        };
        entries.iter().rev().find(is_up_to)
    })
}

#[derive(Serialize)]
struct EntryJson<'a> {
    schema_version: u32,
    snapshot: &'a str,
    taken_at: jiff::Timestamp,
    host: &'a str,
    complete: bool,
    stores: Vec<StoreJson<'a>>,
}

#[derive(Serialize)]
struct StoreJson<'a> {
    store: &'a str,
    root: &'a str,
    mailboxes: u64,
    messages: u64,
    message_bytes: u64,
    allocated_bytes: u64,
}

fn list_json(entries: &[SnapshotEntry]) -> String {
    let mut lines = String::new();
    for entry in entries {
        let stores = entry.stores.iter().map(|store| StoreJson {
            store: &store.name,
            root: &store.root,
            mailboxes: store.mailboxes,
            messages: store.tally.messages,
            message_bytes: store.tally.message_bytes,
            allocated_bytes: store.tally.allocated_bytes,
        });
        let json = EntryJson {
            schema_version: 1,
            snapshot: &entry.name,
            taken_at: entry.taken_at,
            host: &entry.host,
            complete: entry.complete,
            stores: stores.collect(),
        };
        lines += &escape::json(&json);
        lines.push('\n');
    }
    lines
}
