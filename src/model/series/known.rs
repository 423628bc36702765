//! What is known of a series beside its levels: the events that people declare, or that the scans find.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A change that is no growth, of which is known when it was or will be, and how much it came to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct KnownEvent {
    /// The day, in UTC. After the day of the last observation it announces what is to come.
    pub date: Date,
    /// What happened.
    pub kind: EventKind,
    /// What it added, or removed if negative, in units of the resource: to the level, or to the limit if that changed.
    pub size: f64,
    /// Who says so.
    pub source: EventSource,
}

/// What changed at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// Mail was brought in from elsewhere.
    Import,
    /// Mail was removed in bulk.
    Purge,
    /// The level changed for another reason, such as another format or compression.
    Step,
    /// The limit changed, such as by another disk; the level did not.
    Capacity,
}

impl EventKind {
    /// The word, as the command line, JSON and the history have it.
    pub fn word(self) -> &'static str {
        match self {
            EventKind::Import => "import",
            EventKind::Purge => "purge",
            EventKind::Step => "step",
            EventKind::Capacity => "capacity",
        }
    }
}

/// Who knows of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum EventSource {
    /// The scans: by the age of the mail that came, or by the volume's own limit.
    Found,
    /// A person, who declared it.
    Declared,
}

impl EventSource {
    /// The word, as JSON has it.
    pub fn word(self) -> &'static str {
        match self {
            EventSource::Found => "found",
            EventSource::Declared => "declared",
        }
    }
}
