//! Points from RRDtool: what `rrdtool xport --json` or `rrdtool fetch` prints.

use std::path::Path;

use serde::Deserialize;

use super::{Columns, Points, from_seconds, of_amounts, parse_amount};
use crate::model::error::{Error, Result};
use crate::model::escape;

const HINT: &str = "save what `rrdtool xport --json …` or `rrdtool fetch FILE.rrd LAST …` prints";

#[derive(Deserialize)]
struct Export {
    meta: Meta,
    data: Vec<Vec<Cell>>,
}

/// With `--showtime`, a row begins with its time as a text.
#[derive(Deserialize)]
#[serde(untagged)]
enum Cell {
    Amount(Option<f64>),
    Time(#[expect(dead_code, reason = "the rows are a step apart")] String),
}

impl Cell {
    fn amount(&self) -> Option<f64> {
        match self {
            Cell::Amount(amount) => *amount,
            Cell::Time(_) => None,
        }
    }
}

#[derive(Deserialize)]
struct Meta {
    /// The time of the first row, in unix seconds.
    start: f64,
    step: f64,
    legend: Vec<String>,
}

/// Reads either, told apart by the first character; `path` is only for the errors.
///
/// # Errors
/// If it is neither, or a column is missing or unclear.
pub(crate) fn read(text: &str, path: &Path, columns: &Columns) -> Result<Points> {
    match text.trim_start().starts_with('{') {
        true => exported(text, path, columns),
        false => fetched(text, path, columns),
    }
}

fn exported(text: &str, path: &Path, columns: &Columns) -> Result<Points> {
    let failed = |e| Error::new("this is not an export of RRDtool").at(path).because(e).hint(HINT);
    let Export { meta: Meta { start, step, legend }, data } = serde_json::from_str(text).map_err(failed)?;
    let (used, limit) = of_amounts(&legend, columns).map_err(|e| e.at(path))?;
    let mut points = Points::default();
    for (row, cells) in data.iter().enumerate() {
        let times = cells.iter().take_while(|cell| matches!(cell, Cell::Time(_))).count();
        let cell = |column: usize| cells.get(times + column).and_then(Cell::amount);
        let mut add = || {
            let time = from_seconds(start + step * row as f64)?;
            points.add_used(time, cell(used))?;
            limit.map_or(Ok(()), |limit| points.add_limit(time, cell(limit)))
        };
        add().map_err(|what: String| Error::new(format!("row {}: {what}", row + 1)).at(path).hint(HINT))?;
    }
    Ok(points)
}

fn fetched(text: &str, path: &Path, columns: &Columns) -> Result<Points> {
    let mut lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let words = |line: &str| line.split_whitespace().map(str::to_owned).collect::<Vec<String>>();
    let header = lines.next().map(|(_, line)| words(line)).filter(|_| text.contains(':'));
    let header = header.ok_or_else(|| Error::new("this is not an output of RRDtool").at(path).hint(HINT))?;
    let (used, limit) = of_amounts(&header, columns).map_err(|e| e.at(path))?;
    let mut points = Points::default();
    for (number, line) in lines {
        let mut add = || {
            let (time, cells) = line.split_once(':').ok_or_else(|| format!("`{}` has no time", escape::brief(line)))?;
            let seconds =
                time.trim().parse::<f64>().map_err(|_| format!("`{}` is not a valid time", escape::brief(time)))?;
            let (time, cells) = (from_seconds(seconds)?, words(cells));
            let cell = |column: usize| parse_amount(cells.get(column).map_or("", String::as_str));
            points.add_used(time, cell(used)?)?;
            limit.map_or(Ok(()), |limit| points.add_limit(time, cell(limit)?))
        };
        add().map_err(|what: String| Error::new(format!("line {}: {what}", number + 1)).at(path).hint(HINT))?;
    }
    Ok(points)
}
