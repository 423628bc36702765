//! Cohorts while they are gathered: messages by clock, week and size class.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::{Date, date};

use crate::snapshot::{Clock, Cohort, SIZE_CLASSES};
use crate::store::reader::Message;

pub(super) const SECONDS_PER_DAY: i64 = 86_400;
const EPOCH: Date = date(1970, 1, 1);

/// Messages and bytes by clock, Monday (in days since 1970) and size class.
#[derive(Clone, Debug, Default)]
pub struct Gathered(BTreeMap<(Clock, i32, u64), (u64, u64)>);

impl Gathered {
    /// Counts one message by each of its clocks.
    pub fn add(&mut self, message: &Message) {
        let times =
            [(Clock::Arrival, Some(message.arrival)), (Clock::Saved, message.saved), (Clock::Sent, message.sent)];
        for (clock, time) in times {
            let Some(time) = time else { continue };
            self.count((clock, monday(time), size_class(message.bytes)), (1, message.bytes));
        }
    }

    /// Adds what another mailbox gathered.
    pub fn merge(&mut self, other: &Gathered) {
        other.0.iter().for_each(|(&key, &counts)| self.count(key, counts));
    }

    fn count(&mut self, key: (Clock, i32, u64), (messages, bytes): (u64, u64)) {
        let cell = self.0.entry(key).or_default();
        cell.0 += messages;
        cell.1 = cell.1.saturating_add(bytes);
    }

    /// The cohorts, by clock, week and size.
    pub fn rows(&self) -> Vec<Cohort> {
        let row = |(&(clock, monday, size_from), &(messages, bytes)): (&(Clock, i32, u64), &(u64, u64))| Cohort {
            clock,
            week: date_of(monday),
            size_from,
            messages,
            bytes,
        };
        self.0.iter().map(row).collect()
    }
}

/// The day of a time, in days since 1970. File times reach farther than any calendar; such a time is of the last day
/// that there is.
pub(super) fn day(time: i64) -> i32 {
    time.div_euclid(SECONDS_PER_DAY).clamp(-700_000, 2_900_000) as i32
}

/// The date of a day since 1970.
pub(super) fn date_of(day: i32) -> Date {
    EPOCH.saturating_add(day.days())
}

/// The Monday on or before a time, in days since 1970-01-01, which was a Thursday.
fn monday(time: i64) -> i32 {
    let day = day(time);
    day - (day + 3).rem_euclid(7)
}

fn size_class(bytes: u64) -> u64 {
    SIZE_CLASSES[SIZE_CLASSES.partition_point(|&from| from <= bytes) - 1]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arrived(time: i64, bytes: u64) -> Message {
        Message { bytes, arrival: time, ..Message::default() }
    }

    #[test]
    fn weeks_start_on_monday() {
        let second = |text: &str| text.parse::<jiff::Timestamp>().unwrap().as_second();
        let mut gathered = Gathered::default();
        for time in ["2026-11-22T23:59:59Z", "2026-11-23T00:00:00Z", "2026-11-29T12:00:00Z", "1969-12-31T00:00:00Z"] {
            gathered.add(&arrived(second(time), 100));
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
        gathered.add(&arrived(i64::MAX, 1));
        gathered.add(&arrived(i64::MIN, 1));
        assert_eq!(gathered.rows().len(), 2);
    }

    #[test]
    fn clocks_are_kept_apart() {
        let mut gathered = Gathered::default();
        gathered.add(&Message { saved: Some(10 * 7 * SECONDS_PER_DAY), sent: None, ..arrived(0, 7) });
        let rows: Vec<(Clock, u64)> = gathered.rows().iter().map(|row| (row.clock, row.bytes)).collect();
        assert_eq!(rows, [(Clock::Arrival, 7), (Clock::Saved, 7)]);
        assert_ne!(gathered.rows()[0].week, gathered.rows()[1].week);
    }
}
