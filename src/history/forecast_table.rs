//! The table of issued forecasts: one row for each level, and one for the days to exhaustion.

use std::collections::HashMap;

use super::issued::{IssuedForecast, IssuedLevel};
use super::rows::{Row, null, unknown};
use super::table::{ColumnTable, TableBuilder};
use crate::model::{error::Result, quantiles::Quantiles};

/// The kinds of rows: a level, or the days to exhaustion.
const LEVEL: &str = "level";
const DATE: &str = "date";

/// The columns of the quantiles, from the lowest probability to the highest.
const QUANTILES: [&str; 7] = ["p05", "p10", "p25", "p50", "p75", "p90", "p95"];

struct ForecastRow<'a> {
    issued: &'a IssuedForecast,
    /// The days ahead; `None` in the row of the days to exhaustion.
    days: Option<u32>,
    quantiles: Quantiles<Option<f64>>,
}

pub(super) fn to_table(issued: &[IssuedForecast]) -> ColumnTable {
    let rows_of = |issued| {
        let level =
            move |level: &IssuedLevel| ForecastRow { issued, days: Some(level.days), quantiles: level.used.map(Some) };
        let quantiles = issued.exhaustion_days.map(|days| days.map(f64::from));
        let date = ForecastRow { issued, days: None, quantiles };
        issued.levels.iter().map(level).chain([date]).collect::<Vec<ForecastRow>>()
    };
    let rows: Vec<ForecastRow> = issued.iter().flat_map(rows_of).collect();
    let table = TableBuilder::new(&rows)
        .text("series", |row| &row.issued.series)
        .text("resource", |row| row.issued.resource.word())
        .dates("as_of", |row| row.issued.as_of)
        .text("model", |row| &row.issued.model)
        .floats("used", |row| Some(row.issued.used))
        .floats("limit", |row| row.issued.limit)
        .integers("horizon", |row| row.issued.horizon_days.into())
        .floats("spread", |row| Some(row.issued.spread))
        .text("kind", |row| if row.days.is_some() { LEVEL } else { DATE })
        .optional_integers("days", |row| row.days.map(u64::from));
    let quantiles = QUANTILES.into_iter().enumerate();
    quantiles.fold(table, |table, (at, name)| table.floats(name, |row| row.quantiles.values()[at])).finish()
}

/// The forecasts of a table, in the order of the rows with the days to exhaustion.
///
/// # Errors
/// If a column is missing or has invalid values.
pub(super) fn read(table: &ColumnTable) -> Result<Vec<IssuedForecast>> {
    let (used, limit, spread) = (table.numbers("used")?, table.numbers("limit")?, table.numbers("spread")?);
    let days = table.integers("days")?;
    let columns = QUANTILES.map(|name| table.numbers(name)).into_iter().collect::<Result<Vec<_>>>()?;
    let quantiles = |row: usize| {
        let mut cells = columns.iter().map(|column| column(row));
        Quantiles::from_fn(|_| cells.next().flatten())
    };
    let key = |row: Row| Ok((row.text("series")?, row.resource()?));
    let mut levels: HashMap<_, Vec<IssuedLevel>> = HashMap::new();
    let mut ends = Vec::new();
    for row in Row::all(table) {
        match row.text("kind")?.as_str() {
            LEVEL => {
                let days = days(row.index).and_then(|days| u32::try_from(days).ok()).ok_or_else(|| null("days"))?;
                let used = quantiles(row.index);
                if used.values().iter().any(Option::is_none) {
                    return Err(null("p05` to `p95"));
                }
                levels
                    .entry(key(row)?)
                    .or_default()
                    .push(IssuedLevel { days, used: used.map(Option::unwrap_or_default) });
            }
            DATE => ends.push(row),
            other => return Err(unknown("kind", other)),
        }
    }
    let issued = |row: Row| {
        let key = key(row)?;
        Ok(IssuedForecast {
            levels: levels.remove(&key).unwrap_or_default(),
            series: key.0,
            resource: key.1,
            as_of: row.date("as_of")?,
            model: row.text("model")?,
            used: used(row.index).ok_or_else(|| null("used"))?,
            limit: limit(row.index),
            horizon_days: row.integer("horizon")?.try_into().unwrap_or(u32::MAX),
            spread: spread(row.index).ok_or_else(|| null("spread"))?,
            exhaustion_days: quantiles(row.index).map(|days| days.map(|days| days as u32)),
        })
    };
    ends.into_iter().map(issued).collect()
}
