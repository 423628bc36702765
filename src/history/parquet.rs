//! Tables as Parquet files. The only file that knows polars.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::panic::AssertUnwindSafe;
use std::path::Path;

use polars::prelude::{
    Column, DataFrame, DataType, Int32Chunked, Int64Chunked, IntoColumn, NewChunkedArray, ParquetCompression,
    ParquetReader, ParquetWriter, PolarsError, PolarsResult, SerReader, TimeUnit, TimeZone,
};

use super::table::{ColumnTable, Values};
use crate::model::error::{Error, Result};

/// Writes a table, given in pieces of the same columns, to a new file, which may not outlive a crash yet.
///
/// # Errors
/// If the file exists, or the disk is full.
pub(crate) fn write(path: &Path, pieces: impl Iterator<Item = ColumnTable>) -> Result<File> {
    let failed = |e: std::io::Error| Error::io("cannot write the history", path, e);
    let file = File::create_new(path).map_err(failed)?;
    // polars writes page by page, and its header piece by piece.
    let mut buffered = BufWriter::new(&file);
    let refused = |e: PolarsError| Error::new("cannot write the history").at(path).because(e);
    write_pieces(&mut buffered, pieces).map_err(refused)?;
    buffered.flush().map_err(failed)?;
    drop(buffered);
    Ok(file)
}

/// Writes each piece as a row group.
fn write_pieces(into: impl Write, pieces: impl Iterator<Item = ColumnTable>) -> PolarsResult<()> {
    let mut frames = pieces.map(|table| {
        let columns = table.columns().map(|(name, values)| to_polars(name, values)).collect();
        DataFrame::new(table.rows(), columns)
    });
    let first = frames.next().unwrap_or_else(|| Ok(DataFrame::empty()))?;
    let writer = ParquetWriter::new(into).with_compression(ParquetCompression::Zstd(None));
    // Tables are small; the threads that would be started cost more than they save.
    let mut writer = writer.set_parallel(false).batched(first.schema())?;
    writer.write_batch(&first)?;
    drop(first);
    for frame in frames {
        writer.write_batch(&frame?)?;
    }
    writer.finish().map(drop)
}

/// Reads a table.
///
/// # Errors
/// If the file is missing or damaged.
pub(crate) fn read(path: &Path) -> Result<ColumnTable> {
    read_chosen(path, None)
}

/// Reads some columns of a table, and leaves the others on the disk.
///
/// # Errors
/// If the file is missing or damaged, or has no such columns.
pub(crate) fn read_columns(path: &Path, names: &[&str]) -> Result<ColumnTable> {
    read_chosen(path, Some(names.iter().map(|name| (*name).to_owned()).collect()))
}

fn read_chosen(path: &Path, columns: Option<Vec<String>>) -> Result<ColumnTable> {
    let file = File::open(path).map_err(|e| Error::io("cannot read", path, e))?;
    let damaged = |e: PolarsError| Error::new("this is not a readable Parquet table").at(path).because(e);
    // polars panics on some damaged files; one of them shall not take the others down.
    let read = AssertUnwindSafe(|| ParquetReader::new(file).with_columns(columns).finish());
    let frame = std::panic::catch_unwind(read)
        .map_err(|_| Error::new("this is not a readable Parquet table").at(path))?
        .map_err(damaged)?;
    let mut table = ColumnTable::default();
    for column in frame.columns() {
        let values = from_polars(column).map_err(damaged)?;
        table = table.with(column.name(), values);
    }
    Ok(table)
}

fn to_polars(name: &str, values: &Values) -> Column {
    let name = name.into();
    match values {
        Values::Text(values) => Column::new(name, values),
        Values::Integer(values) => Column::new(name, values),
        Values::Float(values) => Column::new(name, values),
        Values::Truth(values) => Column::new(name, values),
        Values::Time(values) => Int64Chunked::from_slice_options(name, values)
            .into_datetime(TimeUnit::Microseconds, Some(TimeZone::UTC))
            .into_column(),
        Values::Bytes(values) => Column::new(name, values),
        Values::Date(values) => Int32Chunked::from_slice_options(name, values).into_date().into_column(),
    }
}

fn from_polars(column: &Column) -> PolarsResult<Values> {
    Ok(match column.dtype() {
        DataType::String => Values::Text(column.str()?.iter().map(|text| text.map(str::to_owned)).collect()),
        DataType::Binary => Values::Bytes(column.binary()?.iter().map(|bytes| bytes.map(<[u8]>::to_vec)).collect()),
        DataType::Boolean => Values::Truth(column.bool()?.iter().collect()),
        DataType::Datetime(unit, _) => {
            // Another tool may have rewritten the dataset in another unit.
            let to_microseconds = |time: i64| match unit {
                TimeUnit::Nanoseconds => time.div_euclid(1_000),
                TimeUnit::Microseconds => time,
                TimeUnit::Milliseconds => time.saturating_mul(1_000),
            };
            Values::Time(column.datetime()?.physical().iter().map(|time| time.map(to_microseconds)).collect())
        }
        DataType::Date => Values::Date(column.date()?.physical().iter().collect()),
        DataType::Float32 | DataType::Float64 => {
            of_floats(column.strict_cast(&DataType::Float64)?.f64()?.iter().collect())
        }
        _ => Values::Integer(column.strict_cast(&DataType::Int64)?.i64()?.iter().collect()),
    })
}

/// Integers with a null in them are floats to some of the tools that may have rewritten the dataset.
fn of_floats(values: Vec<Option<f64>>) -> Values {
    // Beyond 2^53 there are integers that no float meets.
    let is_whole = |value: &f64| value.fract() == 0.0 && value.abs() <= 9_007_199_254_740_992.0;
    match values.iter().flatten().all(is_whole) {
        true => Values::Integer(values.into_iter().map(|value| value.map(|value| value as i64)).collect()),
        false => Values::Float(values),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_float_column_of_whole_numbers_reads_as_integers() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("floats.parquet");
        let fractions = vec![Some(1.5), Some(2.0), None];
        let whole = Values::Float(vec![Some(3.0), Some(4.0), None]);
        let table = ColumnTable::default().with("fractions", Values::Float(fractions.clone())).with("whole", whole);
        write(&path, std::iter::once(table)).unwrap();
        let read = read(&path).unwrap();
        assert_eq!(read.integers("whole").unwrap(), [Some(3), Some(4), None]);
        assert_eq!(read.numbers("whole").unwrap(), [Some(3.0), Some(4.0), None]);
        assert_eq!(read.numbers("fractions").unwrap(), fractions);
        assert!(read.integers("fractions").is_err());
    }
}
