//! Arrivals and deletions between two scans, from the weeks of arrival of the mail in each.

use std::collections::BTreeMap;

use crate::model::snapshot::cohort::WeekOfSize;

/// `arrived + imported - deleted` is exactly the difference of the two scans.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flow {
    /// New mail since the earlier scan.
    pub arrived: i128,
    /// New mail in weeks before the earlier scan: it was imported and kept its date.
    pub imported: i128,
    /// Mail of the earlier scan that is gone.
    pub deleted: i128,
}

impl Flow {
    /// Compares the `amount` of the cohorts of two scans; `split` is the week of the earlier scan.
    ///
    /// Each week of arrival is one balance, so in a week with arrivals and deletions only their difference shows.
    pub fn between(before: &[WeekOfSize], now: &[WeekOfSize], split: i32, amount: fn(&WeekOfSize) -> u64) -> Flow {
        let mut weeks: BTreeMap<i32, i128> = BTreeMap::new();
        let mut add = |rows: &[WeekOfSize], sign: i128| {
            for row in rows {
                *weeks.entry(row.0).or_default() += sign * i128::from(amount(row));
            }
        };
        add(before, -1);
        add(now, 1);
        let mut flow = Flow::default();
        for (week, change) in weeks {
            match change {
                gone if gone < 0 => flow.deleted -= gone,
                come if week < split => flow.imported += come,
                come => flow.arrived += come,
            }
        }
        flow
    }

    pub fn change(&self) -> i128 {
        self.arrived + self.imported - self.deleted
    }
}

impl std::ops::AddAssign for Flow {
    fn add_assign(&mut self, more: Flow) {
        self.arrived += more.arrived;
        self.imported += more.imported;
        self.deleted += more.deleted;
    }
}

pub(super) fn bytes(cohort: &WeekOfSize) -> u64 {
    cohort.3
}

pub(super) fn messages(cohort: &WeekOfSize) -> u64 {
    cohort.2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_balanced_within_each_week_of_arrival() {
        let before = [(8, 0, 1, 100), (8, 3, 1, 50), (9, 0, 1, 70), (10, 0, 1, 30), (40, 0, 1, 7)];
        // Week 8 gained 20 in all, 9 lost 30, 10 is the week of the earlier scan, and the mail dated in the future is gone.
        let now = [(8, 0, 1, 170), (9, 0, 1, 40), (10, 0, 1, 31), (11, 0, 2, 900)];
        let flow = Flow::between(&before, &now, 10, bytes);
        assert_eq!(flow, Flow { arrived: 901, imported: 20, deleted: 37 });
        assert_eq!(flow.change(), 170 + 40 + 31 + 900 - (100 + 50 + 70 + 30 + 7));
        let all_gone = Flow::between(&[(3, 0, 1, u64::MAX), (3, 1, 1, u64::MAX)], &[], 10, bytes);
        assert_eq!(all_gone.deleted, 2 * i128::from(u64::MAX));
    }
}
