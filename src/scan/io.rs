//! Disk access: open directories, listings, file systems, rate limit and cancellation.

pub mod cancel;
pub(crate) mod filesystem;
pub(crate) mod inode_set;
pub(crate) mod priority;
pub(crate) mod rate_limit;
pub(crate) mod readdir;
pub(crate) mod root;
pub(crate) mod rotational;
