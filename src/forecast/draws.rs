//! The random numbers of all paths, drawn once and used for every series.
//!
//! Common random numbers make answers comparable (more growth is never later, a higher limit never earlier, because
//! each path moves, not the luck), independent of threads and order, and cheap where there are thousands of series.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;

/// The draws of one path that hold for all its weeks.
#[derive(Clone, Copy, Debug)]
pub struct PathDraws {
    /// Two uniforms in (0, 1), from which [`student_t`] makes a draw of any freedom.
    pub drift: (f64, f64),
    /// Standard normal: how growth itself grows.
    pub growth: f64,
}

/// The draws of one week of one path.
#[derive(Clone, Copy, Debug)]
pub struct WeekDraws {
    /// Standard normal: the step of the drift's random walk.
    pub walk: f64,
    /// Uniform in [0, 1): which past week is drawn again.
    pub residual: f64,
    /// Uniform in [0, 1): whether there is an event, and which.
    pub event: f64,
}

/// The draws of `paths` paths of `weeks` weeks each.
#[derive(Clone, Debug)]
pub struct Draws {
    weeks: usize,
    paths: Vec<PathDraws>,
    steps: Vec<WeekDraws>,
}

impl Draws {
    /// Draws everything from the seed. ChaCha is specified, so that the same seed gives the same numbers in every
    /// release and on every machine.
    pub fn new(seed: u64, paths: usize, weeks: usize) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let mut uniform = || 1.0 - rng.random::<f64>();
        let drifts: Vec<(f64, f64)> = (0..paths).map(|_| (uniform(), uniform())).collect();
        let paths: Vec<PathDraws> =
            drifts.into_iter().map(|drift| PathDraws { drift, growth: rng.sample(StandardNormal) }).collect();
        let steps = (0..paths.len() * weeks)
            .map(|_| WeekDraws { walk: rng.sample(StandardNormal), residual: rng.random(), event: rng.random() })
            .collect();
        Draws { weeks, paths, steps }
    }

    /// How many weeks each path has.
    pub fn weeks(&self) -> usize {
        self.weeks
    }

    /// How many paths there are.
    pub fn len(&self) -> usize {
        self.paths.len()
    }

    /// Whether there are no paths.
    pub fn is_empty(&self) -> bool {
        self.paths.is_empty()
    }

    /// Each path with its weeks.
    pub fn iter(&self) -> impl Iterator<Item = (&PathDraws, &[WeekDraws])> {
        self.paths.iter().zip(self.steps.chunks(self.weeks.max(1)))
    }
}

/// A draw of Student's t from two uniforms in (0, 1] (Bailey 1994, the polar method without rejection).
pub fn student_t((u, v): (f64, f64), freedom: f64) -> f64 {
    (freedom * (u.powf(-2.0 / freedom) - 1.0)).sqrt() * (std::f64::consts::TAU * v).cos()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_seed_decides() {
        let sum =
            |seed| Draws::new(seed, 10, 5).iter().map(|(_, w)| w.iter().map(|d| d.walk).sum::<f64>()).sum::<f64>();
        assert_eq!(sum(1), sum(1));
        assert_ne!(sum(1), sum(2));
    }

    #[test]
    fn student_t_has_its_quantiles() {
        // The 97.5 % quantiles of t with 3 and 10 degrees of freedom are 3.182 and 2.228.
        let draws = Draws::new(7, 200_000, 1);
        for (freedom, quantile) in [(3.0, 3.182), (10.0, 2.228)] {
            let above = draws.iter().filter(|(p, _)| student_t(p.drift, freedom) > quantile).count();
            let share = above as f64 / draws.len() as f64;
            assert!((share - 0.025).abs() < 0.001, "{share}");
        }
    }
}
