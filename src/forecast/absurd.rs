//! Absurd scans: a volume that was not mounted, a scan that saw a part, a figure with a digit too many.
//!
//! A level far outside both of its neighbours that is gone with the next scan was none. What a newest scan says cannot be
//! seen to go again; it is doubted only where nothing like it was ever seen.

use super::quantiles::median;
use crate::series::Observation;

/// A level and the days from the last observation back to it, which are not negative.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sample {
    /// Days before the last observation.
    pub age: f64,
    /// What was in use, in units of the resource.
    pub used: f64,
}

/// How many usual changes a level lies outside its neighbours, at least.
const USUAL_CHANGES: f64 = 6.0;
/// How much of the newest level it lies outside, at least.
const SHARE_OF_LEVEL: f64 = 0.03;
/// How much farther outside than the neighbours lie apart, at least: a step stays, and has one of them near.
const TIMES_APART: f64 = 1.5;
/// A newest level is doubted from this factor on, up or down, where no change before it was beyond a tenth of that.
const DOUBTED_FACTOR: f64 = 2.0;
/// Beyond it all factors are alike: nothing is left of a hundred, or of a million.
const MOST_FACTOR: f64 = 100.0;
/// As many scans have to be known before the newest is doubted.
const LEAST_KNOWN: usize = 6;

const SECONDS_PER_DAY: f64 = 86_400.0;

/// The levels that can be believed, oldest first. The last of them is the last observation, unless that one is doubted:
/// then the one before it stands for it until another scan tells.
pub fn believable(observations: &[Observation]) -> Vec<Sample> {
    let all = samples(observations);
    if all.is_empty() {
        return all;
    }
    let mut kept = without_outliers(all);
    if is_newest_doubted(&kept) {
        let newest = kept.pop();
        let (stands_in, age) = (kept.last().copied(), newest.map_or(0.0, |newest| newest.age));
        kept.extend(stands_in.map(|sample| Sample { age, ..sample }));
    }
    kept
}

/// All levels with their ages, oldest first.
pub fn samples(observations: &[Observation]) -> Vec<Sample> {
    let Some(last) = observations.last() else { return Vec::new() };
    let age = |o: &Observation| last.time.duration_since(o.time).as_secs_f64() / SECONDS_PER_DAY;
    observations.iter().map(|o| Sample { age: age(o), used: o.used }).collect()
}

fn without_outliers(all: Vec<Sample>) -> Vec<Sample> {
    let changes: Vec<f64> = all.windows(2).map(|pair| (pair[1].used - pair[0].used).abs()).collect();
    let Some(usual) = median(&changes).filter(|_| all.len() >= 4) else { return all };
    let newest = all[all.len() - 1].used;
    let mut kept = vec![all[0]];
    for window in all.windows(3) {
        let (before, this, after) = (kept[kept.len() - 1].used, window[1], window[2].used);
        let (low, high) = (before.min(after), before.max(after));
        let outside = (low - this.used).max(this.used - high);
        let is_absurd = outside > USUAL_CHANGES * usual
            && outside > SHARE_OF_LEVEL * newest
            && outside > TIMES_APART * (high - low);
        if !is_absurd {
            kept.push(this);
        }
    }
    kept.push(all[all.len() - 1]);
    kept
}

/// Whether the newest level is a multiple or a fraction of what there was, of a series that never did anything like it.
fn is_newest_doubted(samples: &[Sample]) -> bool {
    let n = samples.len();
    if n < LEAST_KNOWN + 1 {
        return false;
    }
    let at_least = |used: f64| used.max(f64::MIN_POSITIVE);
    let jump = |pair: &[Sample]| (at_least(pair[1].used) / at_least(pair[0].used)).ln().abs().min(MOST_FACTOR.ln());
    let newest = jump(&samples[n - 2..]);
    newest > DOUBTED_FACTOR.ln() && samples[..n - 1].windows(2).all(|pair| jump(pair) < newest / 10.0)
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
    fn a_level_that_is_gone_with_the_next_scan_was_none() {
        let without: Vec<f64> = CALM.iter().copied().filter(|&used| used != 103.0).collect();
        for absurd in [0.0, 60.0, 1_030.0] {
            assert_eq!(weekly(&with(3, absurd)), without, "{absurd}");
        }
        assert_eq!(weekly(&CALM), CALM);
    }

    #[test]
    fn a_step_stays() {
        let levels = [100.0, 101.0, 102.0, 150.0, 151.0, 152.0];
        assert_eq!(weekly(&levels), levels);
    }

    #[test]
    fn a_newest_level_out_of_all_proportion_waits_for_another() {
        for absurd in [0.0, 1_070.0] {
            let believed = weekly(&with(7, absurd));
            assert_eq!(believed[7], 106.0, "{absurd}");
        }
        assert_eq!(weekly(&with(7, 130.0))[7], 130.0, "an import is none of these");
        // A store that was emptied before may have been emptied again.
        let mut emptied = with(7, 0.0);
        emptied[3] = 10.0;
        emptied[4] = 11.0;
        assert_eq!(weekly(&emptied)[7], 0.0);
    }
}
