//! Detects bulk arrivals: days on which much older mail was saved or restored.
//!
//! A migration saves on one day what arrived over years; a restore without timestamps gives the files of years the time of
//! one day. Both show as a difference between two clocks of each message, which a busy day does not have.

use std::collections::BTreeMap;

use super::cohorts::{DAYS, MessageCounts, SECONDS_PER_DAY, day};
use crate::model::dates::date_of;
use crate::model::snapshot::{BulkArrival, BulkArrivalKind};
use crate::model::varint;
use crate::store::reader::Message;

/// Seconds. Mail saved sooner after its arrival was queued, fetched, or moved by its owner.
const ORDINARY_DELAY: i64 = 7 * SECONDS_PER_DAY;
/// Fewest messages of an event.
const LEAST_MESSAGES: u64 = 100;
/// An event has at least one in this many of the store's messages.
const LEAST_SHARE: u64 = 20;
/// A day counts for a mailbox only with at least one in this many of its messages: its owner may have moved old mail.
const LEAST_SHARE_OF_MAILBOX: u64 = 3;

/// Messages and bytes of late mail, by day and kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct BulkArrivals {
    by_day: BTreeMap<(i32, BulkArrivalKind), MessageCounts>,
    messages: u64,
}

impl BulkArrivals {
    pub(crate) fn add(&mut self, message: &Message) {
        self.messages += 1;
        let saved = message.saved.filter(|&saved| saved.saturating_sub(message.arrival) > ORDINARY_DELAY);
        for (time, kind) in [(saved, BulkArrivalKind::Migration), (message.touched, BulkArrivalKind::Restore)] {
            let Some(time) = time else { continue };
            *self.by_day.entry((day(time), kind)).or_default() += MessageCounts { messages: 1, bytes: message.bytes };
        }
    }

    /// Adds another part of the same mailbox.
    pub(crate) fn merge(&mut self, other: &BulkArrivals) {
        self.messages = self.messages.saturating_add(other.messages);
        other.by_day.iter().for_each(|(&key, &counts)| *self.by_day.entry(key).or_default() += counts);
    }

    /// Adds a whole mailbox, but only the days that are large for it.
    pub(crate) fn merge_mailbox(&mut self, other: &BulkArrivals) {
        self.messages = self.messages.saturating_add(other.messages);
        let least = other.messages / LEAST_SHARE_OF_MAILBOX;
        let days = other.by_day.iter().filter(|(_, counts)| counts.messages >= least);
        days.for_each(|(&key, &counts)| *self.by_day.entry(key).or_default() += counts);
    }

    pub(crate) fn put(&self, into: &mut Vec<u8>) {
        varint::put(into, self.messages);
        varint::put(into, self.by_day.len() as u64);
        for (&(day, kind), counts) in &self.by_day {
            varint::put_signed(into, i64::from(day));
            [kind as u64, counts.messages, counts.bytes].iter().for_each(|&number| varint::put(into, number));
        }
    }

    /// `None` if the bytes are invalid.
    pub(crate) fn take(bytes: &mut varint::VarintReader) -> Option<BulkArrivals> {
        let mut bulk = BulkArrivals { messages: bytes.number()?, ..BulkArrivals::default() };
        for _ in 0..bytes.number()? {
            let day = i32::try_from(bytes.signed()?).ok().filter(|day| DAYS.contains(day))?;
            let kind = *BulkArrivalKind::ALL.get(usize::try_from(bytes.number()?).ok()?)?;
            let counts = MessageCounts { messages: bytes.number()?, bytes: bytes.number()? };
            *bulk.by_day.entry((day, kind)).or_default() += counts;
        }
        Some(bulk)
    }

    /// The days with enough late mail, by date.
    pub(crate) fn events(&self) -> Vec<BulkArrival> {
        let least = LEAST_MESSAGES.max(self.messages / LEAST_SHARE);
        let event = |(&(day, kind), &MessageCounts { messages, bytes })| {
            (messages >= least).then(|| BulkArrival { date: date_of(day), kind, messages, bytes })
        };
        self.by_day.iter().filter_map(event).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const DAY: i64 = SECONDS_PER_DAY;

    #[test]
    fn mail_of_many_days_saved_on_one_day_is_a_migration() {
        let mut bulk = BulkArrivals::default();
        for message in 0..150 {
            bulk.add(&Message { bytes: 10, arrival: message * DAY, saved: Some(1_000 * DAY), ..Message::default() });
        }
        let expected =
            BulkArrival { date: date(1972, 9, 27), kind: BulkArrivalKind::Migration, messages: 150, bytes: 1_500 };
        assert_eq!(bulk.events(), [expected]);
    }

    #[test]
    fn files_touched_on_one_day_are_a_restore() {
        let mut bulk = BulkArrivals::default();
        for message in 0..100 {
            let time = Some(message * DAY);
            let restored =
                Message { arrival: message * DAY, saved: time, touched: Some(500 * DAY), ..Message::default() };
            bulk.add(&restored);
        }
        assert_eq!(
            bulk.events().iter().map(|e| (e.kind, e.messages)).collect::<Vec<_>>(),
            [(BulkArrivalKind::Restore, 100)]
        );
    }

    #[test]
    fn a_busy_day_is_not_an_event() {
        let mut bulk = BulkArrivals::default();
        for _ in 0..10_000 {
            bulk.add(&Message { arrival: 1_000 * DAY, saved: Some(1_002 * DAY), ..Message::default() });
        }
        assert_eq!(bulk.events(), []);
    }

    /// A mailbox of `ordinary` messages and of `late` old ones saved on one day.
    fn mailbox(ordinary: usize, late: usize) -> BulkArrivals {
        let mut mailbox = BulkArrivals::default();
        (0..ordinary).for_each(|_| mailbox.add(&Message::default()));
        (0..late).for_each(|_| mailbox.add(&Message { saved: Some(90 * DAY), ..Message::default() }));
        mailbox
    }

    #[test]
    fn a_small_share_of_the_store_is_not_an_event() {
        let mut store = BulkArrivals::default();
        store.merge_mailbox(&mailbox(10_000, 0));
        store.merge_mailbox(&mailbox(0, 400));
        assert_eq!(store.events(), []);
        store.merge_mailbox(&mailbox(10, 200));
        assert_eq!(store.events().iter().map(|event| event.messages).collect::<Vec<_>>(), [600]);
    }

    #[test]
    fn a_user_who_moves_old_mail_is_not_an_event() {
        let mut store = BulkArrivals::default();
        store.merge_mailbox(&mailbox(1_000, 400));
        assert_eq!(store.events(), []);
    }
}
