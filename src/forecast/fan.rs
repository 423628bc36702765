//! The fan: straight lines from the level of now to the dates of the same law.
//!
//! The line of the quantile 1 - p leads to the limit on the day that has probability p of being full by then, so that a
//! ruler on the chart, the date in the text and the growth a week agree. A path law would give curves; on real archives the
//! lines lose no more (`tests/bench/date_accuracy`), and nobody asks about their kinks. A line whose date lies beyond all
//! the days of the passage leads to the level that the law gives for a quarter ahead, as far as it stays below the limit in
//! these days.

use super::normal;
use super::{barrier::Barrier, passage::Passage};
use crate::model::quantiles::Quantiles;

/// A line to an earlier day rises no faster than the law does until this day: what happens in days says little about the
/// growth of months.
pub(super) const NEAR_DAYS: f64 = 14.0;
/// Where a line leads to no date, it has the growth of the coming quarter.
const QUARTER: f64 = 91.0;

/// The gains a day of all lines. `gain` gives the quantile of the gain after some days, for lines that lead to no date:
/// those of dates beyond the passage, and without dates all up to the median.
pub(super) fn slopes(
    passage: &Passage,
    barrier: &Barrier,
    has_dates: bool,
    gain: impl Fn(f64, f64) -> f64,
) -> Quantiles<f64> {
    let far = passage.days();
    let beyond = |p| (gain(p, QUARTER) / QUARTER).min(barrier.free_at(far) / (far + NEAR_DAYS));
    let slope = |p| match passage.quantile(1.0 - p) {
        _ if !has_dates && p <= 0.5 => beyond(p),
        days if days < NEAR_DAYS => {
            let (gain, free) = (gain(p, NEAR_DAYS), barrier.free_at(days));
            if free > 0.0 { (gain.max(free) / NEAR_DAYS).min(free / days) } else { gain / NEAR_DAYS }
        }
        days if days.is_infinite() => beyond(p),
        days => barrier.free_at(days) / days,
    };
    // Above the limit, a line to a date falls.
    let mut highest = f64::NEG_INFINITY;
    Quantiles::from_fn(|p| {
        highest = highest.max(slope(p));
        highest
    })
}

/// The gains after some days and the probabilities of at least as much, the least gain first.
#[derive(Clone, Debug)]
pub(super) struct Gains {
    points: Vec<(f64, f64)>,
}

/// Each gain is this factor larger than the one before.
const RATIO: f64 = 2.0;
/// The first gain that is tried, and bounds of the gains, as powers of the ratio times the level.
const FIRST: i32 = -6;
const LEAST: i32 = -24;
const MOST: i32 = 20;
/// Larger gains than one of the first probability are not tried, nor smaller ones than one of the second.
const RARE: f64 = 0.04;
const CERTAIN: f64 = 0.96;
/// The losses that are tried, as powers of the ratio under the level.
const LOSSES: i32 = 14;

impl Gains {
    /// `reached` is the probability of a gain above zero at any time until then, `stands` that of a gain or loss on the day
    /// itself, by the former.
    pub(super) fn new(level: f64, reached: impl Fn(f64) -> f64, stands: impl Fn(f64, f64) -> f64) -> Gains {
        let level = level.max(1.0);
        let point = |power: i32| {
            let gain = level * RATIO.powi(power);
            (gain, reached(gain))
        };
        let mut rising = vec![point(FIRST)];
        while rising[0].1 < CERTAIN && LEAST + (rising.len() as i32) <= FIRST {
            rising.insert(0, point(FIRST - rising.len() as i32));
        }
        for power in FIRST + 1..=MOST {
            if rising[rising.len() - 1].1 <= RARE {
                break;
            }
            rising.push(point(power));
        }
        let losses = (0..LOSSES).map(|power| (-level * RATIO.powi(-power), 1.0));
        let mut least = 1.0_f64;
        let points = losses.chain([(0.0, 1.0)]).chain(rising).map(|(gain, reached)| {
            least = least.min(stands(gain, reached));
            (gain, least)
        });
        Gains { points: points.collect() }
    }

    /// The same gains, each smaller by an amount.
    pub(super) fn less(mut self, amount: f64) -> Gains {
        self.points.iter_mut().for_each(|(gain, _)| *gain -= amount);
        self
    }

    /// The gain that is not exceeded with probability `p`.
    pub(super) fn quantile(&self, p: f64) -> f64 {
        let points = &self.points;
        let after = points.partition_point(|&(_, share)| share > 1.0 - p).clamp(1, points.len() - 1);
        let ((low, more), (high, less)) = (points[after - 1], points[after]);
        let score = |share: f64| normal::quantile(share.clamp(1e-9, 1.0 - 1e-9));
        let part = if more > less {
            ((score(more) - score(1.0 - p)) / (score(more) - score(less))).clamp(0.0, 1.0)
        } else {
            1.0
        };
        // Gains above zero are spaced by their ratio.
        if low > 0.0 { low * (high / low).powf(part) } else { low + part * (high - low) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forecast::passage::Grid;

    /// The probability that growth by about 2 a day, log-normal, reaches a gain within `days`.
    fn reached(gain: f64, days: f64) -> f64 {
        normal::cdf((2.0 * days / gain).ln() / 0.5)
    }

    #[test]
    fn the_quantiles_of_a_log_normal_gain_are_exact() {
        let gains = Gains::new(1_000.0, |gain| reached(gain, 100.0), |_, reached| reached);
        for p in [0.05, 0.25, 0.5, 0.9] {
            let expected = 200.0 * (0.5 * normal::quantile(p)).exp();
            assert!((gains.quantile(p) / expected - 1.0).abs() < 1e-9, "{p}");
        }
    }

    #[test]
    fn a_series_that_may_fall_has_losses() {
        let stands = |gain: f64, reached: f64| normal::cdf((-100.0 - gain) / 50.0).min(reached);
        let gains = Gains::new(1_000.0, |gain| reached(gain, 1.0), stands);
        assert!((gains.quantile(0.5) + 100.0).abs() < 10.0, "{}", gains.quantile(0.5));
        assert!(gains.quantile(0.05) < gains.quantile(0.5) && gains.quantile(0.05) >= -1_000.0);
    }

    #[test]
    fn lines_lead_to_the_dates_and_beyond_them_to_the_levels() {
        let grid = Grid::up_to(3_650);
        let barrier = Barrier::constant(600.0);
        let passage = Passage::from_law(&grid, |days| reached(600.0, days));
        let slopes = slopes(&passage, &barrier, true, |_, days| days);
        for (p, slope) in [(0.5, slopes.p50), (0.9, slopes.p90)] {
            assert!((600.0 / slope - passage.quantile(1.0 - p)).abs() < 1e-9);
        }
        let soon = Passage::from_law(&grid, |days| reached(20.0, days));
        let late = Passage::from_law(&grid, |days| reached(60_000.0, days));
        let gain = |p: f64, days: f64| if days == NEAR_DAYS { 28.0 * p } else { 182.0 * p };
        let near = super::slopes(&soon, &Barrier::constant(20.0), true, gain).p50;
        assert_eq!(near, 20.0 / NEAR_DAYS, "the limit is reached on day 10, and 14 are gained in the first days");
        assert_eq!(super::slopes(&late, &Barrier::constant(60_000.0), true, gain).p50, 1.0);
        let capped = super::slopes(&late, &barrier, true, gain).p50;
        assert_eq!(capped, 600.0 / (passage.days() + NEAR_DAYS), "below the limit in the days of the passage");
        let dateless = super::slopes(&soon, &Barrier::constant(20.0), false, |_, days| 1e-3 * days);
        assert_eq!((dateless.p10, dateless.p50), (1e-3, 1e-3), "no line up to the median leads to a date");
    }
}
