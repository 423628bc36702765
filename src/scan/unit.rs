//! Units: the pieces of a store that one thread measures.

use std::cmp::Ordering;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;

use crate::model::snapshot::Sureness;
use crate::store::{Layout, Scope, SharedFiles, owner::Owner};

/// A mailbox or a part of one.
#[derive(Clone, Debug)]
pub(super) struct Unit {
    /// Relative to the store's root; empty if the store is a single mailbox.
    pub path: PathBuf,
    pub content: Content,
    pub scope: Scope,
    /// The owner that the path names.
    pub owner: Owner,
    /// Directories elsewhere that belong to the unit, relative to the store's root.
    pub joined: Vec<PathBuf>,
    /// Directories inside that are units themselves, relative to the store's root.
    pub excluded: Vec<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Content {
    Mailbox(Layout, Sureness),
    /// Files outside all mailboxes.
    Shared(SharedFiles),
}

impl Unit {
    pub(super) fn new(path: PathBuf, content: Content, scope: Scope, owner: Owner) -> Unit {
        Unit { path, content, scope, owner, joined: Vec::new(), excluded: Vec::new() }
    }

    /// Orders units by path, as `Path` does, but without splitting the path into its components.
    pub(super) fn by_path(&self, other: &Unit) -> Ordering {
        // A separator comes before every character of a name.
        let key = |byte: &u8| if *byte == b'/' { 0 } else { *byte };
        let [own, others] = [self, other].map(|unit| unit.path.as_os_str().as_bytes().iter().map(key));
        own.cmp(others)
    }

    /// The unit's key in the cache.
    pub(super) fn key(&self) -> Vec<u8> {
        let layout = self.layout().map_or("", Layout::word);
        [layout.as_bytes(), b"\0", self.path.as_os_str().as_bytes()].concat()
    }

    pub(super) fn sureness(&self) -> Sureness {
        match self.content {
            Content::Mailbox(_, sureness) => sureness,
            Content::Shared(_) => Sureness::Certain,
        }
    }

    pub(super) fn layout(&self) -> Option<Layout> {
        match self.content {
            Content::Mailbox(layout, _) => Some(layout),
            Content::Shared(_) => None,
        }
    }
}
