//! The series of the history, or of a table given by `--input`.

use std::path::Path;

use jiff::civil::Date;

use super::Context;
use super::session::{Session, nothing_known, unknown_series};
use crate::history;
use crate::model::dates::utc_day;
use crate::model::error::{Error, Result};
use crate::model::series::Series;
use crate::model::series::table::{self, Collector, SeriesRow};

/// The series with these names, or all.
pub(super) fn series(context: &Context, input: Option<&Path>, names: &[String]) -> Result<Vec<Series>> {
    match input {
        Some(path) => choose(known(context, path)?, names),
        None => Ok(Session::open(context)?.series(names)?.into_iter().map(|series| series.series).collect()),
    }
}

/// The series of a table as far as they were known today.
fn known(context: &Context, path: &Path) -> Result<Vec<Series>> {
    let (mut collector, mut unknown) = (Collector::default(), None);
    read(path, |row| match utc_day(row.time) {
        day if context.knows(day) => collector.add(row),
        day => unknown = Some(unknown.map_or(day, |first: Date| first.min(day))),
    })?;
    let series = collector.series();
    match unknown {
        Some(first) if series.is_empty() => Err(nothing_known(context.today, "row", first)),
        _ => Ok(series),
    }
}

/// Reads a table: CSV, or Parquet by the file's ending; `-` is CSV on standard input.
fn read(path: &Path, each: impl FnMut(SeriesRow)) -> Result<()> {
    if path == Path::new("-") {
        return table::read_csv_rows(std::io::stdin().lock(), Path::new("standard input"), each);
    }
    if path.extension().is_some_and(|ending| ending == "parquet") {
        history::read_series_rows(path)?.into_iter().for_each(each);
        return Ok(());
    }
    if path.is_dir() {
        return Err(Error::new("the input is a directory").at(path).hint("give a CSV or Parquet file"));
    }
    let file =
        std::fs::File::open(path).map_err(|e| Error::io("cannot read the input", path, e).hint("check the path"))?;
    table::read_csv_rows(file, path, each)
}

fn choose(series: Vec<Series>, names: &[String]) -> Result<Vec<Series>> {
    if names.is_empty() {
        return Ok(series);
    }
    for name in names {
        if !series.iter().any(|series| series.name == *name) {
            return Err(unknown_series(name, series.iter().map(|series| series.name.as_str())));
        }
    }
    Ok(series.into_iter().filter(|series| names.contains(&series.name)).collect())
}
