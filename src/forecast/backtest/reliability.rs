//! Reliability: an event of probability 25 % should happen in a quarter of the cases.

use jiff::civil::{Date, date};
use serde::Serialize;

use super::score::{days, reached_by};
use super::{Backtest, Who, chance};
use crate::model::quantiles::PROBABILITIES;

/// How often the observation was at or below a quantile.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Reliability {
    /// The nominal share.
    pub p: f64,
    /// The observed share.
    pub share: f64,
    /// Cases.
    pub cases: usize,
    /// Cases without overlap in time: forecasts for half a year from origins four weeks apart cover the same months. Series
    /// count as independent.
    pub apart: usize,
    /// The 90 % interval of the share by chance alone, if the forecasts are calibrated and cases without overlap independent.
    pub chance: (f64, f64),
}

/// The time window of a case, and whether the observation was at or below the quantile.
type Counted = ((f64, f64), bool);

/// The reliability of dates. A case counts for the quantiles within the known days.
pub(crate) fn dates(backtests: &[&Backtest]) -> Vec<Reliability> {
    reliability(backtests, |backtest, quantile| {
        let counted = |case: &super::DateCase| {
            let predicted = days(case, Who::Mailrunway).values()[quantile];
            let start = day(case.origin);
            // Nothing after the limit was reached, or after the quantile, matters.
            let end = case.lead.unwrap_or(case.end).min(predicted);
            reached_by(case, predicted).map(|reached| ((start, start + end), reached))
        };
        backtest.dates.iter().filter_map(counted).collect()
    })
}

/// The reliability of levels.
pub(crate) fn levels(backtests: &[&Backtest]) -> Vec<Reliability> {
    reliability(backtests, |backtest, quantile| {
        let counted = |case: &super::LevelCase| {
            let predicted = case.answers[Who::Mailrunway as usize]?.values()[quantile];
            let start = day(case.origin);
            Some(((start, start + f64::from(case.days)), case.used <= predicted))
        };
        backtest.levels.iter().filter_map(counted).collect()
    })
}

/// One point for each quantile with a case.
fn reliability(backtests: &[&Backtest], counted: impl Fn(&Backtest, usize) -> Vec<Counted>) -> Vec<Reliability> {
    let of = |(quantile, p): (usize, f64)| {
        let series: Vec<Vec<Counted>> = backtests.iter().map(|backtest| counted(backtest, quantile)).collect();
        let cases: usize = series.iter().map(Vec::len).sum();
        let below = series.iter().flatten().filter(|(_, below)| *below).count();
        let apart = series.iter().map(|cases| chance::apart(cases.iter().map(|(window, _)| *window))).sum();
        let share = below as f64 / cases as f64;
        (cases > 0).then(|| Reliability { p, share, cases, apart, chance: chance::interval(apart, p) })
    };
    PROBABILITIES.into_iter().enumerate().filter_map(of).collect()
}

fn day(of: Date) -> f64 {
    f64::from((of - date(1970, 1, 1)).get_days())
}

#[cfg(test)]
mod tests {
    use super::super::score::tests::{backtest, level};
    use super::*;

    #[test]
    fn shares_match_those_worked_by_hand() {
        let backtest = backtest();
        let actual: Vec<_> = dates(&[&backtest]).iter().map(|r| (r.p, r.share, r.cases, r.apart)).collect();
        // The forecasts are 20 to 80 days, 50 to 500, 10 to 40, and never; 100, 200, 30 and 365 days are known.
        let expected = [(0.05, 0.0, 3, 1), (0.1, 0.0, 3, 1), (0.25, 1.0 / 3.0, 3, 1), (0.5, 2.0 / 3.0, 3, 1)];
        assert_eq!(actual[..4], expected);
        assert_eq!(actual[6], (0.95, 1.0, 1, 1));
    }

    #[test]
    fn overlapping_origins_count_once() {
        let levels = (0..6).map(|month| level(month * 14, 28, 100.0 + f64::from(month))).collect();
        let one = Backtest { levels, ..backtest() };
        let actual = super::levels(&[&one, &one]);
        assert_eq!(actual.len(), 7);
        // The forecasts are 91 to 109 with a median of 103; the truths are 100 to 105.
        assert_eq!((actual[3].share, actual[3].cases, actual[3].apart), (4.0 / 6.0, 12, 6));
        assert_eq!(actual[3].chance, chance::interval(6, 0.5));
    }
}
