//! A single scan gives a range of dates and the reason for its width.

use std::fmt;

use super::law::{self, ArrivalPace, WEEK};
use crate::forecast::passage::{Grid, Passage};
use crate::model::numbers::percent;

/// Usual ages of retention rules, in days.
const USUAL_RULES: [f64; 11] = [30.0, 60.0, 90.0, 120.0, 180.0, 365.0, 730.0, 1_095.0, 1_826.0, 2_556.0, 3_652.0];
/// Tolerance in days of the middle of the oldest week: weeks are coarse, and rules run from time to time.
const NEAR_A_RULE: f64 = 6.0;
/// Least share of the usual mail in the four weeks before the oldest for a sharp end, at a usual age and at any other: mail
/// deleted by hand thins out, a rule cuts.
const SHARP: (f64, f64) = (0.25, 0.5);
/// The probability of a rule for a sharp end at a usual age, and at any other. The second is set, not fitted: it hardly
/// matters for stores without a rule, and a lot for those with an unusual one.
const RULE_IF_SHARP: (f64, f64) = (0.75, 0.1);
/// Bias as a logarithm, because some arrivals are deleted again, and factor of the standard deviation.
const LAW: (f64, f64) = (-0.10, 1.0);
/// Age in days below which a store is young.
const YOUNG: f64 = 28.0;
/// Factor between the rates that is a reason.
const CHANGED: f64 = 1.5;
/// Scatter that is a reason.
const UNEVEN: f64 = 0.7;

/// The model of a single scan.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct FirstScan {
    pace: ArrivalPace,
    /// For each stored week, the oldest first: days until it is as old as the oldest is now, and the sum up to it.
    leaving: Vec<(f64, f64)>,
    rule: Option<Rule>,
}

/// A rule that may delete mail older than the oldest.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Rule {
    /// Its age in days, if it is a usual one.
    usual: Option<f64>,
    /// The probability that it exists.
    p: f64,
}

/// The reason for the width of the range; it displays as a sentence.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Reason {
    /// The mail spans few days.
    Young {
        /// The age of the oldest mail in days.
        days: f64,
    },
    /// No mail has arrived for a while.
    Silent {
        /// Days without mail.
        days: f64,
    },
    /// The mail ends sharply at a usual age of retention rules.
    Rule {
        /// The age in days.
        days: f64,
        /// The probability of a rule.
        p: f64,
    },
    /// Recent weeks have more mail than older ones, by growth or by deletion.
    Rising {
        /// The recent rate over that of the whole life.
        ratio: f64,
    },
    /// Recent weeks have less mail than older ones.
    Falling {
        /// The recent rate over that of the whole life.
        ratio: f64,
    },
    /// Weeks differ a lot.
    Uneven {
        /// Their standard deviation over their mean.
        scatter: f64,
    },
    /// All weeks have about the same mail.
    Even,
}

impl FirstScan {
    /// `weeks` are amounts by age in whole weeks; `None` for an empty store.
    pub(crate) fn new(weeks: &[f64]) -> Option<FirstScan> {
        let pace = ArrivalPace::measure(weeks, |_| 1.0)?;
        let oldest = law::oldest(weeks);
        let (mut days, mut sum) = (0.0, 0.0);
        let leaving = weeks[..=oldest].iter().rev().map(|amount| {
            days += WEEK;
            sum += amount;
            (days, sum)
        });
        let leaving = leaving.collect();
        Some(FirstScan { rule: rule(weeks, oldest, &pace), pace, leaving })
    }

    /// The passage of `need` more units.
    pub(crate) fn passage(&self, need: f64, grid: &Grid) -> Passage {
        let grows = Passage::from_law(grid, |days| self.grows(need, days));
        let reached = match self.rule {
            None => grows,
            Some(rule) => grows.mixed(&Passage::from_law(grid, |days| self.replaces(need, days)), rule.p),
        };
        Passage::from_law(grid, |days| self.pace.or_waits(reached.share_within(days), need, days))
    }

    /// The same if all mail is kept.
    fn grows(&self, need: f64, days: f64) -> f64 {
        self.pace.reaches(self.pace.now * days, need, days, LAW)
    }

    /// The same under the rule: the level rises only by arrivals beyond the mail that reaches the age, which the scan shows.
    fn replaces(&self, need: f64, days: f64) -> f64 {
        let come = self.pace.now * days.min(self.pace.age);
        self.pace.reaches(come, need.max(0.0) + self.leaves(days), days, LAW)
    }

    /// The first reason that applies.
    pub(crate) fn reason(&self) -> Reason {
        let ratio = self.pace.now / self.pace.lifetime;
        match self.rule {
            _ if self.pace.is_silent() => Reason::Silent { days: self.pace.silence },
            Some(Rule { usual: Some(days), p }) => Reason::Rule { days, p },
            _ if self.pace.age < YOUNG => Reason::Young { days: self.pace.age },
            _ if ratio > CHANGED => Reason::Rising { ratio },
            _ if ratio < 1.0 / CHANGED => Reason::Falling { ratio },
            _ if self.pace.scatter > UNEVEN => Reason::Uneven { scatter: self.pace.scatter },
            _ => Reason::Even,
        }
    }

    /// The mail that becomes older than the oldest is now within `days`, in units of the resource.
    fn leaves(&self, days: f64) -> f64 {
        let next = self.leaving.partition_point(|&(until, _)| until < days);
        let (before, left) = if next == 0 { (0.0, 0.0) } else { self.leaving[next - 1] };
        match self.leaving.get(next) {
            None => left,
            Some(&(until, sum)) => left + (sum - left) * (days - before) / (until - before),
        }
    }
}

/// The rule that may delete mail older than the oldest.
fn rule(weeks: &[f64], oldest: usize, pace: &ArrivalPace) -> Option<Rule> {
    let before_oldest: f64 = weeks[oldest.checked_sub(4)?..oldest].iter().sum();
    let edge = before_oldest / (28.0 * pace.total / pace.age);
    let usual = USUAL_RULES.into_iter().find(|rule| (pace.age - 3.5 - rule).abs() <= NEAR_A_RULE);
    if usual.is_some() && edge > SHARP.0 {
        Some(Rule { usual, p: RULE_IF_SHARP.0 })
    } else {
        (edge > SHARP.1).then_some(Rule { usual: None, p: RULE_IF_SHARP.1 })
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, to: &mut fmt::Formatter) -> fmt::Result {
        match *self {
            Reason::Young { days } => write!(to, "The oldest mail is {days:.0} days old: there is little to go by."),
            Reason::Silent { days } => {
                write!(to, "No mail has come for {days:.0} days: when it will come again decides the date.")
            }
            Reason::Rule { days, p } => write!(
                to,
                "The mail ends sharply at an age of {days:.0} days: a rule seems to delete what is older \
                 (taken for {} likely), and then only growing arrivals fill the store.",
                percent(p)
            ),
            Reason::Rising { ratio } => write!(
                to,
                "{ratio:.1} times as much is left of a recent week as of an average one: either more mail comes than \
                 before, or old mail is deleted; the next scan will tell."
            ),
            Reason::Falling { ratio } => write!(
                to,
                "Only {ratio:.2} times as much is left of a recent week as of an average one: mail comes slower than \
                 it did, or old mail was brought in."
            ),
            Reason::Uneven { scatter } => {
                let scatter = percent(scatter);
                write!(to, "The weeks differ by {scatter} from their mean: some big ones decide the date.")
            }
            Reason::Even => {
                write!(to, "As much is left of recent weeks as of older ones: the store seems to keep its mail.")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::examples::steady;
    use super::*;

    fn scan(weeks: &[f64]) -> FirstScan {
        FirstScan::new(weeks).unwrap()
    }

    fn passage(scan: &FirstScan, need: f64) -> Passage {
        scan.passage(need, &Grid::up_to(1_095))
    }

    #[test]
    fn probability_falls_with_more_free_space_and_rises_with_time() {
        let mut silent = steady(300, 1e6);
        silent[..8].fill(0.0);
        for weeks in [steady(3, 1e6), steady(53, 1e6), steady(300, 1e6), silent] {
            let scan = scan(&weeks);
            let (mut last, needs) = (None::<Passage>, [-1.0, 0.0, 1e3, 1e5, 1e6, 1e7, 1e9]);
            for need in needs {
                let passage = passage(&scan, need);
                for days in (0..1_200).map(f64::from) {
                    let p = passage.share_within(days);
                    assert!((0.0..=1.0).contains(&p) && p <= passage.share_within(days + 1.0));
                    assert!(last.as_ref().is_none_or(|last| last.share_within(days) >= p - 1e-12), "{need} {days}");
                }
                last = Some(passage);
            }
        }
    }

    #[test]
    fn scaling_sizes_and_free_space_changes_nothing() {
        for count in [2, 40, 53, 400] {
            let weeks = steady(count, 1e6);
            let twice: Vec<f64> = weeks.iter().map(|amount| 2.0 * amount).collect();
            let (one, two) = (scan(&weeks), scan(&twice));
            assert_eq!(one.reason(), two.reason());
            for p in [0.1, 0.5, 0.9] {
                let (one, two) = (passage(&one, 3e6).quantile(p), passage(&two, 6e6).quantile(p));
                assert!(one == two || (one / two - 1.0).abs() < 1e-9, "{one} {two}");
            }
        }
    }

    #[test]
    fn a_steady_store_is_full_when_its_arrival_rate_predicts() {
        let weeks = steady(300, 7e6);
        let passage = passage(&scan(&weeks), 100e6);
        let [early, middle, late] = [0.1, 0.5, 0.9].map(|p| passage.quantile(p));
        assert!((100.0..135.0).contains(&middle), "{middle}");
        assert!(early < 0.75 * middle && late > 1.3 * middle);
        assert_eq!(scan(&weeks).reason(), Reason::Even);
    }

    #[test]
    fn a_cutoff_at_a_usual_retention_age_suggests_a_rule() {
        let (rule, other) = (scan(&steady(53, 7e6)), scan(&steady(70, 7e6)));
        assert_eq!(rule.reason(), Reason::Rule { days: 365.0, p: RULE_IF_SHARP.0 });
        assert_eq!(other.reason(), Reason::Even);
        let room = 100e6;
        assert!(passage(&rule, room).share_within(300.0) < 0.5 * passage(&other, room).share_within(300.0));
        // Mail that thins out was not cut.
        let mut thin = steady(53, 7e6);
        thin[40..53].iter_mut().for_each(|amount| *amount /= 50.0);
        assert!(!matches!(scan(&thin).reason(), Reason::Rule { .. }));
    }

    #[test]
    fn a_retention_plateau_loses_exactly_the_scanned_mail() {
        let weeks = steady(53, 7e6);
        let scan = scan(&weeks);
        assert!((scan.leaves(14.0) - weeks[52] - weeks[51]).abs() < 1e-3);
        assert!((scan.leaves(10_000.0) - weeks.iter().sum::<f64>()).abs() < 1e-3);
        assert_eq!(scan.leaves(0.0), 0.0);
    }

    #[test]
    fn irregular_arrivals_widen_the_range() {
        let even = steady(300, 7e6);
        let mut uneven = even.clone();
        (1..300).for_each(|j| uneven[j] *= if j % 4 == 0 { 3.5 } else { 0.17 });
        let mut rising = even.clone();
        rising[26..].iter_mut().for_each(|amount| *amount /= 4.0);
        let width = |weeks: &[f64], need| {
            let passage = passage(&scan(weeks), need);
            (passage.quantile(0.9) / passage.quantile(0.1)).ln()
        };
        assert!(width(&uneven, 60e6) > width(&even, 60e6));
        assert!(width(&rising, 60e6) > width(&even, 60e6));
        assert!(width(&steady(4, 7e6), 60e6) > width(&even, 60e6));
        assert!(matches!(scan(&rising).reason(), Reason::Rising { .. }));
        assert!(matches!(scan(&uneven).reason(), Reason::Uneven { .. }));
        assert!(matches!(scan(&steady(2, 7e6)).reason(), Reason::Young { .. }));
    }

    #[test]
    fn a_silent_store_is_full_later() {
        let mut weeks = steady(300, 7e6);
        weeks[..10].fill(0.0);
        let silent = scan(&weeks);
        assert_eq!(silent.reason(), Reason::Silent { days: 70.0 });
        assert!(
            passage(&silent, 30e6).share_within(60.0)
                < 0.5 * passage(&scan(&steady(300, 7e6)), 30e6).share_within(60.0)
        );
    }

    #[test]
    fn every_reason_is_a_sentence_ending_in_a_full_stop() {
        let reasons = [
            Reason::Young { days: 9.0 },
            Reason::Silent { days: 70.0 },
            Reason::Rule { days: 365.0, p: 0.7 },
            Reason::Rising { ratio: 2.0 },
            Reason::Falling { ratio: 0.5 },
            Reason::Uneven { scatter: 1.2 },
            Reason::Even,
        ];
        assert!(reasons.iter().all(|reason| reason.to_string().ends_with('.') && !reason.to_string().contains("  ")));
    }
}
