//! The cases of one origin: questions, answers and observations.
//!
//! Real histories rarely reach their limit. Additional limits are those that the rate up to the origin reaches in one, three
//! and six months; none depends on later observations.

use jiff::ToSpan;
use jiff::civil::Date;

use super::{line::Line, utc_day};
use crate::forecast::{Forecast, Forecaster, LevelDates, Probability, Quantiles, grid::span_days};
use crate::model::series::{Observation, Series};

/// Days until the additional limits, at the rate up to the origin.
const LEADS: [u32; 3] = [28, 91, 182];
/// Days that must be known beyond, or a limit would often not be reached yet.
const BEYOND_LEAD: u32 = 30;
/// Days ahead of the levels.
pub(super) const LEVEL_DAYS: [u32; 4] = [28, 91, 182, 364];
/// Largest distance of an observation from the asked day, as a share of the days ahead.
const LEVEL_TOLERANCE: f64 = 0.125;
/// The times whose probabilities of exhaustion are scored.
pub(super) const PROBABILITY_DAYS: [u32; 3] = [30, 90, 180];
/// Days until the level doubles at the lowest rate, a tenth a year.
const SLOWEST_DOUBLING: f64 = 3_650.0;
/// Least additional limit over the highest observation.
const ABOVE_ALL: f64 = 1.0005;
/// Lower bound of predicted times: half a day.
const SOONEST: f64 = 0.5;

/// A limit at an origin, with all answers.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct DateCase {
    /// The day of the origin.
    pub origin: Date,
    /// Days until it was reached; `None` if not by `end`.
    pub lead: Option<f64>,
    /// Known days after the origin, at most the horizon.
    pub end: f64,
    /// The answers, in the order of [`super::Who::ALL`].
    pub answers: [DateAnswer; 3],
}

/// A distribution of the days until a limit is reached.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct DateAnswer {
    /// The days, capped at the horizon; `None` without an answer, which is scored as never.
    pub days: Option<Quantiles<f64>>,
    /// The probability of reaching it within [`PROBABILITY_DAYS`].
    pub within: [f64; 3],
}

/// A level at an origin, with all answers.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct LevelCase {
    /// The day of the origin.
    pub origin: Date,
    /// Days ahead.
    pub days: u32,
    /// The observed level, in units of the resource.
    pub used: f64,
    /// Mean absolute change of the history up to the origin, over the same number of days.
    pub growth: f64,
    /// The answers, in the order of [`super::Who::ALL`].
    pub answers: [Option<Quantiles<f64>>; 3],
}

/// The cases of one origin.
pub(crate) struct Asked {
    pub origin: Date,
    pub dates: Vec<DateCase>,
    pub levels: Vec<LevelCase>,
}

/// The cases at an observation; `None` without a forecast or without later observations to compare.
pub(crate) fn ask(series: &Series, at: usize, forecaster: &Forecaster) -> Option<Asked> {
    let (origin, after) = (series.observations[at], &series.observations[at + 1..]);
    let known = series.until(origin.time);
    let today = utc_day(origin.time);
    let truth = Truth { today, after, horizon: forecaster.horizon_days() };
    let limits = limits(&known, truth.known_days());
    let levels = truth.levels();
    let dates = levels.iter().filter_map(|(days, _)| today.checked_add(i64::from(*days).days()).ok()).collect();
    // Levels do not depend on the limit: without any, a forecast without a limit gives them.
    let asked: Vec<Option<f64>> =
        if limits.is_empty() { vec![None] } else { limits.iter().copied().map(Some).collect() };
    let with = |limit: &Option<f64>| Series { limit: *limit, limits: Vec::new(), ..known.clone() };
    let forecaster = forecaster.with_levels_at(LevelDates::On(dates));
    let forecasts = forecaster.forecast_all(&asked.iter().map(with).collect::<Vec<_>>());
    let first = forecasts.first().filter(|forecast| forecast.outlook.is_some())?;
    let lines = [Line::through(&known.observations, origin.time), Line::of_recent(&known.observations, origin.time)];
    let growth = growth_per_day(&known.observations);
    let level = |&(days, used): &(u32, f64)| {
        let [by_line, by_recent] =
            lines.map(|line| line.map(|line| Quantiles::from_fn(|_| line.level(f64::from(days)))));
        let answers = [level_on(first, today, days), by_line, by_recent];
        LevelCase { origin: today, days, used, growth: growth * f64::from(days), answers }
    };
    let date = |(&limit, forecast): (&f64, &Forecast)| {
        let horizon = f64::from(forecaster.horizon_days());
        let [by_line, by_recent] = lines.map(|line| of_line(line, limit, horizon));
        let (lead, end) = truth.reaches(limit);
        DateCase { origin: today, lead, end, answers: [of_forecast(forecast, horizon), by_line, by_recent] }
    };
    let asked = Asked {
        origin: today,
        dates: limits.iter().zip(&forecasts).map(date).collect(),
        levels: levels.iter().map(level).collect(),
    };
    (!asked.dates.is_empty() || !asked.levels.is_empty()).then_some(asked)
}

/// The real limit and the additional ones.
fn limits(known: &Series, known_days: u32) -> Vec<f64> {
    let Some(used) = known.used().filter(|&used| used > 0.0) else { return Vec::new() };
    let real = known.limit.filter(|&limit| limit > used && known_days >= BEYOND_LEAD);
    let highest = known.observations.iter().map(|o| o.used).fold(used, f64::max) * ABOVE_ALL;
    let first = known.observations[0].used;
    let days = f64::from(span_days(&known.observations).max(1));
    let pace = ((used - first) / days).max(used / SLOWEST_DOUBLING);
    let ahead = LEADS.into_iter().filter(|&lead| known_days >= lead + BEYOND_LEAD);
    let led_to = ahead.map(|lead| used + pace * f64::from(lead)).filter(|&limit| limit > highest);
    real.into_iter().chain(led_to).collect()
}

/// The mean absolute change a day, at least a tenth of the level a year: the unit of errors.
fn growth_per_day(observations: &[Observation]) -> f64 {
    let change: f64 = observations.windows(2).map(|pair| (pair[1].used - pair[0].used).abs()).sum();
    let least = observations.last().map_or(0.0, |last| last.used / SLOWEST_DOUBLING);
    (change / f64::from(span_days(observations).max(1))).max(least)
}

/// The observations after an origin.
struct Truth<'a> {
    today: Date,
    /// At least one, the first on a later day.
    after: &'a [Observation],
    horizon: u32,
}

impl Truth<'_> {
    fn days_ahead(&self, observation: &Observation) -> u32 {
        // Observations are ordered, and the first is on a later day.
        (utc_day(observation.time) - self.today).get_days() as u32
    }

    /// Known days after the origin, at most the horizon.
    fn known_days(&self) -> u32 {
        self.after.last().map_or(0, |last| self.days_ahead(last)).min(self.horizon)
    }

    /// Days until a limit was first reached, and known days.
    fn reaches(&self, limit: f64) -> (Option<f64>, f64) {
        let end = f64::from(self.known_days());
        let lead = self.after.iter().find(|o| o.used >= limit).map(|o| f64::from(self.days_ahead(o)));
        (lead.filter(|&lead| lead <= end), end)
    }

    /// Days ahead and level of the observation nearest to each of [`LEVEL_DAYS`].
    fn levels(&self) -> Vec<(u32, f64)> {
        let nearest = |days: u32| {
            let near = self.after.iter().min_by_key(|o| self.days_ahead(o).abs_diff(days))?;
            let ahead = self.days_ahead(near);
            let is_near = f64::from(ahead.abs_diff(days)) <= LEVEL_TOLERANCE * f64::from(days);
            (is_near && ahead <= self.horizon).then_some((ahead, near.used))
        };
        LEVEL_DAYS.into_iter().filter_map(nearest).collect()
    }
}

fn level_on(forecast: &Forecast, today: Date, days: u32) -> Option<Quantiles<f64>> {
    let level = &forecast.outlook.as_ref()?.level;
    level.iter().find(|level| (level.date - today).get_days() == days as i32).map(|level| level.used)
}

fn of_forecast(forecast: &Forecast, horizon: f64) -> DateAnswer {
    let days_until = |date: Date| f64::from((date - forecast.as_of).get_days()).clamp(SOONEST, horizon);
    let days = forecast.exhaustion().map(|quantiles| quantiles.map(|date| date.map_or(horizon, days_until)));
    let probability: Vec<Probability> = forecast.probability();
    // No probability is beyond the horizon.
    let within = |days: u32| match probability.iter().find(|one| one.days == days) {
        Some(one) if f64::from(days) <= horizon => one.p,
        _ => 0.0,
    };
    DateAnswer { days, within: PROBABILITY_DAYS.map(within) }
}

fn of_line(line: Option<Line>, limit: f64, horizon: f64) -> DateAnswer {
    let reaches = line.map(|line| line.reaches(limit).clamp(SOONEST, horizon));
    let within = |days: u32| f64::from(u8::from(reaches.is_some_and(|reached| reached <= f64::from(days))));
    // Dates beyond the horizon are capped at it, and no probability is beyond it.
    DateAnswer { days: reaches.map(|reached| Quantiles::from_fn(|_| reached)), within: PROBABILITY_DAYS.map(within) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::series::{EventKind, EventSource, KnownEvent, Limit, Resource};
    use jiff::Timestamp;
    use jiff::civil::date;

    fn at(day: i64, used: f64) -> Observation {
        Observation { time: Timestamp::from_second(day * 86_400).unwrap(), used }
    }

    fn series(observations: Vec<Observation>) -> Series {
        Series::new("s".into(), Resource::Bytes, observations, None)
    }

    /// Weekly observations of a series that grows by ten a day, with a little noise.
    fn weekly(weeks: i64) -> Vec<Observation> {
        (0..weeks).map(|week| at(week * 7, (1_000 + week * 70 + week % 3 * 5) as f64)).collect()
    }

    #[test]
    fn tested_limits_are_the_real_limit_and_projections_of_past_growth() {
        let known = Series { limit: Some(5_000.0), ..series(vec![at(0, 1_000.0), at(50, 900.0), at(100, 2_000.0)]) };
        assert_eq!(limits(&known, 400), [5_000.0, 2_280.0, 2_910.0, 3_820.0]);
        assert_eq!(limits(&known, 121), [5_000.0, 2_280.0, 2_910.0], "91 and 30 days are known");
        assert!(limits(&known, 29).is_empty(), "a month is too short");
        let full = Series { limit: Some(2_000.0), ..known.clone() };
        assert_eq!(limits(&full, 58), [2_280.0]);
        let purged = series(vec![at(0, 1_000.0), at(50, 3_650.0), at(100, 3_650.0 / 2.0)]);
        assert!(limits(&purged, 400).is_empty(), "all lie below an earlier level");
        let falling = series(vec![at(0, 3_650.0), at(100, 3_650.0)]);
        assert_eq!(limits(&falling, 400), [3_678.0, 3_741.0, 3_832.0], "a tenth a year at least");
        assert!(limits(&series(vec![at(0, 0.0), at(100, 0.0)]), 400).is_empty());
    }

    #[test]
    fn the_truth_is_the_first_observation_at_or_after_a_level_or_day() {
        let after = [at(107, 5.0), at(114, 9.0), at(121, 7.0), at(142, 12.0)];
        let today = utc_day(at(100, 0.0).time);
        let truth = Truth { today, after: &after, horizon: 1_095 };
        assert_eq!(truth.reaches(8.0), (Some(14.0), 42.0));
        assert_eq!(truth.reaches(5.0), (Some(7.0), 42.0));
        assert_eq!(truth.reaches(13.0), (None, 42.0));
        assert_eq!(truth.levels(), [], "neither 21 nor 42 days is near 28");
        let soon = Truth { horizon: 20, ..truth };
        assert_eq!((soon.reaches(9.0), soon.reaches(12.0)), ((Some(14.0), 20.0), (None, 20.0)));
        let after = [at(125, 6.0), at(127, 7.0), at(180, 8.0), at(190, 9.0)];
        assert_eq!(Truth { today, after: &after, horizon: 1_095 }.levels(), [(27, 7.0), (90, 9.0)]);
    }

    #[test]
    fn growth_per_day_averages_absolute_changes() {
        assert_eq!(growth_per_day(&[at(0, 100.0), at(10, 150.0), at(20, 120.0)]), 4.0);
        assert_eq!(growth_per_day(&[at(0, 3_650.0), at(10, 3_650.0)]), 1.0);
    }

    #[test]
    fn later_observations_do_not_change_a_forecast() {
        let options = Forecaster::new(crate::forecast::Options::default());
        let change = |day: i64, size| Limit { since: at(day, 0.0).time, size };
        let past = series(weekly(65)).with_limits(vec![change(0, 9_000.0), change(250, 50_000.0)]);
        let mut other = past.clone();
        for observation in &mut other.observations[31..] {
            observation.used *= 3.0;
        }
        other.limits[1].size = 1_900.0;
        other.limit = Some(1_900.0);
        let event = |day: i64, kind, source| KnownEvent { date: utc_day(at(day, 0.0).time), kind, size: 500.0, source };
        other.known.push(event(218, EventKind::Import, EventSource::Found));
        other.known.push(event(300, EventKind::Step, EventSource::Declared));
        let (one, two) = (ask(&past, 30, &options).unwrap(), ask(&other, 30, &options).unwrap());
        assert_eq!(one.dates.len(), 4, "one of them is the limit known at the origin");
        let answers = |asked: &Asked| -> Vec<_> { asked.dates.iter().map(|case| case.answers.clone()).collect() };
        assert_eq!(answers(&one), answers(&two));
        assert_eq!(one.levels.len(), 3);
        for (one, two) in one.levels.iter().zip(&two.levels) {
            assert_eq!((&one.answers, one.growth), (&two.answers, two.growth));
            assert_ne!(one.used, two.used, "the truths differ");
        }
        let leads: Vec<_> = one.dates.iter().zip(&two.dates).map(|(one, two)| (one.lead, two.lead)).collect();
        assert_eq!(leads[1], (Some(28.0), Some(7.0)), "{leads:?}");
    }

    #[test]
    fn forecasts_of_a_steady_series_are_near_the_truth() {
        let asked = ask(&series(weekly(65)), 30, &Forecaster::new(crate::forecast::Options::default())).unwrap();
        assert_eq!(asked.origin, date(1970, 7, 30));
        for case in &asked.dates {
            let truth = case.lead.unwrap();
            for answer in &case.answers {
                let median = answer.days.unwrap().p50;
                assert!((median - truth).abs() <= 14.0, "{median} for {truth}");
            }
        }
        let level = &asked.levels[1];
        assert_eq!((level.days, level.used), (91, 1_000.0 + 43.0 * 70.0 + 5.0));
        for answer in &level.answers {
            assert!((answer.unwrap().p50 - level.used).abs() < 50.0, "{answer:?}");
        }
    }
}
