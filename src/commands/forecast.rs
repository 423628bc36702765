//! `mailrunway forecast`: when is it full?

use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;

use jiff::civil::Date;

pub(crate) mod quotas;

use super::{Context, output, readable};
use crate::cli::{ForecastArgs, TextOrJson};
use crate::forecast::Forecast;
use crate::forecast::issue;
use crate::forecast::record::{resolve, spread};
use crate::history::issued::Issued;
use crate::history::series::{HistorySeries, series};
use crate::history::{self, Entry, History};
use crate::model::dates::{day, utc_day};
use crate::model::days::Days;
use crate::model::error::{Error, Result};
use crate::model::escape;
use crate::model::series::{Resource, Series, table};
use crate::output::json::forecast as json;
use crate::planning::mailbox_series::MailboxSeries;
use crate::planning::verdict;
use crate::planning::verdict::Verdict;

/// Series that are forecast before the next are printed: enough for all cores, little in memory.
const BATCH: usize = 512;

/// A history is called old after this many days without a scan.
const OLD_DAYS: i32 = 10;

/// Runs the command.
pub fn run(context: &Context, args: &ForecastArgs) -> Result<()> {
    let (series, history, mailboxes) = match &args.input {
        Some(path) => (named(read_input(path)?, &args.stores)?, None, Vec::new()),
        None => {
            let history = History::open(&context.settings.history)?;
            let entries = readable(&history)?;
            let mailboxes = quotas::of_entries(context, &history, &entries);
            let series = chosen(context, &history, &entries, &args.stores, &mailboxes)?;
            (series, Some(history), mailboxes)
        }
    };
    let quotas = quotas::named(&mailboxes, &args.stores);
    if args.input.is_none() && series.is_empty() && quotas.is_empty() {
        return Err(nothing(context));
    }
    let all = || series.iter().chain(quotas.iter().map(|mailbox| &mailbox.series));
    if args.input.is_none() {
        warn_of_old(all(), context.today);
    }
    check_dates(&args.at, all(), context.settings.horizon)?;
    let forecaster = context.forecaster(args.at.clone());
    // The record has levels so many weeks ahead, and these were not told where others were asked for.
    let history = history.filter(|_| args.at.is_empty());
    // In batches, each printed when it is done.
    for batch in series.chunks(BATCH) {
        let forecasts = forecaster.forecast_all(batch);
        match args.format {
            TextOrJson::Json => output::print(&forecasts.iter().map(|f| json::line(f) + "\n").collect::<String>())?,
            TextOrJson::Text => output::print(&text(context, &forecasts))?,
        }
        if let Some(history) = &history {
            record(context, history, &forecasts);
        }
    }
    match args.format {
        _ if quotas.is_empty() => Ok(()),
        TextOrJson::Json => quotas::print_json(context, &args.at, &mailboxes, &quotas),
        TextOrJson::Text => quotas::print_text(context, &mailboxes, &quotas),
    }
}

/// Keeps what was told in the history, unless other constants told it than the model's own, by whose name it would be
/// kept. A history that cannot be written is no reason not to forecast.
pub fn record<'a>(context: &Context, history: &History, forecasts: impl IntoIterator<Item = &'a Forecast>) {
    if context.constants.is_some() {
        return;
    }
    let horizon_days = context.settings.horizon.0;
    let issued = forecasts.into_iter().filter_map(|forecast| issue::issued(forecast, horizon_days)).collect();
    if let Err(error) = history.record(issued) {
        output::warn_error(&error);
    }
}

/// Dates of which no series can tell a level are a mistake.
fn check_dates<'a>(dates: &[Date], series: impl Iterator<Item = &'a Series>, horizon: Days) -> Result<()> {
    let days: BTreeSet<Date> = series.filter_map(|s| s.observations.last()).map(|o| utc_day(o.time)).collect();
    let ahead = 1..=horizon.0 as i32;
    match dates.iter().find(|&&date| !days.iter().any(|&as_of| ahead.contains(&(date - as_of).get_days()))) {
        None => Ok(()),
        Some(date) => Err(Error::usage(format!("{date} is not between the last scan and the horizon of {horizon}"))
            .hint("give --at dates ahead of the last scan, or a longer --horizon")),
    }
}

/// The series of a table: CSV, or Parquet by the file's ending; `-` is CSV on standard input.
pub fn read_input(path: &Path) -> Result<Vec<Series>> {
    if path == Path::new("-") {
        return table::read_csv(std::io::stdin().lock(), Path::new("standard input"));
    }
    if path.extension().is_some_and(|ending| ending == "parquet") {
        return history::read_series(path);
    }
    if path.is_dir() {
        return Err(Error::new("the input is a directory").at(path).hint("give a CSV or Parquet file"));
    }
    let file =
        std::fs::File::open(path).map_err(|e| Error::io("cannot read the input", path, e).hint("check the path"))?;
    table::read_csv(file, path)
}

/// The series of those names; all where none is named.
pub fn named(series: Vec<Series>, names: &[String]) -> Result<Vec<Series>> {
    if names.is_empty() {
        return Ok(series);
    }
    for name in names {
        if !series.iter().any(|series| series.name == *name) {
            return Err(unknown(name, series.iter().map(|series| series.name.as_str())));
        }
    }
    Ok(series.into_iter().filter(|series| names.contains(&series.name)).collect())
}

/// The series of the history that go by those names; all where none is named.
pub fn of_history(context: &Context, names: &[String]) -> Result<Vec<Series>> {
    let history = History::open(&context.settings.history)?;
    of_entries(context, &history, &readable(&history)?, names)
}

/// The series of a history's snapshots that go by those names; all where none is named.
pub fn of_entries(context: &Context, history: &History, entries: &[Entry], names: &[String]) -> Result<Vec<Series>> {
    let chosen = with_stores(context, history, entries, &issued(history), names)?;
    Ok(chosen.into_iter().map(|series| series.series).collect())
}

/// Every forecast that was issued from a history. Without the record a forecast is as good as the model alone.
pub fn issued(history: &History) -> Vec<Issued> {
    history.issued().unwrap_or_else(|error| {
        output::warn_error(&error);
        Vec::new()
    })
}

/// The same with the stores that fill each, corrected by the forecasts that were issued.
pub fn with_stores(
    context: &Context,
    history: &History,
    entries: &[Entry],
    issued: &[Issued],
    names: &[String],
) -> Result<Vec<HistorySeries>> {
    let chosen = chosen_with_stores(context, history, entries, issued, (names, &[]))?;
    if chosen.is_empty() {
        return Err(nothing(context));
    }
    warn_of_old(chosen.iter().map(|series| &series.series), context.today);
    Ok(chosen)
}

/// The same, where a name may also be a mailbox's or a domain's; none where there is nothing but them.
fn chosen(
    context: &Context,
    history: &History,
    entries: &[Entry],
    names: &[String],
    mailboxes: &[MailboxSeries],
) -> Result<Vec<Series>> {
    let chosen = chosen_with_stores(context, history, entries, &issued(history), (names, mailboxes))?;
    Ok(chosen.into_iter().map(|series| series.series).collect())
}

fn chosen_with_stores(
    context: &Context,
    history: &History,
    entries: &[Entry],
    issued: &[Issued],
    (names, mailboxes): (&[String], &[MailboxSeries]),
) -> Result<Vec<HistorySeries>> {
    let all = series(entries, &context.limits(), &history.declared()?);
    for name in names {
        let is_known = all.iter().any(|series| series.names.contains(name));
        if !is_known && !mailboxes.iter().any(|mailbox| mailbox.goes_by(name)) {
            let known = all.iter().map(|series| &series.series);
            let known = known.chain(mailboxes.iter().map(|mailbox| &mailbox.series));
            return Err(unknown(name, known.map(|series| series.name.as_str())));
        }
    }
    let chosen = all.into_iter().filter(|s| names.is_empty() || names.iter().any(|name| s.names.contains(name)));
    let mut chosen: Vec<HistorySeries> = chosen.collect();
    history.add_ages(entries, &mut chosen).iter().for_each(output::warn_error);
    for held in &mut chosen {
        held.series.spread = spread(&resolve(issued, &held.series));
    }
    Ok(chosen)
}

fn nothing(context: &Context) -> Error {
    Error::new("the history has nothing to forecast")
        .at(&context.settings.history)
        .hint("scan a store, or give stores a limit in the settings")
}

/// Refuses a name by which no series goes.
pub fn check_name(all: &[HistorySeries], name: &str) -> Result<()> {
    match all.iter().any(|series| series.names.contains(name)) {
        true => Ok(()),
        false => Err(unknown(name, all.iter().map(|series| series.series.name.as_str()))),
    }
}

fn unknown<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Error {
    let mut known: Vec<&str> = known.collect();
    known.dedup();
    let more = if known.len() > 10 { ", …" } else { "" };
    let listed = known.iter().take(10).map(|name| escape::printable(name)).collect::<Vec<_>>().join(", ");
    Error::new(format!("there is no series `{}`", escape::printable(name))).hint(format!("there are: {listed}{more}"))
}

/// Whether a scan of that day is too long ago.
pub fn is_old(scanned_on: Date, today: Date) -> bool {
    (today - scanned_on).get_days() > OLD_DAYS
}

fn warn_of_old<'a>(series: impl Iterator<Item = &'a Series>, today: Date) {
    let newest = series.filter_map(|s| s.observations.last()).map(|o| o.time).max();
    let Some(newest) = newest else { return };
    let newest = utc_day(newest);
    if is_old(newest, today) {
        let age = (today - newest).get_days();
        output::warn(
            &format!("the last scan is {age} days old, of {}", day(newest)),
            "scan again, and see whether cron still runs it",
        );
    }
}

/// The forecasts for a reader.
pub fn text(context: &Context, forecasts: &[Forecast]) -> String {
    let mut text = Vec::new();
    for forecast in forecasts {
        let verdict = verdict::judge(forecast, &context.settings.policy, context.today);
        write_one(&mut text, context, forecast, &verdict).expect("writing to memory does not fail");
    }
    String::from_utf8(text).expect("only text was written")
}

fn write_one(out: &mut Vec<u8>, context: &Context, forecast: &Forecast, verdict: &Verdict) -> std::io::Result<()> {
    let style = output::style(verdict.status);
    let show = |amount: f64| forecast.resource.show(amount, context.units);
    let name = escape::printable(&forecast.series);
    let headline = verdict::headline(forecast, verdict, context.settings.horizon, context.units);
    writeln!(out, "{style}{}{style:#} {name}, {}: {headline}", verdict.status.word(), forecast.resource)?;
    if let Some((limit, share)) = forecast.limit.zip(verdict.used_share) {
        let used = forecast.resource.show_of(forecast.used, limit, context.units);
        writeln!(out, "    {used} in use ({:.0} %) on {}; {}", share * 100.0, day(forecast.as_of), verdict.reason)?;
    }
    let Some(outlook) = &forecast.outlook else { return Ok(()) };
    if let Some(reason) = &outlook.reason {
        writeln!(out, "    judged by the ages of the mail in one scan. {reason}")?;
    }
    let growth = outlook.growth_per_day;
    let weekly = |growth: f64| show(growth * 7.0);
    write!(out, "    grows by {} a week (80 %: {} to {})", weekly(growth.p50), weekly(growth.p10), weekly(growth.p90))?;
    if let Some(p) = verdict.full_within_lead_time {
        write!(out, "; P(full within {}) is {}", context.settings.policy.lead_time, verdict::percent(p))?;
    }
    writeln!(out)?;
    match &forecast.either {
        // Said once, below the line that comes last.
        Some(full) if forecast.resource == Resource::Inodes => {
            let age = (context.today - forecast.as_of).get_days().max(0) as u32;
            let within = full.passage.share_within(f64::from(age + context.settings.policy.lead_time.0));
            let lead_time = context.settings.policy.lead_time;
            let when = verdict::when(&full.exhaustion, context.settings.horizon);
            writeln!(out, "    by bytes or inodes: {when}; P(full within {lead_time}) is {}", verdict::percent(within))
        }
        _ => Ok(()),
    }
}
