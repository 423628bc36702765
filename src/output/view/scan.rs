//! A snapshot: each store, then the volumes.

use jiff::Timestamp;

use crate::model::numbers::{count, counted};
use crate::model::snapshot::{Blob, BulkArrival, BulkArrivalKind, Filesystem, SizeCalibration, Snapshot, Store};
use crate::model::{bytes::Units, escape};
use crate::output::document::{Block, Document, Fact, Table, fact, printable, say, section};
use crate::store::Layout;

/// Databases that are listed; the others are counted.
const BLOBS_SHOWN: usize = 5;

/// The stores and volumes of a snapshot.
pub fn document(snapshot: &Snapshot, units: Units) -> Document<'static> {
    let stores = snapshot.stores.iter().map(|found| store(found, units));
    let volumes = snapshot.filesystems.iter().map(|filesystem| say(volume(filesystem, units)));
    Document::short(stores.chain(volumes).collect())
}

fn volume(filesystem: &Filesystem, units: Units) -> String {
    let inodes = match filesystem.inodes {
        0 => "inodes without limit".to_owned(),
        all => format!("{} of {} inodes", count(filesystem.inodes_used as f64), count(all as f64)),
    };
    let (mount, kind) = (escape::printable(&filesystem.mount), escape::printable(&filesystem.kind));
    let bytes = [filesystem.used_bytes, filesystem.size_bytes, filesystem.available_bytes];
    let [used, size, available] = bytes.map(|bytes| units.show(bytes as f64));
    format!("Volume {mount} ({kind}): {used} of {size} in use, {available} available, {inodes}")
}

fn store(store: &Store, units: Units) -> Block<'static> {
    let (name, root) = (escape::printable(&store.name), escape::printable(&store.root));
    let heading = format!("Store {name} at {root}: {}", counted(store.mailboxes.len() as u64, "mailbox"));
    let mut facts = sums(store, units);
    facts.extend(store.events.iter().map(|event| fact(event.kind.word(), what_happened(event, units))));
    facts.extend(blobs(&store.blobs, units));
    let tables = [layouts(store), classes(store, units)].into_iter().filter_map(Table::block);
    section(heading, [Block::Facts { facts }].into_iter().chain(tables).collect())
}

fn sums(store: &Store, units: Units) -> Vec<Fact> {
    let tally = &store.tally;
    let show = |bytes: u64| units.show(bytes as f64);
    let mut facts =
        vec![fact("messages", format!("{} in {}", count(tally.messages as f64), show(tally.message_bytes)))];
    if tally.reclaimable_bytes > 0 {
        facts.push(fact("deleted mail", format!("{} that can be reclaimed", show(tally.reclaimable_bytes))));
    }
    facts.push(fact("everything else", show(tally.other_bytes)));
    let directories = show(tally.directory_bytes);
    facts.push(fact("on disk", format!("{}, of which {directories} for directories", show(tally.on_disk()))));
    facts.push(fact("inodes", count(tally.inodes as f64)));
    facts.extend(store.calibration.iter().map(|calibration| fact("sizes", calibrated(calibration))));
    if let (Some(oldest), Some(newest)) = (tally.oldest, tally.newest) {
        let day = |time: Timestamp| time.strftime("%F").to_string();
        facts.push(fact("arrivals", format!("{} to {}", day(oldest), day(newest))));
    }
    facts
}

/// The source of the sizes, and their error.
fn calibrated(calibration: &SizeCalibration) -> String {
    let sample = format!("{} messages in {} folders", count(calibration.messages as f64), calibration.folders);
    let percent =
        |ppm: Option<u64>| ppm.map_or_else(|| "unknown".to_owned(), |ppm| format!("±{:.1} %", ppm as f64 / 1e4));
    match calibration.messages {
        0 => "from the names of messages; their error is unknown, as no sample could be taken".to_owned(),
        _ => {
            let [mail, disk] = [calibration.size_error_ppm, calibration.disk_error_ppm].map(percent);
            format!("from the names of messages, calibrated by {sample}; error of the mail {mail}, of the disk {disk}")
        }
    }
}

/// The largest databases, whose contents are unknown.
fn blobs(blobs: &[Blob], units: Units) -> Vec<Fact> {
    let mut largest: Vec<&Blob> = blobs.iter().collect();
    largest.sort_by(|a, b| b.bytes.cmp(&a.bytes).then_with(|| a.path.cmp(&b.path)));
    let shown = |blob: &&Blob| {
        let size = units.show(blob.bytes as f64);
        fact(printable(&blob.kind), format!("{}: {size}, contents unknown", escape::printable(&blob.path)))
    };
    let mut facts: Vec<Fact> = largest.iter().take(BLOBS_SHOWN).map(shown).collect();
    if largest.len() > BLOBS_SHOWN {
        facts.push(fact("others", format!("{} more", count((largest.len() - BLOBS_SHOWN) as f64))));
    }
    facts
}

fn what_happened(event: &BulkArrival, units: Units) -> String {
    let what = format!("{} messages in {}", count(event.messages as f64), units.show(event.bytes as f64));
    match event.kind {
        BulkArrivalKind::Migration => {
            format!("{}: {what} were saved that had arrived long before; no growth", event.date)
        }
        BulkArrivalKind::Restore => format!("{}: {what} were put back without their times; no growth", event.date),
    }
}

/// The formats, and the evidence for each.
fn layouts(store: &Store) -> Table {
    let counts = store.layouts();
    let rows = counts.iter().map(|found| {
        let signature = Layout::from_word(&found.layout).map_or("", Layout::signature);
        let mailboxes = count(found.mailboxes as f64);
        [printable(&found.layout), found.sureness.word().to_owned(), signature.to_owned(), mailboxes]
    });
    Table { left: 3, ..Table::new(&["format", "sure", "because", "mailboxes"]).with(rows) }
}

/// The disk use by class of file.
fn classes(store: &Store, units: Units) -> Table {
    let present = store.classes.iter().filter(|(_, share)| share.inodes > 0 || share.files > 0);
    let rows = present.map(|(class, share)| {
        [
            class.word().replace('_', " "),
            units.show(share.allocated_bytes as f64),
            units.show(share.bytes as f64),
            count(share.files as f64),
            count(share.inodes as f64),
        ]
    });
    Table::new(&["class", "on disk", "size", "files", "inodes"]).with(rows)
}
