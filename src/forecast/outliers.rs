//! Outliers: a volume that was not mounted, a scan of only a part, a figure with a digit too many.
//!
//! A level far outside both of its neighbours is an outlier. The newest and the oldest level have only one neighbour; they
//! are doubted only if the series never changed like that.

use crate::model::{dates::SECONDS_PER_DAY, quantiles::median, series::Observation};

/// A level and its age, which is not negative.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct AgedLevel {
    /// Days before the last observation.
    pub age: f64,
    /// In units of the resource.
    pub used: f64,
}

/// The distance of an outlier from both neighbours is more than this many median changes,
const USUAL_CHANGES: f64 = 6.0;
/// this share of the newest level,
const SHARE_OF_LEVEL: f64 = 0.03;
/// and this multiple of the distance between the neighbours: a level shift has one of them near.
const TIMES_APART: f64 = 1.5;
/// The newest level is doubted from this factor on, up or down, if no other change was more than a tenth of it.
const DOUBTED_FACTOR: f64 = 2.0;
/// The same for the oldest level, whose loss matters less.
const DOUBTED_FACTOR_OF_OLDEST: f64 = 1.5;
/// Larger factors count as this one.
const MOST_FACTOR: f64 = 100.0;
/// Scans needed to doubt the newest or the oldest.
const LEAST_KNOWN: usize = 6;

/// The levels without outliers, oldest first. The last one is the last observation, or an extrapolation if that is doubted.
pub(crate) fn believable(observations: &[Observation]) -> Vec<AgedLevel> {
    let all = samples(observations);
    if all.is_empty() {
        return all;
    }
    let mut kept = without_outliers(all);
    if let [others @ .., newest] = kept.as_slice()
        && is_doubted(newest, others.last(), others, DOUBTED_FACTOR)
    {
        let extrapolated = extrapolated(others, newest.age);
        kept.pop();
        kept.push(extrapolated);
    }
    if let [oldest, others @ ..] = kept.as_slice()
        && is_doubted(oldest, others.first(), others, DOUBTED_FACTOR_OF_OLDEST)
    {
        kept.remove(0);
    }
    kept
}

/// All levels with their ages, oldest first.
pub(crate) fn samples(observations: &[Observation]) -> Vec<AgedLevel> {
    let Some(last) = observations.last() else { return Vec::new() };
    let age = |o: &Observation| last.time.duration_since(o.time).as_secs_f64() / SECONDS_PER_DAY;
    observations.iter().map(|o| AgedLevel { age: age(o), used: o.used }).collect()
}

fn without_outliers(all: Vec<AgedLevel>) -> Vec<AgedLevel> {
    let changes: Vec<f64> = all.windows(2).map(|pair| (pair[1].used - pair[0].used).abs()).collect();
    let Some(usual) = median(&changes).filter(|_| all.len() >= 4) else { return all };
    let newest = all[all.len() - 1].used;
    let mut kept = vec![all[0]];
    for window in all.windows(3) {
        let (before, this, after) = (kept[kept.len() - 1].used, window[1], window[2].used);
        let (low, high) = (before.min(after), before.max(after));
        let outside = (low - this.used).max(this.used - high);
        let is_outlier = outside > USUAL_CHANGES * usual
            && outside > SHARE_OF_LEVEL * newest
            && outside > TIMES_APART * (high - low);
        if !is_outlier {
            kept.push(this);
        }
    }
    kept.push(all[all.len() - 1]);
    kept
}

/// Whether a level is a multiple or a fraction of its neighbour, and the series never changed like that.
fn is_doubted(level: &AgedLevel, next_to_it: Option<&AgedLevel>, others: &[AgedLevel], factor: f64) -> bool {
    let Some(next_to_it) = next_to_it.filter(|_| others.len() >= LEAST_KNOWN) else { return false };
    let at_least = |sample: &AgedLevel| sample.used.max(f64::MIN_POSITIVE);
    let jump = |a: &AgedLevel, b: &AgedLevel| (at_least(a) / at_least(b)).ln().abs().min(MOST_FACTOR.ln());
    let doubted = jump(level, next_to_it);
    doubted > factor.ln() && others.windows(2).all(|pair| jump(&pair[0], &pair[1]) < doubted / 10.0)
}

/// The level at an age, extrapolated from the last scans.
fn extrapolated(samples: &[AgedLevel], age: f64) -> AgedLevel {
    let last = samples[samples.len() - 1];
    let a_day = |pair: &[AgedLevel]| (pair[1].used - pair[0].used) / (pair[0].age - pair[1].age);
    let recent = samples[samples.len() - LEAST_KNOWN..].windows(2).map(a_day).collect::<Vec<f64>>();
    let used = last.used + median(&recent).unwrap_or(0.0) * (last.age - age);
    AgedLevel { age, used: used.max(0.0) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::Timestamp;

    fn weekly(levels: &[f64]) -> Vec<f64> {
        let observation = |(week, &used): (usize, &f64)| Observation {
            time: Timestamp::from_second(week as i64 * 7 * 86_400).unwrap(),
            used,
        };
        let observations: Vec<Observation> = levels.iter().enumerate().map(observation).collect();
        believable(&observations).iter().map(|sample| sample.used).collect()
    }

    const CALM: [f64; 8] = [100.0, 101.0, 102.5, 103.0, 104.0, 105.5, 106.0, 107.0];

    /// The calm levels with another at one place.
    fn with(place: usize, used: f64) -> Vec<f64> {
        let mut levels = CALM.to_vec();
        levels[place] = used;
        levels
    }

    #[test]
    fn a_level_that_the_next_scan_contradicts_is_dropped() {
        let without: Vec<f64> = CALM.iter().copied().filter(|&used| used != 103.0).collect();
        for absurd in [0.0, 60.0, 1_030.0] {
            assert_eq!(weekly(&with(3, absurd)), without, "{absurd}");
        }
        assert_eq!(weekly(&CALM), CALM);
    }

    #[test]
    fn a_lasting_step_is_kept() {
        let levels = [100.0, 101.0, 102.0, 150.0, 151.0, 152.0];
        assert_eq!(weekly(&levels), levels);
    }

    #[test]
    fn an_absurd_newest_level_is_replaced_by_the_trend() {
        for absurd in [0.0, 1_070.0] {
            let believed = weekly(&with(7, absurd));
            // The changes of the last six scans are 1.5, 0.5, 1, 1.5 and 0.5.
            assert_eq!(believed[7], 107.0, "{absurd}");
        }
        assert_eq!(weekly(&with(7, 130.0))[7], 130.0, "an import is kept");
        let doubled: Vec<f64> = CALM.iter().map(|used| 2.0 * used).collect();
        assert_eq!(weekly(&[&doubled[..], &[0.0]].concat())[8], 216.0, "the store grows on at its own pace");
        // A store that was emptied before may have been emptied again.
        let mut emptied = with(7, 0.0);
        emptied[3] = 10.0;
        emptied[4] = 11.0;
        assert_eq!(weekly(&emptied)[7], 0.0);
    }

    #[test]
    fn an_absurd_oldest_level_is_dropped() {
        for absurd in [0.0, 55.0, 1_000.0] {
            assert_eq!(weekly(&with(0, absurd)), CALM[1..], "{absurd}");
        }
        assert_eq!(weekly(&with(0, 80.0))[0], 80.0, "an import is kept");
    }
}
