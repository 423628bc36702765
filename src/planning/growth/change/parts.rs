//! The reasons for a change, and how much each comes to.

use jiff::civil::Date;
use serde::Serialize;

use super::SeriesEvents;
use crate::model::class::Class;
use crate::model::series::{EventKind, Source};
use crate::model::snapshot::cohort::week_of;
use crate::planning::growth::flow;
use crate::planning::growth::flow::Flow;
use crate::planning::growth::summary::StoreSummary;

/// A reason for a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeCause {
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

impl ChangeCause {
    /// All of them.
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

    /// The word, as JSON has it.
    pub fn word(self) -> &'static str {
        match self {
            ChangeCause::Arrivals => "arrivals",
            ChangeCause::Imports => "imports",
            ChangeCause::Deletions => "deletions",
            ChangeCause::Purges => "purges",
            ChangeCause::Indexes => "indexes",
            ChangeCause::Unpurged => "unpurged",
            ChangeCause::Attachments => "attachments",
            ChangeCause::Other => "other",
            ChangeCause::Blocks => "blocks",
            ChangeCause::Outside => "outside",
        }
    }
}

/// How much of a change has one reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct ChangePart {
    /// The reason.
    pub kind: ChangeCause,
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
    pub(super) fn add(&mut self, now: &StoreSummary, before: &StoreSummary, day: Date) {
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

    /// The parts, in the order of [`ChangeCause::ALL`]; they sum to the stores' change and that outside of them.
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

/// What deleted mail takes that is no longer counted as mail. What is only marked as deleted still is: by that much the
/// messages are more than their class.
fn unpurged(store: &StoreSummary) -> i128 {
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
    pub(super) fn within(events: SeriesEvents, from: Date, to: Date, outside: i128) -> Known {
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
