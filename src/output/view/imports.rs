//! What was imported.

use jiff::civil::Date;
use serde::Serialize;

use crate::history::imports::{Import, Source, Target};
use crate::model::dates::utc_day;
use crate::output::document::{Block, Document, Table, printable};

/// One row for each series.
pub(crate) fn list(imports: &[Import]) -> Document<'static> {
    let row = |line: Line| {
        let Line { target: Target { host, name, resource, .. }, source, first, last, observations } = line;
        let source: &str = source.into();
        let times = [first, last].map(|day| day.map_or(String::new(), |day| day.to_string()));
        let [first, last] = times;
        [
            printable(name),
            printable(host),
            resource.to_string(),
            source.to_owned(),
            first,
            last,
            observations.to_string(),
        ]
    };
    let table = Table::new(&["series", "host", "resource", "source", "from", "to", "days"]);
    Document::short(vec![Block::Table(Table { left: 6, ..table.with(lines(imports).map(row)) })])
}

/// A line of JSON.
#[derive(Debug, Serialize)]
pub(crate) struct Line<'a> {
    #[serde(flatten)]
    target: &'a Target,
    source: Source,
    first: Option<Date>,
    last: Option<Date>,
    observations: usize,
}

/// A line for each series.
pub(crate) fn lines(imports: &[Import]) -> impl Iterator<Item = Line<'_>> {
    imports.iter().map(|Import { target, source, points, .. }| {
        let day = |point: &crate::model::series::points::Point| utc_day(point.time);
        let (first, last) = (points.first().map(day), points.last().map(day));
        Line { target, source: *source, first, last, observations: points.len() }
    })
}
