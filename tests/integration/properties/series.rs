//! Generators and transformations of series.

use std::ops::Range;
use std::sync::LazyLock;

use jiff::Timestamp;
use mailrunway::forecast::{Forecast, Forecaster, Level, Options, Outlook};
use mailrunway::model::series::{Observation, Resource, Series};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

/// Cases for each property, so that all take some seconds.
pub const CASES: u32 = 64;

/// `count` cases, the same in every run.
pub fn cases(count: u32) -> ProptestConfig {
    ProptestConfig { failure_persistence: None, rng_seed: RngSeed::Fixed(1), ..ProptestConfig::with_cases(count) }
}

pub const DAY: i64 = 86_400;
pub const WEEK: i64 = 7 * DAY;

/// Two years ahead, so that dates on both sides of the horizon are common.
pub const HORIZON: u32 = 2 * 365;

/// The start of every series.
const START: i64 = 1_700_000_000;

/// A forecaster as the commands make it.
pub static FORECASTER: LazyLock<Forecaster> =
    LazyLock::new(|| Forecaster::new(Options { horizon_days: HORIZON, ..Options::default() }));

/// A series of bytes from seconds after the start and amounts.
pub fn series(points: &[(i64, f64)], limit: Option<f64>) -> Series {
    let observe = |&(seconds, used): &(i64, f64)| {
        let time = Timestamp::from_second(START + seconds).expect("the case lies inside the calendar");
        Observation { time, used }
    };
    Series::new("s".to_owned(), Resource::Bytes, points.iter().map(observe).collect(), limit)
}

/// The forecast of a series that has an observation.
pub fn forecast(series: &Series) -> Forecast {
    FORECASTER.forecast(series).expect("there is an observation")
}

/// The outlook of a series with history enough.
pub fn outlook(series: &Series) -> Outlook {
    forecast(series).outlook.expect("there is history enough")
}

/// Scans every `step` seconds of a growing store, with noise relative to each step, and a limit above the last level.
fn scans(
    step: i64,
    counts: Range<usize>,
    growth: Range<f64>,
    noise: Range<f64>,
) -> impl Strategy<Value = (Vec<(i64, f64)>, f64)> {
    (counts, 1_000.0..1e12_f64, growth, 0.01..2.0_f64).prop_flat_map(move |(count, start, growth, room)| {
        prop::collection::vec(noise.clone(), count).prop_map(move |noise| {
            let mut used = start;
            let mut points = Vec::with_capacity(count);
            for (place, noise) in noise.into_iter().enumerate() {
                points.push((place as i64 * step, used.round()));
                used = (used + start * growth * (1.0 + noise)).max(0.0);
            }
            let last = points[count - 1].1;
            (points, (last * (1.0 + room)).round().max(last + 1.0))
        })
    })
}

/// Weekly scans of a growing store, with noise too small for events.
pub fn growing() -> impl Strategy<Value = (Vec<(i64, f64)>, f64)> {
    noisy(8..60, 0.3)
}

/// Weekly scans of a growing store, with noise relative to each step.
pub fn noisy(weeks: Range<usize>, noise: f64) -> impl Strategy<Value = (Vec<(i64, f64)>, f64)> {
    scans(WEEK, weeks, 0.001..0.01, -noise..noise)
}

/// Daily scans of a growing store.
pub fn daily() -> impl Strategy<Value = (Vec<(i64, f64)>, f64)> {
    scans(DAY, 30..120, 0.000_2..0.001_5, -0.5..0.5)
}

/// Weekly scans of a store that may grow, shrink, stand still or jump about.
pub fn any_pace() -> impl Strategy<Value = (Vec<(i64, f64)>, f64)> {
    let pace = |growth, noise| scans(WEEK, 4..80, growth, noise);
    prop_oneof![
        pace(0.000_1..0.02, -0.01..0.01),
        pace(0.000_1..0.02, -0.3..0.3),
        pace(0.000_1..0.02, -6.0..6.0),
        pace(-0.01..0.001, -1.0..1.0),
    ]
}

/// The days to each quantile of exhaustion, `i32::MAX` beyond the horizon.
pub fn days_to_exhaustion(series: &Series) -> Vec<i32> {
    let forecast = forecast(series);
    let exhaustion = forecast.outlook.expect("there is history enough").exhaustion;
    let days = exhaustion.map(|date| date.map_or(i32::MAX, |date| (date - forecast.as_of).get_days()));
    vec![days.p05, days.p10, days.p25, days.p50, days.p75, days.p90, days.p95]
}

/// Whether no quantile of `one` is later than that of `other`.
pub fn never_later(one: &[i32], other: &[i32]) -> bool {
    one.iter().zip(other).all(|(one, other)| one <= other)
}

/// The days to exhaustion of two histories, where neither has an event.
pub fn without_events(slow: &[(i64, f64)], fast: &[(i64, f64)], limit: f64) -> Option<(Vec<i32>, Vec<i32>)> {
    let (slow, fast) = (series(slow, Some(limit)), series(fast, Some(limit)));
    let smooth = outlook(&slow).events.is_empty() && outlook(&fast).events.is_empty();
    smooth.then(|| (days_to_exhaustion(&slow), days_to_exhaustion(&fast)))
}

/// The days to the median date, not rounded; infinite beyond the horizon.
pub fn median_days(series: &Series) -> f64 {
    let days = outlook(series).passage.quantile(0.5);
    if days <= f64::from(HORIZON) { days } else { f64::INFINITY }
}

/// The seven quantiles of a level.
pub fn levels_of(level: &Level) -> [f64; 7] {
    let used = level.used;
    [used.p05, used.p10, used.p25, used.p50, used.p75, used.p90, used.p95]
}
