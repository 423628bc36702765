//! Tallies by mailbox, directory, cohort, special use and inode.

mod bulk_arrivals;
mod charge;
mod cohorts;
mod directory;
mod hard_links;
mod mailbox;
mod merged_cells;
mod packed;
mod use_cohorts;

pub(super) use bulk_arrivals::BulkArrivals;
pub(super) use charge::{charge_directory, charge_file};
pub(super) use cohorts::{StoreCohorts, of_mailbox};
pub(super) use directory::{DirTally, FileCounts};
pub(super) use hard_links::{HardLink, LinkOwner, add_shares, first_of_each_inode, with_missing_names};
pub(super) use mailbox::{MailContent, MailboxTally, SavedTally};
pub(super) use packed::PackedTally;
pub(super) use use_cohorts::OnDisk;
