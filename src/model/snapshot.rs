//! A snapshot: what one scan found, in plain values.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Serialize, Serializer};
use std::path::Path;

use crate::model::series::Resource;
use crate::model::special_use::SpecialUse;

mod calibration;
mod classes;
pub mod cohort;
mod problem;
mod tally;
pub mod use_cohort;

pub use calibration::SizeCalibration;
pub use classes::{ClassUsage, Classes};
pub use cohort::{Clock, Cohort, Cohorts, SIZE_CLASSES};
pub use problem::{Problem, ProblemKind};
pub use tally::Tally;
pub use use_cohort::UseCohort;

/// What one scan found.
#[derive(Clone, Debug, PartialEq, Serialize)]
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
            // No volume counts them, and none has a limit of them.
            Resource::Messages => 0,
        }
    }

    /// What ordinary users can have of a resource in all; `None` where there is no limit.
    pub fn limit(&self, resource: Resource) -> Option<u64> {
        match resource {
            Resource::Bytes => Some(self.used_bytes.saturating_add(self.available_bytes)),
            Resource::Messages => None,
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
    /// All messages by the use of their folder, clock and week; none of a snapshot that is older than they are.
    pub uses: Vec<UseCohort>,
    /// Days on which mail was brought in or put back in bulk, by date.
    pub events: Vec<BulkArrival>,
    /// Stores that keep their mail in files of their own kind, by path.
    pub blobs: Vec<Blob>,
    /// How far off sizes may be, if they were taken from the names of messages; else the disk told them.
    pub calibration: Option<SizeCalibration>,
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

impl Serialize for Store {
    /// Adds the number of mailboxes and their formats.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Fields<'a> {
            store: &'a str,
            root: &'a str,
            mailboxes: usize,
            #[serde(flatten)]
            tally: Tally,
            classes: Classes,
            layouts: Vec<LayoutCount<'a>>,
            events: &'a [BulkArrival],
            blobs: &'a [Blob],
            calibration: Option<SizeCalibration>,
            mailbox: &'a [Mailbox],
        }
        let fields = Fields {
            store: &self.name,
            root: &self.root,
            mailboxes: self.mailboxes.len(),
            tally: self.tally,
            classes: self.classes,
            layouts: self.layouts(),
            events: &self.events,
            blobs: &self.blobs,
            calibration: self.calibration,
            mailbox: &self.mailboxes,
        };
        fields.serialize(serializer)
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
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
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
    #[serde(flatten)]
    pub tally: Tally,
    /// The same by what it is there for.
    pub classes: Classes,
    /// The mailbox's messages by clock, week and size.
    #[serde(skip)]
    pub cohorts: Cohorts,
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
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Folder {
    /// The name as a person reads it: `/` between levels, `INBOX` for the inbox.
    pub name: String,
    /// Where it lies as the disk has it, relative to the mailbox's directory; to the store's root in formats whose
    /// folders lie anywhere, as Cyrus's do.
    pub path: String,
    /// What it is used for, as its name says.
    pub special_use: Option<SpecialUse>,
    /// What lies in the folder's directory, subfolders not included.
    #[serde(flatten)]
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
pub struct BulkArrival {
    /// The day, in UTC.
    pub date: Date,
    /// What happened.
    pub kind: BulkArrivalKind,
    /// How many messages it left that are still there.
    pub messages: u64,
    /// What they take in their files.
    pub bytes: u64,
}

/// What brought mail in bulk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum BulkArrivalKind {
    /// Saved on one day, though it arrived long before: it came from another store.
    Migration,
    /// Files of one day, though the mail was saved long before: they were put back without their times.
    Restore,
}

impl BulkArrivalKind {
    /// Both of them.
    pub const ALL: [BulkArrivalKind; 2] = [BulkArrivalKind::Migration, BulkArrivalKind::Restore];

    /// The word, as JSON and the history have it.
    pub fn word(self) -> &'static str {
        match self {
            BulkArrivalKind::Migration => "migration",
            BulkArrivalKind::Restore => "restore",
        }
    }
}

/// A database that mail may be kept in: its size is known, and no more.
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

/// Where the volume is mounted on which a directory lies: the nearest of them.
pub fn volume_of<'a>(filesystems: &'a [Filesystem], root: &str) -> Option<&'a str> {
    let above = filesystems.iter().map(|volume| volume.mount.as_str()).filter(|m| Path::new(root).starts_with(m));
    above.max_by_key(|mount| mount.len())
}
