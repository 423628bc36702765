//! Tables as Parquet files.

use std::fs::File;
use std::io::{self, BufWriter, Cursor, ErrorKind, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use polars::prelude::{
    DataFrame, ParquetCompression, ParquetReader, ParquetWriter, PolarsResult, SerReader, StatisticsOptions,
};
use polars_io::mmap::MmapBytesReader;
use polars_io::parquet::write::KeyValueMetadata;
use rustix::fs::OFlags;

use super::seal::{self, Sealing};
use super::table::ColumnTable;
use crate::model::error::{Error, Result};
use crate::model::panics;

/// Writes a table with its checksum, given in pieces with the same columns, to a new file, which is not synced yet.
///
/// # Errors
/// If the file exists, or the disk is full.
pub(crate) fn write(path: &Path, pieces: impl Iterator<Item = ColumnTable>) -> Result<File> {
    let failed = |e: io::Error| Error::io("cannot write the history", path, e);
    let file = File::options().read(true).write(true).create_new(true).open(path).map_err(failed)?;
    // polars writes page by page, and its header piece by piece.
    let mut sealing = Sealing::new(BufWriter::new(&file));
    let written = write_pieces(&mut sealing, pieces);
    let code = sealing.stopped_by;
    written.map_err(|e| match code {
        Some(code) => failed(io::Error::from_raw_os_error(code)),
        None => Error::new("cannot write the history").at(path).because(e),
    })?;
    sealing.flush().map_err(failed)?;
    seal::seal(&file, &sealing.digits()).map_err(failed)?;
    drop(sealing);
    Ok(file)
}

/// Writes each piece as a row group.
pub(super) fn write_pieces(into: impl Write, pieces: impl Iterator<Item = ColumnTable>) -> PolarsResult<()> {
    let mut frames = pieces.map(|table| DataFrame::new(table.rows(), table.into_columns()));
    let first = frames.next().unwrap_or_else(|| Ok(DataFrame::empty()))?;
    let writer = ParquetWriter::new(into)
        .with_compression(ParquetCompression::Zstd(None))
        // Nothing here reads the statistics, which would be a fifth of a small table.
        .with_statistics(StatisticsOptions::empty())
        .with_key_value_metadata(Some(KeyValueMetadata::from_static(vec![(seal::KEY.into(), seal::ZEROS.into())])));
    // Tables are small: starting threads would cost more than they save.
    let mut writer = writer.set_parallel(false).batched(first.schema())?;
    writer.write_batch(&first)?;
    drop(first);
    for frame in frames {
        writer.write_batch(&frame?)?;
    }
    writer.finish().map(drop)
}

/// Reads a table of the history, or only the given columns. The errors do not name the file.
///
/// # Errors
/// If the file is missing, was changed since it was written, or does not have these columns.
pub(crate) fn read(path: &Path, columns: Option<&[&str]>) -> Result<ColumnTable> {
    let failed = |e: io::Error| match e.kind() {
        ErrorKind::NotFound => Error::new("the file is missing"),
        _ => Error::new("the file cannot be read").because(e),
    };
    // A pipe in its place is not waited for, and a link not followed.
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY;
    let mut file = File::options().read(true).custom_flags(flags.bits() as i32).open(path).map_err(failed)?;
    if !file.metadata().map_err(failed)?.is_file() {
        return Err(Error::new("this is not a regular file"));
    }
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).map_err(failed)?;
    if !seal::is_whole(&mut bytes) {
        return Err(Error::new("the file has changed since it was written: its checksum is wrong"));
    }
    read_from(Cursor::new(bytes), path, columns)
}

/// Reads a table that another program may have written.
///
/// # Errors
/// If the file is missing or damaged.
pub(crate) fn read_foreign(path: &Path) -> Result<ColumnTable> {
    let file = File::open(path).map_err(|e| Error::io("cannot read", path, e))?;
    read_from(file, path, None)
}

fn read_from(file: impl MmapBytesReader, path: &Path, columns: Option<&[&str]>) -> Result<ColumnTable> {
    let damaged = || Error::new("this is not a readable Parquet table").at(path);
    let columns = columns.map(|names| names.iter().map(|name| (*name).to_owned()).collect());
    let read = || {
        let frame = ParquetReader::new(file).with_columns(columns).set_rechunk(true).finish()?;
        ColumnTable::from_columns(frame.columns())
    };
    // polars panics on some damaged files, which must not end the program.
    panics::caught(read).ok_or_else(damaged)?.map_err(|e| damaged().because(e))
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
