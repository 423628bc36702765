//! Reading back: heads of all snapshots, or the whole of one.

use std::collections::HashMap;
use std::path::Path;

use jiff::Timestamp;

use super::rows::Rows;
use super::table::ColumnTable;
use super::{Entries, READER_HINT, SnapshotEntry, StoreEntry, parquet};
use crate::model::error::{Error, Result};
use crate::model::series::table::{COLUMNS_HINT, SeriesRow};
use crate::model::snapshot::{BulkArrival, Cohort, Mailbox, Snapshot, Store, UseCohort};

/// What the name of a finished snapshot begins with.
const FINISHED: &str = "snapshot=";

/// The heads of all snapshots, by time.
pub(crate) fn entries(snapshots: &Path) -> Result<Entries> {
    let failed = |e| Error::io("cannot list the history", snapshots, e).hint(READER_HINT);
    let mut found = Entries::default();
    for file in std::fs::read_dir(snapshots).map_err(failed)? {
        let name = file.map_err(failed)?.file_name();
        let Some(name) = name.to_str().filter(|name| name.starts_with(FINISHED)) else { continue };
        match entry(snapshots, name) {
            Ok(entry) => found.entries.push(entry),
            Err(error) => found.damaged.push(error),
        }
    }
    found.entries.sort_by(|a, b| (a.taken_at, &a.name).cmp(&(b.taken_at, &b.name)));
    Ok(found)
}

fn entry(snapshots: &Path, name: &str) -> Result<SnapshotEntry> {
    let directory = snapshots.join(name);
    let head = head(&directory)?;
    let mut events = events(&directory)?;
    let mut stores = rows(&directory, "store", |rows, row| {
        Ok(StoreEntry {
            name: rows.text("store", row)?,
            events: Vec::new(),
            root: rows.text("root", row)?,
            mailboxes: rows.integer("mailboxes", row)?,
            tally: rows.tally(row)?,
            is_estimated: rows.calibration(row)?.is_some(),
        })
    })?;
    for store in &mut stores {
        store.events = events.remove(&store.name).unwrap_or_default();
    }
    Ok(SnapshotEntry {
        name: name.to_owned(),
        taken_at: head.taken_at,
        host: head.host,
        complete: head.complete,
        filesystems: head.filesystems,
        stores,
    })
}

/// A snapshot without stores and problems.
fn head(directory: &Path) -> Result<Snapshot> {
    let mut heads = rows(directory, "snapshot", |rows, row| {
        Ok(Snapshot {
            taken_at: rows.time("taken_at", row)?,
            host: rows.text("host", row)?,
            complete: rows.truth("complete", row)?,
            filesystems: rows_of_filesystems(directory)?,
            stores: Vec::new(),
            problems: Vec::new(),
        })
    })?;
    heads.pop().ok_or_else(|| damaged(Error::new("the snapshot has no head"), &directory.join("snapshot.parquet")))
}

fn rows_of_filesystems(directory: &Path) -> Result<Vec<crate::model::snapshot::Filesystem>> {
    rows(directory, "filesystem", |rows, row| rows.filesystem(row))
}

/// A whole snapshot.
pub(crate) fn load(directory: &Path) -> Result<Snapshot> {
    let mut snapshot = head(directory)?;
    snapshot.stores = rows(directory, "store", |rows, row| {
        Ok(Store {
            name: rows.text("store", row)?,
            root: rows.text("root", row)?,
            tally: rows.tally(row)?,
            calibration: rows.calibration(row)?,
            ..Store::default()
        })
    })?;
    snapshot.problems = rows(directory, "problem", |rows, row| rows.problem(row))?;
    let of_store = |rows: &Rows, row| rows.text("store", row);
    let mut cohorts: HashMap<String, Vec<Cohort>> =
        grouped(directory, "cohort", of_store, |rows, row| rows.cohort(row))?;
    let mut uses: HashMap<String, Vec<UseCohort>> =
        grouped(directory, "use_cohort", of_store, |rows, row| rows.use_cohort(row))?;
    let mut mailboxes: HashMap<String, Vec<Mailbox>> =
        grouped(directory, "mailbox", of_store, |rows, row| rows.mailbox(row))?;
    let of_mailbox = |rows: &Rows, row| Ok((rows.text("store", row)?, rows.text("path", row)?));
    let mut folders = grouped(directory, "folder", of_mailbox, |rows, row| rows.folder(row))?;
    let mut mailbox_cohorts = mailbox_cohorts(directory)?;
    let mut classes = grouped(directory, "class", of_store, |rows, row| rows.share(row))?;
    let mut mailbox_classes = grouped(directory, "mailbox_class", of_mailbox, |rows, row| rows.share(row))?;
    let mut events = events(directory)?;
    let mut blobs = grouped(directory, "blob", of_store, |rows, row| rows.blob(row))?;
    for store in &mut snapshot.stores {
        store.classes = classes.remove(&store.name).unwrap_or_default().into_iter().collect();
        store.events = events.remove(&store.name).unwrap_or_default();
        store.blobs = blobs.remove(&store.name).unwrap_or_default();
        store.cohorts = cohorts.remove(&store.name).unwrap_or_default();
        store.uses = uses.remove(&store.name).unwrap_or_default();
        store.mailboxes = mailboxes.remove(&store.name).unwrap_or_default();
        for mailbox in &mut store.mailboxes {
            let key = (store.name.clone(), mailbox.path.clone());
            mailbox.folders = folders.remove(&key).unwrap_or_default();
            mailbox.classes = mailbox_classes.remove(&key).unwrap_or_default().into_iter().collect();
            mailbox.cohorts = mailbox_cohorts.remove(&key).unwrap_or_default().into_iter().flatten().collect();
        }
    }
    Ok(snapshot)
}

/// A mailbox's store and path.
type MailboxKey = (String, String);

/// The cohorts of mailboxes.
fn mailbox_cohorts(directory: &Path) -> Result<HashMap<MailboxKey, Vec<Vec<Cohort>>>> {
    let of_mailbox = |rows: &Rows, row| Ok((rows.text("store", row)?, rows.text("path", row)?));
    grouped(directory, "mailbox_cohort", of_mailbox, |rows, row| Ok(rows.cohorts(row)?.iter().collect()))
}

/// The mailboxes of one store of a snapshot with their cohorts, without the rest.
pub(crate) fn mailboxes(directory: &Path, store: &str) -> Result<Vec<Mailbox>> {
    let rows = rows(directory, "mailbox", |rows, row| Ok((rows.text("store", row)?, rows.mailbox(row)?)))?;
    let mut cohorts = mailbox_cohorts(directory)?;
    let with_cohorts = |(of, mut mailbox): (String, Mailbox)| {
        let held = cohorts.remove(&(of, mailbox.path.clone())).unwrap_or_default();
        mailbox.cohorts = held.into_iter().flatten().collect();
        mailbox
    };
    Ok(rows.into_iter().filter(|(of, _)| of == store).map(with_cohorts).collect())
}

/// The cohorts of one store of a snapshot, by the special use of their folders.
pub(crate) fn use_cohorts(directory: &Path, store: &str) -> Result<Vec<UseCohort>> {
    let rows = rows(directory, "use_cohort", |rows, row| Ok((rows.text("store", row)?, rows.use_cohort(row)?)))?;
    Ok(rows.into_iter().filter(|(of, _)| of == store).map(|(_, cohort)| cohort).collect())
}

/// Whose the mailboxes of a snapshot are, and how much is in them, without the rest.
pub(crate) fn mailbox_sizes(directory: &Path) -> Result<ColumnTable> {
    let path = directory.join("mailbox.parquet");
    let columns = ["store", "domain", "user", "messages", "logical_bytes", "virtual_bytes"];
    parquet::read_columns(&path, &columns).map_err(|e| damaged(e, &path))
}

/// The events by store.
fn events(directory: &Path) -> Result<HashMap<String, Vec<BulkArrival>>> {
    grouped(directory, "event", |rows, row| rows.text("store", row), |rows, row| rows.event(row))
}

/// Reads every row of a table of a snapshot.
fn rows<T>(directory: &Path, table: &str, read: impl Fn(&Rows, usize) -> Result<T>) -> Result<Vec<T>> {
    let path = directory.join(format!("{table}.parquet"));
    let table = parquet::read(&path).map_err(|e| damaged(e, &path))?;
    let rows = Rows::from_table(&table);
    (0..rows.len()).map(|row| read(&rows, row)).collect::<Result<_>>().map_err(|e| damaged(e, &path))
}

/// Reads every row of a table, gathered by a key, in the order of the rows.
pub(crate) fn grouped<K: std::hash::Hash + Eq, T>(
    directory: &Path,
    table: &str,
    key: impl Fn(&Rows, usize) -> Result<K>,
    read: impl Fn(&Rows, usize) -> Result<T>,
) -> Result<HashMap<K, Vec<T>>> {
    let mut groups: HashMap<K, Vec<T>> = HashMap::new();
    for (key, value) in rows(directory, table, |rows, row| Ok((key(rows, row)?, read(rows, row)?)))? {
        groups.entry(key).or_default().push(value);
    }
    Ok(groups)
}

pub(crate) fn damaged(error: Error, path: &Path) -> Error {
    match error.advice() {
        Some(_) => error,
        None => Error::new("a snapshot is damaged").at(path).because(error).hint(
            "move its directory out of the history, or restore it from a backup; the other snapshots are not touched",
        ),
    }
}

/// The rows of a Parquet table with the columns `series,time,used[,limit]`.
pub(crate) fn series_rows(path: &Path) -> Result<Vec<SeriesRow>> {
    let table = parquet::read(path)
        .map_err(|e| e.hint("give a Parquet file; the name of a CSV file may have any ending but .parquet"))?;
    let missing = |e: Error| e.at(path).hint(COLUMNS_HINT);
    let names = table.text("series").map_err(missing)?;
    let times = times(&table).map_err(missing)?;
    let used = table.numbers("used").map_err(missing)?;
    let limits = match table.has("limit") {
        true => Some(table.numbers("limit").map_err(missing)?),
        false => None,
    };
    let rows = names.iter().zip(times).zip(used).enumerate().map(|(index, ((name, time), used))| {
        let wrong = |what: &str| {
            Error::new(format!("row {}: {what}", index + 1)).at(path).hint("correct the row, or leave it out")
        };
        let amount = |value: f64| match value {
            value if value < 0.0 => Err(wrong("an amount is negative")),
            value if value.is_finite() => Ok(value),
            _ => Err(wrong("an amount is not a finite number")),
        };
        Ok(SeriesRow {
            series: name.clone().ok_or_else(|| wrong("the series is missing"))?,
            time: time.ok_or_else(|| wrong("the time is missing or invalid"))?,
            used: amount(used.ok_or_else(|| wrong("the used amount is missing"))?)?,
            limit: limits.as_ref().and_then(|limits| limits[index]).map(amount).transpose()?,
        })
    });
    let rows: Vec<SeriesRow> = rows.collect::<Result<_>>()?;
    if rows.is_empty() {
        return Err(Error::new("the table has no rows").at(path).hint(COLUMNS_HINT));
    }
    Ok(rows)
}

/// The times of a table, written as times, dates, unix seconds, or text.
fn times(table: &ColumnTable) -> Result<Vec<Option<Timestamp>>> {
    let midnight = |days: i32| Timestamp::from_second(i64::from(days) * 86_400).ok();
    if let Ok(times) = table.times("time") {
        return Ok(times.iter().map(|time| time.and_then(|time| Timestamp::from_microsecond(time).ok())).collect());
    }
    if let Ok(dates) = table.dates("time") {
        return Ok(dates.iter().map(|date| date.and_then(midnight)).collect());
    }
    if let Ok(texts) = table.text("time") {
        let parse = |text: &String| crate::model::series::table::parse_time(text).ok();
        return Ok(texts.iter().map(|text| text.as_ref().and_then(parse)).collect());
    }
    let of_second = |second: f64| Timestamp::from_millisecond((second * 1_000.0) as i64).ok();
    Ok(table.numbers("time")?.into_iter().map(|second| second.and_then(of_second)).collect())
}
