//! A scan summed by mailbox and folder.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::model::snapshot::cohort::{DayOfSize, VERY_LARGE};
use crate::model::snapshot::{self, Classes, Clock, Filesystem, Tally, volume_of};
use crate::model::{dates::utc_day, special_use::SpecialUse};

/// A scan of a host.
#[derive(Clone, Debug, PartialEq)]
pub struct ScanSummary {
    /// The start of the scan.
    pub taken_at: Timestamp,
    /// The host.
    pub host: String,
    /// Whether everything could be read.
    pub complete: bool,
    /// The volumes.
    pub filesystems: Vec<Filesystem>,
    /// The stores.
    pub stores: Vec<Arc<StoreSummary>>,
}

/// A store as one scan found it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StoreSummary {
    /// Its name.
    pub name: String,
    /// Its directory.
    pub root: String,
    /// Everything under the root, also outside of mailboxes.
    pub tally: Tally,
    /// Whether sizes were estimated from the names of messages.
    pub is_estimated: bool,
    /// The same by class.
    pub classes: Classes,
    /// All messages by day of arrival and size, unordered.
    pub cohorts: Vec<DayOfSize>,
    /// The mailboxes, by path.
    pub mailboxes: Vec<MailboxSummary>,
    /// The folders of all mailboxes, summed by use and name.
    pub folders: Vec<FolderSum>,
}

/// A mailbox as one scan found it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MailboxSummary {
    /// The user's domain, if the path has one.
    pub domain: Option<String>,
    /// The user, without the domain.
    pub user: String,
    /// The mailbox's directory, relative to the store's root.
    pub path: String,
    /// Bytes on disk: the blocks of its files and directories.
    pub on_disk: u64,
    /// Messages.
    pub messages: u64,
    /// Bytes as a quota counts them: with CRLF line ends if known, else uncompressed.
    pub quota_bytes: u64,
    /// Bytes of deleted mail still on disk.
    pub reclaimable_bytes: u64,
    /// Messages from class [`VERY_LARGE`] on, by day of arrival.
    pub large: Vec<DayOfSize>,
}

/// The folders of one special use or name in all mailboxes of a store.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FolderSum {
    /// The special use.
    pub special_use: Option<SpecialUse>,
    /// The word of the special use, or the decoded name.
    pub name: String,
    /// Messages.
    pub messages: u64,
    /// Bytes of the messages in their files: not every format assigns blocks to folders.
    pub message_bytes: u64,
}

impl ScanSummary {
    /// The day, in UTC.
    pub fn day(&self) -> Date {
        utc_day(self.taken_at)
    }

    /// The store called `name`.
    pub fn store(&self, name: &str) -> Option<&Arc<StoreSummary>> {
        self.stores.iter().find(|store| store.name == name)
    }

    /// The volume mounted at `mount`.
    pub fn volume(&self, mount: &str) -> Option<&Filesystem> {
        self.filesystems.iter().find(|volume| volume.mount == mount)
    }

    /// The stores on a volume.
    pub fn stores_on<'a>(&'a self, mount: &'a str) -> impl Iterator<Item = &'a Arc<StoreSummary>> {
        self.stores.iter().filter(move |store| volume_of(&self.filesystems, &store.root) == Some(mount))
    }
}

impl MailboxSummary {
    /// The user with the domain, as in a mail address.
    pub fn address(&self) -> String {
        snapshot::address(self.domain.as_deref(), &self.user)
    }
}

/// The very large messages, by arrival.
pub fn very_large(cohorts: impl Iterator<Item = (Clock, DayOfSize)>) -> Vec<DayOfSize> {
    let is_large = |&(clock, (_, size, ..)): &(Clock, DayOfSize)| clock == Clock::Arrival && size >= VERY_LARGE;
    cohorts.filter(is_large).map(|(_, cohort)| cohort).collect()
}
