//! The files in a store that maintenance work copies, replaces or rewrites.

use std::iter::Sum;
use std::ops::Add;

use jiff::civil::Date;

use crate::model::snapshot::{ClassUsage, Clock, Mailbox, Store};
use crate::model::{class::Class, series::Resource, special_use::SpecialUse};

/// An amount of each resource of a volume. Sums stop at the largest number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Amount {
    /// Bytes on disk.
    pub bytes: u64,
    /// Inodes.
    pub inodes: u64,
}

impl Amount {
    /// The amount of a resource; zero messages.
    pub fn get(self, resource: Resource) -> u64 {
        match resource {
            Resource::Bytes => self.bytes,
            Resource::Inodes => self.inodes,
            Resource::Messages => 0,
        }
    }

    /// Rounded up.
    pub fn times(self, factor: f64) -> Amount {
        let times = |amount: u64| (amount as f64 * factor).ceil() as u64;
        Amount { bytes: times(self.bytes), inodes: times(self.inodes) }
    }
}

impl Add for Amount {
    type Output = Amount;

    fn add(self, more: Amount) -> Amount {
        Amount { bytes: self.bytes.saturating_add(more.bytes), inodes: self.inodes.saturating_add(more.inodes) }
    }
}

impl Sum for Amount {
    fn sum<I: Iterator<Item = Amount>>(amounts: I) -> Amount {
        amounts.fold(Amount::default(), Add::add)
    }
}

/// The contents of stores, by the work that affects them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StoreContents {
    /// Everything under the roots.
    pub all: Amount,
    /// The backup that the volume takes.
    pub backup: Amount,
    /// Every message in its own file, uncompressed.
    pub messages_anew: Amount,
    /// The present message files, deleted mail included.
    pub mail: Amount,
    /// All mail of mdbox mailboxes with deleted mail.
    pub mdbox: Amount,
    /// Indexes and caches.
    pub index: Amount,
    /// Full-text indexes.
    pub full_text: Amount,
    /// The arrivals of the busiest recent week: bytes, and one inode a message.
    pub busiest_week: Amount,
    /// Bytes of deleted mail still on disk.
    pub reclaimable: u64,
    /// Bytes in Trash and Junk folders.
    pub discarded: u64,
}

/// Weeks of seven days up to a scan among which the busiest is chosen.
const WEEKS: usize = 8;

/// Block rounding of a file, in bytes.
const BLOCK: u64 = 4_096;

impl StoreContents {
    /// The contents of a store scanned on a day.
    pub fn from_store(store: &Store, scanned_on: Date) -> StoreContents {
        let tally = &store.tally;
        let class = |class| amount(&store.classes[class]);
        let mail = class(Class::Message) + class(Class::Reclaimable) + class(Class::SharedAttachment);
        let rounding = tally.messages.saturating_mul(BLOCK);
        // At least what the mail takes on disk now.
        let bytes = tally.logical_bytes.max(tally.message_bytes).saturating_add(rounding).max(mail.bytes);
        let all = Amount { bytes: tally.on_disk(), inodes: tally.inodes };
        StoreContents {
            all,
            backup: all,
            messages_anew: Amount { bytes, inodes: tally.messages.saturating_add(tally.directories) },
            mail,
            mdbox: mdbox(store),
            index: class(Class::Index),
            full_text: class(Class::FullText),
            busiest_week: busiest_week(store, scanned_on),
            reclaimable: tally.reclaimable_bytes,
            discarded: discarded(store),
        }
    }

    /// Indexes of both kinds.
    pub fn indexes(&self) -> Amount {
        self.index + self.full_text
    }
}

impl Sum for StoreContents {
    fn sum<I: Iterator<Item = StoreContents>>(holdings: I) -> StoreContents {
        holdings.fold(StoreContents::default(), |sum, more| StoreContents {
            all: sum.all + more.all,
            backup: sum.backup + more.backup,
            messages_anew: sum.messages_anew + more.messages_anew,
            mail: sum.mail + more.mail,
            mdbox: sum.mdbox + more.mdbox,
            index: sum.index + more.index,
            full_text: sum.full_text + more.full_text,
            busiest_week: sum.busiest_week + more.busiest_week,
            reclaimable: sum.reclaimable.saturating_add(more.reclaimable),
            discarded: sum.discarded.saturating_add(more.discarded),
        })
    }
}

fn amount(share: &ClassUsage) -> Amount {
    Amount { bytes: share.allocated_bytes, inodes: share.inodes }
}

/// A snapshot records deleted mail by mailbox, not by mdbox file.
fn mdbox(store: &Store) -> Amount {
    let to_purge = store.mailboxes.iter().filter(|m| m.layout == "mdbox" && m.tally.reclaimable_bytes > 0);
    let mail =
        |mailbox: Mailbox| amount(&mailbox.classes[Class::Message]) + amount(&mailbox.classes[Class::Reclaimable]);
    to_purge.map(mail).sum()
}

fn discarded(store: &Store) -> u64 {
    let folders = store.mailboxes.iter().flat_map(|mailbox| mailbox.folders);
    let discarded = folders.filter(|f| matches!(f.special_use, Some(SpecialUse::Trash | SpecialUse::Junk)));
    discarded.fold(0, |sum, folder| sum.saturating_add(folder.tally.message_bytes))
}

/// Past weeks have lost mail again, so the busiest week counts and not the mean.
fn busiest_week(store: &Store, scanned_on: Date) -> Amount {
    let mut weeks = [Amount::default(); WEEKS];
    for cohort in store.cohorts.iter().filter(|cohort| cohort.clock == Clock::Arrival) {
        let age = usize::try_from((scanned_on - cohort.day).get_days());
        let Some(sum) = age.ok().and_then(|days| weeks.get_mut(days / 7)) else { continue };
        let bytes = cohort.bytes.saturating_add(cohort.messages.saturating_mul(BLOCK));
        *sum = *sum + Amount { bytes, inodes: cohort.messages };
    }
    let largest = |of: fn(&Amount) -> u64| weeks.iter().map(of).max().unwrap_or(0);
    Amount { bytes: largest(|week| week.bytes), inodes: largest(|week| week.inodes) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::snapshot::{Cohort, Folder, Tally};
    use jiff::civil::date;

    fn mailbox(layout: &str, reclaimable_bytes: u64, mail: u64) -> Mailbox {
        let mut mailbox = Mailbox { layout: layout.into(), ..Mailbox::default() };
        mailbox.tally.reclaimable_bytes = reclaimable_bytes;
        mailbox.classes[Class::Message] = ClassUsage { allocated_bytes: mail, inodes: 2, ..ClassUsage::default() };
        mailbox
    }

    #[test]
    fn only_mdbox_mailboxes_with_deleted_mail_need_a_purge() {
        let mailboxes = vec![mailbox("mdbox", 5, 100), mailbox("mdbox", 0, 200), mailbox("maildir", 5, 400)];
        let store = Store { mailboxes: mailboxes.into(), ..Store::default() };
        assert_eq!(StoreContents::from_store(&store, date(2026, 11, 23)).mdbox, Amount { bytes: 100, inodes: 2 });
    }

    #[test]
    fn the_busiest_recent_week_gives_the_arrival_rate() {
        let cohort = |day, clock, messages, bytes| Cohort { clock, day, size_from: 0, messages, bytes };
        let cohorts = vec![
            cohort(date(2026, 9, 28), Clock::Arrival, 99, 99_000),
            cohort(date(2026, 11, 3), Clock::Arrival, 2, 9_000),
            cohort(date(2026, 11, 9), Clock::Arrival, 1, 1_000),
            cohort(date(2026, 11, 2), Clock::Saved, 50, 50_000),
            cohort(date(2026, 11, 16), Clock::Arrival, 4, 200),
            cohort(date(2027, 11, 1), Clock::Arrival, 70, 70_000),
        ];
        let store = Store { cohorts, ..Store::default() };
        let week = StoreContents::from_store(&store, date(2026, 11, 23)).busiest_week;
        assert_eq!(week, Amount { bytes: 10_000 + 3 * BLOCK, inodes: 4 });
    }

    #[test]
    fn a_rewritten_message_is_uncompressed_and_has_an_inode() {
        let tally =
            Tally { messages: 10, message_bytes: 500, logical_bytes: 2_000, directories: 3, ..Tally::default() };
        let mut store = Store { tally, ..Store::default() };
        let anew = |store: &Store| StoreContents::from_store(store, date(2026, 11, 23)).messages_anew;
        assert_eq!(anew(&store), Amount { bytes: 2_000 + 10 * BLOCK, inodes: 13 });
        store.classes[Class::Message].allocated_bytes = 1 << 30;
        assert_eq!(anew(&store).bytes, 1 << 30);
    }

    #[test]
    fn discarded_mail_is_trash_and_junk() {
        let folder = |special_use, message_bytes| Folder {
            special_use,
            tally: Tally { message_bytes, ..Tally::default() },
            ..Folder::default()
        };
        let folders = vec![folder(Some(SpecialUse::Trash), 5), folder(None, 90), folder(Some(SpecialUse::Junk), 7)];
        let store = Store { mailboxes: vec![Mailbox { folders, ..Mailbox::default() }].into(), ..Store::default() };
        assert_eq!(StoreContents::from_store(&store, date(2026, 11, 23)).discarded, 12);
    }

    #[test]
    fn sums_saturate() {
        let huge = Amount { bytes: u64::MAX, inodes: u64::MAX };
        assert_eq!([huge, huge].into_iter().sum::<Amount>(), huge);
        assert_eq!((huge + huge).times(3.0), huge);
    }
}
