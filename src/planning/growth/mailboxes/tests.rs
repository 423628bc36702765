use super::*;
use crate::model::snapshot::Tally;
use crate::planning::growth::summary::{FolderSum, MailboxSummary};
use jiff::civil::date;

fn store(mailboxes: &[(&str, u64)]) -> Arc<StoreSummary> {
    let mailbox = |&(user, bytes): &(&str, u64)| MailboxSummary {
        user: user.to_owned(),
        path: user.to_owned(),
        on_disk: bytes,
        quota_bytes: 2 * bytes,
        messages: bytes / 10,
        ..MailboxSummary::default()
    };
    Arc::new(StoreSummary { mailboxes: mailboxes.iter().map(mailbox).collect(), ..StoreSummary::default() })
}

fn change(now: Arc<StoreSummary>, before: Option<Arc<StoreSummary>>) -> StoreChange {
    let before = before.map(|before| (date(2026, 11, 1), before));
    StoreChange { host: "mail01".into(), volume: None, now, to: date(2026, 11, 29), before }
}

#[test]
fn the_largest_mailboxes_come_first_with_their_share() {
    let one = change(store(&[("ann", 4), ("bob", 30), ("ann", 6), ("cid", 60)]), None);
    let largest_of = |stores: &[StoreChange], most| -> Vec<(String, u64)> {
        largest(stores, most).into_iter().map(|held| (held.address, held.bytes)).collect()
    };
    let of = |address: &str, bytes| (address.to_owned(), bytes);
    assert_eq!(largest_of(std::slice::from_ref(&one), 9), [of("cid", 60), of("bob", 30), of("ann", 10)]);
    assert!((largest(std::slice::from_ref(&one), 1)[0].share - 0.6).abs() < 1e-12);
    let mut other = change(store(&[("cid", 70)]), None);
    Arc::get_mut(&mut other.now).unwrap().name = "b".into();
    let both = [one, other];
    assert_eq!((largest_of(&both, 2), mailbox_count(&both)), (vec![of("b:cid", 70), of(":cid", 60)], 4));
}

#[test]
fn new_mailboxes_grow_from_zero() {
    let before = Some(store(&[("ann", 100), ("bob", 500), ("gone", 900)]));
    let now = store(&[("ann", 60), ("ann", 100), ("bob", 400), ("new", 90)]);
    let actual = growers(&[change(now, before)], 5);
    assert_eq!(
        actual.iter().map(|g| (g.address.as_str(), g.grown, g.messages)).collect::<Vec<_>>(),
        [("new", 90, 9), ("ann", 60, 6)]
    );
    assert_eq!(growers(&[change(store(&[("eve", 5_000)]), None)], 5), []);
}

#[test]
fn total_growth_counts_from_the_earliest_scan() {
    let of = |bytes| {
        let tally = Tally { allocated_bytes: bytes, ..Tally::default() };
        Arc::new(StoreSummary { tally, ..StoreSummary::default() })
    };
    let mut shrunk = change(of(60), Some(of(70)));
    shrunk.before.as_mut().unwrap().0 = date(2026, 10, 30);
    let stores = [change(of(150), Some(of(100))), shrunk, change(of(999), None)];
    let together = TotalGrowth { from: date(2026, 10, 30), to: date(2026, 11, 29), bytes: 40 };
    assert_eq!((grown(&stores), grown(&stores[2..])), (Some(together), None));
}

#[test]
fn a_quota_applies_to_all_mail_of_an_address() {
    let now = change(store(&[("ann", 10), ("bob", 30), ("ann", 15), ("cid", 99)]), None);
    let quota = |address: &str| (address != "cid").then_some(if address == "ann" { 40 } else { 100 });
    let held = quota_use(&[now], quota, 9);
    let actual: Vec<_> = held.iter().map(|one| (one.address.as_str(), one.bytes, one.quota, one.share)).collect();
    assert_eq!(actual, [("ann", 50, 40, 1.25), ("bob", 60, 100, 0.6)]);
}

#[test]
fn trash_junk_and_unpurged_mail_are_reclaimable() {
    let folder = |special_use, messages| FolderSum { special_use, messages, message_bytes: 7, name: "x".into() };
    let folders = vec![folder(Some(SpecialUse::Trash), 1), folder(Some(SpecialUse::Junk), 2), folder(None, 4)];
    let tally = Tally { reclaimable_bytes: 5, ..Tally::default() };
    let one = change(Arc::new(StoreSummary { folders, tally, ..StoreSummary::default() }), None);
    let expected = Reclaimable { trash: 14, trash_messages: 2, junk: 14, junk_messages: 4, unpurged: 10 };
    assert_eq!(reclaimable(&[one.clone(), one]), expected);
}
