//! A series' own passages: the time from each step of its past until a gain was reached.
//!
//! A start without a passage so far is censored, and continues by the model (Efron 1967). All starts are mixed with the
//! model. A product of hazards (Kaplan and Meier 1958) would give late passages, of which few starts are left, more weight,
//! so that a higher limit could be reached earlier.

use crate::forecast::grid::WEEK;

/// The age in weeks at which the weight of a start is halved.
const HALF_LIFE: f64 = 52.0;

/// Smaller probabilities that a gain is left count as this one, so that they have powers.
const LEAST_LEFT: f64 = 1e-12;

/// The past of a series as starts, oldest first.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct OwnPassages<'a> {
    /// The levels on the grid, in units of the resource; the last is the present one.
    levels: &'a [f64],
    /// The highest level from each on.
    highest: Vec<f64>,
    /// The weight of each start, in starts a week.
    weights: Vec<f64>,
    total: f64,
    /// Days between two levels.
    step: f64,
}

impl<'a> OwnPassages<'a> {
    pub(super) fn new(levels: &'a [f64], step: f64) -> OwnPassages<'a> {
        let mut highest = levels.to_vec();
        for place in (1..highest.len()).rev() {
            highest[place - 1] = highest[place - 1].max(highest[place]);
        }
        let starts = levels.len().saturating_sub(1);
        let weeks = step / WEEK;
        let weight = |start| weeks * 0.5_f64.powf((starts - start) as f64 * weeks / HALF_LIFE);
        let weights: Vec<f64> = (0..starts).map(weight).collect();
        OwnPassages { levels, highest, total: weights.iter().sum(), weights, step }
    }

    /// Mixes a model, given as probabilities of a gain within each of `days`, with the own passages. The model has the weight
    /// of a number of starts. If larger gains are never more probable in the model, they are not in the mixture.
    pub(super) fn blend(&self, gain: f64, days: &[f64], model: &mut [f64], starts: f64) {
        let took: Vec<Option<f64>> = (0..self.weights.len()).map(|start| self.took(start, gain)).collect();
        for (share, day) in model.iter_mut().zip(days) {
            // A start that was watched goes on at the constant risk a day that gives the model's share.
            let left = (1.0 - *share).max(LEAST_LEFT);
            let a_step = left.powf(-self.step / day);
            let (mut passed, mut left_since_watched) = (0.0, left);
            for (took, weight) in took.iter().zip(&self.weights).rev() {
                left_since_watched *= a_step;
                passed += weight
                    * match took {
                        Some(took) if took <= day => 1.0,
                        Some(_) => 0.0,
                        None => (1.0 - left_since_watched).max(0.0),
                    };
            }
            *share = (starts * *share + passed) / (starts + self.total);
        }
    }

    /// The days from a start until its passage; `None` if it is censored.
    fn took(&self, start: usize, gain: f64) -> Option<f64> {
        let levels = self.levels;
        let target = levels[start] + gain;
        if self.highest[start + 1] < target {
            return None;
        }
        let hit = (start + 1..levels.len()).find(|&place| levels[place] >= target)?;
        let within = (target - levels[hit - 1]) / (levels[hit] - levels[hit - 1]);
        Some(self.step * ((hit - 1 - start) as f64 + within))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAYS: [f64; 4] = [7.0, 14.0, 28.0, 56.0];

    fn blended(levels: &[f64], gain: f64, days: &[f64], model: &[f64], starts: f64) -> Vec<f64> {
        let mut shares = model.to_vec();
        OwnPassages::new(levels, WEEK).blend(gain, days, &mut shares, starts);
        shares
    }

    #[test]
    fn passages_of_a_line_match_a_hand_calculation() {
        // At 10 a week a gain of 15 takes ten and a half days; the last start has not reached it yet.
        let levels = [0.0, 10.0, 20.0, 30.0];
        let passages = OwnPassages::new(&levels, WEEK);
        assert_eq!([0, 1, 2].map(|start| passages.took(start, 15.0)), [Some(10.5), Some(10.5), None]);
        // The model gives 0.19 within 14 days; the last start was watched for 7, and 0.1 is the risk of the other 7.
        let weight = |weeks: f64| 0.5_f64.powf(weeks / HALF_LIFE);
        let (done, last) = (weight(3.0) + weight(2.0), weight(1.0));
        let expected = [0.5 / (5.0 + done + last), (5.0 * 0.19 + done + 0.1 * last) / (5.0 + done + last)];
        for (blended, expected) in blended(&levels, 15.0, &DAYS[..2], &[0.1, 0.19], 5.0).iter().zip(expected) {
            assert!((blended - expected).abs() < 1e-12, "{blended} {expected}");
        }
    }

    #[test]
    fn a_daily_grid_counts_by_weeks() {
        let levels: Vec<f64> = (0..15).map(f64::from).collect();
        let passages = OwnPassages::new(&levels, 1.0);
        assert_eq!(passages.took(0, 3.5), Some(3.5));
        let weeks = OwnPassages::new(&[0.0, 7.0, 14.0], WEEK);
        assert!((passages.total / weeks.total - 1.0).abs() < 0.01, "{} {}", passages.total, weeks.total);
    }

    #[test]
    fn without_observed_passages_the_blend_is_the_model() {
        let model = [0.1, 0.3, 0.8, 0.9];
        for (blended, share) in blended(&[5.0], 1.0, &DAYS, &model, 30.0).iter().zip(model) {
            assert!((blended - share).abs() < 1e-12, "{blended} {share}");
        }
    }

    #[test]
    fn observed_passages_move_the_blend() {
        let levels: Vec<f64> = (0..50).map(|week| f64::from(week) * 10.0).collect();
        let blended = blended(&levels, 15.0, &DAYS, &[0.01, 0.02, 0.04, 0.08], 5.0);
        assert!(blended[0] < 0.01 && blended[1] > 0.7, "{blended:?}");
        assert!(blended.windows(2).all(|pair| pair[0] <= pair[1]));
    }

    #[test]
    fn a_larger_gain_is_never_more_probable() {
        // Late passages, when few starts are still watched: compared hazard by hazard, the larger gain would be more probable.
        let mut levels = vec![10.0; 40];
        levels.extend([20.0, 30.0, 30.0, 30.0]);
        let days: Vec<f64> = (1..=400).map(f64::from).collect();
        let shares = |gain| blended(&levels, gain, &days, &vec![0.2; 400], 5.0);
        assert!(shares(9.0).iter().zip(&shares(19.0)).all(|(small, large)| small >= large));
    }
}
