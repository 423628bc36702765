//! Tables as Parquet files.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::panic::AssertUnwindSafe;
use std::path::Path;

use polars::prelude::{
    DataFrame, ParquetCompression, ParquetReader, ParquetWriter, PolarsError, PolarsResult, SerReader,
    StatisticsOptions,
};

use super::table::ColumnTable;
use crate::model::error::{Error, Result};

/// Writes a table, given in pieces with the same columns, to a new file, which is not synced yet.
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
    let mut frames = pieces.map(|table| DataFrame::new(table.rows(), table.into_columns()));
    let first = frames.next().unwrap_or_else(|| Ok(DataFrame::empty()))?;
    let writer = ParquetWriter::new(into)
        .with_compression(ParquetCompression::Zstd(None))
        // Nothing here reads the statistics, which would be a fifth of a small table.
        .with_statistics(StatisticsOptions::empty());
    // Tables are small: starting threads would cost more than they save.
    let mut writer = writer.set_parallel(false).batched(first.schema())?;
    writer.write_batch(&first)?;
    drop(first);
    for frame in frames {
        writer.write_batch(&frame?)?;
    }
    writer.finish().map(drop)
}

/// Reads a table, or only the given columns.
///
/// # Errors
/// If the file is missing or damaged, or does not have these columns.
pub(crate) fn read(path: &Path, columns: Option<&[&str]>) -> Result<ColumnTable> {
    let file = File::open(path).map_err(|e| Error::io("cannot read", path, e))?;
    let damaged = || Error::new("this is not a readable Parquet table").at(path);
    let columns = columns.map(|names| names.iter().map(|name| (*name).to_owned()).collect());
    // polars panics on some damaged files, which must not end the program.
    let read = AssertUnwindSafe(|| ParquetReader::new(file).with_columns(columns).set_rechunk(true).finish());
    let frame = std::panic::catch_unwind(read).map_err(|_| damaged())?;
    frame.and_then(|frame| ColumnTable::from_columns(frame.columns())).map_err(|e| damaged().because(e))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::table::TableBuilder;

    #[test]
    fn a_float_column_of_whole_numbers_reads_as_integers() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("floats.parquet");
        let (fractions, whole) = ([Some(1.5), Some(2.0), None], [Some(3.0), Some(4.0), None]);
        let rows: Vec<_> = fractions.into_iter().zip(whole).collect();
        let table = TableBuilder::new(&rows).floats("fractions", |row| row.0).floats("whole", |row| row.1);
        write(&path, std::iter::once(table.finish())).unwrap();
        let read = read(&path, None).unwrap();
        let numbers = |name| [0, 1, 2].map(read.numbers(name).unwrap());
        assert_eq!([0, 1, 2].map(read.integers("whole").unwrap()), [Some(3), Some(4), None]);
        assert_eq!((numbers("whole"), numbers("fractions")), (whole, fractions));
        assert!(read.integers("fractions").is_err());
    }
}
