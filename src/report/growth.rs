//! Who holds the most, and who grew the most.

use std::collections::HashMap;

use crate::snapshot::{Mailbox, Snapshot};

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

/// The largest mailboxes of some snapshots, at most so many.
pub fn largest(snapshots: &[Snapshot], most: usize) -> Vec<Largest> {
    let all: u64 = mailboxes(snapshots).map(|(_, mailbox)| on_disk(mailbox)).sum();
    let mut largest: Vec<Largest> = mailboxes(snapshots)
        .map(|(_, mailbox)| Largest {
            address: mailbox.address(),
            bytes: on_disk(mailbox),
            messages: mailbox.tally.messages,
            share: on_disk(mailbox) as f64 / all.max(1) as f64,
        })
        .collect();
    largest.sort_by(|a, b| b.bytes.cmp(&a.bytes).then_with(|| a.address.cmp(&b.address)));
    largest.truncate(most);
    largest
}

/// The mailboxes that grew most from one set of snapshots to another of the same stores, at most so many. One that was
/// not there before grew from nothing.
pub fn growers(before: &[Snapshot], now: &[Snapshot], most: usize) -> Vec<Grower> {
    let held: HashMap<Key, &Mailbox> = mailboxes(before).collect();
    let mut growers: Vec<Grower> = mailboxes(now)
        .map(|(key, mailbox)| {
            let (bytes, messages) = held.get(&key).map_or((0, 0), |m| (on_disk(m), m.tally.messages));
            Grower {
                address: mailbox.address(),
                bytes: on_disk(mailbox),
                grown: signed(on_disk(mailbox)) - signed(bytes),
                messages: signed(mailbox.tally.messages) - signed(messages),
            }
        })
        .filter(|grower| grower.grown > 0)
        .collect();
    growers.sort_by(|a, b| b.grown.cmp(&a.grown).then_with(|| a.address.cmp(&b.address)));
    growers.truncate(most);
    growers
}

/// The store and the path in it.
type Key<'a> = (&'a str, &'a str);

fn mailboxes(snapshots: &[Snapshot]) -> impl Iterator<Item = (Key<'_>, &Mailbox)> {
    let stores = snapshots.iter().flat_map(|snapshot| &snapshot.stores);
    stores.flat_map(|store| store.mailboxes.iter().map(|m| ((store.name.as_str(), m.path.as_str()), m)))
}

fn on_disk(mailbox: &Mailbox) -> u64 {
    mailbox.tally.allocated_bytes + mailbox.tally.directory_bytes
}

fn signed(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snapshot::{Store, Tally};

    fn snapshot(mailboxes: &[(&str, u64)]) -> Snapshot {
        let mailbox = |&(user, bytes): &(&str, u64)| Mailbox {
            user: user.to_owned(),
            path: user.to_owned(),
            tally: Tally { allocated_bytes: bytes, messages: bytes / 10, ..Tally::default() },
            ..Mailbox::default()
        };
        let store = Store { name: "s".into(), mailboxes: mailboxes.iter().map(mailbox).collect(), ..Store::default() };
        Snapshot {
            taken_at: jiff::Timestamp::UNIX_EPOCH,
            host: "h".into(),
            complete: true,
            filesystems: Vec::new(),
            stores: vec![store],
            problems: Vec::new(),
        }
    }

    #[test]
    fn the_largest_come_first_with_their_share() {
        let top = largest(&[snapshot(&[("ann", 10), ("bob", 30), ("cid", 60)])], 2);
        assert_eq!(top.iter().map(|l| l.address.as_str()).collect::<Vec<_>>(), ["cid", "bob"]);
        assert!((top[0].share - 0.6).abs() < 1e-12);
    }

    #[test]
    fn growth_is_from_snapshot_to_snapshot_and_newcomers_grow_from_nothing() {
        let before = snapshot(&[("ann", 100), ("bob", 500), ("gone", 900)]);
        let now = snapshot(&[("ann", 160), ("bob", 400), ("new", 90)]);
        let growers = growers(&[before], &[now], 5);
        assert_eq!(
            growers.iter().map(|g| (g.address.as_str(), g.grown)).collect::<Vec<_>>(),
            [("new", 90), ("ann", 60)]
        );
    }
}
