//! The constants that other stores have taught: `data/model.json`, as `notebooks/model/train` derives them.
//!
//! Those of the laws are few beside what they were learnt from, and pulled to round values; what they are is less than the
//! sum of what they do, for several stand for each other. The weights of the net are many and mean nothing one by one:
//! they were learnt last, shrunk, and from blurred features.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::forecast::network::Network;

/// The constants that the program was built with.
static LEARNT: LazyLock<Constants> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../data/model.json")).expect("the constants are read by every test")
});

/// All constants.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Constants {
    /// Of the date.
    pub date: DateConstants,
    /// Of the level.
    pub level: LevelConstants,
}

impl Constants {
    /// Those that the program was built with.
    pub fn embedded() -> &'static Constants {
        &LEARNT
    }
}

/// Of the law of the date.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DateConstants {
    /// How much of the mixture the motion is, but for the net; the rest is the gain law.
    pub motion_share: f64,
    /// How much of the gain law is a wider normal, and by what factor.
    pub wide_share: f64,
    /// The factor.
    pub wide_factor: f64,
    /// As many own passages the model counts for, but for the net.
    pub passages_of_model: f64,
    /// By what the normal scores of the mixture are scaled.
    pub recalibrated_scale: f64,
    /// By what they are raised in the middle.
    pub recalibrated_shift: f64,
    /// How far the middle goes.
    pub recalibrated_middle: f64,
    /// The gain law.
    pub gain: GrowthLawConstants,
    /// The jumps beside the gain law.
    pub jump: JumpConstants,
    /// The motion.
    pub motion: MotionConstants,
    /// The jumps beside the motion.
    pub motion_jump: JumpConstants,
    /// Silent stores.
    pub silence: SilenceConstants,
    /// How far a series departs from all that, by its features.
    pub net: Network,
}

/// Of the gain law. Spreads are squares of the spread of a logarithm.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GrowthLawConstants {
    /// What stores grow by a year as a rule, as a share of the level.
    pub usual_growth: f64,
    /// As many weeks the rule counts for.
    pub usual_weeks: f64,
    /// A pace rests on no more weeks than these.
    pub most_weeks: f64,
    /// No pace is less than this share of the level a year.
    pub least_growth: f64,
    /// Beyond it the scatter of a week beside the pace says no more than that it is large.
    pub most_scatter: f64,
    /// The spread that is always there.
    pub spread: f64,
    /// By the scatter, for a pace that rests on one week.
    pub spread_of_pace: f64,
    /// By the scatter, of the weeks to come.
    pub spread_of_weeks: f64,
    /// A year ahead.
    pub spread_of_years: f64,
    /// A year ahead, and four times of that two years ahead.
    pub spread_of_years_squared: f64,
    /// For a history of one week.
    pub spread_of_history: f64,
    /// By the scatter itself.
    pub spread_of_scatter: f64,
    /// By what more comes than is told, as a logarithm.
    pub bias: f64,
    /// By what a year adds to that.
    pub bias_of_years: f64,
    /// How the series' own hindsight corrects it.
    pub hindsight: SelfBacktestConstants,
}

/// Of hindsight.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SelfBacktestConstants {
    /// As many tests what is usual counts for, for the spread.
    pub usual_tests: f64,
    /// How far the own spread is believed: a power.
    pub power: f64,
    /// How much of the own bias goes on.
    pub bias_share: f64,
    /// As many tests no bias counts for.
    pub bias_tests: f64,
}

/// Of jumps.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JumpConstants {
    /// How many a year.
    pub rate: f64,
    /// How many more for each that was seen.
    pub rate_of_seen: f64,
    /// How much a year of history lowers the rate.
    pub calm: f64,
    /// The median size, as a share of the level.
    pub size: f64,
    /// The spread of its logarithm.
    pub size_spread: f64,
}

/// Of the motion.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MotionConstants {
    /// What stores grow by a year as a rule, as a share of the level.
    pub usual_growth: f64,
    /// As many weeks the rule counts for.
    pub usual_weeks: f64,
    /// How much larger the error of the drift is than its sample says.
    pub error: f64,
    /// What the drift is never better known than, as a share of itself.
    pub change: f64,
    /// What a year adds to that.
    pub change_of_years: f64,
    /// What a year adds to that, as a share of what is usual.
    pub change_of_level: f64,
}

/// Of the clock of silent stores.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SilenceConstants {
    /// How far a silent store runs by it.
    pub share: f64,
    /// The logarithm of the median days until a tenth of the level has come, after sixty days of silence.
    pub median: f64,
    /// How it goes with the gain.
    pub of_gain: f64,
    /// How it goes with the silence.
    pub of_silence: f64,
    /// The spread of the logarithm.
    pub spread: f64,
}

/// Of the law of the level.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LevelConstants {
    /// How much of the mixture are the last weeks, of a series that grows for sure; of one that shrinks all.
    pub recent_share: f64,
    /// How much of the rest is the series' own mean and scatter.
    pub own_share: f64,
    /// How much a year of history lowers the rates of what may happen.
    pub calm: f64,
    /// The gain law.
    pub gain: GrowthLawConstants,
    /// The own mean and scatter.
    pub own: OwnWeeksConstants,
    /// The last weeks.
    pub recent: RecentConstants,
    /// Silent stores.
    pub silence: LevelSilence,
    /// What may be brought in.
    pub jump: LevelJumps,
    /// What may be taken out.
    pub fall: FallConstants,
}

/// Of a series' own mean and scatter: factors of variances.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnWeeksConstants {
    /// Of the weeks to come.
    pub weeks: f64,
    /// Of the error of the mean.
    pub error: f64,
    /// Of the mean's own square: it changes.
    pub change: f64,
}

/// Of the last weeks.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecentConstants {
    /// The factor of the variance of the weeks to come.
    pub weeks: f64,
    /// The factor of that of the drift.
    pub error: f64,
    /// What the drift is never better known than, as a share of itself.
    pub change: f64,
    /// The same as a share of the level a year.
    pub change_of_level: f64,
}

/// Of silent stores, for the level.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LevelSilence {
    /// How far a silent store is taken for one.
    pub share: f64,
    /// From about so many days on.
    pub from_days: f64,
    /// Give or take so many.
    pub give_or_take: f64,
    /// So many days the silence lasts on, after sixty.
    pub lasts: f64,
    /// How that goes with the silence so far: a power.
    pub lasts_of_silence: f64,
    /// The median restart within a year, as a share of the level.
    pub restart: f64,
    /// The spread of its logarithm.
    pub restart_spread: f64,
}

/// Of what may be brought in, for the level.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LevelJumps {
    /// How many a year.
    pub rate: f64,
    /// How many more for each that was seen.
    pub rate_of_seen: f64,
    /// The median size, as a share of the level.
    pub size: f64,
    /// The spread of its logarithm.
    pub size_spread: f64,
}

/// Of what may be taken out.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FallConstants {
    /// How many a year.
    pub rate: f64,
    /// How many more of a store that is all old mail.
    pub rate_of_old: f64,
    /// How many more for each that was seen.
    pub rate_of_seen: f64,
    /// How much of a year's growth stays.
    pub kept_of_a_year: f64,
    /// How much of the rest stays: the power of a uniform share.
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
