//! Units: what is measured as one piece of work.

use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;

use crate::model::snapshot::Sureness;
use crate::store::owner::Owner;
use crate::store::{Layout, Scope, SharedFiles};

/// A mailbox or a part of one, to be measured by one thread.
#[derive(Clone, Debug)]
pub(super) struct Unit {
    /// Where it lies, relative to the store's root; empty where the store is one mailbox.
    pub path: PathBuf,
    /// What it is.
    pub content: Content,
    /// How far down it goes.
    pub scope: Scope,
    /// Whose it is, by its path.
    pub owner: Owner,
    /// Directories elsewhere in the store that belong to it, relative to the store's root.
    pub joined: Vec<PathBuf>,
    /// Directories below it that are units of their own, relative to the store's root.
    pub excluded: Vec<PathBuf>,
}

/// What a unit is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Content {
    /// A mailbox of that format.
    Mailbox(Layout, Sureness),
    /// Files that belong to no mailbox.
    Shared(SharedFiles),
}

impl Unit {
    /// A unit without parts elsewhere.
    pub(super) fn new(path: PathBuf, content: Content, scope: Scope, owner: Owner) -> Unit {
        Unit { path, content, scope, owner, joined: Vec::new(), excluded: Vec::new() }
    }

    /// What it is remembered by.
    pub(super) fn key(&self) -> Vec<u8> {
        let layout = self.layout().map_or("", Layout::word);
        [layout.as_bytes(), b"\0", self.path.as_os_str().as_bytes()].concat()
    }

    /// The mailbox's format, if it is one.
    pub(super) fn layout(&self) -> Option<Layout> {
        match self.content {
            Content::Mailbox(layout, _) => Some(layout),
            Content::Shared(_) => None,
        }
    }
}
