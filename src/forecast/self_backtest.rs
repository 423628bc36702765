//! Hindsight: how the pace of each past week did in the weeks after it, by which the spread is corrected for a store that
//! is calmer or wilder than its kind, and the median for one that keeps growing faster or slower.

/// What a series says of its own predictability over a span.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct SelfBacktest {
    /// How many spans that do not overlap would tell as much.
    pub spans: f64,
    /// The mean of the errors, logarithms of what came by what was told: above 0 where more came.
    pub bias: f64,
    /// The mean of the squared errors.
    pub square: f64,
}

/// The age in weeks at which a test counts half.
const HALF_LIFE: f64 = 52.0;
/// So many weeks are known before the first test.
const LEAST_WEEKS: usize = 4;
/// Errors beyond a factor of e³ say no more than that they are large.
const MOST: f64 = 3.0;

impl SelfBacktest {
    /// Tests every week of a history: the discounted mean of `told` up to it is held against the mean of `came` over the
    /// `span` weeks after it. Both are weekly changes, oldest first, in units of the resource; what is less than `floor`
    /// a week counts as nothing.
    pub(super) fn measure(told: &[f64], came: &[f64], span: usize, half_life: f64, floor: f64) -> SelfBacktest {
        let n = told.len();
        let (fading, aging) = (0.5_f64.powf(1.0 / half_life), 0.5_f64.powf(1.0 / HALF_LIFE));
        let (mut sum, mut total) = (0.0, 0.0);
        let (mut weight, mut bias, mut square) = (0.0, 0.0, 0.0);
        let mut after: f64 = came.iter().take(span).sum();
        for week in 1..(n + 1).saturating_sub(span) {
            sum = sum * fading + told[week - 1];
            total = total * fading + 1.0;
            after += came[week + span - 1] - came[week - 1];
            if week < LEAST_WEEKS {
                continue;
            }
            let (pace, real) = ((sum / total).max(0.0), (after / span as f64).max(0.0));
            let error = ((real + floor) / (pace + floor)).ln().clamp(-MOST, MOST);
            // Older tests fade with each newer one.
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
        let hindsight = SelfBacktest::measure(&weeks, &weeks, 4, 4.0, 0.1);
        assert!(hindsight.bias.abs() < 1e-12 && hindsight.square < 1e-20 && hindsight.spans > 3.0, "{hindsight:?}");
    }

    #[test]
    fn the_bias_of_rising_growth_matches_a_hand_calculation() {
        // Four weeks of 1, then one of 3: only the fourth week can be tested on a span of one.
        let weeks = [1.0, 1.0, 1.0, 1.0, 3.0];
        let hindsight = SelfBacktest::measure(&weeks, &weeks, 1, 4.0, 0.0);
        assert!((hindsight.bias - 3.0_f64.ln()).abs() < 1e-12);
        assert!((hindsight.square - 3.0_f64.ln().powi(2)).abs() < 1e-12);
        assert_eq!(hindsight.spans, 1.0);
    }

    #[test]
    fn too_short_a_history_gives_the_default() {
        assert_eq!(SelfBacktest::measure(&[1.0; 7], &[1.0; 7], 4, 4.0, 0.1), SelfBacktest::default());
        assert_eq!(SelfBacktest::measure(&[], &[], 4, 4.0, 0.1), SelfBacktest::default());
    }
}
