//! The law of gains: the probability that a series gains an amount within a number of days.
//!
//! One law answers all questions: with the free space as gain it is the law of the date, and over all gains it is the law of
//! the highest level so far (`fan.rs`). Two models are mixed in equal parts, because a pool of forecasts beats its members
//! if their errors are independent (Bates and Granger 1969): growth at an uncertain rate, and Brownian motion with an
//! uncertain drift. Jumps come on top of both. Then the passages of the series' own past are mixed in, start by start.

mod growth;
mod jump;
mod motion;
mod own_passages;

use super::passage::{Grid, Passage, rising};
use super::{YEAR, constants::Constants, normal, past::Past};
use growth::UncertainGrowth;
use jump::Jumps;
use motion::Motion;
use own_passages::OwnPassages;

/// The law of one series.
#[derive(Clone, Debug)]
pub(super) struct GainLaw<'a> {
    constants: &'a Constants,
    growth: UncertainGrowth,
    motion: Motion,
    jumps: Jumps,
    own: OwnPassages<'a>,
    /// The plausibility of growth, from 0 to 1.
    growing: f64,
}

impl<'a> GainLaw<'a> {
    pub(super) fn fit(past: &'a Past, constants: &'a Constants) -> GainLaw<'a> {
        let usual = constants.usual_growth * past.level / YEAR;
        GainLaw {
            constants,
            growth: UncertainGrowth::fit(past, usual, &constants.growth),
            motion: Motion::fit(past, usual, &constants.motion),
            jumps: Jumps::fit(past, &constants.jump),
            own: OwnPassages::new(&past.levels, past.step),
            growing: past.is_growing(),
        }
    }

    /// The first passage of a gain above zero.
    pub(super) fn passage(&self, gain: f64, grid: &Grid) -> Passage {
        Passage::new(grid, self.shares(gain, grid.days()))
    }

    /// The probabilities of a gain above zero within each of some ascending days.
    pub(super) fn shares(&self, gain: f64, days: &[f64]) -> Vec<f64> {
        let jump = |pace, day| self.jumps.reaches(gain, pace, day);
        let growth = rising(days, |day| either(self.growth.reaches(gain, day), jump(self.growth.pace, day)));
        let motion = rising(days, |day| either(self.motion.reaches(gain, day), jump(self.motion.drift, day)));
        // A series that certainly shrinks uses the motion alone.
        let share = 0.5 * self.growing;
        let mut shares: Vec<f64> =
            growth.iter().zip(&motion).map(|(growth, motion)| share * growth + (1.0 - share) * motion).collect();
        self.own.blend(gain, days, &mut shares, self.constants.passages_of_model);
        shares.iter_mut().for_each(|share| *share = normal::widened(*share, self.constants.widening));
        shares
    }

    /// The probability that the level lies at least `gain` above the present one after `days`, which is not more than
    /// `reached`: that it did so at any time until then. A series that grows keeps what it has reached.
    pub(super) fn stands(&self, gain: f64, days: f64, reached: f64) -> f64 {
        match self.growing {
            1.0 => reached,
            growing => growing * reached + (1.0 - growing) * self.motion.stands(gain, days).min(reached),
        }
    }
}

fn either(a: f64, b: f64) -> f64 {
    1.0 - (1.0 - a) * (1.0 - b)
}
