//! Messages by the use of their folder and by week, while they are gathered.

use super::cohorts::week;
use crate::model::snapshot::Clock;
use crate::model::snapshot::use_cohort::{MessageTotals, UseCohorts, UseKey};
use crate::model::special_use::SpecialUse;
use crate::store::reader::Message;

/// What a message takes on disk.
#[derive(Clone, Copy, Debug)]
pub(crate) enum OnDisk {
    /// A file of its own, which takes so many bytes.
    Own(u64),
    /// A file of its own that has several names, and is told with those.
    Linked,
    /// A part of a file.
    Part,
}

impl OnDisk {
    /// A file of its own with so many names.
    pub(crate) fn own(allocated: u64, links: u64) -> OnDisk {
        if links > 1 { OnDisk::Linked } else { OnDisk::Own(allocated) }
    }
}

/// The week that a rule of retention goes by, and its clock: when the message was saved, or else arrived.
pub(crate) fn week_of(message: &Message) -> (Clock, i32) {
    match message.saved {
        Some(saved) => (Clock::Saved, week(saved)),
        None => (Clock::Arrival, week(message.arrival)),
    }
}

/// Messages of one mailbox, or a part of one.
///
/// As in [`Gathered`](super::cohorts::Gathered), messages are put at the end of a list that is sorted and summed up now and
/// then.
#[derive(Clone, Debug, Default)]
pub(crate) struct GatheredUses {
    cells: Vec<(u64, MessageTotals)>,
    /// How many cells there were when they had last been summed up.
    summed: usize,
}

/// So many cells are gathered before equal ones are summed up for the first time.
const CELLS: usize = 1_024;

impl GatheredUses {
    /// Counts one message in a folder of that use.
    pub(crate) fn add(&mut self, special_use: Option<SpecialUse>, message: &Message, on_disk: OnDisk) {
        let (clock, week) = week_of(message);
        let (allocated_bytes, inodes) = match on_disk {
            OnDisk::Own(allocated) => (allocated, 1),
            OnDisk::Linked => (0, 0),
            OnDisk::Part => (message.bytes, 0),
        };
        let held = MessageTotals { messages: 1, bytes: message.bytes, allocated_bytes, inodes };
        self.cells.push((packed((special_use, clock, week)), held));
        if self.cells.len() >= CELLS.max(2 * self.summed) {
            self.sum_up();
        }
    }

    fn sum_up(&mut self) {
        self.cells.sort_unstable_by_key(|(key, _)| *key);
        self.cells.dedup_by(|(next, more), (held, sum)| {
            let is_same = next == held;
            if is_same {
                *sum += *more;
            }
            is_same
        });
        self.summed = self.cells.len();
    }

    /// The cohorts; nothing is left.
    pub(crate) fn pack(&mut self) -> UseCohorts {
        self.sum_up();
        let rows: Vec<(UseKey, MessageTotals)> = self.cells.iter().map(|&(key, held)| (unpacked(key), held)).collect();
        let packed = UseCohorts::pack(&rows);
        self.cells.clear();
        self.summed = 0;
        packed
    }
}

/// Makes weeks before 1970 positive.
const WEEK_ZERO: i32 = 1 << 20;

/// A key in one number of the same order, which is sorted faster.
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
    fn a_message_is_of_the_week_in_which_it_was_saved_or_else_arrived() {
        let week = 7 * 86_400;
        let mut gathered = GatheredUses::default();
        let message = Message { bytes: 700, arrival: week, ..Message::default() };
        let saved = Message { saved: Some(9 * week), ..message };
        gathered.add(Some(SpecialUse::Trash), &saved, OnDisk::own(4_096, 1));
        gathered.add(Some(SpecialUse::Trash), &saved, OnDisk::own(4_096, 2));
        gathered.add(None, &message, OnDisk::Part);
        let mut sums = UseSums::new();
        gathered.pack().add_to(&mut sums);
        let trash = MessageTotals { messages: 2, bytes: 1_400, allocated_bytes: 4_096, inodes: 1 };
        let part = MessageTotals { messages: 1, bytes: 700, allocated_bytes: 700, inodes: 0 };
        let expected = [((None, Clock::Arrival, 0), part), ((Some(SpecialUse::Trash), Clock::Saved, 8), trash)];
        assert_eq!(sums, expected.into());
        assert!(gathered.pack().packed().is_empty());
    }
}
