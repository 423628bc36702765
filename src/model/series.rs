//! A series: used amounts over time, and the limit.

use std::fmt;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use strum_macros::IntoStaticStr;

use crate::model::schema::Time;
use crate::model::{bytes::Units, dates::utc_day, json, numbers::count};
use ages::Ages;

pub(crate) mod ages;
mod collector;
mod identity;
mod known;
pub(crate) mod points;
mod room;
pub mod table;

pub use collector::{Collector, SeriesRow};
pub use identity::{Identity, IdentityFields, Kind};
pub use known::{EventKind, EventSource, KnownEvent};
pub use room::Room;

/// A resource that can run out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, JsonSchema, Serialize, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Resource {
    /// Bytes on disk.
    Bytes,
    /// Inodes of a file system.
    Inodes,
    /// Messages in a mailbox.
    Messages,
}

impl Resource {
    /// All resources.
    pub const ALL: [Resource; 3] = [Resource::Bytes, Resource::Inodes, Resource::Messages];

    /// The word in JSON and the history.
    pub fn word(self) -> &'static str {
        self.into()
    }

    /// An amount of the resource for a reader: `7.10 TiB`, `1.20 M inodes`.
    pub fn show(self, amount: f64, units: Units) -> String {
        let number = self.show_number(amount, units);
        match self {
            Resource::Inodes | Resource::Messages if units != Units::Plain => format!("{number} {self}"),
            _ => number,
        }
    }

    /// An amount without the name of the resource: `7.10 TiB`, `1.20 M`.
    pub fn show_number(self, amount: f64, units: Units) -> String {
        match self {
            Resource::Bytes => units.show(amount),
            Resource::Inodes | Resource::Messages if units == Units::Plain => format!("{amount:.0}"),
            Resource::Inodes | Resource::Messages => count(amount),
        }
    }

    /// A part of an amount for a reader: `7.10 TiB of 9.00 TiB`, `1.20 M of 3.00 M inodes`.
    pub fn show_of(self, part: f64, whole: f64, units: Units) -> String {
        format!("{} of {}", self.show_number(part, units), self.show(whole, units))
    }
}

impl fmt::Display for Resource {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// The used amount at one time, in units of the resource.
#[derive(Clone, Copy, Debug, PartialEq, JsonSchema, Serialize)]
pub struct Observation {
    /// The time of the measurement.
    #[schemars(with = "Time")]
    pub time: Timestamp,
    /// The used amount: finite, and not negative unless the series is one of room left.
    #[serde(serialize_with = "json::whole_signed")]
    #[schemars(with = "i64")]
    pub used: f64,
}

/// The use of one resource of one volume, store or quota over time.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// The name for people: a mount point, a store, an address, or a name of the input; with more where that is not unique.
    pub name: String,
    /// What it belongs to.
    pub identity: Identity,
    /// The resource.
    pub resource: Resource,
    /// In strictly ascending order of time; see [`Series::new`].
    pub observations: Vec<Observation>,
    /// The present limit, in units of the resource.
    pub limit: Option<f64>,
    /// The observed limits, each in force from its time on; by time, without repetitions.
    pub limits: Vec<Limit>,
    /// Past and announced events other than growth, by date.
    pub known: Vec<KnownEvent>,
    /// The ages of its mail at the last scans, the oldest first; empty if unknown.
    pub ages: Vec<Ages>,
    /// The factor by which the record of past forecasts widens new ones; 1 without a record.
    pub spread: f64,
    /// If the size of the volume moves by itself: the levels are then its present size less the room that was left.
    pub room: Option<Room>,
    /// Whether the last observation is of now, and not of a scan.
    pub measured_now: bool,
    /// The number of observations, the first ones, that another tool made.
    pub imported: usize,
}

/// A limit from one time on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limit {
    /// The time of its first observation.
    pub since: Timestamp,
    /// The limit, in units of the resource.
    pub size: f64,
}

impl Series {
    /// A series of a table. Takes observations in any order; the last one given for a time replaces the others.
    pub fn new(name: String, resource: Resource, mut observations: Vec<Observation>, limit: Option<f64>) -> Self {
        observations.sort_by_key(|o| o.time);
        // dedup keeps the first of a run, and the last one given is a correction.
        observations.reverse();
        observations.dedup_by_key(|o| o.time);
        observations.reverse();
        Series {
            name,
            identity: Identity::Table,
            resource,
            observations,
            limit,
            limits: Vec::new(),
            known: Vec::new(),
            ages: Vec::new(),
            spread: 1.0,
            room: None,
            measured_now: false,
            imported: 0,
        }
    }

    /// The same with observed limits in any order; the last one given for a time replaces the others. The present limit does
    /// not change.
    pub fn with_limits(self, mut limits: Vec<Limit>) -> Self {
        limits.sort_by_key(|limit| limit.since);
        limits.reverse();
        limits.dedup_by_key(|limit| limit.since);
        limits.reverse();
        limits.dedup_by_key(|limit| limit.size);
        Series { limits, ..self }
    }

    /// The same with events in any order.
    pub fn with_known(self, mut known: Vec<KnownEvent>) -> Self {
        known.sort_by_key(|event| (event.date, event.kind, event.source));
        Series { known, ..self }
    }

    /// The series as it was known at a time: observations and events up to then. Events count by their own day, even if
    /// reported later; those announced for a later day are left out.
    pub fn until(&self, time: Timestamp) -> Series {
        let seen = self.observations.partition_point(|o| o.time <= time);
        let limited = self.limits.partition_point(|limit| limit.since <= time);
        let limit = match self.limits[..limited].last() {
            Some(last) => Some(last.size),
            // A limit without a past is assumed to be constant.
            None => self.limit.filter(|_| self.limits.is_empty()),
        };
        Series {
            name: self.name.clone(),
            identity: self.identity.clone(),
            resource: self.resource,
            observations: self.observations[..seen].to_vec(),
            limit,
            limits: self.limits[..limited].to_vec(),
            known: self.known.iter().copied().filter(|event| event.date <= utc_day(time)).collect(),
            ages: self.ages.iter().filter(|ages| ages.scanned_on <= utc_day(time)).cloned().collect(),
            // The record includes later forecasts.
            spread: 1.0,
            room: self.room,
            measured_now: false,
            imported: self.imported.min(seen),
        }
    }

    /// The last observation that is not of now.
    pub fn last_scan(&self) -> Option<&Observation> {
        self.observations.iter().rev().nth(usize::from(self.measured_now))
    }

    /// The last used amount.
    pub fn used(&self) -> Option<f64> {
        self.observations.last().map(|o| o.used)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn observations_are_sorted_and_the_last_of_one_time_is_kept() {
        let at = |second, used| Observation { time: Timestamp::from_second(second).unwrap(), used };
        let series = Series::new("s".into(), Resource::Bytes, vec![at(20, 1.0), at(10, 2.0), at(20, 3.0)], None);
        assert_eq!(series.observations, [at(10, 2.0), at(20, 3.0)]);
    }

    #[test]
    fn only_changes_of_the_limit_are_kept() {
        let at = |second, size| Limit { since: Timestamp::from_second(second).unwrap(), size };
        let series = Series::new("s".into(), Resource::Bytes, Vec::new(), Some(9.0));
        let observed = vec![at(30, 9.0), at(10, 7.0), at(20, 7.0), at(30, 8.0), at(40, 8.0), at(50, 7.0)];
        let series = series.with_limits(observed);
        assert_eq!(series.limits, [at(10, 7.0), at(30, 8.0), at(50, 7.0)]);
    }

    #[test]
    fn a_series_until_a_time_leaves_out_what_came_later() {
        let time = |day: i64| Timestamp::from_second(day * 86_400).unwrap();
        let at = |day, used| Observation { time: time(day), used };
        let event = |day, kind, source| KnownEvent { date: utc_day(time(day)), kind, size: 5.0, source };
        let of_limit = |day, size| Limit { since: time(day), size };
        let mut known =
            vec![event(8, EventKind::Import, EventSource::Found), event(3, EventKind::Purge, EventSource::Declared)];
        let later =
            [event(9, EventKind::Import, EventSource::Found), event(15, EventKind::Capacity, EventSource::Found)];
        known.extend(later);
        known.push(event(90, EventKind::Import, EventSource::Declared));
        let series = Series::new("s".into(), Resource::Bytes, vec![at(1, 1.0), at(8, 2.0), at(15, 9.0)], Some(40.0))
            .with_known(known.clone())
            .with_limits(vec![of_limit(3, 10.0), of_limit(8, 20.0), of_limit(15, 40.0)]);
        let then = series.until(time(8));
        assert_eq!(then.observations, [at(1, 1.0), at(8, 2.0)]);
        assert_eq!(then.known, [known[1], known[0]]);
        assert_eq!((then.limit, then.limits), (Some(20.0), vec![of_limit(3, 10.0), of_limit(8, 20.0)]));
        assert_eq!(series.until(time(1)).limit, None, "no limit was known yet");
        assert_eq!(series.until(time(90)), series);
        let constant = Series { limits: Vec::new(), ..series };
        assert_eq!(constant.until(time(1)).limit, Some(40.0));
    }

    #[test]
    fn counts_are_shown_with_three_digits() {
        for (amount, text) in
            [(0.0, "0"), (9_999.0, "9999"), (12_345.0, "12.3 k"), (999_600.0, "1.00 M"), (3.0e12, "3.00 T")]
        {
            assert_eq!(count(amount), text);
        }
    }
}
