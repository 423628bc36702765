//! Series for the laws: made up by proptest, or bent as a law needs it.

use std::sync::LazyLock;

use jiff::Timestamp;
use mailrunway::forecast::{Forecast, Forecaster, Options, Outlook};
use mailrunway::series::{Observation, Resource, Series};
use proptest::prelude::*;

/// Cases a law, so that all of them take some seconds.
pub const CASES: u32 = 64;

pub const DAY: i64 = 86_400;
pub const WEEK: i64 = 7 * DAY;

/// Two years ahead, so that dates on both sides of the horizon are common.
pub const HORIZON: u32 = 2 * 365;

/// The start of every series.
const START: i64 = 1_700_000_000;

/// A forecaster as the commands make it; its draws are the same in every case.
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

/// Weekly scans of a store that grows, with noise that is no event, and a limit above it.
pub fn growing() -> impl Strategy<Value = (Vec<(i64, f64)>, f64)> {
    (8..60_usize, 1_000.0..1e12_f64, 0.001..0.01_f64, 0.01..2.0_f64).prop_flat_map(|(weeks, start, growth, room)| {
        let noise = prop::collection::vec(-0.3..0.3_f64, weeks);
        noise.prop_map(move |noise| {
            let mut used = start;
            let mut points = Vec::with_capacity(weeks);
            for (week, noise) in noise.into_iter().enumerate() {
                points.push((week as i64 * WEEK, used.round()));
                used += start * growth * (1.0 + noise);
            }
            let last = points[weeks - 1].1;
            (points, (last * (1.0 + room)).round())
        })
    })
}

/// The days to each quantile of exhaustion; what lies beyond the horizon is later than everything.
pub fn days_to_exhaustion(series: &Series) -> Vec<i32> {
    let forecast = forecast(series);
    let exhaustion = forecast.outlook.expect("there is history enough").exhaustion;
    let days = exhaustion.map(|date| date.map_or(i32::MAX, |date| (date - forecast.as_of).get_days()));
    vec![days.p05, days.p10, days.p25, days.p50, days.p75, days.p90, days.p95]
}
