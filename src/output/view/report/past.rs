//! How good were we?

use super::safe::capital;
use crate::forecast::record::Resolved;
use crate::history::issued::ahead;
use crate::model::{bytes::Units, dates, numbers::percent};
use crate::output::document::{Block, Section, Table, say};
use crate::planning::report::{Report, ResourceForecast, Subject};

pub(crate) fn section<'a>(report: &Report, subject: &Subject) -> Section<'a> {
    let mut blocks: Vec<Block> = subject.lines.iter().flat_map(|line| of_line(report, line)).collect();
    if blocks.is_empty() {
        let text = "No forecast has come due yet. Each is kept and scored here when its day comes. Until then, `mailrunway \
                    backtest` scores forecasts of the past.";
        blocks.push(say(text));
    }
    Section::new("past", "How good were we?", blocks)
}

fn of_line<'a>(report: &Report, line: &ResourceForecast) -> Vec<Block<'a>> {
    if line.resolved.is_empty() {
        return Vec::new();
    }
    let within = line.resolved.iter().filter(|one| one.is_within()).count();
    let all = line.resolved.len();
    let (resource, have) = (capital(line.forecast.resource), if all == 1 { "level has" } else { "levels have" });
    let share = percent(within as f64 / all as f64);
    let mut text =
        format!("{resource}: {all} forecast {have} come due; {within} of them lay in the 80 % range ({share}).");
    let wider = line.forecast.spread - 1.0;
    if wider.abs() > 0.005 {
        let side = if wider > 0.0 { "wider" } else { "narrower" };
        text += &format!(" The range is therefore {} {side} now.", percent(wider.abs()));
    }
    vec![say(text), Block::Table(table(line, report.units))]
}

/// For each time ahead the last forecast that has come due.
fn table(line: &ResourceForecast, units: Units) -> Table {
    // With more room than its present size a volume was empty.
    let show = |amount: f64| line.forecast.resource.show(amount.max(0.0), units);
    let mut table =
        Table::captioned("Forecast and outcome", &["ahead", "made on", "forecast (80 %)", "outcome", "in range"]);
    table.left = 2;
    let mut resolved: Vec<&Resolved> = line.resolved.iter().collect();
    resolved.sort_by_key(|one| (one.days, one.as_of));
    for last in resolved.chunk_by(|one, next| one.days == next.days).filter_map(|of_days| of_days.last()) {
        let forecast = format!("{} ({} to {})", show(last.issued.p50), show(last.issued.p10), show(last.issued.p90));
        let within = match last.came {
            _ if last.is_within() => "yes",
            came if came > last.issued.p90 => "no, more",
            _ => "no, less",
        };
        table.rows.push(vec![ahead(last.days), dates::day(last.as_of), forecast, show(last.came), within.to_owned()]);
    }
    table
}
