//! Past forecasts compared with the observed levels.
//!
//! If forecasts are calibrated, the issued probability of a level at or below the observed one is uniform (probability
//! integral transform: Dawid 1984). If it piles up at both ends, the ranges were too narrow.

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};

use super::Quantiles;
use schemars::JsonSchema;
use serde::Serialize;

use crate::history::issued::{IssuedForecast, IssuedLevel};
use crate::model::dates::{SECONDS_PER_DAY, utc_day};
use crate::model::json;
use crate::model::schema::Day;
use crate::model::series::{Observation, Resource, Series};

/// The level is interpolated between observations at most this far from the day: a weekly scan may be missed.
const BRACKET_DAYS: f64 = 10.0;

/// The standard normal quantiles of the seven probabilities.
const NORMAL_QUANTILES: [f64; 7] = [
    -1.644_853_626_951_472_2,
    -1.281_551_565_544_600_4,
    -0.674_489_750_196_081_7,
    0.0,
    0.674_489_750_196_081_7,
    1.281_551_565_544_600_4,
    1.644_853_626_951_472_2,
];

/// Bound of the scores, beyond which seven quantiles say nothing: one case in 741.
const FURTHEST: f64 = 3.0;

/// A forecast level and the observed one.
#[derive(Clone, Debug, PartialEq, JsonSchema, Serialize)]
pub struct Resolved {
    /// The name of the series.
    #[serde(skip)]
    pub series: String,
    /// The resource.
    #[serde(skip)]
    pub resource: Resource,
    /// The day on which the forecast was made, in UTC.
    #[schemars(with = "Day")]
    pub as_of: Date,
    /// The name and version of the model.
    #[serde(skip)]
    pub model: String,
    /// Days ahead.
    pub days: u32,
    /// The forecast level, in units of the resource.
    #[serde(rename = "forecast", serialize_with = "json::whole_quantiles")]
    #[schemars(with = "Quantiles<u64>")]
    pub issued: Quantiles<f64>,
    /// The observed level, in units of the resource.
    #[serde(serialize_with = "json::whole")]
    #[schemars(with = "u64")]
    pub came: f64,
    /// The factor by which the forecast was widened.
    #[serde(skip)]
    pub issued_spread: f64,
    /// The normal score of the observed level in the forecast, from -3 to 3; 0 is the median.
    #[serde(skip)]
    pub z: f64,
}

impl Resolved {
    /// Whether the observed level lay in the 80 % range.
    pub(crate) fn is_within(&self) -> bool {
        (self.issued.p10..=self.issued.p90).contains(&self.came)
    }

    /// The day of the level.
    pub fn resolved_on(&self) -> Date {
        self.as_of.saturating_add(i64::from(self.days).days())
    }
}

/// The forecast levels of a series whose observed levels are known, in the order of issue.
pub(crate) fn resolve(issued: &[IssuedForecast], series: &Series) -> Vec<Resolved> {
    let of_series = issued.iter().filter(|one| one.series == series.name && one.resource == series.resource);
    let resolved = |one: &IssuedForecast, level: &IssuedLevel| {
        let start = start(one.as_of, &series.observations)?;
        // A forecast of room left counts from the size of its day.
        let moved = series.moved_since(one.limit);
        let used = level.used.map(|used| used + moved);
        let came = level_at(start + f64::from(level.days) * SECONDS_PER_DAY, &series.observations)?;
        Some(Resolved {
            series: one.series.clone(),
            resource: one.resource,
            as_of: one.as_of,
            model: one.model.clone(),
            days: level.days,
            issued: used,
            came,
            issued_spread: one.spread,
            z: z_of(came, &used.values()),
        })
    };
    of_series.flat_map(|one| one.levels.iter().filter_map(move |level| resolved(one, level))).collect()
}

/// Weight of the issued spread, in tests.
const PRIOR_TESTS: f64 = 12.0;
/// The age in days at which the weight of a test is halved.
const HALF_LIFE_DAYS: f64 = 182.0;
/// Bounds of the correction.
const LEAST_SPREAD: f64 = 0.7;
const MOST_SPREAD: f64 = 2.0;

/// The factor by which the observed levels of a series lie farther from the medians than the model predicts; 1 without
/// resolved forecasts.
///
/// It follows the errors slowly, as adaptive conformal inference (Gibbs and Candès 2021) does with levels. Weekly forecasts
/// for months ahead cover the same months, so each has less weight.
pub(crate) fn spread(resolved: &[Resolved]) -> f64 {
    let Some(last) = resolved.iter().map(Resolved::resolved_on).max() else { return 1.0 };
    let (mut tests, mut squares) = (0.0, 0.0);
    for one in resolved {
        let age = f64::from((last - one.resolved_on()).get_days());
        let weight = 7.0 / f64::from(one.days.max(7)) * 0.5_f64.powf(age / HALF_LIFE_DAYS);
        tests += weight;
        squares += weight * (one.z * one.issued_spread).powi(2);
    }
    ((squares + PRIOR_TESTS) / (tests + PRIOR_TESTS)).sqrt().clamp(LEAST_SPREAD, MOST_SPREAD)
}

/// The second from which a forecast counts its days: that of the last observation of its day.
fn start(as_of: Date, observations: &[Observation]) -> Option<f64> {
    observations.iter().rev().find(|o| utc_day(o.time) == as_of).map(|o| second(o.time))
}

fn second(time: Timestamp) -> f64 {
    time.as_second() as f64
}

/// The level at a second, interpolated between two observations if they are near enough.
fn level_at(at: f64, observations: &[Observation]) -> Option<f64> {
    let next = observations.partition_point(|o| second(o.time) < at);
    let after = observations.get(next)?;
    if second(after.time) == at {
        return Some(after.used);
    }
    let before = observations.get(next.checked_sub(1)?)?;
    let (from, to) = (at - second(before.time), second(after.time) - at);
    let share = from / (from + to);
    (from.max(to) <= BRACKET_DAYS * SECONDS_PER_DAY).then_some(before.used + (after.used - before.used) * share)
}

/// The normal score of a level among ascending quantiles, by linear interpolation and extrapolation; the middle of equal
/// quantiles.
fn z_of(level: f64, quantiles: &[f64; 7]) -> f64 {
    let below = quantiles.partition_point(|&quantile| quantile < level);
    let up_to = quantiles.partition_point(|&quantile| quantile <= level);
    if below < up_to {
        return (NORMAL_QUANTILES[below] + NORMAL_QUANTILES[up_to - 1]) / 2.0;
    }
    let from = below.saturating_sub(1).min(quantiles.len() - 2);
    let width = quantiles[from + 1] - quantiles[from];
    let z = NORMAL_QUANTILES[from];
    let step = NORMAL_QUANTILES[from + 1] - z;
    // Beyond equal quantiles the line is vertical.
    (z + (level - quantiles[from]) / width * step).clamp(-FURTHEST, FURTHEST)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forecast::normal;
    use jiff::civil::date;

    /// Quantiles with a median of 100.
    const TENS: [f64; 7] = [80.0, 85.0, 95.0, 100.0, 110.0, 120.0, 130.0];

    fn near(one: f64, other: f64) -> bool {
        (one - other).abs() < 1e-9
    }

    #[test]
    fn a_level_between_quantiles_is_interpolated() {
        assert_eq!(z_of(100.0, &TENS), 0.0);
        assert_eq!(z_of(95.0, &TENS), -0.674_489_750_196_081_7);
        assert_eq!(z_of(130.0, &TENS), 1.644_853_626_951_472_2);
        // Half way from 0 to 0.67449, and four fifths from 1.28155 to 1.64485.
        assert!(near(z_of(105.0, &TENS), 0.337_244_875_098));
        assert!(near(z_of(128.0, &TENS), 1.572_193_214_670_1));
    }

    #[test]
    fn a_level_outside_the_quantiles_is_extrapolated_up_to_three() {
        // A line of 0.36330 for five, from -1.64485 at 80; of the same for ten, from 1.64485 at 130.
        assert!(near(z_of(75.0, &TENS), -2.008_155_688_358_344));
        assert!(near(z_of(140.0, &TENS), 2.008_155_688_358_344));
        assert_eq!((z_of(0.0, &TENS), z_of(1e15, &TENS)), (-3.0, 3.0));
    }

    #[test]
    fn equal_quantiles_give_their_middle() {
        let sure = [5.0; 7];
        assert_eq!([4.9, 5.0, 5.1].map(|level| z_of(level, &sure)), [-3.0, 0.0, 3.0]);
        let floor = [0.0, 0.0, 0.0, 4.0, 8.0, 9.0, 10.0];
        assert!(near(z_of(0.0, &floor), (-1.644_853_626_951 - 0.674_489_750_196) / 2.0));
        assert!(near(z_of(2.0, &floor), -0.674_489_750_196_081_7 / 2.0));
    }

    #[test]
    fn probabilities_match_published_tables() {
        let actual =
            [(0.0, 0.5), (1.0, 0.841_344_746_068_543), (-3.0, 0.001_349_898_031_630), (3.0, 0.998_650_101_968_370)];
        assert!(actual.iter().all(|&(z, p)| near(normal::cdf(z), p)));
        let met = NORMAL_QUANTILES.map(normal::cdf);
        assert!(met.iter().zip([0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95]).all(|(&met, p)| near(met, p)), "{met:?}");
    }

    /// A forecast issued on 1 January 1970 of the levels `days` ahead.
    fn issued(days: &[u32]) -> IssuedForecast {
        let mut tens = TENS.into_iter();
        let used = Quantiles::from_fn(|_| tens.next().unwrap());
        IssuedForecast {
            series: "vmail".into(),
            resource: Resource::Bytes,
            as_of: date(1970, 1, 1),
            model: "m".into(),
            used: 90.0,
            limit: None,
            horizon_days: 365,
            spread: 1.0,
            exhaustion_days: Quantiles::default(),
            levels: days.iter().map(|&days| IssuedLevel { days, used }).collect(),
        }
    }

    /// A series observed at noon on these days since 1970.
    fn observed(days_and_levels: &[(i64, f64)]) -> Series {
        let noon = |&(day, used): &(i64, f64)| Observation {
            time: Timestamp::from_second(day * 86_400 + 43_200).unwrap(),
            used,
        };
        Series::new("vmail".into(), Resource::Bytes, days_and_levels.iter().map(noon).collect(), None)
    }

    #[test]
    fn the_observed_level_is_interpolated_between_scans() {
        let series = observed(&[(0, 90.0), (7, 100.0), (26, 100.0), (31, 110.0), (80, 0.0), (101, 9.0), (182, 130.0)]);
        let resolved = resolve(&[issued(&[7, 28, 91, 182, 364])], &series);
        let actual: Vec<(u32, f64, f64)> = resolved.iter().map(|one| (one.days, one.came, one.z)).collect();
        // Two fifths of the way from 100 to 110. Day 91 has no scan within ten days before it, day 364 none at all.
        let z_104 = 0.4 * 0.674_489_750_196_081_7;
        assert_eq!(actual.iter().map(|one| one.0).collect::<Vec<_>>(), [7, 28, 182]);
        assert_eq!((actual[0].1, actual[0].2), (100.0, 0.0));
        assert!(near(actual[1].1, 104.0) && near(actual[1].2, z_104), "{actual:?}");
        assert!(near(normal::cdf(resolved[2].z), 0.95));
    }

    #[test]
    fn a_forecast_of_room_counts_from_the_size_of_its_day() {
        let plain = observed(&[(0, 90.0), (7, 100.0)]);
        let grown = Series { limit: Some(150.0), room: Some(Default::default()), ..plain.clone() };
        let then = IssuedForecast { limit: Some(140.0), ..issued(&[7]) };
        let of = |series: &Series| resolve(std::slice::from_ref(&then), series)[0].issued.p50;
        assert_eq!((of(&plain), of(&grown)), (100.0, 110.0));
    }

    #[test]
    fn only_forecasts_issued_from_a_scan_of_the_series_are_resolved() {
        let series = observed(&[(0, 90.0), (7, 100.0)]);
        assert_eq!(resolve(&[issued(&[7])], &series).len(), 1);
        let others = [
            IssuedForecast { series: "other".into(), ..issued(&[7]) },
            IssuedForecast { resource: Resource::Inodes, ..issued(&[7]) },
            IssuedForecast { as_of: date(1970, 1, 3), ..issued(&[7]) },
        ];
        assert_eq!(resolve(&others, &series), []);
    }
}
