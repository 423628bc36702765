//! Plain columns, between the snapshot's types and Parquet.

use crate::model::error::{Error, Result};

/// The values of one column; `None` is null.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Values {
    /// UTF-8.
    Text(Vec<Option<String>>),
    /// 64-bit signed: Parquet readers disagree on unsigned ones.
    Integer(Vec<Option<i64>>),
    /// 64-bit floating point, of which one at least is not whole: whole numbers are integers, however they were written.
    Float(Vec<Option<f64>>),
    /// True or false.
    Truth(Vec<Option<bool>>),
    /// Microseconds since 1970, in UTC.
    Time(Vec<Option<i64>>),
    /// Days since 1970.
    Date(Vec<Option<i32>>),
    /// Bytes.
    Bytes(Vec<Option<Vec<u8>>>),
}

impl Values {
    /// How many rows there are.
    pub(crate) fn len(&self) -> usize {
        match self {
            Values::Text(values) => values.len(),
            Values::Integer(values) | Values::Time(values) => values.len(),
            Values::Float(values) => values.len(),
            Values::Truth(values) => values.len(),
            Values::Date(values) => values.len(),
            Values::Bytes(values) => values.len(),
        }
    }
}

/// Named columns of one length.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct ColumnTable {
    columns: Vec<(String, Values)>,
}

impl ColumnTable {
    /// Adds a column, which has to be as long as the others.
    pub(crate) fn with(mut self, name: &str, values: Values) -> Self {
        debug_assert!(self.columns.is_empty() || values.len() == self.rows());
        self.columns.push((name.to_owned(), values));
        self
    }

    /// How many rows there are.
    pub(crate) fn rows(&self) -> usize {
        self.columns.first().map_or(0, |(_, values)| values.len())
    }

    /// The columns with their names.
    pub(crate) fn columns(&self) -> impl Iterator<Item = (&str, &Values)> {
        self.columns.iter().map(|(name, values)| (name.as_str(), values))
    }

    /// Whether there is a column of that name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.columns.iter().any(|(held, _)| held == name)
    }

    fn column(&self, name: &str) -> Result<&Values> {
        let column = self.columns.iter().find(|(held, _)| held == name);
        column.map(|(_, values)| values).ok_or_else(|| Error::new(format!("the table has no column `{name}`")))
    }

    /// A column of text.
    ///
    /// # Errors
    /// If there is no such column, or it holds something else; so too below.
    pub(crate) fn text(&self, name: &str) -> Result<&[Option<String>]> {
        match self.column(name)? {
            Values::Text(values) => Ok(values),
            _ => Err(wrong_type(name, "text")),
        }
    }

    /// A column of integers.
    pub(crate) fn integers(&self, name: &str) -> Result<&[Option<i64>]> {
        match self.column(name)? {
            Values::Integer(values) => Ok(values),
            _ => Err(wrong_type(name, "integers")),
        }
    }

    /// The value in each row of a column of integers; `None` where it is null or negative.
    pub(crate) fn sizes(&self, name: &str) -> Result<impl Fn(usize) -> Option<u64>> {
        let values = self.integers(name)?;
        Ok(|row: usize| values[row].and_then(|value| u64::try_from(value).ok()))
    }

    /// A column of truth values.
    pub(crate) fn truths(&self, name: &str) -> Result<&[Option<bool>]> {
        match self.column(name)? {
            Values::Truth(values) => Ok(values),
            _ => Err(wrong_type(name, "truth values")),
        }
    }

    /// A column of times, in microseconds since 1970.
    pub(crate) fn times(&self, name: &str) -> Result<&[Option<i64>]> {
        match self.column(name)? {
            Values::Time(values) => Ok(values),
            _ => Err(wrong_type(name, "times")),
        }
    }

    /// A column of numbers, whole or not.
    pub(crate) fn numbers(&self, name: &str) -> Result<Vec<Option<f64>>> {
        match self.column(name)? {
            Values::Integer(values) => Ok(values.iter().map(|value| value.map(|value| value as f64)).collect()),
            Values::Float(values) => Ok(values.clone()),
            _ => Err(wrong_type(name, "numbers")),
        }
    }

    /// A column of bytes.
    pub(crate) fn bytes(&self, name: &str) -> Result<&[Option<Vec<u8>>]> {
        match self.column(name)? {
            Values::Bytes(values) => Ok(values),
            _ => Err(wrong_type(name, "bytes")),
        }
    }

    /// A column of dates, in days since 1970.
    pub(crate) fn dates(&self, name: &str) -> Result<&[Option<i32>]> {
        match self.column(name)? {
            Values::Date(values) => Ok(values),
            _ => Err(wrong_type(name, "dates")),
        }
    }
}

fn wrong_type(name: &str, wanted: &str) -> Error {
    Error::new(format!("the column `{name}` does not have {wanted}"))
}
