//! Events: weekly changes other than growth, such as imports, purges and migrations.
//!
//! A step shifts every line fitted through it. Events are removed from the organic growth and kept as a risk of more of
//! their kind. The test is the distance from the median in median absolute deviations (Hampel 1974), with floors so that a
//! very smooth series has no events in its noise.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::ops::Range;

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};

use super::Event;
use crate::model::dates::{SECONDS_PER_DAY, utc_day};
use crate::model::quantiles::{MAD_TO_SD, median};
use crate::model::series::{EventKind, EventSource, KnownEvent, Observation, Series};

/// Deviations of an event.
const DEVIATIONS: f64 = 6.0;
/// The smallest deviation, as a share of the median change.
const DEVIATION_FLOOR: f64 = 0.02;
/// The smallest event, as a share of the level.
const SIZE_FLOOR: f64 = 0.02;

/// Weekly changes without events.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Organic {
    /// The weekly changes, with the median change in place of an event.
    pub increments: Vec<f64>,
    /// The events: index of the week, ascending, and size beyond the median change.
    pub events: Vec<(usize, f64)>,
}

/// A known change and the weeks in which it can show.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct KnownEvents {
    /// The weeks.
    pub weeks: Range<usize>,
    /// Added, or removed if negative.
    pub size: f64,
    /// The kind.
    pub kind: EventKind,
    /// The source.
    pub source: EventSource,
}

/// Removes events from weekly changes that end at `level`, all in units of the resource. Known changes are removed whatever
/// their size.
pub(super) fn take_out(mut increments: Vec<f64>, level: f64, known: &[KnownEvents]) -> Organic {
    let Some(middle) = median(&increments) else { return Organic { increments, events: Vec::new() } };
    let deviations: Vec<f64> = increments.iter().map(|w| (w - middle).abs()).collect();
    let mad = median(&deviations).unwrap_or(0.0);
    let distance = (DEVIATIONS * (MAD_TO_SD * mad).max(DEVIATION_FLOOR * middle.abs())).max(SIZE_FLOOR * level);
    let mut weeks: Vec<usize> = (0..increments.len()).filter(|&week| deviations[week] > distance).collect();
    // More than a sixth of all weeks are not exceptional: only the largest are events.
    weeks.sort_by(|&a, &b| deviations[b].total_cmp(&deviations[a]).then(a.cmp(&b)));
    weeks.truncate(increments.len() / 6 + 1);
    weeks.sort_unstable();
    // The whole excess: mail takes more on disk than the known bytes of an import.
    let seen = weeks.into_iter().map(|week| (week, std::mem::replace(&mut increments[week], middle) - middle));
    let mut events: BTreeMap<usize, f64> = seen.collect();
    take_out_known(&mut increments, middle, known, &mut events);
    Organic { increments, events: events.into_iter().collect() }
}

/// Removes from the weeks of each known change the excess over the median in its direction, up to the part of its size that
/// no event contains yet.
fn take_out_known(increments: &mut [f64], middle: f64, known: &[KnownEvents], events: &mut BTreeMap<usize, f64>) {
    for KnownEvents { weeks, size, .. } in known {
        let along = |change: f64| (change * size.signum()).max(0.0);
        let mut left = size.abs() - events.range(weeks.clone()).map(|(_, &taken)| along(taken)).sum::<f64>();
        for week in weeks.start..weeks.end.min(increments.len()) {
            let taken = along(increments[week] - middle).min(left.max(0.0));
            if taken > 0.0 {
                let taken_out = taken * size.signum();
                increments[week] -= taken_out;
                left -= taken;
                *events.entry(week).or_insert(0.0) += taken_out;
            }
        }
    }
}

/// The known changes of the level with the weeks in which they can show: those between the last observation before the day
/// and the first one on or after it. Future events show in none.
pub(super) fn known(series: &Series, weeks: usize, step: f64) -> Vec<KnownEvents> {
    let Some(last) = series.observations.last() else { return Vec::new() };
    let days_back = |time: Timestamp| last.time.duration_since(time).as_secs_f64() / SECONDS_PER_DAY / step;
    let weeks_of = |event: &KnownEvent| {
        let after = series.observations.iter().position(|o| utc_day(o.time) >= event.date)?;
        let before = after.checked_sub(1)?;
        let (from, to) = (days_back(series.observations[before].time), days_back(series.observations[after].time));
        let first = weeks.saturating_sub(from.ceil() as usize);
        let weeks = first..weeks.saturating_sub(to.floor() as usize);
        Some(KnownEvents { weeks, size: event.size, kind: event.kind, source: event.source })
    };
    let of_level = series.known.iter().filter(|event| event.kind != EventKind::Capacity && event.size != 0.0);
    without_duplicates(of_level.filter_map(weeks_of).collect())
}

/// One change for all that can show in the same weeks and direction. Found and declared ones may be the same event, so the
/// source with the larger sum counts.
fn without_duplicates(mut known: Vec<KnownEvents>) -> Vec<KnownEvents> {
    let place = |known: &KnownEvents| (known.weeks.start, known.weeks.end, known.size > 0.0);
    known.sort_by_key(|known| (place(known), known.source));
    let in_one_place = known.chunk_by(|a, b| place(a) == place(b));
    in_one_place.filter_map(|same| same.chunk_by(|a, b| a.source == b.source).map(sum_of).max_by(by_size)).collect()
}

/// The sum of the changes of one source, of the kind of the largest.
fn sum_of(changes: &[KnownEvents]) -> KnownEvents {
    let largest = changes.iter().max_by(|a, b| by_size(a, b)).expect("a chunk is never empty");
    KnownEvents { size: changes.iter().map(|known| known.size).sum(), ..largest.clone() }
}

fn by_size(a: &KnownEvents, b: &KnownEvents) -> Ordering {
    a.size.abs().total_cmp(&b.size.abs())
}

/// The day on which an event of the given week was first seen: the end of that week's largest step between two
/// observations in the event's direction.
pub(super) fn date_of(event: (usize, f64), weeks: usize, step: f64, observations: &[Observation]) -> Option<Date> {
    let last = observations.last()?.time;
    let days_back = |week: usize| ((weeks - week) as f64 * step * SECONDS_PER_DAY) as i64;
    let (from, to) = (last.as_second() - days_back(event.0), last.as_second() - days_back(event.0 + 1));
    let steps = observations.windows(2).filter(|o| o[1].time.as_second() > from && o[0].time.as_second() < to);
    let largest = steps.max_by(|a, b| {
        let along = |o: &[Observation]| (o[1].used - o[0].used) * event.1.signum();
        along(a).total_cmp(&along(b))
    })?;
    Some(utc_day(largest[1].time))
}

/// The events with dates. Neighbours of one direction are joined, because a step between two scans more than a week apart
/// shows in two weeks of the grid.
pub(super) fn ledger(organic: &Organic, observations: &[Observation], known: &[KnownEvents], step: f64) -> Vec<Event> {
    let mut ledger: Vec<(Range<usize>, Event)> = Vec::new();
    for &event in &organic.events {
        let (week, size) = event;
        let Some(date) = date_of(event, organic.increments.len(), step, observations) else { continue };
        match ledger.last_mut() {
            Some((weeks, last)) if last.size.signum() == size.signum() && date <= last.date.saturating_add(1.day()) => {
                last.size += size;
                weeks.end = week + 1;
            }
            _ => ledger.push((week..week + 1, Event { date, size, kind: EventKind::Step, source: None })),
        }
    }
    ledger.into_iter().map(|(weeks, event)| explained(event, &weeks, known)).collect()
}

/// Least size of a known change that explains an event, as a share of the event. Message bytes are less than the space of an
/// import on disk.
const EXPLAINED_SHARE: f64 = 0.5;

/// The event, explained by the largest known change that can be its reason.
fn explained(event: Event, weeks: &Range<usize>, known: &[KnownEvents]) -> Event {
    let can_be_reason = |known: &&KnownEvents| {
        let meets = known.weeks.start < weeks.end && weeks.start < known.weeks.end;
        meets && known.size * event.size.signum() >= EXPLAINED_SHARE * event.size.abs()
    };
    match known.iter().filter(can_be_reason).max_by(|a, b| by_size(a, b)) {
        Some(known) => Event { kind: known.kind, source: Some(known.source), ..event },
        None => event,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forecast::grid::WEEK;
    use crate::model::series::Resource;
    use jiff::civil::date;

    #[test]
    fn steps_are_removed_and_noise_is_kept() {
        let mut weeks: Vec<f64> = (0..20).map(|w| 100.0 + f64::from(w % 5)).collect();
        weeks[7] = 2_000.0;
        weeks[12] = -1_500.0;
        let organic = take_out(weeks, 10_000.0, &[]);
        assert_eq!(organic.events, [(7, 1_898.0), (12, -1_602.0)]);
        assert_eq!(organic.increments[7], 102.0);
        assert_eq!(organic.increments[8], 103.0);
    }

    #[test]
    fn a_change_small_relative_to_the_level_is_not_an_event() {
        let mut weeks = vec![1.0; 20];
        weeks[3] = 150.0;
        assert!(take_out(weeks.clone(), 10_000.0, &[]).events.is_empty());
        assert_eq!(take_out(weeks, 5_000.0, &[]).events.len(), 1);
    }

    #[test]
    fn at_most_a_sixth_of_the_weeks_plus_one_are_events() {
        let weeks: Vec<f64> = (0..12).map(|w| if w % 3 == 0 { 1_000.0 } else { 1.0 }).collect();
        assert_eq!(take_out(weeks, 4_000.0, &[]).events.len(), 3);
    }

    fn import(weeks: Range<usize>, size: f64) -> KnownEvents {
        KnownEvents { weeks, size, kind: EventKind::Import, source: EventSource::Found }
    }

    #[test]
    fn a_known_import_is_removed_even_if_small() {
        let mut weeks: Vec<f64> = (0..20).map(|w| 100.0 + f64::from(w % 5)).collect();
        weeks[7] += 60.0;
        weeks[8] += 90.0;
        let organic = take_out(weeks, 1e6, &[import(7..9, 140.0)]);
        assert_eq!(organic.events, [(7, 60.0), (8, 80.0)]);
        assert_eq!(organic.increments[7..9], [102.0, 113.0]);
        let mut weeks = vec![100.0; 20];
        (weeks[7], weeks[8]) = (2_000.0, 150.0);
        let organic = take_out(weeks, 1e4, &[import(7..9, 1_920.0)]);
        assert_eq!(organic.events, [(7, 1_900.0), (8, 20.0)], "a detected step is not removed twice");
    }

    #[test]
    fn a_known_purge_is_added_back() {
        let mut weeks = vec![100.0; 20];
        (weeks[7], weeks[8], weeks[9]) = (-20.0, 40.0, 130.0);
        let purge = KnownEvents { weeks: 7..10, size: -150.0, kind: EventKind::Purge, source: EventSource::Declared };
        let organic = take_out(weeks, 1e6, &[purge]);
        assert_eq!(organic.events, [(7, -120.0), (8, -30.0)]);
        assert_eq!(organic.increments[7..10], [100.0, 70.0, 130.0], "no more than declared, and no increase");
    }

    fn event(day: i32, kind: EventKind, size: f64, source: EventSource) -> KnownEvent {
        KnownEvent { date: date(1970, 1, 1) + day.days(), kind, size, source }
    }

    /// A series without growth that was scanned on these days.
    fn scanned(days: &[i64]) -> Series {
        let at = |&day: &i64| Observation { time: Timestamp::from_second(day * 86_400).unwrap(), used: 0.0 };
        Series::new("s".into(), Resource::Bytes, days.iter().map(at).collect(), None)
    }

    #[test]
    fn an_import_falls_into_the_weeks_between_the_scans_around_its_day() {
        let series = scanned(&[0, 7, 14, 24, 28]);
        let on = |day: i32| series.clone().with_known(vec![event(day, EventKind::Import, 5.0, EventSource::Found)]);
        assert_eq!(known(&on(10), 4, WEEK), [import(1..2, 5.0)]);
        assert_eq!(known(&on(16), 4, WEEK), [import(2..4, 5.0)]);
        assert_eq!(known(&on(0), 4, WEEK), [], "imports before the first scan fall into no week");
        assert_eq!(known(&on(40), 4, WEEK), [], "nor do future imports");
        let more_room = vec![event(10, EventKind::Capacity, 5.0, EventSource::Declared)];
        assert_eq!(known(&series.with_known(more_room), 4, WEEK), [], "nor do changes of a limit");
    }

    #[test]
    fn a_found_and_a_declared_event_are_merged() {
        use EventKind::{Import, Purge};
        use EventSource::{Declared, Found};
        let events = [
            event(8, Import, 40.0, Found),
            event(9, Import, 30.0, Found),
            event(10, Import, 90.0, Declared),
            event(11, Purge, -20.0, Declared),
            event(16, Import, 50.0, Found),
            event(17, Import, 45.0, Declared),
        ];
        let events = known(&scanned(&[0, 7, 14, 21]).with_known(events.into()), 3, WEEK);
        let of = |weeks, size, kind, source| KnownEvents { weeks, size, kind, source };
        let expected =
            [of(1..2, -20.0, Purge, Declared), of(1..2, 90.0, Import, Declared), of(2..3, 50.0, Import, Found)];
        assert_eq!(events, expected);
    }

    #[test]
    fn an_event_is_dated_by_the_scan_that_saw_it() {
        let at = |day: i64, used: f64| Observation { time: Timestamp::from_second(day * 86_400).unwrap(), used };
        let observations = [at(0, 0.0), at(7, 10.0), at(14, 20.0), at(16, 520.0), at(21, 530.0), at(28, 540.0)];
        let organic = Organic { increments: vec![10.0; 4], events: vec![(2, 500.0)] };
        let seen = Event { date: date(1970, 1, 17), size: 500.0, kind: EventKind::Step, source: None };
        assert_eq!(ledger(&organic, &observations, &[], WEEK), [seen]);
        let too_little = [import(2..3, 249.0), import(1..2, 500.0), import(2..3, -500.0)];
        assert_eq!(ledger(&organic, &observations, &too_little, WEEK), [seen]);
        let reason = Event { kind: EventKind::Import, source: Some(EventSource::Found), ..seen };
        assert_eq!(ledger(&organic, &observations, &[import(1..3, 250.0)], WEEK), [reason]);
    }
}
