//! Builds the cohorts by special use of the folder and by week.

use super::cohorts::day;
use crate::model::snapshot::use_cohort::{MessageTotals, UseCohorts, UseKey};
use crate::model::{snapshot::Clock, special_use::SpecialUse};
use crate::scan::tally::merged_cells::MergedCells;
use crate::store::reader::Message;

/// How a message occupies the disk.
#[derive(Clone, Copy, Debug)]
pub(crate) enum OnDisk {
    /// A file of its own, with its allocated bytes.
    Own(u64),
    /// A file of its own with several links, whose blocks are shared in `hard_links::add_shares`.
    Linked,
    /// Part of a file.
    Part,
}

impl OnDisk {
    pub(crate) fn own(allocated: u64, links: u64) -> OnDisk {
        if links > 1 { OnDisk::Linked } else { OnDisk::Own(allocated) }
    }
}

/// The week that a retention rule uses, and its clock: when the message was saved, or else arrived.
pub(crate) fn week_of(message: &Message) -> (Clock, i32) {
    match message.saved {
        Some(saved) => (Clock::Saved, week(saved)),
        None => (Clock::Arrival, week(message.arrival)),
    }
}

/// Weeks since 1970-01-05; each starts on Monday.
fn week(time: i64) -> i32 {
    (day(time) - 4).div_euclid(7)
}

/// Cells buffered before the first merge.
const CELLS: usize = 1_024;

/// Builds the use cohorts of a mailbox.
#[derive(Clone, Debug, Default)]
pub(crate) struct UseCohortBuilder {
    cells: MergedCells<MessageTotals, CELLS>,
}

impl UseCohortBuilder {
    pub(crate) fn add(&mut self, special_use: Option<SpecialUse>, message: &Message, on_disk: OnDisk) {
        let (clock, week) = week_of(message);
        let (allocated_bytes, inodes) = match on_disk {
            OnDisk::Own(allocated) => (allocated, 1),
            OnDisk::Linked => (0, 0),
            OnDisk::Part => (message.bytes, 0),
        };
        let totals = MessageTotals { messages: 1, bytes: message.bytes, allocated_bytes, inodes };
        self.cells.push(packed((special_use, clock, week)), totals);
        self.cells.merge_if_long();
    }

    /// Returns the cohorts and leaves the builder empty.
    pub(crate) fn pack(&mut self) -> UseCohorts {
        let rows: Vec<(UseKey, MessageTotals)> =
            self.cells.take().into_iter().map(|(key, totals)| (unpacked(key), totals)).collect();
        UseCohorts::pack(&rows)
    }
}

/// Makes weeks before 1970 positive.
const WEEK_ZERO: i32 = 1 << 20;

/// The key as a number of the same order, which sorts faster.
fn packed((special_use, clock, week): UseKey) -> u64 {
    let use_ = special_use.map_or(0, |special| 1 + special as u64);
    use_ << 40 | (clock as u64) << 32 | (week + WEEK_ZERO) as u64
}

fn unpacked(key: u64) -> UseKey {
    let special_use = ((key >> 40) as usize).checked_sub(1).map(|place| SpecialUse::ALL[place]);
    (special_use, Clock::ALL[(key >> 32) as usize & 0xff], key as u32 as i32 - WEEK_ZERO)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::snapshot::use_cohort::UseSums;

    #[test]
    fn a_message_counts_in_the_week_it_was_saved_or_else_arrived() {
        let week = 7 * 86_400;
        let mut builder = UseCohortBuilder::default();
        let message = Message { bytes: 700, arrival: week, ..Message::default() };
        let saved = Message { saved: Some(9 * week), ..message };
        builder.add(Some(SpecialUse::Trash), &saved, OnDisk::own(4_096, 1));
        builder.add(Some(SpecialUse::Trash), &saved, OnDisk::own(4_096, 2));
        builder.add(None, &message, OnDisk::Part);
        let mut sums = UseSums::new();
        builder.pack().add_to(&mut sums);
        let trash = MessageTotals { messages: 2, bytes: 1_400, allocated_bytes: 4_096, inodes: 1 };
        let part = MessageTotals { messages: 1, bytes: 700, allocated_bytes: 700, inodes: 0 };
        let expected = [((None, Clock::Arrival, 0), part), ((Some(SpecialUse::Trash), Clock::Saved, 8), trash)];
        assert_eq!(sums, expected.into());
        assert!(builder.pack().packed().is_empty());
    }
}
