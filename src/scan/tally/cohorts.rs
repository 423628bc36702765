//! Cohorts while they are gathered: messages by clock, week and size class.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use jiff::ToSpan;
use jiff::civil::{Date, date};

use crate::model::snapshot::cohort::WeekOfSize;
use crate::model::snapshot::{Clock, Cohort, Cohorts, SIZE_CLASSES};
use crate::store::reader::Message;

pub(crate) const SECONDS_PER_DAY: i64 = 86_400;
const EPOCH: Date = date(1970, 1, 1);

/// So many cells are gathered before equal ones are summed up for the first time.
const CELLS: usize = 4_096;

/// Messages of one mailbox, or a part of one, by clock, week and size class.
///
/// A message is a cell at the end of a list, which is sorted and summed up now and then: that costs less than looking
/// each one up.
#[derive(Clone, Debug, Default)]
pub(crate) struct Gathered {
    cells: Vec<Cell>,
    /// How many cells there were when they had last been summed up.
    summed: usize,
}

/// Messages of one week and size class, of which some clocks tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Cell {
    /// By week, size class and clocks, so that the cells of any clock are in the order of its cohorts.
    key: u64,
    messages: u64,
    bytes: u64,
}

/// Set in a cell's key for each clock that tells of the week: most messages are saved in the week in which they arrive.
const fn bit(clock: Clock) -> u64 {
    1 << clock as u64
}

/// Makes weeks before 1970 positive.
const WEEK_ZERO: i32 = 1 << 20;

impl Cell {
    fn new(week: i32, size: u8, clocks: u64, messages: u64, bytes: u64) -> Cell {
        Cell { key: ((week + WEEK_ZERO) as u64) << 16 | u64::from(size) << 8 | clocks, messages, bytes }
    }

    fn week_of_size(&self) -> WeekOfSize {
        ((self.key >> 16) as i32 - WEEK_ZERO, (self.key >> 8) as u8, self.messages, self.bytes)
    }
}

impl Gathered {
    /// Counts one message by each of its clocks.
    pub(crate) fn add(&mut self, message: &Message) {
        let size = size_class(message.bytes);
        let arrived = week(message.arrival);
        let saved = message.saved.map(week);
        let put = |cells: &mut Vec<Cell>, week, clocks| cells.push(Cell::new(week, size, clocks, 1, message.bytes));
        if saved == Some(arrived) {
            put(&mut self.cells, arrived, bit(Clock::Arrival) | bit(Clock::Saved));
        } else {
            put(&mut self.cells, arrived, bit(Clock::Arrival));
            saved.iter().for_each(|&saved| put(&mut self.cells, saved, bit(Clock::Saved)));
        }
        if let Some(sent) = message.sent {
            put(&mut self.cells, week(sent), bit(Clock::Sent));
        }
        if self.cells.len() >= CELLS.max(2 * self.summed) {
            self.sum_up();
        }
    }

    /// Adds what another part of the mailbox holds.
    pub(crate) fn add_packed(&mut self, cohorts: &Cohorts) {
        let cell = |(clock, (week, size, messages, bytes))| Cell::new(week, size, bit(clock), messages, bytes);
        self.cells.extend(cohorts.weeks().map(cell));
    }

    fn sum_up(&mut self) {
        self.cells.sort_unstable_by_key(|cell| cell.key);
        self.cells.dedup_by(|next, held| {
            let is_same = next.key == held.key;
            if is_same {
                held.messages = held.messages.saturating_add(next.messages);
                held.bytes = held.bytes.saturating_add(next.bytes);
            }
            is_same
        });
        self.summed = self.cells.len();
    }

    /// The cohorts; nothing is left.
    pub(crate) fn pack(&mut self) -> Cohorts {
        self.sum_up();
        let by_clock = Clock::ALL.map(|clock| self.rows(clock));
        self.cells.clear();
        self.summed = 0;
        Cohorts::pack(by_clock.each_ref().map(Vec::as_slice))
    }

    fn rows(&self, clock: Clock) -> Vec<WeekOfSize> {
        let mut rows: Vec<WeekOfSize> = Vec::new();
        for cell in self.cells.iter().filter(|cell| cell.key & bit(clock) != 0) {
            let row = cell.week_of_size();
            match rows.last_mut() {
                // Some of these were saved in the same week, some not.
                Some(last) if (last.0, last.1) == (row.0, row.1) => {
                    last.2 = last.2.saturating_add(row.2);
                    last.3 = last.3.saturating_add(row.3);
                }
                _ => rows.push(row),
            }
        }
        rows
    }
}

/// The cohorts of a whole store, summed up from those of its mailboxes.
#[derive(Debug, Default)]
pub(crate) struct Sums {
    /// By clock, week since 1970 and size class: nearly all weeks.
    near: Vec<[[(u64, u64); SIZE_CLASSES.len()]; Clock::ALL.len()]>,
    /// The others, before 1970 or absurdly late.
    far: BTreeMap<(Clock, i32, u8), (u64, u64)>,
}

/// The weeks from 1970 to 2085.
const NEAR_WEEKS: usize = 6_000;

impl Sums {
    /// Adds those of a mailbox.
    pub(crate) fn add(&mut self, cohorts: &Cohorts) {
        for (clock, (week, size, messages, bytes)) in cohorts.weeks() {
            let cell = match usize::try_from(week).ok().filter(|&week| week < NEAR_WEEKS) {
                Some(week) => {
                    if self.near.len() <= week {
                        self.near.resize(week + 1, Default::default());
                    }
                    &mut self.near[week][clock as usize][usize::from(size)]
                }
                None => self.far.entry((clock, week, size)).or_default(),
            };
            cell.0 = cell.0.saturating_add(messages);
            cell.1 = cell.1.saturating_add(bytes);
        }
    }

    /// The cohorts, by clock, week and size.
    pub(crate) fn rows(&self) -> Vec<Cohort> {
        let mut cohorts: [Vec<WeekOfSize>; Clock::ALL.len()] = Default::default();
        for (week, clocks) in (0..).zip(&self.near) {
            for (rows, sizes) in cohorts.iter_mut().zip(clocks) {
                let held = (0..).zip(sizes).filter(|(_, (messages, _))| *messages > 0);
                rows.extend(held.map(|(size, &(messages, bytes))| (week, size, messages, bytes)));
            }
        }
        for (&(clock, week, size), &(messages, bytes)) in &self.far {
            cohorts[clock as usize].push((week, size, messages, bytes));
        }
        cohorts.iter_mut().for_each(|rows| rows.sort_unstable());
        Cohorts::pack(cohorts.each_ref().map(Vec::as_slice)).iter().collect()
    }
}

/// The days of the calendar, since 1970.
pub(crate) const DAYS: RangeInclusive<i32> = -700_000..=2_900_000;

/// The day of a time, in days since 1970. File times reach farther than any calendar; such a time is of the last day
/// that there is.
pub(crate) fn day(time: i64) -> i32 {
    time.div_euclid(SECONDS_PER_DAY).clamp(i64::from(*DAYS.start()), i64::from(*DAYS.end())) as i32
}

/// The date of a day since 1970.
pub(crate) fn date_of(day: i32) -> Date {
    EPOCH.saturating_add(day.days())
}

/// The week of a time, from Monday on, counted from that of 1970-01-05.
pub(crate) fn week(time: i64) -> i32 {
    (day(time) - 4).div_euclid(7)
}

fn size_class(bytes: u64) -> u8 {
    (SIZE_CLASSES.iter().filter(|&&from| from <= bytes).count() - 1) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arrived(time: i64, bytes: u64) -> Message {
        Message { bytes, arrival: time, ..Message::default() }
    }

    fn rows(gathered: &mut Gathered) -> Vec<Cohort> {
        gathered.pack().iter().collect()
    }

    #[test]
    fn weeks_start_on_monday() {
        let second = |text: &str| text.parse::<jiff::Timestamp>().unwrap().as_second();
        let mut gathered = Gathered::default();
        for time in ["2026-11-22T23:59:59Z", "2026-11-23T00:00:00Z", "2026-11-29T12:00:00Z", "1969-12-31T00:00:00Z"] {
            gathered.add(&arrived(second(time), 100));
        }
        let weeks: Vec<(Date, u64)> = rows(&mut gathered).iter().map(|row| (row.week, row.messages)).collect();
        assert_eq!(weeks, [(date(1969, 12, 29), 1), (date(2026, 11, 16), 1), (date(2026, 11, 23), 2)]);
    }

    #[test]
    fn size_classes_begin_at_their_bound() {
        for (bytes, class) in [(0, 0), (16_383, 0), (16_384, 1), (1 << 20, 3), (u64::MAX, 5)] {
            assert_eq!(size_class(bytes), class);
        }
    }

    #[test]
    fn absurd_times_have_a_week_too() {
        let mut gathered = Gathered::default();
        gathered.add(&arrived(i64::MAX, 1));
        gathered.add(&arrived(i64::MIN, 1));
        assert_eq!(rows(&mut gathered).len(), 2);
    }

    #[test]
    fn clocks_are_kept_apart() {
        let mut gathered = Gathered::default();
        gathered.add(&Message { saved: Some(10 * 7 * SECONDS_PER_DAY), sent: None, ..arrived(0, 7) });
        gathered.add(&Message { saved: Some(1), sent: None, ..arrived(0, 8) });
        let rows: Vec<(Clock, u64, u64)> = rows(&mut gathered).iter().map(|r| (r.clock, r.messages, r.bytes)).collect();
        assert_eq!(rows, [(Clock::Arrival, 2, 15), (Clock::Saved, 1, 8), (Clock::Saved, 1, 7)]);
    }

    #[test]
    fn many_messages_are_summed_up_on_the_way_and_mailboxes_at_the_end() {
        let mut gathered = Gathered::default();
        let mut sums = Sums::default();
        for round in 0..3 {
            for message in 0..3 * CELLS as i64 {
                gathered.add(&Message { saved: Some(0), ..arrived(message % 500 * 7 * SECONDS_PER_DAY, 1) });
            }
            assert!(gathered.cells.len() <= CELLS, "{round}");
            sums.add(&gathered.pack());
        }
        let arrived: Vec<Cohort> = sums.rows().into_iter().filter(|row| row.clock == Clock::Arrival).collect();
        assert_eq!((arrived.len(), arrived.iter().map(|row| row.messages).sum::<u64>()), (500, 9 * CELLS as u64));
    }
}
