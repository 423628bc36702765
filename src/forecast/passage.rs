//! First passage: when a path first reaches the limit.

use super::grid::STEP_DAYS;

/// The time in days at which a path that starts at `level` first reaches `limit`, interpolated inside the week;
/// zero if it stands there, infinite if it never does. `path` holds the levels at the ends of the weeks.
pub fn first_passage(level: f64, path: &[f64], limit: f64) -> f64 {
    if level >= limit {
        return 0.0;
    }
    let mut before = level;
    for (week, &after) in path.iter().enumerate() {
        if after >= limit {
            return STEP_DAYS * (week as f64 + ((limit - before) / (after - before)).clamp(0.0, 1.0));
        }
        before = after;
    }
    f64::INFINITY
}

/// The level of a path at a number of days ahead, interpolated inside the week and held after the last.
pub fn level_at(level: f64, path: &[f64], days: f64) -> f64 {
    let position = days / STEP_DAYS;
    let week = (position.floor() as usize).min(path.len());
    let before = if week == 0 { level } else { path[week - 1] };
    let after = path.get(week).copied().unwrap_or(before);
    before + (after - before) * position.fract()
}

#[cfg(test)]
mod tests {
    use super::super::draws::Draws;
    use super::super::paths::Motion;
    use super::*;

    #[test]
    fn passage_by_hand() {
        let path = [110.0, 105.0, 125.0, 90.0];
        assert_eq!(first_passage(100.0, &path, 105.0), 3.5);
        assert_eq!(first_passage(100.0, &path, 110.0), 7.0);
        assert_eq!(first_passage(100.0, &path, 115.0), 17.5);
        assert_eq!(first_passage(100.0, &path, 126.0), f64::INFINITY);
    }

    #[test]
    fn level_by_hand() {
        let path = [110.0, 130.0];
        for (days, level) in [(0.0, 100.0), (3.5, 105.0), (7.0, 110.0), (10.5, 120.0), (14.0, 130.0), (30.0, 130.0)] {
            assert_eq!(level_at(100.0, &path, days), level, "{days}");
        }
    }

    /// The standard normal distribution function: the series of Marsaglia (2004), in the tails Laplace's continued
    /// fraction, which keeps relative accuracy where the closed form multiplies by a huge number.
    fn normal_cdf(x: f64) -> f64 {
        let density = (-0.5 * x * x).exp() / std::f64::consts::TAU.sqrt();
        if x.abs() > 5.0 {
            let fraction = (1..60).rev().fold(x.abs(), |tail, k| x.abs() + f64::from(k) / tail);
            return if x < 0.0 { density / fraction } else { 1.0 - density / fraction };
        }
        let (mut sum, mut term, mut k) = (x, x, 1.0);
        while sum + term != sum {
            k += 2.0;
            term *= x * x / k;
            sum += term;
        }
        0.5 + sum * density
    }

    /// P(T <= t) for Brownian motion with drift from 0 to the barrier `a`: the inverse Gaussian distribution.
    fn inverse_gaussian(a: f64, drift: f64, sigma: f64, t: f64) -> f64 {
        let root = sigma * t.sqrt();
        normal_cdf((drift * t - a) / root)
            + (2.0 * drift * a / sigma.powi(2)).exp() * normal_cdf((-drift * t - a) / root)
    }

    #[test]
    fn drift_and_noise_alone_meet_the_closed_form() {
        // Normal residuals by their quantiles, so that drawing them again is drawing a normal.
        let n = 1_000;
        // A small drift a step: the correction below is exact in that limit only.
        let (drift, sigma, gap) = (4.0, 20.0, 200.0);
        let mut residuals: Vec<f64> = Vec::new();
        for i in 0..n {
            let p = (f64::from(i) + 0.5) / f64::from(n);
            let (mut low, mut high) = (-6.0, 6.0);
            while high - low > 1e-9 {
                let middle = (low + high) / 2.0;
                if normal_cdf(middle) < p { low = middle } else { high = middle }
            }
            residuals.push(sigma * low);
        }
        let motion = Motion {
            // Far above the floor at zero, which the closed form does not know.
            level: 1e6,
            drift,
            drift_error: 0.0,
            drift_freedom: 3.0,
            drift_walk: 0.0,
            growth_spread: 0.0,
            cumulative: (1..=n).map(|i| f64::from(i) / f64::from(n)).collect(),
            residuals,
            block: 1,
            event_rate: 0.0,
            event_sizes: vec![0.0],
        };
        let draws = Draws::new(3, 50_000, 104);
        let times: Vec<f64> =
            motion.paths(&draws).chunks(104).map(|path| first_passage(1e6, path, 1e6 + gap)).collect();
        // A walk that is looked at once a week sees the barrier 0.583 standard deviations farther off
        // (Broadie, Glasserman and Kou 1997). Interpolation inside a week moves no passage into another week.
        let seen = gap + 0.583 * sigma;
        for week in [13.0, 26.0, 39.0, 52.0, 104.0] {
            let share = times.iter().filter(|t| **t <= STEP_DAYS * week).count() as f64 / times.len() as f64;
            let closed = inverse_gaussian(seen, drift, sigma, week);
            assert!((share - closed).abs() < 0.01, "week {week}: {share} against {closed}");
        }
    }
}
