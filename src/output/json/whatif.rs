//! Comparisons as JSON: one object a line for each series and scenario, which is a line of a forecast and what is beside it.

use jiff::civil::Date;
use serde::Serialize;

use crate::model::escape;
use crate::output::json::forecast::Line as ForecastLine;
use crate::planning::whatif::{Comparison, Delay, ScenarioForecast};

/// What a scenario does, as the report has it too.
#[derive(Serialize)]
pub struct RowLine<'a> {
    /// `null` as it goes on.
    scenario: Option<&'a str>,
    limits: Vec<LimitLine>,
    full_within_lead_time: Option<f64>,
    /// What it frees at once.
    frees: u64,
    buys: Option<BuysLine>,
    buys_at_least: Option<BuysLine>,
    basis: &'a [String],
}

#[derive(Serialize)]
struct LimitLine {
    from: Date,
    limit: u64,
}

/// By how much later, in weeks; `exact` is false where it is that at least, the other date lying beyond the horizon.
#[derive(Serialize)]
struct BuysLine {
    weeks: f64,
    exact: bool,
}

#[derive(Serialize)]
struct Line<'a> {
    #[serde(flatten)]
    forecast: ForecastLine<'a>,
    #[serde(flatten)]
    row: RowLine<'a>,
}

impl BuysLine {
    fn of(bought: Delay) -> Option<BuysLine> {
        let tenths = |weeks: f64| (weeks * 10.0).round() / 10.0;
        match bought {
            Delay::Weeks(weeks) => Some(BuysLine { weeks: tenths(weeks), exact: true }),
            Delay::AtLeast(weeks) => Some(BuysLine { weeks: tenths(weeks), exact: false }),
            Delay::EarlierByAtLeast(weeks) => Some(BuysLine { weeks: -tenths(weeks), exact: false }),
            Delay::Beyond | Delay::Unknown => None,
        }
    }
}

/// The rows of a comparison that could be computed, as it goes on first.
pub fn rows(comparison: &Comparison) -> impl Iterator<Item = (&ScenarioForecast, RowLine<'_>)> {
    comparison.computed().enumerate().map(|(index, row)| (row, of_row(row, index > 0)))
}

fn of_row(row: &ScenarioForecast, is_scenario: bool) -> RowLine<'_> {
    let whole = |amount: f64| amount.round() as u64;
    RowLine {
        scenario: is_scenario.then_some(row.name.as_str()),
        limits: row.limits.iter().map(|&(from, limit)| LimitLine { from, limit: whole(limit) }).collect(),
        full_within_lead_time: row.full_within_lead_time,
        frees: whole(row.at_once),
        buys: BuysLine::of(row.delay).filter(|_| is_scenario),
        buys_at_least: BuysLine::of(row.delay_p10).filter(|_| is_scenario),
        basis: &row.basis,
    }
}

/// The lines of a comparison, each with its end; the first as it goes on. What could not be computed has none.
pub fn lines(comparison: &Comparison) -> String {
    let line = |(row, line): (&ScenarioForecast, _)| {
        let line = Line { forecast: ForecastLine::of(&row.forecast), row: line };
        escape::json(&line) + "\n"
    };
    rows(comparison).map(line).collect()
}
