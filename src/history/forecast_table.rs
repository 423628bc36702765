//! The table in which the record keeps forecasts: one row for each level, and one for the days to exhaustion.

use std::collections::HashMap;

use super::issued::{IssuedForecast, IssuedLevel};
use super::rows::{Rows, null};
use super::schema::days_since_epoch;
use super::table::{ColumnTable, Values};
use crate::model::error::{Error, Result};
use crate::model::quantiles::Quantiles;

/// What a row tells: the level so many days ahead, or the days to exhaustion.
const LEVEL: &str = "level";
const DATE: &str = "date";

/// The columns of the quantiles, from the lowest probability to the highest.
const QUANTILES: [&str; 7] = ["p05", "p10", "p25", "p50", "p75", "p90", "p95"];

/// One row of the table.
struct Row<'a> {
    issued: &'a IssuedForecast,
    /// How many days ahead the level is told; none in the row of the days to exhaustion.
    days: Option<u32>,
    quantiles: Quantiles<Option<f64>>,
}

/// The forecasts as a table.
pub(super) fn to_table(issued: &[IssuedForecast]) -> ColumnTable {
    let rows_of = |issued| {
        let level = move |level: &IssuedLevel| Row { issued, days: Some(level.days), quantiles: level.used.map(Some) };
        let date = Row { issued, days: None, quantiles: issued.exhaustion_days.map(|days| days.map(f64::from)) };
        issued.levels.iter().map(level).chain([date]).collect::<Vec<Row>>()
    };
    let rows: Vec<Row> = issued.iter().flat_map(rows_of).collect();
    let text = |value: fn(&Row) -> String| Values::Text(rows.iter().map(|row| Some(value(row))).collect());
    let float = |value: &dyn Fn(&Row) -> Option<f64>| Values::Float(rows.iter().map(value).collect());
    let integer =
        |value: fn(&Row) -> Option<u32>| Values::Integer(rows.iter().map(|row| value(row).map(i64::from)).collect());
    let table = ColumnTable::default()
        .with("series", text(|row| row.issued.series.clone()))
        .with("resource", text(|row| row.issued.resource.to_string()))
        .with("as_of", Values::Date(rows.iter().map(|row| Some(days_since_epoch(row.issued.as_of))).collect()))
        .with("model", text(|row| row.issued.model.clone()))
        .with("used", float(&|row| Some(row.issued.used)))
        .with("limit", float(&|row| row.issued.limit))
        .with("horizon", integer(|row| Some(row.issued.horizon_days)))
        .with("spread", float(&|row| Some(row.issued.spread)))
        .with("kind", text(|row| if row.days.is_some() { LEVEL } else { DATE }.to_owned()))
        .with("days", integer(|row| row.days));
    let quantiles = QUANTILES.into_iter().enumerate();
    quantiles.fold(table, |table, (at, name)| table.with(name, float(&|row| row.quantiles.values()[at])))
}

/// The forecasts of a table, in the order of the rows that tell the days to exhaustion.
///
/// # Errors
/// If a column is missing, or holds something else or nothing.
pub(super) fn read(table: &ColumnTable) -> Result<Vec<IssuedForecast>> {
    let rows = Rows::from_table(table);
    let (used, limits, days) = (table.numbers("used")?, table.numbers("limit")?, table.integers("days")?);
    let spread = table.numbers("spread")?;
    let columns = QUANTILES.map(|name| table.numbers(name)).into_iter().collect::<Result<Vec<_>>>()?;
    let quantiles = |row: usize| {
        let mut of_row = columns.iter().map(|column| column[row]);
        Quantiles::from_fn(|_| of_row.next().flatten())
    };
    let place = |row| Ok::<_, Error>((rows.text("series", row)?, rows.resource(row)?));
    let mut levels: HashMap<_, Vec<IssuedLevel>> = HashMap::new();
    let mut ends = Vec::new();
    for row in 0..rows.len() {
        match rows.text("kind", row)?.as_str() {
            LEVEL => {
                let days = days[row].and_then(|days| u32::try_from(days).ok()).ok_or_else(|| null("days"))?;
                let has_null = columns.iter().any(|column| column[row].is_none());
                let used = quantiles(row).map(Option::unwrap_or_default);
                let level = (!has_null).then_some(IssuedLevel { days, used }).ok_or_else(|| null("p05` to `p95"))?;
                levels.entry(place(row)?).or_default().push(level);
            }
            DATE => ends.push(row),
            other => {
                return Err(Error::new(format!("the column `kind` has `{other}`, which this version does not know")));
            }
        }
    }
    let issued = |row: usize| {
        let place = place(row)?;
        Ok(IssuedForecast {
            levels: levels.remove(&place).unwrap_or_default(),
            series: place.0,
            resource: place.1,
            as_of: rows.date("as_of", row)?,
            model: rows.text("model", row)?,
            used: used[row].ok_or_else(|| null("used"))?,
            limit: limits[row],
            horizon_days: rows.integer("horizon", row)?.try_into().unwrap_or(u32::MAX),
            spread: spread[row].ok_or_else(|| null("spread"))?,
            exhaustion_days: quantiles(row).map(|days| days.map(|days| days as u32)),
        })
    };
    ends.into_iter().map(issued).collect()
}
