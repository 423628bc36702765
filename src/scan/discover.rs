//! Finds the mailboxes of a store before they are measured.

mod join;
pub(crate) mod search;
