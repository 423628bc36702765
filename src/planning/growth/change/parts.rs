//! The reasons for a change, and how much each comes to.

use jiff::civil::Date;
use serde::Serialize;

use super::Events;
use crate::model::class::Class;
use crate::model::series::{EventKind, Source};
use crate::model::snapshot::cohort::week_of;
use crate::planning::growth::flow;
use crate::planning::growth::flow::Flow;
use crate::planning::growth::scan::StoreScan;

/// A reason for a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Mail that arrived since the earlier scan, and is still there.
    Arrivals,
    /// Mail with an earlier date that was not there, and what was declared as brought in.
    Imports,
    /// Mail that is gone.
    Deletions,
    /// Mail that is gone, as far as a purge between the scans was declared, or was seen in the series.
    Purges,
    /// Indexes, caches and full-text indexes.
    Indexes,
    /// Deleted mail that still lies on disk, beside what is only marked and still counts as mail.
    Unpurged,
    /// Attachments that several messages share, kept outside of them.
    Attachments,
    /// Control files, temporary files, and all that is no mail.
    Other,
    /// What the mail takes on disk beyond its bytes: blocks are filled up, directories grow, and hard links save.
    Blocks,
    /// What lies on the volume outside of the stores.
    Outside,
}

impl Kind {
    /// All of them.
    pub const ALL: [Kind; 10] = [
        Kind::Arrivals,
        Kind::Imports,
        Kind::Deletions,
        Kind::Purges,
        Kind::Indexes,
        Kind::Unpurged,
        Kind::Attachments,
        Kind::Other,
        Kind::Blocks,
        Kind::Outside,
    ];

    /// The word, as JSON has it.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Arrivals => "arrivals",
            Kind::Imports => "imports",
            Kind::Deletions => "deletions",
            Kind::Purges => "purges",
            Kind::Indexes => "indexes",
            Kind::Unpurged => "unpurged",
            Kind::Attachments => "attachments",
            Kind::Other => "other",
            Kind::Blocks => "blocks",
            Kind::Outside => "outside",
        }
    }
}

/// How much of a change has one reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Part {
    /// The reason.
    pub kind: Kind,
    /// What it added, or removed if negative.
    pub bytes: i128,
}

/// The amounts from which parts are made, summed over stores.
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
    /// Adds what changed of a store since it was as `before`, on that day.
    pub(super) fn add(&mut self, now: &StoreScan, before: &StoreScan, day: Date) {
        let more = |now: u64, before: u64| i128::from(now) - i128::from(before);
        self.on_disk += more(now.tally.on_disk(), before.tally.on_disk());
        self.inodes += more(now.tally.inodes, before.tally.inodes);
        self.flow += Flow::between(&before.cohorts, &now.cohorts, week_of(day), flow::bytes);
        let of = |class: Class| more(now.classes[class].allocated_bytes, before.classes[class].allocated_bytes);
        self.mail_inodes += more(now.classes[Class::Message].inodes, before.classes[Class::Message].inodes);
        self.indexes += of(Class::Index) + of(Class::FullText);
        self.unpurged += unpurged(now) - unpurged(before);
        self.attachments += of(Class::SharedAttachment);
        self.other += of(Class::Control) + of(Class::Temporary) + of(Class::Other);
    }

    /// The parts, in the order of [`Kind::ALL`]; they sum to the stores' change and that outside of them.
    pub(super) fn parts(&self, known: &Known, outside: i128) -> Vec<Part> {
        let purged = self.flow.left.min(known.purged);
        let brought = self.flow.came_old.max(known.imported.min(self.flow.came_old + self.flow.came));
        let of = |kind| match kind {
            Kind::Arrivals => self.flow.came + self.flow.came_old - brought,
            Kind::Imports => brought,
            Kind::Deletions => purged - self.flow.left,
            Kind::Purges => -purged,
            Kind::Indexes => self.indexes,
            Kind::Unpurged => self.unpurged,
            Kind::Attachments => self.attachments,
            Kind::Other => self.other,
            Kind::Blocks => {
                self.on_disk - (self.flow.change() + self.indexes + self.unpurged + self.attachments + self.other)
            }
            Kind::Outside => outside,
        };
        Kind::ALL.map(|kind| Part { kind, bytes: of(kind) }).to_vec()
    }
}

/// What deleted mail takes that is no longer counted as mail. What is only marked as deleted still is: by that much the
/// messages are more than their class.
fn unpurged(store: &StoreScan) -> i128 {
    let dead = store.classes[Class::Reclaimable];
    let mail: i128 = store.cohorts.iter().map(|cohort| i128::from(cohort.3)).sum();
    let marked = (mail - i128::from(store.classes[Class::Message].bytes)).clamp(0, dead.bytes.into());
    (i128::from(dead.allocated_bytes) - marked).max(0)
}

/// What is known of purges and imports between the scans, in bytes.
#[derive(Debug, Default)]
pub(crate) struct Known {
    purged: i128,
    imported: i128,
}

impl Known {
    /// What lies after the earlier scan's day, up to the later one's. What was declared and what was seen may be the same:
    /// the larger stands. A fall that happened outside of the stores was no purge of theirs.
    pub(super) fn within(events: Events, from: Date, to: Date, outside: i128) -> Known {
        let between = |date: Date| from < date && date <= to;
        let declared = |kind: EventKind| -> f64 {
            let is_it = |e: &&crate::model::series::KnownEvent| e.source == Source::Declared && e.kind == kind;
            events.known.iter().filter(is_it).filter(|event| between(event.date)).map(|event| event.size).sum()
        };
        let is_fall = |event: &&crate::forecast::Event| {
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
