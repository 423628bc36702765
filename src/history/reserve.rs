//! The reserve: room and inodes for one snapshot, given up when the volume is full.

use std::fs::{self, File, Metadata};
use std::io;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::Path;

use rustix::fs::{FallocateFlags, fallocate};
use walkdir::WalkDir;

use super::schema;
use crate::model::directory::Directory;
use crate::model::error::{Error, Result};
use crate::model::temporary::{self, TemporaryDirectory};

/// The directory in the history.
pub(super) const RESERVE: &str = "reserve";
/// The file in it that takes room.
const ROOM: &str = "room";
/// `st_blocks` counts in units of so many bytes.
const BLOCK_BYTES: u64 = 512;
/// Room beside that of the last snapshot: a quarter of it, and so many bytes.
const SPARE_BYTES: u64 = 16 << 10;

/// Makes the reserve for another snapshot like this one, unless there is one.
///
/// # Errors
/// If the volume has no room for it, or does not allocate room ahead.
pub(super) fn keep(root: &Directory, unfinished: &Directory, snapshot: &Path) -> Result<()> {
    let path = root.held().join(RESERVE);
    let failed = |e: io::Error| Error::io("no reserve for a full disk could be made", root.shown(&path), e);
    let last = allocated(snapshot).map_err(|e| failed(e.into()))?;
    let wanted = last + last / 4 + SPARE_BYTES;
    if fs::metadata(path.join(ROOM)).is_ok_and(|room| blocks(&room) >= wanted && room.len() <= 2 * wanted) {
        return Ok(());
    }
    let made = TemporaryDirectory::make(&unfinished.held()).map_err(failed)?;
    let file = |name: &str| {
        File::options().write(true).create_new(true).mode(0o600).open(made.path().join(name)).map_err(failed)
    };
    fallocate(file(ROOM)?, FallocateFlags::empty(), 0, wanted).map_err(|e| failed(e.into()))?;
    // One for each table, and one for their directory.
    for number in 0..=schema::TABLES.len() {
        file(&format!("inode-{number}"))?;
    }
    let _ = temporary::remove(&path);
    match fs::rename(made.path(), &path) {
        Ok(()) => made.keep(),
        // Another scan has made one meanwhile.
        Err(_) if path.is_dir() => {}
        Err(e) => return Err(failed(e)),
    }
    Ok(())
}

/// Gives the reserve up. Whether there was one.
pub(super) fn release(root: &Directory) -> bool {
    let is_released = temporary::remove(&root.held().join(RESERVE)).is_ok();
    // Some file systems free blocks at their next commit only.
    let _ = root.sync();
    is_released
}

/// The bytes that a directory and the files in it take on the disk.
fn allocated(directory: &Path) -> walkdir::Result<u64> {
    WalkDir::new(directory).into_iter().map(|entry| Ok(blocks(&entry?.metadata()?))).sum()
}

fn blocks(metadata: &Metadata) -> u64 {
    metadata.blocks() * BLOCK_BYTES
}
