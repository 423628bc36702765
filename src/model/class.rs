//! The classes of the files under a store's root, by purpose. Every file has one.

use schemars::JsonSchema;
use strum_macros::IntoStaticStr;

/// The purpose of a file or of a directory's own blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, JsonSchema, IntoStaticStr)]
#[schemars(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Class {
    /// Visible mail and its directories.
    Message,
    /// Deleted mail that is still on disk, or marked as deleted.
    Reclaimable,
    /// Indexes and caches, which the server can rebuild.
    Index,
    /// Full-text indexes.
    FullText,
    /// Attachments shared by several messages and stored outside of them.
    SharedAttachment,
    /// Control files of a mailbox: names, numbers, subscriptions, access rights, filters.
    Control,
    /// Mail on its way in, locks, leftovers.
    Temporary,
    /// Everything else.
    Other,
}

impl Class {
    /// All classes. An inode of several classes counts in the first one.
    pub const ALL: [Class; 8] = [
        Class::Message,
        Class::Reclaimable,
        Class::Index,
        Class::FullText,
        Class::SharedAttachment,
        Class::Control,
        Class::Temporary,
        Class::Other,
    ];

    /// The word in JSON and the history.
    pub fn word(self) -> &'static str {
        self.into()
    }
}
