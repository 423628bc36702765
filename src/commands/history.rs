//! `mailrunway history`: the snapshots and the declared events, and their care.

mod compact;
mod event;
mod names;
mod prune;
mod remove;

use jiff::civil::Date;

use super::session::Session;
use super::{Context, output};
use crate::cli::{HistoryCommand, ListArgs};
use crate::history::{History, SnapshotEntry};
use crate::model::error::{Error, Result};
use crate::model::{dates::utc_day, json, numbers::counted, series::table};
use crate::output::view::history as view;

pub(super) fn run(context: &Context, command: &HistoryCommand) -> Result<()> {
    match command {
        HistoryCommand::Verify(args) => verify(context, args),
        HistoryCommand::Remove(args) => remove::run(context, args),
        HistoryCommand::Prune(args) => prune::run(context, args),
        HistoryCommand::Compact(args) => compact::run(context, args),
        HistoryCommand::Event(command) => event::run(&Session::open(context)?, command),
        HistoryCommand::Names(args) => names::run(&Session::open(context)?, args),
        HistoryCommand::List(args) => {
            let mut entries = Session::open(context)?.entries;
            entries.iter_mut().for_each(|entry| entry.name = entry.shown_name());
            let document = || view::list(&entries, context.units);
            output::Printer::new(args.format).print(document, || json::lines(&entries))
        }
        HistoryCommand::Show(args) => {
            let session = Session::open(context)?;
            let entry = choose(&session.entries, args.snapshot.as_deref()).ok_or_else(|| {
                Error::usage("there is no such snapshot").hint("`mailrunway history list` lists them")
            })?;
            let snapshot = session.history.load(&entry.name)?;
            let document = || view::snapshot(&snapshot, context.units);
            output::Printer::new(args.format).print(document, || json::line(&snapshot))
        }
    }
}

/// Checks all files, also of a history of which no snapshot can be read.
fn verify(context: &Context, args: &ListArgs) -> Result<()> {
    let root = &context.settings.history;
    let checked = History::open(root)?.verify()?;
    output::Printer::new(args.format).print(|| view::checked(&checked), || json::lines(&checked.damaged))?;
    match checked.damaged.len() {
        0 => Ok(()),
        damaged => {
            let (files, verb) = (counted(checked.files, "file"), if damaged == 1 { "is" } else { "are" });
            let hint = "do what is said at each; the other files are whole, and every command uses them";
            Err(Error::new(format!("{damaged} of {files} {verb} damaged")).at(root).hint(hint))
        }
    }
}

/// The snapshot with that name, or the last one up to that time; the last without either.
fn choose<'a>(entries: &'a [SnapshotEntry], wanted: Option<&str>) -> Option<&'a SnapshotEntry> {
    let Some(wanted) = wanted else { return entries.last() };
    let of_name = entries.iter().find(|entry| entry.name == wanted || entry.shown_name() == wanted);
    of_name.or_else(|| {
        // A date means the whole day.
        let day: Option<Date> = wanted.parse().ok().filter(|_| wanted.len() <= 10);
        let time = table::parse_time(wanted).ok()?;
        let is_up_to = |entry: &&SnapshotEntry| match day {
            Some(day) => utc_day(entry.taken_at) <= day,
            None => entry.taken_at <= time,
        };
        entries.iter().rev().find(is_up_to)
    })
}
