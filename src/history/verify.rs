//! Checks every file of a history against its checksum.

use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::Serialize;

use super::ledger::LEDGER;
use super::{FORECASTS, History, IMPORTS, SNAPSHOTS, months, parquet, query, schema};
use crate::model::error::{Error, Result};
use crate::model::escape;

/// A damaged file.
#[derive(Clone, Debug, PartialEq, Eq, JsonSchema, Serialize)]
pub struct Damage {
    /// Its path in the history, with bad bytes escaped.
    pub file: String,
    /// What is wrong with it.
    pub problem: String,
    /// What the commands lack.
    pub lost: String,
    /// What to do.
    pub hint: String,
}

/// What was checked.
#[derive(Clone, Debug, Default)]
pub struct Checked {
    /// The number of snapshots.
    pub snapshots: u64,
    /// The number of files.
    pub files: u64,
    /// By path.
    pub damaged: Vec<Damage>,
}

impl Checked {
    fn add(&mut self, file: &Path, (lost, hint): (&str, &str), read: Result<()>) {
        self.files += 1;
        if let Err(error) = read {
            let (file, problem) = (escape::path_text(file), cause(&error));
            self.damaged.push(Damage { file, problem, lost: lost.to_owned(), hint: hint.to_owned() });
        }
    }
}

const FORECAST_HINT: &str = "restore it from a backup, or remove it";
const IMPORT_HINT: &str = "remove it and import the series again";
const LEDGER_HINT: &str = "restore it from a backup, or remove it and declare its events again";

impl History {
    /// Checks every file of the history, except the cache, of which a scan checks what it uses.
    ///
    /// # Errors
    /// If a directory cannot be listed.
    pub fn verify(&self) -> Result<Checked> {
        let mut checked = Checked { snapshots: self.names()?.len() as u64, ..Checked::default() };
        for name in self.directories()? {
            let directory = PathBuf::from(SNAPSHOTS).join(&name);
            let hint = query::damaged_hint(&name);
            for (table, lost) in schema::TABLES {
                let file = months::table_path(&directory, table);
                let read = parquet::read(&self.root.join(&file), None).map(drop);
                checked.add(&file, (lost, &hint), read);
            }
        }
        if self.root.join(LEDGER).exists() {
            let declared = self.declared().map(drop);
            let lost = "the declared events, without which nothing is forecast";
            checked.add(Path::new(LEDGER), (lost, LEDGER_HINT), declared);
        }
        for (name, read) in self.forecast_files()? {
            let file = Path::new(FORECASTS).join(name);
            let lost = "the forecasts of that day, with which later ones are compared";
            checked.add(&file, (lost, FORECAST_HINT), read.map(drop));
        }
        for (name, read) in self.import_files()? {
            let file = Path::new(IMPORTS).join(name);
            checked.add(&file, ("the imported past of a series", IMPORT_HINT), read.map(drop));
        }
        Ok(checked)
    }
}

/// The innermost cause.
fn cause(error: &Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    escape::printable(&cause.to_string()).into_owned()
}
