//! Mail stores on disk: how a mailbox is recognised, and whose it is.

pub mod maildir;
pub mod owner;
pub mod utf7;

use std::path::Path;

/// The on-disk format of a mailbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// One file a message in `cur` and `new`; see [`maildir`].
    Maildir,
}

impl Layout {
    /// The format's name, as JSON and the history call it.
    pub fn word(self) -> &'static str {
        match self {
            Layout::Maildir => "maildir",
        }
    }

    /// Recognises the mailbox whose root is `directory`; `None` if it is no mailbox.
    pub fn recognise(directory: &Path) -> Option<Layout> {
        maildir::is_folder(directory).then_some(Layout::Maildir)
    }
}
