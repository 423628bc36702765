//! The series of the history, or of a table given by `--input`.

use std::path::Path;

use super::Context;
use super::session::{Session, nothing_known, unknown_series};
use crate::history;
use crate::model::dates::utc_day;
use crate::model::error::{Error, Result};
use crate::model::series::Series;
use crate::model::series::table::{self, SeriesRow};

/// The series with these names, or all.
pub(super) fn series(context: &Context, input: Option<&Path>, names: &[String]) -> Result<Vec<Series>> {
    match input {
        Some(path) => choose(table::collect(known(context, read(path)?)?), names),
        None => Ok(Session::open(context)?.series(names)?.into_iter().map(|series| series.series).collect()),
    }
}

/// Reads a table: CSV, or Parquet by the file's ending; `-` is CSV on standard input.
fn read(path: &Path) -> Result<Vec<SeriesRow>> {
    if path == Path::new("-") {
        return table::read_csv_rows(std::io::stdin().lock(), Path::new("standard input"));
    }
    if path.extension().is_some_and(|ending| ending == "parquet") {
        return history::read_series_rows(path);
    }
    if path.is_dir() {
        return Err(Error::new("the input is a directory").at(path).hint("give a CSV or Parquet file"));
    }
    let file =
        std::fs::File::open(path).map_err(|e| Error::io("cannot read the input", path, e).hint("check the path"))?;
    table::read_csv_rows(file, path)
}

/// The rows that were known today.
fn known(context: &Context, mut rows: Vec<SeriesRow>) -> Result<Vec<SeriesRow>> {
    let first = rows.iter().map(|row| row.time).min();
    rows.retain(|row| context.knows(utc_day(row.time)));
    match first {
        Some(first) if rows.is_empty() => Err(nothing_known(context.today, "row", utc_day(first))),
        _ => Ok(rows),
    }
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
