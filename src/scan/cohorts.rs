//! Cohorts while they are gathered: messages by week of arrival and size class.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::{Date, date};

use crate::snapshot::{Cohort, SIZE_CLASSES};

const SECONDS_PER_DAY: i64 = 86_400;
const EPOCH: Date = date(1970, 1, 1);

/// Messages and bytes by Monday (in days since 1970) and size class.
#[derive(Clone, Debug, Default)]
pub struct Gathered(BTreeMap<(i32, u64), (u64, u64)>);

impl Gathered {
    /// Counts one message.
    pub fn add(&mut self, arrival: i64, bytes: u64) {
        let cell = self.0.entry((monday(arrival), size_class(bytes))).or_default();
        cell.0 += 1;
        cell.1 = cell.1.saturating_add(bytes);
    }

    /// Adds what another mailbox gathered.
    pub fn merge(&mut self, other: &Gathered) {
        for (key, (messages, bytes)) in &other.0 {
            let cell = self.0.entry(*key).or_default();
            cell.0 += messages;
            cell.1 = cell.1.saturating_add(*bytes);
        }
    }

    /// The cohorts, by week and size.
    pub fn rows(&self) -> Vec<Cohort> {
        let row = |(&(monday, size_from), &(messages, bytes)): (&(i32, u64), &(u64, u64))| Cohort {
            week: EPOCH.saturating_add(monday.days()),
            size_from,
            messages,
            bytes,
        };
        self.0.iter().map(row).collect()
    }
}

/// The Monday on or before a time, in days since 1970-01-01, which was a Thursday.
fn monday(arrival: i64) -> i32 {
    let days = arrival.div_euclid(SECONDS_PER_DAY);
    // File times reach farther than any calendar; such a message counts in the last week that there is.
    (days - (days + 3).rem_euclid(7)).clamp(-700_000, 2_900_000) as i32
}

fn size_class(bytes: u64) -> u64 {
    SIZE_CLASSES[SIZE_CLASSES.partition_point(|&from| from <= bytes) - 1]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weeks_start_on_monday() {
        let second = |text: &str| text.parse::<jiff::Timestamp>().unwrap().as_second();
        let mut gathered = Gathered::default();
        for time in ["2026-11-22T23:59:59Z", "2026-11-23T00:00:00Z", "2026-11-29T12:00:00Z", "1969-12-31T00:00:00Z"] {
            gathered.add(second(time), 100);
        }
        let weeks: Vec<(Date, u64)> = gathered.rows().iter().map(|row| (row.week, row.messages)).collect();
        assert_eq!(weeks, [(date(1969, 12, 29), 1), (date(2026, 11, 16), 1), (date(2026, 11, 23), 2)]);
    }

    #[test]
    fn size_classes_begin_at_their_bound() {
        for (bytes, class) in [(0, 0), (16_383, 0), (16_384, 16_384), (1 << 20, 1 << 20), (u64::MAX, 64 << 20)] {
            assert_eq!(size_class(bytes), class);
        }
    }

    #[test]
    fn absurd_times_have_a_week_too() {
        let mut gathered = Gathered::default();
        gathered.add(i64::MAX, 1);
        gathered.add(i64::MIN, 1);
        assert_eq!(gathered.rows().len(), 2);
    }
}
