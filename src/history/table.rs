//! Named columns, between the snapshot's types and Parquet. Only this file and [`super::parquet`] know polars.
//!
//! Rows are grouped and joined by hand: polars can do so only with its lazy engine and operations, which take longer to
//! build than the rest of the program, and a data frame cannot contain mailboxes in stores and folders in mailboxes.

use std::cmp::Ordering;

use jiff::Timestamp;
use jiff::civil::{Date, date};
use polars::prelude::{
    BinaryChunked, BooleanChunked, ChunkApply, Column, DataType, Float64Chunked, IdxCa, Int32Chunked, Int64Chunked,
    IntoColumn, NewChunkedArray, PolarsError, PolarsResult, StringChunked, TimeUnit, TimeZone,
};

use crate::model::error::{Error, Result};

/// The day from which dates are counted.
pub(super) const EPOCH: Date = date(1970, 1, 1);

/// Named columns of one length. Integers are signed and have 64 bits, since Parquet readers disagree on unsigned ones.
#[derive(Clone, Debug, Default)]
pub(crate) struct ColumnTable(Vec<Column>);

/// A column is returned as a function from the row to the cell, which is `None` if it is null. It is an error if there is
/// no such column, or if it has another type.
impl ColumnTable {
    /// # Errors
    /// If the values of a column have none of the types below, or the columns differ in length.
    pub(super) fn from_columns(columns: &[Column]) -> PolarsResult<ColumnTable> {
        if columns.windows(2).any(|pair| pair[0].len() != pair[1].len()) {
            return Err(PolarsError::ShapeMismatch("the columns differ in length".into()));
        }
        columns.iter().map(normalised).collect::<PolarsResult<_>>().map(ColumnTable)
    }

    pub(super) fn into_columns(self) -> Vec<Column> {
        self.0
    }

    pub(crate) fn rows(&self) -> usize {
        self.0.first().map_or(0, Column::len)
    }

    /// The rows that are to stay.
    pub(super) fn filtered(&self, stays: &[bool]) -> ColumnTable {
        let mask = BooleanChunked::from_iter_options("".into(), stays.iter().map(|&stays| Some(stays)));
        let filtered = |column: &Column| column.filter(&mask).expect("there is one value for each row");
        ColumnTable(self.0.iter().map(filtered).collect())
    }

    /// With another column of truth values, all the same.
    pub(super) fn with_boolean(mut self, name: &str, value: bool) -> ColumnTable {
        let cells = BooleanChunked::from_iter_options(name.into(), (0..self.rows()).map(|_| Some(value)));
        if let Some(column) = self.0.iter_mut().find(|column| column.name() == name) {
            *column = cells.into_column();
        }
        self
    }

    /// The rows of all tables, which have the same columns.
    ///
    /// # Errors
    /// If their columns differ.
    pub(super) fn joined(tables: Vec<ColumnTable>) -> Result<ColumnTable> {
        let mut tables = tables.into_iter();
        let mut all = tables.next().unwrap_or_default();
        for ColumnTable(columns) in tables {
            let names = |columns: &[Column]| columns.iter().map(|column| column.name().clone()).collect::<Vec<_>>();
            if names(&all.0) != names(&columns) {
                return Err(Error::new("the tables of two snapshots have different columns"));
            }
            for (whole, more) in all.0.iter_mut().zip(&columns) {
                whole.append(more).map_err(|e| Error::new("the tables of two snapshots differ").because(e))?;
            }
        }
        // Each chunk would become a row group.
        Ok(ColumnTable(all.0.iter().map(Column::rechunk).collect()))
    }

    /// The rows in the order of some columns of text, and as before where these are equal.
    pub(super) fn sorted_by(&self, columns: &[&str]) -> ColumnTable {
        let ranks: Vec<Vec<usize>> =
            self.0.iter().filter(|one| columns.contains(&one.name().as_str())).map(ranks).collect();
        let mut order: Vec<usize> = (0..self.rows()).collect();
        order.sort_by(|&a, &b| {
            ranks.iter().map(|ranks| ranks[a].cmp(&ranks[b])).find(|o| o.is_ne()).unwrap_or(Ordering::Equal)
        });
        let order = IdxCa::from_vec("".into(), order.into_iter().map(|row| row as u32).collect());
        ColumnTable(self.0.iter().map(|column| column.take(&order).expect("each row is there")).collect())
    }

    pub(super) fn names(&self) -> Vec<String> {
        self.0.iter().map(|column| column.name().to_string()).collect()
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|column| column.name() == name)
    }

    fn typed<'a, T>(&'a self, name: &str, wanted: &str, as_type: impl Fn(&'a Column) -> PolarsResult<T>) -> Result<T> {
        let column = self.0.iter().find(|column| column.name() == name);
        let column = column.ok_or_else(|| Error::new(format!("the table has no column `{name}`")))?;
        as_type(column).map_err(|_| Error::new(format!("the column `{name}` does not have {wanted}")))
    }

    pub(crate) fn text<'a>(&'a self, name: &str) -> Result<impl Fn(usize) -> Option<&'a str> + use<'a>> {
        self.typed(name, "text", Column::str).map(|cells| move |row| cells.get(row))
    }

    /// The table with other cells in a column of text.
    pub(super) fn with_text(mut self, name: &str, cells: Vec<Option<String>>) -> ColumnTable {
        if let Some(column) = self.0.iter_mut().find(|column| column.name() == name) {
            *column = StringChunked::from_iter_options(name.into(), cells.into_iter()).into_column();
        }
        self
    }

    pub(crate) fn integers<'a>(&'a self, name: &str) -> Result<impl Fn(usize) -> Option<i64> + use<'a>> {
        self.typed(name, "integers", Column::i64).map(|cells| move |row| cells.get(row))
    }

    /// Integers that are not negative; negative ones are `None`.
    pub(crate) fn sizes<'a>(&'a self, name: &str) -> Result<impl Fn(usize) -> Option<u64> + use<'a>> {
        let cells = self.typed(name, "integers", Column::i64)?;
        Ok(|row| cells.get(row).and_then(|value| u64::try_from(value).ok()))
    }

    pub(crate) fn booleans<'a>(&'a self, name: &str) -> Result<impl Fn(usize) -> Option<bool> + use<'a>> {
        self.typed(name, "truth values", Column::bool).map(|cells| move |row| cells.get(row))
    }

    pub(crate) fn bytes<'a>(&'a self, name: &str) -> Result<impl Fn(usize) -> Option<&'a [u8]> + use<'a>> {
        self.typed(name, "bytes", Column::binary).map(|cells| move |row| cells.get(row))
    }

    /// In microseconds since 1970, in UTC.
    pub(crate) fn times<'a>(&'a self, name: &str) -> Result<impl Fn(usize) -> Option<i64> + use<'a>> {
        let cells = self.typed(name, "times", Column::datetime)?.physical();
        Ok(|row| cells.get(row))
    }

    /// In days since 1970.
    pub(crate) fn dates<'a>(&'a self, name: &str) -> Result<impl Fn(usize) -> Option<i32> + use<'a>> {
        let cells = self.typed(name, "dates", Column::date)?.physical();
        Ok(|row| cells.get(row))
    }

    /// Numbers, whole or not.
    pub(crate) fn numbers(&self, name: &str) -> Result<impl Fn(usize) -> Option<f64> + use<>> {
        let cells = self.typed(name, "numbers", |column| match column.dtype() {
            DataType::Int64 => column.cast(&DataType::Float64)?.f64().cloned(),
            _ => column.f64().cloned(),
        })?;
        Ok(move |row| cells.get(row))
    }
}

/// The place of each row's text among the texts in order; null is the first. Rows of other types have the same place.
fn ranks(column: &Column) -> Vec<usize> {
    let Ok(cells) = column.str() else { return vec![0; column.len()] };
    let mut texts: Vec<Option<&str>> = cells.iter().collect();
    texts.sort_unstable();
    texts.dedup();
    cells.iter().map(|cell| texts.partition_point(|text| *text < cell)).collect()
}

/// The column with one of the types above. Another tool may have rewritten the dataset with others.
fn normalised(column: &Column) -> PolarsResult<Column> {
    Ok(match column.dtype() {
        DataType::String | DataType::Binary | DataType::Boolean | DataType::Date => column.clone(),
        DataType::Datetime(unit, zone) => {
            let to_microseconds = |time: i64| match unit {
                TimeUnit::Nanoseconds => time.div_euclid(1_000),
                TimeUnit::Microseconds => time,
                TimeUnit::Milliseconds => time.saturating_mul(1_000),
            };
            let times = column.datetime()?.physical().apply_values(to_microseconds);
            times.into_datetime(TimeUnit::Microseconds, zone.clone()).into_column()
        }
        DataType::Float32 | DataType::Float64 => {
            let floats = column.strict_cast(&DataType::Float64)?;
            // To some tools, integers with a null are floats.
            if floats.f64()?.iter().flatten().all(is_whole) { floats.strict_cast(&DataType::Int64)? } else { floats }
        }
        _ => column.strict_cast(&DataType::Int64)?,
    })
}

/// Beyond 2^53 some integers are not floats.
fn is_whole(value: f64) -> bool {
    value.fract() == 0.0 && value.abs() <= 9_007_199_254_740_992.0
}

/// Builds a table with one row for each item.
pub(super) struct TableBuilder<'a, T> {
    items: &'a [T],
    columns: Vec<Column>,
}

impl<'a, T> TableBuilder<'a, T> {
    pub(super) fn new(items: &'a [T]) -> Self {
        TableBuilder { items, columns: Vec::new() }
    }

    fn with(mut self, column: impl IntoColumn) -> Self {
        self.columns.push(column.into_column());
        self
    }

    pub(super) fn text<'s>(self, name: &str, cell: impl Fn(&'a T) -> &'s str) -> Self {
        self.optional_text(name, |item| Some(cell(item)))
    }

    pub(super) fn optional_text<'s>(self, name: &str, cell: impl Fn(&'a T) -> Option<&'s str>) -> Self {
        let cells = StringChunked::from_iter_options(name.into(), self.items.iter().map(cell));
        self.with(cells)
    }

    pub(super) fn integers(self, name: &str, cell: impl Fn(&T) -> u64) -> Self {
        self.optional_integers(name, |item| Some(cell(item)))
    }

    /// Integers beyond 2^63 are written as the largest one.
    pub(super) fn optional_integers(self, name: &str, cell: impl Fn(&T) -> Option<u64>) -> Self {
        let signed = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
        let cells = self.items.iter().map(|item| cell(item).map(signed));
        let cells = Int64Chunked::from_iter_options(name.into(), cells);
        self.with(cells)
    }

    pub(super) fn floats(self, name: &str, cell: impl Fn(&T) -> Option<f64>) -> Self {
        let cells = Float64Chunked::from_iter_options(name.into(), self.items.iter().map(cell));
        self.with(cells)
    }

    pub(super) fn booleans(self, name: &str, cell: impl Fn(&T) -> bool) -> Self {
        let cells = self.items.iter().map(|item| Some(cell(item)));
        let cells = BooleanChunked::from_iter_options(name.into(), cells);
        self.with(cells)
    }

    /// In microseconds since 1970, in UTC.
    pub(super) fn times(self, name: &str, cell: impl Fn(&T) -> Option<Timestamp>) -> Self {
        let cells = self.items.iter().map(|item| cell(item).map(Timestamp::as_microsecond));
        let cells = Int64Chunked::from_iter_options(name.into(), cells);
        self.with(cells.into_datetime(TimeUnit::Microseconds, Some(TimeZone::UTC)))
    }

    /// In days since 1970.
    pub(super) fn dates(self, name: &str, cell: impl Fn(&T) -> Date) -> Self {
        let cells = self.items.iter().map(|item| Some((cell(item) - EPOCH).get_days()));
        let cells = Int32Chunked::from_iter_options(name.into(), cells);
        self.with(cells.into_date())
    }

    pub(super) fn bytes(self, name: &str, cell: impl Fn(&T) -> &[u8]) -> Self {
        let cells = self.items.iter().map(|item| Some(cell(item)));
        let cells = BinaryChunked::from_iter_options(name.into(), cells);
        self.with(cells)
    }

    pub(super) fn finish(self) -> ColumnTable {
        ColumnTable(self.columns)
    }
}
