//! What has to hold between the forecasts of two series that differ in one thing.

use jiff::ToSpan;
use mailrunway::forecast::Forecast;
use proptest::prelude::*;

use super::series::{CASES, DAY, HORIZON, days_to_exhaustion, forecast, growing, outlook, series};

/// Whether no quantile of the one comes after that of the other.
fn never_later(one: &[i32], other: &[i32]) -> bool {
    one.iter().zip(other).all(|(one, other)| one <= other)
}

/// The forecast with every date moved.
fn shifted(mut forecast: Forecast, days: i64) -> Forecast {
    let shift = |date: jiff::civil::Date| date.saturating_add(days.days());
    forecast.as_of = shift(forecast.as_of);
    if let Some(outlook) = &mut forecast.outlook {
        outlook.exhaustion = outlook.exhaustion.map(|date| date.map(shift));
        outlook.level.iter_mut().for_each(|level| level.date = shift(level.date));
        outlook.events.iter_mut().for_each(|event| event.date = shift(event.date));
    }
    forecast
}

/// The days to exhaustion of two histories, where neither has an event.
fn without_events(slow: &[(i64, f64)], fast: &[(i64, f64)], limit: f64) -> Option<(Vec<i32>, Vec<i32>)> {
    let (slow, fast) = (series(slow, Some(limit)), series(fast, Some(limit)));
    let smooth = outlook(&slow).events.is_empty() && outlook(&fast).events.is_empty();
    smooth.then(|| (days_to_exhaustion(&slow), days_to_exhaustion(&fast)))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(CASES) })]

    #[test]
    fn more_growth_is_never_a_later_date((points, limit) in growing(), steeper in 1.0..3.0_f64) {
        let last = points[points.len() - 1].1;
        // The same end, and every step towards it larger.
        let steep: Vec<_> = points.iter().map(|&(time, used)| (time, last - (last - used) * steeper)).collect();
        prop_assume!(steep[0].1 >= 0.0);
        let slow_and_fast = without_events(&points, &steep, limit);
        prop_assume!(slow_and_fast.is_some());
        let (slow, fast) = slow_and_fast.expect("assumed above");
        // Spread grows with growth, so that the law holds from the earliest date to the expected one.
        prop_assert!(never_later(&fast[..4], &slow[..4]), "{fast:?} after {slow:?}");
    }

    #[test]
    fn steady_growth_that_is_faster_is_never_later((points, limit) in growing(), more in 0.0..0.02_f64) {
        let (end, last) = points[points.len() - 1];
        // The same noise round a steeper line through the same end.
        let tilt = |&(time, used): &(i64, f64)| (time, used - more * last * (end - time) as f64 / (7 * DAY) as f64);
        let steep: Vec<_> = points.iter().map(tilt).collect();
        prop_assume!(steep[0].1 >= 0.0);
        let slow_and_fast = without_events(&points, &steep, limit);
        prop_assume!(slow_and_fast.is_some());
        let (slow, fast) = slow_and_fast.expect("assumed above");
        prop_assert!(never_later(&fast[..4], &slow[..4]), "{fast:?} after {slow:?}");
    }

    #[test]
    fn a_higher_limit_is_never_an_earlier_date((points, limit) in growing(), more in 1.0..2.0_f64) {
        let low = days_to_exhaustion(&series(&points, Some(limit)));
        let high = days_to_exhaustion(&series(&points, Some(limit * more)));
        prop_assert!(never_later(&low, &high), "{low:?} after {high:?}");
    }

    #[test]
    fn shifting_all_times_shifts_every_date((points, limit) in growing(), days in -5_000..5_000_i64) {
        let later: Vec<_> = points.iter().map(|&(time, used)| (time + days * DAY, used)).collect();
        let here = forecast(&series(&points, Some(limit)));
        prop_assert_eq!(shifted(here, days), forecast(&series(&later, Some(limit))));
    }

    #[test]
    fn sizes_in_other_units_change_no_date((points, limit) in growing(), power in -8..20_i32) {
        // A power of two, so that not even the last bit is rounded differently.
        let unit = 2.0_f64.powi(power);
        let scaled: Vec<_> = points.iter().map(|&(time, used)| (time, used * unit)).collect();
        let (here, there) = (outlook(&series(&points, Some(limit))), outlook(&series(&scaled, Some(limit * unit))));
        prop_assert_eq!(here.exhaustion, there.exhaustion);
        prop_assert_eq!(here.probability, there.probability);
        prop_assert_eq!(here.growth_per_day.p50 * unit, there.growth_per_day.p50);
    }

    #[test]
    fn the_order_of_rows_does_not_matter(
        (points, limit) in growing(), order in prop::collection::vec(any::<u64>(), 60),
    ) {
        let mut mixed: Vec<_> = points.iter().zip(order).collect();
        mixed.sort_by_key(|(_, place)| *place);
        let mixed: Vec<_> = mixed.into_iter().map(|(point, _)| *point).collect();
        prop_assert_eq!(forecast(&series(&points, Some(limit))), forecast(&series(&mixed, Some(limit))));
    }

    #[test]
    fn a_repeated_observation_changes_nothing((points, limit) in growing(), which in any::<prop::sample::Index>()) {
        let mut twice = points.clone();
        twice.push(points[which.index(points.len())]);
        prop_assert_eq!(forecast(&series(&points, Some(limit))), forecast(&series(&twice, Some(limit))));
    }

    #[test]
    fn an_observation_on_the_line_between_two_weeks_changes_nothing((points, limit) in growing()) {
        let mut more = points.clone();
        for pair in points.windows(2) {
            more.push((pair[0].0 + 7 * DAY / 2, (pair[0].1 + pair[1].1) / 2.0));
        }
        let (here, there) = (outlook(&series(&points, Some(limit))), outlook(&series(&more, Some(limit))));
        prop_assert_eq!(here.exhaustion, there.exhaustion);
    }

    #[test]
    fn the_probability_and_the_date_are_one_distribution((points, limit) in growing()) {
        let outlook = outlook(&series(&points, Some(limit)));
        for (p, days) in [0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95].into_iter().zip(days_to_exhaustion(
            &series(&points, Some(limit)),
        )) {
            if days <= HORIZON as i32 {
                // A date is the day that is nearest.
                let within = |more: f64| outlook.passage.share_within((f64::from(days) + more).max(1.0));
                prop_assert!(within(0.5) >= p - 1e-9, "{} of {p} after {days} days", within(0.5));
                prop_assert!(days == 1 || within(-0.5) <= p + 1e-9, "{} of {p} before {days} days", within(-0.5));
            }
        }
    }
}
