//! The arrival rate from the ages of the mail, and the uncertainty of dates that follow from it.
//!
//! The days until an amount arrives are log-normal about the rate, with the tails of a scale mixture (Tukey 1960). The
//! constants were fitted to the pinball loss of the date on real archives under four retention rules. With constants fitted
//! without the source in question, the 80 % range after one scan covered 81 % of all dates; by source, from 60 % (mail
//! collected in campaigns) to 86 %.

use crate::forecast::normal;

/// Days.
pub(super) const WEEK: f64 = 7.0;
/// The age in weeks at which the weight of a week in the rate is halved.
const HALF_LIFE_WEEKS: f64 = 8.0;
/// Weight in days of the rate of the whole life: a silent store will not stay silent for ever.
const LIFETIME_DAYS: f64 = 5.4;
/// Weeks behind the scatter.
const SCATTER_WEEKS: usize = 26;
/// Their half-life in weeks.
const SCATTER_HALF_LIFE_WEEKS: f64 = 13.0;
/// Upper bound of the scatter.
const MOST_SCATTER: f64 = 3.0;
/// Variance of the logarithm of the days: constant part.
const VARIANCE: f64 = 0.013;
/// For each unit of the scatter.
const VARIANCE_OF_SCATTER: f64 = 0.42;
/// For a store in its first week, falling with the weeks. Set, not fitted: the archives have few young stores.
const VARIANCE_OF_YOUTH: f64 = 3.0;
/// For a factor of e between the present rate and that of the whole life, one of which must be wrong.
const VARIANCE_OF_CHANGE: f64 = 0.20;
/// For each year ahead.
const VARIANCE_OF_A_YEAR: f64 = 0.031;
/// Upper bound of the logarithm of that factor.
const MOST_CHANGE: f64 = 3.0;
/// Share and width of the wider normal.
const WILD: (f64, f64) = (0.17, 2.12);
/// Share of bytes that may be older than the store: a few stray dates do not count.
const STRAY: f64 = 0.002;
/// Days without mail from which a store counts as silent: middle and scale of a logistic curve.
const SILENT: (f64, f64) = (31.0, 3.0);
/// The probability that a silent store waits for its next mail, instead of growing at its rate.
const WAITS: f64 = 0.87;
/// Median days until a store that has been silent for 60 days has grown by a tenth, and standard deviation of their
/// logarithm.
const WAIT: (f64, f64) = (225.0, 1.435);
/// Powers of the needed amount and of the silence in that time.
const WAIT_POWERS: (f64, f64) = (0.24, 0.54);

/// The arrival rate and its uncertainty.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct ArrivalPace {
    /// Everything that is stored, in units of the resource.
    pub total: f64,
    /// The age of the store in days.
    pub age: f64,
    /// Present arrivals a day, in units of the resource.
    pub now: f64,
    /// Arrivals a day over the whole life, in the same units.
    pub lifetime: f64,
    /// The standard deviation of recent weeks over their mean.
    pub scatter: f64,
    /// Days without arrivals.
    pub silence: f64,
}

impl ArrivalPace {
    /// `weeks` are amounts by age in whole weeks, and `survival` is the share of arrivals that is left at each. `None` for an
    /// empty store.
    pub(super) fn measure(weeks: &[f64], survival: impl Fn(usize) -> f64) -> Option<ArrivalPace> {
        let total: f64 = weeks.iter().sum();
        if total.is_nan() || total <= 0.0 {
            return None;
        }
        let oldest = oldest(weeks);
        let (mut seen, mut open, mut whole_open) = (0.0, 0.0, 0.0);
        for (age, amount) in weeks[..=oldest].iter().enumerate() {
            let still_there = survival(age);
            whole_open += WEEK * still_there;
            // Too few survivors show no arrivals.
            if still_there > 0.05 {
                let weight = 0.5_f64.powf((age as f64 + 0.5) / HALF_LIFE_WEEKS);
                seen += weight * amount;
                open += weight * WEEK * still_there;
            }
        }
        let lifetime = total / whole_open.max(WEEK);
        Some(ArrivalPace {
            total,
            age: WEEK * (oldest + 1) as f64,
            now: (seen + LIFETIME_DAYS * lifetime) / (open + LIFETIME_DAYS),
            lifetime,
            scatter: scatter(&weeks[..=oldest]),
            silence: WEEK * weeks.iter().position(|&amount| amount > 0.0).unwrap_or(0) as f64,
        })
    }

    /// The probability that `need` units arrive within `days`, where the rate gives `come`. The bias is added to the logarithm
    /// of the arrivals, and the scale multiplies its standard deviation.
    pub(super) fn reaches(&self, come: f64, need: f64, days: f64, (bias, scale): (f64, f64)) -> f64 {
        if need <= 0.0 {
            return 1.0;
        }
        if come <= 0.0 {
            return 0.0;
        }
        let change = (self.now / self.lifetime).ln().clamp(-MOST_CHANGE, MOST_CHANGE);
        let variance = VARIANCE
            + VARIANCE_OF_SCATTER * self.scatter.min(MOST_SCATTER)
            + VARIANCE_OF_YOUTH / (self.age / 7.0 + 1.0)
            + VARIANCE_OF_CHANGE * change * change
            + VARIANCE_OF_A_YEAR * days / 365.0;
        let z = ((come / need).ln() + bias) / (variance.sqrt() * scale);
        normal::cdf_with_tails(z, WILD)
    }

    /// The same for a store that may be silent, whose waiting time does not depend on the rate.
    pub(super) fn or_waits(&self, reached: f64, need: f64, days: f64) -> f64 {
        if need <= 0.0 {
            return 1.0;
        }
        let waits = WAITS / (1.0 + (-(self.silence - SILENT.0) / SILENT.1).exp());
        let median = WAIT.0
            * (need / (0.1 * self.total)).powf(WAIT_POWERS.0)
            * (self.silence.max(1.0) / 60.0).powf(WAIT_POWERS.1);
        (1.0 - waits) * reached + waits * normal::cdf((days / median).ln() / WAIT.1)
    }

    /// Whether the waiting time dominates.
    pub(super) fn is_silent(&self) -> bool {
        self.silence > SILENT.0
    }
}

/// The age in weeks of the oldest mail, without strays.
pub(super) fn oldest(weeks: &[f64]) -> usize {
    let enough = weeks.iter().sum::<f64>() * (1.0 - STRAY);
    let mut sum = 0.0;
    let reached = weeks.iter().position(|amount| {
        sum += amount;
        sum >= enough
    });
    reached.unwrap_or(weeks.len().saturating_sub(1))
}

/// The discounted standard deviation of the last whole weeks over their mean: the day of the scan was not over.
fn scatter(weeks: &[f64]) -> f64 {
    let whole = if weeks.len() > 1 { &weeks[1..] } else { weeks };
    let weeks = &whole[..whole.len().min(SCATTER_WEEKS)];
    let weights: Vec<f64> = (0..weeks.len()).map(|j| 0.5_f64.powf(j as f64 / SCATTER_HALF_LIFE_WEEKS)).collect();
    let total: f64 = weights.iter().sum();
    let mean = weights.iter().zip(weeks).map(|(w, x)| w * x).sum::<f64>() / total;
    if mean.is_nan() || mean <= 0.0 {
        return MOST_SCATTER;
    }
    let variance = weights.iter().zip(weeks).map(|(w, x)| w * (x - mean).powi(2)).sum::<f64>() / total;
    (variance.sqrt() / mean).min(MOST_SCATTER)
}

#[cfg(test)]
mod tests {
    use super::super::examples::steady;
    use super::*;

    #[test]
    fn the_pace_of_a_steady_store_matches_a_hand_calculation() {
        let pace = ArrivalPace::measure(&[70.0; 100], |_| 1.0).unwrap();
        assert!((pace.now - 10.0).abs() < 1e-12 && (pace.lifetime - 10.0).abs() < 1e-12);
        assert_eq!((pace.total, pace.age, pace.scatter, pace.silence), (7_000.0, 700.0, 0.0, 0.0));
        // Without bias, half of the dates lie before the time at which the pace reaches the amount.
        assert!((pace.reaches(500.0, 500.0, 50.0, (0.0, 1.0)) - 0.5).abs() < 1e-6);
    }

    #[test]
    fn deleted_mail_counts_as_arrived() {
        let pace = ArrivalPace::measure(&[35.0; 100], |_| 0.5).unwrap();
        assert!((pace.now - 10.0).abs() < 1e-12);
    }

    #[test]
    fn stray_dates_do_not_make_a_store_old() {
        let mut weeks = steady(100, 1_000.0);
        weeks.resize(1_000, 0.0);
        weeks.push(1.0);
        assert_eq!(oldest(&weeks), 99);
    }

    #[test]
    fn an_empty_store_has_no_pace() {
        assert_eq!(ArrivalPace::measure(&[], |_| 1.0), None);
        assert_eq!(ArrivalPace::measure(&[0.0; 9], |_| 1.0), None);
    }
}
