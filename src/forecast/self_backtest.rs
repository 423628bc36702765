//! Self-backtest: how well the rate of each past week predicted the weeks after it. It corrects the variance of a store that
//! is calmer or wilder than usual, and the median of one whose growth keeps accelerating or slowing.

/// The predictability of a series over a span.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct SelfBacktest {
    /// The equivalent number of spans that do not overlap.
    pub spans: f64,
    /// Mean error, the logarithm of observed over predicted growth.
    pub bias: f64,
    /// Mean squared error.
    pub square: f64,
}

/// The age in weeks at which the weight of a test is halved.
const HALF_LIFE: f64 = 52.0;
/// Weeks before the first test.
const LEAST_WEEKS: usize = 4;
/// Larger errors count as a factor of e³.
const MOST: f64 = 3.0;

impl SelfBacktest {
    /// Compares the discounted mean of `organic` up to each week with the mean of `observed` over the `span` weeks after it.
    /// Both are weekly changes, oldest first, in units of the resource; `floor` is added to both means.
    pub(super) fn measure(organic: &[f64], observed: &[f64], span: usize, half_life: f64, floor: f64) -> SelfBacktest {
        let n = organic.len();
        let (fading, aging) = (0.5_f64.powf(1.0 / half_life), 0.5_f64.powf(1.0 / HALF_LIFE));
        let (mut sum, mut total) = (0.0, 0.0);
        let (mut weight, mut bias, mut square) = (0.0, 0.0, 0.0);
        let mut after: f64 = observed.iter().take(span).sum();
        for week in 1..(n + 1).saturating_sub(span) {
            sum = sum * fading + organic[week - 1];
            total = total * fading + 1.0;
            after += observed[week + span - 1] - observed[week - 1];
            if week < LEAST_WEEKS {
                continue;
            }
            let (pace, real) = ((sum / total).max(0.0), (after / span as f64).max(0.0));
            let error = ((real + floor) / (pace + floor)).ln().clamp(-MOST, MOST);
            weight = weight * aging + 1.0;
            bias = bias * aging + error;
            square = square * aging + error * error;
        }
        if weight == 0.0 {
            return SelfBacktest::default();
        }
        SelfBacktest { spans: weight / span as f64, bias: bias / weight, square: square / weight }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_forecast_without_error() {
        let weeks = [7.0; 20];
        let backtest = SelfBacktest::measure(&weeks, &weeks, 4, 4.0, 0.1);
        assert!(backtest.bias.abs() < 1e-12 && backtest.square < 1e-20 && backtest.spans > 3.0, "{backtest:?}");
    }

    #[test]
    fn the_bias_of_rising_growth_matches_a_hand_calculation() {
        // Four weeks of 1, then one of 3: only the fourth week can be tested on a span of one.
        let weeks = [1.0, 1.0, 1.0, 1.0, 3.0];
        let backtest = SelfBacktest::measure(&weeks, &weeks, 1, 4.0, 0.0);
        assert!((backtest.bias - 3.0_f64.ln()).abs() < 1e-12);
        assert!((backtest.square - 3.0_f64.ln().powi(2)).abs() < 1e-12);
        assert_eq!(backtest.spans, 1.0);
    }

    #[test]
    fn too_short_a_history_gives_the_default() {
        assert_eq!(SelfBacktest::measure(&[1.0; 7], &[1.0; 7], 4, 4.0, 0.1), SelfBacktest::default());
        assert_eq!(SelfBacktest::measure(&[], &[], 4, 4.0, 0.1), SelfBacktest::default());
    }
}
