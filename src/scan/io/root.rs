//! Opens directories and stats entries of a store: relative to an open directory, which spares the kernel long paths,
//! and never through a symbolic link or into another file system.

use std::ffi::CStr;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Duration;

use rustix::fs::{AtFlags, FileType, Statx, StatxAttributes, StatxFlags, StatxTimestamp, fstat, statat, statx};
use rustix::io::Errno;
use rustix::path::Arg;

use super::filesystem;
use crate::scan::io::rate_limit::RateLimit;
use crate::store::no_links::{self, Purpose};
use crate::store::reader::FileStat;

/// A store's directory.
#[derive(Debug)]
pub(crate) struct Root<'a> {
    /// Without symbolic links.
    pub path: PathBuf,
    /// The scan stays on this device.
    pub device: u64,
    /// Whether the file system is on another machine, where a slightly old answer saves a round trip.
    is_remote: bool,
    /// How long after a change its timestamps may still be ambiguous.
    pub settles_after: Duration,
    fd: OwnedFd,
    pub(crate) rate_limit: &'a RateLimit,
    /// Whether the file system accepts `AT_STATX_DONT_SYNC`.
    takes_dont_sync: AtomicBool,
}

/// A directory's identity and timestamps. While they are the same, so are the names in the directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct DirStamp {
    pub inode: u64,
    /// The birth time, zero if the file system has none: a directory that replaces another often gets its inode.
    pub born: (i64, u32),
    /// The last change to the names: seconds since 1970, and nanoseconds.
    pub modified: (i64, u32),
    /// The last change to the inode, which no program can set back.
    pub changed: (i64, u32),
}

impl DirStamp {
    pub(crate) fn is_before(&self, time: (i64, u32)) -> bool {
        self.modified < time && self.changed < time
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct DirStat {
    pub facts: FileStat,
    pub stamp: DirStamp,
}

impl From<&Statx> for DirStat {
    fn from(answer: &Statx) -> DirStat {
        let time = |time: &StatxTimestamp| (time.tv_sec, time.tv_nsec);
        let stamp = DirStamp {
            inode: answer.stx_ino,
            born: time(&answer.stx_btime),
            modified: time(&answer.stx_mtime),
            changed: time(&answer.stx_ctime),
        };
        DirStat { facts: FileStat::from(answer), stamp }
    }
}

impl<'a> Root<'a> {
    /// Opens a store's directory, given by its path without symbolic links.
    ///
    /// # Errors
    /// If it cannot be opened.
    pub(crate) fn open(path: &Path, rate_limit: &'a RateLimit) -> io::Result<Root<'a>> {
        let fd = no_links::open(path, Purpose::Enter)?;
        let device = fstat(&fd)?.st_dev;
        let kind = filesystem::kind_of(path);
        Ok(Root {
            path: path.to_owned(),
            device,
            is_remote: is_remote(&kind),
            settles_after: settles_after(&kind),
            fd,
            rate_limit,
            takes_dont_sync: AtomicBool::new(true),
        })
    }

    pub(crate) fn path_of(&self, relative: &Path) -> PathBuf {
        // Joining an empty path would append a slash.
        if relative.as_os_str().is_empty() { self.path.clone() } else { self.path.join(relative) }
    }

    /// Opens a directory, but not for listing.
    ///
    /// # Errors
    /// `EXDEV` if another file system is mounted there.
    pub(crate) fn open_path(&self, relative: &Path) -> io::Result<OwnedFd> {
        self.open_path_at(self.fd.as_fd(), relative)
    }

    pub(crate) fn open_path_at(&self, above: BorrowedFd, relative: &Path) -> io::Result<OwnedFd> {
        self.rate_limit.take(1);
        no_links::open_at(above, relative, Purpose::Enter)
    }

    /// Opens a directory for listing.
    pub(crate) fn open_directory(&self, relative: &Path) -> io::Result<OwnedFd> {
        self.open_directory_at(self.fd.as_fd(), relative)
    }

    pub(crate) fn open_directory_at(&self, above: BorrowedFd, relative: &Path) -> io::Result<OwnedFd> {
        self.rate_limit.take(1);
        no_links::open_at(above, relative, Purpose::List)
    }

    /// Stats an open directory; `EXDEV` if it is on another file system.
    pub(crate) fn stat(&self, directory: impl AsFd) -> io::Result<DirStat> {
        self.statx(directory.as_fd(), c"", AtFlags::EMPTY_PATH).map(|(stat, _)| stat)
    }

    /// Stats a path relative to an open directory, without following a symbolic link; `EXDEV` if it is a mount point.
    pub(crate) fn stat_at(&self, above: BorrowedFd, relative: &Path) -> io::Result<DirStat> {
        if relative.as_os_str().is_empty() {
            return self.stat(above);
        }
        let (stat, attributes) = self.statx(above, relative, AtFlags::SYMLINK_NOFOLLOW | AtFlags::NO_AUTOMOUNT)?;
        if attributes.contains(StatxAttributes::MOUNT_ROOT) { Err(Errno::XDEV.into()) } else { Ok(stat) }
    }

    fn statx(&self, above: BorrowedFd, name: impl Arg, flags: AtFlags) -> io::Result<(DirStat, StatxAttributes)> {
        self.rate_limit.take(1);
        let answer = statx(above, name, flags, StatxFlags::BASIC_STATS | StatxFlags::BTIME)?;
        let stat = DirStat::from(&answer);
        // A btrfs subvolume has its own device number without being a mount point.
        if stat.facts.inode.0 != self.device {
            return Err(Errno::XDEV.into());
        }
        Ok((stat, answer.stx_attributes))
    }

    /// The type of an entry, where the listing does not have it.
    pub(crate) fn kind(&self, directory: BorrowedFd, name: &CStr) -> io::Result<FileType> {
        self.rate_limit.take(1);
        Ok(FileType::from_raw_mode(statat(directory, name, AtFlags::SYMLINK_NOFOLLOW)?.st_mode))
    }

    /// Stats an entry of an open directory, without following a symbolic link.
    pub(crate) fn facts(&self, directory: BorrowedFd, name: &CStr) -> io::Result<FileStat> {
        self.rate_limit.take(1);
        if self.is_remote && self.takes_dont_sync.load(Relaxed) {
            match self.facts_without_sync(directory, name) {
                Err(Errno::INVAL | Errno::NOSYS) => self.takes_dont_sync.store(false, Relaxed),
                other => return Ok(other?),
            }
        }
        Ok(FileStat::from(&statat(directory, name, AtFlags::SYMLINK_NOFOLLOW)?))
    }

    fn facts_without_sync(&self, directory: BorrowedFd, name: &CStr) -> rustix::io::Result<FileStat> {
        let flags = AtFlags::SYMLINK_NOFOLLOW | AtFlags::NO_AUTOMOUNT | AtFlags::STATX_DONT_SYNC;
        let wanted = StatxFlags::TYPE | StatxFlags::INO | StatxFlags::NLINK | StatxFlags::SIZE | StatxFlags::BLOCKS;
        let answer = statx(directory, name, flags, wanted | StatxFlags::MTIME | StatxFlags::CTIME)?;
        Ok(FileStat::from(&answer))
    }
}

/// How long after a change a file system may still change its figures, or give another change the same timestamp.
fn settles_after(kind: &str) -> Duration {
    // They allocate blocks on writeback, up to half a minute later.
    const DELAYED: [&str; 5] = ["zfs", "btrfs", "bcachefs", "xfs", "f2fs"];
    Duration::from_secs(match kind {
        // The server's clock may differ.
        kind if is_remote(kind) => 3_600,
        kind if DELAYED.contains(&kind) => 60,
        // The coarsest timestamps have a step of two seconds.
        _ => 2,
    })
}

fn is_remote(kind: &str) -> bool {
    const REMOTE: [&str; 12] =
        ["nfs", "nfs4", "cifs", "smb3", "smbfs", "ceph", "9p", "afs", "lustre", "beegfs", "gpfs", "ocfs2"];
    REMOTE.contains(&kind) || kind.starts_with("fuse.")
}
