//! The memory of a scan: what directories held that stood still since, so that the next scan asks only for what is new.
//!
//! It is never the truth: without it a scan finds the same and takes longer. A directory is taken to be as it was if its
//! inode, its birth, its mtime and its ctime are the same, and were older than the scan that saw it by two seconds at least
//! (more where the file system settles later), so that no later change can have left the same times. The files of a
//! Maildir's `cur` and `new` never change, so that nothing in such a directory is asked for; a file that was changed in the last second
//! or two before the scan may be changed still, and is not remembered. Of any other directory the names are
//! remembered, and the files, which may grow in place, are asked for each time.
//!
//! What leaves no trace is not seen until a tenth of the memory is tested, or all of it ignored: a message that is changed
//! in place, or removed and put back under its name in the same directory, so that it gets its inode again.
//!
//! One file holds the tables of one store: see [`mod@file`].

pub(crate) mod lookup;
pub(crate) mod message_table;
pub(crate) mod recorder;
pub(crate) mod unit_record;

pub(crate) mod file;

/// A check of bytes, and of names in place of the names themselves: CRC-32.
pub(super) fn checksum(bytes: &[u8]) -> u32 {
    crc32fast::hash(bytes)
}
