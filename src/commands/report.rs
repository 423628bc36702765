//! `mailrunway report`: the weekly page.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use super::{Context, chart, forecast as forecast_command, output, readable};
use crate::atomic;
use crate::chart::{Canvas, Format};
use crate::cli::{ReportArgs, ReportFormat};
use crate::error::Result;
use crate::growth::holders;
use crate::history::History;
use crate::report::{LastScan, Line, Report, html, text};
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
        ReportFormat::Text => text::render(&report, |status, word| match args.output {
            // Colour is for the terminal only; what is written to a file is plain.
            Some(_) => word.to_owned(),
            None => format!("{}{word}{:#}", output::style(status), output::style(status)),
        }),
        _ => return Err(crate::error::Error::new("this format is not there yet")),
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
    let mut scans = history.scans(&entries);
    let stores = scans.stores(GROWTH_DAYS.into());
    // A date without a table is better than no report.
    scans.unread().iter().for_each(output::warn_error);
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
        largest: holders::largest(&stores, MOST_MAILBOXES),
        growers: holders::growers(&stores, MOST_MAILBOXES),
        growth_days: GROWTH_DAYS,
    })
}

fn svg(context: &Context, series: &crate::series::Series, forecast: &crate::forecast::Forecast) -> Result<String> {
    let bytes = chart::draw(context, series, forecast, Format::Svg, Canvas::default())?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
