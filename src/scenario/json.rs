//! Comparisons as JSON: one object a line for each series and scenario.

use jiff::civil::Date;
use serde::Serialize;

use super::{Bought, Comparison, Row};
use crate::escape;
use crate::forecast::{MODEL, Probability, Quantiles};
use crate::series::Resource;

/// The version of the JSON; a change that breaks a reader raises it.
const SCHEMA_VERSION: u32 = 1;

#[derive(Serialize)]
struct Line<'a> {
    schema_version: u32,
    series: &'a str,
    resource: Resource,
    /// `null` as it goes on.
    scenario: Option<&'a str>,
    as_of: Date,
    used: u64,
    limit: Option<u64>,
    limits: Vec<LimitLine>,
    state: &'static str,
    exhaustion: Option<Quantiles<Option<Date>>>,
    probability: Vec<Probability>,
    full_within_lead_time: Option<f64>,
    frees: u64,
    buys: Option<BuysLine>,
    buys_at_least: Option<BuysLine>,
    level: Vec<LevelLine>,
    basis: &'a [String],
    model: &'static str,
}

#[derive(Serialize)]
struct LimitLine {
    from: Date,
    limit: u64,
}

#[derive(Serialize)]
struct LevelLine {
    date: Date,
    #[serde(flatten)]
    used: Quantiles<u64>,
}

/// By how much later, in weeks; `exact` is false where it is that at least, the other date lying beyond the horizon.
#[derive(Serialize)]
struct BuysLine {
    weeks: f64,
    exact: bool,
}

impl BuysLine {
    fn of(bought: Bought) -> Option<BuysLine> {
        let tenths = |weeks: f64| (weeks * 10.0).round() / 10.0;
        match bought {
            Bought::Weeks(weeks) => Some(BuysLine { weeks: tenths(weeks), exact: true }),
            Bought::AtLeast(weeks) => Some(BuysLine { weeks: tenths(weeks), exact: false }),
            Bought::EarlierByAtLeast(weeks) => Some(BuysLine { weeks: -tenths(weeks), exact: false }),
            Bought::Beyond | Bought::Unknown => None,
        }
    }
}

/// The lines of a comparison, each with its end; the first as it goes on. What could not be computed has none.
pub fn lines(comparison: &Comparison) -> String {
    let base = line(&comparison.base, false) + "\n";
    comparison.rows.iter().flatten().fold(base, |text, row| text + &line(row, true) + "\n")
}

fn line(row: &Row, is_scenario: bool) -> String {
    let forecast = &row.forecast;
    let whole = |amount: f64| amount.round() as u64;
    let levels = forecast.outlook.iter().flat_map(|outlook| &outlook.level);
    let line = Line {
        schema_version: SCHEMA_VERSION,
        series: &forecast.series,
        resource: forecast.resource,
        scenario: is_scenario.then_some(row.name.as_str()),
        as_of: forecast.as_of,
        used: whole(forecast.used),
        limit: forecast.limit.map(whole),
        limits: row.limits.iter().map(|&(from, limit)| LimitLine { from, limit: whole(limit) }).collect(),
        state: forecast.state.word(),
        exhaustion: forecast.exhaustion().filter(|_| forecast.limit.is_some()),
        probability: forecast.probability(),
        full_within_lead_time: row.full_within_lead_time,
        frees: whole(row.at_once),
        buys: BuysLine::of(row.buys).filter(|_| is_scenario),
        buys_at_least: BuysLine::of(row.buys_at_least).filter(|_| is_scenario),
        level: levels.map(|level| LevelLine { date: level.date, used: level.used.map(whole) }).collect(),
        basis: &row.basis,
        model: MODEL,
    };
    escape::json(&line)
}
