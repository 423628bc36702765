//! The grid: levels at even steps back from the last observation.
//!
//! Weeks average out the weekday pattern, and on daily series simple methods win anyway (M4: Makridakis et al. 2020). The
//! first weeks of a history are read as often as it was observed.

use crate::forecast::outliers::AgedLevel;
use crate::model::{dates::SECONDS_PER_DAY, series::Observation};

/// Days of a week, the usual step.
pub(super) const WEEK: f64 = 7.0;
/// Histories of fewer days have steps as long as the usual distance of their observations.
const FIRST_DAYS: f64 = 42.0;
/// The least step in days.
const LEAST_STEP: f64 = 0.5;
/// Ten years.
const MOST_STEPS: usize = 520;

/// The days between two levels.
pub(super) fn step(samples: &[AgedLevel]) -> f64 {
    match samples {
        [first, others @ .., _] if first.age < FIRST_DAYS => {
            (first.age / (others.len() + 1) as f64).clamp(LEAST_STEP, WEEK)
        }
        _ => WEEK,
    }
}

/// The levels at the last sample and at every full step before it, oldest first, interpolated linearly between samples.
/// Units are those of the samples.
pub(super) fn levels(samples: &[AgedLevel], step: f64) -> Vec<f64> {
    let Some(last) = samples.last() else { return Vec::new() };
    // A rounding error must not lose the first sample.
    let steps = ((samples[0].age / step + 1e-9).floor() as usize).min(MOST_STEPS);
    let mut levels = vec![last.used];
    let mut later = samples.len() - 1;
    for index in 1..=steps {
        let age = index as f64 * step;
        while later > 1 && samples[later - 1].age < age {
            later -= 1;
        }
        let (before, after) = (&samples[later - 1], &samples[later]);
        let (old, young) = (before.age, after.age);
        let weight = if old > young { (age - young) / (old - young) } else { 1.0 };
        levels.push(after.used + (before.used - after.used) * weight.clamp(0.0, 1.0));
    }
    levels.reverse();
    levels
}

/// The changes from each level to the next.
pub(super) fn increments(levels: &[f64]) -> Vec<f64> {
    levels.windows(2).map(|pair| pair[1] - pair[0]).collect()
}

/// Whole days from the first to the last observation.
pub(super) fn span_days(observations: &[Observation]) -> u32 {
    match (observations.first(), observations.last()) {
        (Some(first), Some(last)) => (last.time.duration_since(first.time).as_secs_f64() / SECONDS_PER_DAY) as u32,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forecast::outliers;
    use jiff::Timestamp;

    fn daily(days_and_levels: &[(i64, f64)]) -> Vec<AgedLevel> {
        outliers::samples(&observed(days_and_levels))
    }

    fn observed(days_and_levels: &[(i64, f64)]) -> Vec<Observation> {
        days_and_levels
            .iter()
            .map(|&(day, used)| Observation { time: Timestamp::from_second(day * 86_400).unwrap(), used })
            .collect()
    }

    #[test]
    fn interpolates_between_uneven_observations() {
        let observed = observed(&[(0, 0.0), (10, 100.0), (11, 100.0), (20, 190.0), (21, 220.0)]);
        assert_eq!(levels(&outliers::samples(&observed), WEEK), [0.0, 70.0, 130.0, 220.0]);
        assert_eq!(increments(&[0.0, 70.0, 130.0, 220.0]), [70.0, 60.0, 90.0]);
        assert_eq!(span_days(&observed), 21);
    }

    #[test]
    fn a_single_observation_is_a_single_level() {
        assert_eq!(levels(&daily(&[(3, 5.0)]), WEEK), [5.0]);
        assert!(levels(&[], WEEK).is_empty());
    }

    #[test]
    fn daily_observations_are_sampled_weekly() {
        let days: Vec<(i64, f64)> = (0..=70).map(|d| (d, (d * d) as f64)).collect();
        let levels = levels(&daily(&days), WEEK);
        assert_eq!(levels.len(), 11);
        for (week, level) in levels.iter().enumerate() {
            assert_eq!(*level, (week * week * 49) as f64);
        }
    }
}
