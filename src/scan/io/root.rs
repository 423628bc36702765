//! What is asked of the disk: directories are opened and listed, entries asked for; relative to an open directory, so that
//! the kernel walks no long paths, and never through a symbolic link or into another file system.

use std::ffi::CStr;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Duration;

use rustix::fs::{
    AtFlags, CWD, FileType, Mode, OFlags, ResolveFlags, Statx, StatxAttributes, StatxFlags, StatxTimestamp, fstat,
    openat, openat2, statat, statx,
};
use rustix::io::Errno;
use rustix::path::Arg;

use super::filesystem;
use crate::scan::io::rate_limit::Pace;
use crate::store::reader::FileStat;

/// The store's directory, and how the disk under it is to be asked.
#[derive(Debug)]
pub(crate) struct Root<'a> {
    /// Its path, without symbolic links.
    pub path: PathBuf,
    /// Its device, on which the scan stays.
    pub device: u64,
    /// Whether a server far away answers, for which an answer that may be a little old spares a round trip.
    is_remote: bool,
    /// A change is told by times that are older than now by this much at least.
    pub settles_after: Duration,
    fd: OwnedFd,
    pub(crate) pace: &'a Pace,
    /// Whether the kernel has `openat2` and allows it; since Linux 5.6.
    has_openat2: AtomicBool,
    /// Whether we may leave access times alone: only the owner of a file may, and root.
    may_spare_atime: AtomicBool,
    /// Whether the file system takes `AT_STATX_DONT_SYNC`; some answer with an error.
    takes_dont_sync: AtomicBool,
}

/// When a directory was changed last, and which one it is: as long as all of it is the same, so are the names in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stand {
    /// The inode's number.
    pub inode: u64,
    /// When it was made, if the file system tells: a directory that takes the place of another often gets its inode.
    pub born: (i64, u32),
    /// The time of the last change to the names: seconds since 1970, and nanoseconds.
    pub modified: (i64, u32),
    /// The time of the last change to the inode, which nobody can set back.
    pub changed: (i64, u32),
}

impl Stand {
    /// Whether it was changed before that time, in seconds and nanoseconds since 1970.
    pub(crate) fn is_before(&self, time: (i64, u32)) -> bool {
        self.modified < time && self.changed < time
    }
}

/// A directory's facts and its stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Seen {
    /// As of any other entry.
    pub facts: FileStat,
    /// What tells whether it was changed.
    pub stand: Stand,
}

impl From<&Statx> for Seen {
    fn from(told: &Statx) -> Seen {
        let time = |time: &StatxTimestamp| (time.tv_sec, time.tv_nsec);
        let stand = Stand {
            inode: told.stx_ino,
            born: time(&told.stx_btime),
            modified: time(&told.stx_mtime),
            changed: time(&told.stx_ctime),
        };
        Seen { facts: FileStat::from(told), stand }
    }
}

impl<'a> Root<'a> {
    /// Opens a store's directory, given by its path without symbolic links.
    ///
    /// # Errors
    /// If it cannot be opened.
    pub(crate) fn open(path: &Path, pace: &'a Pace) -> io::Result<Root<'a>> {
        let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let fd = openat(CWD, path, flags, Mode::empty())?;
        let device = fstat(&fd)?.st_dev;
        let kind = filesystem::kind_of(path);
        Ok(Root {
            path: path.to_owned(),
            device,
            is_remote: is_remote(&kind),
            settles_after: settles_after(&kind),
            fd,
            pace,
            has_openat2: AtomicBool::new(true),
            may_spare_atime: AtomicBool::new(true),
            takes_dont_sync: AtomicBool::new(true),
        })
    }

    /// The path of something below the root.
    pub(crate) fn path_of(&self, relative: &Path) -> PathBuf {
        // Joined with nothing, a path ends in a slash.
        if relative.as_os_str().is_empty() { self.path.clone() } else { self.path.join(relative) }
    }

    /// Opens a directory below the root, given by its path relative to it, as a place to start from.
    ///
    /// # Errors
    /// If it cannot be opened; so too below. `EXDEV`, if another file system is mounted there.
    pub(crate) fn start(&self, relative: &Path) -> io::Result<OwnedFd> {
        self.open_below(self.fd.as_fd(), relative, OFlags::PATH)
    }

    /// As [`Root::start`], relative to an open directory.
    pub(crate) fn start_at(&self, above: BorrowedFd, relative: &Path) -> io::Result<OwnedFd> {
        self.open_below(above, relative, OFlags::PATH)
    }

    /// Opens a directory below the root for listing.
    pub(crate) fn open_directory(&self, relative: &Path) -> io::Result<OwnedFd> {
        self.open_directory_at(self.fd.as_fd(), relative)
    }

    /// As [`Root::open_directory`], relative to an open directory that may be searched.
    pub(crate) fn open_directory_at(&self, above: BorrowedFd, relative: &Path) -> io::Result<OwnedFd> {
        if self.may_spare_atime.load(Relaxed) {
            match self.open_below(above, relative, OFlags::RDONLY | OFlags::NOATIME) {
                Err(error) if error.raw_os_error() == Some(Errno::PERM.raw_os_error()) => {
                    self.may_spare_atime.store(false, Relaxed);
                }
                other => return other,
            }
        }
        self.open_below(above, relative, OFlags::RDONLY)
    }

    fn open_below(&self, above: BorrowedFd, relative: &Path, flags: OFlags) -> io::Result<OwnedFd> {
        self.pace.take(1);
        let relative = if relative.as_os_str().is_empty() { Path::new(".") } else { relative };
        let flags = flags | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        if self.has_openat2.load(Relaxed) {
            let resolve = ResolveFlags::NO_XDEV | ResolveFlags::NO_SYMLINKS;
            match openat2(above, relative, flags, Mode::empty(), resolve) {
                Err(Errno::NOSYS) => self.has_openat2.store(false, Relaxed),
                // So do filters of containers answer what they do not know; the access time may be refused, too.
                Err(Errno::PERM) if !flags.contains(OFlags::NOATIME) => self.has_openat2.store(false, Relaxed),
                other => return Ok(other?),
            }
        }
        Ok(openat(above, relative, flags, Mode::empty())?)
    }

    /// Asks for an open directory itself. `EXDEV`, if it lies on another file system; so too below.
    pub(crate) fn see(&self, directory: impl AsFd) -> io::Result<Seen> {
        self.see_by(directory.as_fd(), c"", AtFlags::EMPTY_PATH).map(|(seen, _)| seen)
    }

    /// Asks for a directory by its path relative to an open one; of a symbolic link for the link itself. `EXDEV`, if
    /// something is mounted there.
    pub(crate) fn see_at(&self, above: BorrowedFd, relative: &Path) -> io::Result<Seen> {
        if relative.as_os_str().is_empty() {
            return self.see(above);
        }
        let (seen, attributes) = self.see_by(above, relative, AtFlags::SYMLINK_NOFOLLOW | AtFlags::NO_AUTOMOUNT)?;
        if attributes.contains(StatxAttributes::MOUNT_ROOT) { Err(Errno::XDEV.into()) } else { Ok(seen) }
    }

    fn see_by(&self, above: BorrowedFd, name: impl Arg, flags: AtFlags) -> io::Result<(Seen, StatxAttributes)> {
        self.pace.take(1);
        let told = statx(above, name, flags, StatxFlags::BASIC_STATS | StatxFlags::BTIME)?;
        let seen = Seen::from(&told);
        // A subvolume is another device, though nothing is mounted there.
        if seen.facts.inode.0 != self.device {
            return Err(Errno::XDEV.into());
        }
        Ok((seen, told.stx_attributes))
    }

    /// Asks what an entry of an open directory is, where its listing does not tell.
    pub(crate) fn kind(&self, directory: BorrowedFd, name: &CStr) -> io::Result<FileType> {
        self.pace.take(1);
        Ok(FileType::from_raw_mode(statat(directory, name, AtFlags::SYMLINK_NOFOLLOW)?.st_mode))
    }

    /// Asks for an entry of an open directory; of a symbolic link for the link itself.
    pub(crate) fn ask(&self, directory: BorrowedFd, name: &CStr) -> io::Result<FileStat> {
        self.pace.take(1);
        if self.is_remote && self.takes_dont_sync.load(Relaxed) {
            match self.ask_without_sync(directory, name) {
                Err(Errno::INVAL | Errno::NOSYS) => self.takes_dont_sync.store(false, Relaxed),
                other => return Ok(other?),
            }
        }
        Ok(FileStat::from(&statat(directory, name, AtFlags::SYMLINK_NOFOLLOW)?))
    }

    fn ask_without_sync(&self, directory: BorrowedFd, name: &CStr) -> rustix::io::Result<FileStat> {
        let flags = AtFlags::SYMLINK_NOFOLLOW | AtFlags::NO_AUTOMOUNT | AtFlags::STATX_DONT_SYNC;
        let wanted = StatxFlags::TYPE | StatxFlags::INO | StatxFlags::NLINK | StatxFlags::SIZE | StatxFlags::BLOCKS;
        let told = statx(directory, name, flags, wanted | StatxFlags::MTIME | StatxFlags::CTIME)?;
        Ok(FileStat::from(&told))
    }
}

/// How long after a change the file system of that type may still say something else of it, or the same of another one.
fn settles_after(kind: &str) -> Duration {
    // These choose blocks when they write them, which may be half a minute later.
    const LATE: [&str; 5] = ["zfs", "btrfs", "bcachefs", "xfs", "f2fs"];
    Duration::from_secs(match kind {
        // A server has a clock of its own.
        kind if is_remote(kind) => 3_600,
        kind if LATE.contains(&kind) => 60,
        // File systems tell time in steps, the coarsest of two seconds.
        _ => 2,
    })
}

/// Whether the file system of that type lies on another machine.
fn is_remote(kind: &str) -> bool {
    const REMOTE: [&str; 12] =
        ["nfs", "nfs4", "cifs", "smb3", "smbfs", "ceph", "9p", "afs", "lustre", "beegfs", "gpfs", "ocfs2"];
    REMOTE.contains(&kind) || kind.starts_with("fuse.")
}
