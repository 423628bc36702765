//! A series: what was in use at which time, and the limit it runs towards.

use std::fmt;

use jiff::Timestamp;
use serde::Serialize;

use crate::model::bytes::Units;
use crate::model::dates::utc_day;
use crate::model::numbers::count;
use ages::Ages;

pub(crate) mod ages;
mod known;
pub mod table;

pub use known::{EventKind, EventSource, KnownEvent};

/// What is counted, and therefore what runs out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Resource {
    /// Bytes on disk.
    Bytes,
    /// Inodes of a file system.
    Inodes,
    /// Messages in a mailbox.
    Messages,
}

impl Resource {
    /// All of them.
    pub const ALL: [Resource; 3] = [Resource::Bytes, Resource::Inodes, Resource::Messages];

    /// The word, as JSON and the history have it.
    pub fn word(self) -> &'static str {
        match self {
            Resource::Bytes => "bytes",
            Resource::Inodes => "inodes",
            Resource::Messages => "messages",
        }
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

/// What was in use at one time, in units of the resource.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Observation {
    /// When it was measured.
    pub time: Timestamp,
    /// How much was in use: finite and not negative.
    pub used: f64,
}

/// The use of one resource of one volume, store or quota over time.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// The name, as a person knows it: a mount point, a store, or what the input calls it.
    pub name: String,
    /// What is counted.
    pub resource: Resource,
    /// Strictly later from one to the next; see [`Series::new`].
    pub observations: Vec<Observation>,
    /// What there is at most now, in units of the resource, if there is a limit.
    pub limit: Option<f64>,
    /// The limits that were observed, each from its time on, strictly later and another than the one before.
    pub limits: Vec<Limit>,
    /// What is known to have happened, or to come, and is no growth; by date.
    pub known: Vec<KnownEvent>,
    /// The ages of the mail that fills it, by the last scans, the oldest first; none where that is not known.
    pub ages: Vec<Ages>,
    /// By how much farther from their medians levels came than they were forecast, by the record; 1 where it says nothing.
    pub spread: f64,
}

/// A limit, from one time on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limit {
    /// When it was first observed.
    pub since: Timestamp,
    /// What there was at most, in units of the resource.
    pub size: f64,
}

impl Series {
    /// A series from observations in any order; of several at one time the last given holds.
    pub fn new(name: String, resource: Resource, mut observations: Vec<Observation>, limit: Option<f64>) -> Self {
        observations.sort_by_key(|o| o.time);
        // dedup keeps the first of a run, and the last one given is the correction.
        observations.reverse();
        observations.dedup_by_key(|o| o.time);
        observations.reverse();
        Series {
            name,
            resource,
            observations,
            limit,
            limits: Vec::new(),
            known: Vec::new(),
            ages: Vec::new(),
            spread: 1.0,
        }
    }

    /// The same with the limits that were observed, one for each time, in any order; of several at one time the last
    /// given holds. What there is at most now stays as it is.
    pub fn with_limits(self, mut limits: Vec<Limit>) -> Self {
        limits.sort_by_key(|limit| limit.since);
        limits.reverse();
        limits.dedup_by_key(|limit| limit.since);
        limits.reverse();
        limits.dedup_by_key(|limit| limit.size);
        Series { limits, ..self }
    }

    /// The same with what is known to be no growth, in any order.
    pub fn with_known(self, mut known: Vec<KnownEvent>) -> Self {
        known.sort_by_key(|event| (event.date, event.kind, event.source));
        Series { known, ..self }
    }

    /// The series as it was known at a time: what was observed, and what had happened up to then. An event stays by its
    /// own day, whoever told of it later; what was announced for a later day is hidden with what was found then.
    pub fn until(&self, time: Timestamp) -> Series {
        let seen = self.observations.partition_point(|o| o.time <= time);
        let held = self.limits.partition_point(|limit| limit.since <= time);
        let limit = match self.limits[..held].last() {
            Some(last) => Some(last.size),
            // Of a limit without a past it is taken that it always held.
            None => self.limit.filter(|_| self.limits.is_empty()),
        };
        Series {
            name: self.name.clone(),
            resource: self.resource,
            observations: self.observations[..seen].to_vec(),
            limit,
            limits: self.limits[..held].to_vec(),
            known: self.known.iter().copied().filter(|event| event.date <= utc_day(time)).collect(),
            ages: self.ages.iter().filter(|ages| ages.scanned_on() <= utc_day(time)).cloned().collect(),
            // What the record says of later forecasts was not known, and which came when is not told here.
            spread: 1.0,
        }
    }

    /// What was in use last.
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
