//! What a format's reader is told of a mailbox, and what it tells: the border between formats and the scan.
//!
//! The scan walks the directories of a mailbox, asks for the facts of every entry, and hands both to the [`Reader`] of
//! the mailbox's format. The reader says what each file is to a [`Sink`]. A reader opens regular files only, and only
//! to read.

use crate::model::snapshot::Tally;
use jiff::Timestamp;
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use rustix::fs::{AtFlags, CWD, FileType, Mode, OFlags, Stat, Statx, fstat, makedev, openat, statat};

use super::owner::Owner;
use crate::model::class::Class;
use crate::model::snapshot::ProblemKind;

/// `st_blocks` counts in these, whatever the file system's block size.
pub(crate) const BLOCK_BYTES: u64 = 512;

/// A file takes blocks of this size as a rule.
const USUAL_BLOCK: u64 = 4_096;

/// What a file of that size takes on disk as a rule, in bytes.
pub(crate) fn usual_blocks(size: u64) -> u64 {
    size.checked_next_multiple_of(USUAL_BLOCK).unwrap_or(size)
}

/// Walks through one mailbox in the words of its format.
pub(crate) trait Reader {
    /// A directory is about to be listed: says whose it is and what its own blocks are. The parent's place is given,
    /// none for a root of the mailbox.
    fn enter(&mut self, directory: &MailboxDirectory, parent: Option<Place>, sink: &mut dyn Sink) -> Place;

    /// An entry that is no directory; symbolic links, sockets and the like among them.
    fn file(&mut self, place: Place, entry: &FileEntry, sink: &mut dyn Sink);

    /// Everything has been seen; for formats whose files only together tell what a message is.
    fn finish(&mut self, _sink: &mut dyn Sink) {}

    /// What may be remembered of a directory from scan to scan, while it stands still.
    fn keeps(&self, _place: Place) -> Keeps {
        Keeps::Nothing
    }

    /// The size that the name of a message file tells, if it does.
    fn size_in_name(&self, _name: &[u8]) -> Option<u64> {
        None
    }

    /// Tells of a message by its name alone, if that tells size and time; whether it does. What the disk would say is
    /// guessed from the two.
    fn file_by_name(
        &mut self,
        _place: Place,
        _name: &[u8],
        _guess: &dyn Fn(u64, i64) -> FileStat,
        _sink: &mut dyn Sink,
    ) -> bool {
        false
    }

    /// The part of a message file's name that stays the same as long as the message does.
    fn lasting_part<'n>(&self, name: &'n [u8]) -> &'n [u8] {
        name
    }
}

/// What may be remembered of a directory that stands still.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keeps {
    /// Nothing: it is listed each time.
    Nothing,
    /// The names in it: files that may grow in place are asked for each time.
    Names,
    /// All that was told of it: its files never change, and each alone says what it is, in the folder of its place.
    Messages,
}

/// Takes what a reader tells.
pub(crate) trait Sink {
    /// The folder of that name, made when it is named first; `path` is where it lies in the mailbox's root.
    fn folder(&mut self, name: &str, path: &Path) -> FolderId;

    /// A message that the mail server would show.
    fn message(&mut self, folder: FolderId, message: &Message);

    /// Deleted mail that still lies on disk and is no message any more, in bytes.
    fn reclaimable(&mut self, folder: FolderId, bytes: u64);

    /// A name on the disk: its inode and blocks are of that class. Every entry is told once.
    fn file(&mut self, folder: FolderId, class: Class, facts: &FileStat);

    /// As `file`, of a file that holds mail of which so many bytes can be reclaimed; the rest is messages.
    fn mail_file(&mut self, folder: FolderId, reclaimable: u64, facts: &FileStat);

    /// Whose mailbox it is, for formats that say so inside.
    fn owner(&mut self, owner: Owner);

    /// Something could not be read or understood.
    fn problem(&mut self, path: &Path, kind: ProblemKind, detail: &str);
}

/// A folder of the mailbox that is being read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct FolderId(pub usize);

/// Whose a directory is, and what its blocks are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// The folder that is charged.
    pub folder: FolderId,
    /// The class of the directory's own blocks.
    pub class: Class,
    /// What the reader wants to remember of the directory for the files in it.
    pub role: u32,
}

/// A message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Message {
    /// What it takes in its file.
    pub bytes: u64,
    /// Its size uncompressed, line ends as stored.
    pub logical: u64,
    /// The same with CRLF line ends, if the disk tells.
    pub virtual_size: Option<u64>,
    /// When it arrived (IMAP's INTERNALDATE), in unix seconds.
    pub arrival: i64,
    /// When it was saved on this disk, if the format tells, in unix seconds.
    pub saved: Option<i64>,
    /// The date in its header, if that is known without opening it, in unix seconds.
    pub sent: Option<i64>,
    /// The time of its file, where that is far later than both others: what a restore without times leaves.
    pub touched: Option<i64>,
    /// Whether it is marked as deleted; it still is a message.
    pub is_deleted: bool,
}

impl Message {
    /// Adds the message to a tally; `arrival` is when it arrived.
    pub(crate) fn add_to(&self, tally: &mut Tally, arrival: Option<Timestamp>) {
        tally.messages += 1;
        tally.message_bytes = tally.message_bytes.saturating_add(self.bytes);
        tally.logical_bytes = tally.logical_bytes.saturating_add(self.logical);
        tally.virtual_bytes = tally.virtual_bytes.zip(self.virtual_size).map(|(sum, size)| sum.saturating_add(size));
        if self.is_deleted {
            tally.reclaimable_bytes = tally.reclaimable_bytes.saturating_add(self.bytes);
        }
        if arrival.is_some_and(|arrival| tally.oldest.is_none_or(|oldest| arrival < oldest)) {
            tally.oldest = arrival;
        }
        tally.newest = tally.newest.max(arrival);
    }
}

/// What the disk tells of an entry, without opening it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FileStat {
    /// The device and the inode's number.
    pub inode: (u64, u64),
    /// How many names the inode has.
    pub links: u64,
    /// `st_size` in bytes.
    pub size: u64,
    /// Blocks in bytes.
    pub allocated: u64,
    /// The time of the last change to the content, in unix seconds.
    pub modified: i64,
    /// The time of the last change to the inode, in unix seconds.
    pub changed: i64,
    /// Whether it is a regular file: nothing else is ever opened.
    pub is_regular: bool,
    /// Whether it is a symbolic link.
    pub is_symlink: bool,
}

impl From<&Stat> for FileStat {
    fn from(stat: &Stat) -> FileStat {
        let kind = FileType::from_raw_mode(stat.st_mode);
        FileStat {
            inode: (stat.st_dev, stat.st_ino),
            links: stat.st_nlink,
            size: stat.st_size as u64,
            allocated: (stat.st_blocks as u64).saturating_mul(BLOCK_BYTES),
            modified: stat.st_mtime,
            changed: stat.st_ctime,
            is_regular: kind == FileType::RegularFile,
            is_symlink: kind == FileType::Symlink,
        }
    }
}

impl From<&Statx> for FileStat {
    fn from(told: &Statx) -> FileStat {
        let kind = FileType::from_raw_mode(u32::from(told.stx_mode));
        FileStat {
            inode: (makedev(told.stx_dev_major, told.stx_dev_minor), told.stx_ino),
            links: u64::from(told.stx_nlink),
            size: told.stx_size,
            allocated: told.stx_blocks.saturating_mul(BLOCK_BYTES),
            modified: told.stx_mtime.tv_sec,
            changed: told.stx_ctime.tv_sec,
            is_regular: kind == FileType::RegularFile,
            is_symlink: kind == FileType::Symlink,
        }
    }
}

/// A directory that is about to be listed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MailboxDirectory<'a> {
    /// Which of the mailbox's roots it lies below: 0 for the mailbox itself, others for storage that was joined to it.
    pub root: usize,
    /// Its path relative to that root; empty for the root itself.
    pub relative: &'a Path,
    /// Its whole path.
    pub path: &'a Path,
    /// The names of the directories in it, if they are known.
    pub directories: Option<&'a [OsString]>,
}

impl<'a> MailboxDirectory<'a> {
    /// A directory that is looked at by itself.
    pub(crate) fn alone(path: &'a Path) -> MailboxDirectory<'a> {
        MailboxDirectory { root: 0, relative: Path::new(""), path, directories: None }
    }

    /// Whether there is a directory of that name in it.
    pub(crate) fn has_directory(&self, name: &str) -> bool {
        match self.directories {
            Some(names) => names.iter().any(|held| held == name),
            None => self.path.join(name).symlink_metadata().is_ok_and(|metadata| metadata.is_dir()),
        }
    }

    /// Its own name; empty for the root.
    pub(crate) fn name(&self) -> &[u8] {
        self.relative.file_name().map_or(b"", OsStrExt::as_bytes)
    }

    /// Opens a regular file in it; `None` if there is none of that name.
    ///
    /// # Errors
    /// If it cannot be read, or is no regular file.
    pub(crate) fn open(&self, name: impl AsRef<Path>) -> io::Result<Option<(File, FileStat)>> {
        let path = self.path.join(name);
        match statat(CWD, &path, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(stat) => {
                let facts = FileStat::from(&stat);
                open_regular(CWD, &path, &facts).map(|file| Some((file, facts)))
            }
            Err(rustix::io::Errno::NOENT) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}

/// An entry of a directory that is no directory.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FileEntry<'a> {
    /// The path of the directory.
    pub directory: &'a Path,
    /// The open directory.
    pub fd: BorrowedFd<'a>,
    /// The entry's name.
    pub name: &'a [u8],
    /// What the disk tells of it.
    pub facts: FileStat,
}

impl FileEntry<'_> {
    /// The whole path.
    pub(crate) fn path(&self) -> PathBuf {
        self.directory.join(OsStr::from_bytes(self.name))
    }

    /// Opens it to read.
    ///
    /// # Errors
    /// If it cannot be read, or is no regular file.
    pub(crate) fn open(&self) -> io::Result<File> {
        open_regular(self.fd, OsStr::from_bytes(self.name), &self.facts)
    }
}

/// Opens a file that was seen to be regular. What stands there now may be another: a pipe would block and a device
/// would act on being opened, so that nothing is waited for, and whatever is not the same inode is given back.
fn open_regular(directory: impl AsFd, name: impl rustix::path::Arg, facts: &FileStat) -> io::Result<File> {
    if !facts.is_regular {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is no regular file, and was not opened"));
    }
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    let name = name.into_c_str()?;
    let name = name.as_ref();
    let opened = match openat(&directory, name, flags | OFlags::NOATIME, Mode::empty()) {
        // Only the owner may ask for that.
        Err(rustix::io::Errno::PERM) => openat(&directory, name, flags, Mode::empty()),
        other => other,
    }?;
    let now = FileStat::from(&fstat(&opened)?);
    match now.is_regular && now.inode == facts.inode {
        true => Ok(File::from(opened)),
        false => Err(io::Error::new(io::ErrorKind::NotFound, "another file came in its place")),
    }
}
