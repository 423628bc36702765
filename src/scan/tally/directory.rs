//! What was told of one directory, apart from all else, so that it can be told again while the directory stands still.

use crate::model::snapshot::{Classes, Tally};
use crate::scan::tally::hard_links::Linked;

/// What was told of one directory, without the directory's own blocks; all of it belongs to one folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sums {
    /// For the folder.
    pub tally: Tally,
    /// For the mailbox.
    pub classes: Classes,
    /// Names of inodes that have others.
    pub linked: Vec<Linked>,
    /// For those who watch.
    pub seen: Count,
}

impl Sums {
    /// Whether both tell the same messages and sizes, however many names the inodes had.
    pub(crate) fn agrees_with(&self, other: &Sums) -> bool {
        let figures = |sums: &Sums| {
            let Tally { messages, message_bytes, logical_bytes, other_bytes, files, allocated_bytes, .. } = sums.tally;
            let linked = sums.linked.iter().fold(0_u64, |sum, link| sum.saturating_add(link.facts.allocated));
            (messages, message_bytes, logical_bytes, other_bytes, files, allocated_bytes.saturating_add(linked))
        };
        figures(self) == figures(other)
    }
}

/// How much was seen, for those who watch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Count {
    /// Names of files.
    pub files: u64,
    /// Messages.
    pub messages: u64,
    /// `st_size` of the files.
    pub bytes: u64,
}

impl std::ops::Sub for Count {
    type Output = Count;

    fn sub(self, less: Count) -> Count {
        Count {
            files: self.files - less.files,
            messages: self.messages - less.messages,
            bytes: self.bytes.saturating_sub(less.bytes),
        }
    }
}

impl std::ops::AddAssign for Count {
    fn add_assign(&mut self, more: Count) {
        self.files = self.files.saturating_add(more.files);
        self.messages = self.messages.saturating_add(more.messages);
        self.bytes = self.bytes.saturating_add(more.bytes);
    }
}
