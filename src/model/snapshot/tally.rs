//! Counts and sizes of a part of a store, and their sums.

use jiff::Timestamp;
use serde::Serialize;

/// Counts and sizes. Every sum of tallies is the tally of the whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Messages, by name.
    pub messages: u64,
    /// What the messages take in their files, each name counted: `st_size`, or a message's part of a file of many.
    pub message_bytes: u64,
    /// The messages uncompressed, line ends as stored.
    pub logical_bytes: u64,
    /// The messages with CRLF line ends; `None` where the disk does not tell it of every message.
    pub virtual_bytes: Option<u64>,
    /// Blocks of all files in bytes, each inode once in the store.
    pub allocated_bytes: u64,
    /// `st_size` of all that is no mail.
    pub other_bytes: u64,
    /// Deleted mail that still lies on disk; what is only marked as deleted is counted among the messages as well.
    pub reclaimable_bytes: u64,
    /// Names of files of every kind but directories.
    pub files: u64,
    /// Directories.
    pub directories: u64,
    /// Blocks of the directories themselves in bytes.
    pub directory_bytes: u64,
    /// Inodes of files and directories, each once in the store.
    pub inodes: u64,
    /// The earliest arrival of a message.
    pub oldest: Option<Timestamp>,
    /// The latest arrival of a message.
    pub newest: Option<Timestamp>,
}

impl Default for Tally {
    fn default() -> Self {
        Tally {
            messages: 0,
            message_bytes: 0,
            logical_bytes: 0,
            // Of no message at all the disk tells everything.
            virtual_bytes: Some(0),
            other_bytes: 0,
            reclaimable_bytes: 0,
            allocated_bytes: 0,
            files: 0,
            directories: 0,
            directory_bytes: 0,
            inodes: 0,
            oldest: None,
            newest: None,
        }
    }
}

impl std::ops::AddAssign for Tally {
    /// Sparse files can be larger than all disks together; a sum then stops at the largest number.
    fn add_assign(&mut self, other: Tally) {
        let add = |sum: &mut u64, more: u64| *sum = sum.saturating_add(more);
        add(&mut self.messages, other.messages);
        add(&mut self.message_bytes, other.message_bytes);
        add(&mut self.logical_bytes, other.logical_bytes);
        self.virtual_bytes = self.virtual_bytes.zip(other.virtual_bytes).map(|(a, b)| a.saturating_add(b));
        add(&mut self.other_bytes, other.other_bytes);
        add(&mut self.reclaimable_bytes, other.reclaimable_bytes);
        add(&mut self.allocated_bytes, other.allocated_bytes);
        add(&mut self.files, other.files);
        add(&mut self.directories, other.directories);
        add(&mut self.directory_bytes, other.directory_bytes);
        add(&mut self.inodes, other.inodes);
        self.oldest = [self.oldest, other.oldest].into_iter().flatten().min();
        self.newest = self.newest.max(other.newest);
    }
}

impl Tally {
    /// What `du` says: the blocks of files and directories in bytes.
    pub fn on_disk(&self) -> u64 {
        self.allocated_bytes.saturating_add(self.directory_bytes)
    }
}

impl std::iter::Sum for Tally {
    fn sum<I: Iterator<Item = Tally>>(tallies: I) -> Tally {
        tallies.fold(Tally::default(), |mut sum, tally| {
            sum += tally;
            sum
        })
    }
}
