//! Messages by the use of their folder and by week, while they are gathered.

use super::cohorts::week;
use crate::snapshot::Clock;
use crate::snapshot::use_cohort::{Held, UseCohorts, UseSums};
use crate::store::reader::Message;
use crate::store::special::SpecialUse;

/// What a message takes on disk.
#[derive(Clone, Copy, Debug)]
pub enum OnDisk {
    /// A file of its own: its blocks in bytes, and how many names it has.
    Own { allocated: u64, links: u64 },
    /// A part of a file.
    Part,
}

/// Messages of one mailbox, or a part of one.
#[derive(Clone, Debug, Default)]
pub struct GatheredUses {
    sums: UseSums,
}

impl GatheredUses {
    /// Counts one message in a folder of that use.
    pub fn add(&mut self, special_use: Option<SpecialUse>, message: &Message, on_disk: OnDisk) {
        let (clock, time) = match message.saved {
            Some(saved) => (Clock::Saved, saved),
            None => (Clock::Arrival, message.arrival),
        };
        let (allocated_bytes, inodes) = match on_disk {
            OnDisk::Own { allocated, links } => (allocated / links.max(1), u64::from(links <= 1)),
            OnDisk::Part => (message.bytes, 0),
        };
        let held = Held { messages: 1, bytes: message.bytes, allocated_bytes, inodes };
        *self.sums.entry((special_use, clock, week(time))).or_default() += held;
    }

    /// The cohorts; nothing is left.
    pub fn pack(&mut self) -> UseCohorts {
        UseCohorts::pack(&std::mem::take(&mut self.sums))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_of_the_week_in_which_it_was_saved_or_else_arrived_and_takes_its_part_of_a_file() {
        let week = 7 * 86_400;
        let mut gathered = GatheredUses::default();
        let message = Message { bytes: 700, arrival: week, ..Message::default() };
        let saved = Message { saved: Some(9 * week), ..message };
        gathered.add(Some(SpecialUse::Trash), &saved, OnDisk::Own { allocated: 4_096, links: 1 });
        gathered.add(Some(SpecialUse::Trash), &saved, OnDisk::Own { allocated: 4_096, links: 2 });
        gathered.add(None, &message, OnDisk::Part);
        let mut sums = UseSums::new();
        gathered.pack().add_to(&mut sums);
        let trash = Held { messages: 2, bytes: 1_400, allocated_bytes: 4_096 + 2_048, inodes: 1 };
        let part = Held { messages: 1, bytes: 700, allocated_bytes: 700, inodes: 0 };
        let expected = [((None, Clock::Arrival, 0), part), ((Some(SpecialUse::Trash), Clock::Saved, 8), trash)];
        assert_eq!(sums, expected.into());
        assert!(gathered.pack().packed().is_empty());
    }
}
