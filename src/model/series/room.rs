//! Volumes whose size moves by itself, because others take from the same pool: what is forecast is the room that is left.
//!
//! Datasets of ZFS, thin pools, btrfs and project quotas have a size that is the use plus what the pool still has. Snapshots
//! and neighbours shrink it. Such a series is converted to the present size less the room, so that the present size is its
//! limit on every day, and the limit less the level is the room that was left.

use std::borrow::Cow;

use super::{EventKind, EventSource, KnownEvent, Limit, Observation, Series};
use crate::model::dates::{SECONDS_PER_DAY, utc_day};

/// Only the last year shows whether the size still moves.
const RECENT_DAYS: f64 = 365.0;
/// The size moves by itself if it changed in at least this share of the intervals,
const LEAST_SHARE: f64 = 0.25;
/// at least so often,
const LEAST_CHANGES: usize = 6;
/// and fell at least so often: people add disks, but they do not take them away.
const LEAST_FALLS: usize = 3;
/// A change that counts is at least this share of the room that is left.
const LEAST_OF_ROOM: f64 = 1e-3;
/// The changes of the size count if their sum is at least this share of those of the use.
const LEAST_OF_USE: f64 = 0.1;
/// Scans taken more often are also compared a week apart, since others may take from a pool only now and then.
const WEEK_DAYS: f64 = 6.5;

/// What a series of room left needs beside its levels.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Room {
    /// How far the largest size lay above the present one. No level lies farther below zero.
    pub shrunk: f64,
}

/// An observation with the size of its day.
#[derive(Clone, Copy, Debug)]
struct Sized {
    age: f64,
    used: f64,
    size: f64,
}

impl Series {
    /// The present size less the room that was left, if the size moves by itself; else the series as it is.
    pub fn of_room(self) -> Series {
        let (Some(now), sized) = (self.limit, sized(&self)) else { return self };
        if !moves_by_itself(&sized) {
            return self;
        }
        let largest = sized.iter().map(|one| one.size).fold(now, f64::max);
        let level = |(o, one): (&Observation, &Sized)| Observation { used: now - (one.size - one.used), ..*o };
        let observations: Vec<Observation> = self.observations.iter().zip(&sized).map(level).collect();
        let since = observations.first().map(|first| first.time);
        let seen = self.observations.last().map(|last| utc_day(last.time));
        let known = self.known.iter().filter_map(|event| as_room(event, seen.is_some_and(|day| event.date <= day)));
        Series {
            known: known.collect(),
            limits: since.map(|since| Limit { since, size: now }).into_iter().collect(),
            room: Some(Room { shrunk: largest - now }),
            observations,
            ..self
        }
    }

    /// The same series with no level below zero: that of the largest size, if it is one of room left.
    pub fn above_zero(&self) -> Cow<'_, Series> {
        match self.room {
            Some(Room { shrunk }) if shrunk > 0.0 => {
                let mut lifted = self.clone();
                lifted.observations.iter_mut().for_each(|o| o.used += shrunk);
                lifted.limits.iter_mut().for_each(|limit| limit.size += shrunk);
                lifted.limit = lifted.limit.map(|limit| limit + shrunk);
                lifted.room = Some(Room::default());
                Cow::Owned(lifted)
            }
            _ => Cow::Borrowed(self),
        }
    }

    /// What was added to the size since it was `limit`, if it moves by itself. Levels of that day are less by as much.
    pub fn moved_since(&self, limit: Option<f64>) -> f64 {
        self.room.and(self.limit).zip(limit).map_or(0.0, |(now, then)| now - then)
    }
}

/// A change of the size that was seen is one of the room.
fn as_room(event: &KnownEvent, is_seen: bool) -> Option<KnownEvent> {
    match (event.kind, event.source) {
        (EventKind::Capacity, EventSource::Found) => None,
        (EventKind::Capacity, EventSource::Declared) if is_seen => {
            Some(KnownEvent { kind: EventKind::Step, size: -event.size, ..*event })
        }
        _ => Some(*event),
    }
}

/// The observations with their sizes; empty without sizes.
fn sized(series: &Series) -> Vec<Sized> {
    let (Some(last), Some(first)) = (series.observations.last(), series.limits.first()) else { return Vec::new() };
    let mut begun = 0;
    let one = |o: &Observation| {
        while series.limits.get(begun).is_some_and(|limit| limit.since <= o.time) {
            begun += 1;
        }
        let size = begun.checked_sub(1).map_or(first.size, |index| series.limits[index].size);
        Sized { age: last.time.duration_since(o.time).as_secs_f64() / SECONDS_PER_DAY, used: o.used, size }
    };
    series.observations.iter().map(one).collect()
}

fn moves_by_itself(all: &[Sized]) -> bool {
    let first = all.partition_point(|one| one.age > RECENT_DAYS);
    let recent = &all[first..];
    moves(recent) || moves(&weekly(recent))
}

/// The last observation, and those at least a week before each other.
fn weekly(all: &[Sized]) -> Vec<Sized> {
    let mut chosen: Vec<Sized> = Vec::new();
    for one in all.iter().rev() {
        if chosen.last().is_none_or(|later| one.age - later.age >= WEEK_DAYS) {
            chosen.push(*one);
        }
    }
    chosen.reverse();
    chosen
}

fn moves(all: &[Sized]) -> bool {
    let changes: Vec<f64> = all
        .windows(2)
        .filter_map(|pair| {
            let change = pair[1].size - pair[0].size;
            let room = (pair[1].size - pair[1].used).max(0.0);
            (change != 0.0 && change.abs() >= LEAST_OF_ROOM * room).then_some(change)
        })
        .collect();
    let falls = changes.iter().filter(|change| **change < 0.0).count();
    let of_size: f64 = changes.iter().map(|change| change.abs()).sum();
    let of_use: f64 = all.windows(2).map(|pair| (pair[1].used - pair[0].used).abs()).sum();
    changes.len() >= LEAST_CHANGES
        && falls >= LEAST_FALLS
        && changes.len() as f64 >= LEAST_SHARE * (all.len() - 1) as f64
        && of_size >= LEAST_OF_USE * of_use
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::series::Resource;
    use jiff::Timestamp;
    use jiff::civil::date;

    fn time(day: i64) -> Timestamp {
        Timestamp::from_second(day * 86_400).unwrap()
    }

    /// A series of use and size, every `days` days.
    fn series(days: i64, scans: i64, at: impl Fn(i64) -> (f64, f64)) -> Series {
        let all: Vec<(Timestamp, (f64, f64))> = (0..scans).map(|scan| (time(scan * days), at(scan))).collect();
        let observations = all.iter().map(|&(time, (used, _))| Observation { time, used }).collect();
        let limits: Vec<Limit> = all.iter().map(|&(since, (_, size))| Limit { since, size }).collect();
        let limit = limits.last().map(|limit| limit.size);
        Series::new("pool".into(), Resource::Bytes, observations, limit).with_limits(limits)
    }

    fn converts(days: i64, scans: i64, at: impl Fn(i64) -> (f64, f64)) -> bool {
        series(days, scans, at).of_room().room.is_some()
    }

    #[test]
    fn the_limit_less_the_level_is_the_room_of_each_day() {
        let raw = series(7, 26, |week| ((100 + week) as f64, (800 - 20 * week) as f64));
        let room = raw.clone().of_room();
        assert_eq!((room.limit, room.used(), room.room), (Some(300.0), Some(125.0), Some(Room { shrunk: 500.0 })));
        for (week, o) in room.observations.iter().enumerate() {
            assert_eq!(300.0 - o.used, 700.0 - 21.0 * week as f64);
        }
        assert_eq!(room.limits, [Limit { since: time(0), size: 300.0 }]);
        let lifted = room.above_zero();
        assert_eq!((lifted.observations[0].used, lifted.used(), lifted.limit), (100.0, Some(625.0), Some(800.0)));
        assert_eq!(*lifted.above_zero(), *lifted);
        assert_eq!((room.moved_since(Some(320.0)), raw.moved_since(Some(320.0))), (-20.0, 0.0));
        assert_eq!(room.until(time(70)).room, room.room);
    }

    #[test]
    fn sizes_that_wobble_or_fall_convert() {
        let wobbles = |week: i64| (500.0 + week as f64, 1_000.0 + 10.0 * (week as f64 * 1.7).sin());
        assert!(converts(7, 60, wobbles));
        // Snapshots take room for six days, and give it back on the seventh.
        let sawtooth = |day: i64| (500.0 + 0.2 * day as f64, 1_000.0 - 4.0 * (day % 7) as f64);
        assert!(converts(1, 60, sawtooth) && converts(1, 400, sawtooth));
        // The neighbour takes its room on one day of ten.
        let in_bursts = |day: i64| (500.0 + 0.1 * day as f64, 1_000.0 - 9.0 * (day / 10) as f64);
        assert!(converts(1, 300, in_bursts));
    }

    #[test]
    fn fixed_sizes_and_added_disks_do_not_convert() {
        let used = |week: i64| 500.0 + 3.0 * week as f64;
        assert!(!converts(7, 104, |week| (used(week), 1_000.0)), "a disk");
        assert!(!converts(7, 104, |week| (used(week), 1_000.0 + 400.0 * (week / 40) as f64)), "two disks in two years");
        assert!(!converts(7, 104, |week| (used(week), 1_000.0 + 50.0 * (week / 4) as f64)), "a piece every month");
        assert!(!converts(30, 24, |month| (used(month), 1_000.0 + 50.0 * month as f64)), "one at every scan");
        assert!(!converts(7, 60, |week| (used(week), 1_000.0 + 0.1 * (week % 3) as f64)), "of no weight");
        assert!(!converts(7, 6, |week| (used(week), 1_000.0 - 20.0 * week as f64)), "five changes");
        let long_ago = |week: i64| (used(week), 1_000.0 - 9.0 * week.min(40) as f64);
        assert!(converts(7, 41, long_ago) && !converts(7, 104, long_ago), "no longer");
        let untold = series(7, 30, |week| (used(week), 0.0));
        assert_eq!(Series { limits: Vec::new(), ..untold }.of_room().room, None);
    }

    #[test]
    fn seen_changes_of_the_size_become_steps_of_the_level() {
        let event = |day, kind, source, size| KnownEvent { date: date(1970, 3, day), kind, size, source };
        let pool = series(7, 26, |week| (100.0, 800.0 - 20.0 * week as f64)).with_known(vec![
            event(2, EventKind::Capacity, EventSource::Found, -20.0),
            event(3, EventKind::Capacity, EventSource::Declared, 90.0),
            event(4, EventKind::Import, EventSource::Found, 5.0),
            KnownEvent { date: date(1971, 1, 1), ..event(1, EventKind::Capacity, EventSource::Declared, 70.0) },
        ]);
        let known: Vec<(EventKind, f64)> = pool.of_room().known.iter().map(|event| (event.kind, event.size)).collect();
        assert_eq!(known, [(EventKind::Step, -90.0), (EventKind::Import, 5.0), (EventKind::Capacity, 70.0)]);
    }
}
