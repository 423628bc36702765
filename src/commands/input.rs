//! The series of the history, or of a table given by `--input`.

use std::path::Path;

use super::Context;
use super::session::{Session, unknown_series};
use crate::history;
use crate::model::error::{Error, Result};
use crate::model::series::{Series, table};

/// The series with these names, or all.
pub(super) fn series(context: &Context, input: Option<&Path>, names: &[String]) -> Result<Vec<Series>> {
    match input {
        Some(path) => choose(read(path)?, names),
        None => Ok(Session::open(context)?.series(names)?.into_iter().map(|series| series.series).collect()),
    }
}

/// Reads a table: CSV, or Parquet by the file's ending; `-` is CSV on standard input.
fn read(path: &Path) -> Result<Vec<Series>> {
    if path == Path::new("-") {
        return table::read_csv(std::io::stdin().lock(), Path::new("standard input"));
    }
    if path.extension().is_some_and(|ending| ending == "parquet") {
        return history::read_series(path);
    }
    if path.is_dir() {
        return Err(Error::new("the input is a directory").at(path).hint("give a CSV or Parquet file"));
    }
    let file =
        std::fs::File::open(path).map_err(|e| Error::io("cannot read the input", path, e).hint("check the path"))?;
    table::read_csv(file, path)
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
