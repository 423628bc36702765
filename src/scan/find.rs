//! Finds the mailboxes of a store, and tallies what belongs to none.

use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use super::links::{Linked, Owned};
use super::progress::Progress;
use crate::escape;
use crate::snapshot::{Problem, ProblemKind, Tally};
use crate::store::Layout;

/// `st_blocks` counts in these, whatever the file system's block size.
pub const BLOCK_BYTES: u64 = 512;

/// What was found in a store.
#[derive(Debug, Default)]
pub struct Found {
    /// The mailboxes, by path.
    pub mailboxes: Vec<FoundMailbox>,
    /// What belongs to no mailbox; inodes with several names are in `linked` instead.
    pub outside: Tally,
    /// Names outside mailboxes of inodes that have others.
    pub linked: Vec<Linked>,
    /// What could not be read, or was left out.
    pub problems: Vec<Problem>,
    /// The device of the root, on which the scan stays.
    pub device: u64,
}

/// A mailbox and its format.
#[derive(Debug)]
pub struct FoundMailbox {
    /// Relative to the store's root; empty where the store is one mailbox.
    pub path: PathBuf,
    /// The format.
    pub layout: Layout,
}

/// Walks a store down to its mailboxes; symbolic links are not followed, other file systems not entered.
pub fn mailboxes(root: &Path, progress: &Progress) -> Found {
    let mut found = Found::default();
    let mut walk = WalkDir::new(root).into_iter();
    while let Some(entry) = walk.next() {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                found.problems.extend(walk_problem(&error));
                continue;
            }
        };
        let metadata = match entry.metadata() {
            Ok(metadata) => metadata,
            Err(error) => {
                found.problems.extend(walk_problem(&error));
                continue;
            }
        };
        if entry.depth() == 0 {
            found.device = metadata.dev();
        }
        if !metadata.is_dir() {
            found.outside.files += 1;
            found.outside.other_bytes = found.outside.other_bytes.saturating_add(metadata.len());
            let allocated = metadata.blocks() * BLOCK_BYTES;
            if metadata.nlink() > 1 {
                let inode = (metadata.dev(), metadata.ino());
                found.linked.push(Linked { inode, owner: Owned::Outside, allocated });
            } else {
                found.outside.allocated_bytes += allocated;
                found.outside.inodes += 1;
            }
            progress.read(1, 0, metadata.len());
        } else if metadata.dev() != found.device {
            walk.skip_current_dir();
            found.problems.push(other_filesystem(entry.path()));
        } else if let Some(layout) = Layout::recognise(entry.path()) {
            walk.skip_current_dir();
            let path = entry.path().strip_prefix(root).unwrap_or(entry.path()).to_owned();
            found.mailboxes.push(FoundMailbox { path, layout });
        } else {
            found.outside.directories += 1;
            found.outside.inodes += 1;
            found.outside.directory_bytes += metadata.blocks() * BLOCK_BYTES;
        }
    }
    found.mailboxes.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

/// A directory was left out because another file system is mounted there.
pub fn other_filesystem(path: &Path) -> Problem {
    Problem {
        path: escape::text(path.as_os_str().as_bytes()),
        kind: ProblemKind::OtherFilesystem,
        detail: "another file system is mounted here; scan it as a store of its own".to_owned(),
    }
}

/// Something could not be read; `None` if it is merely gone, as files and folders of a living store are now and then.
pub fn read_problem(path: &Path, error: &std::io::Error) -> Option<Problem> {
    let kind = match error.kind() {
        std::io::ErrorKind::NotFound => return None,
        std::io::ErrorKind::PermissionDenied => ProblemKind::PermissionDenied,
        _ => ProblemKind::ReadError,
    };
    Some(Problem { path: escape::text(path.as_os_str().as_bytes()), kind, detail: error.to_string() })
}

fn walk_problem(error: &walkdir::Error) -> Option<Problem> {
    let path = error.path().unwrap_or(Path::new(""));
    match error.io_error() {
        Some(cause) => read_problem(path, cause),
        None => read_problem(path, &std::io::Error::other(error.to_string())),
    }
}
