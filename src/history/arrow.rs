//! Tables as Arrow IPC files, which other programs map into memory.

use std::io::Write;

use polars::prelude::{CompatLevel, DataFrame, PolarsResult, SchemaExt, SerWriter};
use polars_core::utils::arrow::io::ipc::write::default_ipc_fields;
use polars_io::ipc::IpcWriter;

use super::table::ColumnTable;

/// Writes each piece as a record batch, with types that every reader of Arrow knows.
pub(super) fn write_pieces(into: impl Write, pieces: impl Iterator<Item = ColumnTable>) -> PolarsResult<()> {
    let mut frames = pieces.map(|table| DataFrame::new(table.rows(), table.into_columns()));
    let first = frames.next().unwrap_or_else(|| Ok(DataFrame::empty()))?;
    let level = CompatLevel::oldest();
    let schema = first.schema();
    let fields = default_ipc_fields(schema.to_arrow(level).iter_values());
    let mut writer = IpcWriter::new(into).with_compat_level(level).batched(schema, fields)?;
    writer.write_batch(&first)?;
    drop(first);
    for frame in frames {
        writer.write_batch(&frame?)?;
    }
    writer.finish()
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use polars::prelude::SerReader;
    use polars_io::ipc::IpcReader;

    use super::*;
    use crate::history::table::TableBuilder;

    #[test]
    fn what_is_written_is_read() {
        let rows = [("ann", Some(1.5)), ("b\u{fc}b", None), ("", Some(-2.0))];
        let table = |rows: &[(&str, Option<f64>)]| {
            TableBuilder::new(rows).text("user", |row| row.0).floats("used", |row| row.1).finish()
        };
        let frame = |rows: &[(&str, Option<f64>)]| {
            let table = table(rows);
            DataFrame::new(table.rows(), table.into_columns()).unwrap()
        };
        let mut file = Vec::new();
        write_pieces(&mut file, [table(&rows[..2]), table(&[]), table(&rows[2..])].into_iter()).unwrap();
        assert!(file.starts_with(b"ARROW1"));
        let read = IpcReader::new(Cursor::new(file)).finish().unwrap();
        assert!(read.equals_missing(&frame(&rows)), "{read:?}");
    }
}
