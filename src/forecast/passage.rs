//! First passage: the distribution of the day on which a limit is first reached.

use std::sync::Arc;

use super::normal;

/// A law at ascending points, as probabilities that never fall.
pub(super) fn rising(points: &[f64], law: impl Fn(f64) -> f64) -> Vec<f64> {
    let mut highest = 0.0_f64;
    let share = |&point: &f64| {
        highest = highest.max(law(point));
        highest
    };
    points.iter().map(share).collect()
}

/// A distribution of days on a grid that all series share.
#[derive(Clone, Debug, PartialEq)]
pub struct Passage {
    grid: Grid,
    /// The probability that the limit is reached within each day of the grid, ascending.
    shares: Vec<f64>,
}

/// The days ahead of a distribution: from one day on, each later by the same factor, because errors grow with the time
/// ahead.
#[derive(Clone, Debug, PartialEq)]
pub struct Grid {
    days: Arc<[f64]>,
}

/// The logarithm of the factor: 43 steps make three years, the horizon of the training.
const STEP: f64 = LN_OF_THREE_YEARS / 43.0;
const LN_OF_THREE_YEARS: f64 = 6.998_509_642_250_601;

/// Shares are told apart down to this one.
const LEAST_SHARE: f64 = 1e-12;

impl Grid {
    /// Days up to the horizon at least.
    pub fn up_to(horizon_days: u32) -> Grid {
        // A rounding error must not add a step beyond three years.
        let steps = (Grid::index(f64::from(horizon_days.max(1))) - 1e-9).ceil().max(1.0) as u32;
        Grid { days: (0..=steps).map(Grid::day).collect() }
    }

    /// Only the two days of it between which a day lies that is not before the first.
    pub fn around(day: f64) -> Grid {
        let below = Grid::index(day.max(1.0)) as u32;
        Grid { days: [below, below + 1].map(Grid::day).into() }
    }

    fn day(index: u32) -> f64 {
        (f64::from(index) * STEP).exp()
    }

    fn index(day: f64) -> f64 {
        day.ln() / STEP
    }

    /// The days, ascending.
    pub fn days(&self) -> &[f64] {
        &self.days
    }
}

impl Passage {
    /// `shares` are the probabilities that the limit is reached within each day of the grid. Rounding errors and sums of models
    /// are corrected so that they never fall.
    ///
    /// # Panics
    /// If there is not one share for each day of the grid.
    pub fn new(grid: &Grid, mut shares: Vec<f64>) -> Passage {
        assert_eq!(grid.days.len(), shares.len());
        let mut highest = 0.0_f64;
        for share in &mut shares {
            highest = highest.max(share.clamp(0.0, 1.0));
            *share = highest;
        }
        Passage { grid: grid.clone(), shares }
    }

    /// `law` is the probability for any day, corrected in the same way.
    pub fn from_law(grid: &Grid, law: impl FnMut(f64) -> f64) -> Passage {
        Passage::new(grid, grid.days.iter().copied().map(law).collect())
    }

    /// The mixture with another distribution of a weight (linear pool: Stone 1961). Disagreement widens the range, which a
    /// mean of the quantiles would hide.
    ///
    /// # Panics
    /// If the two have different grids.
    pub fn mixed(&self, other: &Passage, weight: f64) -> Passage {
        assert_eq!(self.grid, other.grid);
        let both = self.shares.iter().zip(&other.shares);
        Passage::new(&self.grid, both.map(|(this, other)| (1.0 - weight) * this + weight * other).collect())
    }

    /// The same with its normal scores divided by a factor, which widens it about the median.
    pub fn widened(&self, factor: f64) -> Passage {
        // Exactly unchanged.
        if factor == 1.0 {
            return self.clone();
        }
        Passage::new(&self.grid, self.shares.iter().map(|&share| normal::widened(share, factor)).collect())
    }

    /// A limit that is reached.
    pub fn reached(grid: &Grid) -> Passage {
        Passage { grid: grid.clone(), shares: vec![1.0; grid.days.len()] }
    }

    /// No limit.
    pub fn never(grid: &Grid) -> Passage {
        Passage { grid: grid.clone(), shares: vec![0.0; grid.days.len()] }
    }

    /// The days ahead that it covers.
    pub(super) fn days(&self) -> f64 {
        self.grid.days[self.grid.days.len() - 1]
    }

    /// The probability that the limit is reached within `days` after the last observation.
    pub fn share_within(&self, days: f64) -> f64 {
        let grid = &self.grid.days;
        let after = grid.partition_point(|&day| day < days);
        match after {
            // Before the first day of the grid, in proportion to time.
            0 => self.shares[0] * days.max(0.0),
            _ if after == grid.len() => self.shares[after - 1],
            _ => {
                let part = (days / grid[after - 1]).ln() / (grid[after] / grid[after - 1]).ln();
                let (from, to) = (self.score(after - 1), self.score(after));
                normal::cdf(from + part * (to - from)).clamp(self.shares[after - 1], self.shares[after])
            }
        }
    }

    /// The normal score of a share. Between two days it is linear in the logarithm of the days.
    fn score(&self, index: usize) -> f64 {
        normal::quantile(self.shares[index].clamp(LEAST_SHARE, 1.0 - LEAST_SHARE))
    }

    /// The days after the last observation within which the limit is reached with probability `p`; infinite beyond the
    /// grid.
    pub fn quantile(&self, p: f64) -> f64 {
        let (grid, shares) = (&self.grid.days, &self.shares);
        let after = shares.partition_point(|&share| share < p);
        match after {
            0 => grid[0],
            _ if after == grid.len() => f64::INFINITY,
            _ => {
                let (from, to) = (self.score(after - 1), self.score(after));
                let part = ((normal::quantile(p) - from) / (to - from)).clamp(0.0, 1.0);
                grid[after - 1] * (grid[after] / grid[after - 1]).powf(part)
            }
        }
    }

    /// [`Passage::quantile`] in whole days, at least one; `None` beyond the grid.
    pub fn whole_days(&self, p: f64) -> Option<u32> {
        let days = self.quantile(p).round().max(1.0);
        days.is_finite().then_some(days as u32)
    }

    /// The earlier of two passages with correlated times (Gaussian copula: Li 2000).
    ///
    /// # Panics
    /// If the two have different grids.
    pub fn or(&self, other: &Passage, correlation: f64) -> Passage {
        assert_eq!(self.grid, other.grid);
        let either =
            |(&a, &b): (&f64, &f64)| a + b - normal::joint_cdf(normal::quantile(a), normal::quantile(b), correlation);
        Passage::new(&self.grid, self.shares.iter().zip(&other.shares).map(either).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passage(shares: fn(f64) -> f64) -> Passage {
        let grid = Grid::up_to(1_095);
        let shares = grid.days().iter().map(|&day| shares(day)).collect();
        Passage::new(&grid, shares)
    }

    #[test]
    fn the_grid_covers_the_horizon() {
        for horizon in [0, 1, 2, 90, 1_094, 1_095, 1_096, 3_650] {
            let grid = Grid::up_to(horizon);
            let last = *grid.days().last().unwrap();
            assert!(last >= f64::from(horizon) - 1e-6 && grid.days()[0] == 1.0, "{horizon}: {last}");
        }
        assert_eq!(Grid::up_to(1_095).days().len(), 44);
    }

    #[test]
    fn quantile_and_share_are_inverse() {
        let passage = passage(|day| normal::cdf((day / 100.0).ln()));
        for p in [0.05, 0.1, 0.5, 0.9, 0.95] {
            assert!((passage.share_within(passage.quantile(p)) - p).abs() < 1e-12, "{p}");
        }
        assert!((passage.quantile(0.5) - 100.0).abs() < 0.5);
        assert_eq!(passage.quantile(0.999), f64::INFINITY);
        assert_eq!(passage.share_within(0.0), 0.0);
    }

    #[test]
    fn either_limit_lies_between_the_earlier_and_independence() {
        let (bytes, inodes) =
            (passage(|day| normal::cdf((day / 100.0).ln())), passage(|day| normal::cdf((day / 200.0).ln())));
        let either = |correlation| bytes.or(&inodes, correlation);
        for day in [20.0, 100.0, 300.0] {
            let (a, b) = (bytes.share_within(day), inodes.share_within(day));
            let apart = either(0.0).share_within(day);
            assert!((apart - (a + b - a * b)).abs() < 1e-3, "independent: {apart}");
            let bound = either(0.999).share_within(day);
            assert!((bound - a.max(b)).abs() < 1e-2, "fully correlated: {bound}");
            let between = either(0.7).share_within(day);
            assert!(bound - 1e-9 <= between && between <= apart + 1e-9);
        }
    }
}
