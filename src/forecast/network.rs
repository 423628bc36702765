//! A net of one inner layer (Rumelhart, Hinton and Williams 1986): what features of a series say of the laws to forecast it
//! by, learnt from other series (Montero-Manso, Athanasopoulos, Hyndman and Talagala 2020).

use serde::Deserialize;

use super::features::FEATURES;

/// How many inner sums there are.
const INNER: usize = 8;
/// How many answers there are.
pub(super) const ANSWERS: usize = 7;
/// Standardized features beyond are as these: nothing was learnt there.
const FARTHEST: f64 = 3.0;

/// The weights of a net.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Network {
    /// The mean of each feature where it was learnt.
    pub mean: [f64; FEATURES],
    /// Its standard deviation there.
    pub deviation: [f64; FEATURES],
    /// What each inner sum takes of each feature.
    pub inner: [[f64; FEATURES]; INNER],
    /// What is added to each inner sum.
    pub inner_bias: [f64; INNER],
    /// What each answer takes of each inner sum.
    pub outer: [[f64; INNER]; ANSWERS],
    /// What is added to each answer.
    pub outer_bias: [f64; ANSWERS],
}

impl Network {
    /// What the net says to features, each answer from -1 to 1.
    pub fn answer(&self, features: &[f64; FEATURES]) -> [f64; ANSWERS] {
        let standardized: [f64; FEATURES] = std::array::from_fn(|index| {
            let away = (features[index] - self.mean[index]) / self.deviation[index];
            away.clamp(-FARTHEST, FARTHEST)
        });
        let inner: [f64; INNER] =
            std::array::from_fn(|index| sum(&self.inner[index], &standardized, self.inner_bias[index]));
        std::array::from_fn(|index| sum(&self.outer[index], &inner, self.outer_bias[index]))
    }
}

/// A weighted sum and a bias, bent to lie between -1 and 1.
fn sum<const N: usize>(weights: &[f64; N], values: &[f64; N], bias: f64) -> f64 {
    let sum: f64 = weights.iter().zip(values).map(|(weight, value)| weight * value).sum();
    (sum + bias).tanh()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn net() -> Network {
        let mut net = Network {
            mean: [1.0; FEATURES],
            deviation: [2.0; FEATURES],
            inner: [[0.0; FEATURES]; INNER],
            inner_bias: [0.0; INNER],
            outer: [[0.0; INNER]; ANSWERS],
            outer_bias: [0.0; ANSWERS],
        };
        net.inner[1][2] = 0.5;
        net.inner_bias[1] = 0.1;
        net.outer[3][1] = -2.0;
        net.outer_bias[3] = 0.3;
        net
    }

    #[test]
    fn one_path_matches_a_hand_calculation() {
        let mut features = [1.0; FEATURES];
        features[2] = 4.0;
        let inner = (0.5 * 1.5 + 0.1_f64).tanh();
        let answers = net().answer(&features);
        assert!((answers[3] - (-2.0 * inner + 0.3).tanh()).abs() < 1e-15, "{answers:?}");
        assert_eq!(answers[0], 0.0);
    }

    #[test]
    fn inputs_beyond_the_training_range_are_clamped() {
        let far = |feature| {
            let mut features = [1.0; FEATURES];
            features[2] = feature;
            net().answer(&features)
        };
        assert_eq!(far(7.0), far(f64::INFINITY));
        assert!(far(7.0) != far(6.9));
    }
}
