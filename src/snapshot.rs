//! A snapshot: what one scan found, in plain values.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

use crate::series::Resource;
use crate::store::special::SpecialUse;

pub mod classes;
pub mod json;
pub mod text;

pub use classes::{Classes, Share};

/// What one scan found.
#[derive(Clone, Debug, PartialEq)]
pub struct Snapshot {
    /// When the scan started, in whole seconds.
    pub taken_at: Timestamp,
    /// The machine's name.
    pub host: String,
    /// Whether everything could be read.
    pub complete: bool,
    /// The volumes on which the stores lie.
    pub filesystems: Vec<Filesystem>,
    /// The stores.
    pub stores: Vec<Store>,
    /// What could not be read, or was left out.
    pub problems: Vec<Problem>,
}

/// A volume's own figures, as `statvfs` tells them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Filesystem {
    /// Where it is mounted.
    pub mount: String,
    /// Its type, such as `ext4`.
    pub kind: String,
    /// Its size, the root's reserve included.
    pub size_bytes: u64,
    /// What is in use.
    pub used_bytes: u64,
    /// What ordinary users can still use; less than the free space where there is a reserve.
    pub available_bytes: u64,
    /// How many inodes there are; 0 where inodes are made as needed.
    pub inodes: u64,
    /// How many inodes are in use.
    pub inodes_used: u64,
    /// How many inodes ordinary users can still use.
    pub inodes_available: u64,
}

impl Filesystem {
    /// What is in use of a resource.
    pub fn used(&self, resource: Resource) -> u64 {
        match resource {
            Resource::Bytes => self.used_bytes,
            Resource::Inodes => self.inodes_used,
        }
    }

    /// What ordinary users can have of a resource in all; `None` where there is no limit.
    pub fn limit(&self, resource: Resource) -> Option<u64> {
        match resource {
            Resource::Bytes => Some(self.used_bytes.saturating_add(self.available_bytes)),
            Resource::Inodes if self.inodes == 0 => None,
            Resource::Inodes => Some(self.inodes_used.saturating_add(self.inodes_available)),
        }
    }
}

/// A mail store.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Store {
    /// Its name: from the settings, or the last part of its root.
    pub name: String,
    /// Its directory.
    pub root: String,
    /// Everything under the root, what belongs to no mailbox included.
    pub tally: Tally,
    /// The same by what it is there for.
    pub classes: Classes,
    /// All messages by clock, week and size.
    pub cohorts: Vec<Cohort>,
    /// Days on which mail was brought in or put back in bulk, by date.
    pub events: Vec<Event>,
    /// Stores that keep their mail in files of their own kind, by path.
    pub blobs: Vec<Blob>,
    /// The mailboxes, by path and layout.
    pub mailboxes: Vec<Mailbox>,
}

impl Store {
    /// The formats that were found, each as sure as it was, with the number of mailboxes; the most frequent first.
    pub fn layouts(&self) -> Vec<LayoutCount<'_>> {
        let mut counts: Vec<LayoutCount> = Vec::new();
        for mailbox in &self.mailboxes {
            let (layout, sureness) = (mailbox.layout.as_str(), mailbox.sureness);
            match counts.iter_mut().find(|held| held.layout == layout && held.sureness == sureness) {
                Some(held) => held.mailboxes += 1,
                None => counts.push(LayoutCount { layout, sureness, mailboxes: 1 }),
            }
        }
        counts.sort_by(|a, b| b.mailboxes.cmp(&a.mailboxes).then_with(|| a.layout.cmp(b.layout)));
        counts
    }
}

/// How many mailboxes of a format there are, of which it is so sure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct LayoutCount<'a> {
    /// The format, such as `maildir`.
    pub layout: &'a str,
    /// How sure it is.
    pub sureness: Sureness,
    /// How many mailboxes.
    pub mailboxes: u64,
}

/// The mail of one user.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Mailbox {
    /// The user's domain, if the path tells one.
    pub domain: Option<String>,
    /// The user, without the domain.
    pub user: String,
    /// The mailbox's directory, relative to the store's root.
    pub path: String,
    /// The on-disk format, such as `maildir`.
    pub layout: String,
    /// How sure it is that this is a mailbox of that format.
    pub sureness: Sureness,
    /// Everything that belongs to the mailbox: the sum of its folders.
    pub tally: Tally,
    /// The same by what it is there for.
    pub classes: Classes,
    /// The mailbox's messages by clock, week and size.
    pub cohorts: Vec<Cohort>,
    /// The folders, by name.
    pub folders: Vec<Folder>,
}

impl Mailbox {
    /// The user with the domain, as in a mail address.
    pub fn address(&self) -> String {
        address(self.domain.as_deref(), &self.user)
    }
}

/// A user with the domain, as in a mail address.
pub fn address(domain: Option<&str>, user: &str) -> String {
    match domain {
        Some(domain) => format!("{user}@{domain}"),
        None => user.to_owned(),
    }
}

/// One folder of a mailbox, and the files beside it that serve it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Folder {
    /// The name as a person reads it: `/` between levels, `INBOX` for the inbox.
    pub name: String,
    /// Where it lies as the disk has it, relative to the mailbox's directory; to the store's root in formats whose
    /// folders lie anywhere, as Cyrus's do.
    pub path: String,
    /// What it is used for, as its name says.
    pub special_use: Option<SpecialUse>,
    /// What lies in the folder's directory, subfolders not included.
    pub tally: Tally,
}

/// How sure it is that a directory or file is what it was taken for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Sureness {
    /// Nothing else looks like that.
    #[default]
    Certain,
    /// Something else would have to be made to look like that.
    Likely,
    /// It fits, and so might something else.
    Guess,
}

impl Sureness {
    /// All of them, the surest first.
    pub const ALL: [Sureness; 3] = [Sureness::Certain, Sureness::Likely, Sureness::Guess];

    /// The word, as JSON and the history have it.
    pub fn word(self) -> &'static str {
        match self {
            Sureness::Certain => "certain",
            Sureness::Likely => "likely",
            Sureness::Guess => "guess",
        }
    }
}

/// Mail that came on one day in bulk, and says nothing of the growth.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Event {
    /// The day, in UTC.
    pub date: Date,
    /// What happened.
    pub kind: EventKind,
    /// How many messages it left that are still there.
    pub messages: u64,
    /// What they take in their files.
    pub bytes: u64,
}

/// What brought mail in bulk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// Saved on one day, though it arrived long before: it came from another store.
    Migration,
    /// Files of one day, though the mail was saved long before: they were put back without their times.
    Restore,
}

impl EventKind {
    /// Both of them.
    pub const ALL: [EventKind; 2] = [EventKind::Migration, EventKind::Restore];

    /// The word, as JSON and the history have it.
    pub fn word(self) -> &'static str {
        match self {
            EventKind::Migration => "migration",
            EventKind::Restore => "restore",
        }
    }
}

/// A store that keeps its mail in files of its own kind: its size is known, and no more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Blob {
    /// Where it lies, relative to the store's root.
    pub path: String,
    /// What it is, such as `exchange_edb`.
    pub kind: String,
    /// Its `st_size`.
    pub bytes: u64,
    /// Its blocks in bytes.
    pub allocated_bytes: u64,
}

/// Counts and sizes. Every sum of tallies is the tally of the whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tally {
    /// Messages, by name.
    pub messages: u64,
    /// The messages' `st_size`, each name counted.
    pub message_bytes: u64,
    /// The messages uncompressed, line ends as stored.
    pub logical_bytes: u64,
    /// The messages with CRLF line ends; `None` where the disk does not tell it of every message.
    pub virtual_bytes: Option<u64>,
    /// `st_size` of all that is no message.
    pub other_bytes: u64,
    /// Deleted mail that still lies on disk; part of the above.
    pub reclaimable_bytes: u64,
    /// Blocks of all files in bytes, each inode once in the store.
    pub allocated_bytes: u64,
    /// Names of files of every kind but directories.
    pub files: u64,
    /// Directories.
    pub directories: u64,
    /// Blocks of the directories themselves in bytes.
    pub directory_bytes: u64,
    /// Inodes of files and directories, each once in the store.
    pub inodes: u64,
    /// The earliest arrival of a message.
    pub oldest: Option<Timestamp>,
    /// The latest arrival of a message.
    pub newest: Option<Timestamp>,
}

impl Default for Tally {
    fn default() -> Self {
        Tally {
            messages: 0,
            message_bytes: 0,
            logical_bytes: 0,
            // Of no message at all the disk tells everything.
            virtual_bytes: Some(0),
            other_bytes: 0,
            reclaimable_bytes: 0,
            allocated_bytes: 0,
            files: 0,
            directories: 0,
            directory_bytes: 0,
            inodes: 0,
            oldest: None,
            newest: None,
        }
    }
}

impl std::ops::AddAssign for Tally {
    /// Sparse files can be larger than all disks together; a sum then stops at the largest number.
    fn add_assign(&mut self, other: Tally) {
        let add = |sum: &mut u64, more: u64| *sum = sum.saturating_add(more);
        add(&mut self.messages, other.messages);
        add(&mut self.message_bytes, other.message_bytes);
        add(&mut self.logical_bytes, other.logical_bytes);
        self.virtual_bytes = self.virtual_bytes.zip(other.virtual_bytes).map(|(a, b)| a.saturating_add(b));
        add(&mut self.other_bytes, other.other_bytes);
        add(&mut self.reclaimable_bytes, other.reclaimable_bytes);
        add(&mut self.allocated_bytes, other.allocated_bytes);
        add(&mut self.files, other.files);
        add(&mut self.directories, other.directories);
        add(&mut self.directory_bytes, other.directory_bytes);
        add(&mut self.inodes, other.inodes);
        self.oldest = [self.oldest, other.oldest].into_iter().flatten().min();
        self.newest = self.newest.max(other.newest);
    }
}

impl Tally {
    /// What `du` says: the blocks of files and directories in bytes.
    pub fn on_disk(&self) -> u64 {
        self.allocated_bytes.saturating_add(self.directory_bytes)
    }
}

impl std::iter::Sum for Tally {
    fn sum<I: Iterator<Item = Tally>>(tallies: I) -> Tally {
        tallies.fold(Tally::default(), |mut sum, tally| {
            sum += tally;
            sum
        })
    }
}

/// The messages of one week, by one clock, that are of one size class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cohort {
    /// By which of its times a message belongs to the week.
    pub clock: Clock,
    /// The Monday of the week, in UTC.
    pub week: Date,
    /// The lower bound of the size class in bytes; see [`SIZE_CLASSES`].
    pub size_from: u64,
    /// How many messages.
    pub messages: u64,
    /// Their `st_size`.
    pub bytes: u64,
}

/// The times of a message, which are never mixed: a migration makes all saved times one day and keeps the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Clock {
    /// When it arrived (IMAP's INTERNALDATE). Every message has it.
    Arrival,
    /// When it was saved on this disk, where the format tells.
    Saved,
    /// What its header says, where that is known without opening it.
    Sent,
}

impl Clock {
    /// All of them.
    pub const ALL: [Clock; 3] = [Clock::Arrival, Clock::Saved, Clock::Sent];

    /// The word, as the history has it.
    pub fn word(self) -> &'static str {
        match self {
            Clock::Arrival => "arrival",
            Clock::Saved => "saved",
            Clock::Sent => "sent",
        }
    }
}

/// The lower bounds of the size classes in bytes.
pub const SIZE_CLASSES: [u64; 6] = [0, 16 << 10, 128 << 10, 1 << 20, 8 << 20, 64 << 20];

/// What could not be read, or was left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Where, as text without loss.
    pub path: String,
    /// What kind of problem.
    pub kind: ProblemKind,
    /// The cause in words.
    pub detail: String,
}

/// What kind of problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ProblemKind {
    /// The scanner may not read it.
    PermissionDenied,
    /// Another file system is mounted there; it was left out on purpose.
    OtherFilesystem,
    /// Reading failed.
    ReadError,
    /// It is cut, or does not hold what its place promises.
    Damaged,
    /// It is of a version that this program does not know.
    UnknownVersion,
    /// A symbolic link leads to mail outside the store; it was left out on purpose.
    NotFollowed,
    /// A pipe, a socket or a device stands where a message belongs.
    SpecialFile,
}

impl ProblemKind {
    /// All of them.
    pub const ALL: [ProblemKind; 7] = [
        ProblemKind::PermissionDenied,
        ProblemKind::OtherFilesystem,
        ProblemKind::ReadError,
        ProblemKind::Damaged,
        ProblemKind::UnknownVersion,
        ProblemKind::NotFollowed,
        ProblemKind::SpecialFile,
    ];

    /// Whether bytes are missing from the snapshot because of the problem. What is damaged has its bytes counted, and
    /// only its messages may be more or fewer.
    pub fn is_loss(self) -> bool {
        matches!(self, ProblemKind::PermissionDenied | ProblemKind::ReadError)
    }

    /// Whether messages may be miscounted because of the problem.
    pub fn is_damage(self) -> bool {
        matches!(self, ProblemKind::Damaged | ProblemKind::UnknownVersion | ProblemKind::SpecialFile)
    }

    /// The kind as JSON and the history call it.
    pub fn word(self) -> &'static str {
        match self {
            ProblemKind::PermissionDenied => "permission_denied",
            ProblemKind::OtherFilesystem => "other_filesystem",
            ProblemKind::ReadError => "read_error",
            ProblemKind::Damaged => "damaged",
            ProblemKind::UnknownVersion => "unknown_version",
            ProblemKind::NotFollowed => "not_followed",
            ProblemKind::SpecialFile => "special_file",
        }
    }
}
