//! Paths: many futures of the level, a week at a time.
//!
//! The increment of a week is the path's own drift, which is drawn from the drift's uncertainty and wanders, plus a
//! past week's residual drawn again (Penz 2011; in blocks, Künsch 1989), plus now and then an event.

use super::Growth;
use super::draws::{Draws, PathDraws, WeekDraws, student_t};
use super::drift::Drift;
use super::events::Organic;
use super::grid::STEP_DAYS;
use super::quantiles::of_sorted;

/// The spread of the growth's own growth, a year: e^0.5 is two thirds more.
const GROWTH_SPREAD_PER_YEAR: f64 = 0.5;
/// The drift's random walk a week, as a share of the drift or of the spread, whichever is more.
const WALK_OF_DRIFT: f64 = 0.05;
const WALK_OF_SPREAD: f64 = 0.08;
/// How many residuals in a row are drawn from the same stretch, where the history is long enough.
const BLOCK_WEEKS: usize = 4;
const BLOCKS_FROM_WEEKS: usize = 26;
/// Events that no history excludes, as a share of the level.
const IMAGINED_EVENTS: [f64; 4] = [0.05, -0.05, 0.10, -0.10];
/// The prior of the event rate: so many events in so many days. A quiet year does not rule out an import.
const PRIOR_EVENTS: f64 = 2.0;
const PRIOR_DAYS: f64 = 180.0;

/// What moves a path, in units of the resource and weeks.
#[derive(Clone, Debug, PartialEq)]
pub struct Motion {
    /// The level now.
    pub level: f64,
    /// The growth a week.
    pub drift: f64,
    /// The standard error of the drift and its degrees of freedom.
    pub drift_error: f64,
    /// Degrees of freedom of `drift_error`.
    pub drift_freedom: f64,
    /// The standard deviation of the drift's random walk a week.
    pub drift_walk: f64,
    /// The standard deviation of the logarithmic growth of growth, a week.
    pub growth_spread: f64,
    /// What is drawn again.
    pub residuals: Vec<f64>,
    /// The running sums of the residuals' weights, ascending to 1.
    pub cumulative: Vec<f64>,
    /// How many residuals are drawn in a row.
    pub block: usize,
    /// The probability of an event in a week.
    pub event_rate: f64,
    /// The sizes of events, all equally likely.
    pub event_sizes: Vec<f64>,
}

impl Motion {
    /// What moves a series that stands at `level`, after `days` of history.
    pub fn new(level: f64, days: f64, organic: &Organic, drift: &Drift) -> Motion {
        let mut sum = 0.0;
        let cumulative = drift.weights.iter().map(|weight| {
            sum += weight;
            sum
        });
        let seen = organic.events.iter().map(|&(_, size)| size);
        Motion {
            level,
            drift: drift.mean,
            drift_error: drift.error,
            drift_freedom: drift.freedom,
            drift_walk: (WALK_OF_DRIFT * drift.mean.abs()).max(WALK_OF_SPREAD * drift.spread),
            growth_spread: GROWTH_SPREAD_PER_YEAR * 7.0 / 365.0,
            cumulative: cumulative.collect(),
            block: if drift.residuals.len() >= BLOCKS_FROM_WEEKS { BLOCK_WEEKS } else { 1 },
            residuals: drift.residuals.clone(),
            event_rate: 7.0 * (organic.events.len() as f64 + PRIOR_EVENTS) / (days + PRIOR_DAYS),
            event_sizes: seen.chain(IMAGINED_EVENTS.map(|share| share * level)).collect(),
        }
    }

    /// The path's own drift at the start.
    fn path_drift(&self, draws: &PathDraws) -> f64 {
        self.drift + self.drift_error * student_t(draws.drift, self.drift_freedom)
    }

    /// Where in the residuals a block starts.
    fn residual_index(&self, uniform: f64) -> usize {
        self.cumulative.partition_point(|&c| c <= uniform).min(self.residuals.len() - 1)
    }

    /// The event of a week, mostly none. One uniform decides whether and which.
    fn event(&self, uniform: f64) -> f64 {
        if uniform >= self.event_rate {
            return 0.0;
        }
        let which = (uniform / self.event_rate * self.event_sizes.len() as f64) as usize;
        self.event_sizes[which.min(self.event_sizes.len() - 1)]
    }

    /// The growth a day at the start, over the paths.
    pub fn growth_per_day(&self, draws: &Draws) -> Growth {
        let mut drifts: Vec<f64> = draws.iter().map(|(path, _)| self.path_drift(path) / STEP_DAYS).collect();
        drifts.sort_unstable_by(f64::total_cmp);
        // The distribution is symmetric round the mean, so the mean is the median, and exactly zero for a flat series.
        Growth { p10: of_sorted(&drifts, 0.1), p50: self.drift / STEP_DAYS, p90: of_sorted(&drifts, 0.9) }
    }

    /// Writes the levels at the end of each week of one path; a level does not fall below zero.
    fn walk(&self, path: &PathDraws, weeks: &[WeekDraws], levels: &mut [f64]) {
        let start = self.path_drift(path);
        let growth_a_week = (self.growth_spread * path.growth).exp();
        let (mut level, mut wander, mut growth, mut residual) = (self.level, 0.0, 1.0, 0);
        for (week, (draws, out)) in weeks.iter().zip(levels).enumerate() {
            residual = match week % self.block {
                0 => self.residual_index(draws.residual),
                _ => (residual + 1) % self.residuals.len(),
            };
            wander += self.drift_walk * draws.walk;
            level += (start + wander) * growth + self.residuals[residual] + self.event(draws.event);
            level = level.max(0.0);
            growth *= growth_a_week;
            *out = level;
        }
    }

    /// All paths: the levels at the end of each week, path after path, each of [`Draws::weeks`] values.
    pub fn paths(&self, draws: &Draws) -> Vec<f64> {
        let mut levels = vec![0.0; draws.len() * draws.weeks()];
        for ((path, weeks), out) in draws.iter().zip(levels.chunks_mut(draws.weeks().max(1))) {
            self.walk(path, weeks, out);
        }
        levels
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steady(drift: f64) -> Motion {
        Motion {
            level: 100.0,
            drift,
            drift_error: 0.0,
            drift_freedom: 3.0,
            drift_walk: 0.0,
            growth_spread: 0.0,
            residuals: vec![0.0],
            cumulative: vec![1.0],
            block: 1,
            event_rate: 0.0,
            event_sizes: vec![0.0],
        }
    }

    #[test]
    fn without_uncertainty_every_path_is_the_line() {
        let levels = steady(5.0).paths(&Draws::new(1, 3, 4));
        assert_eq!(levels, [105.0, 110.0, 115.0, 120.0].repeat(3));
    }

    #[test]
    fn a_level_stops_at_zero() {
        assert_eq!(steady(-60.0).paths(&Draws::new(1, 1, 3)), [40.0, 0.0, 0.0]);
    }

    #[test]
    fn events_come_at_their_rate_and_size() {
        let motion = Motion { event_rate: 0.25, event_sizes: vec![8.0, -8.0, 16.0, -16.0], ..steady(0.0) };
        let hits: Vec<f64> = (0..1_000).map(|i| motion.event(f64::from(i) / 1_000.0)).filter(|e| *e != 0.0).collect();
        assert_eq!(hits.len(), 250);
        let large = hits.iter().filter(|e| **e == 16.0).count();
        assert!((62..=63).contains(&large), "{large}");
        assert!(hits.iter().sum::<f64>().abs() <= 24.0);
    }
}
