//! A snapshot for a reader at a terminal.

use jiff::Timestamp;

use crate::model::bytes::Units;
use crate::model::escape;
use crate::model::series::count;
use crate::model::snapshot::{Blob, Calibration, Event, EventKind, Filesystem, Snapshot, Store};
use crate::output::columns;
use crate::store::Layout;

/// So many opaque stores are shown; the others are counted.
const BLOBS_SHOWN: usize = 5;

/// The snapshot: each store, then the volumes.
pub fn summary(snapshot: &Snapshot, units: Units) -> String {
    let stores = snapshot.stores.iter().map(|store| store_summary(store, units));
    let volumes = snapshot.filesystems.iter().map(|filesystem| volume(filesystem, units));
    stores.chain(volumes).collect()
}

fn volume(filesystem: &Filesystem, units: Units) -> String {
    let inodes = match filesystem.inodes {
        0 => "inodes without limit".to_owned(),
        all => format!("{} of {} inodes", count(filesystem.inodes_used as f64), count(all as f64)),
    };
    format!(
        "Volume {} ({}): {} of {} in use, {} available, {inodes}\n",
        escape::printable(&filesystem.mount),
        escape::printable(&filesystem.kind),
        units.show(filesystem.used_bytes as f64),
        units.show(filesystem.size_bytes as f64),
        units.show(filesystem.available_bytes as f64),
    )
}

fn store_summary(store: &Store, units: Units) -> String {
    let mailboxes = store.mailboxes.len();
    let mut text = format!(
        "Store {} at {}: {} mailbox{}\n",
        escape::printable(&store.name),
        escape::printable(&store.root),
        count(mailboxes as f64),
        if mailboxes == 1 { "" } else { "es" }
    );
    for (what, value) in sums(store, units) {
        text += &format!("  {what:<16} {value}\n");
    }
    for event in &store.events {
        text += &format!("  {:<16} {}\n", event.kind.word(), what_happened(event, units));
    }
    text += &blobs(&store.blobs, units);
    text + &layouts(store) + &classes(store, units) + "\n"
}

/// Where the sizes are from, and how far off they may be.
fn calibrated(calibration: &Calibration) -> String {
    let sample = format!("{} messages in {} folders", count(calibration.messages as f64), calibration.folders);
    let percent =
        |ppm: Option<u64>| ppm.map_or_else(|| "unknown".to_owned(), |ppm| format!("±{:.1} %", ppm as f64 / 1e4));
    match calibration.messages {
        0 => "from the names of messages; no sample could be taken to tell how far off they are".to_owned(),
        _ => format!(
            "from the names of messages, calibrated by {sample}; error of the mail {}, of the disk {}",
            percent(calibration.size_error_ppm),
            percent(calibration.disk_error_ppm)
        ),
    }
}

fn sums(store: &Store, units: Units) -> Vec<(&'static str, String)> {
    let tally = &store.tally;
    let show = |bytes: u64| units.show(bytes as f64);
    let mut rows = vec![("messages", format!("{} in {}", count(tally.messages as f64), show(tally.message_bytes)))];
    if tally.reclaimable_bytes > 0 {
        rows.push(("deleted mail", format!("{} that can be reclaimed", show(tally.reclaimable_bytes))));
    }
    rows.push(("everything else", show(tally.other_bytes)));
    rows.push(("on disk", format!("{}, {} of it for directories", show(tally.on_disk()), show(tally.directory_bytes))));
    rows.push(("inodes", count(tally.inodes as f64)));
    rows.extend(store.calibration.iter().map(|calibration| ("sizes", calibrated(calibration))));
    if let (Some(oldest), Some(newest)) = (tally.oldest, tally.newest) {
        let day = |time: Timestamp| time.strftime("%F").to_string();
        rows.push(("arrivals", format!("{} to {}", day(oldest), day(newest))));
    }
    rows
}

/// The largest of the stores that keep their mail in files of their own kind.
fn blobs(blobs: &[Blob], units: Units) -> String {
    let mut largest: Vec<&Blob> = blobs.iter().collect();
    largest.sort_by(|a, b| b.bytes.cmp(&a.bytes).then_with(|| a.path.cmp(&b.path)));
    let line = |blob: &&Blob| {
        // A history may have been written by anybody, its words included.
        let (kind, path) = (escape::printable(&blob.kind), escape::printable(&blob.path));
        let size = units.show(blob.bytes as f64);
        format!("  {kind:<16} {path}: {size}, and what is in it is not known\n")
    };
    let mut text: String = largest.iter().take(BLOBS_SHOWN).map(line).collect();
    if largest.len() > BLOBS_SHOWN {
        text += &format!("  {:<16} and {} more\n", "", count((largest.len() - BLOBS_SHOWN) as f64));
    }
    text
}

fn what_happened(event: &Event, units: Units) -> String {
    let what = format!("{} messages in {}", count(event.messages as f64), units.show(event.bytes as f64));
    match event.kind {
        EventKind::Migration => format!("{}: {what} were saved that had arrived long before; no growth", event.date),
        EventKind::Restore => format!("{}: {what} were put back without their times; no growth", event.date),
    }
}

/// The formats that were found, and how sure each is.
fn layouts(store: &Store) -> String {
    let counts = store.layouts();
    let rows = counts.iter().map(|found| {
        let signature = Layout::of_word(found.layout).map_or("", Layout::signature);
        let mailboxes = count(found.mailboxes as f64);
        let layout = escape::printable(found.layout).into_owned();
        vec![layout, found.sureness.word().to_owned(), signature.to_owned(), mailboxes]
    });
    indented(&["format", "sure", "because", "mailboxes"], &rows.collect::<Vec<_>>(), 3)
}

/// What is there, and what for.
fn classes(store: &Store, units: Units) -> String {
    let there = store.classes.iter().filter(|(_, share)| share.inodes > 0 || share.files > 0);
    let rows = there.map(|(class, share)| {
        vec![
            class.word().replace('_', " "),
            units.show(share.allocated_bytes as f64),
            units.show(share.bytes as f64),
            count(share.files as f64),
            count(share.inodes as f64),
        ]
    });
    indented(&["class", "on disk", "size", "files", "inodes"], &rows.collect::<Vec<_>>(), 1)
}

fn indented(header: &[&str], rows: &[Vec<String>], left: usize) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let lines: String = columns::plain(header, rows, left).lines().map(|line| format!("  {line}\n")).collect();
    format!("\n{lines}")
}
