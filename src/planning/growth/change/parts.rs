//! The causes of a change, with the bytes of each.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;

use super::SeriesEvents;
use crate::forecast::Event;
use crate::model::series::{EventKind, EventSource, KnownEvent};
use crate::model::{class::Class, dates::day_number};
use crate::planning::{growth::flow::Flow, growth::summary::StoreSummary};

/// The cause of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, JsonSchema, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeCause {
    /// Mail that arrived since the earlier scan and is still there.
    Arrivals,
    /// Mail with an earlier date that is new, and declared imports.
    Imports,
    /// Deleted mail.
    Deletions,
    /// Deleted mail up to the size of the purges that were declared or detected between the scans.
    Purges,
    /// Indexes, caches and full-text indexes.
    Indexes,
    /// Expunged mail that is still on disk, without messages that are only marked as deleted.
    Unpurged,
    /// Shared attachments, stored outside of the messages.
    Attachments,
    /// Control files, temporary files and other files.
    Other,
    /// Disk blocks beyond the bytes of the mail: block rounding and directories, less the savings of hard links.
    Blocks,
    /// Outside of the stores on the volume.
    Outside,
}

impl ChangeCause {
    /// All causes, in the order of a report.
    pub const ALL: [ChangeCause; 10] = [
        ChangeCause::Arrivals,
        ChangeCause::Imports,
        ChangeCause::Deletions,
        ChangeCause::Purges,
        ChangeCause::Indexes,
        ChangeCause::Unpurged,
        ChangeCause::Attachments,
        ChangeCause::Other,
        ChangeCause::Blocks,
        ChangeCause::Outside,
    ];
}

/// The part of a change that has one cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq, JsonSchema, Serialize)]
pub struct ChangePart {
    /// The cause.
    pub kind: ChangeCause,
    /// Bytes added, or removed if negative.
    pub bytes: i128,
}

/// The amounts that make up the parts, summed over stores.
#[derive(Debug, Default)]
pub(crate) struct StoreParts {
    pub on_disk: i128,
    pub inodes: i128,
    pub mail_inodes: i128,
    flow: Flow,
    indexes: i128,
    unpurged: i128,
    attachments: i128,
    other: i128,
}

impl StoreParts {
    /// `day` is the day of the earlier scan.
    pub(super) fn add(&mut self, now: &StoreSummary, before: &StoreSummary, day: Date) {
        let more = |now: u64, before: u64| i128::from(now) - i128::from(before);
        self.on_disk += more(now.tally.on_disk(), before.tally.on_disk());
        self.inodes += more(now.tally.inodes, before.tally.inodes);
        self.flow += Flow::between(bytes_by_day(before), bytes_by_day(now), day_number(day));
        let of = |class: Class| more(now.classes[class].allocated_bytes, before.classes[class].allocated_bytes);
        self.mail_inodes += more(now.classes[Class::Message].inodes, before.classes[Class::Message].inodes);
        self.indexes += of(Class::Index) + of(Class::FullText);
        self.unpurged += unpurged(now) - unpurged(before);
        self.attachments += of(Class::SharedAttachment);
        self.other += of(Class::Control) + of(Class::Temporary) + of(Class::Other);
    }

    /// One part for each cause; they sum to the change of the stores plus `outside`.
    pub(super) fn parts(&self, known: &Known, outside: i128) -> Vec<ChangePart> {
        let purged = self.flow.deleted.min(known.purged);
        let brought = self.flow.imported.max(known.imported.min(self.flow.imported + self.flow.arrived));
        let of = |kind| match kind {
            ChangeCause::Arrivals => self.flow.arrived + self.flow.imported - brought,
            ChangeCause::Imports => brought,
            ChangeCause::Deletions => purged - self.flow.deleted,
            ChangeCause::Purges => -purged,
            ChangeCause::Indexes => self.indexes,
            ChangeCause::Unpurged => self.unpurged,
            ChangeCause::Attachments => self.attachments,
            ChangeCause::Other => self.other,
            ChangeCause::Blocks => {
                self.on_disk - (self.flow.change() + self.indexes + self.unpurged + self.attachments + self.other)
            }
            ChangeCause::Outside => outside,
        };
        ChangeCause::ALL.map(|kind| ChangePart { kind, bytes: of(kind) }).to_vec()
    }
}

fn bytes_by_day(store: &StoreSummary) -> impl Iterator<Item = (i32, u64)> {
    store.cohorts.iter().map(|&(day, .., bytes)| (day, bytes))
}

/// Allocated bytes of expunged mail. Messages that are only marked as deleted still count as mail: they are the bytes
/// by which the messages exceed their class.
fn unpurged(store: &StoreSummary) -> i128 {
    let dead = store.classes[Class::Reclaimable];
    let mail: i128 = store.cohorts.iter().map(|cohort| i128::from(cohort.3)).sum();
    let marked = (mail - i128::from(store.classes[Class::Message].bytes)).clamp(0, dead.bytes.into());
    (i128::from(dead.allocated_bytes) - marked).max(0)
}

/// Bytes of known purges and imports between the scans.
#[derive(Debug, Default)]
pub(crate) struct Known {
    purged: i128,
    imported: i128,
}

impl Known {
    /// Events after the day `from`, up to `to`. A declared and a detected purge may be the same one, so the larger
    /// counts. A fall outside of the stores is not a purge.
    pub(super) fn within(events: SeriesEvents, from: Date, to: Date, outside: i128) -> Known {
        let between = |date: Date| from < date && date <= to;
        let declared = |kind: EventKind| -> f64 {
            let is_it = |e: &&KnownEvent| e.source == EventSource::Declared && e.kind == kind && between(e.date);
            events.known.iter().filter(is_it).map(|event| event.size).sum()
        };
        let is_fall = |event: &&Event| {
            let is_unexplained = event.kind == EventKind::Step && event.source.is_none();
            event.size < 0.0 && between(event.date) && (is_unexplained || event.kind == EventKind::Purge)
        };
        let seen: f64 = events.detected.iter().filter(is_fall).map(|event| event.size).sum();
        // A size that is not finite becomes the nearest number.
        let seen = (-seen).max(0.0) as i128 + outside.min(0);
        Known {
            purged: seen.max((-declared(EventKind::Purge)).max(0.0) as i128).max(0),
            imported: declared(EventKind::Import).max(0.0) as i128,
        }
    }
}
