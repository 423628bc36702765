//! Outliers: a volume that was not mounted, a scan of only a part, a figure with a digit too many.
//!
//! A level far outside both of its neighbours is an outlier. The oldest level has only one neighbour; it is doubted only if
//! the series never changed like that. The newest level is what is there now.

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
/// The oldest level is doubted from this factor on, up or down, if no other change was more than a tenth of it.
const DOUBTED_FACTOR: f64 = 1.5;
/// Larger factors count as this one.
const MOST_FACTOR: f64 = 100.0;
/// Scans needed to doubt the oldest.
const LEAST_KNOWN: usize = 6;

/// The levels without outliers, oldest first, and the outliers. The last level is the last observation.
pub(crate) fn believable(observations: &[Observation]) -> (Vec<AgedLevel>, Vec<Observation>) {
    let all = samples(observations);
    if all.is_empty() {
        return (all, Vec::new());
    }
    let mut kept = without_outliers(&all);
    if let [oldest, next, others @ ..] = kept.as_slice()
        && is_doubted(oldest, next, others)
    {
        kept.remove(0);
    }
    let mut levels = kept.iter().peekable();
    let mut is_left_out = |sample: &AgedLevel| levels.next_if(|level| level.age == sample.age).is_none();
    let left_out = observations.iter().zip(&all).filter(|(_, sample)| is_left_out(sample)).map(|(o, _)| *o).collect();
    (kept, left_out)
}

/// All levels with their ages, oldest first.
pub(crate) fn samples(observations: &[Observation]) -> Vec<AgedLevel> {
    let Some(last) = observations.last() else { return Vec::new() };
    let age = |o: &Observation| last.time.duration_since(o.time).as_secs_f64() / SECONDS_PER_DAY;
    observations.iter().map(|o| AgedLevel { age: age(o), used: o.used }).collect()
}

fn without_outliers(all: &[AgedLevel]) -> Vec<AgedLevel> {
    let changes: Vec<f64> = all.windows(2).map(|pair| (pair[1].used - pair[0].used).abs()).collect();
    let Some(usual) = median(&changes).filter(|_| all.len() >= 4) else { return all.to_vec() };
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

/// Whether the oldest level is a multiple or a fraction of the next one, and the series never changed like that again.
fn is_doubted(oldest: &AgedLevel, next: &AgedLevel, others: &[AgedLevel]) -> bool {
    let at_least = |sample: &AgedLevel| sample.used.max(f64::MIN_POSITIVE);
    let jump = |a: &AgedLevel, b: &AgedLevel| (at_least(a) / at_least(b)).ln().abs().min(MOST_FACTOR.ln());
    let doubted = jump(oldest, next);
    let calm = |(a, b)| jump(a, b) < doubted / 10.0;
    others.len() + 1 >= LEAST_KNOWN
        && doubted > DOUBTED_FACTOR.ln()
        && std::iter::once(next).chain(others).zip(others).all(calm)
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
        believable(&observations).0.iter().map(|sample| sample.used).collect()
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
    fn the_newest_level_is_believed() {
        for newest in [0.0, 40.0, 130.0, 1_070.0] {
            assert_eq!(weekly(&with(7, newest))[7], newest);
        }
    }

    #[test]
    fn an_absurd_oldest_level_is_dropped() {
        for absurd in [0.0, 55.0, 1_000.0] {
            assert_eq!(weekly(&with(0, absurd)), CALM[1..], "{absurd}");
        }
        assert_eq!(weekly(&with(0, 80.0))[0], 80.0, "an import is kept");
    }
}
