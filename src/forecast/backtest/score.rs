//! Scores of answers: proper ones (Gneiting and Raftery 2007) and some that are easy to understand.

use schemars::JsonSchema;
use serde::Serialize;

use super::case::{DateCase, PROBABILITY_DAYS};
use super::{Backtest, Who};
use crate::forecast::Quantiles;
use crate::model::quantiles::{PROBABILITIES, median};

/// Relative error from which a median date is late or early.
const FAR: f64 = 0.25;
/// Upper bound of the error of a level, or one purge would outweigh years.
const WORST_LEVEL: f64 = 20.0;

/// The scores of one method; `None` without a case.
#[derive(Clone, Copy, Debug, PartialEq, JsonSchema, Serialize)]
pub(crate) struct Score {
    /// Mean pinball loss of the quantiles of the logarithm of the time to exhaustion, doubled, with all times capped at the
    /// known days: a proper score for limits that were not reached, too. For a point forecast, the absolute logarithmic error.
    /// Lower is better.
    pub log_pinball: Option<f64>,
    /// Median relative error of the median date, for reached limits.
    pub date_error: Option<f64>,
    /// The share of median dates over a quarter too late, for reached limits.
    pub late: Option<f64>,
    /// The share of median dates over a quarter too early.
    pub early: Option<f64>,
    /// The share of dates up to the 90 % quantile less that up to the 10 % quantile, each for quantiles within the known days.
    /// Ideally 0.8.
    pub cover80: Option<f64>,
    /// The same for the 95 % and the 5 % quantile. Ideally 0.9.
    pub cover90: Option<f64>,
    /// The share of limits reached before the 10 % quantile. Ideally 0.1.
    pub under10: Option<f64>,
    /// Mean pinball loss of the quantiles of the level, doubled, over the mean absolute change of the history in the same
    /// number of days. Lower is better.
    pub level_loss: Option<f64>,
    /// Mean squared error of the probabilities of exhaustion within 30, 90 and 180 days (Brier 1950).
    pub brier: Option<f64>,
    /// Dates without an answer; they are scored as never.
    pub none: usize,
    /// Dates.
    pub n: usize,
}

impl Score {
    /// The score over backtests.
    pub(crate) fn pool(backtests: &[&Backtest], who: Who) -> Score {
        let dates = || backtests.iter().flat_map(|backtest| &backtest.dates);
        let levels = backtests.iter().flat_map(|backtest| &backtest.levels);
        let resolved = || dates().filter_map(|case| Some((days(case, who).p50, case.lead?)));
        let answered = |case: &&DateCase| case.answers[who as usize].days.is_none();
        let under = |p: fn(&Quantiles<f64>) -> f64| {
            let reached = |case| Some(f64::from(u8::from(reached_by(case, p(&days(case, who)))?)));
            mean(dates().filter_map(reached))
        };
        let between = |high: Option<f64>, low: Option<f64>| Some(high? - low?);
        Score {
            log_pinball: mean(dates().map(|case| log_pinball(case, who))),
            date_error: median(
                &resolved().map(|(predicted, truth)| (predicted - truth).abs() / truth).collect::<Vec<_>>(),
            ),
            late: share(resolved().map(|(predicted, truth)| predicted > (1.0 + FAR) * truth)),
            early: share(resolved().map(|(predicted, truth)| predicted < (1.0 - FAR) * truth)),
            cover80: between(under(|q| q.p90), under(|q| q.p10)),
            cover90: between(under(|q| q.p95), under(|q| q.p05)),
            under10: under(|q| q.p10),
            level_loss: mean(levels.filter_map(|case| {
                let loss = pinball_of(&case.answers[who as usize]?, case.used);
                Some((loss / case.growth).min(WORST_LEVEL))
            })),
            brier: mean(dates().flat_map(|case| squared_errors(case, who))),
            none: dates().filter(answered).count(),
            n: dates().count(),
        }
    }
}

/// The number of reached limits.
pub(crate) fn resolved(backtests: &[&Backtest]) -> usize {
    backtests.iter().flat_map(|backtest| &backtest.dates).filter(|case| case.lead.is_some()).count()
}

/// The numbers of reached limits by their median date: far too early, too early, within a quarter, too late, far too late.
/// Far is half or twice the true time.
pub(crate) fn date_errors(backtests: &[&Backtest], who: Who) -> [usize; 5] {
    let mut errors = [0; 5];
    for case in backtests.iter().flat_map(|backtest| &backtest.dates) {
        let Some(truth) = case.lead else { continue };
        let predicted = days(case, who).p50;
        let low = [0.5, 1.0 - FAR].map(|factor| predicted >= factor * truth);
        let high = [1.0 + FAR, 2.0].map(|factor| predicted > factor * truth);
        errors[low.into_iter().chain(high).filter(|&beyond| beyond).count()] += 1;
    }
    errors
}

/// Whether the limit was reached by a quantile; `None` beyond the known days.
fn reached_by(case: &DateCase, quantile: f64) -> Option<bool> {
    (quantile < case.end).then(|| case.lead.is_some_and(|lead| lead <= quantile))
}

/// The scored quantiles: no answer means never.
pub(crate) fn days(case: &DateCase, who: Who) -> Quantiles<f64> {
    case.answers[who as usize].days.unwrap_or(Quantiles::from_fn(|_| f64::INFINITY))
}

fn log_pinball(case: &DateCase, who: Who) -> f64 {
    let truth = case.lead.unwrap_or(case.end).ln();
    pinball_of(&days(case, who).map(|days| days.min(case.end).ln()), truth)
}

/// Twice the mean pinball loss over the seven quantiles (Koenker and Bassett 1978).
fn pinball_of(quantiles: &Quantiles<f64>, truth: f64) -> f64 {
    let loss = |(p, quantile): (f64, f64)| (p * (truth - quantile)).max((p - 1.0) * (truth - quantile));
    2.0 * PROBABILITIES.into_iter().zip(quantiles.values()).map(loss).sum::<f64>() / PROBABILITIES.len() as f64
}

/// The squared errors of the probabilities of exhaustion within the known days.
fn squared_errors(case: &DateCase, who: Who) -> impl Iterator<Item = f64> {
    let predicted = PROBABILITY_DAYS.into_iter().zip(case.answers[who as usize].within);
    predicted.filter(|(days, _)| case.end >= f64::from(*days)).map(|(days, p)| {
        let reached = case.lead.is_some_and(|lead| lead <= f64::from(days));
        (p - f64::from(u8::from(reached))).powi(2)
    })
}

fn share(of: impl Iterator<Item = bool>) -> Option<f64> {
    mean(of.map(|is| f64::from(u8::from(is))))
}

fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, count) = values.fold((0.0, 0), |(sum, count), value| (sum + value, count + 1));
    (count > 0).then(|| sum / f64::from(count))
}

#[cfg(test)]
pub(crate) mod tests;
