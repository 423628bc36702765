//! Regular clear-outs: a purge every week, month or quarter is part of how a store lives.
//!
//! Between two clear-outs the level climbs, and a line through the climb runs into every limit. What can fill the volume is
//! the peak before each clear-out, so the peaks are forecast.

use super::outliers::AgedLevel;
use crate::model::quantiles::median;

/// The least clear-out, as a share of the highest level and of the largest clear-out: smaller ones are not of its kind.
const SHARE_OF_LEVEL: f64 = 0.02;
const SHARE_OF_LARGEST: f64 = 0.5;
/// The fewest clear-outs of a kind.
const FEWEST: usize = 3;
/// The longest and shortest time between two, over and under the usual one.
const UNEVEN: f64 = 1.5;
/// The least sum of all rises, as a share of that of all falls: a store that shrinks is not cleared out.
const RISES: f64 = 0.5;

/// The usual days between the clear-outs of a series, oldest sample first; `None` if they are not regular, or have ended.
pub(super) fn period(samples: &[AgedLevel]) -> Option<f64> {
    let falls = falls(samples);
    let largest = falls.iter().map(|fall| fall.used).fold(0.0, f64::max);
    let highest = samples.iter().map(|sample| sample.used).fold(0.0, f64::max);
    let least = (SHARE_OF_LARGEST * largest).max(SHARE_OF_LEVEL * highest);
    let days: Vec<f64> = falls.iter().filter(|fall| fall.used >= least).map(|fall| fall.age).collect();
    let apart: Vec<f64> = days.windows(2).map(|pair| pair[0] - pair[1]).collect();
    let usual = median(&apart).filter(|_| days.len() >= FEWEST)?;
    let even = |days: &f64| (usual / UNEVEN..=usual * UNEVEN).contains(days);
    let fallen: f64 = falls.iter().map(|fall| fall.used).sum();
    let risen = samples[samples.len() - 1].used - samples[0].used + fallen;
    let goes_on = days[days.len() - 1] <= usual * UNEVEN && risen >= RISES * fallen;
    (goes_on && apart.iter().all(even)).then_some(usual)
}

/// The highest level within the last period of each sample. The first period is left out: less is known of it.
pub(super) fn peaks(samples: &[AgedLevel], period: f64) -> Vec<AgedLevel> {
    let oldest = samples.first().map_or(0.0, |first| first.age);
    let peak = |(place, sample): (usize, &AgedLevel)| {
        let recent = samples[..=place].iter().rev().take_while(|other| other.age <= sample.age + period * UNEVEN);
        AgedLevel { used: recent.map(|other| other.used).fold(0.0, f64::max), ..*sample }
    };
    let known = |sample: &AgedLevel| sample.age <= (oldest - period).max(0.0);
    samples.iter().enumerate().filter(|(_, sample)| known(sample)).map(peak).collect()
}

/// The sizes of the unbroken falls, with the ages of their ends.
fn falls(samples: &[AgedLevel]) -> Vec<AgedLevel> {
    let falling = samples.chunk_by(|before, after| after.used < before.used);
    let fall = |run: &[AgedLevel]| {
        let last = run[run.len() - 1];
        AgedLevel { age: last.age, used: run[0].used - last.used }
    };
    falling.filter(|run| run.len() > 1).map(fall).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Samples `days` apart, the last of them now.
    fn samples(days: f64, levels: &[f64]) -> Vec<AgedLevel> {
        let age = |place: usize| (levels.len() - 1 - place) as f64 * days;
        levels.iter().enumerate().map(|(place, &used)| AgedLevel { age: age(place), used }).collect()
    }

    /// Levels that grow by 2 a step and go back to 10 every eighth step.
    fn saw(steps: usize) -> Vec<f64> {
        (0..steps).map(|step| 10.0 + 2.0 * (step % 8) as f64).collect()
    }

    #[test]
    fn a_purge_every_eighth_step_is_found_at_every_phase() {
        for (days, steps) in [(7.0, 97), (7.0, 100), (7.0, 104), (1.0, 30), (1.0, 33)] {
            let samples = samples(days, &saw(steps));
            assert_eq!(period(&samples), Some(8.0 * days), "{steps} samples");
            let peaks = peaks(&samples, 8.0 * days);
            assert!(peaks.iter().all(|peak| peak.used == 24.0), "{peaks:?}");
            assert_eq!(peaks[peaks.len() - 1].age, 0.0);
        }
    }

    #[test]
    fn a_purge_that_takes_two_scans_is_one() {
        let levels: Vec<f64> = (0..50).map(|step| [10.0, 14.0, 18.0, 22.0, 26.0, 16.0][step % 6]).collect();
        assert_eq!(period(&samples(7.0, &levels)), Some(42.0));
    }

    #[test]
    fn peaks_that_grow_stay_growth() {
        let levels: Vec<f64> = (0..104).map(|step| saw(104)[step] + 0.5 * step as f64).collect();
        let peaks = peaks(&samples(7.0, &levels), 56.0);
        let growth = peaks[peaks.len() - 1].used - peaks[peaks.len() - 41].used;
        assert!((growth - 0.5 * 40.0).abs() < 4.0, "{growth}");
    }

    #[test]
    fn falls_without_a_rhythm_are_not_clear_outs() {
        let period_of = |levels: &[f64]| period(&samples(7.0, levels));
        assert_eq!(period_of(&saw(16)), None, "one");
        assert_eq!(period_of(&saw(24)), None, "two");
        let uneven: Vec<f64> = (0..60)
            .map(|step| {
                100.0 + step as f64
                    - if step > 40 { 30.0 } else { 0.0 }
                    - if step > 45 { 30.0 } else { 0.0 }
                    - if step > 20 { 30.0 } else { 0.0 }
            })
            .collect();
        assert_eq!(period_of(&uneven), None, "uneven");
        let mut ended = saw(60);
        ended.extend((1..30).map(|step| 16.0 + 2.0 * f64::from(step)));
        assert_eq!(period_of(&ended), None, "ended");
        let shrinking: Vec<f64> =
            (0..60).map(|step| 900.0 - 5.0 * f64::from(step) + if step % 9 == 0 { 7.0 } else { 0.0 }).collect();
        assert_eq!(period_of(&shrinking), None, "shrinking");
        assert_eq!(period_of(&[5.0; 30]), None);
        assert_eq!(period(&[]), None);
    }
}
