//! `mailrunway report`: the weekly page.

use std::collections::BTreeMap;

use jiff::ToSpan;

use super::{Context, chart, forecast as forecast_command, output};
use crate::atomic;
use crate::chart::{Canvas, Format};
use crate::cli::{ReportArgs, ReportFormat};
use crate::error::Result;
use crate::forecast::Forecaster;
use crate::history::{Entry, History};
use crate::report::{LastScan, Line, Report, growth, html, text};
use crate::snapshot::Snapshot;
use crate::verdict;

/// Mailboxes in each table.
const MOST_MAILBOXES: usize = 10;
/// Growth of mailboxes is measured from the last snapshot that is at least so old.
const GROWTH_DAYS: i64 = 28;

/// Runs the command.
pub fn run(context: &Context, args: &ReportArgs) -> Result<()> {
    let report = build(context, args.format == ReportFormat::Html)?;
    let rendered = match args.format {
        ReportFormat::Html => html::render(&report)?,
        ReportFormat::Text => text::render(&report, |status, word| match args.output {
            // Colour is for the terminal only; what is written to a file is plain.
            Some(_) => word.to_owned(),
            None => format!("{}{word}{:#}", output::style(status), output::style(status)),
        }),
    };
    match &args.output {
        Some(path) => atomic::write(path, rendered.as_bytes()),
        None => output::print(&rendered),
    }
}

/// Gathers everything that the report tells.
pub fn build(context: &Context, with_charts: bool) -> Result<Report> {
    let history = History::open(&context.settings.history)?;
    let entries = history.entries()?.entries;
    let series = forecast_command::of_history(context, &[])?;
    let forecasts = Forecaster::new(context.forecast_options()).forecast_all(&series);
    let mut lines = Vec::new();
    for (series, forecast) in series.iter().zip(forecasts) {
        let verdict = verdict::judge(&forecast, &context.settings.policy, context.today);
        let headline = verdict::headline(&forecast, &verdict, context.settings.horizon, context.units);
        let chart = match with_charts {
            true => Some(svg(context, series, &forecast)?),
            false => None,
        };
        lines.push(Line { forecast, verdict, headline, chart });
    }
    lines.sort_by_key(|line| (std::cmp::Reverse(line.verdict.status), chart::urgency(&line.forecast)));
    let (now, before) = (latest(&entries), earlier(&entries));
    let growth_days = now
        .last()
        .zip(before.last())
        .map(|(now, before)| (now.taken_at.as_second() - before.taken_at.as_second()).div_euclid(86_400) as i32);
    let load =
        |entries: &[&Entry]| -> Result<Vec<Snapshot>> { entries.iter().map(|e| history.load(&e.name)).collect() };
    let now_snapshots = load(&now)?;
    Ok(Report {
        hosts: entries
            .iter()
            .map(|entry| entry.host.clone())
            .collect::<std::collections::BTreeSet<_>>()
            .into_iter()
            .collect(),
        today: context.today,
        last_scan: entries.last().map(|entry| LastScan {
            taken_at: entry.taken_at,
            snapshots: entries.len(),
            problems: now_snapshots.iter().map(|s| s.problems.iter().filter(|p| p.kind.is_loss()).count()).sum(),
        }),
        policy: context.settings.policy,
        horizon: context.settings.horizon,
        units: context.units,
        lines,
        largest: growth::largest(&now_snapshots, MOST_MAILBOXES),
        growers: growth::growers(&load(&before)?, &now_snapshots, MOST_MAILBOXES),
        growth_days,
    })
}

fn svg(context: &Context, series: &crate::series::Series, forecast: &crate::forecast::Forecast) -> Result<String> {
    let bytes = chart::draw(context, series, forecast, Format::Svg, Canvas::default())?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// The newest snapshot of each set of stores of each machine.
fn latest(entries: &[Entry]) -> Vec<&Entry> {
    newest_of_each(entries.iter())
}

/// The newest snapshot of each set of stores that is old enough to measure growth from.
fn earlier(entries: &[Entry]) -> Vec<&Entry> {
    let Some(last) = entries.last() else { return Vec::new() };
    let bound = last.taken_at.saturating_sub((GROWTH_DAYS * 24).hours()).unwrap_or(last.taken_at);
    newest_of_each(entries.iter().filter(|entry| entry.taken_at <= bound))
}

/// Of several snapshots of the same stores the newest; in the order of time.
fn newest_of_each<'a>(entries: impl Iterator<Item = &'a Entry>) -> Vec<&'a Entry> {
    let mut newest: BTreeMap<(&str, Vec<&str>), &Entry> = BTreeMap::new();
    for entry in entries {
        let stores = entry.stores.iter().map(|store| store.name.as_str()).collect();
        newest.insert((&entry.host, stores), entry);
    }
    let mut newest: Vec<&Entry> = newest.into_values().collect();
    newest.sort_by_key(|entry| entry.taken_at);
    newest
}
