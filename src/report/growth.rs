//! Who holds the most, and who grew the most.

use std::collections::HashMap;

use crate::bytes::Units;
use crate::escape;
use crate::series::count;
use crate::snapshot::{Mailbox, Store};

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
            escape::printable(&self.address).into_owned(),
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
            escape::printable(&self.address).into_owned(),
            format!("+{}", units.show(self.grown as f64)),
            units.show(self.bytes as f64),
            format!("{:+}", self.messages),
        ]
    }
}

/// A store, and what it was before, if it was scanned then.
#[derive(Clone, Debug, PartialEq)]
pub struct StoreChange {
    /// The store now.
    pub now: Store,
    /// The same store of the same machine some weeks ago.
    pub before: Option<Store>,
}

/// The largest mailboxes of all stores, at most so many.
pub fn largest(stores: &[StoreChange], most: usize) -> Vec<Largest> {
    let mailboxes = || stores.iter().flat_map(|store| &store.now.mailboxes);
    let all = mailboxes().map(|mailbox| mailbox.tally.on_disk()).fold(0, u64::saturating_add);
    let mut largest: Vec<Largest> = mailboxes()
        .map(|mailbox| Largest {
            address: mailbox.address(),
            bytes: mailbox.tally.on_disk(),
            messages: mailbox.tally.messages,
            share: mailbox.tally.on_disk() as f64 / all.max(1) as f64,
        })
        .collect();
    largest.sort_by(|a, b| b.bytes.cmp(&a.bytes).then_with(|| a.address.cmp(&b.address)));
    largest.truncate(most);
    largest
}

/// The mailboxes that grew most, of stores that were scanned before, at most so many. A mailbox that was not there
/// before grew from nothing.
pub fn growers(stores: &[StoreChange], most: usize) -> Vec<Grower> {
    let known = stores.iter().filter_map(|store| Some((&store.now, store.before.as_ref()?)));
    let mut growers: Vec<Grower> = known
        .flat_map(|(now, before)| {
            let held: HashMap<&str, &Mailbox> = before.mailboxes.iter().map(|m| (m.path.as_str(), m)).collect();
            now.mailboxes.iter().map(move |mailbox| grown(held.get(mailbox.path.as_str()).copied(), mailbox))
        })
        .filter(|grower| grower.grown > 0)
        .collect();
    growers.sort_by(|a, b| b.grown.cmp(&a.grown).then_with(|| a.address.cmp(&b.address)));
    growers.truncate(most);
    growers
}

fn grown(before: Option<&Mailbox>, now: &Mailbox) -> Grower {
    let (bytes, messages) = before.map_or((0, 0), |m| (m.tally.on_disk(), m.tally.messages));
    Grower {
        address: now.address(),
        bytes: now.tally.on_disk(),
        grown: signed(now.tally.on_disk()) - signed(bytes),
        messages: signed(now.tally.messages) - signed(messages),
    }
}

fn signed(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snapshot::Tally;

    fn store(mailboxes: &[(&str, u64)]) -> Store {
        let mailbox = |&(user, bytes): &(&str, u64)| Mailbox {
            user: user.to_owned(),
            path: user.to_owned(),
            tally: Tally { allocated_bytes: bytes, messages: bytes / 10, ..Tally::default() },
            ..Mailbox::default()
        };
        Store { name: "s".into(), mailboxes: mailboxes.iter().map(mailbox).collect(), ..Store::default() }
    }

    #[test]
    fn the_largest_come_first_with_their_share() {
        let now = store(&[("ann", 10), ("bob", 30), ("cid", 60)]);
        let top = largest(&[StoreChange { now, before: None }], 2);
        assert_eq!(top.iter().map(|l| l.address.as_str()).collect::<Vec<_>>(), ["cid", "bob"]);
        assert!((top[0].share - 0.6).abs() < 1e-12);
    }

    #[test]
    fn growth_is_of_one_store_and_newcomers_grow_from_nothing() {
        let before = Some(store(&[("ann", 100), ("bob", 500), ("gone", 900)]));
        let now = store(&[("ann", 160), ("bob", 400), ("new", 90)]);
        let first_seen = StoreChange { now: store(&[("eve", 5_000)]), before: None };
        let growers = growers(&[StoreChange { now, before }, first_seen], 5);
        assert_eq!(
            growers.iter().map(|g| (g.address.as_str(), g.grown)).collect::<Vec<_>>(),
            [("new", 90), ("ann", 60)]
        );
    }
}
