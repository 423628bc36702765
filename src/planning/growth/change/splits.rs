//! The change of stores by domain, mailbox, folder and message size. Each list sums to the whole and ends with the
//! rest.

use std::collections::HashMap;
use std::hash::Hash;

use schemars::JsonSchema;
use serde::Serialize;

use crate::model::snapshot::SIZE_CLASSES;
use crate::planning::growth::summary::StoreSummary;

/// A store now and before.
type Pair<'a> = (&'a StoreSummary, &'a StoreSummary);

/// The change of a domain, mailbox or folder.
#[derive(Clone, Debug, PartialEq, Eq, JsonSchema, Serialize)]
pub struct NamedChange {
    /// `None` for the rest. Unescaped.
    pub name: Option<String>,
    /// Bytes more than before, or fewer if negative.
    pub bytes: i128,
    /// Whether it existed before and exists now.
    pub presence: Presence,
}

/// In which of two scans something was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, JsonSchema, Serialize)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, JsonSchema, Serialize)]
pub struct SizeClassChange {
    /// The smallest message, in bytes; `None` for the rest.
    #[serde(rename = "from_bytes")]
    pub from: Option<u64>,
    /// The upper bound in bytes, exclusive; `None` for the rest and the largest class.
    #[serde(rename = "under_bytes")]
    pub under: Option<u64>,
    /// Messages more than before, or fewer if negative.
    pub messages: i128,
    /// Bytes more than before, or fewer if negative.
    pub bytes: i128,
}

/// Bytes of a key in both scans.
#[derive(Default)]
struct Sum {
    now: Option<i128>,
    before: Option<i128>,
}

/// One row for each key of `rows`, the largest change first, and the rest of the whole.
fn by_key<'a, K: Hash + Eq, R: IntoIterator<Item = (K, u64)>>(
    pairs: &[Pair<'a>],
    whole: i128,
    rows: impl Fn(&'a StoreSummary) -> R,
    name: impl Fn(K) -> String,
) -> Vec<NamedChange> {
    let mut sums: HashMap<K, Sum> = HashMap::new();
    for &(now, before) in pairs {
        for (key, bytes) in rows(now) {
            *sums.entry(key).or_default().now.get_or_insert(0) += i128::from(bytes);
        }
        for (key, bytes) in rows(before) {
            *sums.entry(key).or_default().before.get_or_insert(0) += i128::from(bytes);
        }
    }
    let change = |(key, sum): (K, Sum)| {
        let presence = match (sum.before, sum.now) {
            (None, _) => Presence::New,
            (_, None) => Presence::Gone,
            _ => Presence::Both,
        };
        let bytes = sum.now.unwrap_or(0) - sum.before.unwrap_or(0);
        NamedChange { name: Some(name(key)), bytes, presence }
    };
    let mut changes: Vec<NamedChange> = sums.into_iter().map(change).collect();
    changes.sort_unstable_by(|a, b| b.bytes.abs().cmp(&a.bytes.abs()).then_with(|| a.name.cmp(&b.name)));
    let rest = whole - changes.iter().map(|change| change.bytes).sum::<i128>();
    changes.push(NamedChange { name: None, bytes: rest, presence: Presence::Both });
    changes
}

pub(super) fn domains<'a>(pairs: &[Pair<'a>], whole: i128) -> Vec<NamedChange> {
    let rows = |store: &'a StoreSummary| store.mailboxes.iter().filter_map(|m| Some((m.domain.as_deref()?, m.on_disk)));
    by_key(pairs, whole, rows, str::to_owned)
}

/// By address: a user may have several mailboxes, and mailboxes may move.
pub(super) fn mailboxes<'a>(pairs: &[Pair<'a>], of_several_stores: bool, whole: i128) -> Vec<NamedChange> {
    let name = |(store, address): (&str, String)| match of_several_stores {
        true => format!("{store}:{address}"),
        false => address,
    };
    // Both stores of a pair have the same name.
    let rows = |store: &'a StoreSummary| store.mailboxes.iter().map(|m| ((&*store.name, m.address()), m.on_disk));
    by_key(pairs, whole, rows, name)
}

pub(super) fn folders<'a>(pairs: &[Pair<'a>], whole: i128) -> Vec<NamedChange> {
    let rows = |store: &'a StoreSummary| store.folders.iter().map(|folder| (&*folder.name, folder.message_bytes));
    by_key(pairs, whole, rows, str::to_owned)
}

pub(super) fn sizes(pairs: &[Pair], whole: i128) -> Vec<SizeClassChange> {
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
