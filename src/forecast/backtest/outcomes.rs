//! Where the outcomes lay in their forecasts: a tenth should lie below the 80 % range, a tenth above it.

use jiff::civil::{Date, date};
use schemars::JsonSchema;
use serde::Serialize;

use super::case::DateCase;
use super::score::days;
use super::{Backtest, Who, chance};
use crate::model::quantiles::Quantiles;

/// The share of each part that a right forecast has: below the range, its lower half, its upper half, above it.
pub(crate) const EXPECTED: [f64; 4] = [0.1, 0.4, 0.4, 0.1];

/// The numbers of outcomes in each part of their forecasts. The halves of the 80 % range meet at the median.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, JsonSchema, Serialize)]
pub struct Outcomes {
    /// Earlier or lower than the range.
    pub below: usize,
    /// In the half up to the median.
    pub lower_half: usize,
    /// In the half above the median.
    pub upper_half: usize,
    /// Later or higher than the range.
    pub above: usize,
    /// Cases without overlap in time: forecasts for half a year from origins four weeks apart cover the same months. Series
    /// count as independent.
    pub apart: usize,
}

/// The time window of a case, and the part of its outcome.
type Placed = ((f64, f64), usize);

impl Outcomes {
    /// The dates whose range ends within the known days.
    pub(crate) fn dates(backtests: &[&Backtest]) -> Outcomes {
        Outcomes::count(backtests, |backtest| {
            let placed = |case: &DateCase| {
                let range = days(case, Who::Mailrunway);
                // Nothing after the limit was reached, or after the range, matters.
                let end = case.lead.unwrap_or(case.end).min(range.p90);
                let start = day(case.origin);
                let part = part(case.lead.unwrap_or(f64::INFINITY), &range);
                (range.p90 < case.end).then_some(((start, start + end), part))
            };
            backtest.dates.iter().filter_map(placed).collect()
        })
    }

    /// The levels.
    pub(crate) fn levels(backtests: &[&Backtest]) -> Outcomes {
        Outcomes::count(backtests, |backtest| {
            let placed = |case: &super::LevelCase| {
                let range = case.answers[Who::Mailrunway as usize]?;
                let start = day(case.origin);
                Some(((start, start + f64::from(case.days)), part(case.used, &range)))
            };
            backtest.levels.iter().filter_map(placed).collect()
        })
    }

    fn count(backtests: &[&Backtest], placed: impl Fn(&Backtest) -> Vec<Placed>) -> Outcomes {
        let (mut parts, mut apart) = ([0; 4], 0);
        for backtest in backtests {
            let placed = placed(backtest);
            placed.iter().for_each(|&(_, part)| parts[part] += 1);
            apart += chance::apart(placed.into_iter().map(|(window, _)| window));
        }
        let [below, lower_half, upper_half, above] = parts;
        Outcomes { below, lower_half, upper_half, above, apart }
    }

    /// The numbers, in the order of [`EXPECTED`].
    pub(crate) fn parts(&self) -> [usize; 4] {
        [self.below, self.lower_half, self.upper_half, self.above]
    }

    /// Outcomes in the range.
    pub(crate) fn held(&self) -> usize {
        self.lower_half + self.upper_half
    }

    /// All outcomes.
    pub(crate) fn all(&self) -> usize {
        self.parts().iter().sum()
    }

    /// The 90 % interval of the share of each part by chance alone, if the forecasts are right and the cases without overlap
    /// independent.
    pub(crate) fn chance(&self) -> [(f64, f64); 4] {
        EXPECTED.map(|p| chance::interval(self.apart, p))
    }
}

/// The index in [`EXPECTED`]; the range includes both ends.
fn part(outcome: f64, range: &Quantiles<f64>) -> usize {
    [outcome >= range.p10, outcome > range.p50, outcome > range.p90].into_iter().filter(|&beyond| beyond).count()
}

fn day(of: Date) -> f64 {
    f64::from((of - date(1970, 1, 1)).get_days())
}

#[cfg(test)]
mod tests {
    use super::super::score::tests::{backtest, level};
    use super::*;

    #[test]
    fn only_ranges_within_the_known_days_count() {
        // Of 25 to 70, 60 to 400, 12 to 35 days and never, with 100, 200, 30 and 365 known, only the first is decided.
        let backtest = backtest();
        assert_eq!(Outcomes::dates(&[&backtest]), Outcomes { lower_half: 1, apart: 1, ..Outcomes::default() });
        // 130 and 100 in a range of 112 to 140 with a median of 126.
        let levels = Outcomes { below: 1, upper_half: 1, apart: 1, ..Outcomes::default() };
        assert_eq!(Outcomes::levels(&[&backtest]), levels);
        assert_eq!((levels.held(), levels.all()), (1, 2));
    }

    #[test]
    fn a_limit_that_was_not_reached_lies_after_the_range() {
        let mut backtest = backtest();
        backtest.dates.truncate(1);
        backtest.dates[0].lead = None;
        assert_eq!(Outcomes::dates(&[&backtest]).parts(), [0, 0, 0, 1]);
    }

    #[test]
    fn overlapping_origins_count_once() {
        let truths = [93.0, 94.0, 103.0, 104.0, 107.0, 108.0];
        let levels = (0..6).zip(truths).map(|(month, used)| level(month * 14, 28, used)).collect();
        let one = Backtest { levels, ..backtest() };
        let actual = Outcomes::levels(&[&one, &one]);
        // The range is 94 to 107 with a median of 103.
        assert_eq!((actual.parts(), actual.apart), ([2, 4, 4, 2], 6));
        assert_eq!(actual.chance()[3], chance::interval(6, 0.1));
    }
}
