//! The change of stores by domain, mailbox, folder and message size. Each list sums to the whole and ends with the
//! rest.

use std::collections::HashMap;
use std::hash::Hash;

use serde::Serialize;

use crate::model::snapshot::SIZE_CLASSES;
use crate::planning::growth::summary::StoreSummary;

/// A store now and before.
type Pair<'a> = (&'a StoreSummary, &'a StoreSummary);

/// The change of a domain, mailbox or folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NamedChange {
    /// `None` for the rest. Unescaped: see [`crate::model::escape`].
    pub name: Option<String>,
    /// Bytes more than before, or fewer if negative.
    pub bytes: i128,
    /// Whether it existed before and exists now.
    pub presence: Presence,
}

/// In which of two scans something was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// In both scans.
    Both,
    /// In the later scan only.
    New,
    /// In the earlier scan only.
    Gone,
}

/// The change of one size class of messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct SizeClassChange {
    /// The smallest message, in bytes; `None` for the rest.
    pub from: Option<u64>,
    /// The upper bound in bytes, exclusive.
    pub under: Option<u64>,
    /// Messages more than before, or fewer if negative.
    pub messages: i128,
    /// Bytes more than before, or fewer if negative.
    pub bytes: i128,
}

/// Changes by key.
struct Sums<K>(HashMap<K, Sum>);

#[derive(Default)]
struct Sum {
    bytes: i128,
    was: bool,
    is: bool,
}

impl<K: Hash + Eq> Sums<K> {
    fn new() -> Self {
        Sums(HashMap::new())
    }

    fn now(&mut self, key: K, bytes: u64) {
        let sum = self.0.entry(key).or_default();
        sum.bytes += i128::from(bytes);
        sum.is = true;
    }

    fn before(&mut self, key: K, bytes: u64) {
        let sum = self.0.entry(key).or_default();
        sum.bytes -= i128::from(bytes);
        sum.was = true;
    }

    /// One row for each key, the largest change first, and the rest of the whole.
    fn shares(self, whole: i128, name: impl Fn(K) -> String) -> Vec<NamedChange> {
        let share = |(key, sum): (K, Sum)| {
            let presence = match (sum.was, sum.is) {
                (false, _) => Presence::New,
                (true, false) => Presence::Gone,
                (true, true) => Presence::Both,
            };
            NamedChange { name: Some(name(key)), bytes: sum.bytes, presence }
        };
        let mut shares: Vec<NamedChange> = self.0.into_iter().map(share).collect();
        shares.sort_unstable_by(|a, b| b.bytes.abs().cmp(&a.bytes.abs()).then_with(|| a.name.cmp(&b.name)));
        let rest = whole - shares.iter().map(|share| share.bytes).sum::<i128>();
        shares.push(NamedChange { name: None, bytes: rest, presence: Presence::Both });
        shares
    }
}

pub(crate) fn domains(pairs: &[Pair], whole: i128) -> Vec<NamedChange> {
    let mut sums: Sums<&str> = Sums::new();
    for (now, before) in pairs {
        for mailbox in &now.mailboxes {
            mailbox.domain.iter().for_each(|domain| sums.now(domain, mailbox.on_disk));
        }
        for mailbox in &before.mailboxes {
            mailbox.domain.iter().for_each(|domain| sums.before(domain, mailbox.on_disk));
        }
    }
    sums.shares(whole, str::to_owned)
}

/// By address: a user may have several mailboxes, and mailboxes may move.
pub(crate) fn mailboxes(pairs: &[Pair], of_several_stores: bool, whole: i128) -> Vec<NamedChange> {
    let mut sums: Sums<(&str, String)> = Sums::new();
    for (now, before) in pairs {
        now.mailboxes.iter().for_each(|m| sums.now((&now.name, m.address()), m.on_disk));
        before.mailboxes.iter().for_each(|m| sums.before((&now.name, m.address()), m.on_disk));
    }
    let name = |(store, address): (&str, String)| match of_several_stores {
        true => format!("{store}:{address}"),
        false => address,
    };
    sums.shares(whole, name)
}

pub(crate) fn folders(pairs: &[Pair], whole: i128) -> Vec<NamedChange> {
    let mut sums: Sums<&str> = Sums::new();
    for (now, before) in pairs {
        now.folders.iter().for_each(|folder| sums.now(&folder.name, folder.message_bytes));
        before.folders.iter().for_each(|folder| sums.before(&folder.name, folder.message_bytes));
    }
    sums.shares(whole, str::to_owned)
}

pub(crate) fn sizes(pairs: &[Pair], whole: i128) -> Vec<SizeClassChange> {
    let mut sums = [(0_i128, 0_i128); SIZE_CLASSES.len()];
    for (now, before) in pairs {
        for (sign, store) in [(1, now), (-1, before)] {
            for &(_, size, messages, bytes) in &store.cohorts {
                let sum = &mut sums[usize::from(size)];
                *sum = (sum.0 + sign * i128::from(messages), sum.1 + sign * i128::from(bytes));
            }
        }
    }
    let share = |(class, (messages, bytes)): (usize, (i128, i128))| SizeClassChange {
        from: Some(SIZE_CLASSES[class]),
        under: SIZE_CLASSES.get(class + 1).copied(),
        messages,
        bytes,
    };
    let mut shares: Vec<SizeClassChange> = sums.into_iter().enumerate().map(share).collect();
    let rest = whole - shares.iter().map(|share| share.bytes).sum::<i128>();
    shares.push(SizeClassChange { from: None, under: None, messages: 0, bytes: rest });
    shares
}
