//! Why a volume or a store holds more than before: its change between two scans, in parts that sum to the whole.

mod parts;
mod splits;

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::civil::Date;
use serde::Serialize;

use super::summary::{ScanSummary, StoreSummary};
use crate::forecast::Event;
use crate::model::series::KnownEvent;
use parts::{Known, StoreParts};

pub use parts::{ChangeCause, ChangePart};
pub use splits::{NamedChange, Presence, SizeClassChange};

/// What is looked at.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// The volume that is mounted there, with the stores on it.
    Volume(String),
    /// The store of that name, without its volume.
    Store(String),
}

impl Scope {
    /// Where the volume is mounted, or how the store is called.
    pub fn name(&self) -> &str {
        match self {
            Scope::Volume(name) | Scope::Store(name) => name,
        }
    }
}

/// What changed between two scans. All numbers are exact; amounts are wider than a size can be, so that no sum of them has
/// to stop.
///
/// The parts sum to `whole`. Each of `domains`, `mailboxes`, `folders` and `sizes` sums to `of_stores`, the last row, of no
/// name, being what belongs to none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UsageChange {
    /// Of what.
    #[serde(skip)]
    pub of: Scope,
    /// The day of the earlier scan, in UTC.
    pub from: Date,
    /// The day of the later scan, in UTC.
    pub to: Date,
    /// Whether both could read everything; else what one of them missed looks like a change.
    pub complete: bool,
    /// How many bytes more are in use: of the volume by its own figures, of the store on disk.
    #[serde(rename = "bytes")]
    pub whole: i128,
    /// The same of the stores alone, of which both scans tell.
    pub of_stores: i128,
    /// Why, one part of each kind in the order of [`ChangeCause::ALL`], those of nothing included.
    pub parts: Vec<ChangePart>,
    /// Bytes on disk by domain, those that changed most first; the last row is mail of no domain and what is no mailbox's.
    pub domains: Vec<NamedChange>,
    /// Bytes on disk by address, after the store's name where there are several; the last row is what is no mailbox's.
    pub mailboxes: Vec<NamedChange>,
    /// What the messages take in their files, by what their folder is used for, or by its name where it has no use; the last
    /// row is all that is no message, and the rounding to blocks.
    pub folders: Vec<NamedChange>,
    /// The same by the size of the messages, the smallest first.
    pub sizes: Vec<SizeClassChange>,
    /// Inodes.
    #[serde(skip)]
    pub inodes: InodeChange,
}

/// What changed in inodes: `messages + other + outside == whole`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct InodeChange {
    /// How many more are in use: of the volume by its own figures, of the store by the scans.
    pub whole: i128,
    /// Files of mail and the directories that hold them; messages, where the scans did not tell the files apart.
    pub messages: i128,
    /// Everything else in the stores: indexes, control files.
    pub other: i128,
    /// What lies outside of the stores.
    pub outside: i128,
}

/// What is known beside the two scans: without it, mail that went was deleted, and mail of these weeks arrived.
#[derive(Clone, Copy, Debug, Default)]
pub struct SeriesEvents<'a> {
    /// What people declared and scans found; [`crate::model::series::Series::known`] of the same series in bytes.
    pub known: &'a [KnownEvent],
    /// What the forecast of that series took out of its weeks.
    pub detected: &'a [Event],
}

/// What changed of a volume or store between two scans of one machine; `None` where one of them does not tell of it.
///
/// A store that only one of the scans tells of, or whose sizes only one of them estimated, counts as outside of the stores:
/// that it was not looked at is no growth. So a store that is looked at without its volume then has no change at all.
pub fn between(of: &Scope, now: &ScanSummary, before: &ScanSummary, events: SeriesEvents) -> Option<UsageChange> {
    let alike = |now: &Arc<StoreSummary>, before: &Arc<StoreSummary>| now.is_estimated == before.is_estimated;
    let (volumes, pairs): (_, Vec<(&StoreSummary, &StoreSummary)>) = match of {
        Scope::Volume(mount) => {
            let volumes = (now.volume(mount)?, before.volume(mount)?);
            let held = |store: &Arc<StoreSummary>| before.stores_on(mount).find(|held| held.name == store.name);
            let pair = |store| Some((store, held(store).filter(|before| alike(store, before))?));
            (Some(volumes), now.stores_on(mount).filter_map(pair).map(|(now, before)| (&**now, &**before)).collect())
        }
        Scope::Store(name) => {
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

/// What changed of every volume, and of the named stores, of which both scans tell; no event is known.
pub fn all_between(now: &ScanSummary, before: &ScanSummary, stores: &[&str]) -> Vec<UsageChange> {
    let volumes = now.filesystems.iter().map(|volume| Scope::Volume(volume.mount.clone()));
    let stores = stores.iter().map(|name| Scope::Store((*name).to_owned()));
    volumes.chain(stores).filter_map(|of| between(&of, now, before, SeriesEvents::default())).collect()
}

#[cfg(test)]
mod tests;
