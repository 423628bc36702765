//! How good answers were: proper scores (Gneiting and Raftery 2007) and what a reader understands.

use serde::Serialize;

use super::case::{DateCase, PROBABILITY_DAYS};

use super::{Backtest, Who};
use crate::forecast::Quantiles;
use crate::model::quantiles::{PROBABILITIES, median};

/// A median date is late or early if it is so far beside the truth, as a share of the time until then.
const FAR: f64 = 0.25;
/// A level that is farther off counts no more, or one purge would outweigh years.
const WORST_LEVEL: f64 = 20.0;

/// The scores of one who answers; `None` where there was nothing to score.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub(crate) struct Score {
    /// Mean pinball loss of the quantiles of the logarithm of the time to exhaustion, doubled, all cut at the end of what
    /// is known: a limit that was not reached is scored as properly as one that was. Of a point it is the absolute
    /// logarithmic error. Lower is better.
    pub log_pinball: Option<f64>,
    /// The median of how far the median date was off, as a share of the true time, where the limit was reached.
    pub date_error: Option<f64>,
    /// The share of median dates that came over a quarter too late, where the limit was reached.
    pub late: Option<f64>,
    /// The share of median dates that came over a quarter too early.
    pub early: Option<f64>,
    /// The share of truths up to the 90 % quantile less that up to the 10 % quantile, each where that quantile lies within
    /// what is known: 0.8 is aimed at.
    pub cover80: Option<f64>,
    /// The same of the 95 % and the 5 % quantile: 0.9 is aimed at.
    pub cover90: Option<f64>,
    /// How often the limit was reached before the 10 % quantile: 0.1 is aimed at.
    pub under10: Option<f64>,
    /// Mean pinball loss of the level's quantiles, doubled, in units of the history's mean absolute growth over as many
    /// days. Lower is better.
    pub level_loss: Option<f64>,
    /// Mean squared error of the probabilities of exhaustion within 30, 90 and 180 days (Brier 1950).
    pub brier: Option<f64>,
    /// How many dates were asked for in vain; they are scored as never.
    pub none: usize,
    /// How many dates were asked for.
    pub n: usize,
}

impl Score {
    /// The score over backtests.
    pub(crate) fn pool(backtests: &[&Backtest], who: Who) -> Score {
        let dates = || backtests.iter().flat_map(|backtest| &backtest.dates);
        let levels = backtests.iter().flat_map(|backtest| &backtest.levels);
        let resolved = || dates().filter_map(|case| Some((median_of(case, who), case.lead?)));
        let answered = |case: &&DateCase| case.answers[who as usize].days.is_none();
        let under = |p: fn(&Quantiles<f64>) -> f64| {
            let reached = |case| Some(f64::from(u8::from(reached_by(case, p(&days(case, who)))?)));
            mean(dates().filter_map(reached))
        };
        let between = |high: Option<f64>, low: Option<f64>| Some(high? - low?);
        Score {
            log_pinball: mean(dates().map(|case| log_pinball(case, who))),
            date_error: median(&resolved().map(|(told, truth)| (told - truth).abs() / truth).collect::<Vec<_>>()),
            late: share(resolved().map(|(told, truth)| told > (1.0 + FAR) * truth)),
            early: share(resolved().map(|(told, truth)| told < (1.0 - FAR) * truth)),
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

/// How often something held.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Held {
    /// So often it held,
    pub held: usize,
    /// of so many.
    pub of: usize,
}

impl Held {
    fn count(of: impl Iterator<Item = bool>) -> Held {
        of.fold(Held::default(), |sum, held| Held { held: sum.held + usize::from(held), of: sum.of + 1 })
    }

    /// How often the 80 % range of dates held, both its ends included, where it ends within what is known.
    pub(crate) fn dates(backtests: &[&Backtest]) -> Held {
        let decided = backtests.iter().flat_map(|backtest| &backtest.dates).filter_map(|case| {
            let range = days(case, Who::Mailrunway);
            (range.p90 < case.end).then(|| case.lead.is_some_and(|lead| (range.p10..=range.p90).contains(&lead)))
        });
        Held::count(decided)
    }

    /// How often the 80 % band of levels held.
    pub(crate) fn levels(backtests: &[&Backtest]) -> Held {
        let levels = backtests.iter().flat_map(|backtest| &backtest.levels);
        Held::count(levels.filter_map(|case| {
            let band = case.answers[Who::Mailrunway as usize]?;
            Some((band.p10..=band.p90).contains(&case.used))
        }))
    }
}

/// How many limits were reached within what is known.
pub(crate) fn resolved(backtests: &[&Backtest]) -> usize {
    backtests.iter().flat_map(|backtest| &backtest.dates).filter(|case| case.lead.is_some()).count()
}

/// The logarithms of told by true times to exhaustion, of the median dates, where the limit was reached and somebody
/// answered: 0 is right, ln 2 twice as long.
pub(crate) fn log_errors(backtests: &[&Backtest], who: Who) -> Vec<f64> {
    let dates = backtests.iter().flat_map(|backtest| &backtest.dates);
    dates.filter_map(|case| Some((case.answers[who as usize].days?.p50 / case.lead?).ln())).collect()
}

/// Whether the limit was reached up to a quantile; `None` where that lies beyond what is known.
pub(crate) fn reached_by(case: &DateCase, quantile: f64) -> Option<bool> {
    (quantile < case.end).then(|| case.lead.is_some_and(|lead| lead <= quantile))
}

/// The quantiles as they are scored: no answer is *never*.
pub(crate) fn days(case: &DateCase, who: Who) -> Quantiles<f64> {
    case.answers[who as usize].days.unwrap_or(Quantiles::from_fn(|_| f64::INFINITY))
}

fn median_of(case: &DateCase, who: Who) -> f64 {
    days(case, who).p50
}

fn log_pinball(case: &DateCase, who: Who) -> f64 {
    let truth = case.lead.unwrap_or(case.end).ln();
    pinball_of(&days(case, who).map(|days| days.min(case.end).ln()), truth)
}

/// Twice the mean pinball loss over the seven quantiles (Koenker and Bassett 1978).
fn pinball_of(quantiles: &Quantiles<f64>, truth: f64) -> f64 {
    let loss = |(p, told): (f64, f64)| (p * (truth - told)).max((p - 1.0) * (truth - told));
    2.0 * PROBABILITIES.into_iter().zip(quantiles.values()).map(loss).sum::<f64>() / PROBABILITIES.len() as f64
}

/// The squared errors of the probabilities of exhaustion within the times that are known.
fn squared_errors(case: &DateCase, who: Who) -> impl Iterator<Item = f64> {
    let told = PROBABILITY_DAYS.into_iter().zip(case.answers[who as usize].within);
    told.filter(|(days, _)| case.end >= f64::from(*days)).map(|(days, p)| {
        let came = case.lead.is_some_and(|lead| lead <= f64::from(days));
        (p - f64::from(u8::from(came))).powi(2)
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
