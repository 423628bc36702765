//! The mail of the stores of a snapshot by week of arrival and size.

use std::collections::HashMap;
use std::path::Path;

use super::columns;
use super::table::ColumnTable;
use crate::model::error::{Error, Result};
use crate::model::snapshot::Clock;
use crate::model::snapshot::cohort::{WeekOfSize, size_class};

/// The day, counted from 1970-01-01, from which weeks are counted.
const FIRST_MONDAY: i32 = 4;

/// The cohorts by arrival of each store, by its name.
pub(crate) fn read(directory: &Path) -> Result<HashMap<String, Vec<WeekOfSize>>> {
    let table = columns::cohorts(directory)?;
    by_store(&table).map_err(columns::of_table(directory, "cohort"))
}

fn by_store(table: &ColumnTable) -> Result<HashMap<String, Vec<WeekOfSize>>> {
    let (stores, arrivals) = (table.text("store")?, Arrivals::from_table(table)?);
    let mut all: HashMap<String, Vec<WeekOfSize>> = HashMap::new();
    let mut rows = 0..table.rows();
    while let Some(first) = rows.next() {
        let Some(store) = &stores[first] else { continue };
        // The rows of a store follow each other, and it is looked up once.
        let held = all.entry(store.clone()).or_default();
        held.extend(arrivals.row(first)?);
        while let Some(row) = rows.clone().next().filter(|&row| stores[row].as_ref() == Some(store)) {
            held.extend(arrivals.row(row)?);
            rows.next();
        }
    }
    Ok(all)
}

/// Rows that are cohorts, of which those by arrival are wanted.
pub(crate) struct Arrivals<'a> {
    clocks: &'a [Option<String>],
    weeks: &'a [Option<i32>],
    sizes: &'a [Option<i64>],
    messages: &'a [Option<i64>],
    bytes: &'a [Option<i64>],
}

impl<'a> Arrivals<'a> {
    /// The rows of a table.
    pub(crate) fn from_table(table: &'a ColumnTable) -> Result<Arrivals<'a>> {
        Ok(Arrivals {
            clocks: table.text("clock")?,
            weeks: table.dates("week")?,
            sizes: table.integers("size_from")?,
            messages: table.integers("messages")?,
            bytes: table.integers("bytes")?,
        })
    }

    /// The cohort of a row; `None` if it is by another clock.
    pub(crate) fn row(&self, row: usize) -> Result<Option<WeekOfSize>> {
        if self.clocks[row].as_deref() != Some(Clock::Arrival.word()) {
            return Ok(None);
        }
        let number = |value: Option<i64>| value.and_then(|value| u64::try_from(value).ok());
        let whole = || {
            let week = self.weeks[row]?.checked_sub(FIRST_MONDAY)?.div_euclid(7);
            Some((week, size_class(number(self.sizes[row])?), number(self.messages[row])?, number(self.bytes[row])?))
        };
        whole().map(Some).ok_or_else(|| Error::new("a cohort has no week or no size"))
    }
}
