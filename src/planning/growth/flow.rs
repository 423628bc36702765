//! Arrivals and deletions between two scans, from the days of arrival of the mail in each.

use std::collections::BTreeMap;

/// `arrived + imported - deleted` is exactly the difference of the two scans.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flow {
    /// New mail since the earlier scan.
    pub arrived: i128,
    /// New mail of days before the earlier scan: it was imported and kept its date.
    pub imported: i128,
    /// Mail of the earlier scan that is gone.
    pub deleted: i128,
}

impl Flow {
    /// Compares two scans, each given as days of arrival with an amount; `split` is the day of the earlier scan.
    ///
    /// Each day of arrival is one balance, so on a day with arrivals and deletions only their difference shows.
    pub fn between(
        before: impl IntoIterator<Item = (i32, u64)>,
        now: impl IntoIterator<Item = (i32, u64)>,
        split: i32,
    ) -> Flow {
        let mut days: BTreeMap<i32, i128> = BTreeMap::new();
        before.into_iter().for_each(|(day, amount)| *days.entry(day).or_default() -= i128::from(amount));
        now.into_iter().for_each(|(day, amount)| *days.entry(day).or_default() += i128::from(amount));
        let mut flow = Flow::default();
        for (day, change) in days {
            match change {
                ..0 => flow.deleted -= change,
                _ if day < split => flow.imported += change,
                _ => flow.arrived += change,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_balanced_within_each_day_of_arrival() {
        let before = [(8, 100), (8, 50), (9, 70), (10, 30), (40, 7)];
        // Day 8 gained 20 in all, 9 lost 30, 10 is the day of the earlier scan, and the mail dated in the future is gone.
        let now = [(8, 170), (9, 40), (10, 31), (11, 900)];
        let flow = Flow::between(before, now, 10);
        assert_eq!(flow, Flow { arrived: 901, imported: 20, deleted: 37 });
        assert_eq!(flow.change(), 170 + 40 + 31 + 900 - (100 + 50 + 70 + 30 + 7));
        let all_gone = Flow::between([(3, u64::MAX), (3, u64::MAX)], [], 10);
        assert_eq!(all_gone.deleted, 2 * i128::from(u64::MAX));
    }
}
