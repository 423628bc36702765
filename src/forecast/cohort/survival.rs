//! Survival rates by age, from the losses between scans.

use crate::model::quantiles::{MAD_TO_SD, median};
use crate::model::series::ages::Ages;

/// Ages up to this many weeks have a rate each; older ones are grouped.
const SINGLE_WEEKS: usize = 13;
/// Width of each group over that of the one before.
const WIDENING: f64 = 1.35;
/// Weight of the older neighbour's rate, in arrivals of weeks.
const NEIGHBOUR_WEEKS: f64 = 2.0;
/// Upper bound of the overall rate, which is the prior of the oldest group.
const MOST_OVERALL: f64 = 0.5;
/// From this many intervals on, those with a loss above the median plus this many deviations are left out as purges.
const PURGE: (usize, f64) = (4, 6.0);
/// Lowest age in weeks of the losses that reveal a purge.
const PURGED_FROM: usize = 6;
/// Lower bound of the deviation: a store without deletions has none.
const LEAST_DEVIATION: f64 = 0.002;
/// Last scans that must all end at the same age for a retention rule.
const EDGE_SCANS: usize = 6;
/// Least share of a usual week in the two oldest weeks: a single old message is not an edge.
const EDGE_SHARE: f64 = 0.25;
/// Lowest age of an edge in weeks.
const EDGE_FROM: usize = 3;

/// Weekly survival rates by age: a life table (Kaplan and Meier 1958) in which ages with little mail are shrunk towards
/// older ones.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Survival {
    /// By age in whole weeks; the last rate is that of all older ages.
    weekly: Vec<f64>,
    edge: Option<usize>,
}

/// Mail of one age, and the part of it that was gone a week later.
#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    there: f64,
    gone: f64,
}

impl Survival {
    /// Nothing is ever deleted.
    pub(crate) fn certain() -> Survival {
        Survival { weekly: vec![1.0], edge: None }
    }

    /// Learns from scans of one store, the oldest first. Only scans at least a week apart count. A single scan gives
    /// [`Survival::certain`].
    pub(crate) fn learn(scans: &[Ages]) -> Survival {
        let mut apart: Vec<&Ages> = Vec::new();
        for scan in scans.iter().rev() {
            if apart.last().is_none_or(|later| later.days_since(scan) >= 7.0) {
                apart.push(scan);
            }
        }
        apart.reverse();
        let weeks: Vec<Vec<f64>> = apart.iter().map(|scan| scan.weeks()).collect();
        let Some(last) = weeks.last().filter(|_| weeks.len() > 1) else { return Survival::certain() };
        let oldest = weeks.iter().map(Vec::len).max().unwrap_or(0);
        let steps: Vec<Vec<Seen>> = apart.windows(2).map(|two| seen(two[0], two[1], oldest)).collect();
        let edge = edge(&weeks);
        let all = sum(&steps, oldest);
        let mut usual = sum(without_purges(&steps), oldest);
        // The deletions at the edge must not affect younger ages.
        usual.truncate(edge.map_or(oldest, |edge| edge.saturating_sub(1)));
        let mut weekly = rates(&usual, a_week(last));
        if let Some(edge) = edge {
            weekly.resize(edge + 1, 1.0);
            weekly[edge - 1] = rate(&all[edge - 1..edge]).map_or(1.0, |rate| 1.0 - rate);
            weekly[edge] = 0.0;
        }
        Survival { weekly, edge }
    }

    /// The share of mail of an age in whole weeks that is left a week later. The first week loses nothing: its last day is not
    /// over, and arrivals are counted by the mail that stays.
    pub(crate) fn weekly(&self, age: usize) -> f64 {
        self.weekly.get(age).or(self.weekly.last()).copied().unwrap_or(1.0)
    }

    /// The share of arrivals that is left at each age from 0 to `weeks`; it starts at 1 and never rises.
    pub(crate) fn shares(&self, weeks: usize) -> Vec<f64> {
        let mut share = 1.0;
        let mut shares = vec![share];
        shares.extend((0..weeks).map(|age| {
            share *= self.weekly(age);
            share
        }));
        shares
    }

    /// The age in whole weeks at which all scans end, if a rule deletes there.
    pub(crate) fn edge(&self) -> Option<usize> {
        self.edge
    }
}

/// The losses of each age between two scans at least a week apart, by the weeks of the later one; a loss over several weeks
/// has a constant weekly rate.
fn seen(earlier: &Ages, later: &Ages, oldest: usize) -> Vec<Seen> {
    let mut ages = vec![Seen::default(); oldest];
    let weeks = later.days_since(earlier) / 7.0;
    let gap = weeks.round() as usize;
    let (then, now) = (earlier.weeks_as_of(later.scanned_on), later.weeks());
    // From age 1 on, the weeks were over at the earlier scan.
    for (age, &before) in then.iter().skip(gap).enumerate().skip(1) {
        // More than before was imported, which says nothing about losses.
        let left = (now.get(age + gap).unwrap_or(&0.0) / before).min(1.0);
        if before <= 0.0 || left.is_nan() {
            continue;
        }
        let weekly = left.powf(1.0 / weeks);
        let mut there = before;
        for seen in ages.iter_mut().skip(age).take(gap) {
            seen.there += there;
            seen.gone += there * (1.0 - weekly);
            there *= weekly;
        }
    }
    ages
}

/// The sum over the intervals, by age.
fn sum<'a>(steps: impl IntoIterator<Item = &'a Vec<Seen>>, oldest: usize) -> Vec<Seen> {
    let mut all = vec![Seen::default(); oldest];
    for step in steps {
        for (all, seen) in all.iter_mut().zip(step) {
            all.there += seen.there;
            all.gone += seen.gone;
        }
    }
    all
}

/// The sum over some ages.
fn total(ages: &[Seen]) -> Seen {
    Seen { there: ages.iter().map(|seen| seen.there).sum(), gone: ages.iter().map(|seen| seen.gone).sum() }
}

/// The share of the mail that is gone; `None` without mail.
fn rate(ages: &[Seen]) -> Option<f64> {
    let Seen { there, gone } = total(ages);
    (there > 0.0).then(|| gone / there)
}

/// The intervals without purges.
fn without_purges(steps: &[Vec<Seen>]) -> Vec<&Vec<Seen>> {
    let rates: Vec<f64> =
        steps.iter().map(|step| rate(step.get(PURGED_FROM..).unwrap_or(&[])).unwrap_or(0.0)).collect();
    let middle = median(&rates).unwrap_or(0.0);
    let distances: Vec<f64> = rates.iter().map(|rate| (rate - middle).abs()).collect();
    let deviation = MAD_TO_SD * median(&distances).unwrap_or(0.0);
    let most = middle + PURGE.1 * deviation.max(LEAST_DEVIATION);
    let is_usual = |rate: f64| steps.len() < PURGE.0 || rate <= most;
    steps.iter().zip(rates).filter(|&(_, rate)| is_usual(rate)).map(|(step, _)| step).collect()
}

/// The age at which all of the last scans end with enough mail.
fn edge(scans: &[Vec<f64>]) -> Option<usize> {
    let last = &scans[scans.len().saturating_sub(EDGE_SCANS)..];
    let end = |weeks: &Vec<f64>| weeks.iter().rposition(|&amount| amount > 0.0);
    let edge = end(&last[0]).filter(|&edge| edge >= EDGE_FROM)?;
    let newest = last.last()?;
    let usual = newest.iter().sum::<f64>() / newest.len() as f64;
    let earlier = &last[..last.len() - 1];
    let ends_there = last.iter().all(|weeks| end(weeks) == Some(edge));
    let at_edge: f64 = earlier.iter().filter_map(|weeks| weeks.get(edge - 1..=edge)).flatten().sum();
    (ends_there && at_edge > EDGE_SHARE * usual * earlier.len() as f64).then_some(edge)
}

/// The mean mail of a young complete week, in units of the resource.
fn a_week(weeks: &[f64]) -> f64 {
    match weeks.len() {
        0 => 0.0,
        1 => weeks[0],
        count => {
            let young = &weeks[1..count.min(9)];
            young.iter().sum::<f64>() / young.len() as f64
        }
    }
}

/// The weekly survival by age, from the oldest group to the youngest, each shrunk towards the one before.
fn rates(ages: &[Seen], a_week: f64) -> Vec<f64> {
    let mut bounds: Vec<usize> = (1..=SINGLE_WEEKS).collect();
    while bounds[bounds.len() - 1] < ages.len() {
        let last = bounds[bounds.len() - 1] as f64;
        bounds.push((last * WIDENING).ceil() as usize);
    }
    let mut weekly = vec![1.0; ages.len().max(1)];
    let mut older = rate(ages).unwrap_or(0.0).min(MOST_OVERALL);
    for group in bounds.windows(2).rev() {
        let range = group[0].min(ages.len())..group[1].min(ages.len());
        let Seen { there, gone } = total(&ages[range.clone()]);
        let leaning = NEIGHBOUR_WEEKS * a_week;
        if there + leaning > 0.0 {
            older = (gone + leaning * older) / (there + leaning);
        }
        weekly[range].fill(1.0 - older);
    }
    weekly
}

#[cfg(test)]
mod tests {
    use super::super::examples::{a_week_on, scan, steady};
    use super::*;
    use crate::model::dates::{date_of, day_number};
    use jiff::ToSpan;
    use jiff::civil::date;

    /// `count` weekly scans of a store; `left` gives the share of each age that survives a week.
    fn scans(count: usize, left: impl Fn(usize) -> f64) -> Vec<Ages> {
        let mut scans = vec![scan(&steady(80, 1e6))];
        for n in 1..count {
            scans.push(a_week_on(&scans[n - 1], 1e6, &left));
        }
        scans
    }

    #[test]
    fn a_store_that_keeps_everything_has_full_survival() {
        let table = Survival::learn(&scans(5, |_| 1.0));
        assert!((0..200).all(|age| table.weekly(age) == 1.0) && table.edge().is_none());
        assert_eq!(Survival::learn(&scans(1, |_| 0.5)), Survival::certain());
        assert_eq!(Survival::learn(&[]), Survival::certain());
    }

    #[test]
    fn a_constant_loss_is_found_at_every_age_of_mail() {
        let table = Survival::learn(&scans(6, |age| if age == 0 { 1.0 } else { 0.98 }));
        assert!((1..300).all(|age| (table.weekly(age) - 0.98).abs() < 1e-9));
        assert!((table.shares(11)[11] - 0.98_f64.powi(10)).abs() < 1e-9);
        assert!(table.shares(500).is_sorted_by(|young, old| young >= old));
    }

    #[test]
    fn losses_of_young_and_old_mail_are_distinguished() {
        let table = Survival::learn(&scans(12, |age| if age == 0 || age > 6 { 1.0 } else { 0.9 }));
        assert!((1..=6).all(|age| table.weekly(age) < 0.93), "{:?}", &table.weekly[..10]);
        assert!((12..80).all(|age| table.weekly(age) > 0.99));
    }

    #[test]
    fn survival_does_not_depend_on_scale() {
        let learned = |scale: f64| {
            let mut scans = vec![scan(&steady(80, scale * 1e6))];
            for n in 0..3 {
                scans.push(a_week_on(&scans[n], scale * 1e6, |age| 1.0 - 0.3 / (age + 1) as f64));
            }
            Survival::learn(&scans)
        };
        assert_eq!(learned(1.0), learned(2.0));
    }

    #[test]
    fn scans_two_weeks_apart_give_the_same_survival() {
        let all = scans(9, |age| if age == 0 { 1.0 } else { 0.97 });
        let some: Vec<Ages> = all.iter().step_by(2).cloned().collect();
        let table = Survival::learn(&some);
        assert!((1..80).all(|age| (table.weekly(age) - 0.97).abs() < 1e-9));
    }

    #[test]
    fn daily_scans_give_the_same_survival_as_weekly_scans() {
        let weekly = scans(4, |age| if age == 0 { 1.0 } else { 0.97 });
        let mut daily = Vec::new();
        for scan in &weekly {
            let of_thursday = [(day_number(scan.scanned_on) - 90, 1.0)];
            daily.push(Ages::from_rows(scan.scanned_on.saturating_sub(3.days()), of_thursday));
            daily.push(scan.clone());
        }
        assert_eq!(Survival::learn(&daily), Survival::learn(&weekly));
        assert_eq!(Survival::learn(&daily[..2]), Survival::certain(), "four days are less than a week");
    }

    /// A scan of a store to which a message of one byte comes each day, and which keeps the mail younger than `age` days.
    fn daily_scan(day: i32, came: impl Fn(i32) -> f64, age: i32) -> Ages {
        Ages::from_rows(date_of(day), (day - age + 1..=day).map(|day| (day, came(day))))
    }

    #[test]
    fn scans_on_different_weekdays_compare_the_same_days() {
        // Ten times as much mail on workdays: weeks that began on different weekdays would seem to lose or gain mail.
        let came = |day: i32| if (day + 3).rem_euclid(7) < 5 { 10.0 } else { 1.0 };
        let first = day_number(date(2026, 9, 7));
        let scans = [0, 10, 18, 31, 38, 52].map(|later| daily_scan(first + later, came, 300 + later));
        let table = Survival::learn(&scans);
        assert!((0..60).all(|age| table.weekly(age) == 1.0), "{:?}", table.weekly);
    }

    #[test]
    fn a_rule_shows_on_any_weekday() {
        let first = day_number(date(2026, 9, 7));
        let scans = [0, 10, 18, 31].map(|later| daily_scan(first + later, |_| 1.0, 90));
        assert_eq!(Survival::learn(&scans).edge(), Some(12), "days 84 to 89");
    }

    #[test]
    fn a_fixed_oldest_age_is_a_retention_rule() {
        let table = Survival::learn(&scans(3, |age| if age >= 79 { 0.0 } else { 1.0 }));
        assert_eq!(table.edge(), Some(79));
        assert_eq!((table.weekly(78), table.weekly(79), table.weekly(400)), (1.0, 0.0, 0.0));
        assert_eq!(Survival::learn(&scans(3, |_| 1.0)).edge(), None, "it moves on by a week a week");
    }

    #[test]
    fn a_single_purge_does_not_lower_survival() {
        let mut history = scans(6, |_| 1.0);
        history.push(a_week_on(&history[5], 1e6, |age| if age > 40 { 0.2 } else { 1.0 }));
        history.push(a_week_on(&history[6], 1e6, |_| 1.0));
        let table = Survival::learn(&history);
        assert!((1..80).all(|age| table.weekly(age) > 0.999));
    }
}
