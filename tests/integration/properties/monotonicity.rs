//! More growth or less free space never moves the date later.

use proptest::prelude::*;

use super::series::{
    CASES, DAY, HORIZON, any_pace, cases, days_to_exhaustion, growing, never_later, outlook, series, without_events,
};

/// Checks that a history that grows faster to the same end does not have a later date.
fn assert_never_later(slow: &[(i64, f64)], fast: &[(i64, f64)], limit: f64) -> Result<(), TestCaseError> {
    prop_assume!(fast[0].1 >= 0.0);
    let slow_and_fast = without_events(slow, fast, limit);
    prop_assume!(slow_and_fast.is_some());
    let (slow, fast) = slow_and_fast.expect("assumed above");
    prop_assert!(never_later(&fast, &slow), "{fast:?} after {slow:?}");
    Ok(())
}

proptest! {
    #![proptest_config(cases(4 * CASES))]

    #[test]
    fn larger_steps_to_the_same_level_never_give_a_later_date((points, limit) in growing(), steeper in 1.0..3.0_f64) {
        let last = points[points.len() - 1].1;
        // The same end, and every step towards it larger.
        let steep: Vec<_> = points.iter().map(|&(time, used)| (time, last - (last - used) * steeper)).collect();
        assert_never_later(&points, &steep, limit)?;
    }

    #[test]
    fn a_steeper_trend_to_the_same_level_never_gives_a_later_date((points, limit) in growing(), more in 0.0..0.02_f64) {
        let (end, last) = points[points.len() - 1];
        // The same noise around a steeper line to the same end.
        let tilt = |&(time, used): &(i64, f64)| (time, used - more * last * (end - time) as f64 / (7 * DAY) as f64);
        let steep: Vec<_> = points.iter().map(tilt).collect();
        assert_never_later(&points, &steep, limit)?;
    }

    #[test]
    fn a_higher_limit_never_gives_an_earlier_date((points, limit) in any_pace(), more in 0.0..2.0_f64) {
        let low = days_to_exhaustion(&series(&points, Some(limit)));
        let last = points[points.len() - 1].1;
        let high = days_to_exhaustion(&series(&points, Some(limit + more * (limit - last))));
        prop_assert!(never_later(&low, &high), "{low:?} after {high:?}");
    }

    #[test]
    fn a_higher_limit_is_never_more_probable((points, limit) in any_pace(), more in 0.0..2.0_f64) {
        let last = points[points.len() - 1].1;
        let low = outlook(&series(&points, Some(limit)));
        let high = outlook(&series(&points, Some(limit + more * (limit - last))));
        for day in (1..=HORIZON).map(f64::from) {
            let (low, high) = (low.passage.share_within(day), high.passage.share_within(day));
            prop_assert!(low >= high - 1e-9, "{high} after {low} within {day} days");
        }
        for (low, high) in low.probability.iter().zip(&high.probability) {
            prop_assert!(low.p >= high.p - 1e-9, "{high:?} after {low:?}");
        }
    }
}
