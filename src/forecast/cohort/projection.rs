//! Projects the stored mail by age: losses of the present mail, and new mail that stays.
//!
//! Leslie's matrix (1945) by weeks, with a constant number of births: `N(0) = births`, `N(j + 1) = P(j) N(j)`. The sum is
//! `level(h) = total - loss(h) + pace * gain(h)`, in which only the rate is uncertain. The date therefore has the same
//! distribution as after the first scan, with the loss added to the needed amount.

use super::{Survival, law::ArrivalPace};
use crate::forecast::passage::{Grid, Passage};

/// Projected weeks; later values stay the same.
const WEEKS: usize = 158;
/// Bias and factor of the standard deviation: deletions are already subtracted.
const LAW: (f64, f64) = (0.0, 0.75);

/// A store with constant survival rates and arrivals.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Projection {
    pace: ArrivalPace,
    /// Surviving arrivals for each unit a day, by weeks ahead.
    gain: Vec<f64>,
    /// Losses of the present mail, by weeks ahead, in units of the resource.
    loss: Vec<f64>,
}

impl Projection {
    /// Projects the amounts of the last scan by age in whole weeks; `None` for an empty store.
    pub(crate) fn new(weeks: &[f64], survival: &Survival) -> Option<Projection> {
        let shares = survival.shares(WEEKS.max(weeks.len()));
        let pace = ArrivalPace::measure(weeks, |age| shares[age])?;
        let mut gain = vec![0.0];
        gain.extend(shares[..WEEKS].iter().scan(0.0, |days, share| {
            *days += 7.0 * share;
            Some(*days)
        }));
        let mut now = weeks.to_vec();
        let mut loss = vec![0.0];
        for ahead in 0..WEEKS {
            now.iter_mut().enumerate().for_each(|(age, amount)| *amount *= survival.weekly(age + ahead));
            loss.push(pace.total - now.iter().sum::<f64>());
        }
        Some(Projection { pace, gain, loss })
    }

    /// The level `days` ahead at exactly the present rate, in units of the resource.
    pub(crate) fn level(&self, days: f64) -> f64 {
        self.pace.total - self.loss(days) + self.comes(days)
    }

    /// The passage of `need` more units.
    pub(crate) fn passage(&self, need: f64, grid: &Grid) -> Passage {
        if need <= 0.0 {
            return Passage::reached(grid);
        }
        let reached = Passage::from_law(grid, |days| self.grows(need, days));
        Passage::from_law(grid, |days| self.pace.or_waits(reached.share_within(days), need, days))
    }

    fn grows(&self, need: f64, days: f64) -> f64 {
        self.pace.reaches(self.comes(days), need + self.loss(days), days, LAW)
    }

    /// Arrivals a day that stay for the first week, in units of the resource.
    pub(crate) fn arrivals(&self) -> f64 {
        self.pace.now
    }

    /// The loss of the present mail within `days`, in units of the resource.
    pub(crate) fn loss(&self, days: f64) -> f64 {
        between(&self.loss, days)
    }

    /// New mail that is left after `days`, in units of the resource.
    pub(crate) fn comes(&self, days: f64) -> f64 {
        self.pace.now * between(&self.gain, days)
    }
}

/// Interpolates linearly between weeks; constant after the last.
fn between(by_week: &[f64], days: f64) -> f64 {
    let weeks = (days / 7.0).clamp(0.0, (by_week.len() - 1) as f64);
    let before = (weeks.floor() as usize).min(by_week.len() - 2);
    by_week[before] + (by_week[before + 1] - by_week[before]) * (weeks - before as f64)
}

#[cfg(test)]
mod tests {
    use super::super::examples::{a_week_on, scan, steady};
    use super::*;

    fn grid() -> Grid {
        Grid::up_to(1_095)
    }

    #[test]
    fn without_deletion_the_projection_is_a_line() {
        let projection = Projection::new(&[7e6; 100], &Survival::certain()).unwrap();
        for days in [0.0, 1.0, 10.0, 700.0] {
            assert!((projection.level(days) - (700e6 + 1e6 * days)).abs() < 1.0, "{days}");
        }
        assert!((projection.passage(60e6, &grid()).quantile(0.5) / 60.0 - 1.0).abs() < 0.01);
    }

    #[test]
    fn the_level_one_week_ahead_is_arrivals_plus_surviving_mail() {
        let first = scan(&steady(60, 1e6));
        let next = a_week_on(&first, 1e6, |age| 1.0 - 0.2 / (age + 1) as f64);
        let weeks = next.weeks();
        let survival = Survival::learn(&[first, next]);
        let projection = Projection::new(&weeks, &survival).unwrap();
        let left: f64 = weeks.iter().enumerate().map(|(age, amount)| survival.weekly(age) * amount).sum();
        let expected = 7.0 * projection.arrivals() + left;
        assert!((projection.level(7.0) / expected - 1.0).abs() < 1e-12);
    }

    #[test]
    fn a_retention_rule_makes_a_plateau() {
        let keeps_a_year = |age: usize| if age >= 51 { 0.0 } else { 1.0 };
        let mut scans = vec![scan(&[7e6; 52])];
        (0..3).for_each(|n| scans.push(a_week_on(&scans[n], 7e6, keeps_a_year)));
        let survival = Survival::learn(&scans);
        assert_eq!(survival.edge(), Some(51));
        let projection = Projection::new(&scans[3].weeks(), &survival).unwrap();
        for days in [7.0, 70.0, 365.0, 1_000.0] {
            assert!((projection.level(days) / 364e6 - 1.0).abs() < 1e-9, "{days}: {}", projection.level(days));
        }
        // The usual arrivals do not reach a tenth more; a store that keeps everything does within five weeks.
        assert!(projection.passage(36.4e6, &grid()).share_within(90.0) < 0.2);
        assert!(
            Projection::new(&scans[3].weeks(), &Survival::certain())
                .unwrap()
                .passage(36.4e6, &grid())
                .share_within(90.0)
                > 0.95
        );
    }

    #[test]
    fn a_steady_loss_settles_at_its_plateau() {
        let loses = |age: usize| if age == 0 { 1.0 } else { 0.98 };
        let weeks: Vec<f64> = (0..900).map(|age: i32| 7e6 * 0.98_f64.powi((age - 1).max(0))).collect();
        let first = scan(&weeks);
        let next = a_week_on(&first, 7e6, loses);
        let projection = Projection::new(&next.weeks(), &Survival::learn(&[first, next.clone()])).unwrap();
        assert!((projection.level(700.0) / next.total() - 1.0).abs() < 0.01);
    }

    #[test]
    fn probability_falls_with_more_free_space_rises_with_time_and_ignores_scale() {
        let projected = |a_week: f64| {
            let first = scan(&steady(60, a_week));
            let scans = [first.clone(), a_week_on(&first, a_week, |age| 1.0 - 0.1 / (age + 1) as f64)];
            Projection::new(&scans[1].weeks(), &Survival::learn(&scans)).unwrap()
        };
        let (one, two) = (projected(1e6), projected(2e6));
        for days in (1..1_100).step_by(9).map(f64::from) {
            let p = [0.0, 1e5, 1e6, 1e7, 1e8].map(|need| one.passage(need, &grid()).share_within(days));
            assert!(p.is_sorted_by(|near, far| near >= far) && p.iter().all(|p| (0.0..=1.0).contains(p)), "{p:?}");
            assert!(one.passage(1e7, &grid()).share_within(days + 9.0) >= p[3]);
            assert!((two.passage(2e7, &grid()).share_within(days) - p[3]).abs() < 1e-9);
        }
    }

    #[test]
    fn an_empty_store_has_no_projection() {
        assert_eq!(Projection::new(&[], &Survival::certain()), None);
    }
}
