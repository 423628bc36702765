//! Events: weekly changes that are no growth, such as imports, purges and migrations.
//!
//! A step shifts every line that is fitted through it; taken out, it leaves the organic growth, and is kept as a risk
//! of more of its kind. The test is robust: distance from the median in units of the median absolute deviation
//! (Hampel 1974), with floors so that a very smooth series does not see events in its noise.

use std::collections::BTreeMap;
use std::ops::Range;

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};

use super::quantiles::median;
use super::{Event, grid};
use crate::dates::utc_day;
use crate::series::{Import, Observation, Series};

/// How many deviations make an event.
const DEVIATIONS: f64 = 6.0;
/// Makes the median absolute deviation of a normal sample its standard deviation.
const MAD_TO_SD: f64 = 1.4826;
/// The smallest deviation, as a share of the median change.
const DEVIATION_FLOOR: f64 = 0.02;
/// The smallest event, as a share of the level.
const SIZE_FLOOR: f64 = 0.02;

/// Weekly changes with the events taken out.
#[derive(Clone, Debug, PartialEq)]
pub struct Organic {
    /// The weekly changes; those with an event hold the median change instead.
    pub increments: Vec<f64>,
    /// What was taken out: the week's index and the size beyond the median change, in ascending order of weeks.
    pub events: Vec<(usize, f64)>,
}

/// An import that is known, by the weeks in which it can show and its size.
pub type Known = (Range<usize>, f64);

/// Takes events out of weekly changes that end at `level`; all in units of the resource. What is known to have been
/// brought in is taken out as well, however small it is beside the level.
pub fn take_out(mut increments: Vec<f64>, level: f64, known: &[Known]) -> Organic {
    let Some(middle) = median(&increments) else { return Organic { increments, events: Vec::new() } };
    let deviations: Vec<f64> = increments.iter().map(|w| (w - middle).abs()).collect();
    let mad = median(&deviations).unwrap_or(0.0);
    let distance = (DEVIATIONS * (MAD_TO_SD * mad).max(DEVIATION_FLOOR * middle.abs())).max(SIZE_FLOOR * level);
    let mut weeks: Vec<usize> = (0..increments.len()).filter(|&week| deviations[week] > distance).collect();
    // Where a sixth of all weeks is special, special is normal: keep the largest only.
    weeks.sort_by(|&a, &b| deviations[b].total_cmp(&deviations[a]).then(a.cmp(&b)));
    weeks.truncate(increments.len() / 6 + 1);
    weeks.sort_unstable();
    // Seen whole: mail takes more on disk than the bytes by which an import is known.
    let seen = weeks.into_iter().map(|week| (week, std::mem::replace(&mut increments[week], middle) - middle));
    let mut events: BTreeMap<usize, f64> = seen.collect();
    take_out_known(&mut increments, middle, known, &mut events);
    Organic { increments, events: events.into_iter().collect() }
}

/// Takes out of each import's weeks what they have beyond the usual, up to so much of the import's size as is in no
/// event yet.
fn take_out_known(increments: &mut [f64], middle: f64, known: &[Known], events: &mut BTreeMap<usize, f64>) {
    for (weeks, size) in known {
        let mut left = *size - events.range(weeks.clone()).map(|(_, size)| size.max(0.0)).sum::<f64>();
        for week in weeks.start..weeks.end.min(increments.len()) {
            let taken = (increments[week] - middle).clamp(0.0, left.max(0.0));
            if taken > 0.0 {
                increments[week] -= taken;
                left -= taken;
                *events.entry(week).or_insert(0.0) += taken;
            }
        }
    }
}

/// Where the imports of a series can show in its weekly changes: in the weeks that meet the time between the last
/// observation before the day and the first one after it began.
pub fn known(series: &Series, weeks: usize) -> Vec<Known> {
    let Some(last) = series.observations.last() else { return Vec::new() };
    let days_back = |time: Timestamp| last.time.duration_since(time).as_secs_f64() / 86_400.0 / grid::STEP_DAYS;
    let weeks_of = |import: &Import| {
        let after = series.observations.iter().position(|o| utc_day(o.time) >= import.date)?;
        let before = after.checked_sub(1)?;
        let (from, to) = (days_back(series.observations[before].time), days_back(series.observations[after].time));
        let first = weeks.saturating_sub(from.ceil() as usize);
        Some((first..weeks.saturating_sub(to.floor() as usize), import.size))
    };
    series.imports.iter().filter_map(weeks_of).collect()
}

/// The day on which an event of the given week was first seen: the end of that week's largest step between two
/// observations in the event's direction.
pub fn date_of(event: (usize, f64), weeks: usize, observations: &[Observation]) -> Option<Date> {
    let last = observations.last()?.time;
    let days_back = |week: usize| ((weeks - week) as f64 * grid::STEP_DAYS * 86_400.0) as i64;
    let (from, to) = (last.as_second() - days_back(event.0), last.as_second() - days_back(event.0 + 1));
    let steps = observations.windows(2).filter(|o| o[1].time.as_second() > from && o[0].time.as_second() < to);
    let largest = steps.max_by(|a, b| {
        let along = |o: &[Observation]| (o[1].used - o[0].used) * event.1.signum();
        along(a).total_cmp(&along(b))
    })?;
    Some(utc_day(largest[1].time))
}

/// The events as dated changes, neighbours of one direction joined: one step that falls between two scans a week and
/// a half apart shows in two weeks of the grid.
pub fn ledger(organic: &Organic, observations: &[Observation]) -> Vec<Event> {
    let mut ledger: Vec<Event> = Vec::new();
    for &event in &organic.events {
        let Some(date) = date_of(event, organic.increments.len(), observations) else { continue };
        match ledger.last_mut() {
            Some(last) if last.size.signum() == event.1.signum() && date <= last.date.saturating_add(1.day()) => {
                last.size += event.1;
            }
            _ => ledger.push(Event { date, size: event.1 }),
        }
    }
    ledger
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::series::Resource;
    use jiff::civil::date;

    #[test]
    fn a_step_is_taken_out_and_noise_is_left() {
        let mut weeks: Vec<f64> = (0..20).map(|w| 100.0 + f64::from(w % 5)).collect();
        weeks[7] = 2_000.0;
        weeks[12] = -1_500.0;
        let organic = take_out(weeks, 10_000.0, &[]);
        assert_eq!(organic.events, [(7, 1_898.0), (12, -1_602.0)]);
        assert_eq!(organic.increments[7], 102.0);
        assert_eq!(organic.increments[8], 103.0);
    }

    #[test]
    fn a_change_that_is_small_beside_the_level_is_no_event() {
        let mut weeks = vec![1.0; 20];
        weeks[3] = 150.0;
        assert!(take_out(weeks.clone(), 10_000.0, &[]).events.is_empty());
        assert_eq!(take_out(weeks, 5_000.0, &[]).events.len(), 1);
    }

    #[test]
    fn at_most_a_sixth_and_one_are_events() {
        let weeks: Vec<f64> = (0..12).map(|w| if w % 3 == 0 { 1_000.0 } else { 1.0 }).collect();
        assert_eq!(take_out(weeks, 4_000.0, &[]).events.len(), 3);
    }

    #[test]
    fn an_import_that_is_known_is_taken_out_though_it_is_small() {
        let mut weeks: Vec<f64> = (0..20).map(|w| 100.0 + f64::from(w % 5)).collect();
        weeks[7] += 60.0;
        weeks[8] += 90.0;
        let organic = take_out(weeks, 1e6, &[(7..9, 140.0)]);
        assert_eq!(organic.events, [(7, 60.0), (8, 80.0)]);
        assert_eq!(organic.increments[7..9], [102.0, 113.0]);
        let mut weeks = vec![100.0; 20];
        (weeks[7], weeks[8]) = (2_000.0, 150.0);
        let organic = take_out(weeks, 1e4, &[(7..9, 1_920.0)]);
        assert_eq!(organic.events, [(7, 1_900.0), (8, 20.0)], "what is seen is not taken out twice");
    }

    #[test]
    fn an_import_shows_between_the_scans_around_its_day() {
        let at = |day: i64| Observation { time: Timestamp::from_second(day * 86_400).unwrap(), used: 0.0 };
        let days = [0, 7, 14, 24, 28];
        let series = Series::new("s".into(), Resource::Bytes, days.map(at).to_vec(), None);
        let on =
            |day: i32| series.clone().with_imports(vec![Import { date: date(1970, 1, 1) + day.days(), size: 5.0 }]);
        assert_eq!(known(&on(10), 4), [(1..2, 5.0)]);
        assert_eq!(known(&on(16), 4), [(2..4, 5.0)]);
        assert_eq!(known(&on(0), 4), [], "what was there before the first scan shows in no week");
        assert_eq!(known(&on(40), 4), []);
    }

    #[test]
    fn an_event_is_dated_by_the_scan_that_saw_it() {
        let at = |day: i64, used: f64| Observation { time: Timestamp::from_second(day * 86_400).unwrap(), used };
        let observations = [at(0, 0.0), at(7, 10.0), at(14, 20.0), at(16, 520.0), at(21, 530.0), at(28, 540.0)];
        let organic = Organic { increments: vec![10.0; 4], events: vec![(2, 500.0)] };
        assert_eq!(ledger(&organic, &observations), [Event { date: date(1970, 1, 17), size: 500.0 }]);
    }
}
