//! The open history of a command, with its snapshots, its record of forecasts and its series.

mod partial;
mod pictures;
mod present;
pub(super) mod quotas;
mod report;
mod sample;
mod scenarios;

use std::cell::OnceCell;
use std::collections::HashMap;

use jiff::ToSpan;
use jiff::civil::Date;

use super::{Context, output};
use crate::forecast::record::{resolve, spread};
use crate::forecast::{Forecast, issue};
use crate::history::imports::Import;
use crate::history::series::{HistorySeries, series};
use crate::history::{History, SnapshotEntry, issued::IssuedForecast, names, query};
use crate::model::dates::{day, utc_day};
use crate::model::error::{Error, Result};
use crate::model::{escape, numbers::counted, series::Series};
use crate::planning::mailbox_series::MailboxSeries;

/// Series forecast and printed together: enough for all cores, small in memory.
pub(super) const BATCH: usize = 512;
/// A history is old if its last scan is more days ago.
const OLD_DAYS: i32 = 10;

const NOT_RECORDED: &str = "add --no-record to ask without recording; or run as the user who owns the history";

/// An open history and the settings.
#[derive(Debug)]
pub struct Session<'a> {
    /// The settings.
    pub context: &'a Context,
    /// The history.
    pub history: History,
    /// The snapshots that can be read and were known today.
    pub entries: Vec<SnapshotEntry>,
    /// What was imported, as far as it was known today.
    pub imports: Vec<Import>,
    /// The names of the snapshots that cannot be read.
    pub(super) damaged: Vec<String>,
    /// Whether later snapshots were left out.
    is_past: bool,
    /// The share in use from which on a volume that is here is told as it is now.
    present_from: f64,
    issued: OnceCell<Vec<IssuedForecast>>,
    /// By the real name, if names are hidden.
    names: OnceCell<HashMap<String, String>>,
}

impl<'a> Session<'a> {
    /// Opens the history of the settings. Warns of snapshots that cannot be read.
    ///
    /// # Errors
    /// If there is no history, it cannot be listed, or every scan is later than `--today` or damaged.
    pub fn open(context: &'a Context) -> Result<Session<'a>> {
        let history = History::open(&context.settings.history)?;
        let found = history.entries()?;
        found.damaged.iter().for_each(|one| output::warn_error(&one.error));
        let days: Vec<Date> = found.entries.iter().map(|entry| utc_day(entry.taken_at)).collect();
        let mut entries = found.entries;
        entries.retain(|entry| context.knows(utc_day(entry.taken_at)));
        let mut damaged: Vec<String> = found.damaged.into_iter().map(|one| one.name).collect();
        damaged.retain(|name| query::day_of_name(name).is_none_or(|day| context.knows(day)));
        let imports = imports(context, &history)?;
        if let (true, Some(&first)) = (entries.is_empty() && imports.is_empty(), days.first()) {
            let error = match damaged.is_empty() {
                true => nothing_known(context.today, "scan", first),
                false => Error::new("every scan until --today is damaged")
                    .hint("`mailrunway history verify` says what is damaged and what to do"),
            };
            return Err(error.at(&context.settings.history));
        }
        let is_past = entries.len() < days.len();
        leave_out_future(context, &mut entries);
        let present_from = context.settings.policy.used_critical;
        let (issued, names) = (OnceCell::new(), OnceCell::new());
        Ok(Session { context, history, entries, imports, damaged, is_past, present_from, issued, names })
    }

    /// Tells every volume that is here as it is now.
    pub(super) fn into_now(self) -> Session<'a> {
        Session { present_from: 0.0, ..self }
    }

    /// Names of series that were given, as what is read names them.
    pub(super) fn as_read(&self, names: &[String]) -> Vec<String> {
        let mut names = names.to_vec();
        names.iter_mut().for_each(|name| self.hide(name));
        names
    }

    /// Hides the name of a series or store of this history.
    fn hide(&self, name: &mut String) {
        let imported = || self.imports.iter().map(|import| [import.target.host.as_str(), import.target.name.as_str()]);
        if let Some(read) = self.names.get_or_init(|| names::of_series(&self.entries, imported())).get(name) {
            name.clone_from(read);
        }
    }

    /// Every forecast issued until today that can be read.
    pub(crate) fn issued(&self) -> &[IssuedForecast] {
        self.issued.get_or_init(|| {
            let (mut issued, damaged) = self.history.issued().unwrap_or_else(|error| (Vec::new(), vec![error]));
            damaged.iter().for_each(output::warn_error);
            issued.retain(|one| self.context.knows(one.as_of));
            issued.iter_mut().for_each(|one| self.hide(&mut one.series));
            issued
        })
    }

    /// All series, without ages and record; volumes that are here, from a share in use on, as they are now.
    pub(super) fn all_series(&self) -> Result<Vec<HistorySeries>> {
        let mut declared = self.history.declared()?;
        declared.retain(|event| self.context.knows(event.known_since()));
        declared.iter_mut().for_each(|event| self.hide(&mut event.name));
        let mut all = series(&self.entries, &self.imports, &self.context.limits(), &declared);
        self.add_present(&mut all);
        Ok(all)
    }

    /// The series with these names, or all. There is at least one. Warns if the last scan is old.
    ///
    /// # Errors
    /// If a name is unknown, or there is nothing to forecast.
    pub fn series(&self, names: &[String]) -> Result<Vec<HistorySeries>> {
        let chosen = self.series_of_any_age(names)?;
        self.warn_if_old(chosen.iter().map(|series| &series.series));
        Ok(chosen)
    }

    /// As [`Session::series`], for an answer that tells the age itself.
    pub(super) fn series_of_any_age(&self, names: &[String]) -> Result<Vec<HistorySeries>> {
        match self.series_beside(names, &[])? {
            none if none.is_empty() => Err(self.nothing_to_forecast()),
            chosen => Ok(chosen),
        }
    }

    /// As [`Session::series`], but a name may also be one of a mailbox or domain, and the result may be empty.
    pub(super) fn series_beside(&self, names: &[String], mailboxes: &[MailboxSeries]) -> Result<Vec<HistorySeries>> {
        let all = self.all_series()?;
        let names = &self.as_read(names);
        for name in names {
            let is_known = all.iter().any(|series| series.names.contains(name));
            if !is_known && !mailboxes.iter().any(|mailbox| mailbox.goes_by(name)) {
                let known = all.iter().map(|series| &series.series);
                let known = known.chain(mailboxes.iter().map(|mailbox| &mailbox.series));
                return Err(unknown_series(name, known.map(|series| series.name.as_str())));
            }
        }
        let is_chosen = |series: &HistorySeries| names.is_empty() || names.iter().any(|n| series.names.contains(n));
        let mut chosen: Vec<HistorySeries> = all.into_iter().filter(is_chosen).collect();
        for warning in present::read_only_volumes(&chosen) {
            output::warn(&warning, "look for errors of the disk in the kernel's log, then remount it");
        }
        self.history.add_ages(&self.entries, &mut chosen).iter().for_each(output::warn_error);
        for series in &mut chosen {
            series.series.spread = spread(&resolve(self.issued(), &series.series));
        }
        Ok(chosen)
    }

    /// Records the forecasts in the history, except those made with `--constants` or in retrospect. A failure is only a
    /// warning.
    pub(super) fn record<'f>(&self, forecasts: impl IntoIterator<Item = &'f Forecast>) {
        if self.context.constants.is_some() || self.is_past {
            return;
        }
        let horizon_days = self.context.settings.horizon.0;
        let scanned = forecasts.into_iter().filter(|forecast| !forecast.measured_now);
        let issued = scanned.filter_map(|forecast| issue::issued(forecast, horizon_days));
        // The history itself has real names.
        let real = |one: IssuedForecast| IssuedForecast { series: names::real(&one.series).into_owned(), ..one };
        let issued = issued.map(real).collect();
        if let Err(error) = self.history.record(issued) {
            output::warn_error(&if error.is_denied() { error.hint(NOT_RECORDED) } else { error });
        }
    }

    pub(super) fn nothing_to_forecast(&self) -> Error {
        Error::new("the history has nothing to forecast")
            .at(&self.context.settings.history)
            .hint("scan a store, import its past, or give stores a limit in the settings")
    }

    pub(super) fn warn_if_old<'s>(&self, series: impl Iterator<Item = &'s Series>) {
        let today = self.context.today;
        let scanned = |s: &&'s Series| s.imported < s.observations.len();
        let newest = series.filter(scanned).filter_map(Series::last_scan).map(|o| utc_day(o.time)).max();
        if let Some(newest) = newest.filter(|&newest| is_old(newest, today)) {
            output::warn(
                &format!("the last scan is {} days old, of {}", (today - newest).get_days(), day(newest)),
                "scan again, and check whether cron still runs it",
            );
        }
    }
}

pub(super) fn is_old(scanned_on: Date, today: Date) -> bool {
    (today - scanned_on).get_days() > OLD_DAYS
}

/// The imports of a history with the points that were known today. Warns of damaged ones.
fn imports(context: &Context, history: &History) -> Result<Vec<Import>> {
    let (mut imports, damaged) = history.imports()?;
    damaged.iter().for_each(output::warn_error);
    for import in &mut imports {
        import.points.retain(|point| context.knows(utc_day(point.time)));
    }
    imports.retain(|import| !import.points.is_empty());
    Ok(imports)
}

/// Leaves out what is dated after tomorrow, as by a clock that was wrong, and warns of it.
fn leave_out_future(context: &Context, entries: &mut Vec<SnapshotEntry>) {
    let tomorrow = context.today.saturating_add(1.day());
    let future = entries.iter().filter(|entry| utc_day(entry.taken_at) > tomorrow).count();
    let Some(last) = entries.last().filter(|_| future > 0).map(|entry| utc_day(entry.taken_at)) else { return };
    let are = format!("{} dated after today, up to {}", counted(future as u64, "scan"), day(last));
    output::warn(&format!("{are}: left out"), "correct the clock; --today answers as of a later day");
    entries.retain(|entry| utc_day(entry.taken_at) <= tomorrow);
}

/// Everything is later than `--today`.
pub(super) fn nothing_known(today: Date, what: &str, first: Date) -> Error {
    Error::usage(format!("every {what} is after --today, {}: the first is of {}", day(today), day(first)))
        .hint(format!("give --today {first} or a later day, or leave it out"))
}

pub(super) fn unknown_series<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Error {
    let mut known: Vec<&str> = known.collect();
    known.dedup();
    let more = if known.len() > 10 { ", …" } else { "" };
    let listed = known.iter().take(10).map(|name| escape::printable(name)).collect::<Vec<_>>().join(", ");
    Error::usage(format!("there is no series `{}`", escape::printable(name))).hint(format!("there are: {listed}{more}"))
}
