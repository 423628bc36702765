//! One absurd scan does not move the date if the next one contradicts it, and an import or a purge is not growth.

use proptest::prelude::*;
use proptest::sample::Index;

use super::series::{CASES, DAY, WEEK, cases, daily, growing, median_days, noisy, outlook, series};

/// The factor of an absurd scan: of an unmounted volume, of a part of the store, or with a digit too many.
fn absurd() -> impl Strategy<Value = f64> {
    prop_oneof![Just(0.0), 0.1..0.6_f64, Just(10.0)]
}

/// Checks that one absurd scan moves the median date by less than a tenth.
fn assert_calm(points: &[(i64, f64)], limit: f64, place: usize, factor: f64) -> Result<(), TestCaseError> {
    let mut bent = points.to_vec();
    bent[place].1 = (bent[place].1 * factor).round();
    let (here, there) = (median_days(&series(points, Some(limit))), median_days(&series(&bent, Some(limit))));
    // Beyond the horizon there is no date to move.
    let moved = if here.max(there).is_infinite() { 1.0 } else { there / here };
    prop_assert!((1.0 / 1.1..1.1).contains(&moved), "{there} days, not {here}, by a scan of {factor} at {place}");
    Ok(())
}

proptest! {
    #![proptest_config(cases(8 * CASES))]

    #[test]
    fn an_absurd_weekly_scan_does_not_move_the_date(
        (points, limit) in noisy(12..60, 0.3), place in any::<Index>(), factor in absurd(),
    ) {
        assert_calm(&points, limit, place.index(points.len() - 1), factor)?;
    }

    #[test]
    fn an_absurd_daily_scan_does_not_move_the_date((points, limit) in daily(), place in any::<Index>(), factor in absurd()) {
        assert_calm(&points, limit, place.index(points.len() - 1), factor)?;
    }

    #[test]
    fn an_absurd_first_scan_does_not_move_the_date((points, limit) in noisy(12..60, 0.1), tenfold in any::<bool>()) {
        assert_calm(&points, limit, 0, if tenfold { 10.0 } else { 0.0 })?;
    }

    #[test]
    fn the_newest_scan_after_a_clean_up_is_believed((points, limit) in noisy(26..60, 0.1), kept in 0.2..0.6_f64) {
        let mut cleaned = points.clone();
        let (last, before) = (points.len() - 1, points[points.len() - 2].1);
        cleaned[last].1 = (before * kept).round();
        let (here, there) = (series(&points, Some(limit)), series(&cleaned, Some(limit)));
        let growth = |series| outlook(series).growth_per_day.p50;
        // What was cleaned away has to arrive again.
        let days = median_days(&there) - median_days(&here);
        prop_assert!(days.is_infinite() || days.is_nan() || days * growth(&here) > 0.5 * (before - cleaned[last].1));
    }

    #[test]
    fn an_import_or_a_purge_is_not_growth(
        (points, limit) in noisy(26..60, 0.3), size in 0.05..0.3_f64, is_purge in any::<bool>(),
    ) {
        let (end, last) = points[points.len() - 1];
        let size = (last * if is_purge { -size } else { size }).round();
        let from = end - 30 * DAY;
        let moved: Vec<_> =
            points.iter().map(|&(time, used)| (time, if time >= from { used + size } else { used })).collect();
        prop_assume!(moved.iter().all(|(_, used)| *used >= 0.0));
        let here = outlook(&series(&points, Some(limit)));
        let there = outlook(&series(&moved, Some(limit + size)));
        let (before, after) = (here.growth_per_day.p50, there.growth_per_day.p50);
        // After one import, more are likely; a line through the quarter in which it happened would rise faster.
        let of_more = size.max(0.0) / 91.0;
        prop_assert!((0.4 * before..1.2 * before + of_more).contains(&after), "{after} a day, not {before}");
        prop_assert_eq!(here.events.len(), 0);
        prop_assert_eq!(there.events.len(), 1, "{:?}", there.events);
        prop_assert!((there.events[0].size / size - 1.0).abs() < 0.25, "{:?}, not {}", there.events, size);
    }

    #[test]
    fn a_repeated_observation_does_not_change_the_forecast((points, limit) in growing(), which in any::<Index>()) {
        let mut twice = points.clone();
        twice.push(points[which.index(points.len())]);
        prop_assert_eq!(outlook(&series(&points, Some(limit))), outlook(&series(&twice, Some(limit))));
    }

    #[test]
    fn an_interpolated_observation_does_not_change_the_date((points, limit) in growing()) {
        let mut more = points.clone();
        for pair in points.windows(2) {
            more.push((pair[0].0 + WEEK / 2, (pair[0].1 + pair[1].1) / 2.0));
        }
        let (here, there) = (outlook(&series(&points, Some(limit))), outlook(&series(&more, Some(limit))));
        prop_assert_eq!(here.exhaustion, there.exhaustion);
    }
}
