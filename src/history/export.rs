//! The tables of the history, piece by piece, for other programs.

use std::io::Write;

use jiff::Timestamp;
use jiff::civil::Date;

use super::ledger::DeclaredEvent;
use super::rows::Row;
use super::table::{ColumnTable, TableBuilder};
use super::{History, arrow, forecast_table, imports, months, names, parquet, query};
use crate::model::error::{Error, Result};
use crate::model::series::Resource;

/// The tables by name: those of snapshots, then those of the whole history.
pub(crate) const TABLES: [&str; 16] = [
    "snapshot",
    "filesystem",
    "store",
    "mailbox",
    "folder",
    "class",
    "mailbox_class",
    "cohort",
    "mailbox_cohort",
    "use_cohort",
    "event",
    "blob",
    "problem",
    FORECASTS,
    EVENTS,
    IMPORTS,
];
pub(crate) const FORECASTS: &str = "forecasts";
pub(crate) const EVENTS: &str = "declared_events";
const IMPORTS: &str = "imports";

/// Whether a table is one of each snapshot.
pub(crate) fn is_of_snapshots(table: &str) -> bool {
    ![FORECASTS, EVENTS, IMPORTS].contains(&table)
}

/// A cell. Bytes are in hexadecimal digits.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Cell {
    Null,
    Text(String),
    Integer(i64),
    Number(f64),
    Boolean(bool),
    Time(Timestamp),
    Date(Date),
    Bytes(String),
}

/// Some rows of a table.
pub(crate) struct Piece(ColumnTable);

impl Piece {
    /// The names of the columns.
    pub(crate) fn names(&self) -> Vec<String> {
        self.0.names()
    }

    /// The rows, each with a cell for each column.
    pub(crate) fn rows(&self) -> impl Iterator<Item = Vec<Cell>> {
        let names = self.names();
        Row::all(&self.0).map(move |row| names.iter().map(|name| cell(row, name)).collect())
    }
}

/// A cell of any type.
fn cell(row: Row, name: &str) -> Cell {
    let (table, index) = (row.table, row.index);
    let text = || table.text(name).ok().map(|cells| cells(index).map(|text| Cell::Text(text.to_owned())));
    let integer = || table.integers(name).ok().map(|cells| cells(index).map(Cell::Integer));
    let number = || table.numbers(name).ok().map(|cells| cells(index).map(Cell::Number));
    let boolean = || table.booleans(name).ok().map(|cells| cells(index).map(Cell::Boolean));
    let time = || table.times(name).ok().map(|cells| cells(index).and(row.time(name).ok()).map(Cell::Time));
    let date = || table.dates(name).ok().map(|cells| cells(index).and(row.date(name).ok()).map(Cell::Date));
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let bytes = || table.bytes(name).ok().map(|cells| cells(index).map(|bytes| Cell::Bytes(hex(bytes))));
    let found = text().or_else(integer).or_else(number).or_else(boolean).or_else(time).or_else(date).or_else(bytes);
    found.flatten().unwrap_or(Cell::Null)
}

impl History {
    /// The pieces of a table, each read when it is asked for: one of each snapshot, or of one, with names hidden as
    /// elsewhere. Those of issued forecasts and declared events have real names.
    ///
    /// # Errors
    /// If the history cannot be listed, or has no such snapshot. A piece is an error if its file is damaged.
    pub(crate) fn export(
        &self,
        table: &'static str,
        snapshot: Option<&str>,
    ) -> Result<Box<dyn Iterator<Item = Result<Piece>> + '_>> {
        Ok(match table {
            FORECASTS => {
                let (issued, damaged) = self.issued()?;
                let piece = Ok(Piece(forecast_table::to_table(&issued)));
                Box::new(damaged.into_iter().map(Err).chain([piece]))
            }
            EVENTS => Box::new(std::iter::once(Ok(Piece(events(&self.declared()?))))),
            IMPORTS => {
                let (imports, damaged) = self.imports()?;
                let pieces = imports.into_iter().map(|import| Ok(Piece(imports::to_table(&import))));
                Box::new(damaged.into_iter().map(Err).chain(pieces))
            }
            _ => {
                let mut all = self.names()?;
                if let Some(wanted) = snapshot {
                    all.retain(|name| name == wanted);
                    if all.is_empty() {
                        return Err(
                            Error::usage("there is no such snapshot").hint("`mailrunway history list` lists them")
                        );
                    }
                }
                Box::new(all.into_iter().map(move |name| {
                    let directory = self.snapshots().join(&name);
                    let read = months::read(&directory, table, None).and_then(names::cover).map(Piece);
                    read.map_err(|e| {
                        let path = months::file(&directory, table);
                        Error::new("a table cannot be read").at(&path).because(e).hint(query::damaged_hint(&name))
                    })
                }))
            }
        })
    }
}

/// Writes pieces as Parquet.
///
/// # Errors
/// If it cannot be written.
pub(crate) fn write_parquet(into: impl Write, pieces: impl Iterator<Item = Piece>) -> Result<()> {
    parquet::write_pieces(into, pieces.map(|piece| piece.0)).map_err(|e| Error::new("cannot write Parquet").because(e))
}

/// Writes pieces as Arrow IPC.
///
/// # Errors
/// If it cannot be written.
pub(crate) fn write_arrow(into: impl Write, pieces: impl Iterator<Item = Piece>) -> Result<()> {
    arrow::write_pieces(into, pieces.map(|piece| piece.0)).map_err(|e| Error::new("cannot write Arrow").because(e))
}

fn events(events: &[DeclaredEvent]) -> ColumnTable {
    let last: Vec<Option<String>> = events.iter().map(|one| one.last_scan.map(|day| day.to_string())).collect();
    let rows: Vec<(&DeclaredEvent, &Option<String>)> = events.iter().zip(&last).collect();
    TableBuilder::new(&rows)
        .integers("id", |row| row.0.id.into())
        .text("name", |row| &row.0.name)
        .dates("date", |row| row.0.date)
        .text("kind", |row| row.0.kind.word())
        .floats("size", |row| row.0.known(Resource::Bytes).map(|event| event.size))
        .floats("inodes", |row| row.0.inodes.map(|inodes| inodes as f64))
        .optional_text("note", |row| row.0.note.as_deref())
        .optional_text("last_scan", |row| row.1.as_deref())
        .finish()
}
