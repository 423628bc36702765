//! A snapshot: the result of one scan, in plain values.

use jiff::Timestamp;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Serialize, Serializer};
use std::path::Path;
use strum_macros::IntoStaticStr;

use crate::model::schema::{Day, Time, serialized_as};
use crate::model::{series::Resource, special_use::SpecialUse};

mod calibration;
mod classes;
pub mod cohort;
pub(crate) mod mailboxes;
mod problem;
mod tally;
pub(crate) mod unread;
pub mod use_cohort;

pub use calibration::SizeCalibration;
pub use classes::{ClassUsage, Classes};
pub use cohort::{Clock, Cohort, Cohorts, SIZE_CLASSES};
pub use mailboxes::Mailboxes;
pub use problem::{Problem, ProblemKind};
pub use tally::Tally;
pub use unread::UnreadPlaces;
pub use use_cohort::UseCohort;

/// The result of one scan.
#[derive(Clone, Debug, PartialEq, JsonSchema, Serialize)]
pub struct Snapshot {
    /// The start of the scan, in whole seconds.
    #[schemars(with = "Time")]
    pub taken_at: Timestamp,
    /// The host.
    pub host: String,
    /// Whether everything could be read.
    pub complete: bool,
    /// The volumes of the stores.
    pub filesystems: Vec<Filesystem>,
    /// The stores.
    pub stores: Vec<Store>,
    /// Problems.
    pub problems: Vec<Problem>,
}

/// The figures of a volume by `statvfs`.
#[derive(Clone, Debug, Default, PartialEq, Eq, JsonSchema, Serialize)]
pub struct Filesystem {
    /// The mount point, or the directory of a store that has a quota of its own.
    pub mount: String,
    /// The identity of the file system, the same at every mount point; empty if unknown.
    pub id: String,
    /// Other mount points of the same file system in this scan.
    #[serde(skip)]
    pub also_at: Vec<String>,
    /// Its type, such as `ext4`.
    pub kind: String,
    /// Its size, including the reserve for root; 0 if it has no limit.
    pub size_bytes: u64,
    /// Used bytes.
    pub used_bytes: u64,
    /// Bytes available to ordinary users, without the reserve.
    pub available_bytes: u64,
    /// Inodes; 0, or fewer than are available, if they are created as needed.
    pub inodes: u64,
    /// Used inodes.
    pub inodes_used: u64,
    /// Inodes available to ordinary users.
    pub inodes_available: u64,
}

impl Filesystem {
    /// The used amount of a resource.
    pub fn used(&self, resource: Resource) -> u64 {
        match resource {
            Resource::Bytes => self.used_bytes,
            Resource::Inodes => self.inodes_used,
            // Volumes do not count messages.
            Resource::Messages => 0,
        }
    }

    /// The amount of a resource for ordinary users; `None` without a limit.
    pub fn limit(&self, resource: Resource) -> Option<u64> {
        match resource {
            Resource::Bytes if self.size_bytes == 0 => None,
            Resource::Bytes => Some(self.used_bytes.saturating_add(self.available_bytes)),
            Resource::Messages => None,
            Resource::Inodes if self.inodes == 0 || self.inodes_available > self.inodes => None,
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
    /// Everything under the root, also outside of mailboxes.
    pub tally: Tally,
    /// The same by class.
    pub classes: Classes,
    /// All messages by clock, week and size.
    pub cohorts: Vec<Cohort>,
    /// All messages by special use, clock and week; empty in snapshots of older versions.
    pub uses: Vec<UseCohort>,
    /// Days with bulk arrivals, by date.
    pub events: Vec<BulkArrival>,
    /// Databases that may contain mail, by path.
    pub blobs: Vec<Blob>,
    /// The errors of sizes that were taken from the names of messages; `None` if all sizes were measured.
    pub calibration: Option<SizeCalibration>,
    /// The mailboxes, by path and layout.
    pub mailboxes: Mailboxes,
}

impl Store {
    /// The formats by certainty with the number of mailboxes, the most frequent first.
    pub fn layouts(&self) -> Vec<LayoutCount> {
        let mut counts: Vec<LayoutCount> = Vec::new();
        for mailbox in &self.mailboxes {
            let (layout, sureness) = (mailbox.layout, mailbox.sureness);
            match counts.iter_mut().find(|count| count.layout == layout && count.sureness == sureness) {
                Some(count) => count.mailboxes += 1,
                None => counts.push(LayoutCount { layout, sureness, mailboxes: 1 }),
            }
        }
        counts.sort_by(|a, b| b.mailboxes.cmp(&a.mailboxes).then_with(|| a.layout.cmp(&b.layout)));
        counts
    }
}

/// A mail store.
#[derive(JsonSchema, Serialize)]
#[schemars(rename = "Store")]
struct StoreFields<'a> {
    /// Its name: from the settings, or the last part of its root.
    store: &'a str,
    /// Its directory.
    root: &'a str,
    /// The number of mailboxes.
    mailboxes: usize,
    #[serde(flatten)]
    tally: Tally,
    /// The same by class; the classes sum to the whole.
    classes: Classes,
    /// The formats with the number of mailboxes, the most frequent first.
    layouts: Vec<LayoutCount>,
    /// Days with bulk arrivals, by date.
    events: &'a [BulkArrival],
    /// Databases that may contain mail, by path.
    blobs: &'a [Blob],
    /// The errors of sizes that were taken from the names of messages; `None` if all sizes were measured.
    calibration: Option<SizeCalibration>,
    /// The mailboxes, by path and layout.
    #[schemars(with = "Vec<Mailbox>")]
    mailbox: &'a Mailboxes,
}

serialized_as!(Store, StoreFields<'_>);

impl Serialize for Store {
    /// Adds the number of mailboxes and their formats.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let fields = StoreFields {
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

/// The mailboxes of a format and certainty.
#[derive(Clone, Debug, PartialEq, Eq, JsonSchema, Serialize)]
pub struct LayoutCount {
    /// The format, such as `maildir`.
    pub layout: String,
    /// The certainty.
    pub sureness: Sureness,
    /// Mailboxes.
    pub mailboxes: u64,
}

/// The mail of one user.
#[derive(Clone, Debug, Default, PartialEq, JsonSchema, Serialize)]
pub struct Mailbox {
    /// The user's domain, if the path has one.
    pub domain: Option<String>,
    /// The user, without the domain.
    pub user: String,
    /// The mailbox's directory, relative to the store's root.
    pub path: String,
    /// The on-disk format, such as `maildir`.
    pub layout: String,
    /// The certainty of the format.
    pub sureness: Sureness,
    /// Whether a part of it could not be read.
    #[serde(rename = "partial", skip_serializing_if = "std::ops::Not::not")]
    pub is_partial: bool,
    /// The sum of its folders.
    #[serde(flatten)]
    pub tally: Tally,
    /// The same by class.
    pub classes: Classes,
    /// Its messages by arrival and size: very large ones by day, the others by week, under its Monday.
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

/// A folder of a mailbox with its auxiliary files.
#[derive(Clone, Debug, Default, PartialEq, JsonSchema, Serialize)]
pub struct Folder {
    /// The decoded name, with `/` between levels and `INBOX` for the inbox.
    pub name: String,
    /// Its path on disk, relative to the mailbox's directory; in formats whose folders lie anywhere, such as Cyrus, relative
    /// to the store's root.
    pub path: String,
    /// The special use by its name.
    pub special_use: Option<SpecialUse>,
    /// The folder without subfolders.
    #[serde(flatten)]
    pub tally: Tally,
}

/// The certainty of a detected format.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, JsonSchema, Serialize, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Sureness {
    /// Nothing else looks like this.
    #[default]
    Certain,
    /// Something else looks like this only on purpose.
    Likely,
    /// Something else may look like this.
    Guess,
}

impl Sureness {
    /// All, the most certain first.
    pub const ALL: [Sureness; 3] = [Sureness::Certain, Sureness::Likely, Sureness::Guess];

    /// The word in JSON and the history.
    pub fn word(self) -> &'static str {
        self.into()
    }
}

/// Mail that arrived in bulk on one day, which is not growth.
#[derive(Clone, Debug, PartialEq, Eq, JsonSchema, Serialize)]
pub struct BulkArrival {
    /// The day, in UTC.
    #[schemars(with = "Day")]
    pub date: Date,
    /// The kind.
    pub kind: BulkArrivalKind,
    /// Messages that are still there.
    pub messages: u64,
    /// Their bytes in files.
    pub bytes: u64,
}

/// The kind of a bulk arrival.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, JsonSchema, Serialize, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum BulkArrivalKind {
    /// Old mail that was saved on one day: it came from another store.
    Migration,
    /// Files of one day with mail that was saved long before: they were restored without their times.
    Restore,
}

impl BulkArrivalKind {
    /// Both kinds.
    pub const ALL: [BulkArrivalKind; 2] = [BulkArrivalKind::Migration, BulkArrivalKind::Restore];

    /// The word in JSON and the history.
    pub fn word(self) -> &'static str {
        self.into()
    }
}

/// A database that may contain mail; only its size is known.
#[derive(Clone, Debug, PartialEq, Eq, JsonSchema, Serialize)]
pub struct Blob {
    /// Its path, relative to the store's root.
    pub path: String,
    /// The kind, such as `exchange_edb`.
    pub kind: String,
    /// Its `st_size`.
    pub bytes: u64,
    /// Its blocks in bytes.
    pub allocated_bytes: u64,
}

/// The mount point that names the volume of a directory: the volume has the longest mount point that contains it.
pub fn volume_of<'a>(filesystems: &'a [Filesystem], root: &str) -> Option<&'a str> {
    let mounts = |volume: &'a Filesystem| {
        let all = std::iter::once(&volume.mount).chain(&volume.also_at);
        all.map(|mount| (mount.as_str(), volume.mount.as_str()))
    };
    let above = filesystems.iter().flat_map(mounts).filter(|(mount, _)| Path::new(root).starts_with(mount));
    above.max_by_key(|(mount, _)| mount.len()).map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_system_without_a_size_or_a_count_of_inodes_has_no_limit() {
        let volume = Filesystem { size_bytes: 90, used_bytes: 50, available_bytes: 30, ..Filesystem::default() };
        assert_eq!(Resource::ALL.map(|resource| volume.limit(resource)), [Some(80), None, None]);
        let nothing = Filesystem { size_bytes: 0, used_bytes: 0, available_bytes: 0, ..volume.clone() };
        assert_eq!(nothing.limit(Resource::Bytes), None);
        // What CephFS tells: the files that there are, and that there is room for any number.
        let ceph = Filesystem { inodes: 28_556, inodes_used: 0, inodes_available: u64::MAX, ..volume.clone() };
        assert_eq!(ceph.limit(Resource::Inodes), None);
        let ext4 = Filesystem { inodes: 900, inodes_used: 100, inodes_available: 800, ..volume };
        assert_eq!(ext4.limit(Resource::Inodes), Some(900));
    }

    #[test]
    fn a_directory_is_on_the_volume_with_the_longest_mount_point_above_it() {
        let volume = |mount: &str, also_at: &[&str]| Filesystem {
            mount: mount.to_owned(),
            also_at: also_at.iter().map(|&mount| mount.to_owned()).collect(),
            ..Filesystem::default()
        };
        let volumes = [volume("/", &[]), volume("/srv", &["/var/mail"])];
        let of = |root| volume_of(&volumes, root);
        assert_eq!(
            ["/home", "/srv", "/srvx", "/var/mail/x"].map(of),
            [Some("/"), Some("/srv"), Some("/"), Some("/srv")]
        );
    }
}
