//! Gathers everything that the report tells.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use super::pictures;
use crate::chart::Format;
use crate::commands::{Context, chart, forecast as forecast_command, output, readable, whatif};
use crate::dates::{SECONDS_PER_DAY, utc_day};
use crate::error::Result;
use crate::forecast::record::resolve;
use crate::forecast::{Forecast, Forecaster};
use crate::growth::change::{self, Events, Of};
use crate::growth::holders::{self, StoreChange};
use crate::growth::large;
use crate::history::issued::Issued;
use crate::history::scans::WEEK_DAYS;
use crate::history::{Entry, History};
use crate::report::{Before, Growing, LastScan, Line, Report, Subject};
use crate::scenario::Comparison;
use crate::series::{Resource, Series};
use crate::verdict;

/// Mailboxes in each table.
const MOST_MAILBOXES: usize = 10;
/// Growth of mailboxes is measured from the last scan that lies at least so many days before the newest: four weeks, less
/// what one scan may begin earlier than another.
const GROWTH_DAYS: f64 = 27.5;

/// Builds the report, with its pictures in a format, if it shows any.
///
/// # Errors
/// If the history cannot be read, or there is nothing to forecast in it.
pub fn build(context: &Context, history: &History, format: Option<Format>) -> Result<Report> {
    let entries = readable(history)?;
    let series = forecast_command::of_entries(context, history, &entries, &[])?;
    let forecaster = context.forecaster(Vec::new());
    let forecasts = forecaster.forecast_all(&series);
    // Without the record the report says that nothing has come due.
    let issued = history.issued().unwrap_or_default();
    let mut told: Vec<(&Series, Line)> = Vec::new();
    for (series, forecast) in series.iter().zip(forecasts) {
        told.push((series, line(context, &forecaster, &issued, series, forecast)));
    }
    told.sort_by_key(|(_, line)| (Reverse(line.verdict.status), chart::urgency(&line.forecast)));
    let mut subjects = subjects(told.iter().map(|(_, line)| line.clone()));
    let mut what_ifs = what_ifs(context, history, &entries, &series)?;
    for subject in &mut subjects {
        let is_of = |comparison: &mut Comparison| comparison.base.forecast.series == subject.name;
        subject.what_ifs = what_ifs.extract_if(.., is_of).collect();
    }
    let stores = growth(context, history, &entries, &series, &mut subjects);
    if let Some(format) = format {
        let drawn = pictures::Drawn { context, history, entries: &entries, series: &series, issued: &issued, format };
        drawn.draw(&mut subjects, &stores)?;
    }
    Ok(Report {
        hosts: entries.iter().map(|entry| entry.host.clone()).collect::<BTreeSet<_>>().into_iter().collect(),
        today: context.today,
        last_scan: entries.last().map(|entry| last_scan(entry, entries.len())),
        policy: context.settings.policy,
        horizon: context.settings.horizon,
        units: context.units,
        warnings: Vec::new(),
        subjects,
    })
}

fn last_scan(entry: &Entry, snapshots: usize) -> LastScan {
    LastScan { taken_at: entry.taken_at, snapshots, complete: entry.complete }
}

/// What the scenarios of the settings would do.
fn what_ifs(context: &Context, history: &History, entries: &[Entry], series: &[Series]) -> Result<Vec<Comparison>> {
    let scenarios = whatif::of_settings(context)?;
    match scenarios.is_empty() {
        true => Ok(Vec::new()),
        false => whatif::compare(context, history, entries, series, &scenarios),
    }
}

/// Tells each subject what changed and who grows, and returns which stores each tells of. A date without a table is better
/// than no report: of what cannot be read is warned.
fn growth(
    context: &Context,
    history: &History,
    entries: &[Entry],
    series: &[Series],
    subjects: &mut [Subject],
) -> Vec<Vec<(String, String)>> {
    let mut scans = history.scans(entries);
    let pairs = scans.pairs(&context.limits());
    let mut stores = scans.stores(GROWTH_DAYS);
    scans.unread().iter().for_each(output::warn_error);
    let mut told = Vec::new();
    for subject in subjects {
        let Some(pair) = pairs.iter().find(|pair| pair.series == subject.name) else {
            told.push(Vec::new());
            continue;
        };
        let bytes = series.iter().find(|s| s.name == subject.name && s.resource == Resource::Bytes);
        let line = subject.lines.iter().find(|line| line.forecast.resource == Resource::Bytes);
        let events = Events {
            known: bytes.map_or(&[][..], |series| &series.known),
            detected: line.and_then(|line| line.forecast.outlook.as_ref()).map_or(&[][..], |outlook| &outlook.events),
        };
        subject.change = pair.before.as_ref().and_then(|before| change::between(&pair.of, &pair.now, before, events));
        let names: Vec<String> = match &pair.of {
            Of::Volume(mount) => pair.now.stores_on(mount).map(|store| store.name.clone()).collect(),
            Of::Store(name) => vec![name.clone()],
        };
        let is_its = |store: &mut StoreChange| store.host == pair.now.host && names.contains(&store.now.name);
        let its: Vec<StoreChange> = stores.extract_if(.., is_its).collect();
        told.push(its.iter().map(|store| (store.host.clone(), store.now.name.clone())).collect());
        subject.growing = (!its.is_empty()).then(|| growing(context, &its));
    }
    told
}

fn growing(context: &Context, stores: &[StoreChange]) -> Growing {
    let quota = |address: &str| Some(context.settings.quota(address)?.limit?.0);
    Growing {
        largest: holders::largest(stores, MOST_MAILBOXES),
        growers: holders::growers(stores, MOST_MAILBOXES),
        days: GROWTH_DAYS.ceil() as u32,
        held: holders::held_to_quota(stores, quota, MOST_MAILBOXES),
        reclaimable: holders::reclaimable(stores),
        large: large::very_large(stores, MOST_MAILBOXES),
    }
}

/// What runs out, gathered by its name, in the order of the first line of each.
fn subjects(lines: impl Iterator<Item = Line>) -> Vec<Subject> {
    let mut subjects: Vec<Subject> = Vec::new();
    for line in lines {
        match subjects.iter_mut().find(|subject| subject.name == line.forecast.series) {
            Some(subject) => subject.lines.push(line),
            None => {
                let name = line.forecast.series.clone();
                subjects.push(Subject {
                    name,
                    lines: vec![line],
                    change: None,
                    growing: None,
                    what_ifs: Vec::new(),
                    pictures: Vec::new(),
                });
            }
        }
    }
    subjects
}

fn line(context: &Context, forecaster: &Forecaster, issued: &[Issued], series: &Series, forecast: Forecast) -> Line {
    let policy = &context.settings.policy;
    let verdict = verdict::judge(&forecast, policy, context.today);
    let headline = verdict::headline(&forecast, &verdict, context.settings.horizon, context.units);
    Line { before: before(context, forecaster, series), resolved: resolve(issued, series), forecast, verdict, headline }
}

/// What the same model says of what was known at the scan before.
fn before(context: &Context, forecaster: &Forecaster, series: &Series) -> Option<Before> {
    let newest = series.observations.last()?.time;
    let is_week_before =
        |time: jiff::Timestamp| newest.duration_since(time).as_secs_f64() >= WEEK_DAYS * SECONDS_PER_DAY;
    let scan = series.observations.iter().rev().find(|o| is_week_before(o.time))?;
    let known = Series { spread: series.spread, ..series.until(scan.time) };
    let forecast = forecaster.forecast(&known)?;
    // As far from the scan as today is from the newest one: a report of the week before.
    let today = utc_day(scan.time).saturating_add(context.today - utc_day(newest));
    let verdict = verdict::judge(&forecast, &context.settings.policy, today);
    Some(Before { forecast, verdict })
}
