//! Reads snapshots: the entries of all of them, or the whole of one.

use std::collections::{BTreeSet, HashMap};
use std::hash::Hash;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use jiff::Timestamp;
use jiff::civil::Date;

use super::months::SNAPSHOT;
use super::rows::Row;
use super::table::ColumnTable;
use super::{
    DamagedSnapshot, Entries, History, READER_HINT, SnapshotEntry, StoreEntry, hosts, months, names, parquet, volumes,
};
use crate::model::class::Class;
use crate::model::error::{Error, Result};
use crate::model::escape;
use crate::model::series::SeriesRow;
use crate::model::series::table::{COLUMNS_HINT, parse_time};
use crate::model::snapshot::unread::lost_places;
use crate::model::snapshot::{ClassUsage, Cohorts, Mailbox, Snapshot, Store, UseCohort};

/// The tables of [`SnapshotEntry`], whose names are hidden later.
const OF_ENTRY: [&str; 4] = ["snapshot", "filesystem", "store", "event"];

/// The day of a snapshot by its name, in UTC.
pub(crate) fn day_of_name(name: &str) -> Option<Date> {
    Date::strptime("%Y%m%d", name.strip_prefix(SNAPSHOT)?.get(..8)?).ok()
}

/// The machine in the name of a snapshot, without the number that tells scans of one second apart.
pub(crate) fn machine_of_name(name: &str) -> &str {
    let machine = name.split_once('_').map_or(name, |(_, machine)| machine);
    let is_number = |end: &str| end.bytes().all(|byte| byte.is_ascii_digit());
    machine.rsplit_once('_').filter(|(_, end)| is_number(end)).map_or(machine, |(machine, _)| machine)
}

impl History {
    /// The entries of all snapshots.
    ///
    /// # Errors
    /// If the directory cannot be listed.
    pub fn entries(&self) -> Result<Entries> {
        let mut found = self.steady(|names| Ok(self.entries_of(names)))?;
        found.entries.sort_by(|a, b| (a.taken_at, &a.name).cmp(&(b.taken_at, &b.name)));
        hosts::unify(&mut found.entries);
        volumes::unify(&mut found.entries);
        found.entries.iter_mut().for_each(names::cover_entry);
        Ok(found)
    }

    fn entries_of(&self, names: &BTreeSet<String>) -> Entries {
        let mut found = Entries::default();
        for name in names {
            let directory = self.snapshots().join(name);
            match steady_heads(&directory) {
                Ok(heads) if months::is_month(name) => {
                    found.entries.extend(heads.into_iter().filter(|entry| !names.contains(&entry.name)));
                }
                Ok(heads) => found.entries.extend(heads.into_iter().map(|e| SnapshotEntry { name: name.clone(), ..e })),
                // Another program has removed it since.
                Err(_) if !directory.exists() => {}
                Err(error) => found.damaged.push(DamagedSnapshot { name: name.clone(), error }),
            }
        }
        found
    }

    /// Reads directories again if one is gone in the end: a snapshot that moved meanwhile would be missed.
    fn steady<T>(&self, read: impl Fn(&BTreeSet<String>) -> Result<T>) -> Result<T> {
        let mut names = self.directories()?;
        loop {
            let found = read(&names)?;
            let now = self.directories()?;
            if names.is_subset(&now) {
                return Ok(found);
            }
            names = now;
        }
    }

    /// The names of all snapshots in order, also of damaged ones; of a damaged month its own name.
    ///
    /// # Errors
    /// If the directory cannot be listed.
    pub fn names(&self) -> Result<Vec<String>> {
        self.steady(|directories| {
            let mut names = BTreeSet::new();
            for name in directories {
                match months::is_month(name).then(|| months::snapshots(&self.snapshots().join(name))) {
                    Some(Ok(snapshots)) => names.extend(snapshots),
                    Some(Err(_)) | None => names.extend([name.clone()]),
                }
            }
            Ok(names.into_iter().collect())
        })
    }

    /// The names of the directories with tables, of snapshots and of months.
    pub(super) fn directories(&self) -> Result<BTreeSet<String>> {
        let snapshots = self.snapshots();
        let failed = |e| Error::io("cannot list the history", &snapshots, e).hint(READER_HINT);
        let mut names = BTreeSet::new();
        for file in std::fs::read_dir(&snapshots).map_err(failed)? {
            let name = file.map_err(failed)?.file_name().into_string().ok();
            names.extend(name.filter(|name| name.starts_with(SNAPSHOT) || months::is_month(name)));
        }
        Ok(names)
    }

    /// A whole snapshot.
    ///
    /// # Errors
    /// If it is missing or damaged.
    pub fn load(&self, name: &str) -> Result<Snapshot> {
        let directory = &self.snapshots().join(name);
        let mut entry = entry(directory, name)?;
        names::cover_entry(&mut entry);
        let SnapshotEntry { taken_at, host, complete, filesystems, stores, .. } = entry;
        let calibrations = rows(directory, "store", |row| row.calibration())?;
        let mut classes = classes(directory)?;
        let mut cohorts = grouped(directory, "cohort", |row| row.store(), |row| row.cohort())?;
        let mut uses = grouped(directory, "use_cohort", |row| row.store(), |row| row.use_cohort())?;
        let mut blobs = grouped(directory, "blob", |row| row.store(), |row| row.blob())?;
        let mut mailboxes = grouped(directory, "mailbox", |row| row.store(), |row| row.mailbox())?;
        let mut folders = grouped(directory, "folder", |row| row.mailbox_key(), |row| row.folder())?;
        let mut mailbox_classes =
            grouped(directory, "mailbox_class", |row| row.mailbox_key(), |row| row.class_usage())?;
        let mut mailbox_cohorts = grouped(directory, "mailbox_cohort", |row| row.mailbox_key(), |row| row.cohorts())?;
        let store = |(store, calibration): (StoreEntry, _)| {
            let StoreEntry { name, root, tally, events, .. } = store;
            let mut mailboxes = mailboxes.remove(&name).unwrap_or_default();
            for mailbox in &mut mailboxes {
                let key = (name.clone(), mailbox.path.clone());
                mailbox.folders = folders.remove(&key).unwrap_or_default();
                mailbox.classes = mailbox_classes.remove(&key).unwrap_or_default().into_iter().collect();
                mailbox.cohorts = joined(mailbox_cohorts.remove(&key));
            }
            Store {
                classes: classes.remove(&name).unwrap_or_default().into_iter().collect(),
                cohorts: cohorts.remove(&name).unwrap_or_default(),
                uses: uses.remove(&name).unwrap_or_default(),
                blobs: blobs.remove(&name).unwrap_or_default(),
                name,
                root,
                tally,
                events,
                calibration,
                mailboxes: mailboxes.into(),
            }
        };
        let stores = stores.into_iter().zip(calibrations).map(store).collect();
        let problems = rows(directory, "problem", |row| row.problem())?;
        let mut snapshot = Snapshot { taken_at, host, complete, filesystems, stores, problems };
        snapshot.mark_partial();
        Ok(snapshot)
    }
}

/// What forecasts need of one snapshot, with real names, by which machines and volumes are told apart.
pub(super) fn entry(directory: &Path, name: &str) -> Result<SnapshotEntry> {
    let empty = || damaged(Error::new("the table has no rows"), &months::file(directory, "snapshot"));
    let entry = heads(directory)?.pop().ok_or_else(empty)?;
    Ok(SnapshotEntry { name: name.to_owned(), ..entry })
}

/// As [`heads`], of a directory that another program may be exchanging for one with more or fewer snapshots.
fn steady_heads(directory: &Path) -> Result<Vec<SnapshotEntry>> {
    let inode = || directory.metadata().map(|metadata| metadata.ino()).ok();
    let mut before = inode();
    loop {
        let heads = heads(directory);
        let after = inode();
        if before == after {
            return heads;
        }
        before = after;
    }
}

/// What forecasts need of each snapshot in a directory, which has one, or those of a month.
pub(super) fn heads(directory: &Path) -> Result<Vec<SnapshotEntry>> {
    let head = |row: Row| Ok((row.time("taken_at")?, row.text("host")?, row.boolean("complete")?));
    let heads = rows(directory, "snapshot", head)?;
    let mut filesystems = grouped(directory, "filesystem", |row| row.time("taken_at"), |row| row.filesystem())?;
    let of_store = |row: Row| Ok((row.time("taken_at")?, row.store()?));
    let mut events = grouped(directory, "event", of_store, |row| row.event())?;
    let mut stores: HashMap<Timestamp, Vec<StoreEntry>> = HashMap::new();
    rows(directory, "store", |row| {
        let (taken_at, name) = of_store(row)?;
        stores.entry(taken_at).or_default().push(StoreEntry {
            events: events.remove(&(taken_at, name.clone())).unwrap_or_default(),
            name,
            root: row.text("root")?,
            mailboxes: row.integer("mailboxes")?,
            tally: row.tally()?,
            is_estimated: row.calibration()?.is_some(),
        });
        Ok(())
    })?;
    let has_problems = heads.iter().any(|&(.., complete)| !complete);
    let read_problems = || grouped(directory, "problem", |row| row.time("taken_at"), |row| row.problem());
    let mut problems = if has_problems { read_problems()? } else { HashMap::new() };
    let entry = |(taken_at, host, complete): (Timestamp, String, bool)| {
        let problems = problems.remove(&taken_at).filter(|_| !complete).unwrap_or_default();
        SnapshotEntry {
            name: months::snapshot_name(taken_at, &host),
            taken_at,
            host,
            complete,
            unread: lost_places(&problems).map(str::to_owned).collect(),
            filesystems: filesystems.remove(&taken_at).unwrap_or_default(),
            stores: stores.remove(&taken_at).unwrap_or_default(),
        }
    };
    Ok(heads.into_iter().map(entry).collect())
}

/// The cohorts of a mailbox; several mailboxes of other formats may have its path.
fn joined(packed: Option<Vec<Cohorts>>) -> Cohorts {
    packed.unwrap_or_default().iter().flat_map(Cohorts::iter).collect()
}

/// The usage by class, by store.
pub(crate) fn classes(directory: &Path) -> Result<HashMap<String, Vec<(Class, ClassUsage)>>> {
    grouped(directory, "class", |row| row.store(), |row| row.class_usage())
}

/// The mailboxes of one store of a snapshot with their cohorts, but without classes and folders.
pub(crate) fn mailboxes(directory: &Path, store: &str) -> Result<Vec<Mailbox>> {
    let mut mailboxes =
        grouped(directory, "mailbox", |row| row.store(), |row| row.mailbox())?.remove(store).unwrap_or_default();
    let mut cohorts = grouped(directory, "mailbox_cohort", |row| row.mailbox_key(), |row| row.cohorts())?;
    for mailbox in &mut mailboxes {
        mailbox.cohorts = joined(cohorts.remove(&(store.to_owned(), mailbox.path.clone())));
    }
    Ok(mailboxes)
}

/// The cohorts of one store of a snapshot, by special use.
pub(crate) fn use_cohorts(directory: &Path, store: &str) -> Result<Vec<UseCohort>> {
    Ok(grouped(directory, "use_cohort", |row| row.store(), |row| row.use_cohort())?.remove(store).unwrap_or_default())
}

/// Reads columns of a snapshot's table.
pub(crate) fn columns<T>(
    directory: &Path,
    table: &str,
    columns: &[&str],
    read: impl FnOnce(ColumnTable) -> Result<T>,
) -> Result<T> {
    let table_of = months::read(directory, table, Some(columns));
    table_of.and_then(names::cover).and_then(read).map_err(|e| damaged(e, &months::file(directory, table)))
}

/// A whole table of a snapshot.
pub(super) fn whole_table(directory: &Path, table: &str) -> Result<ColumnTable> {
    months::read(directory, table, None).map_err(|e| damaged(e, &months::file(directory, table)))
}

/// Reads every row of a snapshot's table.
pub(super) fn rows<T>(directory: &Path, table: &str, mut read: impl FnMut(Row) -> Result<T>) -> Result<Vec<T>> {
    let is_of_entry = OF_ENTRY.contains(&table);
    let cover = |table| if is_of_entry { Ok(table) } else { names::cover(table) };
    let read_all = |table: ColumnTable| Row::all(&table).map(&mut read).collect();
    let table_of = months::read(directory, table, None);
    table_of.and_then(cover).and_then(read_all).map_err(|e| damaged(e, &months::file(directory, table)))
}

/// Reads every row of a snapshot's table, grouped by a key.
fn grouped<K: Hash + Eq, T>(
    directory: &Path,
    table: &str,
    key: impl Fn(Row) -> Result<K>,
    read: impl Fn(Row) -> Result<T>,
) -> Result<HashMap<K, Vec<T>>> {
    let mut groups: HashMap<K, Vec<T>> = HashMap::new();
    rows(directory, table, |row| {
        groups.entry(key(row)?).or_default().push(read(row)?);
        Ok(())
    })?;
    Ok(groups)
}

pub(super) fn damaged(error: Error, path: &Path) -> Error {
    let name = path.parent().and_then(Path::file_name).unwrap_or_default().to_string_lossy();
    match error.advice() {
        Some(_) => error,
        None => Error::new("a snapshot is damaged").at(path).because(error).hint(format!(
            "the work goes on without it; {}. `mailrunway history verify` checks all files",
            damaged_hint(&name)
        )),
    }
}

/// What to do about a damaged snapshot.
pub(super) fn damaged_hint(name: &str) -> String {
    let name = escape::printable(name);
    format!("restore its directory from a backup, or remove it: `mailrunway history remove {name}`")
}

/// Reads the rows of a Parquet table with the columns `series,time,used[,limit]`.
pub(super) fn series_rows(path: &Path, mut each: impl FnMut(SeriesRow)) -> Result<()> {
    let table = parquet::read_foreign(path)
        .map_err(|e| e.hint("give a Parquet file; the name of a CSV file may have any ending but .parquet"))?;
    let missing = |e: Error| e.at(path).hint(COLUMNS_HINT);
    let series = table.text("series").map_err(missing)?;
    let time = times(&table).map_err(missing)?;
    let used = table.numbers("used").map_err(missing)?;
    let limit = table.has("limit").then(|| table.numbers("limit")).transpose().map_err(missing)?;
    let row = |row: usize| {
        let wrong = |what: &str| {
            Error::new(format!("row {}: {what}", row + 1)).at(path).hint("correct the row, or leave it out")
        };
        let amount = |value: f64| match value {
            value if value < 0.0 => Err(wrong("an amount is negative")),
            value if value.is_finite() => Ok(value),
            _ => Err(wrong("an amount is not a finite number")),
        };
        Ok(SeriesRow {
            series: series(row).ok_or_else(|| wrong("the series is missing"))?,
            time: time(row).ok_or_else(|| wrong("the time is missing or invalid"))?,
            used: amount(used(row).ok_or_else(|| wrong("the used amount is missing"))?)?,
            limit: limit.as_ref().and_then(|limit| limit(row)).map(amount).transpose()?,
        })
    };
    if table.rows() == 0 {
        return Err(Error::new("the table has no rows").at(path).hint(COLUMNS_HINT));
    }
    (0..table.rows()).try_for_each(|number| row(number).map(&mut each))
}

/// The times of a table, written as times, dates, text, or unix seconds.
fn times(table: &ColumnTable) -> Result<Box<dyn Fn(usize) -> Option<Timestamp> + '_>> {
    if let Ok(times) = table.times("time") {
        return Ok(Box::new(move |row| Timestamp::from_microsecond(times(row)?).ok()));
    }
    if let Ok(dates) = table.dates("time") {
        return Ok(Box::new(move |row| Timestamp::from_second(i64::from(dates(row)?) * 86_400).ok()));
    }
    if let Ok(texts) = table.text("time") {
        return Ok(Box::new(move |row| parse_time(texts(row)?).ok()));
    }
    let seconds = table.numbers("time")?;
    Ok(Box::new(move |row| Timestamp::from_millisecond((seconds(row)? * 1_000.0) as i64).ok()))
}
