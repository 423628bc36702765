//! The trained constants: `data/model.json`, which `notebooks/model/train` derives from other stores.
//!
//! They were shrunk towards round values and partly stand for each other.

use std::sync::LazyLock;

use serde::Deserialize;

static EMBEDDED: LazyLock<Constants> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../data/model.json")).expect("the constants are read by every test")
});

/// All constants.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Constants {
    /// Usual growth a year, as a share of the level.
    pub usual_growth: f64,
    /// Weight of the models beside the series' own passages, in passages.
    pub passages_of_model: f64,
    /// Factor of the width, because a new store may be of a kind that nothing was learnt from.
    pub widening: f64,
    /// Growth at an uncertain rate.
    pub growth: GrowthConstants,
    /// Motion with an uncertain drift.
    pub motion: MotionConstants,
    /// Jumps beside both.
    pub jump: JumpConstants,
}

impl Constants {
    /// Those that are built into the program.
    pub fn embedded() -> &'static Constants {
        &EMBEDDED
    }
}

/// Growth at an uncertain rate. Spreads are variances of the logarithm.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GrowthConstants {
    /// Weight of the usual growth, in weeks.
    pub usual_weeks: f64,
    /// For a history of one week.
    pub spread_of_history: f64,
    /// For each scatter of a week over the rate.
    pub spread_of_scatter: f64,
}

/// Motion with an uncertain drift.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MotionConstants {
    /// Weight of the usual growth, in weeks.
    pub usual_weeks: f64,
    /// Error of the drift over that of its sample.
    pub error: f64,
    /// Error for each year ahead, as a share of the usual growth.
    pub error_of_usual: f64,
}

/// Jumps.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JumpConstants {
    /// Jumps a year.
    pub rate: f64,
    /// More of them for each observed one.
    pub rate_of_seen: f64,
    /// Reduction of the rate for each year of history.
    pub calm: f64,
    /// Median size, as a share of the level.
    pub size: f64,
    /// Standard deviation of its logarithm.
    pub size_spread: f64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_constants_parse() {
        let constants = Constants::embedded();
        assert!(constants.usual_growth > 0.0 && constants.widening >= 1.0);
    }
}
