//! Gathers everything that the report tells.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use super::pictures;
use crate::chart::Format;
use crate::commands::{Context, chart, forecast as forecast_command, readable};
use crate::dates::{SECONDS_PER_DAY, utc_day};
use crate::error::Result;
use crate::forecast::record::resolve;
use crate::forecast::{Forecast, Forecaster};
use crate::history::issued::Issued;
use crate::history::{Entry, History};
use crate::report::{Before, LastScan, Line, Report, Subject};
use crate::series::Series;
use crate::verdict;

/// The scan before is the last one that lies at least so many days before the newest: a week, of which the cron job of one
/// may have begun a little earlier than that of the other.
const WEEK_DAYS: f64 = 6.5;

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
    if let Some(format) = format {
        let all: Vec<&Series> = told.iter().map(|(series, _)| *series).collect();
        pictures::draw(context, &mut subjects, &all, format)?;
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

/// What runs out, gathered by its name, in the order of the first line of each.
fn subjects(lines: impl Iterator<Item = Line>) -> Vec<Subject> {
    let mut subjects: Vec<Subject> = Vec::new();
    for line in lines {
        match subjects.iter_mut().find(|subject| subject.name == line.forecast.series) {
            Some(subject) => subject.lines.push(line),
            None => {
                let name = line.forecast.series.clone();
                subjects.push(Subject { name, lines: vec![line], pictures: Vec::new() });
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
