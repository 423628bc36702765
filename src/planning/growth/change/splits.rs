//! Whose and where a change of stores is: each list sums to it, and closes with what belongs to none.

use std::collections::HashMap;
use std::hash::Hash;

use serde::Serialize;

use crate::model::snapshot::SIZE_CLASSES;
use crate::planning::growth::summary::StoreSummary;

/// A store now, and as it was.
type Pair<'a> = (&'a StoreSummary, &'a StoreSummary);

/// How much of a change is somebody's, or lies somewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NamedChange {
    /// Whose or where; `None` for what belongs to none. As it was found: see [`crate::model::escape`].
    pub name: Option<String>,
    /// What it holds more than before, or less if negative.
    pub bytes: i128,
    /// Whether it was and is there.
    pub presence: Presence,
}

/// Whether both scans found it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// Both did.
    Both,
    /// Only the later.
    New,
    /// Only the earlier.
    Gone,
}

/// How much of a change is of messages of one size class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct SizeClassChange {
    /// From how many bytes on a message belongs to it; `None` for what is no message.
    pub from: Option<u64>,
    /// The size that its messages are under; `None` if there is none.
    pub under: Option<u64>,
    /// How many messages more than before, or fewer if negative.
    pub messages: i128,
    /// What they take more than before, or less if negative.
    pub bytes: i128,
}

/// Sums by key, in the one scan and in the other.
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

    /// One share for each key, those that changed most first, and what is left of the whole.
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

/// A user may have mail in several places, and may have moved: what counts is the address.
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
