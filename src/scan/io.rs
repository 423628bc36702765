//! Disk access: open directories, listings, file systems and rate limit.

pub(crate) mod confine;
pub(crate) mod filesystem;
mod inode_set;
pub(crate) mod priority;
mod rate_limit;
mod readdir;
mod root;
pub(crate) mod rotational;

pub(super) use inode_set::InodeSet;
pub(super) use rate_limit::RateLimit;
pub(super) use readdir::{DirEntry, EntryBatch};
pub(super) use root::{DirStamp, DirStat, Root};
