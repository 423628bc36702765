//! `mailrunway history`: the snapshots themselves, and what people say of them.

mod event;

use jiff::civil::Date;
use serde::Serialize;

use super::session::Session;
use super::{Context, output};
use crate::cli::{HistoryCommand, TextOrJson};
use crate::history::Entry;
use crate::model::dates::utc_day;
use crate::model::error::{Error, Result};
use crate::model::escape;
use crate::model::series::{count, table};
use crate::model::snapshot::Snapshot;
use crate::output::columns::plain;
use crate::output::json::scan as json;
use crate::output::view::scan as text;

/// Runs the command.
pub(super) fn run(context: &Context, command: &HistoryCommand) -> Result<()> {
    let session = Session::open(context)?;
    let entries = &session.entries;
    match command {
        HistoryCommand::Event(command) => event::run(&session, command),
        HistoryCommand::List(args) => match args.format {
            TextOrJson::Text => output::print(&list(context, entries)),
            TextOrJson::Json => output::print(&list_json(entries)),
        },
        HistoryCommand::Show(args) => {
            let entry = choose(entries, args.snapshot.as_deref())
                .ok_or_else(|| Error::new("there is no such snapshot").hint("`mailrunway history list` lists them"))?;
            let snapshot = session.history.load(&entry.name)?;
            match args.format {
                TextOrJson::Json => output::print(&(json::line(&snapshot) + "\n")),
                TextOrJson::Text => {
                    let partial = if snapshot.complete { "" } else { " (partial)" };
                    let host = escape::printable(&snapshot.host);
                    let head = format!("{} on {host}{partial}\n", snapshot.taken_at);
                    output::print(&(head + &text::summary(&snapshot, context.units) + &details(context, &snapshot)))
                }
            }
        }
    }
}

/// The snapshot of that name, or the last one up to that time; without either the last.
fn choose<'a>(entries: &'a [Entry], wanted: Option<&str>) -> Option<&'a Entry> {
    let Some(wanted) = wanted else { return entries.last() };
    let of_name = entries.iter().find(|entry| entry.name == wanted);
    of_name.or_else(|| {
        // A day without an hour means all of it.
        let day: Option<Date> = wanted.parse().ok().filter(|_| wanted.len() <= 10);
        let time = table::parse_time(wanted).ok()?;
        let is_up_to = |entry: &&Entry| match day {
            Some(day) => utc_day(entry.taken_at) <= day,
            None => entry.taken_at <= time,
        };
        entries.iter().rev().find(is_up_to)
    })
}

/// The mailboxes, and what could not be read.
fn details(context: &Context, snapshot: &Snapshot) -> String {
    let mut rows = Vec::new();
    for mailbox in snapshot.stores.iter().flat_map(|store| &store.mailboxes) {
        rows.push(vec![
            escape::printable(&mailbox.address()).into_owned(),
            escape::printable(&mailbox.layout).into_owned(),
            mailbox.folders.len().to_string(),
            count(mailbox.tally.messages as f64),
            context.units.show(mailbox.tally.on_disk() as f64),
        ]);
    }
    let mut text = String::new();
    if !rows.is_empty() {
        text = format!("\n{}", plain(&["mailbox", "layout", "folders", "messages", "on disk"], &rows, 2));
    }
    for problem in &snapshot.problems {
        text += &format!("\n{}: {}\n", escape::printable(&problem.path), escape::printable(&problem.detail));
    }
    text
}

fn list(context: &Context, entries: &[Entry]) -> String {
    let header = ["taken at", "snapshot", "stores", "mailboxes", "messages", "on disk", ""];
    let rows: Vec<Vec<String>> = entries
        .iter()
        .map(|entry| {
            let sum = |value: fn(&crate::history::StoreEntry) -> u64| entry.stores.iter().map(value).sum::<u64>();
            let stores: Vec<_> = entry.stores.iter().map(|store| escape::printable(&store.name)).collect();
            vec![
                entry.taken_at.to_string(),
                escape::printable(&entry.name).into_owned(),
                stores.join(" "),
                count(sum(|store| store.mailboxes) as f64),
                count(sum(|store| store.tally.messages) as f64),
                context.units.show(sum(|store| store.tally.on_disk()) as f64),
                if entry.complete { String::new() } else { "partial".to_owned() },
            ]
        })
        .collect();
    plain(&header, &rows, 3)
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

fn list_json(entries: &[Entry]) -> String {
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
