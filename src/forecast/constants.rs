//! The trained constants: `data/model.json`, which `notebooks/model/train` derives from other stores.
//!
//! The models have few constants, which were shrunk towards round values and partly stand for each other. The network has
//! many weights, which mean nothing one by one: they were trained last, with shrinkage and on blurred features.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::forecast::network::Network;

static EMBEDDED: LazyLock<Constants> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../data/model.json")).expect("the constants are read by every test")
});

/// All constants.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Constants {
    pub date: DateConstants,
    pub level: LevelConstants,
}

impl Constants {
    /// Those that are built into the program.
    pub fn embedded() -> &'static Constants {
        &EMBEDDED
    }
}

/// The model of the date.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DateConstants {
    /// Weight of the fitted model in the mixture before the adjustment by the network.
    pub motion_share: f64,
    /// Share of the wider normal in the trained model.
    pub wide_share: f64,
    /// Its width over that of the other.
    pub wide_factor: f64,
    /// Weight of the mixture beside the series' own passages, in passages, before the adjustment by the network.
    pub passages_of_model: f64,
    /// Scale of the normal scores in the recalibration.
    pub recalibrated_scale: f64,
    /// Shift of the middle scores.
    pub recalibrated_shift: f64,
    /// Width of the middle.
    pub recalibrated_middle: f64,
    /// The trained model.
    pub gain: GrowthLawConstants,
    /// The jumps beside it.
    pub jump: JumpConstants,
    /// The fitted model.
    pub motion: MotionConstants,
    /// The jumps beside it.
    pub motion_jump: JumpConstants,
    /// Silent stores.
    pub silence: SilenceConstants,
    /// The adjustments by features of the history.
    pub net: Network,
}

/// The trained growth model. Spreads are variances of a logarithm.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GrowthLawConstants {
    /// Usual growth a year, as a share of the level.
    pub usual_growth: f64,
    /// Weight of the usual growth, in weeks.
    pub usual_weeks: f64,
    /// Most weeks behind a rate.
    pub most_weeks: f64,
    /// Lower bound of the rate a year, as a share of the level.
    pub least_growth: f64,
    /// Upper bound of the scatter of a week over the rate.
    pub most_scatter: f64,
    /// Constant part.
    pub spread: f64,
    /// For each squared scatter, of a rate from one week.
    pub spread_of_pace: f64,
    /// For each squared scatter, of the weeks to come.
    pub spread_of_weeks: f64,
    /// For each year ahead.
    pub spread_of_years: f64,
    /// For each squared year ahead.
    pub spread_of_years_squared: f64,
    /// For a history of one week.
    pub spread_of_history: f64,
    /// For each scatter.
    pub spread_of_scatter: f64,
    /// Bias as a logarithm: positive if growth exceeds the rate.
    pub bias: f64,
    /// Bias for each year ahead.
    pub bias_of_years: f64,
    /// The corrections by the self-backtest.
    #[serde(rename = "hindsight")]
    pub self_backtest: SelfBacktestConstants,
}

/// The self-backtest.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SelfBacktestConstants {
    /// Weight of the usual variance, in tests.
    pub usual_tests: f64,
    /// Power of the ratio of the own variance to the usual one.
    pub power: f64,
    /// Share of the own bias that continues.
    pub bias_share: f64,
    /// Weight of a bias of zero, in tests.
    pub bias_tests: f64,
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

/// The fitted model.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MotionConstants {
    /// Usual growth a year, as a share of the level.
    pub usual_growth: f64,
    /// Weight of the usual growth, in weeks.
    pub usual_weeks: f64,
    /// Error of the drift over that of its sample.
    pub error: f64,
    /// Lower bound of the error, as a share of the drift.
    pub change: f64,
    /// Error for each year ahead, as a share of the drift.
    pub change_of_years: f64,
    /// Error for each year ahead, as a share of the usual growth.
    pub change_of_level: f64,
}

/// The waiting time of silent stores.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SilenceConstants {
    /// Weight for a silent store.
    pub share: f64,
    /// Logarithm of the median days until a gain of a tenth of the level, after 60 days of silence.
    pub median: f64,
    /// Power of the gain.
    pub of_gain: f64,
    /// Power of the silence.
    pub of_silence: f64,
    /// Standard deviation of the logarithm.
    pub spread: f64,
}

/// The model of the level.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LevelConstants {
    /// Weight of the recent drift for a series that certainly grows; a shrinking one uses it alone.
    pub recent_share: f64,
    /// Share of the series' own weeks in the rest.
    pub own_share: f64,
    /// Reduction of the rates of jumps and falls for each year of history.
    pub calm: f64,
    /// The trained growth model.
    pub gain: GrowthLawConstants,
    /// The series' own weeks.
    pub own: OwnWeeksConstants,
    /// The recent drift.
    pub recent: RecentConstants,
    /// Silent stores.
    pub silence: LevelSilence,
    /// Jumps.
    pub jump: LevelJumps,
    /// Falls.
    pub fall: FallConstants,
}

/// The series' own weeks: factors of variances.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnWeeksConstants {
    /// Of the weeks to come.
    pub weeks: f64,
    /// Of the error of the mean.
    pub error: f64,
    /// Of the squared mean, which changes.
    pub change: f64,
}

/// The recent drift.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecentConstants {
    /// Factor of the variance of the weeks to come.
    pub weeks: f64,
    /// Factor of the variance of the drift.
    pub error: f64,
    /// Lower bound of the error, as a share of the drift.
    pub change: f64,
    /// Lower bound of the error, as a share of the level a year.
    pub change_of_level: f64,
}

/// Silent stores in the model of the level.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LevelSilence {
    /// Weight for a silent store.
    pub share: f64,
    /// Days from which a store counts as silent: the middle of a logistic curve,
    pub from_days: f64,
    /// and its scale.
    pub give_or_take: f64,
    /// Mean days of further silence, after 60 days.
    pub lasts: f64,
    /// Power of the silence so far.
    pub lasts_of_silence: f64,
    /// Median gain in the first year after a restart, as a share of the level.
    pub restart: f64,
    /// Standard deviation of its logarithm.
    pub restart_spread: f64,
}

/// Jumps in the model of the level.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LevelJumps {
    /// Jumps a year.
    pub rate: f64,
    /// More of them for each observed one.
    pub rate_of_seen: f64,
    /// Median size, as a share of the level.
    pub size: f64,
    /// Standard deviation of its logarithm.
    pub size_spread: f64,
}

/// Falls.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FallConstants {
    /// Falls a year.
    pub rate: f64,
    /// More of them for a store of only old mail.
    pub rate_of_old: f64,
    /// More of them for each observed one.
    pub rate_of_seen: f64,
    /// Share of a year's growth that stays.
    pub kept_of_a_year: f64,
    /// Power of the uniform share of the rest that stays.
    pub power: f64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_constants_parse() {
        let constants = Constants::embedded();
        assert!(constants.date.gain.usual_growth > 0.0 && constants.level.fall.power > 0.0);
    }
}
