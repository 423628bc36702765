//! The interface between formats and the scan.
//!
//! The scan walks the directories of a mailbox, asks for the stat of every entry, and passes both to the [`Reader`]
//! of the mailbox's format. The reader reports to a [`Sink`]. It opens regular files only, and only to read.

use std::ffi::OsStr;
use std::fs::File;
use std::io;
use std::os::fd::{BorrowedFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rustix::fs::{FileType, Stat, Statx, fstat, makedev};

use super::content::StoreFile;
use super::name_list::NameList;
use super::no_links::{self, Purpose};
use super::owner::Owner;
use crate::model::cancel::Cancel;
use crate::model::class::Class;
use crate::model::snapshot::{ProblemKind, Tally};

pub(crate) use super::content::BLOCK_BYTES;

/// The usual block size of a file system.
pub(crate) const USUAL_BLOCK: u64 = 4_096;

/// The bytes that a file of this size usually allocates.
pub(crate) fn usual_blocks(size: u64) -> u64 {
    size.checked_next_multiple_of(USUAL_BLOCK).unwrap_or(size)
}

/// Reads one mailbox of a format.
pub(crate) trait Reader {
    /// Called before a directory is listed; returns its folder and class. `parent` is `None` for a root of the
    /// mailbox.
    fn enter(&mut self, directory: &MailboxDirectory, parent: Option<Place>, sink: &mut dyn Sink) -> Place;

    /// Called for every entry that is not a directory, including symbolic links and sockets.
    fn file(&mut self, place: Place, entry: &FileEntry, sink: &mut dyn Sink);

    /// Called last, for formats that need all files to know the messages.
    fn finish(&mut self, _sink: &mut dyn Sink) {}

    /// What the cache may keep of an unchanged directory.
    fn keeps(&self, _place: Place) -> Keeps {
        Keeps::Nothing
    }

    /// The size in a message file's name.
    fn size_in_name(&self, _name: &[u8]) -> Option<u64> {
        None
    }

    /// Reports a message from its name alone; false if the name lacks size or time. `guess` makes a stat from the
    /// two.
    fn file_by_name(
        &mut self,
        _place: Place,
        _name: &[u8],
        _guess: &dyn Fn(u64, i64) -> FileStat,
        _sink: &mut dyn Sink,
    ) -> bool {
        false
    }

    /// The part of a message file's name that never changes.
    fn lasting_part<'n>(&self, name: &'n [u8]) -> &'n [u8] {
        name
    }
}

/// What the cache may keep of an unchanged directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keeps {
    /// The directory is listed in every scan.
    Nothing,
    /// The names: files that may grow in place are stat'ed in every scan.
    Names,
    /// The messages: files never change, and each is a whole message of the directory's folder.
    Messages,
}

/// Receives what a reader finds.
pub(crate) trait Sink {
    /// The folder with this name, created on first use; `path` is relative to the mailbox's root.
    fn folder(&mut self, name: &str, path: &Path) -> FolderId;

    /// Reports a message that the mail server would show.
    fn message(&mut self, folder: FolderId, message: &Message);

    /// Reports bytes of deleted mail that are still on disk.
    fn reclaimable(&mut self, folder: FolderId, bytes: u64);

    /// Charges a directory entry to a class. Called once per entry.
    fn file(&mut self, folder: FolderId, class: Class, facts: &FileStat);

    /// Charges a file of mail: `reclaimable` bytes are deleted mail, the rest is messages.
    fn mail_file(&mut self, folder: FolderId, reclaimable: u64, facts: &FileStat);

    /// Names the owner, for formats that store it.
    fn owner(&mut self, owner: Owner);

    /// Reports an entry that could not be read or understood.
    fn problem(&mut self, path: &Path, kind: ProblemKind, detail: &str);

    /// Reports a message that has a file of its own.
    fn message_file(&mut self, folder: FolderId, message: &Message, facts: &FileStat) {
        self.message(folder, message);
        self.file(folder, if message.is_deleted { Class::Reclaimable } else { Class::Message }, facts);
    }

    /// Reports an entry that has the name of a file of mail without being a regular file.
    fn special_file(&mut self, folder: FolderId, entry: &FileEntry, detail: &str) {
        self.problem(&entry.path(), ProblemKind::SpecialFile, detail);
        self.file(folder, Class::Other, &entry.facts);
    }

    /// Reports a read error, unless the file is just gone.
    fn read_error(&mut self, path: &Path, error: &io::Error) {
        match error.kind() {
            io::ErrorKind::NotFound => {}
            kind => self.problem(path, problem_of_read(kind), &error.to_string()),
        }
    }
}

pub(crate) fn problem_of_read(error: io::ErrorKind) -> ProblemKind {
    match error {
        io::ErrorKind::PermissionDenied => ProblemKind::PermissionDenied,
        _ => ProblemKind::ReadError,
    }
}

/// The problem with a message that is not a regular file.
pub(crate) const NOT_A_MESSAGE: &str = "not a message: a pipe, socket or device";

/// A folder of the mailbox, as a [`Sink`] numbers them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct FolderId(pub usize);

/// What a directory is charged to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub folder: FolderId,
    /// The class of the directory's own blocks.
    pub class: Class,
    pub role: Role,
}

/// A reader's note on a directory, for the files in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// The top of a queue.
    Root,
    Folder,
    /// Files of mail.
    Mail,
    /// Postfix's mail with a mode of its own.
    Corrupt,
    Indexes,
    Other,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Message {
    /// Bytes in its file.
    pub bytes: u64,
    /// Uncompressed size, line ends as stored.
    pub logical: u64,
    /// Uncompressed size with CRLF line ends, if known.
    pub virtual_size: Option<u64>,
    /// IMAP's INTERNALDATE, in unix seconds.
    pub arrival: i64,
    /// When it was saved on this disk, in unix seconds.
    pub saved: Option<i64>,
    /// The date in its header, in unix seconds, if known without opening the file.
    pub sent: Option<i64>,
    /// The file's mtime if far later than arrival and saving: a restore without times.
    pub touched: Option<i64>,
    /// Marked as deleted, not yet expunged.
    pub is_deleted: bool,
}

impl Message {
    /// A message about which only its file is known.
    pub(crate) fn from_stat(facts: &FileStat) -> Message {
        Message { bytes: facts.size, logical: facts.size, arrival: facts.modified, ..Message::default() }
    }

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

/// The stat of a directory entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FileStat {
    /// Device and inode number.
    pub inode: (u64, u64),
    pub links: u64,
    /// In bytes.
    pub size: u64,
    /// Allocated blocks in bytes.
    pub allocated: u64,
    /// mtime in unix seconds.
    pub modified: i64,
    /// ctime in unix seconds.
    pub changed: i64,
    /// Nothing but regular files is ever opened.
    pub is_regular: bool,
    pub is_symlink: bool,
}

impl FileStat {
    /// An empty regular file.
    pub(crate) const EMPTY: FileStat = FileStat {
        inode: (0, 0),
        links: 1,
        size: 0,
        allocated: 0,
        modified: 0,
        changed: 0,
        is_regular: true,
        is_symlink: false,
    };
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
    fn from(stat: &Statx) -> FileStat {
        let kind = FileType::from_raw_mode(u32::from(stat.stx_mode));
        FileStat {
            inode: (makedev(stat.stx_dev_major, stat.stx_dev_minor), stat.stx_ino),
            links: u64::from(stat.stx_nlink),
            size: stat.stx_size,
            allocated: stat.stx_blocks.saturating_mul(BLOCK_BYTES),
            modified: stat.stx_mtime.tv_sec,
            changed: stat.stx_ctime.tv_sec,
            is_regular: kind == FileType::RegularFile,
            is_symlink: kind == FileType::Symlink,
        }
    }
}

/// A directory of a mailbox.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MailboxDirectory<'a> {
    /// Index of the mailbox's root: 0 is the mailbox itself, others are joined parts.
    pub root: usize,
    /// Relative to the root; empty for the root itself.
    pub relative: &'a Path,
    pub path: &'a Path,
    /// Names of its subdirectories, if known.
    pub directories: Option<&'a NameList>,
}

impl<'a> MailboxDirectory<'a> {
    /// A directory outside a walk.
    pub(crate) fn alone(path: &'a Path) -> MailboxDirectory<'a> {
        MailboxDirectory { root: 0, relative: Path::new(""), path, directories: None }
    }

    pub(crate) fn has_directory(&self, name: &str) -> bool {
        match self.directories {
            Some(names) => names.iter().any(|known| known.to_bytes() == name.as_bytes()),
            None => no_links::is_directory(&self.path.join(name)),
        }
    }

    /// Empty for the root.
    pub(crate) fn name(&self) -> &[u8] {
        self.relative.file_name().map_or(b"", OsStrExt::as_bytes)
    }
}

/// A directory entry that is not a directory.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FileEntry<'a> {
    pub directory: &'a Path,
    pub fd: BorrowedFd<'a>,
    pub name: &'a [u8],
    pub facts: FileStat,
    pub cancel: &'a Cancel,
}

impl FileEntry<'_> {
    pub(crate) fn path(&self) -> PathBuf {
        self.directory.join(OsStr::from_bytes(self.name))
    }

    /// # Errors
    ///
    /// Fails if the file cannot be read or is not regular.
    pub(crate) fn open(&self) -> io::Result<StoreFile> {
        let name = Path::new(OsStr::from_bytes(self.name));
        let file = open_regular(&self.facts, || no_links::open_at(self.fd, name, Purpose::Read))?;
        Ok(StoreFile::new(file, self.cancel))
    }
}

/// Opens a regular file; `None` if it does not exist.
///
/// # Errors
///
/// Fails if the file cannot be read or is not regular.
pub(crate) fn open_file(path: &Path) -> io::Result<Option<(StoreFile, FileStat)>> {
    let Some(stat) = no_links::stat(path)? else { return Ok(None) };
    let facts = FileStat::from(&stat);
    let file = open_regular(&facts, || no_links::open(path, Purpose::Read))?;
    Ok(Some((StoreFile::new(file, &Cancel::never()), facts)))
}

/// The first bytes of a regular file; empty if it cannot be read.
pub(crate) fn head_of(path: &Path, length: usize) -> Vec<u8> {
    open_file(path).ok().flatten().and_then(|(file, _)| file.head(length).ok()).unwrap_or_default()
}

/// Opens a file whose stat says it is regular. The name may now refer to another file: a pipe would block and opening
/// a device has effects, so the open never waits, and another inode is refused.
fn open_regular(facts: &FileStat, open: impl FnOnce() -> io::Result<OwnedFd>) -> io::Result<File> {
    if !facts.is_regular {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file: it was not opened"));
    }
    let opened = open()?;
    let now = FileStat::from(&fstat(&opened)?);
    match now.is_regular && now.inode == facts.inode {
        true => Ok(File::from(opened)),
        false => Err(io::Error::new(io::ErrorKind::NotFound, "another file replaced it")),
    }
}
