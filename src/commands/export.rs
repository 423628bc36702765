//! `mailrunway export`: a table of the history for other programs.

use std::io::{self, BufWriter, Write};
use std::path::Path;

use serde_json::Value;

use super::{Context, output, owner};
use crate::cli::{ExportArgs, TableFormat};
use crate::history::History;
use crate::history::export::{self, Cell, Piece, TABLES};
use crate::model::error::{Error, Result};
use crate::model::{escape, links, temporary};

pub(super) fn run(context: &Context, args: &ExportArgs) -> Result<()> {
    let to_stdout = output::is_stdout(&args.output);
    let of_ending = TableFormat::from_path(&args.output);
    let format = args.format.or(of_ending).or(to_stdout.then_some(TableFormat::Csv)).ok_or_else(|| {
        Error::usage("the ending of the file names no format: there are .csv, .jsonl, .parquet and .arrow")
            .at(&args.output)
            .hint("give the file one of these endings, or add --format")
    })?;
    let table = TABLES.into_iter().find(|table| *table == args.table).unwrap_or_default();
    if args.snapshot.is_some() && !export::is_of_snapshots(table) {
        return Err(Error::usage(format!("{table} is not of a snapshot")).hint("leave out --snapshot"));
    }
    let history = History::open(&context.settings.history)?;
    let pieces = history.export(table, args.snapshot.as_deref())?;
    // What is damaged is left out, as everywhere.
    let mut damaged = 0;
    let whole = pieces.filter_map(|piece| {
        piece
            .map_err(|error| {
                output::warn_error(&error);
                damaged += 1;
            })
            .ok()
    });
    match to_stdout {
        true => write(BufWriter::new(io::stdout().lock()), format, whole)?,
        false => write_file(&args.output, format, whole)?,
    }
    match damaged {
        0 => Ok(()),
        _ => Err(Error::new("the table is without what is damaged")
            .hint("`mailrunway history verify` says what is damaged and what to do")),
    }
}

/// Writes a file that appears whole or not at all, readable by its owner only: it has the names of mailboxes.
fn write_file(path: &Path, format: TableFormat, pieces: impl Iterator<Item = Piece>) -> Result<()> {
    const HINT: &str = "is there room, and may you write in its directory?";
    let failed = |e: io::Error| Error::io("cannot write", path, temporary::without_path(e)).hint(HINT);
    let target = owner::as_caller(|| links::follow(path))?;
    if target.metadata().is_ok_and(|metadata| !metadata.is_file()) {
        return Err(Error::new("this is not a regular file")
            .at(path)
            .hint("write to standard output, and redirect it"));
    }
    let directory = target.parent().filter(|above| !above.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let file = owner::as_caller(|| {
        temporary::remove_files(directory);
        temporary::file(directory, 0o600)
    });
    let file = file.map_err(failed)?;
    write(BufWriter::new(file.as_file()), format, pieces).map_err(|e| e.or_at(path))?;
    file.as_file().sync_all().map_err(failed)?;
    owner::as_caller(|| file.persist(&target).map(drop)).map_err(|e| failed(e.error))
}

fn write(mut into: impl Write, format: TableFormat, pieces: impl Iterator<Item = Piece>) -> Result<()> {
    let written = match format {
        TableFormat::Parquet => {
            export::write_parquet(&mut into, pieces)?;
            into.flush()
        }
        TableFormat::Arrow => {
            export::write_arrow(&mut into, pieces)?;
            into.flush()
        }
        TableFormat::Jsonl => write_json(&mut into, pieces).and_then(|()| into.flush()),
        TableFormat::Csv => write_csv(&mut into, pieces).and_then(|()| into.flush()),
    };
    match written {
        Err(e) if e.kind() != io::ErrorKind::BrokenPipe => {
            Err(Error::new("cannot write the table").because(e).hint("is the disk full?"))
        }
        _ => Ok(()),
    }
}

fn write_json(into: &mut impl Write, pieces: impl Iterator<Item = Piece>) -> io::Result<()> {
    for piece in pieces {
        let names = piece.names();
        for row in piece.rows() {
            let fields = names.iter().cloned().zip(row.into_iter().map(value));
            writeln!(into, "{}", escape::json(&Value::Object(fields.collect())))?;
        }
    }
    Ok(())
}

fn value(cell: Cell) -> Value {
    match cell {
        Cell::Null => Value::Null,
        Cell::Text(text) | Cell::Bytes(text) => text.into(),
        Cell::Integer(number) => number.into(),
        Cell::Number(number) => number.into(),
        Cell::Boolean(is_true) => is_true.into(),
        Cell::Time(time) => time.to_string().into(),
        Cell::Date(date) => date.to_string().into(),
    }
}

fn write_csv(into: &mut impl Write, pieces: impl Iterator<Item = Piece>) -> io::Result<()> {
    let mut writer = csv::Writer::from_writer(into);
    let mut has_header = false;
    for piece in pieces {
        if !has_header {
            writer.write_record(piece.names())?;
            has_header = true;
        }
        for row in piece.rows() {
            writer.write_record(row.into_iter().map(text))?;
        }
    }
    writer.flush()
}

fn text(cell: Cell) -> String {
    match cell {
        Cell::Null => String::new(),
        Cell::Text(text) => {
            let text = escape::printable(&text).into_owned();
            // A spreadsheet would take it for a formula, which can fetch and send.
            if text.starts_with(['=', '+', '-', '@']) { format!("'{text}") } else { text }
        }
        Cell::Bytes(text) => text,
        Cell::Integer(number) => number.to_string(),
        Cell::Number(number) => number.to_string(),
        Cell::Boolean(is_true) => is_true.to_string(),
        Cell::Time(time) => time.to_string(),
        Cell::Date(date) => date.to_string(),
    }
}
