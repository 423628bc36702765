//! Any table gets a forecast or a clear refusal.

use std::path::Path;
use std::time::{Duration, Instant};

use mailrunway::forecast::{Quantiles, State, Trend};
use mailrunway::model::json;
use mailrunway::model::series::Series;
use mailrunway::model::series::table::read_csv;
use proptest::prelude::*;
use serde_json::Value;

use super::series::{CASES, DAY, WEEK, cases, forecast, growing, series};

/// Amounts that can break arithmetic: zero, one byte, ordinary, and the largest 64-bit numbers.
fn amount() -> impl Strategy<Value = f64> {
    prop_oneof![
        Just(0.0),
        Just(1.0),
        Just(2.0_f64.powi(53)),
        Just(2.0_f64.powi(63)),
        Just(u64::MAX as f64),
        0.0..1e6_f64,
        0.0..1.8e19_f64,
    ]
}

/// Time steps that can break grids: zero, one second, ordinary, and years.
fn step() -> impl Strategy<Value = i64> {
    prop_oneof![Just(0), Just(1), Just(DAY), Just(WEEK), 0..30 * DAY, Just(400 * DAY), Just(10_000 * DAY)]
}

fn any_series() -> impl Strategy<Value = Series> {
    let points = prop::collection::vec((step(), amount()), 1..30);
    (points, prop::option::of(amount())).prop_map(|(steps, limit)| {
        let mut now = 0;
        let points = steps.into_iter().map(|(step, used)| {
            now += step;
            (now, used)
        });
        series(&points.collect::<Vec<_>>(), limit)
    })
}

/// Checks that the forecast is consistent and finite.
fn assert_clear(series: &Series) -> Result<(), TestCaseError> {
    let forecast = forecast(series);
    let full = series.limit.is_some_and(|limit| series.used() >= Some(limit));
    prop_assert_eq!(forecast.state == State::Already, full);
    let line: Value = serde_json::from_str(&json::line(&forecast)).expect("it is JSON");
    prop_assert_eq!(line["used"].as_u64(), Some(forecast.used.round() as u64));
    let Some(outlook) = forecast.outlook else {
        let waits = matches!(forecast.state, State::NotEnoughHistory { .. });
        prop_assert!(waits || full, "{:?} without an outlook", forecast.state);
        return Ok(());
    };
    let e = outlook.exhaustion;
    let dates = [e.p05, e.p10, e.p25, e.p50, e.p75, e.p90, e.p95];
    let (actual, beyond) = dates.split_at(dates.iter().take_while(|date| date.is_some()).count());
    prop_assert!(actual.is_sorted() && beyond.iter().all(Option::is_none), "{:?}", dates);
    prop_assert!(actual.iter().all(|date| *date >= Some(forecast.as_of)), "a date in the past: {:?}", dates);
    for level in &outlook.level {
        let l = level.used;
        let levels = [l.p05, l.p10, l.p25, l.p50, l.p75, l.p90, l.p95];
        prop_assert!(levels.is_sorted() && levels.iter().all(|l| l.is_finite() && *l >= 0.0), "{:?}", levels);
    }
    let p: Vec<f64> = outlook.probability.iter().map(|at| at.p).collect();
    prop_assert!(p.is_sorted() && p.iter().all(|p| (0.0..=1.0).contains(p)), "{:?}", p);
    let g = outlook.growth_per_day;
    prop_assert!([g.p10, g.p50, g.p90].is_sorted() && g.p10.is_finite() && g.p90.is_finite(), "{:?}", g);
    prop_assert!(outlook.events.iter().all(|event| event.size.is_finite()), "{:?}", outlook.events);
    match forecast.state {
        State::Expected => prop_assert!(e.p50.is_some()),
        State::Beyond => prop_assert!(e.p50.is_none() && outlook.has_dates),
        State::NotGrowing => prop_assert!(e.p50.is_none() && outlook.trend != Trend::Grows),
        State::Already => {}
        State::NoLimit => prop_assert!(series.limit.is_none() && e == Quantiles::default()),
        State::NotEnoughHistory { .. } => prop_assert!(false, "an outlook without history"),
    }
    Ok(())
}

proptest! {
    #![proptest_config(cases(3 * CASES))]

    #[test]
    fn any_series_has_a_consistent_forecast(series in any_series()) {
        assert_clear(&series)?;
    }

    #[test]
    fn a_shrinking_series_has_no_date(
        weeks in 3..80_i64, start in 1e6..1e18_f64, a_week in 0.97..0.999_f64, room in 0.3..3.0_f64,
    ) {
        let points = weekly(weeks, |week| (start * a_week.powi(week as i32)).round());
        let series = series(&points, Some(points[points.len() - 1].1 * (1.0 + room)));
        assert_clear(&series)?;
        prop_assert_eq!(forecast(&series).state, State::NotGrowing);
    }

    #[test]
    fn a_constant_series_has_no_date(
        weeks in 3..150_i64, level in amount(), room in 0.5..99.0_f64,
    ) {
        // Close to the limit, the growth learnt from other stores gives a date.
        let series = series(&weekly(weeks, |_| level), Some((level * (1.0 + room)).max(5.0)));
        assert_clear(&series)?;
        prop_assert_eq!(forecast(&series).state, State::NotGrowing);
    }

    #[test]
    fn a_series_without_a_limit_has_levels_and_no_date((points, _) in growing()) {
        let series = series(&points, None);
        assert_clear(&series)?;
        let forecast = forecast(&series);
        prop_assert_eq!(forecast.state, State::NoLimit);
        prop_assert!(forecast.exhaustion().is_none() && forecast.probability().is_empty());
        let outlook = forecast.outlook.expect("there is history enough");
        prop_assert!(outlook.probability.iter().all(|at| at.p == 0.0), "{:?}", outlook.probability);
        prop_assert!(outlook.level.iter().all(|level| level.used.p50 > 0.0));
    }

    #[test]
    fn a_table_with_an_invalid_amount_is_refused(
        (points, _) in growing(), place in any::<prop::sample::Index>(),
        amount in prop::sample::select(&["NaN", "nan", "inf", "-inf", "Infinity", "-1", "1e20", "1e400", "", "many"][..]),
        of_limit in any::<bool>(),
    ) {
        // An empty limit is valid.
        prop_assume!(!(of_limit && amount.is_empty()));
        let place = place.index(points.len());
        let mut text = "series,time,used,limit\n".to_owned();
        for (row, (seconds, used)) in points.iter().enumerate() {
            let amounts = match (row == place, of_limit) {
                (false, _) => format!("{used},1e15"),
                (true, false) => format!("{amount},1e15"),
                (true, true) => format!("{used},{amount}"),
            };
            text += &format!("s,{},{amounts}\n", 1_700_000_000 + seconds);
        }
        let refused = read_csv(text.as_bytes(), Path::new("t.csv")).expect_err("the amount is invalid").to_string();
        let (line, column) = (format!("line {}:", place + 2), if of_limit { "limit is" } else { "used is" });
        prop_assert!(refused.contains(&line) && refused.contains(column), "{refused}");
    }
}

/// A level for each week.
fn weekly(weeks: i64, level: impl Fn(i64) -> f64) -> Vec<(i64, f64)> {
    (0..weeks).map(|week| (week * WEEK, level(week))).collect()
}

/// The state of a series with a limit, after a check of the whole forecast.
fn state(points: &[(i64, f64)], limit: f64) -> State {
    let series = series(points, Some(limit));
    assert_clear(&series).unwrap_or_else(|error| panic!("{error}"));
    forecast(&series).state
}

#[test]
fn series_without_growth_are_not_growing() {
    assert_eq!(state(&weekly(30, |_| 5e9), 1e12), State::NotGrowing, "constant");
    assert_eq!(state(&weekly(30, |_| 0.0), 1e12), State::NotGrowing, "empty");
    assert_eq!(state(&weekly(30, |week| 1e12 - 1e9 * week as f64), 2e12), State::NotGrowing, "shrinking");
}

#[test]
fn short_series_have_not_enough_history() {
    for (what, points) in [
        ("one point", weekly(1, |_| 5.0)),
        ("all in half a day", (0..12).map(|hour| (hour * 3_600, hour as f64)).collect()),
        ("all at one time", vec![(0, 5.0); 9]),
    ] {
        assert!(matches!(state(&points, 1e9), State::NotEnoughHistory { .. }), "{what}");
    }
}

#[test]
fn the_second_scan_gives_a_range() {
    for (what, points) in
        [("a day apart", vec![(0, 1e6), (DAY, 1.1e6)]), ("a week apart", weekly(2, |week| 1e6 + week as f64))]
    {
        let outlook = forecast(&series(&points, Some(2e6))).outlook.unwrap_or_else(|| panic!("{what}"));
        assert!(outlook.passage.quantile(0.1) * 3.0 < outlook.passage.quantile(0.9), "{what}: the range is wide");
    }
}

#[test]
fn series_at_their_limit_are_full_already() {
    let growing = |weeks| weekly(weeks, |week| week as f64);
    for (limit, weeks) in [(0.0, 1), (0.0, 30), (29.0, 30), (3.0, 30)] {
        assert_eq!(state(&growing(weeks), limit), State::Already, "{limit} after {weeks} weeks");
    }
}

#[test]
fn gaps_of_decades_and_the_largest_numbers_are_forecast() {
    let gap: Vec<_> = weekly(10, |week| week as f64).into_iter().chain([(20_000 * DAY, 50.0)]).collect();
    state(&gap, 1e3);
    let largest = u64::MAX as f64;
    assert_eq!(state(&weekly(30, |_| largest), largest), State::Already);
    state(&weekly(30, |week| if week % 2 == 0 { largest } else { 0.0 }), largest);
}

#[test]
fn an_empty_store_is_not_full() {
    let empty = forecast(&series(&weekly(30, |_| 0.0), Some(1.0)));
    assert!(empty.outlook.expect("there is history enough").passage.share_within(1.0) < 0.1);
}

#[test]
fn gaps_of_a_year_are_forecast() {
    // Three years of scans, the second year without any.
    let scanned = weekly(156, |week| 1e9 + 1e7 * week as f64);
    let gap: Vec<_> = scanned.into_iter().filter(|(time, _)| !(52 * WEEK..104 * WEEK).contains(time)).collect();
    assert_eq!(state(&gap, 3e9), State::Expected);
    assert_eq!(state(&gap, 1e12), State::Beyond);
}

#[test]
fn the_smallest_levels_are_forecast() {
    for size in [f64::MIN_POSITIVE, 1e-300, 1e-9, 1.0] {
        state(&weekly(30, |week| size * week as f64), 100.0 * size);
        assert_eq!(state(&weekly(30, |_| size), 1e3), State::NotGrowing, "{size}");
    }
}

#[test]
fn a_hundred_thousand_scans_are_forecast_within_two_seconds() {
    // Every quarter of an hour for three years.
    let points: Vec<_> =
        (0..100_000_i64).map(|scan| (scan * 900, 1e12 + 1e6 * scan as f64 + (scan % 96) as f64)).collect();
    // 96 million a day towards 20,000 million.
    let series = series(&points, Some(1.12e12));
    let start = Instant::now();
    let forecast = forecast(&series);
    let took = start.elapsed();
    assert!(took < Duration::from_secs(2), "{took:?}");
    let days = forecast.outlook.expect("there is history enough").passage.quantile(0.5);
    assert!((190.0..230.0).contains(&days), "{days}");
}
