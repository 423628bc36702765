//! The tables of a snapshot: their columns, and their rows.
//!
//! Every row has the snapshot's `taken_at` and `host`, so that each table can be queried alone.

use super::table::{ColumnTable, TableBuilder};
use crate::model::class::Class;
use crate::model::snapshot::{
    Blob, BulkArrival, ClassUsage, Cohort, Folder, Mailbox, SizeCalibration, Snapshot, Store, Tally, UseCohort,
};

/// The version of the tables; a history of any other version is refused.
pub(super) const SCHEMA_VERSION: i64 = 1;

/// A column of counts: its name, and how a value is read and set.
pub(super) type CountColumn<C> = (&'static str, fn(&C) -> Option<u64>, fn(&mut C, Option<u64>));

pub(super) const TALLY: [CountColumn<Tally>; 11] = [
    ("messages", |t| Some(t.messages), |t, v| t.messages = v.unwrap_or(0)),
    ("message_bytes", |t| Some(t.message_bytes), |t, v| t.message_bytes = v.unwrap_or(0)),
    ("logical_bytes", |t| Some(t.logical_bytes), |t, v| t.logical_bytes = v.unwrap_or(0)),
    ("virtual_bytes", |t| t.virtual_bytes, |t, v| t.virtual_bytes = v),
    ("other_bytes", |t| Some(t.other_bytes), |t, v| t.other_bytes = v.unwrap_or(0)),
    ("reclaimable_bytes", |t| Some(t.reclaimable_bytes), |t, v| t.reclaimable_bytes = v.unwrap_or(0)),
    ("allocated_bytes", |t| Some(t.allocated_bytes), |t, v| t.allocated_bytes = v.unwrap_or(0)),
    ("files", |t| Some(t.files), |t, v| t.files = v.unwrap_or(0)),
    ("directories", |t| Some(t.directories), |t, v| t.directories = v.unwrap_or(0)),
    ("directory_bytes", |t| Some(t.directory_bytes), |t, v| t.directory_bytes = v.unwrap_or(0)),
    ("inodes", |t| Some(t.inodes), |t, v| t.inodes = v.unwrap_or(0)),
];

/// Null where sizes are those of the disk.
pub(super) const CALIBRATION: [CountColumn<SizeCalibration>; 7] = [
    ("sampled_folders", |c| Some(c.folders), |c, v| c.folders = v.unwrap_or(0)),
    ("sampled_messages", |c| Some(c.messages), |c, v| c.messages = v.unwrap_or(0)),
    ("sampled_unlike", |c| Some(c.unlike), |c, v| c.unlike = v.unwrap_or(0)),
    ("size_ppm", |c| Some(c.size_ppm), |c, v| c.size_ppm = v.unwrap_or(0)),
    ("size_error_ppm", |c| c.size_error_ppm, |c, v| c.size_error_ppm = v),
    ("disk_ppm", |c| Some(c.disk_ppm), |c, v| c.disk_ppm = v.unwrap_or(0)),
    ("disk_error_ppm", |c| c.disk_error_ppm, |c, v| c.disk_error_ppm = v),
];

/// The pieces of a table: a store with many mailboxes has more rows than should be in memory at once.
pub(super) type Pieces<'a> = Box<dyn Iterator<Item = ColumnTable> + 'a>;

/// Rows of a piece.
const PIECE_ROWS: usize = 8_192;

/// Packed bytes that take as much memory as a row of numbers.
const ROW_BYTES: usize = 64;

type StoreMailbox<'a> = (&'a Store, Mailbox);

/// The tables of a snapshot by name, and what a scan without it lacks.
pub(super) const TABLES: [(&str, &str); 13] = [
    ("snapshot", WHOLE),
    ("filesystem", WHOLE),
    ("store", WHOLE),
    ("mailbox", "the sizes of mailboxes: quotas, and growth by domain and mailbox"),
    ("folder", "the sizes of folders"),
    ("cohort", "when its mail arrived, which tells how long mail is kept"),
    ("use_cohort", "the mail that retention rules would remove"),
    ("mailbox_cohort", "when the mail of each mailbox arrived"),
    ("class", "the sizes of messages, indexes and other files"),
    ("mailbox_class", "the sizes of messages, indexes and other files of each mailbox"),
    ("event", WHOLE),
    ("blob", "the stores whose format is unknown"),
    ("problem", "what the scan could not read"),
];

/// The columns by which a month sorts tables with rows for each mailbox, so that rows that are as the night before stand
/// beside each other. The rows of one snapshot keep their order, which is the same.
pub(super) const SORTED_BY: [(&str, &[&str]); 4] = [
    ("mailbox", &["store", "path"]),
    ("folder", &["store", "path", "folder"]),
    ("mailbox_class", &["store", "path", "class"]),
    ("mailbox_cohort", &["store", "path"]),
];

/// A scan is left out of everything if one of the tables that forecasts read is damaged.
const WHOLE: &str = "this scan, for every command";

/// The tables of a snapshot by name, without the file's extension. Each has at least one piece, built on demand.
pub(super) fn tables(snapshot: &Snapshot) -> Vec<(&'static str, Pieces<'_>)> {
    vec![
        ("snapshot", whole(snapshot, snapshot_table)),
        ("filesystem", whole(snapshot, filesystem_table)),
        ("store", whole(snapshot, store_table)),
        ("mailbox", by_mailbox(snapshot, |_| 1, mailbox_table)),
        ("folder", by_mailbox(snapshot, |mailbox| mailbox.folders.len(), folder_table)),
        ("cohort", whole(snapshot, cohort_table)),
        ("use_cohort", whole(snapshot, use_cohort_table)),
        (
            "mailbox_cohort",
            by_mailbox(snapshot, |mailbox| 1 + mailbox.cohorts.packed().len() / ROW_BYTES, mailbox_cohort_table),
        ),
        ("class", whole(snapshot, class_table)),
        ("mailbox_class", by_mailbox(snapshot, |mailbox| used_classes(mailbox).count(), mailbox_class_table)),
        ("event", whole(snapshot, event_table)),
        ("blob", whole(snapshot, blob_table)),
        ("problem", whole(snapshot, problem_table)),
    ]
}

fn whole<'a>(snapshot: &'a Snapshot, table: fn(&Snapshot) -> ColumnTable) -> Pieces<'a> {
    Box::new(std::iter::once_with(move || table(snapshot)))
}

/// A table with `rows` for each mailbox.
fn by_mailbox<'a>(
    snapshot: &'a Snapshot,
    rows: fn(&Mailbox) -> usize,
    table: fn(&Snapshot, &[StoreMailbox]) -> ColumnTable,
) -> Pieces<'a> {
    let all = snapshot.stores.iter().flat_map(|store| store.mailboxes.iter().map(move |mailbox| (store, mailbox)));
    let (mut all, mut is_first) = (all.peekable(), true);
    Box::new(std::iter::from_fn(move || {
        let (mut piece, mut in_piece) = (Vec::new(), 0);
        while let Some(next) = all.next_if(|(_, next)| piece.is_empty() || in_piece + rows(next) <= PIECE_ROWS) {
            in_piece += rows(&next.1);
            piece.push(next);
        }
        let is_needed = std::mem::take(&mut is_first) || !piece.is_empty();
        is_needed.then(|| table(snapshot, &piece))
    }))
}

/// Items of all stores, each with its store.
fn in_stores<'a, I: IntoIterator>(snapshot: &'a Snapshot, items: fn(&'a Store) -> I) -> Vec<(&'a Store, I::Item)> {
    snapshot.stores.iter().flat_map(|store| items(store).into_iter().map(move |item| (store, item))).collect()
}

/// Begins a table with the columns that all have.
fn table<'a, T>(snapshot: &Snapshot, rows: &'a [T]) -> TableBuilder<'a, T> {
    TableBuilder::new(rows).times("taken_at", |_| Some(snapshot.taken_at)).text("host", |_| &snapshot.host)
}

impl<'a, T> TableBuilder<'a, T> {
    fn counts<C: 'static>(self, columns: &[CountColumn<C>], row: impl Fn(&T) -> Option<&C>) -> Self {
        let add = |table: Self, (name, read, _): &CountColumn<C>| {
            table.optional_integers(name, |item| row(item).and_then(read))
        };
        columns.iter().fold(self, add)
    }

    fn tally(self, tally: impl Fn(&T) -> &Tally) -> Self {
        self.counts(&TALLY, |row| Some(tally(row)))
            .times("oldest", |row| tally(row).oldest)
            .times("newest", |row| tally(row).newest)
    }

    /// The columns that identify a mailbox.
    fn mailbox(self, mailbox: impl Fn(&'a T) -> &'a StoreMailbox<'a>) -> Self {
        self.text("store", |row| &mailbox(row).0.name)
            .optional_text("domain", |row| mailbox(row).1.domain.as_deref())
            .text("user", |row| &mailbox(row).1.user)
            .text("path", |row| &mailbox(row).1.path)
    }

    fn class_usage(self, usage: impl Fn(&T) -> (Class, &ClassUsage)) -> Self {
        self.text("class", |row| usage(row).0.word())
            .integers("files", |row| usage(row).1.files)
            .integers("bytes", |row| usage(row).1.bytes)
            .integers("allocated_bytes", |row| usage(row).1.allocated_bytes)
            .integers("inodes", |row| usage(row).1.inodes)
    }
}

fn snapshot_table(snapshot: &Snapshot) -> ColumnTable {
    table(snapshot, &[()])
        .booleans("complete", |()| snapshot.complete)
        .integers("schema_version", |()| SCHEMA_VERSION as u64)
        .text("scanned_by", |()| concat!("mailrunway ", env!("CARGO_PKG_VERSION")))
        .finish()
}

fn filesystem_table(snapshot: &Snapshot) -> ColumnTable {
    table(snapshot, &snapshot.filesystems)
        .text("mount", |volume| &volume.mount)
        .text("id", |volume| &volume.id)
        .text("kind", |volume| &volume.kind)
        .integers("size_bytes", |volume| volume.size_bytes)
        .integers("used_bytes", |volume| volume.used_bytes)
        .integers("available_bytes", |volume| volume.available_bytes)
        .integers("inodes", |volume| volume.inodes)
        .integers("inodes_used", |volume| volume.inodes_used)
        .integers("inodes_available", |volume| volume.inodes_available)
        .finish()
}

fn store_table(snapshot: &Snapshot) -> ColumnTable {
    table(snapshot, &snapshot.stores)
        .text("store", |store| &store.name)
        .text("root", |store| &store.root)
        .integers("mailboxes", |store| store.mailboxes.len() as u64)
        .tally(|store| &store.tally)
        .counts(&CALIBRATION, |store| store.calibration.as_ref())
        .finish()
}

fn mailbox_table(snapshot: &Snapshot, mailboxes: &[StoreMailbox]) -> ColumnTable {
    table(snapshot, mailboxes)
        .mailbox(|row| row)
        .text("layout", |(_, mailbox)| &mailbox.layout)
        .text("sureness", |(_, mailbox)| mailbox.sureness.word())
        .tally(|(_, mailbox)| &mailbox.tally)
        .finish()
}

fn folder_table(snapshot: &Snapshot, mailboxes: &[StoreMailbox]) -> ColumnTable {
    let rows: Vec<(&StoreMailbox, &Folder)> =
        mailboxes.iter().flat_map(|row| row.1.folders.iter().map(move |folder| (row, folder))).collect();
    table(snapshot, &rows)
        .mailbox(|row| row.0)
        .text("folder", |(_, folder)| &folder.name)
        .text("folder_path", |(_, folder)| &folder.path)
        .optional_text("special_use", |(_, folder)| folder.special_use.map(|special_use| special_use.word()))
        .tally(|(_, folder)| &folder.tally)
        .finish()
}

fn cohort_table(snapshot: &Snapshot) -> ColumnTable {
    let rows: Vec<(&Store, &Cohort)> = in_stores(snapshot, |store| &store.cohorts);
    table(snapshot, &rows)
        .text("store", |(store, _)| &store.name)
        .text("clock", |(_, cohort)| cohort.clock.word())
        .dates("day", |(_, cohort)| cohort.day)
        .integers("size_from", |(_, cohort)| cohort.size_from)
        .integers("messages", |(_, cohort)| cohort.messages)
        .integers("bytes", |(_, cohort)| cohort.bytes)
        .finish()
}

fn use_cohort_table(snapshot: &Snapshot) -> ColumnTable {
    let rows: Vec<(&Store, &UseCohort)> = in_stores(snapshot, |store| &store.uses);
    table(snapshot, &rows)
        .text("store", |(store, _)| &store.name)
        .optional_text("special_use", |(_, cohort)| cohort.special_use.map(|special_use| special_use.word()))
        .text("clock", |(_, cohort)| cohort.clock.word())
        .dates("week", |(_, cohort)| cohort.week)
        .integers("messages", |(_, cohort)| cohort.totals.messages)
        .integers("bytes", |(_, cohort)| cohort.totals.bytes)
        .integers("allocated_bytes", |(_, cohort)| cohort.totals.allocated_bytes)
        .integers("inodes", |(_, cohort)| cohort.totals.inodes)
        .finish()
}

/// A mailbox has nearly as many cohorts as messages, so they are packed: see [`Cohorts`](crate::model::snapshot::Cohorts).
fn mailbox_cohort_table(snapshot: &Snapshot, mailboxes: &[StoreMailbox]) -> ColumnTable {
    table(snapshot, mailboxes).mailbox(|row| row).bytes("cohorts", |(_, mailbox)| mailbox.cohorts.packed()).finish()
}

fn class_table(snapshot: &Snapshot) -> ColumnTable {
    let rows = in_stores(snapshot, |store| store.classes.iter());
    table(snapshot, &rows).text("store", |(store, _)| &store.name).class_usage(|(_, usage)| *usage).finish()
}

/// Most mailboxes have few of the classes; empty ones have no row.
fn mailbox_class_table(snapshot: &Snapshot, mailboxes: &[StoreMailbox]) -> ColumnTable {
    let rows: Vec<(&StoreMailbox, (Class, &ClassUsage))> =
        mailboxes.iter().flat_map(|row| used_classes(&row.1).map(move |usage| (row, usage))).collect();
    table(snapshot, &rows).mailbox(|row| row.0).class_usage(|(_, usage)| *usage).finish()
}

fn used_classes(mailbox: &Mailbox) -> impl Iterator<Item = (Class, &ClassUsage)> {
    mailbox.classes.iter().filter(|(_, usage)| **usage != ClassUsage::default())
}

fn event_table(snapshot: &Snapshot) -> ColumnTable {
    let rows: Vec<(&Store, &BulkArrival)> = in_stores(snapshot, |store| &store.events);
    table(snapshot, &rows)
        .text("store", |(store, _)| &store.name)
        .dates("date", |(_, event)| event.date)
        .text("kind", |(_, event)| event.kind.word())
        .integers("messages", |(_, event)| event.messages)
        .integers("bytes", |(_, event)| event.bytes)
        .finish()
}

fn blob_table(snapshot: &Snapshot) -> ColumnTable {
    let rows: Vec<(&Store, &Blob)> = in_stores(snapshot, |store| &store.blobs);
    table(snapshot, &rows)
        .text("store", |(store, _)| &store.name)
        .text("path", |(_, blob)| &blob.path)
        .text("kind", |(_, blob)| &blob.kind)
        .integers("bytes", |(_, blob)| blob.bytes)
        .integers("allocated_bytes", |(_, blob)| blob.allocated_bytes)
        .finish()
}

fn problem_table(snapshot: &Snapshot) -> ColumnTable {
    table(snapshot, &snapshot.problems)
        .text("path", |problem| &problem.path)
        .text("kind", |problem| problem.kind.word())
        .text("detail", |problem| &problem.detail)
        .finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::History;
    use crate::model::dates::date_of;
    use crate::model::snapshot::{Clock, SIZE_CLASSES};
    use jiff::Timestamp;

    #[test]
    fn a_table_written_in_pieces_reads_as_one() {
        let cohort = |number: i32| Cohort {
            clock: Clock::Arrival,
            day: date_of(number / 6),
            size_from: SIZE_CLASSES[number as usize % 6],
            messages: 1,
            bytes: 1 << 50,
        };
        let mailbox = |path: &str| Mailbox {
            path: path.to_owned(),
            cohorts: (0..PIECE_ROWS as i32 * 8).map(cohort).collect(),
            ..Mailbox::default()
        };
        let stores = vec![Store { mailboxes: ["a", "b", "c"].map(mailbox).into_iter().collect(), ..Store::default() }];
        let snapshot = Snapshot {
            taken_at: Timestamp::UNIX_EPOCH,
            host: "mail01".to_owned(),
            complete: true,
            filesystems: Vec::new(),
            stores,
            problems: Vec::new(),
        };
        let rows = |wanted: &str| -> Vec<usize> {
            let table = tables(&snapshot).into_iter().find(|(name, _)| *name == wanted);
            table.map(|(_, pieces)| pieces.map(|piece| piece.rows()).collect()).unwrap_or_default()
        };
        assert_eq!(rows("mailbox_cohort"), [1; 3]);
        assert_eq!((rows("mailbox"), rows("event")), (vec![3], vec![0]));
        let directory = tempfile::tempdir().unwrap();
        let history = History::open_or_create(&directory.path().join("history")).unwrap();
        let name = history.append(&snapshot).unwrap().name;
        assert!(history.load(&name).unwrap() == snapshot, "the snapshot is read as it was written");
        let names: Vec<&str> = tables(&snapshot).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, TABLES.map(|(name, _)| name));
    }
}
