//! A series' own passages: how long it took from each past week until so much more was in use.
//!
//! Weeks of which the end is not known yet count for as long as they have been watched (Kaplan and Meier 1958); what they
//! say as a hazard is mixed with what a model says, each as far as it goes.

use super::grid::STEP_DAYS;

/// The age in weeks at which a start counts half.
const HALF_LIFE: f64 = 52.0;

/// Weighted starts by the steps of a grid of days.
#[derive(Clone, Debug, PartialEq)]
pub struct Passages {
    /// How many had gained so much within the step.
    passed: Vec<f64>,
    /// How many were watched through the step and had not gained it before.
    watched: Vec<f64>,
}

impl Passages {
    /// Of weekly levels, oldest first, the time until each had gained `gain`, in the units of the levels; `days` are the
    /// ends of the steps.
    pub fn of(levels: &[f64], gain: f64, days: &[f64]) -> Passages {
        let mut passages = Passages { passed: vec![0.0; days.len()], watched: vec![0.0; days.len()] };
        let weeks = levels.len().saturating_sub(1);
        for start in 0..weeks {
            let weight = 0.5_f64.powf((weeks - start) as f64 / HALF_LIFE);
            let target = levels[start] + gain;
            let hit = (start + 1..=weeks).find(|&week| levels[week] >= target);
            match hit {
                Some(week) => {
                    let within = (target - levels[week - 1]) / (levels[week] - levels[week - 1]);
                    passages.add(STEP_DAYS * ((week - 1 - start) as f64 + within), true, weight, days);
                }
                None => passages.add(STEP_DAYS * (weeks - start) as f64, false, weight, days),
            }
        }
        passages
    }

    /// Adds a start that was watched for so long.
    fn add(&mut self, time: f64, has_passed: bool, weight: f64, days: &[f64]) {
        let mut from = 0.0;
        for (step, &to) in days.iter().enumerate() {
            if time > to {
                self.watched[step] += weight;
            } else {
                if has_passed {
                    self.passed[step] += weight;
                    self.watched[step] += weight;
                } else {
                    self.watched[step] += weight * (time - from) / (to - from);
                }
                return;
            }
            from = to;
        }
    }

    /// Mixes what a model says, the probability of passage by each end of a step, with the own passages: the model counts
    /// as so many starts.
    pub fn blend(&self, model: &[f64], starts: f64) -> Vec<f64> {
        let (mut before, mut survival) = (0.0, 1.0);
        let step = |((&share, passed), watched): ((&f64, f64), f64)| {
            let share = share.clamp(1e-9, 1.0 - 1e-9);
            let hazard = (share - before) / (1.0 - before);
            before = share;
            survival *= (1.0 - (passed + starts * hazard) / (watched + starts)).max(1e-9);
            1.0 - survival
        };
        let own = self.passed.iter().copied().zip(self.watched.iter().copied());
        model.iter().zip(own).map(|(share, (passed, watched))| ((share, passed), watched)).map(step).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAYS: [f64; 4] = [7.0, 14.0, 28.0, 56.0];

    #[test]
    fn passages_of_a_line_by_hand() {
        // 10 a week: a gain of 15 takes ten and a half days, and the last start is not over yet.
        let passages = Passages::of(&[0.0, 10.0, 20.0, 30.0], 15.0, &DAYS);
        let weight = |weeks: f64| 0.5_f64.powf(weeks / HALF_LIFE);
        let done = weight(3.0) + weight(2.0);
        assert_eq!(passages.passed, [0.0, done, 0.0, 0.0]);
        assert_eq!(passages.watched, [done + weight(1.0), done, 0.0, 0.0]);
    }

    #[test]
    fn without_own_passages_the_model_stands() {
        let none = Passages::of(&[5.0], 1.0, &DAYS);
        let model = [0.1, 0.3, 0.8, 0.9];
        for (blended, share) in none.blend(&model, 30.0).iter().zip(model) {
            assert!((blended - share).abs() < 1e-6, "{blended} {share}");
        }
    }

    #[test]
    fn own_passages_draw_the_model() {
        let levels: Vec<f64> = (0..50).map(|week| f64::from(week) * 10.0).collect();
        let passages = Passages::of(&levels, 15.0, &DAYS);
        let blended = passages.blend(&[0.01, 0.02, 0.04, 0.08], 5.0);
        assert!(blended[0] < 0.01 && blended[1] > 0.7, "{blended:?}");
        assert!(blended.windows(2).all(|pair| pair[0] <= pair[1]));
    }
}
