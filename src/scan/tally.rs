//! Tallies by mailbox, directory, cohort, special use and inode.

pub(crate) mod bulk_arrivals;
pub(crate) mod cohorts;
pub(crate) mod directory;
pub(crate) mod hard_links;
pub(crate) mod mailbox;
pub(crate) mod use_cohorts;
