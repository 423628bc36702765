//! The drift: the growth a week now, how sure one can be of it, and what scatters round it.
//!
//! Old weeks count less (a half-life), so a change of pace is followed; the price is a smaller effective sample, which
//! widens the uncertainty of the drift, and with it the date, as it should.

/// The age in weeks at which a week counts half.
const HALF_LIFE_WEEKS: f64 = 8.0;
/// The drift is never known better than to this share of itself: the future is not the past.
const LEAST_RELATIVE_ERROR: f64 = 0.05;
/// Past weeks understate how much growth will change: so much wider is the error than its sample says.
///
/// This, the half-life and the constants of the paths were chosen on the histories of real archives, by the score of
/// the date and by whether the 80 % range holds 80 %.
const ERROR_INFLATION: f64 = 1.5;
/// The largest lag-1 correlation of weekly growth that is believed.
const MOST_CORRELATION: f64 = 0.8;

/// The growth a week, in units of the resource.
#[derive(Clone, Debug, PartialEq)]
pub struct Drift {
    /// The discounted mean.
    pub mean: f64,
    /// The standard error of the mean, autocorrelation included.
    pub error: f64,
    /// The degrees of freedom of that error.
    pub freedom: f64,
    /// The standard deviation of a week round the mean.
    pub spread: f64,
    /// Each week less the mean, oldest first, scaled so that their weighted variance is `spread` squared.
    pub residuals: Vec<f64>,
    /// The weight of each residual; they sum to one.
    pub weights: Vec<f64>,
}

impl Drift {
    /// Fits weekly changes, oldest first; `None` for fewer than two.
    pub fn fit(increments: &[f64]) -> Option<Drift> {
        let n = increments.len();
        if n < 2 {
            return None;
        }
        let raw: Vec<f64> = (0..n).map(|week| 0.5_f64.powf((n - 1 - week) as f64 / HALF_LIFE_WEEKS)).collect();
        let total: f64 = raw.iter().sum();
        let weights: Vec<f64> = raw.iter().map(|w| w / total).collect();
        let mean: f64 = weights.iter().zip(increments).map(|(w, x)| w * x).sum();
        let concentration: f64 = weights.iter().map(|w| w * w).sum();
        let biased: f64 = weights.iter().zip(increments).map(|(w, x)| w * (x - mean).powi(2)).sum();
        let variance = biased / (1.0 - concentration);
        let effective = 1.0 / concentration;
        let correlation = lag_one_correlation(increments, mean).clamp(0.0, MOST_CORRELATION);
        let sampling = variance * (1.0 + correlation) / ((1.0 - correlation) * effective);
        let unbias = (1.0 / (1.0 - concentration)).sqrt();
        Some(Drift {
            mean,
            error: ERROR_INFLATION * (sampling + (LEAST_RELATIVE_ERROR * mean).powi(2)).sqrt(),
            freedom: (effective - 1.0).max(3.0),
            spread: variance.sqrt(),
            residuals: increments.iter().map(|x| (x - mean) * unbias).collect(),
            weights,
        })
    }
}

/// The correlation of each week with the next; 0 where nothing varies.
fn lag_one_correlation(increments: &[f64], mean: f64) -> f64 {
    let variance: f64 = increments.iter().map(|x| (x - mean).powi(2)).sum();
    let covariance: f64 = increments.windows(2).map(|x| (x[0] - mean) * (x[1] - mean)).sum();
    if variance > 0.0 { covariance / variance } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_weeks_by_hand() {
        let drift = Drift::fit(&[0.0, 1.0]).unwrap();
        let older = 0.5_f64.powf(1.0 / HALF_LIFE_WEEKS);
        let mean = 1.0 / (1.0 + older);
        assert!((drift.mean - mean).abs() < 1e-12);
        // With two points the unbiased weighted variance is half the squared distance, whatever the weights.
        assert!((drift.spread.powi(2) - 0.5).abs() < 1e-9);
        assert_eq!(drift.freedom, 3.0);
    }

    #[test]
    fn residuals_have_mean_zero_and_the_spread_under_their_weights() {
        let weeks: Vec<f64> = (0..30).map(|w| f64::from((w * 7) % 11)).collect();
        let drift = Drift::fit(&weeks).unwrap();
        let mean: f64 = drift.weights.iter().zip(&drift.residuals).map(|(w, r)| w * r).sum();
        let variance: f64 = drift.weights.iter().zip(&drift.residuals).map(|(w, r)| w * r * r).sum();
        assert!(mean.abs() < 1e-9);
        assert!((variance - drift.spread.powi(2)).abs() < 1e-9);
    }

    #[test]
    fn recent_weeks_count_more() {
        let mut weeks = vec![1.0; 16];
        weeks.extend(vec![3.0; 8]);
        let drift = Drift::fit(&weeks).unwrap();
        // The last half-life holds 1/2 of an endless history's weight, and a little more of a finite one's.
        assert!(drift.mean > 2.0 && drift.mean < 2.3, "{}", drift.mean);
    }

    #[test]
    fn a_constant_series_has_no_spread() {
        let drift = Drift::fit(&[0.0; 10]).unwrap();
        assert_eq!((drift.mean, drift.error, drift.spread), (0.0, 0.0, 0.0));
    }
}
