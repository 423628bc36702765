//! What was imported.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;

use crate::history::imports::{Import, Source, Target};
use crate::model::dates::utc_day;
use crate::model::schema::Day;
use crate::output::document::{Block, Document, Table, printable};

/// One row for each series.
pub(crate) fn list(imports: &[Import]) -> Document<'static> {
    let row = |line: ImportLine| {
        let ImportLine { target: Target { host, name, resource, .. }, source, from, to, observations } = line;
        let source: &str = source.into();
        let [from, to] = [from, to].map(|day| day.map_or(String::new(), |day| day.to_string()));
        [printable(name), printable(host), resource.to_string(), source.to_owned(), from, to, observations.to_string()]
    };
    let table = Table::new(&["series", "host", "resource", "source", "from", "to", "days"]);
    Document::short(vec![Block::Table(Table { left: 6, ..table.with(lines(imports).map(row)) })])
}

/// An imported series.
#[derive(Debug, JsonSchema, Serialize)]
pub(crate) struct ImportLine<'a> {
    #[serde(flatten)]
    target: &'a Target,
    /// The tool that measured it.
    source: Source,
    /// The first day, in UTC.
    #[schemars(with = "Option<Day>")]
    from: Option<Date>,
    /// The last day, in UTC.
    #[schemars(with = "Option<Day>")]
    to: Option<Date>,
    /// The number of observations, one a day.
    observations: usize,
}

/// A line for each series.
pub(crate) fn lines(imports: &[Import]) -> impl Iterator<Item = ImportLine<'_>> {
    imports.iter().map(|Import { target, source, points, .. }| {
        let day = |point: &crate::model::series::points::Point| utc_day(point.time);
        let (from, to) = (points.first().map(day), points.last().map(day));
        ImportLine { target, source: *source, from, to, observations: points.len() }
    })
}
