//! Very large messages by size class and mailbox, and their part in the growth.

use std::collections::{BTreeMap, HashMap, HashSet};

use schemars::JsonSchema;
use serde::Serialize;

use super::mailboxes::{StoreChange, qualified_address};
use super::{flow::Flow, summary::MailboxSummary, timeline::MailSum};
use crate::model::dates::day_number;
use crate::model::snapshot::{SIZE_CLASSES, cohort::VERY_LARGE};

/// The messages of one size class in all stores.
#[derive(Clone, Debug, PartialEq, Eq, JsonSchema, Serialize)]
pub struct LargeMessageClass {
    /// The lower bound in bytes, inclusive.
    #[serde(rename = "from_bytes")]
    pub from: u64,
    /// The upper bound in bytes, exclusive; `None` for the largest class.
    #[serde(rename = "under_bytes")]
    pub under: Option<u64>,
    /// All messages of the class.
    #[serde(flatten)]
    pub sum: LargeMessageSum,
    /// By mailbox, the most bytes first; the address is prefixed with the store if there are several.
    pub holders: Vec<LargeMessageMailbox>,
}

/// The large messages of a mailbox.
#[derive(Clone, Debug, PartialEq, Eq, JsonSchema, Serialize)]
pub struct LargeMessageMailbox {
    /// The mailbox's address.
    pub address: String,
    /// All messages of the class in it.
    #[serde(flatten)]
    pub sum: LargeMessageSum,
}

/// Counts and bytes of messages; nothing arrived or grew where there is no earlier scan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, JsonSchema, Serialize)]
pub struct LargeMessageSum {
    /// Messages.
    pub messages: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Messages that arrived since the earlier scan and are still there.
    pub arrived_messages: u64,
    /// Their bytes.
    pub arrived_bytes: u64,
    /// Change in bytes since the earlier scan.
    #[serde(skip)]
    pub grown: i128,
}

impl LargeMessageSum {
    /// The arrived bytes as a share of `growth`; `None` without growth.
    pub fn share_of(&self, growth: i128) -> Option<f64> {
        (growth > 0).then(|| self.arrived_bytes as f64 / growth as f64)
    }

    fn add(&mut self, more: &LargeMessageSum) {
        self.messages = self.messages.saturating_add(more.messages);
        self.bytes = self.bytes.saturating_add(more.bytes);
        self.arrived_messages = self.arrived_messages.saturating_add(more.arrived_messages);
        self.arrived_bytes = self.arrived_bytes.saturating_add(more.arrived_bytes);
        self.grown = self.grown.saturating_add(more.grown);
    }
}

/// The very large messages of all stores, the smallest size class first, each with at most `most` mailboxes.
pub fn very_large(stores: &[StoreChange], most: usize) -> Vec<LargeMessageClass> {
    (VERY_LARGE..SIZE_CLASSES.len() as u8).map(|size| of_size(stores, size, most)).collect()
}

fn of_size(stores: &[StoreChange], size: u8, most: usize) -> LargeMessageClass {
    let mut holders: Vec<LargeMessageMailbox> = Vec::new();
    let mut sum = LargeMessageSum::default();
    for store in stores {
        let split = store.before.as_ref().map(|(day, _)| day_number(*day));
        let earlier = store.before.iter().flat_map(|(_, before)| &before.mailboxes);
        let earlier: HashMap<&str, &MailboxSummary> = earlier.map(|mailbox| (&*mailbox.path, mailbox)).collect();
        let mut by_address: BTreeMap<String, LargeMessageSum> = BTreeMap::new();
        for mailbox in &store.now.mailboxes {
            let now = of_class(mailbox, size);
            let before = earlier.get(&*mailbox.path).map_or(Vec::new(), |before| of_class(before, size));
            if !now.is_empty() || !before.is_empty() {
                by_address.entry(mailbox.address()).or_default().add(&compared(&before, &now, split));
            }
        }
        by_address.values().for_each(|one| sum.add(one));
        // Messages of removed mailboxes are gone.
        let paths: HashSet<&str> = store.now.mailboxes.iter().map(|mailbox| &*mailbox.path).collect();
        let gone = earlier.values().filter(|mailbox| !paths.contains(&*mailbox.path));
        gone.for_each(|gone| sum.add(&compared(&of_class(gone, size), &[], split)));
        let with_mail = by_address.into_iter().filter(|(_, sum)| sum.messages > 0);
        holders.extend(
            with_mail
                .map(|(address, sum)| LargeMessageMailbox { address: qualified_address(stores, store, address), sum }),
        );
    }
    holders.sort_by(|a, b| b.sum.bytes.cmp(&a.sum.bytes).then_with(|| a.address.cmp(&b.address)));
    holders.truncate(most);
    let class = usize::from(size);
    LargeMessageClass { from: SIZE_CLASSES[class], under: SIZE_CLASSES.get(class + 1).copied(), sum, holders }
}

/// The messages of one size class by day of arrival.
fn of_class(mailbox: &MailboxSummary, size: u8) -> Vec<(i32, MailSum)> {
    let of_class = mailbox.large.iter().filter(|cohort| cohort.1 == size);
    of_class.map(|&(day, _, messages, bytes)| (day, MailSum { messages, bytes })).collect()
}

/// `split` is the day of the earlier scan.
fn compared(before: &[(i32, MailSum)], now: &[(i32, MailSum)], split: Option<i32>) -> LargeMessageSum {
    let mut all = MailSum::default();
    now.iter().for_each(|(_, mail)| all += *mail);
    let sum = LargeMessageSum { messages: all.messages, bytes: all.bytes, ..LargeMessageSum::default() };
    let Some(split) = split else { return sum };
    let flow = |amount: fn(&MailSum) -> u64| {
        let amounts = |days: &[(i32, MailSum)]| days.iter().map(|(day, mail)| (*day, amount(mail))).collect::<Vec<_>>();
        Flow::between(amounts(before), amounts(now), split)
    };
    let (messages, bytes) = (flow(|mail| mail.messages), flow(|mail| mail.bytes));
    let arrived = |flow: Flow| u64::try_from(flow.arrived).unwrap_or(u64::MAX);
    LargeMessageSum { arrived_messages: arrived(messages), arrived_bytes: arrived(bytes), grown: bytes.change(), ..sum }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::snapshot::cohort::DayOfSize;
    use crate::planning::growth::summary::StoreSummary;
    use jiff::civil::date;
    use std::sync::Arc;

    const MIB: u64 = 1 << 20;

    fn store(mailboxes: &[(&str, &[DayOfSize])]) -> Arc<StoreSummary> {
        let mailbox = |&(user, large): &(&str, &[DayOfSize])| MailboxSummary {
            user: user.into(),
            path: user.into(),
            large: large.to_vec(),
            ..MailboxSummary::default()
        };
        Arc::new(StoreSummary { mailboxes: mailboxes.iter().map(mailbox).collect(), ..StoreSummary::default() })
    }

    #[test]
    fn large_messages_are_counted_by_class_with_arrivals() {
        let day = date(2026, 11, 18);
        let then = day_number(day);
        let before = store(&[("ann", &[(then - 1, 4, 1, 9 * MIB)]), ("gone", &[(then - 3, 4, 1, 20 * MIB)])]);
        let ann = [(then - 1, 4, 1, 9 * MIB), (then + 1, 4, 2, 30 * MIB), (then + 1, 5, 1, 200 * MIB)];
        let bob = [(then - 50, 4, 5, 60 * MIB)];
        let now = store(&[("ann", &ann), ("bob", &bob), ("cid", &[])]);
        let (host, to) = ("mail01".to_owned(), date(2026, 11, 25));
        let mut change = StoreChange { host, volume: None, now, to, before: Some((day, before)) };
        let actual = very_large(std::slice::from_ref(&change), 1);
        assert_eq!(
            (actual[0].from, actual[0].under, actual[1].from, actual[1].under),
            (8 * MIB, Some(64 * MIB), 64 * MIB, None)
        );
        let all = LargeMessageSum {
            messages: 8,
            bytes: 99 * MIB,
            arrived_messages: 2,
            arrived_bytes: 30 * MIB,
            grown: i128::from(70 * MIB),
        };
        assert_eq!(actual[0].sum, all, "Bob's is imported old mail, and one mailbox is gone");
        assert_eq!(actual[0].holders.iter().map(|held| held.address.as_str()).collect::<Vec<_>>(), ["bob"]);
        assert_eq!((actual[1].sum.messages, actual[1].holders[0].address.as_str()), (1, "ann"));
        assert_eq!(actual[0].sum.share_of(i128::from(60 * MIB)), Some(0.5));
        assert_eq!(actual[0].sum.share_of(0), None);
        change.before = None;
        let first = &very_large(&[change], 1)[0];
        assert_eq!(
            (first.sum.messages, first.sum.arrived_bytes, first.sum.grown),
            (8, 0, 0),
            "no growth without an earlier scan"
        );
    }
}
