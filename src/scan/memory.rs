//! The memory of a scan: what directories held that stood still since, so that the next scan asks only for what is new.
//!
//! It is never the truth: without it a scan finds the same and takes longer. A directory is taken to be as it was if its
//! inode, its mtime and its ctime are the same, and were older than the scan that saw it by two seconds at least, so that
//! no later change can have left the same times. The files of a Maildir's `cur` and `new` never change, so that nothing in
//! such a directory is asked for; of any other the names are remembered, and the files, which may grow in place, are asked
//! for each time.
//!
//! One file holds the tables of one store: see [`file`].

pub mod file;
pub mod messages;
pub mod record;

/// A check of bytes, and of names in place of the names themselves: CRC-32.
pub fn checksum(bytes: &[u8]) -> u32 {
    crc32fast::hash(bytes)
}
