//! Some columns of the tables of a snapshot: what the growth needs of them, and no more.

use std::collections::HashMap;
use std::path::Path;

use super::parquet;
use super::query::{damaged, grouped};
use super::table::ColumnTable;
use crate::model::class::Class;
use crate::model::error::{Error, Result};
use crate::model::snapshot::ClassUsage;

/// The cohorts of a snapshot, without the rest.
pub(crate) fn cohorts(directory: &Path) -> Result<ColumnTable> {
    let columns = ["store", "clock", "week", "size_from", "messages", "bytes"];
    present(directory, "cohort", &columns)
}

/// The mailboxes of a snapshot, and what the growth needs of them.
pub(crate) fn mailboxes(directory: &Path) -> Result<ColumnTable> {
    let names = ["store", "domain", "user", "path"];
    let sizes =
        ["messages", "logical_bytes", "virtual_bytes", "reclaimable_bytes", "allocated_bytes", "directory_bytes"];
    present(directory, "mailbox", &[&names[..], &sizes].concat())
}

/// The folders of a snapshot, and how much mail is in them.
pub(crate) fn folders(directory: &Path) -> Result<ColumnTable> {
    present(directory, "folder", &["store", "folder", "special_use", "messages", "message_bytes"])
}

/// The cohorts of all mailboxes of a snapshot, packed.
pub(crate) fn mailbox_cohorts(directory: &Path) -> Result<ColumnTable> {
    present(directory, "mailbox_cohort", &["store", "path", "cohorts"])
}

/// The domains of the mailboxes of a snapshot, and what they take on disk.
pub(crate) fn domains(directory: &Path) -> Result<ColumnTable> {
    present(directory, "mailbox", &["store", "domain", "allocated_bytes", "directory_bytes"])
}

/// What the classes of the stores of a snapshot take.
pub(crate) fn classes(directory: &Path) -> Result<HashMap<String, Vec<(Class, ClassUsage)>>> {
    grouped(directory, "class", |rows, row| rows.text("store", row), |rows, row| rows.share(row))
}

fn present(directory: &Path, table: &str, columns: &[&str]) -> Result<ColumnTable> {
    let path = directory.join(format!("{table}.parquet"));
    parquet::read_columns(&path, columns).map_err(|e| damaged(e, &path))
}

/// Says of which table of a snapshot an error is.
pub(crate) fn of_table(directory: &Path, table: &str) -> impl Fn(Error) -> Error {
    let path = directory.join(format!("{table}.parquet"));
    move |error| damaged(error, &path)
}
