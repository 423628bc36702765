//! The tables of a snapshot: which columns they have, and how its parts become rows.
//!
//! Every row has the snapshot's `taken_at` and `host`, so that each table can be queried alone.

use jiff::Timestamp;
use jiff::civil::{Date, date};

use super::table::{ColumnTable, Values};
use crate::model::class::Class;
use crate::model::snapshot::{
    Blob, BulkArrival, ClassUsage, Cohort, Folder, Mailbox, SizeCalibration, Snapshot, Store, Tally, UseCohort,
};

/// The version of the tables; a history of any other version is refused.
pub(super) const SCHEMA_VERSION: i64 = 1;

/// Days are counted from it.
pub(super) const EPOCH: Date = date(1970, 1, 1);

/// The columns of a tally, and how each is read and set. A value beyond 2^63 is cut there.
pub(super) type TallyColumn = (&'static str, fn(&Tally) -> Option<u64>, fn(&mut Tally, Option<u64>));
pub(super) const TALLY: [TallyColumn; 11] = [
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

/// The columns of a calibration, and how each is read and set; null where the disk told the sizes.
pub(super) type CalibrationColumn =
    (&'static str, fn(&SizeCalibration) -> Option<u64>, fn(&mut SizeCalibration, Option<u64>));
pub(super) const CALIBRATION: [CalibrationColumn; 7] = [
    ("sampled_folders", |c| Some(c.folders), |c, v| c.folders = v.unwrap_or(0)),
    ("sampled_messages", |c| Some(c.messages), |c, v| c.messages = v.unwrap_or(0)),
    ("sampled_unlike", |c| Some(c.unlike), |c, v| c.unlike = v.unwrap_or(0)),
    ("size_ppm", |c| Some(c.size_ppm), |c, v| c.size_ppm = v.unwrap_or(0)),
    ("size_error_ppm", |c| c.size_error_ppm, |c, v| c.size_error_ppm = v),
    ("disk_ppm", |c| Some(c.disk_ppm), |c, v| c.disk_ppm = v.unwrap_or(0)),
    ("disk_error_ppm", |c| c.disk_error_ppm, |c, v| c.disk_error_ppm = v),
];

/// A table, piece by piece: a store of many mailboxes has more rows than shall be in memory at once.
pub(super) type Pieces<'a> = Box<dyn Iterator<Item = ColumnTable> + 'a>;

/// So many rows make a piece.
const ROWS_OF_PIECE: usize = 2_048;

/// Packed bytes that take as much memory as a row of numbers.
const BYTES_OF_ROW: usize = 64;

/// A mailbox with the store that it belongs to.
type InStore<'a> = (&'a Store, &'a Mailbox);

/// The tables of a snapshot by name, without the ending of the file. Each is made when it is asked for, and has a piece
/// at least.
pub(super) fn tables(snapshot: &Snapshot) -> Vec<(&'static str, Pieces<'_>)> {
    vec![
        ("snapshot", whole(snapshot, snapshot_table)),
        ("filesystem", whole(snapshot, filesystem_table)),
        ("store", whole(snapshot, store_table)),
        ("mailbox", by_mailbox(snapshot, |_| 1, mailbox_table)),
        ("folder", by_mailbox(snapshot, |mailbox| mailbox.folders.len(), folder_table)),
        ("cohort", whole(snapshot, store_cohort_table)),
        ("use_cohort", whole(snapshot, use_cohort_table)),
        (
            "mailbox_cohort",
            by_mailbox(snapshot, |mailbox| 1 + mailbox.cohorts.packed().len() / BYTES_OF_ROW, mailbox_cohort_table),
        ),
        ("class", whole(snapshot, store_class_table)),
        ("mailbox_class", by_mailbox(snapshot, |_| Class::ALL.len(), mailbox_class_table)),
        ("event", whole(snapshot, event_table)),
        ("blob", whole(snapshot, blob_table)),
        ("problem", whole(snapshot, problem_table)),
    ]
}

fn whole<'a>(snapshot: &'a Snapshot, table: fn(&Snapshot) -> ColumnTable) -> Pieces<'a> {
    Box::new(std::iter::once_with(move || table(snapshot)))
}

/// A table of so many rows for each mailbox.
fn by_mailbox<'a>(
    snapshot: &'a Snapshot,
    rows: fn(&Mailbox) -> usize,
    table: fn(&Snapshot, &[InStore]) -> ColumnTable,
) -> Pieces<'a> {
    let mut pieces: Vec<Vec<InStore>> = vec![Vec::new()];
    let mut held = 0;
    for store in &snapshot.stores {
        for mailbox in &store.mailboxes {
            if held > 0 && held + rows(mailbox) > ROWS_OF_PIECE {
                pieces.push(Vec::new());
                held = 0;
            }
            held += rows(mailbox);
            pieces.last_mut().expect("there is one from the start").push((store, mailbox));
        }
    }
    Box::new(pieces.into_iter().map(move |mailboxes| table(snapshot, &mailboxes)))
}

/// A table that begins with the columns that all have.
fn table_of(snapshot: &Snapshot, rows: usize) -> ColumnTable {
    ColumnTable::default()
        .with("taken_at", Values::Time(vec![Some(snapshot.taken_at.as_microsecond()); rows]))
        .with("host", Values::Text(vec![Some(snapshot.host.clone()); rows]))
}

fn text<T>(rows: &[T], value: impl Fn(&T) -> &str) -> Values {
    Values::Text(rows.iter().map(|row| Some(value(row).to_owned())).collect())
}

fn integer<T>(rows: &[T], value: impl Fn(&T) -> u64) -> Values {
    Values::Integer(rows.iter().map(|row| Some(signed(value(row)))).collect())
}

fn signed(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

fn with_tallies<T>(mut table: ColumnTable, rows: &[T], tally: impl Fn(&T) -> &Tally) -> ColumnTable {
    for (name, read, _) in TALLY {
        table = table.with(name, Values::Integer(rows.iter().map(|row| read(tally(row)).map(signed)).collect()));
    }
    let time = |time: Option<Timestamp>| time.map(Timestamp::as_microsecond);
    table
        .with("oldest", Values::Time(rows.iter().map(|row| time(tally(row).oldest)).collect()))
        .with("newest", Values::Time(rows.iter().map(|row| time(tally(row).newest)).collect()))
}

fn snapshot_table(snapshot: &Snapshot) -> ColumnTable {
    table_of(snapshot, 1)
        .with("complete", Values::Truth(vec![Some(snapshot.complete)]))
        .with("schema_version", Values::Integer(vec![Some(SCHEMA_VERSION)]))
        .with("scanned_by", Values::Text(vec![Some(concat!("mailrunway ", env!("CARGO_PKG_VERSION")).to_owned())]))
}

fn filesystem_table(snapshot: &Snapshot) -> ColumnTable {
    let rows = &snapshot.filesystems;
    table_of(snapshot, rows.len())
        .with("mount", text(rows, |f| &f.mount))
        .with("kind", text(rows, |f| &f.kind))
        .with("size_bytes", integer(rows, |f| f.size_bytes))
        .with("used_bytes", integer(rows, |f| f.used_bytes))
        .with("available_bytes", integer(rows, |f| f.available_bytes))
        .with("inodes", integer(rows, |f| f.inodes))
        .with("inodes_used", integer(rows, |f| f.inodes_used))
        .with("inodes_available", integer(rows, |f| f.inodes_available))
}

fn store_table(snapshot: &Snapshot) -> ColumnTable {
    let rows = &snapshot.stores;
    let table = table_of(snapshot, rows.len())
        .with("store", text(rows, |s| &s.name))
        .with("root", text(rows, |s| &s.root))
        .with("mailboxes", integer(rows, |s| s.mailboxes.len() as u64));
    let table = with_tallies(table, rows, |s| &s.tally);
    CALIBRATION.iter().fold(table, |table, (name, read, _)| {
        let value = |store: &Store| store.calibration.as_ref().and_then(read).map(signed);
        table.with(name, Values::Integer(rows.iter().map(value).collect()))
    })
}

/// The columns that name a mailbox.
fn with_mailbox<T>(table: ColumnTable, rows: &[T], of: impl Fn(&T) -> (&Store, &Mailbox)) -> ColumnTable {
    table
        .with("store", text(rows, |row| &of(row).0.name))
        .with("domain", Values::Text(rows.iter().map(|row| of(row).1.domain.clone()).collect()))
        .with("user", text(rows, |row| &of(row).1.user))
        .with("path", text(rows, |row| &of(row).1.path))
}

fn mailbox_table(snapshot: &Snapshot, rows: &[InStore]) -> ColumnTable {
    let table = with_mailbox(table_of(snapshot, rows.len()), rows, |row| *row);
    let table =
        table.with("layout", text(rows, |(_, m)| &m.layout)).with("sureness", text(rows, |(_, m)| m.sureness.word()));
    with_tallies(table, rows, |(_, m)| &m.tally)
}

fn folder_table(snapshot: &Snapshot, mailboxes: &[InStore]) -> ColumnTable {
    let rows: Vec<(InStore, &Folder)> =
        mailboxes.iter().flat_map(|&of| of.1.folders.iter().map(move |folder| (of, folder))).collect();
    let table = with_mailbox(table_of(snapshot, rows.len()), &rows, |row| row.0);
    let special = |(_, folder): &(InStore, &Folder)| folder.special_use.map(|use_| use_.word().to_owned());
    let table = table
        .with("folder", text(&rows, |(_, f)| &f.name))
        .with("folder_path", text(&rows, |(_, f)| &f.path))
        .with("special_use", Values::Text(rows.iter().map(special).collect()));
    with_tallies(table, &rows, |(_, f)| &f.tally)
}

fn store_cohort_table(snapshot: &Snapshot) -> ColumnTable {
    let rows: Vec<(&Store, &Cohort)> =
        snapshot.stores.iter().flat_map(|store| store.cohorts.iter().map(move |cohort| (store, cohort))).collect();
    table_of(snapshot, rows.len())
        .with("store", text(&rows, |(s, _)| &s.name))
        .with("clock", text(&rows, |(_, cohort)| cohort.clock.word()))
        .with("week", Values::Date(rows.iter().map(|(_, cohort)| Some(days_since_epoch(cohort.week))).collect()))
        .with("size_from", integer(&rows, |(_, cohort)| cohort.size_from))
        .with("messages", integer(&rows, |(_, cohort)| cohort.messages))
        .with("bytes", integer(&rows, |(_, cohort)| cohort.bytes))
}

fn use_cohort_table(snapshot: &Snapshot) -> ColumnTable {
    let rows: Vec<(&Store, &UseCohort)> =
        snapshot.stores.iter().flat_map(|store| store.uses.iter().map(move |cohort| (store, cohort))).collect();
    let special = |(_, cohort): &(&Store, &UseCohort)| cohort.special_use.map(|special| special.word().to_owned());
    table_of(snapshot, rows.len())
        .with("store", text(&rows, |(s, _)| &s.name))
        .with("special_use", Values::Text(rows.iter().map(special).collect()))
        .with("clock", text(&rows, |(_, cohort)| cohort.clock.word()))
        .with("week", Values::Date(rows.iter().map(|(_, cohort)| Some(days_since_epoch(cohort.week))).collect()))
        .with("messages", integer(&rows, |(_, cohort)| cohort.totals.messages))
        .with("bytes", integer(&rows, |(_, cohort)| cohort.totals.bytes))
        .with("allocated_bytes", integer(&rows, |(_, cohort)| cohort.totals.allocated_bytes))
        .with("inodes", integer(&rows, |(_, cohort)| cohort.totals.inodes))
}

/// A mailbox has nearly as many cohorts as messages: they are packed, as [`Cohorts`](crate::model::snapshot::Cohorts) tells.
fn mailbox_cohort_table(snapshot: &Snapshot, mailboxes: &[InStore]) -> ColumnTable {
    let packed = mailboxes.iter().map(|(_, mailbox)| Some(mailbox.cohorts.packed().to_vec()));
    with_mailbox(table_of(snapshot, mailboxes.len()), mailboxes, |row| *row)
        .with("cohorts", Values::Bytes(packed.collect()))
}

fn with_classes<T>(table: ColumnTable, rows: &[T], share: impl Fn(&T) -> (Class, &ClassUsage)) -> ColumnTable {
    table
        .with("class", text(rows, |row| share(row).0.word()))
        .with("files", integer(rows, |row| share(row).1.files))
        .with("bytes", integer(rows, |row| share(row).1.bytes))
        .with("allocated_bytes", integer(rows, |row| share(row).1.allocated_bytes))
        .with("inodes", integer(rows, |row| share(row).1.inodes))
}

fn store_class_table(snapshot: &Snapshot) -> ColumnTable {
    let rows: Vec<(&Store, (Class, &ClassUsage))> =
        snapshot.stores.iter().flat_map(|store| store.classes.iter().map(move |share| (store, share))).collect();
    let table = table_of(snapshot, rows.len()).with("store", text(&rows, |(s, _)| &s.name));
    with_classes(table, &rows, |(_, share)| *share)
}

/// A mailbox with one of its classes.
type MailboxShare<'a> = (InStore<'a>, (Class, &'a ClassUsage));

/// Most mailboxes have few of the classes: those of which there is nothing have no row.
fn mailbox_class_table(snapshot: &Snapshot, mailboxes: &[InStore]) -> ColumnTable {
    let there = |(_, share): &(Class, &ClassUsage)| **share != ClassUsage::default();
    let rows: Vec<MailboxShare> =
        mailboxes.iter().flat_map(|&of| of.1.classes.iter().filter(there).map(move |share| (of, share))).collect();
    with_classes(with_mailbox(table_of(snapshot, rows.len()), &rows, |row| row.0), &rows, |(_, share)| *share)
}

fn event_table(snapshot: &Snapshot) -> ColumnTable {
    let rows: Vec<(&Store, &BulkArrival)> =
        snapshot.stores.iter().flat_map(|store| store.events.iter().map(move |event| (store, event))).collect();
    table_of(snapshot, rows.len())
        .with("store", text(&rows, |(s, _)| &s.name))
        .with("date", Values::Date(rows.iter().map(|(_, event)| Some(days_since_epoch(event.date))).collect()))
        .with("kind", text(&rows, |(_, event)| event.kind.word()))
        .with("messages", integer(&rows, |(_, event)| event.messages))
        .with("bytes", integer(&rows, |(_, event)| event.bytes))
}

fn blob_table(snapshot: &Snapshot) -> ColumnTable {
    let rows: Vec<(&Store, &Blob)> =
        snapshot.stores.iter().flat_map(|store| store.blobs.iter().map(move |blob| (store, blob))).collect();
    table_of(snapshot, rows.len())
        .with("store", text(&rows, |(s, _)| &s.name))
        .with("path", text(&rows, |(_, blob)| &blob.path))
        .with("kind", text(&rows, |(_, blob)| &blob.kind))
        .with("bytes", integer(&rows, |(_, blob)| blob.bytes))
        .with("allocated_bytes", integer(&rows, |(_, blob)| blob.allocated_bytes))
}

/// A date as Parquet has it.
pub(super) fn days_since_epoch(date: Date) -> i32 {
    (date - EPOCH).get_days()
}

fn problem_table(snapshot: &Snapshot) -> ColumnTable {
    let rows = &snapshot.problems;
    table_of(snapshot, rows.len())
        .with("path", text(rows, |p| &p.path))
        .with("kind", text(rows, |p| p.kind.word()))
        .with("detail", text(rows, |p| &p.detail))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::History;
    use crate::model::snapshot::{Clock, SIZE_CLASSES};
    use jiff::ToSpan;

    #[test]
    fn a_table_written_in_pieces_reads_as_one() {
        let week = |number: i64| date(1970, 1, 5).saturating_add((number / 6).weeks());
        let cohort = |number: i64| Cohort {
            clock: Clock::Arrival,
            week: week(number),
            size_from: SIZE_CLASSES[number as usize % 6],
            messages: 1,
            bytes: 1 << 50,
        };
        let mailbox = |path: &str| Mailbox {
            path: path.to_owned(),
            cohorts: (0..ROWS_OF_PIECE as i64 * 8).map(cohort).collect(),
            ..Mailbox::default()
        };
        let stores = vec![Store { mailboxes: ["a", "b", "c"].map(mailbox).to_vec(), ..Store::default() }];
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
        let name = history.append(&snapshot).unwrap();
        assert!(history.load(&name).unwrap() == snapshot, "the snapshot is read as it was written");
    }
}
