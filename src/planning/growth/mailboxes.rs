//! Who holds the most, who grew the most, who is near a quota, and what could be had back.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;
use serde::Serialize;

use super::summary::StoreSummary;
use crate::model::bytes::Units;
use crate::model::escape;
use crate::model::series::count;
use crate::model::special_use::SpecialUse;

/// A mailbox and what it holds.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LargestMailbox {
    /// Whose it is.
    pub address: String,
    /// Bytes on disk.
    pub bytes: u64,
    /// Messages.
    #[serde(skip)]
    pub messages: u64,
    /// The share of all that mailboxes hold.
    #[serde(skip)]
    pub share: f64,
}

/// A mailbox and how it grew.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Grower {
    /// Whose it is.
    pub address: String,
    /// Bytes on disk now.
    pub bytes: u64,
    /// How many more than before.
    pub grown: i64,
    /// How many messages more than before.
    #[serde(skip)]
    pub messages: i64,
}

impl LargestMailbox {
    /// The cells of the mailbox's row: mailbox, on disk, share, messages.
    pub fn cells(&self, units: Units) -> [String; 4] {
        [
            escape::brief(&self.address),
            units.show(self.bytes as f64),
            format!("{:.1} %", self.share * 100.0),
            count(self.messages as f64),
        ]
    }
}

impl Grower {
    /// The cells of the mailbox's row: mailbox, growth, on disk, messages.
    pub fn cells(&self, units: Units) -> [String; 4] {
        [
            escape::brief(&self.address),
            format!("+{}", units.show(self.grown as f64)),
            units.show(self.bytes as f64),
            format!("{:+}", self.messages),
        ]
    }
}

/// A store, and what it was before, if it was scanned then.
#[derive(Clone, Debug, PartialEq)]
pub struct StoreChange {
    /// The machine's name.
    pub host: String,
    /// Where the volume is mounted on which it lies, if the scan told of one.
    pub volume: Option<String>,
    /// The store now.
    pub now: Arc<StoreSummary>,
    /// The day of its last scan, in UTC.
    pub to: Date,
    /// The same store of the same machine some time ago, and the day of that scan, in UTC.
    pub before: Option<(Date, Arc<StoreSummary>)>,
}

/// What stores grew by together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TotalGrowth {
    /// The day of the earliest of the scans before, in UTC.
    pub from: Date,
    /// The day of the last scan, in UTC.
    pub to: Date,
    /// How many bytes on disk more they hold, or less if negative.
    pub bytes: i128,
}

/// A mailbox and the quota that it is held to.
#[derive(Clone, Debug, PartialEq)]
pub struct QuotaUse {
    /// Whose it is.
    pub address: String,
    /// Bytes as quotas count them.
    pub bytes: u64,
    /// What it may hold.
    pub quota: u64,
    /// The share of the quota that is in use; above 1 if it is exceeded.
    pub share: f64,
}

/// What could be had back without anybody missing it, in bytes of messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Reclaimable {
    /// What lies in bins.
    #[serde(rename = "trash_bytes")]
    pub trash: u64,
    /// How many messages lie in bins.
    #[serde(skip)]
    pub trash_messages: u64,
    /// What was taken for unwanted.
    #[serde(rename = "junk_bytes")]
    pub junk: u64,
    /// How many messages were taken for unwanted.
    #[serde(skip)]
    pub junk_messages: u64,
    /// Deleted mail that still lies on disk; what is only marked as deleted may lie in a bin as well.
    #[serde(rename = "unpurged_bytes")]
    pub unpurged: u64,
}

/// What an address holds in a store: a user may have mail in several places of it.
#[derive(Default)]
struct MailboxUse {
    on_disk: u64,
    messages: u64,
    quota_bytes: u64,
}

fn by_address(store: &StoreSummary) -> BTreeMap<String, MailboxUse> {
    let mut all: BTreeMap<String, MailboxUse> = BTreeMap::new();
    for mailbox in &store.mailboxes {
        let held = all.entry(mailbox.address()).or_default();
        held.on_disk = held.on_disk.saturating_add(mailbox.on_disk);
        held.messages = held.messages.saturating_add(mailbox.messages);
        held.quota_bytes = held.quota_bytes.saturating_add(mailbox.quota_bytes);
    }
    all
}

/// How an address is called among stores: after the store where there are several, as it may have mail in each.
pub(crate) fn qualified_address(stores: &[StoreChange], store: &StoreChange, address: String) -> String {
    match stores.len() {
        0 | 1 => address,
        _ => format!("{}:{address}", store.now.name),
    }
}

/// The largest mailboxes of all stores, at most so many.
pub fn largest(stores: &[StoreChange], most: usize) -> Vec<LargestMailbox> {
    let mailboxes = stores.iter().flat_map(|store| &store.now.mailboxes);
    let all = mailboxes.map(|mailbox| mailbox.on_disk).fold(0, u64::saturating_add);
    let mut largest = Vec::new();
    for store in stores {
        largest.extend(by_address(&store.now).into_iter().map(|(address, held)| LargestMailbox {
            address: qualified_address(stores, store, address),
            bytes: held.on_disk,
            messages: held.messages,
            share: held.on_disk as f64 / all.max(1) as f64,
        }));
    }
    largest.sort_by(|a, b| b.bytes.cmp(&a.bytes).then_with(|| a.address.cmp(&b.address)));
    largest.truncate(most);
    largest
}

/// How many addresses have mail in all stores.
pub fn mailbox_count(stores: &[StoreChange]) -> usize {
    stores.iter().map(|store| by_address(&store.now).len()).sum()
}

/// The mailboxes that grew most, of stores that were scanned before, at most so many. A mailbox that was not there
/// before grew from nothing.
pub fn growers(stores: &[StoreChange], most: usize) -> Vec<Grower> {
    let mut growers = Vec::new();
    for store in stores {
        let Some((_, before)) = &store.before else { continue };
        let before = by_address(before);
        growers.extend(by_address(&store.now).into_iter().filter_map(|(address, now)| {
            let (bytes, messages) = before.get(&address).map_or((0, 0), |held| (held.on_disk, held.messages));
            let grown = signed(now.on_disk) - signed(bytes);
            (grown > 0).then(|| Grower {
                address: qualified_address(stores, store, address),
                bytes: now.on_disk,
                grown,
                messages: signed(now.messages) - signed(messages),
            })
        }));
    }
    growers.sort_by(|a, b| b.grown.cmp(&a.grown).then_with(|| a.address.cmp(&b.address)));
    growers.truncate(most);
    growers
}

fn signed(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// What all stores grew by, of those that were scanned before; `None` if there is none.
pub fn grown(stores: &[StoreChange]) -> Option<TotalGrowth> {
    let one = |store: &StoreChange| {
        let (from, before) = store.before.as_ref()?;
        let bytes = i128::from(store.now.tally.on_disk()) - i128::from(before.tally.on_disk());
        Some(TotalGrowth { from: *from, to: store.to, bytes })
    };
    stores.iter().filter_map(one).reduce(|sum, more| TotalGrowth {
        from: sum.from.min(more.from),
        to: sum.to.max(more.to),
        bytes: sum.bytes + more.bytes,
    })
}

/// The mailboxes that have a quota in bytes, which is told by their address, the fullest first, at most so many. The quota
/// is for all mail of a user in a store.
pub fn quota_use(stores: &[StoreChange], quota: impl Fn(&str) -> Option<u64>, most: usize) -> Vec<QuotaUse> {
    let mut all = Vec::new();
    for store in stores {
        all.extend(by_address(&store.now).into_iter().filter_map(|(address, held)| {
            let (bytes, quota) = (held.quota_bytes, quota(&address)?);
            let share = bytes as f64 / quota.max(1) as f64;
            Some(QuotaUse { address: qualified_address(stores, store, address), bytes, quota, share })
        }));
    }
    all.sort_by(|a, b| b.share.total_cmp(&a.share).then_with(|| a.address.cmp(&b.address)));
    all.truncate(most);
    all
}

/// What could be had back of all stores together.
pub fn reclaimable(stores: &[StoreChange]) -> Reclaimable {
    let mut sum = Reclaimable::default();
    for store in stores {
        sum.unpurged = sum.unpurged.saturating_add(store.now.tally.reclaimable_bytes);
        for folder in &store.now.folders {
            let (bytes, messages) = match folder.special_use {
                Some(SpecialUse::Trash) => (&mut sum.trash, &mut sum.trash_messages),
                Some(SpecialUse::Junk) => (&mut sum.junk, &mut sum.junk_messages),
                _ => continue,
            };
            *bytes = bytes.saturating_add(folder.message_bytes);
            *messages = messages.saturating_add(folder.messages);
        }
    }
    sum
}

#[cfg(test)]
mod tests;
