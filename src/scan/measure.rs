//! Measures one mailbox: every file below it is stat'ed relative to its directory, none is opened.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rustix::fs::{AtFlags, CWD, FileType, Mode, OFlags, RawDir, Stat, openat, statat};

use super::cohorts::Gathered;
use super::find::{BLOCK_BYTES, other_filesystem, read_problem};
use super::links::{Linked, Owned};
use super::progress::Progress;
use crate::snapshot::{Folder, Problem, Tally};
use crate::store::maildir::{self, MessageName};

/// Large enough that a folder of some thousand messages is listed in a few calls (`getdents64`).
const LIST_BUFFER: usize = 64 << 10;

/// What lies in one mailbox.
#[derive(Debug, Default)]
pub struct Measured {
    /// The folders, by name; inodes with several names are in `linked` instead.
    pub folders: Vec<Folder>,
    /// The messages by arrival and size.
    pub cohorts: Gathered,
    /// Names of inodes that have others.
    pub linked: Vec<Linked>,
    /// What could not be read, or was left out.
    pub problems: Vec<Problem>,
}

/// Measures the mailbox whose root is `root`, staying on `device`.
pub fn measure(root: &Path, device: u64, progress: &Progress) -> Measured {
    let mut walk = Walk { root, device, progress, measured: Measured::default(), buffer: Vec::new() };
    walk.buffer.reserve_exact(LIST_BUFFER);
    walk.run();
    progress.measured();
    let mut measured = walk.measured;
    sort_folders(&mut measured);
    measured
}

/// Puts folders in the order of their names, and links with them, so that the answer does not depend on the order in
/// which the file system lists.
fn sort_folders(measured: &mut Measured) {
    let mut order: Vec<usize> = (0..measured.folders.len()).collect();
    order.sort_by(|&a, &b| measured.folders[a].name.cmp(&measured.folders[b].name));
    let mut place = vec![0; order.len()];
    for (new, &old) in order.iter().enumerate() {
        place[old] = new;
    }
    measured.folders.sort_by(|a, b| a.name.cmp(&b.name));
    for link in &mut measured.linked {
        if let Owned::Folder { folder, .. } = &mut link.owner {
            *folder = place[*folder];
        }
    }
}

struct Walk<'a> {
    root: &'a Path,
    device: u64,
    progress: &'a Progress,
    measured: Measured,
    buffer: Vec<u8>,
}

/// What the files of a directory are.
enum Role<'a> {
    /// Messages of a folder; the set holds the inodes that were counted already.
    Messages(&'a mut HashSet<u64>),
    /// Anything else.
    Other,
}

impl Walk<'_> {
    /// Walks all directories; a stack instead of recursion, so that no depth overflows.
    fn run(&mut self) {
        let mut stack: Vec<(PathBuf, usize)> = vec![(self.root.to_owned(), usize::MAX)];
        while let Some((directory, parent)) = stack.pop() {
            let is_folder = maildir::is_folder(&directory);
            let folder = if is_folder || parent == usize::MAX { self.new_folder(&directory) } else { parent };
            let mut subdirectories = self.read(&directory, folder, Role::Other);
            if is_folder {
                // A message that moves from new to cur in between is then seen twice rather than never.
                let mut seen = HashSet::new();
                for part in ["new", "cur"] {
                    let below = self.read(&directory.join(part), folder, Role::Messages(&mut seen));
                    stack.extend(below.into_iter().map(|path| (path, folder)));
                }
                subdirectories.retain(|path| !["new", "cur"].iter().any(|part| path.ends_with(part)));
            }
            stack.extend(subdirectories.into_iter().map(|path| (path, folder)));
        }
    }

    fn new_folder(&mut self, directory: &Path) -> usize {
        let relative = directory.strip_prefix(self.root).unwrap_or(directory);
        self.measured.folders.push(Folder { name: maildir::folder_name(relative), tally: Tally::default() });
        self.measured.folders.len() - 1
    }

    /// Tallies a directory and the files in it for a folder; returns its subdirectories.
    fn read(&mut self, directory: &Path, folder: usize, mut role: Role) -> Vec<PathBuf> {
        let mut subdirectories = Vec::new();
        let mut tally = Tally::default();
        if let Err(error) = self.list(directory, folder, &mut role, &mut tally, &mut subdirectories) {
            self.measured.problems.extend(read_problem(directory, &error));
        }
        self.progress.read(tally.files, tally.messages, tally.message_bytes.saturating_add(tally.other_bytes));
        self.measured.folders[folder].tally += tally;
        subdirectories
    }

    fn list(
        &mut self,
        directory: &Path,
        folder: usize,
        role: &mut Role,
        tally: &mut Tally,
        subdirectories: &mut Vec<PathBuf>,
    ) -> std::io::Result<()> {
        let own = statat(CWD, directory, AtFlags::SYMLINK_NOFOLLOW)?;
        if own.st_dev != self.device {
            self.measured.problems.push(other_filesystem(directory));
            return Ok(());
        }
        tally.directories += 1;
        tally.inodes += 1;
        tally.directory_bytes += own.st_blocks as u64 * BLOCK_BYTES;
        let fd = open_directory(directory)?;
        let mut buffer = std::mem::take(&mut self.buffer);
        let mut entries = RawDir::new(fd.as_fd(), buffer_space(&mut buffer));
        let mut outcome = Ok(());
        while let Some(entry) = entries.next() {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    outcome = Err(error.into());
                    break;
                }
            };
            let name = entry.file_name();
            if matches!(name.to_bytes(), b"." | b"..") {
                continue;
            }
            match statat(&fd, name, AtFlags::SYMLINK_NOFOLLOW) {
                Ok(stat) if FileType::from_raw_mode(stat.st_mode) == FileType::Directory => {
                    subdirectories.push(directory.join(OsStr::from_bytes(name.to_bytes())));
                }
                Ok(stat) => self.file(name.to_bytes(), &stat, folder, role, tally),
                Err(error) => {
                    let path = directory.join(OsStr::from_bytes(name.to_bytes()));
                    self.measured.problems.extend(read_problem(&path, &error.into()));
                }
            }
        }
        self.buffer = buffer;
        outcome
    }

    /// Tallies one file.
    fn file(&mut self, name: &[u8], stat: &Stat, folder: usize, role: &mut Role, tally: &mut Tally) {
        let size = stat.st_size as u64;
        let is_file = FileType::from_raw_mode(stat.st_mode) == FileType::RegularFile;
        // A message that is renamed while its folder is listed can show under both names. One inode of a single name
        // is one message.
        if let Role::Messages(seen) = role
            && stat.st_nlink == 1
            && !seen.insert(stat.st_ino)
        {
            return;
        }
        let message = match role {
            Role::Messages(_) if is_file => MessageName::parse(name),
            _ => None,
        };
        match message {
            Some(message) => {
                let arrival = message.arrival(stat.st_mtime);
                self.measured.cohorts.add(arrival, size);
                let arrival = Timestamp::from_second(arrival).ok();
                *tally += Tally {
                    messages: 1,
                    message_bytes: size,
                    logical_bytes: message.size.unwrap_or(size),
                    virtual_bytes: message.virtual_size,
                    reclaimable_bytes: if message.is_deleted { size } else { 0 },
                    oldest: arrival,
                    newest: arrival,
                    ..Tally::default()
                };
            }
            None => tally.other_bytes = tally.other_bytes.saturating_add(size),
        }
        tally.files += 1;
        let allocated = stat.st_blocks as u64 * BLOCK_BYTES;
        if stat.st_nlink > 1 {
            let owner = Owned::Folder { mailbox: 0, folder };
            self.measured.linked.push(Linked { inode: (stat.st_dev, stat.st_ino), owner, allocated });
        } else {
            tally.allocated_bytes += allocated;
            tally.inodes += 1;
        }
    }
}

/// Opens a directory for listing, without following a link, and without touching its access time where that is ours
/// to ask for.
fn open_directory(directory: &Path) -> rustix::io::Result<OwnedFd> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    openat(CWD, directory, flags | OFlags::NOATIME, Mode::empty()).or_else(|error| match error {
        rustix::io::Errno::PERM => openat(CWD, directory, flags, Mode::empty()),
        other => Err(other),
    })
}

fn buffer_space(buffer: &mut Vec<u8>) -> &mut [MaybeUninit<u8>] {
    buffer.clear();
    buffer.spare_capacity_mut()
}
