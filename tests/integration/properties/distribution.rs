//! Within one forecast, quantiles, probabilities and levels are ordered and belong to one distribution.

use proptest::prelude::*;

use super::series::{CASES, HORIZON, any_pace, cases, days_to_exhaustion, growing, levels_of, outlook, series};

/// The probabilities of the quantiles.
const P: [f64; 7] = [0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95];

proptest! {
    #![proptest_config(cases(2 * CASES))]

    #[test]
    fn quantiles_are_in_order((points, limit) in any_pace()) {
        let series = series(&points, Some(limit));
        let days = days_to_exhaustion(&series);
        prop_assert!(days.is_sorted() && days[0] >= 1, "{days:?}");
        let outlook = outlook(&series);
        prop_assert!(outlook.level.is_sorted_by(|a, b| a.date < b.date));
        for level in &outlook.level {
            let levels = levels_of(level);
            prop_assert!(levels.is_sorted(), "{levels:?}");
            prop_assert!(levels.iter().all(|level| level.is_finite() && *level >= 0.0), "{levels:?}");
        }
        let growth = outlook.growth_per_day;
        prop_assert!(growth.p10 <= growth.p50 && growth.p50 <= growth.p90, "{growth:?}");
    }

    #[test]
    fn probability_never_falls_with_time((points, limit) in any_pace()) {
        let outlook = outlook(&series(&points, Some(limit)));
        let shares: Vec<f64> = (0..=4 * HORIZON).map(|day| outlook.passage.share_within(f64::from(day) / 2.0)).collect();
        prop_assert!(shares.is_sorted_by(|a, b| *a <= b + 1e-12), "{shares:?}");
        prop_assert!(shares.iter().all(|share| (0.0..=1.0).contains(share)), "{shares:?}");
        let actual: Vec<f64> = outlook.probability.iter().map(|at| at.p).collect();
        prop_assert!(actual.is_sorted() && actual.iter().all(|p| (0.0..=1.0).contains(p)), "{actual:?}");
    }

    #[test]
    fn probabilities_and_dates_belong_to_one_distribution((points, limit) in any_pace()) {
        let series = series(&points, Some(limit));
        let outlook = outlook(&series);
        for (p, days) in P.into_iter().zip(days_to_exhaustion(&series)) {
            if days <= HORIZON as i32 {
                // A date is rounded to the nearest day.
                let within = |more: f64| outlook.passage.share_within((f64::from(days) + more).max(1.0));
                prop_assert!(within(0.5) >= p - 1e-9, "{} of {p} after {days} days", within(0.5));
                prop_assert!(days == 1 || within(-0.5) <= p + 1e-9, "{} of {p} before {days} days", within(-0.5));
            }
        }
    }

    #[test]
    fn the_median_level_of_a_growing_series_does_not_fall((points, limit) in growing()) {
        let now = points[points.len() - 1].1;
        for level in outlook(&series(&points, Some(limit))).level {
            prop_assert!(level.used.p50 >= now * (1.0 - 1e-9), "{level:?} after {now}");
        }
    }

    #[test]
    fn the_probability_of_a_level_above_the_limit_is_at_most_that_of_the_date((points, limit) in any_pace()) {
        let outlook = outlook(&series(&points, Some(limit)));
        for (week, level) in outlook.level.iter().enumerate() {
            // A week, because the levels are weekly.
            let full = outlook.passage.share_within(7.0 * (week + 2) as f64);
            for (p, used) in P.into_iter().zip(levels_of(level)) {
                let above = if used >= limit { 1.0 - p } else { 0.0 };
                prop_assert!(above <= full + 1e-9, "{above} above the limit in week {week}, and {full} full");
            }
        }
    }

    #[test]
    fn each_line_of_the_fan_meets_the_limit_on_the_date_of_its_probability((points, limit) in any_pace()) {
        let series = series(&points, Some(limit));
        let outlook = outlook(&series);
        let lines = outlook.level.iter().map(levels_of).collect::<Vec<_>>();
        for (days, line) in days_to_exhaustion(&series).into_iter().zip((0..7).rev()) {
            let meets = lines.iter().position(|levels| levels[line] >= limit * (1.0 - 1e-9));
            let Some(week) = meets.filter(|_| days >= 14) else { continue };
            let met = 7 * (week as i32 + 1);
            // The last level lies a little beyond the horizon, where there are no dates.
            let meets = met >= HORIZON as i32 || (0..=8).contains(&(met - days));
            prop_assert!(meets, "line {line} meets the limit on day {met}, its date is {days}");
        }
    }

    #[test]
    fn growth_is_the_slope_of_the_lines((points, limit) in any_pace()) {
        let outlook = outlook(&series(&points, Some(limit)));
        // Of a store that is cleared out the peaks are forecast.
        prop_assume!(outlook.clear_outs.is_none());
        let (now, growth) = (points[points.len() - 1].1, outlook.growth_per_day);
        for (week, level) in outlook.level.iter().enumerate().take(13) {
            let expected = (now + growth.p50 * 7.0 * (week + 1) as f64).max(0.0);
            prop_assert!((level.used.p50 - expected).abs() <= 1e-6 * now.max(1.0), "{level:?}, not {expected}");
        }
    }
}
