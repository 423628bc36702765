//! Counts and sizes of a part of a store.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use crate::model::schema::Time;

/// Counts and sizes, which add up over parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, JsonSchema, Serialize)]
pub struct Tally {
    /// Messages, by name.
    pub messages: u64,
    /// Bytes of the messages in their files, for each name: `st_size`, or the part of a file with many messages.
    pub message_bytes: u64,
    /// Uncompressed bytes of the messages, line ends as stored.
    pub logical_bytes: u64,
    /// The same with CRLF line ends; `None` unless known for every message.
    pub virtual_bytes: Option<u64>,
    /// Blocks of all files in bytes, each inode once per store.
    pub allocated_bytes: u64,
    /// `st_size` of all files without mail.
    pub other_bytes: u64,
    /// Deleted mail that is still on disk; mail that is only marked as deleted also counts as messages.
    pub reclaimable_bytes: u64,
    /// Names of files, without directories.
    pub files: u64,
    /// Directories.
    pub directories: u64,
    /// Blocks of the directories in bytes.
    pub directory_bytes: u64,
    /// Inodes of files and directories, each once per store.
    pub inodes: u64,
    /// The earliest arrival of a message.
    #[schemars(with = "Option<Time>")]
    pub oldest: Option<Timestamp>,
    /// The latest arrival of a message.
    #[schemars(with = "Option<Time>")]
    pub newest: Option<Timestamp>,
}

impl Default for Tally {
    fn default() -> Self {
        Tally {
            messages: 0,
            message_bytes: 0,
            logical_bytes: 0,
            // Known for all of no messages.
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
    /// Sums saturate: sparse files can be larger than all disks together.
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
    /// The blocks of files and directories in bytes, as `du` counts them.
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
