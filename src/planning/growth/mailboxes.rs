//! Largest and fastest growing mailboxes, quota use, and reclaimable mail.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;

use super::summary::StoreSummary;
use crate::model::{bytes::Units, escape, numbers::count, special_use::SpecialUse};

/// One of the largest mailboxes.
#[derive(Clone, Debug, PartialEq, JsonSchema, Serialize)]
pub struct LargestMailbox {
    /// The mailbox's address, prefixed with the store if there are several.
    pub address: String,
    /// Bytes on disk.
    pub bytes: u64,
    /// Messages.
    #[serde(skip)]
    pub messages: u64,
    /// Share of the bytes of all mailboxes.
    #[serde(skip)]
    pub share: f64,
}

/// All mail of an address in a store at its last scan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailboxNow {
    /// The host.
    pub host: String,
    /// The store.
    pub store: String,
    /// The mailbox's address.
    pub address: String,
    /// Bytes on disk.
    pub on_disk: u64,
    /// Messages.
    pub messages: u64,
    /// Bytes as quotas count them.
    pub quota_bytes: u64,
}

/// The growth of a mailbox.
#[derive(Clone, Debug, PartialEq, Eq, JsonSchema, Serialize)]
pub struct Grower {
    /// The mailbox's address, prefixed with the store if there are several.
    pub address: String,
    /// Bytes on disk now.
    pub bytes: u64,
    /// Bytes more than before.
    pub grown: i64,
    /// Messages more than before.
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

/// A store at its last scan and at an earlier one.
#[derive(Clone, Debug, PartialEq)]
pub struct StoreChange {
    /// The host.
    pub host: String,
    /// The mount point of its volume, if the scan has it.
    pub volume: Option<String>,
    /// The store at its last scan.
    pub now: Arc<StoreSummary>,
    /// The day of its last scan, in UTC.
    pub to: Date,
    /// The day of the earlier scan, in UTC, and the store at that scan.
    pub before: Option<(Date, Arc<StoreSummary>)>,
}

/// The growth of several stores.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TotalGrowth {
    /// The day of the earliest earlier scan, in UTC.
    pub from: Date,
    /// The day of the last scan, in UTC.
    pub to: Date,
    /// Bytes on disk more than before, or fewer if negative.
    pub bytes: i128,
}

/// A mailbox and its quota.
#[derive(Clone, Debug, PartialEq)]
pub struct QuotaUse {
    /// The mailbox's address.
    pub address: String,
    /// Bytes as quotas count them.
    pub bytes: u64,
    /// The quota in bytes.
    pub quota: u64,
    /// The share of the quota in use; above 1 if exceeded.
    pub share: f64,
}

/// Mail that could be removed without anybody missing it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, JsonSchema, Serialize)]
pub struct Reclaimable {
    /// Bytes in Trash folders.
    #[serde(rename = "trash_bytes")]
    pub trash: u64,
    /// Messages in Trash folders.
    #[serde(skip)]
    pub trash_messages: u64,
    /// Bytes in Junk folders.
    #[serde(rename = "junk_bytes")]
    pub junk: u64,
    /// Messages in Junk folders.
    #[serde(skip)]
    pub junk_messages: u64,
    /// Bytes of deleted mail still on disk; messages that are only marked as deleted may be in Trash as well.
    #[serde(rename = "unpurged_bytes")]
    pub unpurged: u64,
}

/// All mail of an address in a store: a user may have several mailboxes.
#[derive(Default)]
struct MailboxUse {
    on_disk: u64,
    messages: u64,
    quota_bytes: u64,
}

fn by_address(store: &StoreSummary) -> BTreeMap<String, MailboxUse> {
    let mut all: BTreeMap<String, MailboxUse> = BTreeMap::new();
    for mailbox in &store.mailboxes {
        let sum = all.entry(mailbox.address()).or_default();
        sum.on_disk = sum.on_disk.saturating_add(mailbox.on_disk);
        sum.messages = sum.messages.saturating_add(mailbox.messages);
        sum.quota_bytes = sum.quota_bytes.saturating_add(mailbox.quota_bytes);
    }
    all
}

/// The address, prefixed with the store if there are several.
pub(crate) fn qualified_address(stores: &[StoreChange], store: &StoreChange, address: String) -> String {
    match stores.len() {
        0 | 1 => address,
        _ => format!("{}:{address}", store.now.name),
    }
}

fn first<R>(rows: impl Iterator<Item = R>, most: usize, order: impl Fn(&R, &R) -> Ordering) -> Vec<R> {
    let mut rows: Vec<R> = rows.collect();
    rows.sort_by(order);
    rows.truncate(most);
    rows
}

/// The `most` largest mailboxes of all stores.
pub fn largest(stores: &[StoreChange], most: usize) -> Vec<LargestMailbox> {
    let mailboxes = stores.iter().flat_map(|store| &store.now.mailboxes);
    let all = mailboxes.map(|mailbox| mailbox.on_disk).fold(0, u64::saturating_add);
    let rows = stores.iter().flat_map(|store| {
        by_address(&store.now).into_iter().map(move |(address, mailbox)| LargestMailbox {
            address: qualified_address(stores, store, address),
            bytes: mailbox.on_disk,
            messages: mailbox.messages,
            share: mailbox.on_disk as f64 / all.max(1) as f64,
        })
    });
    first(rows, most, |a, b| b.bytes.cmp(&a.bytes).then_with(|| a.address.cmp(&b.address)))
}

/// The `most` largest mailboxes of all stores, as their last scans found them.
pub fn largest_now(stores: &[StoreChange], most: usize) -> Vec<MailboxNow> {
    let rows = stores.iter().flat_map(|store| {
        by_address(&store.now).into_iter().map(move |(address, mailbox)| MailboxNow {
            host: store.host.clone(),
            store: store.now.name.clone(),
            address,
            on_disk: mailbox.on_disk,
            messages: mailbox.messages,
            quota_bytes: mailbox.quota_bytes,
        })
    });
    first(rows, most, |a, b| {
        b.on_disk.cmp(&a.on_disk).then_with(|| (&a.store, &a.address).cmp(&(&b.store, &b.address)))
    })
}

/// Addresses with mail, counted once a store.
pub fn mailbox_count(stores: &[StoreChange]) -> usize {
    stores.iter().map(|store| by_address(&store.now).len()).sum()
}

/// The `most` fastest growing mailboxes of stores with an earlier scan. New mailboxes grew from zero.
pub fn growers(stores: &[StoreChange], most: usize) -> Vec<Grower> {
    let signed = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
    let with_earlier = stores.iter().filter_map(|store| Some((store, by_address(&store.before.as_ref()?.1))));
    let rows = with_earlier.flat_map(|(store, mut before)| {
        by_address(&store.now).into_iter().map(move |(address, now)| {
            let before = before.remove(&address).unwrap_or_default();
            Grower {
                address: qualified_address(stores, store, address),
                bytes: now.on_disk,
                grown: signed(now.on_disk) - signed(before.on_disk),
                messages: signed(now.messages) - signed(before.messages),
            }
        })
    });
    let rows = rows.filter(|grower| grower.grown > 0);
    first(rows, most, |a, b| b.grown.cmp(&a.grown).then_with(|| a.address.cmp(&b.address)))
}

/// The growth of all stores with an earlier scan.
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

/// The `most` mailboxes with the largest share of their quota in use. A quota is for all mail of a user in a store.
pub fn quota_use(stores: &[StoreChange], quota: impl Fn(&str) -> Option<u64>, most: usize) -> Vec<QuotaUse> {
    let rows = stores.iter().flat_map(|store| by_address(&store.now).into_iter().map(move |row| (store, row)));
    let rows = rows.filter_map(|(store, (address, mailbox))| {
        let (bytes, quota) = (mailbox.quota_bytes, quota(&address)?);
        let share = bytes as f64 / quota.max(1) as f64;
        Some(QuotaUse { address: qualified_address(stores, store, address), bytes, quota, share })
    });
    first(rows, most, |a, b| b.share.total_cmp(&a.share).then_with(|| a.address.cmp(&b.address)))
}

/// The reclaimable mail of all stores.
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
