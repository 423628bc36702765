//! Known events of a series: declared by people or found by scans.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use strum_macros::IntoStaticStr;

/// A change other than growth, with its day and size.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct KnownEvent {
    /// The day, in UTC. An event after the last observation is an announcement.
    pub date: Date,
    /// The kind.
    pub kind: EventKind,
    /// Added to the level, or to the limit for a change of capacity, in units of the resource; negative if removed.
    pub size: f64,
    /// The source.
    pub source: EventSource,
}

/// The kind of an event.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, JsonSchema, Serialize, Deserialize, IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum EventKind {
    /// Mail was imported.
    Import,
    /// Mail was removed in bulk.
    Purge,
    /// The level changed for another reason, such as another format or compression.
    Step,
    /// The limit changed, for example by a new disk; the level did not.
    Capacity,
}

impl EventKind {
    /// The word on the command line, in JSON and in the history.
    pub fn word(self) -> &'static str {
        self.into()
    }
}

/// The source of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum EventSource {
    /// A scan, by the age of new mail or by the limit of the volume.
    Found,
    /// A person.
    Declared,
}

impl EventSource {
    /// The word in JSON.
    pub fn word(self) -> &'static str {
        self.into()
    }
}
