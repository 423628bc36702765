//! Joins an imported series to the scans that follow it, without a step.

use jiff::Timestamp;

use super::Import;
use crate::model::dates::SECONDS_PER_DAY;
use crate::model::series::{Limit, Observation, points::Point};

/// Limits that differ by less, as a share, are the same limit: `df` counts blocks that are reserved for root, or not.
const RESERVED: f64 = 0.06;

/// The observations and limits of an import before the first scan, as the scans would have measured them.
///
/// Another tool measures a little differently. Where both were there, the median difference is taken off. `scans` and
/// their `limits` are by time.
pub(in crate::history) fn joined(
    import: &Import,
    scans: &[Observation],
    limits: &[Limit],
) -> (Vec<Observation>, Vec<Limit>) {
    let points = &import.points;
    let used: Vec<(Timestamp, f64)> = points.iter().map(|point| (point.time, point.used)).collect();
    let limited: Vec<(Timestamp, f64)> = points.iter().filter_map(|point| Some((point.time, point.limit?))).collect();
    let own: Vec<(Timestamp, f64)> = scans.iter().map(|scan| (scan.time, scan.used)).collect();
    let own_limits: Vec<(Timestamp, f64)> = limits.iter().map(|limit| (limit.since, limit.size)).collect();
    let more = difference(&used, &own).unwrap_or(0.0);
    let more_limit = difference(&limited, &own_limits).or_else(|| same_limit(&limited, &own_limits)).unwrap_or(0.0);
    let first = own.first().map(|&(time, _)| time);
    let before = |point: &&Point| first.is_none_or(|first| point.time < first);
    let observed = |point: &Point| Observation { time: point.time, used: (point.used + more).max(0.0) };
    let limit = |point: &Point| Some(Limit { since: point.time, size: (point.limit? + more_limit).max(0.0) });
    let mut past: Vec<Limit> = points.iter().filter(before).filter_map(limit).collect();
    // A limit without a past is assumed to be constant.
    if let (true, Some(known), Some(point)) = (limited.is_empty(), limits.first(), points.iter().find(before)) {
        past.push(Limit { since: point.time, size: known.size });
    }
    (points.iter().filter(before).map(observed).collect(), past)
}

/// The imported amount at a time, if it is known.
type At = fn(&[(Timestamp, f64)], Timestamp) -> Option<f64>;

/// The median of what the scans have more, where both were there: between imported points, or else within a day of one.
fn difference(imported: &[(Timestamp, f64)], scans: &[(Timestamp, f64)]) -> Option<f64> {
    let all = |at: At| {
        let differences = scans.iter().filter_map(|&(time, own)| Some(own - at(imported, time)?));
        let mut differences: Vec<f64> = differences.collect();
        differences.sort_unstable_by(f64::total_cmp);
        differences.get(differences.len() / 2).copied()
    };
    all(between).or_else(|| all(near))
}

fn days(from: Timestamp, to: Timestamp) -> f64 {
    to.duration_since(from).as_secs_f64() / SECONDS_PER_DAY
}

/// The imported amount at a time, on the line between its neighbours.
fn between(imported: &[(Timestamp, f64)], time: Timestamp) -> Option<f64> {
    let (before, after) = imported.split_at(imported.partition_point(|&(point, _)| point <= time));
    let &(from, low) = before.last()?;
    match after.first() {
        Some(&(to, high)) => Some(low + (high - low) * days(from, time) / days(from, to)),
        None => (from == time).then_some(low),
    }
}

/// The first or last imported amount, if it is at most a day away.
fn near(imported: &[(Timestamp, f64)], time: Timestamp) -> Option<f64> {
    let ends = [imported.first()?, imported.last()?];
    ends.into_iter().find(|(point, _)| days(*point, time).abs() <= 1.0).map(|&(_, amount)| amount)
}

/// What the first limit of the scans has more than the last imported one, if both are the same limit.
fn same_limit(imported: &[(Timestamp, f64)], scans: &[(Timestamp, f64)]) -> Option<f64> {
    let (last, first) = (imported.last()?.1, scans.first()?.1);
    let more = first - last;
    (more.abs() < RESERVED * last.max(first)).then_some(more)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::imports::{Kind, Source, Target};
    use crate::model::series::Resource;

    fn time(day: i64) -> Timestamp {
        Timestamp::from_second(day * 86_400).unwrap()
    }

    fn import(points: &[(i64, f64, Option<f64>)]) -> Import {
        let target =
            Target { host: "mail01".into(), kind: Kind::Volume, name: "/var".into(), resource: Resource::Bytes };
        let points = points.iter().map(|&(day, used, limit)| Point { time: time(day), used, limit }).collect();
        Import { target, source: Source::Csv, imported_at: time(99), points }
    }

    fn join(points: &[(i64, f64, Option<f64>)], scans: &[(i64, f64, f64)]) -> (Vec<(i64, f64)>, Vec<f64>) {
        let own: Vec<Observation> = scans.iter().map(|&(day, used, _)| Observation { time: time(day), used }).collect();
        let limits: Vec<Limit> = scans.iter().map(|&(day, _, size)| Limit { since: time(day), size }).collect();
        let (observed, limits) = joined(&import(points), &own, &limits);
        let day = |one: &Observation| (one.time.as_second() / 86_400, one.used);
        (observed.iter().map(day).collect(), limits.iter().map(|limit| limit.size).collect())
    }

    #[test]
    fn the_difference_at_the_overlap_is_taken_off() {
        let points = [(1, 10.0, Some(100.0)), (2, 11.0, Some(100.0)), (4, 13.0, Some(100.0)), (6, 15.0, Some(100.0))];
        // At day 5, the import has 14.
        let joined = join(&points, &[(4, 8.0, 95.0), (5, 9.0, 95.0), (6, 10.5, 95.0), (7, 11.0, 95.0)]);
        assert_eq!(joined, (vec![(1, 5.0), (2, 6.0)], vec![95.0, 95.0]));
    }

    #[test]
    fn without_an_overlap_only_the_reserve_is_taken_off() {
        let points = [(1, 10.0, Some(50.0)), (2, 11.0, Some(100.0))];
        assert_eq!(join(&points, &[(9, 18.0, 95.0)]), (vec![(1, 10.0), (2, 11.0)], vec![45.0, 95.0]));
        assert_eq!(join(&points, &[(9, 18.0, 200.0)]).1, [50.0, 100.0], "the volume grew");
        assert_eq!(join(&points, &[]).1, [50.0, 100.0]);
    }

    #[test]
    fn a_limit_that_only_the_scans_know_was_there_before() {
        assert_eq!(join(&[(1, 10.0, None), (2, 11.0, None)], &[(9, 18.0, 95.0)]).1, [95.0]);
    }
}
