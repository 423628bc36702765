//! The change of a volume or store between two scans, in parts that sum to the whole.

mod parts;
mod splits;

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;

use super::summary::{ScanSummary, StoreSummary};
use crate::forecast::Event;
use crate::model::schema::Day;
use crate::model::series::KnownEvent;
use parts::{Known, StoreParts};

pub use parts::{ChangeCause, ChangePart};
pub use splits::{NamedChange, Presence, SizeClassChange};

/// The scope of a change.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChangeScope {
    /// A volume by its mount point, with the stores on it.
    Volume(String),
    /// A store by its name, without its volume.
    Store(String),
}

impl ChangeScope {
    /// The mount point or the store's name.
    pub fn name(&self) -> &str {
        match self {
            ChangeScope::Volume(name) | ChangeScope::Store(name) => name,
        }
    }
}

/// The change between two scans, in exact numbers. `i128` cannot overflow in any sum of sizes.
///
/// The parts sum to `whole`. Each of `domains`, `mailboxes`, `folders` and `sizes` sums to `of_stores`; its last row
/// has no name and is the rest.
#[derive(Clone, Debug, PartialEq, Eq, JsonSchema, Serialize)]
pub struct UsageChange {
    /// The volume or store.
    #[serde(skip)]
    pub of: ChangeScope,
    /// The day of the earlier scan, in UTC.
    #[schemars(with = "Day")]
    pub from: Date,
    /// The day of the later scan, in UTC.
    #[schemars(with = "Day")]
    pub to: Date,
    /// Whether both scans read everything; otherwise what one of them missed looks like a change.
    pub complete: bool,
    /// The change in bytes: of a volume by its own figures, of a store on disk.
    #[serde(rename = "bytes")]
    pub whole: i128,
    /// The change in bytes of the stores in both scans.
    pub of_stores: i128,
    /// One part for each cause, in the same order; parts may be zero.
    pub parts: Vec<ChangePart>,
    /// Bytes on disk by domain, the largest change first; the rest is mail without a domain and files outside of
    /// mailboxes.
    pub domains: Vec<NamedChange>,
    /// Bytes on disk by address, prefixed with the store if there are several; the rest is outside of mailboxes.
    pub mailboxes: Vec<NamedChange>,
    /// Message bytes by the special use of the folder, or by its name; the rest is other files and block rounding.
    pub folders: Vec<NamedChange>,
    /// Message bytes by message size, the smallest first.
    pub sizes: Vec<SizeClassChange>,
    /// The change in inodes.
    #[serde(skip)]
    pub inodes: InodeChange,
}

/// The change in inodes: `messages + other + outside == whole`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct InodeChange {
    /// The change of a volume by its own figures, of a store by the scans.
    pub whole: i128,
    /// Message files and their directories.
    pub messages: i128,
    /// Other files in the stores, such as indexes and control files.
    pub other: i128,
    /// Outside of the stores.
    pub outside: i128,
}

/// Events of the series; without them, mail that went counts as deleted, and mail of these weeks as arrived.
#[derive(Clone, Copy, Debug, Default)]
pub struct SeriesEvents<'a> {
    /// [`crate::model::series::Series::known`] of the series in bytes.
    pub known: &'a [KnownEvent],
    /// The events that the forecast of the series removed from its growth.
    pub detected: &'a [Event],
}

/// The change of a volume or store between two scans of a host; `None` if one of the scans lacks it.
///
/// A store that is in only one scan, or was estimated in only one, counts as outside of the stores, and has no change
/// of its own.
pub fn between<'a>(
    of: &'a ChangeScope,
    now: &'a ScanSummary,
    before: &'a ScanSummary,
    events: SeriesEvents,
) -> Option<UsageChange> {
    let alike = |now: &StoreSummary, before: &StoreSummary| now.is_estimated == before.is_estimated;
    let (volumes, pairs): (_, Vec<(&StoreSummary, &StoreSummary)>) = match of {
        ChangeScope::Volume(mount) => {
            let volumes = (now.volume(mount)?, before.volume(mount)?);
            let pair = |now: &'a Arc<StoreSummary>| {
                let before = before.stores_on(mount).find(|before| before.name == now.name)?;
                alike(now, before).then_some((&**now, &**before))
            };
            (Some(volumes), now.stores_on(mount).filter_map(pair).collect())
        }
        ChangeScope::Store(name) => {
            let (now, before) = (now.store(name)?, before.store(name)?);
            (None, alike(now, before).then_some(vec![(&**now, &**before)])?)
        }
    };
    let mut whole = StoreParts::default();
    for (now, store) in &pairs {
        whole.add(now, store, before.day());
    }
    let grown = volumes.map(|(now, before)| {
        let more = |now, before| i128::from(now) - i128::from(before);
        (more(now.used_bytes, before.used_bytes), more(now.inodes_used, before.inodes_used))
    });
    let (bytes, inodes) = grown.unwrap_or((whole.on_disk, whole.inodes));
    let outside = bytes - whole.on_disk;
    let known = Known::within(events, before.day(), now.day(), outside);
    let names: BTreeSet<&str> = pairs.iter().map(|(now, _)| now.name.as_str()).collect();
    Some(UsageChange {
        of: of.clone(),
        from: before.day(),
        to: now.day(),
        complete: now.complete && before.complete,
        whole: bytes,
        of_stores: whole.on_disk,
        parts: whole.parts(&known, outside),
        domains: splits::domains(&pairs, whole.on_disk),
        mailboxes: splits::mailboxes(&pairs, names.len() > 1, whole.on_disk),
        folders: splits::folders(&pairs, whole.on_disk),
        sizes: splits::sizes(&pairs, whole.on_disk),
        inodes: InodeChange {
            whole: inodes,
            messages: whole.mail_inodes,
            other: whole.inodes - whole.mail_inodes,
            outside: inodes - whole.inodes,
        },
    })
}

#[cfg(test)]
mod tests;
