//! The mail that retention rules delete, of the stored mail and of new mail.

use super::{Change, Folders, Holdings, MailSlice, ScannedMail};
use crate::forecast::cohort::{Projection, Survival};
use crate::model::{days::Days, special_use::SpecialUse};

/// Weeks of the survival curve.
const WEEKS: usize = 2_700;

/// The rules of a scenario; where several cover a folder, the shortest applies.
#[derive(Clone, Debug, Default)]
pub(super) struct Retention {
    rules: Vec<Rule>,
}

/// A rule with the folders that no shorter rule covers.
#[derive(Clone, Debug)]
struct Rule {
    age: f64,
    stored: Vec<Stored>,
    /// The share of arrivals that survives to each age in weeks without the rule.
    shares: Vec<f64>,
    /// Arrivals a day, in units of the resource.
    arrivals: f64,
}

/// A slice of the stored mail, with its lowest and highest age in days.
#[derive(Clone, Copy, Debug)]
struct Stored {
    youngest: f64,
    oldest: f64,
    amount: f64,
    messages: f64,
}

impl Retention {
    pub(super) fn from_changes(changes: &[Change], holdings: &Holdings) -> Retention {
        let age = |special| shortest(changes, special);
        let mut ages: Vec<u32> = SpecialUse::ALL.map(Some).into_iter().chain([None]).filter_map(age).collect();
        ages.sort_unstable();
        ages.dedup();
        let rule = |days: u32| Rule::new(f64::from(days), holdings, |slice| age(slice.special_use) == Some(days));
        Retention { rules: ages.into_iter().filter_map(rule).collect() }
    }

    /// The stored mail that the rules have deleted `days` ahead, and that would still be there without them.
    pub(super) fn of_stored(&self, days: f64) -> f64 {
        self.rules.iter().map(|rule| rule.of_stored(days)).sum()
    }

    /// The same for new mail.
    pub(super) fn of_new(&self, days: f64) -> f64 {
        self.rules.iter().map(|rule| rule.of_new(days)).sum()
    }
}

/// The age in days that applies to folders of a special use.
fn shortest(changes: &[Change], special_use: Option<SpecialUse>) -> Option<u32> {
    let ages = changes.iter().filter_map(|change| match change {
        Change::Retain { folders, age } if folders.holds(special_use) => Some(age.0),
        _ => None,
    });
    ages.min()
}

/// The mail that a rule matches.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum RuleMatch {
    /// Mail older than the age.
    Mail {
        /// Size on disk now, in units of the resource.
        amount: f64,
        messages: f64,
        /// The amount that the rule deletes a week in the long run.
        weekly: f64,
    },
    /// There is mail, but none older than the age, and a single scan cannot show why.
    NothingOlder,
    /// The folders are empty.
    NoMail,
    /// Shorter rules cover all its folders.
    Shorter,
}

/// The mail that a rule matches and no shorter rule does.
pub(super) fn found((folders, age): (Folders, Days), changes: &[Change], holdings: &Holdings) -> RuleMatch {
    let is_its = |special| folders.holds(special) && shortest(changes, special) == Some(age.0);
    if !SpecialUse::ALL.map(Some).into_iter().chain([None]).any(is_its) {
        return RuleMatch::Shorter;
    }
    let is_meant = |slice: &MailSlice| is_its(slice.special_use);
    if holdings.scans.last().is_none_or(|last| last.total(is_meant) <= 0.0) {
        return RuleMatch::NoMail;
    }
    let Some(rule) = Rule::new(f64::from(age.0), holdings, is_meant) else { return RuleMatch::NothingOlder };
    let older = |amount: fn(&Stored) -> f64| {
        rule.stored.iter().map(|stored| amount(stored) * stored.older_than(rule.age)).sum::<f64>()
    };
    let weekly = 7.0 * rule.arrivals * rule.share(rule.age);
    RuleMatch::Mail { amount: older(|stored| stored.amount), messages: older(|stored| stored.messages).round(), weekly }
}

impl Stored {
    fn from_slice(scan: &ScannedMail, slice: &MailSlice) -> Stored {
        let (youngest, oldest) = scan.span(slice);
        Stored { youngest, oldest, amount: slice.amount, messages: slice.messages }
    }

    /// The share that is older than `age`, if mail arrives evenly over its week.
    fn older_than(&self, age: f64) -> f64 {
        match self.oldest - self.youngest {
            days if days > 0.0 => ((self.oldest - age) / days).clamp(0.0, 1.0),
            _ => f64::from(self.oldest > age),
        }
    }
}

impl Rule {
    /// `None` without mail in its folders, or if its effect cannot be known.
    fn new(age: f64, holdings: &Holdings, is_meant: impl Fn(&MailSlice) -> bool) -> Option<Rule> {
        let last = holdings.scans.last()?;
        let stored: Vec<Stored> =
            last.slices.iter().filter(|slice| is_meant(slice)).map(|slice| Stored::from_slice(last, slice)).collect();
        let ages: Vec<_> = holdings.scans.iter().map(|scan| scan.ages(&is_meant)).collect();
        let survival = Survival::learn(&ages);
        let projection = Projection::new(&ages.last()?.weeks(), &survival)?;
        // A single scan cannot tell a young store from one with the rule in force: assume no effect.
        if ages.len() == 1 && stored.iter().all(|stored| stored.older_than(age) == 0.0) {
            return None;
        }
        Some(Rule { age, stored, shares: survival.shares(WEEKS), arrivals: projection.arrivals() })
    }

    /// The share of arrivals that survives to an age in days without the rule.
    fn share(&self, age: f64) -> f64 {
        self.shares[((age / 7.0) as usize).min(WEEKS)]
    }

    fn of_stored(&self, days: f64) -> f64 {
        let left = |stored: &Stored| {
            let before = self.share(stored.oldest);
            match days < 7.0 {
                true => 1.0,
                // No mail lived longer, so its further survival is unknown.
                false if before <= 0.0 => 0.0,
                false => (self.share(stored.oldest + days) / before).min(1.0),
            }
        };
        let taken = |stored: &Stored| stored.amount * stored.older_than(self.age - days) * left(stored);
        self.stored.iter().map(taken).sum()
    }

    fn of_new(&self, days: f64) -> f64 {
        if days <= self.age {
            return 0.0;
        }
        let weeks = (self.age / 7.0) as usize..=((days / 7.0) as usize).min(WEEKS);
        let days_of = |week: usize| {
            let begin = 7.0 * week as f64;
            ((begin + 7.0).min(days) - begin.max(self.age)).max(0.0)
        };
        self.arrivals * weeks.map(|week| self.shares[week] * days_of(week)).sum::<f64>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::ToSpan;
    use jiff::civil::date;

    /// A trash folder that received ten messages of one byte a day for `weeks` weeks, until Monday at midnight.
    fn bin(weeks: i64) -> Holdings {
        let monday = date(2026, 11, 23);
        let slice = |week: i64| MailSlice {
            special_use: Some(SpecialUse::Trash),
            week: monday.saturating_sub(week.weeks()),
            amount: 70.0,
            messages: 70.0,
        };
        let at = "2026-11-23T00:00:00Z".parse().unwrap();
        let scan = ScannedMail { at, slices: (1..=weeks).map(slice).collect() };
        Holdings { mail: 70.0 * weeks as f64, scans: vec![scan], ..Holdings::default() }
    }

    fn rule(folders: Folders, age: u32) -> Change {
        Change::Retain { folders, age: Days(age) }
    }

    #[test]
    fn a_rule_cuts_within_a_week_and_takes_young_mail_later() {
        let trash = Folders::Use(SpecialUse::Trash);
        let rules = Retention::from_changes(&[rule(trash, 30)], &bin(20));
        let near = |actual: f64, expected: f64| assert!((actual / expected - 1.0).abs() < 0.05, "{actual} {expected}");
        assert_eq!(rules.of_stored(0.0), 10.0 * (140.0 - 30.0));
        near(rules.of_stored(15.0), 10.0 * (140.0 - 15.0));
        assert_eq!((rules.of_stored(30.0), rules.of_new(30.0)), (1_400.0, 0.0));
        near(rules.of_new(100.0), 10.0 * 70.0);
        let found = found((trash, Days(30)), &[rule(trash, 30)], &bin(20));
        let RuleMatch::Mail { amount, messages, weekly } = found else { panic!("{found:?}") };
        assert_eq!((amount, messages), (1_100.0, 1_100.0));
        near(weekly, 70.0);
    }

    #[test]
    fn a_rule_finds_only_mail_that_no_shorter_rule_takes() {
        let (all, trash, sent) = (Folders::All, Folders::Use(SpecialUse::Trash), Folders::Use(SpecialUse::Sent));
        let rules = [rule(all, 70), rule(trash, 30)];
        let found = |of: Folders, age: u32, rules: &[Change]| super::found((of, Days(age)), rules, &bin(20));
        assert_eq!(found(all, 70, &rules), RuleMatch::NoMail, "all mail is in the trash");
        assert!(matches!(found(trash, 30, &rules), RuleMatch::Mail { amount: 1_100.0, .. }));
        assert_eq!(found(trash, 70, &[rule(all, 30), rule(trash, 70)]), RuleMatch::Shorter);
        assert_eq!(found(sent, 30, &[rule(sent, 30)]), RuleMatch::NoMail);
        assert_eq!(found(all, 150, &[rule(all, 150)]), RuleMatch::NothingOlder);
    }

    #[test]
    fn the_shortest_rule_applies_to_its_folders_only() {
        let (all, trash, sent) = (Folders::All, Folders::Use(SpecialUse::Trash), Folders::Use(SpecialUse::Sent));
        let taken = |rules: &[Change]| Retention::from_changes(rules, &bin(20)).of_stored(0.0);
        assert_eq!(taken(&[rule(all, 70), rule(trash, 30)]), 1_100.0);
        assert_eq!(taken(&[rule(all, 30), rule(trash, 70)]), 1_100.0);
        assert_eq!(taken(&[rule(sent, 30)]), 0.0);
    }

    #[test]
    fn a_single_scan_without_older_mail_frees_nothing() {
        let rules = Retention::from_changes(&[rule(Folders::All, 150)], &bin(20));
        assert_eq!((rules.of_stored(700.0), rules.of_new(700.0)), (0.0, 0.0));
    }

    #[test]
    fn a_longer_rule_than_the_one_in_force_frees_nothing() {
        let mut holdings = bin(8);
        let later = |weeks: i64| {
            let mut scan = holdings.scans[0].clone();
            scan.at += jiff::SignedDuration::from_hours(weeks * 7 * 24);
            scan.slices.iter_mut().for_each(|slice| slice.week = slice.week.saturating_add(weeks.weeks()));
            scan
        };
        holdings.scans = (0..6).map(later).collect();
        let rules = Retention::from_changes(&[rule(Folders::All, 90)], &holdings);
        assert_eq!((rules.of_stored(0.0), rules.of_stored(200.0), rules.of_new(500.0)), (0.0, 0.0, 0.0));
    }
}
