//! A series' own passages: the time from each past week until a gain was reached.
//!
//! A start without a passage so far is censored, and continues by the model (Efron 1967). All starts are mixed with the
//! model. A product of hazards (Kaplan and Meier 1958) would give late passages, of which few starts are left, more weight,
//! so that a higher limit could be reached earlier.

use super::grid::STEP_DAYS;

/// The age in weeks at which the weight of a start is halved.
const HALF_LIFE: f64 = 52.0;

/// The starts of a series, oldest first.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct EmpiricalPassages {
    starts: Vec<PassageStart>,
}

/// A past week and its passage.
#[derive(Clone, Copy, Debug, PartialEq)]
struct PassageStart {
    /// Days until the passage; `None` if censored.
    took: Option<f64>,
    /// Days until now.
    watched: f64,
    weight: f64,
}

impl EmpiricalPassages {
    /// `levels` are weekly, the oldest first; `gain` is in the same units.
    pub(super) fn from_levels(levels: &[f64], gain: f64) -> EmpiricalPassages {
        let weeks = levels.len().saturating_sub(1);
        let start = |start: usize| {
            let target = levels[start] + gain;
            let hit = (start + 1..=weeks).find(|&week| levels[week] >= target);
            let took = hit.map(|week| {
                let within = (target - levels[week - 1]) / (levels[week] - levels[week - 1]);
                STEP_DAYS * ((week - 1 - start) as f64 + within)
            });
            let ago = (weeks - start) as f64;
            PassageStart { took, watched: STEP_DAYS * ago, weight: 0.5_f64.powf(ago / HALF_LIFE) }
        };
        EmpiricalPassages { starts: (0..weeks).map(start).collect() }
    }

    /// Mixes a model, given as probabilities of passage within each of `days`, with the own passages. The model has the weight
    /// of a number of starts. If larger gains are never more probable in the model, they are not in the mixture.
    pub(super) fn blend(&self, days: &[f64], model: &[f64], starts: f64) -> Vec<f64> {
        let all = starts + self.starts.iter().map(|start| start.weight).sum::<f64>();
        let mix = |(&days, &share): (&f64, &f64)| {
            let passed = self.starts.iter().map(|start| start.weight * start.has_passed(days, share));
            (starts * share + passed.sum::<f64>()) / all
        };
        days.iter().zip(model).map(mix).collect()
    }
}

impl PassageStart {
    /// The probability of passage within `days`; `share` is that of the model.
    fn has_passed(&self, days: f64, share: f64) -> f64 {
        match self.took {
            Some(took) => f64::from(u8::from(took <= days)),
            None if days <= self.watched => 0.0,
            // A constant risk a day after the censoring.
            None => 1.0 - (1.0 - share).max(0.0).powf(1.0 - self.watched / days),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAYS: [f64; 4] = [7.0, 14.0, 28.0, 56.0];

    #[test]
    fn passages_of_a_line_match_a_hand_calculation() {
        // At 10 a week a gain of 15 takes ten and a half days; the last start has not reached it yet.
        let passages = EmpiricalPassages::from_levels(&[0.0, 10.0, 20.0, 30.0], 15.0);
        let start =
            |took, weeks: f64| PassageStart { took, watched: 7.0 * weeks, weight: 0.5_f64.powf(weeks / HALF_LIFE) };
        assert_eq!(passages.starts, [start(Some(10.5), 3.0), start(Some(10.5), 2.0), start(None, 1.0)]);
        // The model gives 0.19 within 14 days; the last start was watched for 7, and 0.1 is the risk of the other 7.
        let done = start(None, 3.0).weight + start(None, 2.0).weight;
        let last = start(None, 1.0).weight;
        let expected = [0.5 / (5.0 + done + last), (5.0 * 0.19 + done + 0.1 * last) / (5.0 + done + last)];
        for (blended, expected) in passages.blend(&DAYS, &[0.1, 0.19], 5.0).iter().zip(expected) {
            assert!((blended - expected).abs() < 1e-12, "{blended} {expected}");
        }
    }

    #[test]
    fn without_observed_passages_the_blend_is_the_model() {
        let model = [0.1, 0.3, 0.8, 0.9];
        for (blended, share) in EmpiricalPassages::from_levels(&[5.0], 1.0).blend(&DAYS, &model, 30.0).iter().zip(model)
        {
            assert!((blended - share).abs() < 1e-12, "{blended} {share}");
        }
    }

    #[test]
    fn observed_passages_move_the_blend() {
        let levels: Vec<f64> = (0..50).map(|week| f64::from(week) * 10.0).collect();
        let blended = EmpiricalPassages::from_levels(&levels, 15.0).blend(&DAYS, &[0.01, 0.02, 0.04, 0.08], 5.0);
        assert!(blended[0] < 0.01 && blended[1] > 0.7, "{blended:?}");
        assert!(blended.windows(2).all(|pair| pair[0] <= pair[1]));
    }

    #[test]
    fn a_larger_gain_is_never_more_probable() {
        // Late passages, when few starts are still watched: compared hazard by hazard, the larger gain would be more probable.
        let mut levels = vec![10.0; 40];
        levels.extend([20.0, 30.0, 30.0, 30.0]);
        let days: Vec<f64> = (1..=400).map(f64::from).collect();
        let blended = |gain| EmpiricalPassages::from_levels(&levels, gain).blend(&days, &vec![0.2; 400], 5.0);
        let (small, large) = (blended(9.0), blended(19.0));
        assert!(small.iter().zip(&large).all(|(small, large)| small >= large));
    }
}
