use super::*;
use crate::model::class::Class;
use crate::model::dates::day_number;
use crate::model::series::{EventKind, EventSource};
use crate::model::snapshot::cohort::DayOfSize;
use crate::model::snapshot::{ClassUsage, Classes, Filesystem, Tally};
use crate::planning::growth::summary::{FolderSum, MailboxSummary};
use jiff::civil::date;

const BEFORE: Date = date(2026, 11, 16);
const NOW: Date = date(2026, 11, 23);

fn share(allocated_bytes: u64, bytes: u64, inodes: u64) -> ClassUsage {
    ClassUsage { files: inodes, bytes, allocated_bytes, inodes }
}

/// A store of one mailbox. The days of its cohorts count from the earlier scan.
fn store(name: &str, cohorts: &[(i32, u64)], classes: &[(Class, ClassUsage)]) -> StoreSummary {
    let classes: Classes = classes.iter().copied().collect();
    let allocated_bytes = classes.iter().map(|(_, share)| share.allocated_bytes).sum();
    let inodes = classes.iter().map(|(_, share)| share.inodes).sum();
    let cohort = |&(day, bytes): &(i32, u64)| -> DayOfSize { (day_number(BEFORE) + day, 1, bytes / 100, bytes) };
    let message_bytes = cohorts.iter().map(|cohort| cohort.1).sum();
    StoreSummary {
        name: name.into(),
        root: format!("/srv/{name}"),
        tally: Tally { allocated_bytes, inodes, ..Tally::default() },
        classes,
        cohorts: cohorts.iter().map(cohort).collect(),
        mailboxes: vec![MailboxSummary {
            domain: Some("example.org".into()),
            user: "ann".into(),
            on_disk: allocated_bytes - 10,
            ..MailboxSummary::default()
        }],
        folders: vec![FolderSum { name: "inbox".into(), message_bytes, ..FolderSum::default() }],
        ..StoreSummary::default()
    }
}

fn scan(day: Date, used_bytes: u64, stores: Vec<StoreSummary>) -> ScanSummary {
    let filesystem = Filesystem {
        mount: "/srv".into(),
        kind: "ext4".into(),
        size_bytes: 1 << 40,
        used_bytes,
        available_bytes: 0,
        inodes: 0,
        inodes_used: used_bytes / 100,
        inodes_available: 0,
        ..Filesystem::default()
    };
    ScanSummary {
        taken_at: jiff::tz::TimeZone::UTC.to_timestamp(day.at(12, 0, 0, 0)).unwrap(),
        host: "mail01".into(),
        complete: true,
        filesystems: vec![filesystem],
        stores: stores.into_iter().map(Arc::new).collect(),
    }
}

/// Before: 5000 bytes of mail of two old days and the day of the scan. Now: 300 arrived on that day, 900 later,
/// 200 appeared on the day before the scan, and 1500 of an older one are gone. The index grew by 64, blocks by 36, the outside by 11.
fn week() -> (ScanSummary, ScanSummary) {
    let before = [(-1, 1_000), (-20, 3_000), (0, 1_000)];
    let now = [(-1, 1_200), (-20, 1_500), (0, 1_300), (6, 900)];
    let classes =
        |mail, blocks, index| [(Class::Message, share(mail + blocks, mail, 50)), (Class::Index, share(index, 9, 2))];
    let (before, now) = (store("a", &before, &classes(5_000, 0, 100)), store("a", &now, &classes(4_900, 36, 164)));
    (scan(BEFORE, 9_000, vec![before]), scan(NOW, 9_000 - 100 + 64 + 36 + 11, vec![now]))
}

/// The parts that are not zero.
fn parts_of(change: &UsageChange) -> Vec<(ChangeCause, i128)> {
    change.parts.iter().filter(|part| part.bytes != 0).map(|part| (part.kind, part.bytes)).collect()
}

fn of_volume(now: &ScanSummary, before: &ScanSummary, events: SeriesEvents) -> UsageChange {
    between(&ChangeScope::Volume("/srv".into()), now, before, events).unwrap()
}

#[test]
fn a_week_matches_a_hand_calculation() {
    let (before, now) = week();
    let change = of_volume(&now, &before, SeriesEvents::default());
    let expected = [
        (ChangeCause::Arrivals, 1_200),
        (ChangeCause::Imports, 200),
        (ChangeCause::Deletions, -1_500),
        (ChangeCause::Indexes, 64),
        (ChangeCause::Blocks, 36),
        (ChangeCause::Outside, 11),
    ];
    assert_eq!(parts_of(&change), expected);
    assert_eq!((change.whole, change.of_stores, change.from, change.to), (11, 0, BEFORE, NOW));
    let of_store = between(&ChangeScope::Store("a".into()), &now, &before, SeriesEvents::default()).unwrap();
    assert_eq!((of_store.whole, parts_of(&of_store)), (0, expected[..5].to_vec()), "without the outside");
    let names: Vec<_> = change.mailboxes.iter().map(|share| (share.name.as_deref(), share.bytes)).collect();
    assert_eq!(names, [(Some("ann@example.org"), 0), (None, 0)]);
    assert_eq!((change.folders[0].bytes, change.folders[1].bytes), (-100, 100), "no folder has blocks or indexes");
    assert_eq!((change.sizes[1].bytes, change.sizes[1].messages), (-100, -1));
}

#[test]
fn deletions_are_purges_up_to_the_known_size() {
    let (before, now) = week();
    let declared = |date, size| KnownEvent { date, kind: EventKind::Purge, size, source: EventSource::Declared };
    let detected = |size, source| Event { date: NOW, size, kind: EventKind::Step, source };
    let parts = |known: &[KnownEvent], detected: &[Event]| {
        let change = of_volume(&now, &before, SeriesEvents { known, detected });
        let of = |kind: ChangeCause| change.parts[kind as usize].bytes;
        (of(ChangeCause::Deletions), of(ChangeCause::Purges))
    };
    assert_eq!(parts(&[declared(NOW, -400.0)], &[]), (-1_100, -400));
    assert_eq!(parts(&[declared(NOW, -9_000.0)], &[]), (0, -1_500), "at most what was deleted");
    assert_eq!(parts(&[declared(BEFORE, -400.0)], &[]), (-1_500, 0), "the earlier scan already saw it");
    assert_eq!(parts(&[], &[detected(-600.0, None)]), (-900, -600));
    assert_eq!(parts(&[declared(NOW, -400.0)], &[detected(-600.0, None)]), (-900, -600), "both may be the same event");
    assert_eq!(
        parts(&[], &[detected(-600.0, Some(EventSource::Declared))]),
        (-1_500, 0),
        "a declared step was another format"
    );
    assert_eq!(parts(&[], &[detected(600.0, None)]), (-1_500, 0));
}

#[test]
fn a_drop_outside_the_stores_is_not_a_purge() {
    let (before, mut now) = week();
    now.filesystems[0].used_bytes -= 611;
    let fall = [Event { date: NOW, size: -600.0, kind: EventKind::Step, source: None }];
    let change = of_volume(&now, &before, SeriesEvents { known: &[], detected: &fall });
    assert_eq!(
        (change.parts[ChangeCause::Purges as usize].bytes, change.parts[ChangeCause::Outside as usize].bytes),
        (0, -600)
    );
}

#[test]
fn a_declared_import_is_subtracted_from_arrivals() {
    let (before, now) = week();
    let import = |size| [KnownEvent { date: NOW, kind: EventKind::Import, size, source: EventSource::Declared }];
    let parts = |size| {
        let change = of_volume(&now, &before, SeriesEvents { known: &import(size), detected: &[] });
        (change.parts[ChangeCause::Arrivals as usize].bytes, change.parts[ChangeCause::Imports as usize].bytes)
    };
    assert_eq!([parts(500.0), parts(100.0), parts(9e9)], [(900, 500), (1_200, 200), (0, 1_400)]);
}

#[test]
fn expunged_mail_is_unpurged_and_marked_mail_is_not() {
    // 1000 bytes were expunged but are still in the file.
    let before = store("a", &[(-9, 3_000)], &[(Class::Message, share(3_000, 3_000, 1))]);
    let classes = [(Class::Message, share(2_000, 2_000, 1)), (Class::Reclaimable, share(1_000, 1_000, 0))];
    let expunged = store("a", &[(-9, 2_000)], &classes);
    let (then, now) = (scan(BEFORE, 9, vec![before]), scan(NOW, 9, vec![expunged]));
    let change = of_volume(&now, &then, SeriesEvents::default());
    assert_eq!(parts_of(&change), [(ChangeCause::Deletions, -1_000), (ChangeCause::Unpurged, 1_000)]);
    // 1000 bytes were marked as deleted: nothing left, and nothing arrived.
    let marked = store("a", &[(-9, 3_000)], &classes);
    let change = of_volume(&scan(NOW, 9, vec![marked]), &then, SeriesEvents::default());
    assert_eq!(parts_of(&change), []);
}

#[test]
fn a_store_missing_from_one_scan_counts_as_outside() {
    let (before, mut now) = week();
    let new = store("new", &[(1, 700)], &[(Class::Message, share(700, 700, 7))]);
    now.stores.push(Arc::new(new));
    now.filesystems[0].used_bytes += 700;
    let change = of_volume(&now, &before, SeriesEvents::default());
    assert_eq!((change.of_stores, change.parts[ChangeCause::Outside as usize].bytes), (0, 711));
    assert_eq!(between(&ChangeScope::Store("new".into()), &now, &before, SeriesEvents::default()), None);
    let mut estimated = (*now.stores[0]).clone();
    estimated.is_estimated = true;
    now.stores[0] = Arc::new(estimated);
    let change = of_volume(&now, &before, SeriesEvents::default());
    assert_eq!(
        (change.parts[ChangeCause::Arrivals as usize].bytes, change.whole),
        (0, 711),
        "an estimated store is not compared"
    );
    assert_eq!(between(&ChangeScope::Store("a".into()), &now, &before, SeriesEvents::default()), None);
}

#[test]
fn new_and_removed_mailboxes_are_named() {
    let (mut before, mut now) = week();
    let with = |scan: &mut ScanSummary, users: &[(&str, Option<&str>, u64)]| {
        let mut store = (*scan.stores[0]).clone();
        let mailbox = |&(user, domain, on_disk): &(&str, Option<&str>, u64)| MailboxSummary {
            user: user.into(),
            domain: domain.map(str::to_owned),
            on_disk,
            ..MailboxSummary::default()
        };
        store.mailboxes = users.iter().map(mailbox).collect();
        scan.stores[0] = Arc::new(store);
    };
    with(&mut before, &[("ann", Some("a.org"), 500), ("bob", None, 70), ("ann", Some("a.org"), 1)]);
    with(&mut now, &[("ann", Some("a.org"), 400), ("cid", Some("b.org"), 90)]);
    let change = of_volume(&now, &before, SeriesEvents::default());
    let named = |shares: &[NamedChange]| -> Vec<_> {
        shares.iter().map(|s| (s.name.clone().unwrap_or_default(), s.bytes, s.presence)).collect()
    };
    let of = |name: &str, bytes, presence| (name.to_owned(), bytes, presence);
    let mailboxes = [
        of("ann@a.org", -101, Presence::Both),
        of("cid@b.org", 90, Presence::New),
        of("bob", -70, Presence::Gone),
        of("", 81, Presence::Both),
    ];
    assert_eq!(named(&change.mailboxes), mailboxes);
    let domains = [of("a.org", -101, Presence::Both), of("b.org", 90, Presence::New), of("", 11, Presence::Both)];
    assert_eq!(named(&change.domains), domains, "Bob has no domain");
}

#[test]
fn inodes_split_into_mail_other_files_and_outside() {
    let (before, mut now) = week();
    let mut grown = (*now.stores[0]).clone();
    grown.classes[Class::Message].inodes += 12;
    grown.tally.inodes += 15;
    now.stores[0] = Arc::new(grown);
    now.filesystems[0].inodes_used = before.filesystems[0].inodes_used + 20;
    let change = of_volume(&now, &before, SeriesEvents::default());
    assert_eq!(change.inodes, InodeChange { whole: 20, messages: 12, other: 3, outside: 5 });
}
