//! The date: the probability that so much more has been in use within so many days.
//!
//! Two laws, one learnt from other stores and one that takes nearly all from the series itself, are mixed: a pool of
//! forecasts beats its members where they err apart (Bates and Granger 1969). A store that fell silent runs by another
//! clock, and what the series did in its own past is weighed in, start by start. How far each of these is to be believed,
//! and how much faster or wilder a series is than the law has it, a net tells from what its history is like.

pub mod brownian;
mod departure;
mod jump;
mod silence;

use super::constants::DateConstants;
use super::gain::GainLaw;
use super::normal;
use super::passage::{Grid, Passage};
use super::passages::Passages;
use super::past::Past;
use brownian::Motion;
use departure::Departure;
use jump::JumpLaw;
use silence::Clock;

/// The law of the date of one series.
#[derive(Clone, Debug)]
pub struct DateLaw<'a> {
    constants: &'a DateConstants,
    past: &'a Past,
    departure: Departure,
    gain: GainLaw<'a>,
    jump: JumpLaw<'a>,
    motion: Motion,
    motion_jump: JumpLaw<'a>,
    clock: Clock<'a>,
}

impl<'a> DateLaw<'a> {
    /// The law of a series.
    pub fn of(past: &'a Past, constants: &'a DateConstants) -> DateLaw<'a> {
        let gain = GainLaw::of(past, &constants.gain);
        let motion = Motion::of(past, &constants.motion);
        let departure = Departure::of(past, &constants.net);
        let jumps = |pace, constants| JumpLaw::of(past, pace, constants).times(departure.jumps);
        DateLaw {
            constants,
            past,
            departure,
            jump: jumps(gain.pace, &constants.jump),
            motion_jump: jumps(motion.drift, &constants.motion_jump),
            clock: Clock::of(past, &constants.silence),
            gain,
            motion,
        }
    }

    /// When so much more, above zero, is first in use.
    pub fn passage(&self, gain: f64, grid: &Grid) -> Passage {
        let days = grid.days();
        let pooled = rising(days, |day| either(self.pooled(gain, day), self.jump.reaches(gain, day)));
        let own = rising(days, |day| either(self.motion.reaches(gain, day), self.motion_jump.reaches(gain, day)));
        // What shrinks for sure does not grow by a rule that other stores gave.
        let share = 1.0 - (1.0 - self.departure.motion_share(self.constants.motion_share)) * self.past.is_growing();
        let silent = self.clock.weight;
        let mixed = days.iter().zip(pooled.iter().zip(own)).map(|(&day, (pooled, own))| {
            let growing = (1.0 - share) * pooled + share * own;
            (1.0 - silent) * growing + silent * self.clock.reaches(gain, day)
        });
        let mixed: Vec<f64> = mixed.collect();
        let starts = self.constants.passages_of_model * self.departure.passages;
        let blended = Passages::of(&self.past.levels, gain).blend(days, &mixed, starts);
        Passage::new(grid, blended.into_iter().map(|share| self.recalibrated(share)).collect())
    }

    /// The gain law, its normal mixed with a wider one.
    fn pooled(&self, gain: f64, days: f64) -> f64 {
        let c = self.constants;
        let x = self.departure.standardized(self.gain.standardized(gain, days), self.gain.spread(days), days);
        normal::cdf_with_tails(x, (c.wide_share, c.wide_factor))
    }

    /// What the mixture does to the whole is taken back: the tails a little wider, the middle a little earlier.
    fn recalibrated(&self, share: f64) -> f64 {
        let c = self.constants;
        let z = normal::quantile(share.clamp(1e-7, 1.0 - 1e-7));
        normal::cdf(c.recalibrated_scale * z + c.recalibrated_shift * (-(z / c.recalibrated_middle).powi(2)).exp())
    }
}

/// A law over the days, whose probability never sinks again.
fn rising(days: &[f64], law: impl Fn(f64) -> f64) -> Vec<f64> {
    let mut highest = 0.0_f64;
    let share = |&day: &f64| {
        highest = highest.max(law(day));
        highest
    };
    days.iter().map(share).collect()
}

/// The probability of one or the other of two that know nothing of each other.
fn either(a: f64, b: f64) -> f64 {
    1.0 - (1.0 - a) * (1.0 - b)
}
