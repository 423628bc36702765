//! Cohorts packed into a few bytes each.

use std::fmt;

use super::{Clock, Cohort, DayOfSize, SIZE_CLASSES};
use crate::model::dates::{MOST_DAYS, date_of};
use crate::model::varint;

/// Set in a group's first byte: its rows are those of the group before.
const AS_BEFORE: u8 = 0x80;

/// Cohorts by clock, day and size, packed into about four bytes each: a small mailbox has a cohort for nearly every
/// message, and there are many mailboxes.
///
/// The format has a group for each clock. It begins with a byte: the clock's index in [`Clock::ALL`], with bit 7 set if the
/// rows are those of the group before. Otherwise the number of rows and the rows follow, with all numbers in LEB128. A row
/// is the days since the row before (zigzag, since 1970-01-01 in the first) times 16, plus the index in [`SIZE_CLASSES`]
/// times 2, plus 1 if there are several messages; then, only in that case, their number; then their bytes.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Cohorts(Vec<u8>);

impl Cohorts {
    /// Packs rows of each clock, in the order of [`Clock::ALL`]; each by day and size.
    pub fn pack(by_clock: [&[DayOfSize]; Clock::ALL.len()]) -> Cohorts {
        let mut bytes = Vec::new();
        let mut before: &[DayOfSize] = &[];
        for (clock, rows) in (0..).zip(by_clock) {
            if rows.is_empty() {
                continue;
            }
            if rows == before {
                bytes.push(clock | AS_BEFORE);
            } else {
                bytes.push(clock);
                pack_rows(&mut bytes, rows);
            }
            before = rows;
        }
        Cohorts(bytes)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The bytes.
    pub fn packed(&self) -> &[u8] {
        &self.0
    }

    /// Takes packed bytes; `None` if they are invalid.
    pub fn from_packed(bytes: Vec<u8>) -> Option<Cohorts> {
        let mut rows = Rows::from_bytes(&bytes);
        rows.by_ref().for_each(drop);
        (!rows.is_broken).then_some(Cohorts(bytes))
    }

    /// Takes packed bytes without a check; reading stops where they are invalid.
    pub fn from_trusted(bytes: Vec<u8>) -> Cohorts {
        Cohorts(bytes)
    }

    /// The rows of each clock in packed bytes, up to the first invalid one.
    pub fn rows_of(packed: &[u8]) -> impl Iterator<Item = (Clock, DayOfSize)> {
        Rows::from_bytes(packed)
    }

    /// The rows of each clock.
    pub fn days(&self) -> impl Iterator<Item = (Clock, DayOfSize)> {
        Rows::from_bytes(&self.0)
    }

    /// The cohorts, by clock, day and size.
    pub fn iter(&self) -> impl Iterator<Item = Cohort> {
        self.days().map(|(clock, (day, size, messages, bytes))| Cohort {
            clock,
            day: date_of(day),
            size_from: SIZE_CLASSES[usize::from(size)],
            messages,
            bytes,
        })
    }
}

impl fmt::Debug for Cohorts {
    fn fmt(&self, to: &mut fmt::Formatter) -> fmt::Result {
        to.debug_list().entries(self.iter()).finish()
    }
}

impl FromIterator<Cohort> for Cohorts {
    /// Cohorts in any order, each day, clock and size once.
    fn from_iter<I: IntoIterator<Item = Cohort>>(cohorts: I) -> Cohorts {
        let mut by_clock: [Vec<DayOfSize>; Clock::ALL.len()] = Default::default();
        for cohort in cohorts {
            by_clock[cohort.clock as usize].push(cohort.day_of_size());
        }
        by_clock.iter_mut().for_each(|rows| rows.sort_unstable());
        Cohorts::pack(by_clock.each_ref().map(Vec::as_slice))
    }
}

fn pack_rows(bytes: &mut Vec<u8>, rows: &[DayOfSize]) {
    varint::put(bytes, rows.len() as u64);
    let mut last = None;
    for &(day, size, messages, sum) in rows {
        let days = match last {
            None => i64::from(day),
            Some(last) => i64::from(day) - i64::from(last),
        };
        let several = messages != 1;
        let head = days * 16 + i64::from(size) * 2 + i64::from(several);
        match last {
            None => varint::put_signed(bytes, head),
            Some(_) => varint::put(bytes, head as u64),
        }
        if several {
            varint::put(bytes, messages);
        }
        varint::put(bytes, sum);
        last = Some(day);
    }
}

/// Unpacks rows.
struct Rows<'a> {
    bytes: varint::VarintReader<'a>,
    clock: Clock,
    last_clock: Option<Clock>,
    left: u64,
    day: Option<i32>,
    /// The start of this group's rows, and their number.
    group: (varint::VarintReader<'a>, u64),
    /// The start of the next group, while the rows of the group before are read again.
    next_group: Option<varint::VarintReader<'a>>,
    is_broken: bool,
}

impl<'a> Rows<'a> {
    fn from_bytes(bytes: &'a [u8]) -> Rows<'a> {
        let bytes = varint::VarintReader(bytes);
        let (clock, nothing) = (Clock::Arrival, (varint::VarintReader(&[]), 0));
        Rows { bytes, clock, last_clock: None, left: 0, day: None, group: nothing, next_group: None, is_broken: false }
    }

    fn begin_group(&mut self) -> Option<()> {
        let first = self.bytes.byte()?;
        let clock = *Clock::ALL.get(usize::from(first & !AS_BEFORE))?;
        // Each clock has one group.
        if self.last_clock.replace(clock).is_some_and(|last| last >= clock) {
            return None;
        }
        self.clock = clock;
        self.day = None;
        if first & AS_BEFORE != 0 {
            self.next_group = Some(self.bytes);
            (self.bytes, self.left) = self.group;
        } else {
            self.left = self.bytes.number()?;
            self.group = (self.bytes, self.left);
        }
        Some(())
    }

    fn end_broken(&mut self) -> Option<(Clock, DayOfSize)> {
        self.is_broken = true;
        (self.bytes, self.left, self.next_group) = (varint::VarintReader(&[]), 0, None);
        None
    }

    fn row(&mut self) -> Option<DayOfSize> {
        let head = match self.day {
            None => self.bytes.signed()?,
            Some(_) => i64::try_from(self.bytes.number()?).ok()?,
        };
        let days = i32::try_from(head.div_euclid(16)).ok()?;
        let day = self.day.unwrap_or(0).checked_add(days)?;
        let (size, several) = (head.rem_euclid(16) as u8 >> 1, head & 1 == 1);
        let messages = if several { self.bytes.number()? } else { 1 };
        self.day = Some(day);
        self.left -= 1;
        let is_known = usize::from(size) < SIZE_CLASSES.len() && day.unsigned_abs() < MOST_DAYS as u32;
        Some((day, size, messages, self.bytes.number()?)).filter(|_| is_known)
    }
}

impl Iterator for Rows<'_> {
    type Item = (Clock, DayOfSize);

    fn next(&mut self) -> Option<(Clock, DayOfSize)> {
        while self.left == 0 {
            if let Some(next) = self.next_group.take() {
                self.bytes = next;
            }
            if self.bytes.is_empty() {
                return None;
            }
            if self.begin_group().is_none() || self.left == 0 {
                return self.end_broken();
            }
        }
        match self.row() {
            Some(row) => Some((self.clock, row)),
            None => self.end_broken(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cohort(clock: Clock, day: i32, size: usize, messages: u64, bytes: u64) -> Cohort {
        Cohort { clock, day: date_of(day), size_from: SIZE_CLASSES[size], messages, bytes }
    }

    #[test]
    fn packed_cohorts_read_back_unchanged() {
        use Clock::{Arrival, Saved, Sent};
        let arrived =
            |clock| [cohort(clock, -3, 0, 1, 7), cohort(clock, 20_300, 0, 2, 9), cohort(clock, 20_300, 5, 1, 1 << 40)];
        let mut cohorts = [arrived(Arrival), arrived(Saved)].concat();
        cohorts.push(cohort(Sent, 0, 3, u64::MAX, u64::MAX));
        let packed: Cohorts = cohorts.iter().rev().copied().collect();
        assert_eq!(packed.iter().collect::<Vec<_>>(), cohorts);
        assert_eq!(Cohorts::from_packed(packed.packed().to_vec()), Some(packed.clone()));
        let alone: Cohorts = arrived(Arrival).into_iter().collect();
        assert_eq!(
            packed.packed().len(),
            alone.packed().len() + 1 + 23,
            "the same rows with another clock take one byte"
        );
    }

    #[test]
    fn invalid_bytes_are_refused() {
        let packed: Cohorts = [cohort(Clock::Arrival, 9, 0, 3, 700)].into_iter().collect();
        let whole = packed.packed();
        (1..whole.len()).for_each(|end| assert_eq!(Cohorts::from_packed(whole[..end].to_vec()), None, "{end}"));
        assert_eq!(Cohorts::from_packed(vec![9, 0]), None);
        assert_eq!(Cohorts::from_packed(vec![0x80]), None);
        let twice = [whole, &[0x80]].concat();
        assert_eq!(Cohorts::from_packed(twice), None);
        // One message of a day outside the calendar.
        let mut absurd = vec![0, 1];
        varint::put_signed(&mut absurd, 9_000_000 * 16);
        assert_eq!(Cohorts::from_packed([absurd, vec![9]].concat()), None);
        assert_eq!(Cohorts::from_packed(Vec::new()), Some(Cohorts::default()));
    }
}
