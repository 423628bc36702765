//! Brownian motion with an uncertain drift. Kumar and Chamness (2018) take the drift as known; here its error comes from the
//! sample and grows with the horizon.

use crate::forecast::{YEAR, constants::MotionConstants, grid::WEEK, normal, past::Past, student};

/// Equally probable drifts that approximate the distribution.
const DRIFTS: usize = 9;

/// Nothing is left beyond this number of standard deviations: most days of most series lie there.
const TAILS: f64 = 9.0;

/// Least standard deviation of a week, as a share of the usual growth.
const LEAST_SCATTER: f64 = 1e-3;

/// The motion of one series, in units of the resource.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Motion {
    /// The level now.
    level: f64,
    /// The mean growth a day.
    pub drift: f64,
    /// The standard deviation of a day.
    pub scatter: f64,
    /// Squared scale of the error of the drift now, and for each year ahead.
    error: f64,
    error_of_years: f64,
    /// The midpoint quantiles of the error of the drift.
    drifts: [f64; DRIFTS],
}

impl Motion {
    /// `usual` is the usual growth a day.
    pub(super) fn fit(past: &Past, usual: f64, c: &MotionConstants) -> Motion {
        let recent = past.recent;
        let scatter = past.recent_scatter().sqrt().max(LEAST_SCATTER * usual);
        let drift = (recent.weeks * recent.mean + c.usual_weeks * usual) / (recent.weeks + c.usual_weeks);
        Motion {
            level: past.level,
            drift,
            // The mean of a week scatters less than its days.
            scatter: scatter * WEEK.sqrt(),
            error: (c.error * scatter).powi(2) / recent.weeks,
            error_of_years: (c.error_of_usual * usual).powi(2),
            drifts: std::array::from_fn(|index| student::quantile((index as f64 + 0.5) / DRIFTS as f64)),
        }
    }

    /// The probability of reaching a gain within `days`, averaged over the drifts.
    pub(super) fn reaches(&self, gain: f64, days: f64) -> f64 {
        self.averaged(days, |drift| first_passage(drift, self.scatter, gain, days))
    }

    /// The probability that the gain is at least `gain` after `days`, which may be negative: a loss. A negative drift takes
    /// the same share of the rest each day.
    pub(super) fn stands(&self, gain: f64, days: f64) -> f64 {
        self.averaged(days, |drift| {
            let mean = if drift < 0.0 { self.level * (drift * days / self.level).exp_m1() } else { drift * days };
            let ahead = mean - gain;
            let spread = self.scatter * days.sqrt();
            if spread > 0.0 { normal::cdf(ahead / spread) } else { f64::from(u8::from(ahead >= 0.0)) }
        })
    }

    fn averaged(&self, days: f64, of_drift: impl Fn(f64) -> f64) -> f64 {
        let error = (self.error + self.error_of_years * days / YEAR).sqrt();
        self.drifts.iter().map(|t| of_drift(self.drift + error * t)).sum::<f64>() / DRIFTS as f64
    }
}

/// The probability that Brownian motion with a drift and scatter a day reaches a gain within `days`: the inverse Gaussian
/// distribution (Schrödinger 1915).
pub(super) fn first_passage(drift: f64, scatter: f64, gain: f64, days: f64) -> f64 {
    if scatter <= 0.0 {
        return if drift * days >= gain { 1.0 } else { 0.0 };
    }
    let root = scatter * days.sqrt();
    let (ahead, back) = ((drift * days - gain) / root, (drift * days + gain) / root);
    if ahead > TAILS {
        return 1.0;
    }
    let is_rare = || drift >= 0.0 || -2.0 * drift * gain > 0.5 * (TAILS * scatter).powi(2);
    if ahead < -TAILS && is_rare() {
        return 0.0;
    }
    // Combines a huge and a tiny factor in one exponential: 2·drift·gain/scatter² is (back² - ahead²)/2.
    let reflected = if back >= 0.0 {
        (-0.5 * ahead * ahead).exp() / std::f64::consts::TAU.sqrt() * normal::mills_ratio(back)
    } else {
        (2.0 * drift * gain / scatter.powi(2)).exp() * normal::cdf(-back)
    };
    (normal::cdf(ahead) + reflected).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::{RngExt, SeedableRng};
    use rand_chacha::ChaCha8Rng;
    use rand_distr::StandardNormal;

    /// A weekly look misses passages in between, which moves the barrier outwards by this many standard deviations of a step
    /// (Broadie, Glasserman and Kou 1997).
    const BETWEEN_LOOKS: f64 = 0.582_6;

    #[test]
    fn without_scatter_the_passage_is_a_line() {
        assert_eq!(first_passage(2.0, 0.0, 10.0, 4.9), 0.0);
        assert_eq!(first_passage(2.0, 0.0, 10.0, 5.0), 1.0);
    }

    #[test]
    fn without_drift_the_reflection_principle_holds() {
        // The reflection principle: P(T <= t) = 2 P(W(t) >= a).
        for (gain, days) in [(1.0, 1.0), (3.0, 4.0), (100.0, 4.0), (0.01, 9.0)] {
            let expected = 2.0 * normal::cdf(-gain / f64::sqrt(days));
            let actual = first_passage(0.0, 1.0, gain, days);
            assert!((actual - expected).abs() <= 1e-12 * expected.max(1e-300), "{actual} {expected}");
        }
    }

    #[test]
    fn extreme_parameters_give_probabilities() {
        for drift in [-1e9, -1.0, 0.0, 1.0, 1e9] {
            for scatter in [1e-9, 1.0, 1e9] {
                let p = first_passage(drift, scatter, 1e6, 1_095.0);
                assert!((0.0..=1.0).contains(&p), "{drift} {scatter}: {p}");
            }
        }
        // With drift away from the limit, the eventual probability is exp(2·drift·gain/scatter²).
        assert!((first_passage(-1.0, 2.0, 2.0, 1e6) - f64::exp(-1.0)).abs() < 1e-9);
    }

    #[test]
    fn simulated_weekly_walks_match_the_closed_form() {
        let (drift, scatter, gain, looks) = (0.6, 7.5, 200.0, 104);
        let mut rng = ChaCha8Rng::seed_from_u64(3);
        let walks = 40_000;
        let mut passed = vec![0_u32; looks + 1];
        for _ in 0..walks {
            let mut level = 0.0;
            let mut step = || {
                level += 7.0 * drift + 7.0_f64.sqrt() * scatter * rng.sample::<f64, _>(StandardNormal);
                level >= gain
            };
            if let Some(look) = (1..=looks).find(|_| step()) {
                passed[look] += 1;
            }
        }
        for weeks in [13, 26, 52, 104] {
            let share = f64::from(passed[..=weeks].iter().sum::<u32>()) / f64::from(walks);
            let seen = gain + BETWEEN_LOOKS * scatter * 7.0_f64.sqrt();
            let closed = first_passage(drift, scatter, seen, 7.0 * weeks as f64);
            // Three standard errors, plus the error of the correction.
            assert!((share - closed).abs() < 3.0 * (share * (1.0 - share) / f64::from(walks)).sqrt() + 0.003);
        }
    }
}
