//! Classes: what the bytes under a store's root are there for. Together they are all of them.

/// What a file, or a directory's own blocks, are there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// Mail that the server shows, and the directories that hold it.
    Message,
    /// Deleted mail that still lies on disk, or is marked as deleted.
    Reclaimable,
    /// Indexes and caches, which the server can make anew.
    Index,
    /// Full-text indexes.
    FullText,
    /// Attachments that several messages share, kept outside of them.
    SharedAttachment,
    /// What the server needs to know of a mailbox: names, numbers, subscriptions, access, filters.
    Control,
    /// Mail on its way in, locks, leftovers.
    Temporary,
    /// Everything else.
    Other,
}

impl Class {
    /// All classes, in the order in which an inode of several classes is charged: to the first of them.
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

    /// The class as JSON and the history call it.
    pub fn word(self) -> &'static str {
        match self {
            Class::Message => "message",
            Class::Reclaimable => "reclaimable",
            Class::Index => "index",
            Class::FullText => "full_text",
            Class::SharedAttachment => "shared_attachment",
            Class::Control => "control",
            Class::Temporary => "temporary",
            Class::Other => "other",
        }
    }
}
