//! The series of the history, or of a table given by `--input`.

use std::path::Path;

use jiff::civil::Date;

use super::Context;
use super::session::{Session, nothing_known, unknown_series};
use crate::history;
use crate::model::dates::utc_day;
use crate::model::error::{Error, Result};
use crate::model::series::{Collector, Series, SeriesRow, table};

/// The series with these names, or all.
pub(super) fn series(context: &Context, input: Option<&Path>, names: &[String]) -> Result<Vec<Series>> {
    match input {
        Some(path) => Ok(table(context, path, names)?.series().collect()),
        None => Ok(Session::open(context)?.series(names)?.into_iter().map(|series| series.series).collect()),
    }
}

/// The rows of a table about series with these names, or all, as far as they were known today.
pub(super) fn table(context: &Context, path: &Path, names: &[String]) -> Result<Collector> {
    let (mut collector, mut unknown) = (Collector::default(), None);
    read(path, |row| match utc_day(row.time) {
        day if context.knows(day) => collector.add(row),
        day => unknown = Some(unknown.map_or(day, |first: Date| first.min(day))),
    })?;
    if let Some(first) = unknown.filter(|_| collector.is_empty()) {
        return Err(nothing_known(context.today, "row", first));
    }
    match names.iter().find(|name| !collector.contains(name)) {
        Some(name) => Err(unknown_series(name, collector.names())),
        None if names.is_empty() => Ok(collector),
        None => Ok(collector.only(names)),
    }
}

/// Reads a table: CSV, or Parquet by the file's ending; `-` is CSV on standard input.
fn read(path: &Path, each: impl FnMut(SeriesRow)) -> Result<()> {
    if path == Path::new("-") {
        return table::read_csv_rows(std::io::stdin(), Path::new("standard input"), each);
    }
    if path.extension().is_some_and(|ending| ending == "parquet") {
        return history::read_series_rows(path, each);
    }
    if path.is_dir() {
        return Err(Error::new("the input is a directory").at(path).hint("give a CSV or Parquet file"));
    }
    let file =
        std::fs::File::open(path).map_err(|e| Error::io("cannot read the input", path, e).hint("check the path"))?;
    table::read_csv_rows(file, path, each)
}
