//! Who holds the most, who grew the most, who is near a quota, and what could be had back.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use jiff::civil::Date;

use super::scan::{MailboxScan, StoreScan};
use crate::bytes::Units;
use crate::escape;
use crate::series::count;
use crate::store::special::SpecialUse;

/// A mailbox and what it holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Largest {
    /// Whose it is.
    pub address: String,
    /// Bytes on disk.
    pub bytes: u64,
    /// Messages.
    pub messages: u64,
    /// The share of all that mailboxes hold.
    pub share: f64,
}

/// A mailbox and how it grew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grower {
    /// Whose it is.
    pub address: String,
    /// Bytes on disk now.
    pub bytes: u64,
    /// How many more than before.
    pub grown: i64,
    /// How many messages more than before.
    pub messages: i64,
}

impl Largest {
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
    /// The store now.
    pub now: Arc<StoreScan>,
    /// The day of its last scan, in UTC.
    pub to: Date,
    /// The same store of the same machine some time ago, and the day of that scan, in UTC.
    pub before: Option<(Date, Arc<StoreScan>)>,
}

/// A mailbox and the quota that it is held to.
#[derive(Clone, Debug, PartialEq)]
pub struct Held {
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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reclaimable {
    /// What lies in bins.
    pub trash: u64,
    /// How many messages lie in bins.
    pub trash_messages: u64,
    /// What was taken for unwanted.
    pub junk: u64,
    /// How many messages were taken for unwanted.
    pub junk_messages: u64,
    /// Deleted mail that still lies on disk; what is only marked as deleted may lie in a bin as well.
    pub unpurged: u64,
}

/// The largest mailboxes of all stores, at most so many.
pub fn largest(stores: &[StoreChange], most: usize) -> Vec<Largest> {
    let mailboxes = || stores.iter().flat_map(|store| &store.now.mailboxes);
    let all = mailboxes().map(|mailbox| mailbox.on_disk).fold(0, u64::saturating_add);
    let mut largest: Vec<Largest> = mailboxes()
        .map(|mailbox| Largest {
            address: mailbox.address(),
            bytes: mailbox.on_disk,
            messages: mailbox.messages,
            share: mailbox.on_disk as f64 / all.max(1) as f64,
        })
        .collect();
    largest.sort_by(|a, b| b.bytes.cmp(&a.bytes).then_with(|| a.address.cmp(&b.address)));
    largest.truncate(most);
    largest
}

/// The mailboxes that grew most, of stores that were scanned before, at most so many. A mailbox that was not there
/// before grew from nothing.
pub fn growers(stores: &[StoreChange], most: usize) -> Vec<Grower> {
    let known = stores.iter().filter_map(|store| Some((&store.now, &store.before.as_ref()?.1)));
    let mut growers: Vec<Grower> = known
        .flat_map(|(now, before)| {
            let held: HashMap<&str, &MailboxScan> = before.mailboxes.iter().map(|m| (m.path.as_str(), m)).collect();
            now.mailboxes.iter().map(move |mailbox| grown(held.get(mailbox.path.as_str()).copied(), mailbox))
        })
        .filter(|grower| grower.grown > 0)
        .collect();
    growers.sort_by(|a, b| b.grown.cmp(&a.grown).then_with(|| a.address.cmp(&b.address)));
    growers.truncate(most);
    growers
}

fn grown(before: Option<&MailboxScan>, now: &MailboxScan) -> Grower {
    let (bytes, messages) = before.map_or((0, 0), |m| (m.on_disk, m.messages));
    Grower {
        address: now.address(),
        bytes: now.on_disk,
        grown: signed(now.on_disk) - signed(bytes),
        messages: signed(now.messages) - signed(messages),
    }
}

fn signed(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// How many bytes on disk more all stores hold than before, and the day of the earliest of the scans before; of stores that
/// were scanned before.
pub fn grown_since(stores: &[StoreChange]) -> Option<(Date, i128)> {
    let known = stores.iter().filter_map(|store| Some((&store.now, store.before.as_ref()?)));
    known
        .map(|(now, (day, before))| (*day, i128::from(now.tally.on_disk()) - i128::from(before.tally.on_disk())))
        .reduce(|(day, bytes), (other, more)| (day.min(other), bytes + more))
}

/// The mailboxes that have a quota in bytes, which is told by their address, the fullest first, at most so many. A user
/// may have mail in several places of a store: the quota is for all of it.
pub fn held_to_quota(stores: &[StoreChange], quota: impl Fn(&str) -> Option<u64>, most: usize) -> Vec<Held> {
    let mut all = Vec::new();
    for store in stores {
        let mut used: BTreeMap<String, u64> = BTreeMap::new();
        for mailbox in &store.now.mailboxes {
            let bytes = used.entry(mailbox.address()).or_default();
            *bytes = bytes.saturating_add(mailbox.quota_bytes);
        }
        all.extend(used.into_iter().filter_map(|(address, bytes)| {
            let quota = quota(&address)?;
            Some(Held { address, bytes, quota, share: bytes as f64 / quota.max(1) as f64 })
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
mod tests {
    use super::*;
    use crate::growth::scan::FolderSum;
    use crate::snapshot::Tally;
    use jiff::civil::date;

    fn store(mailboxes: &[(&str, u64)]) -> Arc<StoreScan> {
        let mailbox = |&(user, bytes): &(&str, u64)| MailboxScan {
            user: user.to_owned(),
            path: user.to_owned(),
            on_disk: bytes,
            quota_bytes: 2 * bytes,
            messages: bytes / 10,
            ..MailboxScan::default()
        };
        Arc::new(StoreScan { mailboxes: mailboxes.iter().map(mailbox).collect(), ..StoreScan::default() })
    }

    fn change(now: Arc<StoreScan>, before: Option<Arc<StoreScan>>) -> StoreChange {
        let before = before.map(|before| (date(2026, 11, 1), before));
        StoreChange { host: "mail01".into(), now, to: date(2026, 11, 29), before }
    }

    #[test]
    fn the_largest_come_first_with_their_share() {
        let top = largest(&[change(store(&[("ann", 10), ("bob", 30), ("cid", 60)]), None)], 2);
        assert_eq!(top.iter().map(|l| l.address.as_str()).collect::<Vec<_>>(), ["cid", "bob"]);
        assert!((top[0].share - 0.6).abs() < 1e-12);
    }

    #[test]
    fn growth_is_of_one_store_and_newcomers_grow_from_nothing() {
        let before = Some(store(&[("ann", 100), ("bob", 500), ("gone", 900)]));
        let now = store(&[("ann", 160), ("bob", 400), ("new", 90)]);
        let first_seen = change(store(&[("eve", 5_000)]), None);
        let growers = growers(&[change(now, before), first_seen], 5);
        assert_eq!(
            growers.iter().map(|g| (g.address.as_str(), g.grown)).collect::<Vec<_>>(),
            [("new", 90), ("ann", 60)]
        );
    }

    #[test]
    fn all_stores_grow_together_since_the_earliest_scan() {
        let of = |bytes| {
            let tally = Tally { allocated_bytes: bytes, ..Tally::default() };
            Arc::new(StoreScan { tally, ..StoreScan::default() })
        };
        let mut shrunk = change(of(60), Some(of(70)));
        shrunk.before.as_mut().unwrap().0 = date(2026, 10, 30);
        let stores = [change(of(150), Some(of(100))), shrunk, change(of(999), None)];
        assert_eq!(grown_since(&stores), Some((date(2026, 10, 30), 40)));
        assert_eq!(grown_since(&stores[2..]), None);
    }

    #[test]
    fn a_quota_is_for_all_mail_of_an_address() {
        let now = change(store(&[("ann", 10), ("bob", 30), ("ann", 15), ("cid", 99)]), None);
        let quota = |address: &str| (address != "cid").then_some(if address == "ann" { 40 } else { 100 });
        let held = held_to_quota(&[now], quota, 9);
        let told: Vec<_> = held.iter().map(|one| (one.address.as_str(), one.bytes, one.quota, one.share)).collect();
        assert_eq!(told, [("ann", 50, 40, 1.25), ("bob", 60, 100, 0.6)]);
    }

    #[test]
    fn bins_and_unwanted_mail_of_all_stores_could_be_had_back() {
        let folder = |special_use, messages| FolderSum { special_use, messages, message_bytes: 7, name: "x".into() };
        let folders = vec![folder(Some(SpecialUse::Trash), 1), folder(Some(SpecialUse::Junk), 2), folder(None, 4)];
        let tally = Tally { reclaimable_bytes: 5, ..Tally::default() };
        let one = change(Arc::new(StoreScan { folders, tally, ..StoreScan::default() }), None);
        let expected = Reclaimable { trash: 14, trash_messages: 2, junk: 14, junk_messages: 4, unpurged: 10 };
        assert_eq!(reclaimable(&[one.clone(), one]), expected);
    }
}
