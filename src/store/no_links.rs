//! Opens what is below a store, and follows no symbolic link on the way: users may replace a directory by a link at any
//! time, also while it is being read. A store's root is a path without links.
//!
//! Nothing waits for a pipe, and nothing that is read gets a new access time, where the kernel allows that.

use std::ffi::OsStr;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::{Component, Path};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use rustix::fs::{CWD, FileType, Mode, OFlags, ResolveFlags, Stat, fstat, openat, openat2};
use rustix::io::{Errno, Result};

/// Bytes of a path that the kernel takes in one call, with room to spare. A longer one is opened in pieces.
const LONGEST_PIECE: usize = 2 << 10;

/// Bytes of the longest path that is opened. Users can nest directories without end, and the time for a path and the
/// memory for its name grow with its length.
pub(crate) const LONGEST_PATH: usize = 64 << 10;

/// Whether the kernel has `openat2` (Linux 5.6) and allows it.
static HAS_OPENAT2: AtomicBool = AtomicBool::new(true);
/// Whether the user has not yet been refused to read without a new access time.
static MAY_KEEP_ATIME: AtomicBool = AtomicBool::new(true);

/// What something is opened for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// To stat it, whatever it is, a link too.
    Stat,
    /// To stat a directory, or to open what is in it.
    Enter,
    /// To list a directory.
    List,
    /// To read a file.
    Read,
}

impl Purpose {
    fn flags(self) -> OFlags {
        let reads = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::NOATIME;
        let flags = match self {
            Purpose::Stat => OFlags::PATH,
            Purpose::Enter => OFlags::PATH | OFlags::DIRECTORY,
            Purpose::List => reads | OFlags::DIRECTORY,
            Purpose::Read => reads,
        };
        flags | OFlags::NOFOLLOW | OFlags::CLOEXEC
    }
}

/// Opens an absolute path.
///
/// # Errors
///
/// Fails if it cannot be opened. With a link on the way, nothing is there.
pub(crate) fn open(path: &Path, purpose: Purpose) -> io::Result<OwnedFd> {
    Ok(open_absolute(path, purpose)?)
}

/// Opens a path below an open directory; an empty path is the directory itself.
///
/// # Errors
///
/// Fails if it cannot be opened, or if another file system is on the way (`EXDEV`). With a link on the way, nothing is there.
pub(crate) fn open_at(above: BorrowedFd, path: &Path, purpose: Purpose) -> io::Result<OwnedFd> {
    let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
    Ok(open_from(above, path, purpose.flags(), ResolveFlags::NO_SYMLINKS | ResolveFlags::NO_XDEV)?)
}

fn open_absolute(path: &Path, purpose: Purpose) -> Result<OwnedFd> {
    open_from(CWD, path, purpose.flags(), ResolveFlags::NO_SYMLINKS)
}

fn open_from(above: BorrowedFd, path: &Path, flags: OFlags, resolve: ResolveFlags) -> Result<OwnedFd> {
    if path.as_os_str().len() > LONGEST_PATH {
        return Err(Errno::NAMETOOLONG);
    }
    let flags = if MAY_KEEP_ATIME.load(Relaxed) { flags } else { flags - OFlags::NOATIME };
    match open_once(above, path, flags, resolve) {
        // Only the owner of a file and root may use O_NOATIME. A user who reads other people's mail does not try again.
        Err(Errno::PERM) if flags.contains(OFlags::NOATIME) => {
            MAY_KEEP_ATIME.store(false, Relaxed);
            open_once(above, path, flags - OFlags::NOATIME, resolve)
        }
        other => other,
    }
    // A link or a file has taken the place of a directory.
    .map_err(|error| if matches!(error, Errno::LOOP | Errno::NOTDIR) { Errno::NOENT } else { error })
}

fn open_once(above: BorrowedFd, path: &Path, flags: OFlags, resolve: ResolveFlags) -> Result<OwnedFd> {
    if HAS_OPENAT2.load(Relaxed) {
        match open_in_pieces(above, path, flags, resolve) {
            Err(Errno::NOSYS) => HAS_OPENAT2.store(false, Relaxed),
            // Seccomp filters of containers refuse unknown calls with EPERM, as the kernel does O_NOATIME.
            Err(Errno::PERM) if !flags.contains(OFlags::NOATIME) => HAS_OPENAT2.store(false, Relaxed),
            other => return other,
        }
    }
    open_by_parts(above, path, flags)
}

fn open_in_pieces(above: BorrowedFd, path: &Path, flags: OFlags, resolve: ResolveFlags) -> Result<OwnedFd> {
    let Some((first, rest)) = split_long(path) else { return openat2(above, path, flags, Mode::empty(), resolve) };
    let mut reached = openat2(above, first, Purpose::Enter.flags(), Mode::empty(), resolve)?;
    let mut rest = rest;
    while let Some((piece, after)) = split_long(rest) {
        reached = openat2(&reached, piece, Purpose::Enter.flags(), Mode::empty(), resolve)?;
        rest = after;
    }
    openat2(&reached, rest, flags, Mode::empty(), resolve)
}

/// Splits a long path between two of its parts; `None` for a short one.
fn split_long(path: &Path) -> Option<(&Path, &Path)> {
    let bytes = path.as_os_str().as_bytes();
    let first = bytes.get(..LONGEST_PIECE).filter(|first| first.len() < bytes.len())?;
    let (first, rest) = bytes.split_at(first.iter().rposition(|&byte| byte == b'/')?);
    Some((Path::new(OsStr::from_bytes(first)), Path::new(OsStr::from_bytes(&rest[1..]))))
}

/// Opens a path part by part, so that none is a link that is followed: what `openat2` does in one call.
fn open_by_parts(above: BorrowedFd, path: &Path, flags: OFlags) -> Result<OwnedFd> {
    let mut parts = path.components().peekable();
    let mut reached: Option<OwnedFd> = None;
    while let Some(part) = parts.next() {
        if part == Component::ParentDir {
            return Err(Errno::LOOP);
        }
        let flags = if parts.peek().is_some() { Purpose::Enter.flags() } else { flags };
        let from = reached.as_ref().map_or(above, |fd| fd.as_fd());
        reached = Some(openat(from, part.as_os_str(), flags, Mode::empty())?);
    }
    reached.ok_or(Errno::NOENT)
}

/// The stat of an absolute path; `None` if nothing is there.
///
/// # Errors
///
/// Fails if the place cannot be reached.
pub(crate) fn stat(path: &Path) -> io::Result<Option<Stat>> {
    match open_absolute(path, Purpose::Stat).and_then(fstat) {
        Ok(stat) => Ok(Some(stat)),
        Err(Errno::NOENT) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

pub(crate) fn is_directory(path: &Path) -> bool {
    open_absolute(path, Purpose::Enter).is_ok()
}

pub(crate) fn is_file(path: &Path) -> bool {
    is_kind(path, FileType::RegularFile)
}

pub(crate) fn is_link(path: &Path) -> bool {
    is_kind(path, FileType::Symlink)
}

fn is_kind(path: &Path, kind: FileType) -> bool {
    stat(path).is_ok_and(|stat| stat.is_some_and(|stat| FileType::from_raw_mode(stat.st_mode) == kind))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::listing::{DirectoryListing, entries};
    use crate::store::reader::{head_of, open_file};
    use std::fs;
    use std::fs::{File, FileTimes};
    use std::os::unix::fs::{MetadataExt, symlink};
    use std::path::PathBuf;
    use std::time::SystemTime;

    const NO_LINKS: ResolveFlags = ResolveFlags::NO_SYMLINKS;

    /// Opens with `openat2` and without it.
    fn both_open(above: BorrowedFd, path: &Path, flags: OFlags) -> [Option<u64>; 2] {
        let opened = [open_in_pieces(above, path, flags, NO_LINKS), open_by_parts(above, path, flags)];
        opened.map(|opened| opened.ok().map(|fd| fstat(fd).unwrap().st_ino))
    }

    #[test]
    fn nothing_is_reached_through_a_link() {
        let (store, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        fs::create_dir_all(store.path().join("ann/cur")).unwrap();
        fs::create_dir(outside.path().join("cur")).unwrap();
        for top in [store.path().join("ann"), outside.path().to_owned()] {
            fs::write(top.join("cur/1"), "mail").unwrap();
        }
        symlink(outside.path(), store.path().join("bob")).unwrap();
        let at = |path: &str| store.path().join(path);
        assert!(both_open(CWD, &at("ann/cur/1"), Purpose::Read.flags()).iter().all(Option::is_some));
        for path in ["bob/cur/1", "bob/cur", "bob", "bob/"] {
            assert_eq!(both_open(CWD, &at(path), Purpose::Read.flags()), [None, None], "{path}");
        }
        assert_eq!((head_of(&at("ann/cur/1"), 4), head_of(&at("bob/cur/1"), 4)), (b"mail".to_vec(), Vec::new()));
        assert!(open_file(&at("bob/cur/1")).unwrap().is_none() && stat(&at("bob/cur/1")).unwrap().is_none());
        assert!(is_directory(&at("ann/cur")) && !is_directory(&at("bob/cur")) && !is_directory(&at("bob")));
        assert!(is_file(&at("ann/cur/1")) && !is_file(&at("bob/cur/1")));
        assert!(entries(&at("bob")).is_err() && DirectoryListing::read(&at("bob/cur")).is_err());
        assert_eq!(
            entries(&at("ann/cur")).unwrap().map(|entry| entry.unwrap().name().to_vec()).collect::<Vec<_>>(),
            [b"1"]
        );
        assert!(is_link(&at("bob")) && !is_link(&at("ann")));
    }

    #[test]
    fn a_long_path_is_opened_in_pieces() {
        let home = tempfile::tempdir().unwrap();
        let top = open(home.path(), Purpose::Enter).unwrap();
        let (mut deepest, mut path) = (open_at(top.as_fd(), Path::new(""), Purpose::Enter).unwrap(), PathBuf::new());
        for _ in 0..60 {
            let name = "d".repeat(200);
            rustix::fs::mkdirat(&deepest, &name, Mode::RWXU).unwrap();
            deepest = open_at(deepest.as_fd(), Path::new(&name), Purpose::Enter).unwrap();
            path.push(&name);
        }
        let inode = fstat(&deepest).unwrap().st_ino;
        assert_eq!(both_open(top.as_fd(), &path, Purpose::List.flags()), [Some(inode); 2]);
        assert_eq!(stat(&home.path().join(&path)).unwrap().unwrap().st_ino, inode);
        let (first, rest) = split_long(&path).unwrap();
        assert_eq!((first.join(rest), split_long(Path::new("a/b"))), (path, None));
        let too_long = open(&Path::new("/").join("d/".repeat(LONGEST_PATH)), Purpose::Stat).unwrap_err();
        assert_eq!(too_long.kind(), io::ErrorKind::InvalidFilename);
    }

    #[test]
    fn reading_leaves_the_access_time_and_waits_for_no_pipe() {
        let home = tempfile::tempdir().unwrap();
        let (pipe, file) = (home.path().join("pipe"), home.path().join("file"));
        rustix::fs::mknodat(CWD, &pipe, FileType::Fifo, Mode::RWXU, 0).unwrap();
        assert!(open(&pipe, Purpose::Read).is_ok() && open(&pipe, Purpose::List).is_err());
        fs::write(&file, "mail").unwrap();
        let long_ago = || FileTimes::new().set_accessed(SystemTime::UNIX_EPOCH);
        for path in [&file, home.path()] {
            File::open(path).unwrap().set_times(long_ago()).unwrap();
        }
        assert_eq!((head_of(&file, 4), entries(home.path()).unwrap().count()), (b"mail".to_vec(), 2));
        assert_eq!([&file, home.path()].map(|path| fs::metadata(path).unwrap().atime()), [0, 0]);
    }
}
