//! The cache: what the last scan saw of each directory, so that the next one stats only what is new.
//!
//! The cache never changes a result: without it, a scan finds the same and takes longer. A directory is unchanged if its
//! inode, birth time, mtime and ctime are the same and were at least two seconds old when the cache was written (more on
//! file systems that settle later), so that no later change can have left the same times. The files of a Maildir's `cur`
//! and `new` never change, so none of them is asked for while their directory is unchanged; files changed a moment before
//! the scan are not cached. Of any other directory the cache has the names, and the scan stats each file, which may grow in
//! place.
//!
//! Some changes leave no trace: a message edited in place, or removed and put back under its name with the same inode. The
//! [`mod@audit`] finds them, or a scan that ignores the cache.
//!
//! Each store has one file: see [`mod@file`].

mod audit;
mod file;
mod lookup;
pub(super) mod message_table;
mod outside_record;
mod recorder;
mod unit_record;

pub use audit::CacheAudit;
pub(crate) use file::remove as remove_cache;
pub(super) use file::{CacheFile, CacheWriter, StoreKey};
pub(super) use lookup::{CacheValidity, CachedUnit, DirFinder, DirSet};
pub(super) use message_table::CachedFile;
pub(super) use outside_record::{OutsideDirs, OutsideRecord};
pub(super) use recorder::{CacheRecorder, UnitUpdate};
pub(super) use unit_record::{DirContent, DirNames, DirRecord, LONGEST_PATH, UnitRecord};
