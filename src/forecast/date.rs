//! The date: the probability that a gain is reached within a number of days.
//!
//! Two models are mixed, one trained on other stores and one fitted to the series: a pool of forecasts beats its members
//! if their errors are independent (Bates and Granger 1969). A silent store has a waiting time instead, and the passages in
//! the series' own past are mixed in, start by start. A neural network adjusts the weights, the rate and the variance by
//! features of the history.

mod adjustment;
mod brownian;
mod jump;
mod silence;

use super::passage::{Grid, Passage, rising};
use super::{constants::DateConstants, normal};
use crate::forecast::{
    date::adjustment::Adjustment, empirical_passages::EmpiricalPassages, growth_law::GrowthLaw,
    weekly_history::WeeklyHistory,
};
use brownian::Motion;
use jump::JumpLaw;
use silence::SilenceClock;

/// The model of the date for one series.
#[derive(Clone, Debug)]
pub(super) struct DateLaw<'a> {
    constants: &'a DateConstants,
    past: &'a WeeklyHistory,
    departure: Adjustment,
    gain: GrowthLaw<'a>,
    jump: JumpLaw<'a>,
    motion: Motion,
    motion_jump: JumpLaw<'a>,
    clock: SilenceClock<'a>,
}

impl<'a> DateLaw<'a> {
    pub(super) fn fit(past: &'a WeeklyHistory, constants: &'a DateConstants) -> DateLaw<'a> {
        let gain = GrowthLaw::fit(past, &constants.gain);
        let motion = Motion::fit(past, &constants.motion);
        let departure = Adjustment::predict(past, &constants.net);
        let jumps = |pace, constants| JumpLaw::fit(past, pace, constants).times(departure.jumps);
        DateLaw {
            constants,
            past,
            departure,
            jump: jumps(gain.pace, &constants.jump),
            motion_jump: jumps(motion.drift, &constants.motion_jump),
            clock: SilenceClock::fit(past, &constants.silence),
            gain,
            motion,
        }
    }

    /// The first passage of a gain above zero.
    pub(super) fn passage(&self, gain: f64, grid: &Grid) -> Passage {
        let days = grid.days();
        let pooled = rising(days, |day| either(self.pooled(gain, day), self.jump.reaches(gain, day)));
        let own = rising(days, |day| either(self.motion.reaches(gain, day), self.motion_jump.reaches(gain, day)));
        // A series that certainly shrinks uses only the model fitted to it.
        let share = 1.0 - (1.0 - self.departure.motion_share(self.constants.motion_share)) * self.past.is_growing();
        let silent = self.clock.weight;
        let mixed = days.iter().zip(pooled.iter().zip(own)).map(|(&day, (pooled, own))| {
            let growing = (1.0 - share) * pooled + share * own;
            (1.0 - silent) * growing + silent * self.clock.reaches(gain, day)
        });
        let mixed: Vec<f64> = mixed.collect();
        let starts = self.constants.passages_of_model * self.departure.passages;
        let blended = EmpiricalPassages::from_levels(&self.past.levels, gain).blend(days, &mixed, starts);
        Passage::new(grid, blended.into_iter().map(|share| self.recalibrated(share)).collect())
    }

    /// The trained growth model, a normal mixed with a wider one.
    fn pooled(&self, gain: f64, days: f64) -> f64 {
        let c = self.constants;
        let x = self.departure.standardized(self.gain.above(gain, days), self.gain.spread(days), days);
        normal::cdf_with_tails(x, (c.wide_share, c.wide_factor))
    }

    /// Recalibrates the mixture: wider tails, an earlier middle.
    fn recalibrated(&self, share: f64) -> f64 {
        let c = self.constants;
        let z = normal::quantile(share.clamp(1e-7, 1.0 - 1e-7));
        normal::cdf(c.recalibrated_scale * z + c.recalibrated_shift * (-(z / c.recalibrated_middle).powi(2)).exp())
    }
}

/// The probability of at least one of two independent events.
fn either(a: f64, b: f64) -> f64 {
    1.0 - (1.0 - a) * (1.0 - b)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forecast::constants::Constants;
    use crate::model::series::{Observation, Resource, Series};
    use jiff::{Timestamp, ToSpan};

    /// The probability that a store that grows by ten a week grows by 140 within 28, 98 and 300 days, if all outputs of the
    /// network are 0 but one.
    fn probabilities(answer: usize, says: f64) -> [f64; 3] {
        probabilities_with(answer, says, |_| {})
    }

    /// The same with changed constants.
    fn probabilities_with(answer: usize, says: f64, change: impl Fn(&mut DateConstants)) -> [f64; 3] {
        let start: Timestamp = "2026-01-05T00:00:00Z".parse().expect("a time");
        let used = |week: i64| 1_000.0 + 10.0 * week as f64 + [0.0, 6.0, -4.0][week as usize % 3];
        let observe = |week: i64| Observation { time: start + (7 * 24 * week).hours(), used: used(week) };
        let series = Series::new("s".to_owned(), Resource::Bytes, (0..40).map(observe).collect(), None);
        let past = WeeklyHistory::from_series(&series).expect("there are weeks");
        let mut constants = Constants::embedded().date.clone();
        for row in &mut constants.net.outer {
            row.fill(0.0);
        }
        constants.net.outer_bias.fill(0.0);
        constants.net.outer_bias[answer] = says;
        change(&mut constants);
        let passage = DateLaw::fit(&past, &constants).passage(140.0, &Grid::up_to(1_095));
        [28.0, 98.0, 300.0].map(|days| passage.share_within(days))
    }

    #[test]
    fn each_network_output_changes_the_parameter_it_is_named_for() {
        let both = |answer| (probabilities(answer, 0.5), probabilities(answer, -0.5));
        let (faster, slower) = both(0);
        assert!((0..3).all(|day| faster[day] > slower[day]), "{faster:?} {slower:?}");
        let (later_faster, later_slower) = both(1);
        assert!(later_faster[0] < later_slower[0] && later_faster[2] > later_slower[2]);
        let (wider, narrower) = both(2);
        assert!(wider[0] > narrower[0] && wider[2] < narrower[2], "{wider:?} {narrower:?}");
        let (later_wider, later_narrower) = both(3);
        assert!(later_wider[0] < later_narrower[0] && later_wider[2] < later_narrower[2]);
        let (jumpy, calm) = both(4);
        assert!((0..3).all(|day| jumpy[day] > calm[day]), "{jumpy:?} {calm:?}");
        let odds = (2.0 * 0.5_f64.tanh()).exp();
        let motion = probabilities_with(0, 0.0, |constants| constants.motion_share = odds / (1.0 + odds));
        assert!(
            (0..3).all(|day| (probabilities(5, 0.5)[day] - motion[day]).abs() < 1e-12),
            "the usual odds are even: {motion:?}"
        );
        assert!((0..3).all(|day| (probabilities(0, 0.0)[day] - motion[day]).abs() > 1e-4), "{motion:?}");
        let (model, passages) = both(6);
        assert!(
            model[0] > passages[0] && model[2] < passages[2],
            "no start took a month, and all took less than 300 days"
        );
    }
}
