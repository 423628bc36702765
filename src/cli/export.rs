//! Arguments of `mailrunway export`.

use std::path::{Path, PathBuf};

use clap::builder::PossibleValuesParser;
use clap::{Args, ValueEnum};

use crate::history::export::TABLES;

#[derive(Args, Debug)]
pub(crate) struct ExportArgs {
    /// Table
    #[arg(value_name = "TABLE", value_parser = PossibleValuesParser::new(TABLES))]
    pub table: String,
    /// Only of this snapshot, by its name from `history list` [default: of all]
    #[arg(long, value_name = "SNAPSHOT")]
    pub snapshot: Option<String>,
    /// File to write, readable by its owner only; `-` for standard output
    #[arg(short, long, value_name = "FILE", default_value = "-")]
    pub output: PathBuf,
    /// Format [default: by the file's ending, or csv]
    #[arg(long, value_name = "FORMAT")]
    pub format: Option<TableFormat>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum TableFormat {
    /// With a header line; for a spreadsheet, text that could be a formula begins with an apostrophe
    Csv,
    /// JSON, one row a line
    Jsonl,
    /// Parquet
    Parquet,
    /// Arrow IPC, also called Feather
    Arrow,
}

impl TableFormat {
    /// The format that the ending of a file names.
    pub(crate) fn from_path(path: &Path) -> Option<TableFormat> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "csv" => Some(TableFormat::Csv),
            "jsonl" => Some(TableFormat::Jsonl),
            "parquet" => Some(TableFormat::Parquet),
            "arrow" => Some(TableFormat::Arrow),
            _ => None,
        }
    }
}
