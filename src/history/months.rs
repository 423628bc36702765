//! Where the tables of a snapshot lie: in a directory of its own, or in that of its month, whose tables have the rows of
//! several snapshots of one machine. If there are both, its own counts.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::parquet;
use super::rows::Row;
use super::table::ColumnTable;
use crate::model::error::{Error, Result};

/// The prefix of the names of snapshots.
pub(super) const SNAPSHOT: &str = "snapshot=";
/// The prefix of the names of months.
const MONTH: &str = "month=";
const MICROSECONDS: i64 = 1_000_000;

/// The name of a snapshot, which others of that host and second may have, too.
pub(super) fn snapshot_name(taken_at: Timestamp, host: &str) -> String {
    let time = taken_at.to_zoned_datetime(TimeZone::UTC).strftime("%Y%m%dT%H%M%SZ").to_string();
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
    let host: String = host.chars().take(64).map(|c| if is_plain(c) { c } else { '-' }).collect();
    format!("{SNAPSHOT}{time}_{host}")
}

pub(super) fn table_path(directory: &Path, table: &str) -> PathBuf {
    directory.join(format!("{table}.parquet"))
}

pub(super) fn is_month(name: &str) -> bool {
    name.starts_with(MONTH)
}

/// The name of a snapshot's month; `None` for a second snapshot of the same second, which stays alone.
pub(super) fn month_of(name: &str) -> Option<String> {
    let (time, machine) = name.strip_prefix(SNAPSHOT)?.split_once('_')?;
    (!machine.contains('_')).then_some(())?;
    Some(format!("{MONTH}{}_{machine}", time.get(..6)?))
}

/// The second in the name of a snapshot, since 1970.
fn second_of(name: &str) -> Option<i64> {
    let (time, _) = name.strip_prefix(SNAPSHOT)?.split_once('_')?;
    let time = jiff::civil::DateTime::strptime("%Y%m%dT%H%M%SZ", time).ok()?;
    TimeZone::UTC.to_timestamp(time).ok().map(Timestamp::as_second)
}

/// The names of the snapshots of a month, by time.
///
/// # Errors
/// If it is missing or damaged.
pub(super) fn snapshots(month: &Path) -> Result<Vec<String>> {
    let table = parquet::read(&table_path(month, "snapshot"), Some(&["taken_at", "host"]))?;
    let name = |row: Row| Ok(snapshot_name(row.time("taken_at")?, &row.text("host")?));
    let mut names = Row::all(&table).map(name).collect::<Result<Vec<_>>>()?;
    names.sort();
    Ok(names)
}

/// Whether the month of a snapshot has it. One that is damaged may have it.
pub(super) fn has(directory: &Path, name: &str) -> bool {
    let month = month_of(name).map(|month| directory.join(month)).filter(|month| month.is_dir());
    month.is_some_and(|month| snapshots(&month).map_or(true, |names| names.iter().any(|one| one == name)))
}

/// Where the tables of a snapshot lie: its own directory, or that of its month, and then its second.
struct Place {
    directory: PathBuf,
    second: Option<i64>,
}

impl Place {
    /// Of a snapshot by the directory that it has, or would have.
    fn of(snapshot: &Path) -> Place {
        let own = Place { directory: snapshot.to_owned(), second: None };
        if snapshot.is_dir() {
            return own;
        }
        let name = snapshot.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        match (month_of(name), second_of(name)) {
            (Some(month), second @ Some(_)) if snapshot.with_file_name(&month).is_dir() => {
                Place { directory: snapshot.with_file_name(month), second }
            }
            _ => own,
        }
    }
}

/// The file with a table of a snapshot, by the directory that the snapshot has, or would have.
pub(super) fn file(snapshot: &Path, table: &str) -> PathBuf {
    table_path(&Place::of(snapshot).directory, table)
}

/// Reads a table of a snapshot, or only the given columns, from its own directory or its month.
///
/// # Errors
/// If the file is missing or damaged, or the month does not have the snapshot.
pub(super) fn read(snapshot: &Path, table: &str, columns: Option<&[&str]>) -> Result<ColumnTable> {
    let Place { directory, second } = Place::of(snapshot);
    let path = table_path(&directory, table);
    let Some(second) = second else { return parquet::read(&path, columns) };
    let columns = columns.map(|columns| [columns, &["taken_at"]].concat());
    let found = of_second(read_month(&path, columns.as_deref())?, second)?;
    // A table may have no row of a snapshot.
    if found.rows() == 0 {
        let path = table_path(&directory, "snapshot");
        if of_second(parquet::read(&path, Some(&["taken_at"]))?, second)?.rows() == 0 {
            return Err(Error::new("the snapshot is not there any more").at(snapshot));
        }
    }
    Ok(found)
}

/// A table of the month that a thread has read last: the next snapshot is often of the same one.
struct LastRead {
    path: PathBuf,
    /// A month that is written anew has new files.
    inode: u64,
    columns: Option<Vec<String>>,
    table: ColumnTable,
}

thread_local! {
    /// By the name of the table's file.
    static LAST_READ: RefCell<BTreeMap<OsString, LastRead>> = const { RefCell::new(BTreeMap::new()) };
}

fn read_month(path: &Path, columns: Option<&[&str]>) -> Result<ColumnTable> {
    let inode = path.symlink_metadata().map_or(0, |metadata| metadata.ino());
    let names = columns.map(|columns| columns.iter().map(|&name| name.to_owned()).collect::<Vec<_>>());
    let file = path.file_name().unwrap_or_default();
    let is_it = |last: &&LastRead| last.path == path && last.inode == inode && last.columns == names;
    if let Some(table) = LAST_READ.with_borrow(|last| last.get(file).filter(is_it).map(|last| last.table.clone())) {
        return Ok(table);
    }
    let table = parquet::read(path, columns)?;
    let last = LastRead { path: path.to_owned(), inode, columns: names, table: table.clone() };
    LAST_READ.with_borrow_mut(|all| all.insert(file.to_owned(), last));
    Ok(table)
}

fn of_second(table: ColumnTable, second: i64) -> Result<ColumnTable> {
    let stays: Vec<bool> = {
        let times = table.times("taken_at")?;
        (0..table.rows()).map(|row| times(row).map(|time| time.div_euclid(MICROSECONDS)) == Some(second)).collect()
    };
    Ok(if stays.iter().all(|&stays| stays) { table } else { table.filtered(&stays) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_snapshot_has_the_month_and_second_of_its_name() {
        let name = "snapshot=20261123T040000Z_mail01.example.org";
        assert_eq!(month_of(name).as_deref(), Some("month=202611_mail01.example.org"));
        assert_eq!(second_of(name), Some(1_795_406_400));
        assert_eq!(month_of("snapshot=20261123T040000Z_mail01_2"), None);
        assert_eq!((month_of("month=202611_a"), second_of("snapshot=2026_a")), (None, None));
    }
}
