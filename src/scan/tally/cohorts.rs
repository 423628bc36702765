//! Builds cohorts: messages by clock, day and size class.

use std::collections::BTreeMap;
use std::ops::{AddAssign, RangeInclusive};

use crate::model::snapshot::cohort::{DayOfSize, VERY_LARGE, size_class};
use crate::model::snapshot::{Clock, Cohort, Cohorts, SIZE_CLASSES};
use crate::scan::tally::merged_cells::MergedCells;
use crate::store::reader::Message;

pub(crate) const SECONDS_PER_DAY: i64 = 86_400;

/// Cells buffered before the first merge.
const CELLS: usize = 4_096;

/// Builds the cohorts of a mailbox.
#[derive(Clone, Debug, Default)]
pub(crate) struct CohortBuilder {
    /// By day, size class and clocks, so that the cells of each clock sort like its cohorts.
    cells: MergedCells<MessageCounts, CELLS>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct MessageCounts {
    pub messages: u64,
    pub bytes: u64,
}

impl AddAssign for MessageCounts {
    fn add_assign(&mut self, more: MessageCounts) {
        self.messages = self.messages.saturating_add(more.messages);
        self.bytes = self.bytes.saturating_add(more.bytes);
    }
}

/// The key's bit for a clock. Most messages share a cell: they are saved on the day of their arrival.
const fn bit(clock: Clock) -> u64 {
    1 << clock as u64
}

/// Makes days before 1970 positive.
const DAY_ZERO: i32 = 1 << 23;

fn key(day: i32, size: u8, clocks: u64) -> u64 {
    ((day + DAY_ZERO) as u64) << 16 | u64::from(size) << 8 | clocks
}

impl CohortBuilder {
    pub(crate) fn add(&mut self, message: &Message) {
        let (size, counts) = (size_class(message.bytes), MessageCounts { messages: 1, bytes: message.bytes });
        let arrived = day(message.arrival);
        let saved = message.saved.map(day);
        if saved == Some(arrived) {
            self.cells.push(key(arrived, size, bit(Clock::Arrival) | bit(Clock::Saved)), counts);
        } else {
            self.cells.push(key(arrived, size, bit(Clock::Arrival)), counts);
            saved.iter().for_each(|&saved| self.cells.push(key(saved, size, bit(Clock::Saved)), counts));
        }
        if let Some(sent) = message.sent {
            self.cells.push(key(day(sent), size, bit(Clock::Sent)), counts);
        }
        self.cells.merge_if_long();
    }

    pub(crate) fn add_packed(&mut self, cohorts: &Cohorts) {
        for (clock, (day, size, messages, bytes)) in cohorts.days() {
            self.cells.push(key(day, size, bit(clock)), MessageCounts { messages, bytes });
        }
    }

    /// Returns the cohorts and leaves the builder empty.
    pub(crate) fn pack(&mut self) -> Cohorts {
        let cells = self.cells.take();
        let by_clock = Clock::ALL.map(|clock| rows(&cells, clock));
        Cohorts::pack(by_clock.each_ref().map(Vec::as_slice))
    }
}

fn rows(cells: &[(u64, MessageCounts)], clock: Clock) -> Vec<DayOfSize> {
    let mut rows: Vec<DayOfSize> = Vec::new();
    for (key, counts) in cells.iter().filter(|(key, _)| key & bit(clock) != 0) {
        let (day, size) = ((key >> 16) as i32 - DAY_ZERO, (key >> 8) as u8);
        match rows.last_mut() {
            // Cells of the same day differ in their clocks.
            Some(last) if (last.0, last.1) == (day, size) => {
                last.2 = last.2.saturating_add(counts.messages);
                last.3 = last.3.saturating_add(counts.bytes);
            }
            _ => rows.push((day, size, counts.messages, counts.bytes)),
        }
    }
    rows
}

/// The cohorts of a store, summed over its mailboxes.
#[derive(Debug, Default)]
pub(crate) struct StoreCohorts {
    /// Messages and bytes by day since 1970, clock and size class.
    near: Vec<[[MessageCounts; SIZE_CLASSES.len()]; Clock::ALL.len()]>,
    /// Days before 1970 or beyond `NEAR_DAYS`.
    far: BTreeMap<(Clock, i32, u8), MessageCounts>,
}

/// The days from 1970 to 2085.
const NEAR_DAYS: usize = 42_000;

impl StoreCohorts {
    pub(crate) fn add(&mut self, cohorts: &Cohorts) {
        for (clock, (day, size, messages, bytes)) in cohorts.days() {
            let cell = match usize::try_from(day).ok().filter(|&day| day < NEAR_DAYS) {
                Some(day) => {
                    if self.near.len() <= day {
                        self.near.resize(day + 1, Default::default());
                    }
                    &mut self.near[day][clock as usize][usize::from(size)]
                }
                None => self.far.entry((clock, day, size)).or_default(),
            };
            *cell += MessageCounts { messages, bytes };
        }
    }

    /// Ordered by clock, day and size.
    pub(crate) fn rows(&self) -> Vec<Cohort> {
        let mut cohorts: [Vec<DayOfSize>; Clock::ALL.len()] = Default::default();
        for (day, clocks) in (0..).zip(&self.near) {
            for (rows, sizes) in cohorts.iter_mut().zip(clocks) {
                let filled = (0..).zip(sizes).filter(|(_, counts)| counts.messages > 0);
                rows.extend(filled.map(|(size, counts)| (day, size, counts.messages, counts.bytes)));
            }
        }
        for (&(clock, day, size), counts) in &self.far {
            cohorts[clock as usize].push((day, size, counts.messages, counts.bytes));
        }
        cohorts.iter_mut().for_each(|rows| rows.sort_unstable());
        Cohorts::pack(cohorts.each_ref().map(Vec::as_slice)).iter().collect()
    }
}

/// A Monday, in days since 1970.
const FIRST_MONDAY: i32 = 4;

/// What a snapshot keeps of a mailbox: its arrivals, those of very large messages by day and the others by week, under its
/// Monday. The days of a busy mailbox would take several times as much, and no answer needs them.
pub(crate) fn of_mailbox(cohorts: &Cohorts) -> Cohorts {
    let mut kept: Vec<DayOfSize> = Vec::new();
    // Where the few rows of the present week begin.
    let mut week = 0;
    // Arrivals come first, by day.
    for (_, (day, size, messages, bytes)) in cohorts.days().take_while(|(clock, _)| *clock == Clock::Arrival) {
        let monday = day - (day - FIRST_MONDAY).rem_euclid(7);
        if kept.last().is_some_and(|last| last.0 < monday) {
            week = kept.len();
        }
        let day = if size < VERY_LARGE { monday } else { day };
        match kept[week..].iter_mut().find(|row| (row.0, row.1) == (day, size)) {
            Some(row) => (row.2, row.3) = (row.2.saturating_add(messages), row.3.saturating_add(bytes)),
            None => kept.push((day, size, messages, bytes)),
        }
    }
    kept.sort_unstable();
    Cohorts::pack([&kept, &[], &[]])
}

/// Days since 1970 that are told apart.
pub(crate) const DAYS: RangeInclusive<i32> = -700_000..=2_900_000;

/// Days since 1970. File times beyond the calendar fall on its first or last day.
pub(crate) fn day(time: i64) -> i32 {
    time.div_euclid(SECONDS_PER_DAY).clamp(i64::from(*DAYS.start()), i64::from(*DAYS.end())) as i32
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::{Date, date};

    fn arrived(time: i64, bytes: u64) -> Message {
        Message { bytes, arrival: time, ..Message::default() }
    }

    fn rows(builder: &mut CohortBuilder) -> Vec<Cohort> {
        builder.pack().iter().collect()
    }

    #[test]
    fn days_are_those_of_utc() {
        let second = |text: &str| text.parse::<jiff::Timestamp>().unwrap().as_second();
        let mut builder = CohortBuilder::default();
        for time in
            ["2026-11-22T23:59:59Z", "2026-11-23T00:00:00Z", "2026-11-24T00:30:00+01:00", "1969-12-31T00:00:00Z"]
        {
            builder.add(&arrived(second(time), 100));
        }
        let days: Vec<(Date, u64)> = rows(&mut builder).iter().map(|row| (row.day, row.messages)).collect();
        assert_eq!(days, [(date(1969, 12, 31), 1), (date(2026, 11, 22), 1), (date(2026, 11, 23), 2)]);
    }

    #[test]
    fn size_classes_begin_at_their_bound() {
        for (bytes, class) in [(0, 0), (16_383, 0), (16_384, 1), (1 << 20, 3), (u64::MAX, 5)] {
            assert_eq!(size_class(bytes), class);
        }
    }

    #[test]
    fn times_beyond_the_calendar_have_a_day() {
        let mut builder = CohortBuilder::default();
        builder.add(&arrived(i64::MAX, 1));
        builder.add(&arrived(i64::MIN, 1));
        assert_eq!(rows(&mut builder).len(), 2);
    }

    #[test]
    fn clocks_are_kept_apart() {
        let mut builder = CohortBuilder::default();
        builder.add(&Message { saved: Some(10 * 7 * SECONDS_PER_DAY), sent: None, ..arrived(0, 7) });
        builder.add(&Message { saved: Some(1), sent: None, ..arrived(0, 8) });
        let rows: Vec<(Clock, u64, u64)> = rows(&mut builder).iter().map(|r| (r.clock, r.messages, r.bytes)).collect();
        assert_eq!(rows, [(Clock::Arrival, 2, 15), (Clock::Saved, 1, 8), (Clock::Saved, 1, 7)]);
    }

    #[test]
    fn a_mailbox_keeps_arrivals_by_week_and_very_large_ones_by_day() {
        let mut builder = CohortBuilder::default();
        // The fourth and the eleventh day are Mondays.
        for (day, bytes) in [(3, 7), (4, 20), (10, 30), (10, 9 << 20), (11, 5)] {
            builder.add(&Message { saved: Some(90 * SECONDS_PER_DAY), ..arrived(day * SECONDS_PER_DAY, bytes) });
        }
        let kept: Vec<(Clock, DayOfSize)> = of_mailbox(&builder.pack()).days().collect();
        let expected = [(-3, 0, 1, 7), (4, 0, 2, 50), (10, VERY_LARGE, 1, 9 << 20), (11, 0, 1, 5)];
        assert_eq!(kept, expected.map(|row| (Clock::Arrival, row)));
    }

    #[test]
    fn messages_are_merged_early_and_mailboxes_at_the_end() {
        let mut builder = CohortBuilder::default();
        let mut sums = StoreCohorts::default();
        for round in 0..3 {
            for message in 0..3 * CELLS as i64 {
                builder.add(&Message { saved: Some(0), ..arrived(message % 500 * SECONDS_PER_DAY, 1) });
            }
            assert!(builder.cells.len() <= CELLS, "{round}");
            sums.add(&builder.pack());
        }
        let arrived: Vec<Cohort> = sums.rows().into_iter().filter(|row| row.clock == Clock::Arrival).collect();
        assert_eq!((arrived.len(), arrived.iter().map(|row| row.messages).sum::<u64>()), (500, 9 * CELLS as u64));
    }
}
