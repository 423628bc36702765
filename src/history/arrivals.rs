//! The mail of a snapshot's stores by day of arrival and size.

use std::collections::HashMap;
use std::path::Path;

use super::query;
use super::table::ColumnTable;
use crate::model::error::{Error, Result};
use crate::model::snapshot::Clock;
use crate::model::snapshot::cohort::{DayOfSize, size_class};

/// The cohorts by arrival, by store.
pub(crate) fn read(directory: &Path) -> Result<HashMap<String, Vec<DayOfSize>>> {
    let names = ["store", "clock", "day", "size_from", "messages", "bytes"];
    query::columns(directory, "cohort", &names, by_store)
}

fn by_store(table: ColumnTable) -> Result<HashMap<String, Vec<DayOfSize>>> {
    let (stores, clocks, days) = (table.text("store")?, table.text("clock")?, table.dates("day")?);
    let (sizes, messages, bytes) = (table.sizes("size_from")?, table.sizes("messages")?, table.sizes("bytes")?);
    let cohort = |&row: &usize| Some((days(row)?, size_class(sizes(row)?), messages(row)?, bytes(row)?));
    let is_arrival = |&row: &usize| clocks(row) == Some(Clock::Arrival.word());
    let rows: Vec<usize> = (0..table.rows()).filter(is_arrival).collect();
    let mut all: HashMap<String, Vec<DayOfSize>> = HashMap::new();
    // The rows of a store follow each other, so it is looked up once.
    for rows in rows.chunk_by(|&one, &next| stores(one) == stores(next)) {
        let Some(store) = stores(rows[0]) else { continue };
        let cohorts = rows.iter().map(cohort).collect::<Option<Vec<_>>>();
        let cohorts = cohorts.ok_or_else(|| Error::new("a cohort has no day, size or count"))?;
        all.entry(store.to_owned()).or_default().extend(cohorts);
    }
    Ok(all)
}
