//! `mailrunway report`: the weekly page.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{Context, chart, forecast as forecast_command, output, readable};
use crate::atomic;
use crate::chart::{Canvas, Format};
use crate::cli::{ReportArgs, ReportFormat};
use crate::error::Result;
use crate::history::{Entry, History};
use crate::report::growth::StoreChange;
use crate::report::{LastScan, Line, Report, growth, html, text};
use crate::snapshot::{Snapshot, Store};
use crate::verdict;

/// Mailboxes in each table.
const MOST_MAILBOXES: usize = 10;
/// Growth of mailboxes is measured from the last scan that lies at least so many days before the newest.
const GROWTH_DAYS: u32 = 28;

/// Runs the command.
pub fn run(context: &Context, args: &ReportArgs) -> Result<()> {
    let history = History::open(&context.settings.history)?;
    let report = build(context, &history, args.format == ReportFormat::Html)?;
    let rendered = match args.format {
        ReportFormat::Html => html::render(&report)?,
        _ => return Err(crate::error::Error::new("this format is not there yet")),
        ReportFormat::Text => text::render(&report, |status, word| match args.output {
            // Colour is for the terminal only; what is written to a file is plain.
            Some(_) => word.to_owned(),
            None => format!("{}{word}{:#}", output::style(status), output::style(status)),
        }),
    };
    match &args.output {
        Some(path) => atomic::write(path, rendered.as_bytes())?,
        None => output::print(&rendered)?,
    }
    forecast_command::record(context, &history, report.lines.iter().map(|line| &line.forecast));
    Ok(())
}

/// Gathers everything that the report tells.
pub fn build(context: &Context, history: &History, with_charts: bool) -> Result<Report> {
    let entries = readable(history)?;
    let series = forecast_command::of_entries(context, history, &entries, &[])?;
    let forecasts = context.forecaster(Vec::new()).forecast_all(&series);
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
    lines.sort_by_key(|line| (Reverse(line.verdict.status), chart::urgency(&line.forecast)));
    let stores = store_changes(history, &entries);
    Ok(Report {
        hosts: entries.iter().map(|entry| entry.host.clone()).collect::<BTreeSet<_>>().into_iter().collect(),
        today: context.today,
        last_scan: entries.last().map(|entry| LastScan {
            taken_at: entry.taken_at,
            snapshots: entries.len(),
            complete: entry.complete,
        }),
        policy: context.settings.policy,
        horizon: context.settings.horizon,
        units: context.units,
        lines,
        largest: growth::largest(&stores, MOST_MAILBOXES),
        growers: growth::growers(&stores, MOST_MAILBOXES),
        growth_days: GROWTH_DAYS,
    })
}

/// Each store of each machine as it was last scanned, and as it was the last time before that by [`GROWTH_DAYS`]. What
/// cannot be read is left out with a warning: a date without a table is better than no report.
fn store_changes(history: &History, entries: &[Entry]) -> Vec<StoreChange> {
    let mut snapshots = Snapshots { history, loaded: HashMap::new() };
    let mut newest: BTreeMap<(&str, &str), &Entry> = BTreeMap::new();
    for entry in entries {
        newest.extend(entry.stores.iter().map(|store| ((entry.host.as_str(), store.name.as_str()), entry)));
    }
    let mut changes = Vec::new();
    for ((host, name), entry) in newest {
        let Some(now) = snapshots.store(entry, name) else { continue };
        let bound = entry.taken_at.as_second() - i64::from(GROWTH_DAYS) * 86_400;
        // What a partial scan missed would look like growth.
        let earlier = entries.iter().rev().find(|earlier| {
            let has_store = earlier.stores.iter().any(|store| store.name == name);
            earlier.host == host && earlier.complete && has_store && earlier.taken_at.as_second() <= bound
        });
        changes.push(StoreChange { now, before: earlier.and_then(|earlier| snapshots.store(earlier, name)) });
    }
    changes
}

/// Whole snapshots, each read once.
struct Snapshots<'a> {
    history: &'a History,
    loaded: HashMap<String, Option<Snapshot>>,
}

impl Snapshots<'_> {
    fn store(&mut self, entry: &Entry, name: &str) -> Option<Store> {
        let snapshot = self
            .loaded
            .entry(entry.name.clone())
            .or_insert_with_key(|snapshot| self.history.load(snapshot).inspect_err(output::warn_error).ok());
        snapshot.as_ref()?.stores.iter().find(|store| store.name == name).cloned()
    }
}

fn svg(context: &Context, series: &crate::series::Series, forecast: &crate::forecast::Forecast) -> Result<String> {
    let bytes = chart::draw(context, series, forecast, Format::Svg, Canvas::default())?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
