//! Messages by the special use of their folder and by week, as a retention rule by folder and age sees them.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::{Date, date};

use super::Clock;
use crate::model::{special_use::SpecialUse, varint};

/// The messages of one week in folders of one use. Unlike in a [`Cohort`](super::Cohort), each message counts once: in the
/// week in which it was saved if that is known, else in that of its arrival, because servers delete by that age.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UseCohort {
    /// The special use of the folders; `None` for ordinary ones.
    pub special_use: Option<SpecialUse>,
    /// The clock of the week: saved or arrival.
    pub clock: Clock,
    /// The Monday of the week, in UTC.
    pub week: Date,
    /// Their counts and sizes.
    pub totals: MessageTotals,
}

/// Counts and sizes of messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MessageTotals {
    /// Messages.
    pub messages: u64,
    /// Their `st_size`, or their part of a file with many messages.
    pub bytes: u64,
    /// Their blocks on disk in bytes, a hard-linked file in equal parts; their size in a file with many messages.
    pub allocated_bytes: u64,
    /// Files with one message and one name.
    pub inodes: u64,
}

impl std::ops::AddAssign for MessageTotals {
    fn add_assign(&mut self, more: MessageTotals) {
        self.messages = self.messages.saturating_add(more.messages);
        self.bytes = self.bytes.saturating_add(more.bytes);
        self.allocated_bytes = self.allocated_bytes.saturating_add(more.allocated_bytes);
        self.inodes = self.inodes.saturating_add(more.inodes);
    }
}

/// Weeks count from it.
const FIRST_MONDAY: Date = date(1970, 1, 5);

/// More than any calendar has.
const MOST_WEEKS: i32 = 600_000;

/// The Monday of a week counted from that of 1970-01-05; the first or last day of the calendar if it is outside.
pub fn monday_of(week: i32) -> Date {
    FIRST_MONDAY.saturating_add(week.clamp(-MOST_WEEKS, MOST_WEEKS).weeks())
}

/// The key of a sum, in the order of the rows: the use, the clock, and the week counted from 1970-01-05.
pub type UseKey = (Option<SpecialUse>, Clock, i32);

/// Sums by use, clock and week.
pub type UseSums = BTreeMap<UseKey, MessageTotals>;

/// Sums packed into about eight bytes a row. Packed sums can be concatenated; equal keys then add up.
///
/// The format, with all numbers in LEB128, is a list of groups. A group is a byte, the use's index in [`SpecialUse::ALL`]
/// (6: none) times 4 plus the clock's in [`Clock::ALL`]; the number of rows; and the rows: weeks since the row before
/// (zigzag, since 1970-01-05 in the first), messages, bytes, allocated bytes, inodes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UseCohorts(Vec<u8>);

impl UseCohorts {
    /// Packs sums in the order of their keys.
    pub fn pack(sums: &[(UseKey, MessageTotals)]) -> UseCohorts {
        let mut bytes = Vec::new();
        for group in sums.chunk_by(|(a, _), (b, _)| (a.0, a.1) == (b.0, b.1)) {
            let ((special, clock, _), _) = group[0];
            bytes.push(special.map_or(SpecialUse::ALL.len(), |special| special as usize) as u8 * 4 + clock as u8);
            varint::put(&mut bytes, group.len() as u64);
            let mut before = 0;
            for ((.., week), totals) in group {
                varint::put_signed(&mut bytes, i64::from(*week) - before);
                let MessageTotals { messages, bytes: sizes, allocated_bytes, inodes } = *totals;
                [messages, sizes, allocated_bytes, inodes].iter().for_each(|&number| varint::put(&mut bytes, number));
                before = i64::from(*week);
            }
        }
        UseCohorts(bytes)
    }

    /// The bytes.
    pub fn packed(&self) -> &[u8] {
        &self.0
    }

    /// Takes packed bytes without a check; reading stops where they are invalid.
    pub fn from_trusted(bytes: Vec<u8>) -> UseCohorts {
        UseCohorts(bytes)
    }

    /// Adds the rows of another.
    pub fn extend(&mut self, other: &UseCohorts) {
        self.0.extend_from_slice(&other.0);
    }

    /// Adds all rows to sums.
    pub fn add_to(&self, sums: &mut UseSums) {
        let mut bytes = varint::VarintReader(&self.0);
        while add_group(&mut bytes, sums).is_some() {}
    }
}

fn add_group(bytes: &mut varint::VarintReader, sums: &mut UseSums) -> Option<()> {
    let head = usize::from(bytes.byte()?);
    let (special, clock) = (SpecialUse::ALL.get(head / 4).copied(), *Clock::ALL.get(head % 4)?);
    let mut week = 0;
    for _ in 0..bytes.number()? {
        week = i32::try_from(i64::from(week).checked_add(bytes.signed()?)?).ok()?;
        let mut number = || bytes.number();
        let totals =
            MessageTotals { messages: number()?, bytes: number()?, allocated_bytes: number()?, inodes: number()? };
        *sums.entry((special, clock, week)).or_default() += totals;
    }
    Some(())
}

/// The sums as rows, by use, clock and week.
pub fn rows(sums: &UseSums) -> Vec<UseCohort> {
    let row = |(&(special_use, clock, week), &totals): (&UseKey, &MessageTotals)| UseCohort {
        special_use,
        clock,
        week: monday_of(week),
        totals,
    };
    sums.iter().map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sums() -> Vec<(UseKey, MessageTotals)> {
        let held = |n| MessageTotals { messages: n, bytes: 1_000 * n, allocated_bytes: 4_096 * n, inodes: n };
        let trash = Some(SpecialUse::Trash);
        vec![
            ((None, Clock::Arrival, -5), held(1)),
            ((None, Clock::Saved, 2_900), held(200)),
            ((trash, Clock::Saved, 2_899), held(3)),
            ((trash, Clock::Saved, 2_903), MessageTotals { messages: u64::MAX, ..held(2) }),
        ]
    }

    #[test]
    fn packed_sums_read_back_unchanged_and_add_up() {
        let packed = UseCohorts::pack(&sums());
        let mut read = UseSums::new();
        packed.add_to(&mut read);
        assert_eq!(read, sums().into_iter().collect());
        let mut twice = packed.clone();
        twice.extend(&packed);
        let mut doubled = UseSums::new();
        twice.add_to(&mut doubled);
        let inodes = |sums: &UseSums| sums.values().map(|held| held.inodes).collect::<Vec<_>>();
        assert_eq!((inodes(&read), inodes(&doubled)), (vec![1, 200, 3, 2], vec![2, 400, 6, 4]));
        assert_eq!(rows(&read)[2].week, date(2025, 7, 28));
    }

    #[test]
    fn reading_stops_at_invalid_bytes() {
        let packed = UseCohorts::pack(&sums());
        for end in 0..packed.packed().len() {
            let mut read = UseSums::new();
            UseCohorts::from_trusted(packed.packed()[..end].to_vec()).add_to(&mut read);
            assert!(read.len() < 4, "{end}");
        }
    }
}
