//! Sums of what the walk finds: by mailbox, directory, cohort, folder use and inode.

pub(crate) mod bulk_arrivals;
pub(crate) mod cohorts;
pub(crate) mod directory;
pub(crate) mod hard_links;
pub(crate) mod mailbox;
pub(crate) mod use_cohorts;
