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
            let days = 7.0 * (week + 1) as f64;
            let full = outlook.passage.share_within(days);
            for (p, used) in P.into_iter().zip(levels_of(level)) {
                let above = if used >= limit { 1.0 - p } else { 0.0 };
                prop_assert!(above <= full + 0.05, "{above} above the limit after {days} days, and {full} full");
            }
        }
    }
}
