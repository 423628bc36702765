//! Features: what a history is like, whatever its size, its pace and its limit.
//!
//! None of them knows the limit, and none how large or fast a store is: by what is told from them a higher limit is not
//! reached earlier, and a series in other units has the same dates.

use super::YEAR;
use crate::forecast::{discounted_mean::DiscountedMean, weekly_history::WeeklyHistory};

/// How many there are.
pub(super) const FEATURES: usize = 16;

/// Growth a year, as a share of the level, that is told from none.
const SOME_GROWTH: f64 = 0.01;
/// The same of the spread of the weeks.
const SOME_SPREAD: f64 = 1e-3;
/// Beyond it the scatter of a week beside the pace says no more than that it is large.
const MOST_SCATTER: f64 = 10.0;

/// The features of a series, in the order that `data/model.json` has them in.
pub(super) fn extract(past: &WeeklyHistory) -> [f64; FEATURES] {
    let a_year = YEAR / past.level;
    let growth = |mean: DiscountedMean| (mean.mean * a_year).max(0.0);
    let beside = |mean: DiscountedMean| ((growth(mean) + SOME_GROWTH) / (growth(past.short) + SOME_GROWTH)).ln();
    let spread = |mean: DiscountedMean| mean.spread * a_year + SOME_SPREAD;
    let calm = |mean: DiscountedMean| (spread(mean) / spread(past.quarter)).ln();
    let scatter = past.quarter.spread * a_year / growth(past.short).max(2.0 * SOME_GROWTH);
    let [month, quarter] = past.self_backtests;
    [
        past.weeks().ln(),
        (scatter.min(MOST_SCATTER) + 0.05).ln(),
        beside(past.recent),
        beside(past.year),
        beside(past.whole),
        past.correlation,
        past.whole_correlation,
        calm(past.recent),
        calm(past.whole),
        month.bias,
        quarter.bias,
        month.square.sqrt(),
        quarter.square.sqrt(),
        (past.silent_days + 3.0).ln(),
        (past.rises().len() as f64).ln_1p(),
        (past.falls().len() as f64).ln_1p(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::series::{Observation, Resource, Series};
    use jiff::{Timestamp, ToSpan};

    fn past(unit: f64, growth: f64) -> WeeklyHistory {
        let start: Timestamp = "2026-01-05T00:00:00Z".parse().expect("a time");
        let level = |week: i64| unit * (1_000.0 + growth * (week + week % 3) as f64);
        let observe = |week: i64| Observation { time: start + (7 * 24 * week).hours(), used: level(week) };
        let series = Series::new("s".to_owned(), Resource::Bytes, (0..30).map(observe).collect(), None);
        WeeklyHistory::from_series(&series).expect("there are weeks")
    }

    #[test]
    fn features_do_not_depend_on_the_unit() {
        assert_eq!(extract(&past(1.0, 10.0)), extract(&past(1_024.0, 10.0)));
    }

    #[test]
    fn features_hardly_depend_on_the_pace() {
        let (slow, fast) = (extract(&past(1.0, 10.0)), extract(&past(1.0, 14.0)));
        assert!(slow.iter().zip(fast).all(|(slow, fast)| (slow - fast).abs() < 0.02), "{slow:?} {fast:?}");
    }

    #[test]
    fn the_first_feature_is_the_log_of_the_weeks() {
        let features = extract(&past(1.0, 10.0));
        assert!((features[0] - 29.0_f64.ln()).abs() < 1e-12 && features.iter().all(|feature| feature.is_finite()));
    }
}
