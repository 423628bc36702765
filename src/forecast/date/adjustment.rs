//! Departures: how far a series departs from the law that all stores taught, told from what its history is like.
//!
//! They are bounded, and as they know neither the limit nor the pace the laws keep their order: what is farther off is
//! reached later.

use crate::forecast::{features, network::Network, weekly_history::WeeklyHistory};

/// How far each may go, as a logarithm.
const MOST_PACE: f64 = 1.0;
const MOST_PACE_OF_TIME: f64 = 0.7;
const MOST_SPREAD: f64 = 0.8;
const MOST_SPREAD_OF_TIME: f64 = 0.5;
const MOST_JUMPS: f64 = 1.0;
const MOST_MOTION: f64 = 2.0;
const MOST_PASSAGES: f64 = 1.5;
/// The days ahead at which what goes with time is nothing.
const QUARTER: f64 = 91.0;

/// The departures of one series.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Adjustment {
    /// Of the pace of the gain law, as a logarithm, and what time adds to it.
    pace: f64,
    pace_of_time: f64,
    /// Of its spread, as a logarithm, and what time adds to it.
    spread: f64,
    spread_of_time: f64,
    /// The factor of the rate of jumps.
    pub jumps: f64,
    /// The factor of the odds of the motion in the mixture.
    motion: f64,
    /// The factor of the own passages that the model counts for.
    pub passages: f64,
}

impl Adjustment {
    /// The departures of a series.
    pub(super) fn predict(past: &WeeklyHistory, net: &Network) -> Adjustment {
        let [pace, pace_of_time, spread, spread_of_time, jumps, motion, passages] =
            net.answer(&features::extract(past));
        Adjustment {
            pace: MOST_PACE * pace,
            pace_of_time: MOST_PACE_OF_TIME * pace_of_time,
            spread: MOST_SPREAD * spread,
            spread_of_time: MOST_SPREAD_OF_TIME * spread_of_time,
            jumps: (MOST_JUMPS * jumps).exp(),
            motion: (MOST_MOTION * motion).exp(),
            passages: (MOST_PASSAGES * passages).exp(),
        }
    }

    /// How many of the series' own spreads its growth of so many days lies above a gain, where by the law of all it lies
    /// `above` it, as a logarithm, and the spread of that is `spread`.
    pub(super) fn standardized(&self, above: f64, spread: f64, days: f64) -> f64 {
        let time = (days / QUARTER).ln() / 2.0;
        let ahead = self.pace + self.pace_of_time * time;
        (above + ahead) / (spread * (self.spread + self.spread_of_time * time).exp())
    }

    /// The share of the motion, which usually is `usual`.
    pub(super) fn motion_share(&self, usual: f64) -> f64 {
        let raised = usual * self.motion;
        raised / (1.0 - usual + raised)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONE: Adjustment = Adjustment {
        pace: 0.0,
        pace_of_time: 0.0,
        spread: 0.0,
        spread_of_time: 0.0,
        jumps: 1.0,
        motion: 1.0,
        passages: 1.0,
    };

    #[test]
    fn a_neutral_adjustment_changes_nothing() {
        assert_eq!(NONE.standardized(0.7, 0.4, 12.0), 0.7 / 0.4);
        assert_eq!(NONE.motion_share(0.5), 0.5);
    }

    #[test]
    fn a_faster_pace_and_a_wider_spread_match_a_hand_calculation() {
        let departed = Adjustment { pace: 0.2, spread: 2.0_f64.ln(), motion: 3.0, ..NONE };
        assert!((departed.standardized(0.4, 0.4, 12.0) - 0.75).abs() < 1e-12);
        assert_eq!(departed.motion_share(0.5), 0.75);
        let later = Adjustment { pace_of_time: 0.5, ..NONE };
        assert!((later.standardized(0.0, 0.5, QUARTER * 1.0_f64.exp()) - 0.5).abs() < 1e-12);
    }
}
