//! Finds the mailboxes of a store before they are measured.

pub(super) mod found;
mod join;
pub(super) mod search;
