//! `mailrunway window`: is there room for a maintenance and its roll-back?

mod backup;
mod subjects;

use std::collections::BTreeSet;
use std::process::ExitCode;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use self::backup::Destination;
use super::session::Session;
use super::{Context, output};
use crate::cli::WindowArgs;
use crate::history::{query, series::HistorySeries};
use crate::model::dates::{day, utc_day};
use crate::model::error::{Error, Result};
use crate::output::json::window as json;
use crate::output::view::window as view;
use crate::output::view::window::checklist;
use crate::planning::window::answer::{self, Question, WindowSeries};
use crate::planning::window::times::{Window, days_between, show};
use crate::planning::window::work::Work;

/// The exit status of NO-GO, which is a result, not an error.
const NO_GO: u8 = 1;

/// Success is GO.
pub(super) fn run(context: &Context, args: &WindowArgs) -> Result<ExitCode> {
    let window = Window::new(&args.at, args.lasts, &TimeZone::system())
        .ok_or_else(|| Error::usage("the window is outside of the calendar").hint("give --at an earlier time"))?;
    // --today begins at midnight in UTC, as all days of the history.
    let midnight = context.today.to_zoned_datetime(TimeZone::UTC).map(|midnight| midnight.timestamp()).ok();
    let now = midnight.filter(|_| args.model.today.is_some()).unwrap_or_else(Timestamp::now);
    check_not_past(&window, now)?;
    let session = Session::open(context)?.into_now();
    let stores = session.as_read(&args.selection.names());
    check_newest(&session)?;
    let destination = args.backup_to.as_deref().map(|path| Destination::open(path, context.host())).transpose()?;
    let chosen = chosen(&session, (&stores, destination.as_ref()))?;
    let mut works = args.needs.clone();
    works.extend(args.backup_to.iter().map(|_| Work::Backup));
    let mut subjects = subjects::subjects(&session, chosen, &stores)?;
    let newest = subjects.iter().filter_map(|subject| subject.subject.series.observations.last()).map(|o| o.time).max();
    if let Some(newest) = newest {
        check_ahead(&window, newest, context)?;
    }
    check_volumes(&works, args.backup_to.is_some(), &subjects)?;
    let target = destination.and_then(|destination| destination.charge(&mut subjects));
    if target.is_some() {
        works.retain(|&work| work != Work::Backup);
    }
    let question =
        Question { window, works, rolls_back: args.rollback, confidence: args.confidence, target, not_before: now };
    let subjects: Vec<WindowSeries> = subjects.into_iter().map(|subject| subject.subject).collect();
    let answer = answer::answer(&question, &subjects, &context.forecaster());
    let steps = checklist::steps(&answer, context.units);
    let document = || view::document(&answer, &steps, &context.view_options());
    output::Printer::new(args.format).print(document, || json::line(&answer, &steps))?;
    Ok(if answer.is_go() { ExitCode::SUCCESS } else { ExitCode::from(NO_GO) })
}

/// The chosen series, and those of the volume that takes their backup if the history has it.
fn chosen(session: &Session, (names, destination): (&[String], Option<&Destination>)) -> Result<Vec<HistorySeries>> {
    let mounts = destination.filter(|_| !names.is_empty()).map(|destination| destination.mounts(&session.entries));
    let all = [names, &mounts.unwrap_or_default()].concat();
    let mut chosen = session.series(&all)?;
    let is_on_its = |series: &HistorySeries| destination.is_some_and(|it| it.is_on(series.volume()));
    let is_asked = |series: &HistorySeries| match names.is_empty() {
        // A volume without stores may no longer exist.
        true => series.volume().is_none() || !series.stores.is_empty(),
        false => names.iter().any(|name| series.names.contains(name)),
    };
    // Another machine may have a volume with the name of the destination.
    chosen.retain(|series| is_asked(series) || is_on_its(series));
    Ok(chosen)
}

/// Fails if the newest snapshot of a machine is damaged: the one before it may have had more room.
fn check_newest(session: &Session) -> Result<()> {
    let hosts: BTreeSet<&str> = session.entries.iter().map(|entry| entry.host.as_str()).collect();
    // A machine has several names if it is a container.
    let is_same =
        |one: &str, other: &str| hosts.len() == 1 || query::machine_of_name(one) == query::machine_of_name(other);
    let has_later = |name: &str| session.entries.iter().any(|entry| *entry.name > *name && is_same(&entry.name, name));
    match session.damaged.iter().all(|name| has_later(name)) {
        true => Ok(()),
        false => Err(Error::new("whether there is room cannot be told: the newest snapshot is damaged")
            .hint("scan again; or restore the snapshot, or remove it: `mailrunway history remove`")),
    }
}

fn check_not_past(window: &Window, now: Timestamp) -> Result<()> {
    if window.from.timestamp() >= now {
        return Ok(());
    }
    Err(Error::usage(format!("the window has begun: {}", show(&window.from)))
        .hint("give --at a time to come, or judge as of an earlier day with --today"))
}

/// Copies of a store need space on its volume, which the store's own limit does not show.
fn check_volumes(works: &[Work], has_place: bool, subjects: &[subjects::Placed]) -> Result<()> {
    let takes_volume = |work: &&Work| matches!(work, Work::Snapshot) || (!has_place && matches!(work, Work::Backup));
    let Some(work) = works.iter().find(takes_volume) else { return Ok(()) };
    if subjects.iter().any(|subject| subject.subject.is_volume) {
        return Ok(());
    }
    let what = format!("a {} takes room on a volume, and the history has no volume here", work.word());
    let hint = match work {
        Work::Backup => "name its destination with --backup-to",
        _ => "scan the store with its volume: filesystem = false in the settings leaves it out",
    };
    Err(Error::usage(what).hint(hint))
}

/// A forecast covers the time from the last scan to the horizon.
fn check_ahead(window: &Window, newest: Timestamp, context: &Context) -> Result<()> {
    let (begins, ends) = (window.from.timestamp(), window.to.timestamp());
    if begins < newest {
        let last = day(utc_day(newest));
        return Err(Error::usage(format!("the window begins before the last scan, of {last}"))
            .hint("give --at a time after it"));
    }
    let horizon = context.settings.horizon;
    if days_between(newest, ends) > f64::from(horizon.0) - 1.0 {
        return Err(Error::usage(format!("the window ends beyond the horizon of {horizon} after the last scan"))
            .hint("give --at an earlier time, or a longer --horizon"));
    }
    Ok(())
}
