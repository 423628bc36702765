//! The tally of one directory, which the cache keeps while the directory is unchanged.

use crate::model::snapshot::{Classes, Tally};
use crate::scan::tally::hard_links::HardLink;

/// The files of one directory, without the directory's own blocks. All of them belong to one folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct DirTally {
    pub tally: Tally,
    pub classes: Classes,
    pub linked: Vec<HardLink>,
    pub seen: FileCounts,
}

impl DirTally {
    /// Whether both have the same messages and sizes, regardless of links.
    pub(crate) fn agrees_with(&self, other: &DirTally) -> bool {
        let figures = |directory: &DirTally| {
            let Tally { messages, message_bytes, logical_bytes, other_bytes, files, allocated_bytes, .. } =
                directory.tally;
            let linked = directory.linked.iter().fold(0_u64, |sum, link| sum.saturating_add(link.facts.allocated));
            (messages, message_bytes, logical_bytes, other_bytes, files, allocated_bytes.saturating_add(linked))
        };
        figures(self) == figures(other)
    }
}

/// Counts for the progress bar.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct FileCounts {
    pub files: u64,
    pub messages: u64,
    /// Sum of `st_size`.
    pub bytes: u64,
}

impl std::ops::Sub for FileCounts {
    type Output = FileCounts;

    fn sub(self, less: FileCounts) -> FileCounts {
        FileCounts {
            files: self.files - less.files,
            messages: self.messages - less.messages,
            bytes: self.bytes.saturating_sub(less.bytes),
        }
    }
}

impl std::ops::AddAssign for FileCounts {
    fn add_assign(&mut self, more: FileCounts) {
        self.files = self.files.saturating_add(more.files);
        self.messages = self.messages.saturating_add(more.messages);
        self.bytes = self.bytes.saturating_add(more.bytes);
    }
}
