//! Between any two scans, the parts of every split of the growth add up to the whole.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::date;
use mailrunway::forecast::Event;
use mailrunway::model::class::Class;
use mailrunway::model::series::{EventKind, EventSource, KnownEvent};
use mailrunway::model::snapshot::{ClassUsage, Classes, Filesystem, SIZE_CLASSES, Tally};
use mailrunway::planning::growth::change::{ChangeCause, ChangeScope, SeriesEvents, UsageChange, between};
use mailrunway::planning::growth::summary::{FolderSum, MailboxSummary, ScanSummary, StoreSummary};
use proptest::prelude::*;

use super::series::{CASES, cases};

/// A size whose sums overflow 64 bits.
fn size() -> impl Strategy<Value = u64> {
    prop_oneof![Just(0), Just(u64::MAX), Just(i64::MAX as u64), any::<u64>(), 0..1_000_000_u64]
}

fn classes() -> impl Strategy<Value = Classes> {
    let share = prop::array::uniform4(size()).prop_map(|n| ClassUsage {
        files: n[0],
        bytes: n[1],
        allocated_bytes: n[2],
        inodes: n[3],
    });
    let shares = prop::collection::vec((prop::sample::select(&Class::ALL[..]), share), 0..4);
    shares.prop_map(|shares| shares.into_iter().collect())
}

fn mailbox() -> impl Strategy<Value = MailboxSummary> {
    let domain = prop::option::of(prop::sample::select(&["a.org", "b.org", ""][..]));
    (domain, prop::sample::select(&["ann", "bob", "<b>\u{1b}"][..]), "[ab]{1}", prop::array::uniform4(size())).prop_map(
        |(domain, user, path, n)| MailboxSummary {
            domain: domain.map(str::to_owned),
            user: user.to_owned(),
            path,
            on_disk: n[0],
            messages: n[1],
            quota_bytes: n[2],
            reclaimable_bytes: n[3],
            large: Vec::new(),
        },
    )
}

fn folder() -> impl Strategy<Value = FolderSum> {
    (prop::sample::select(&["inbox", "trash", "x"][..]), size(), size()).prop_map(|(name, messages, message_bytes)| {
        FolderSum { special_use: None, name: name.to_owned(), messages, message_bytes }
    })
}

fn store(name: &'static str, root: &'static str) -> impl Strategy<Value = StoreSummary> {
    // Around the days of the scans, and at the ends of the calendar.
    let day = prop_oneof![20_300..20_800_i32, Just(-4_400_000), Just(4_400_000)];
    let cohort = (day, 0..SIZE_CLASSES.len() as u8, size(), size());
    let lists = (
        prop::collection::vec(cohort, 0..6),
        prop::collection::vec(mailbox(), 0..4),
        prop::collection::vec(folder(), 0..3),
    );
    (any::<bool>(), prop::array::uniform4(size()), classes(), lists).prop_map(
        move |(is_estimated, n, classes, lists)| {
            let (cohorts, mailboxes, folders) = lists;
            let tally = Tally {
                allocated_bytes: n[0],
                directory_bytes: n[1],
                inodes: n[2],
                messages: n[3],
                ..Tally::default()
            };
            let (name, root) = (name.to_owned(), root.to_owned());
            StoreSummary { name, root, tally, is_estimated, classes, cohorts, mailboxes, folders }
        },
    )
}

fn volume(mount: &'static str) -> impl Strategy<Value = Filesystem> {
    prop::array::uniform6(size()).prop_map(|n| Filesystem {
        mount: mount.to_owned(),
        kind: String::new(),
        size_bytes: n[0],
        used_bytes: n[1],
        available_bytes: n[2],
        inodes: n[3],
        inodes_used: n[4],
        inodes_available: n[5],
        ..Filesystem::default()
    })
}

/// A scan of up to two volumes and three stores, two of them on one volume.
fn scan() -> impl Strategy<Value = ScanSummary> {
    let volumes = (prop::option::weighted(0.9, volume("/")), prop::option::weighted(0.7, volume("/srv")));
    let often = 0.8;
    let stores = (
        prop::option::weighted(often, store("a", "/srv/a")),
        prop::option::weighted(often, store("b", "/srv/b")),
        prop::option::weighted(often, store("c", "/home")),
    );
    (1_760_000_000..1_790_000_000_i64, any::<bool>(), volumes, stores).prop_map(
        |(second, complete, volumes, stores)| {
            let stores = [stores.0, stores.1, stores.2].into_iter().flatten();
            ScanSummary {
                taken_at: Timestamp::from_second(second).expect("it is in range"),
                host: "mail01".to_owned(),
                complete,
                filesystems: [volumes.0, volumes.1].into_iter().flatten().collect(),
                stores: stores.map(Arc::new).collect(),
            }
        },
    )
}

/// Known and detected events, with sizes that may be NaN or infinite.
fn known() -> impl Strategy<Value = (Vec<KnownEvent>, Vec<Event>)> {
    let kinds = [EventKind::Import, EventKind::Purge, EventKind::Step, EventKind::Capacity];
    let size = prop_oneof![-1e20..1e20_f64, Just(f64::NAN), Just(f64::NEG_INFINITY), Just(f64::INFINITY)];
    let source = prop::option::of(prop::sample::select(&[EventSource::Found, EventSource::Declared][..]));
    let event = (0..300_i64, prop::sample::select(kinds.to_vec()), size, source);
    prop::collection::vec(event, 0..4).prop_map(|events| {
        let on = |days: i64| date(2025, 10, 1).saturating_add(jiff::ToSpan::days(days));
        let known = |&(day, kind, size, source): &(i64, EventKind, f64, Option<EventSource>)| {
            Some(KnownEvent { date: on(day), kind, size, source: source? })
        };
        let seen = |&(day, kind, size, source): &(i64, EventKind, f64, Option<EventSource>)| Event {
            date: on(day),
            size,
            kind,
            source,
        };
        (events.iter().filter_map(known).collect(), events.iter().map(seen).collect())
    })
}

fn assert_exact(change: &UsageChange, now: &ScanSummary, before: &ScanSummary) -> Result<(), TestCaseError> {
    let whole = match &change.of {
        ChangeScope::Volume(mount) => {
            let used = |scan: &ScanSummary| i128::from(scan.volume(mount).expect("the change compares it").used_bytes);
            used(now) - used(before)
        }
        ChangeScope::Store(name) => {
            let used =
                |scan: &ScanSummary| i128::from(scan.store(name).expect("the change compares it").tally.on_disk());
            used(now) - used(before)
        }
    };
    prop_assert_eq!(change.whole, whole);
    prop_assert_eq!(change.parts.iter().map(|part| part.kind).collect::<Vec<_>>(), ChangeCause::ALL);
    prop_assert_eq!(change.parts.iter().map(|part| part.bytes).sum::<i128>(), whole);
    let outside = change.parts.last().expect("there are all kinds").bytes;
    prop_assert_eq!(change.of_stores + outside, whole);
    for shares in [&change.domains, &change.mailboxes, &change.folders] {
        prop_assert_eq!(shares.iter().map(|share| share.bytes).sum::<i128>(), change.of_stores);
        let unnamed = shares.iter().position(|share| share.name.is_none());
        prop_assert_eq!(unnamed, Some(shares.len() - 1), "the last row alone has no name");
    }
    prop_assert_eq!(change.sizes.iter().map(|share| share.bytes).sum::<i128>(), change.of_stores);
    let inodes = change.inodes;
    prop_assert_eq!(inodes.messages + inodes.other + inodes.outside, inodes.whole);
    for part in &change.parts {
        let is_right = match part.kind {
            ChangeCause::Arrivals | ChangeCause::Imports => part.bytes >= 0,
            ChangeCause::Deletions | ChangeCause::Purges => part.bytes <= 0,
            _ => true,
        };
        prop_assert!(is_right, "{part:?}");
    }
    Ok(())
}

proptest! {
    #![proptest_config(cases(4 * CASES))]

    #[test]
    fn the_parts_of_every_split_add_up_to_the_growth(before in scan(), now in scan(), (known, detected) in known()) {
        let events = SeriesEvents { known: &known, detected: &detected };
        let volumes = ["/", "/srv"].map(|mount| ChangeScope::Volume(mount.to_owned()));
        let stores = ["a", "b", "c"].map(|name| ChangeScope::Store(name.to_owned()));
        for of in volumes.iter().chain(&stores) {
            match between(of, &now, &before, events) {
                Some(change) => assert_exact(&change, &now, &before)?,
                None => {
                    let is_told = |scan: &ScanSummary| match of {
                        ChangeScope::Volume(mount) => scan.volume(mount).is_some(),
                        // A store that one of them estimated cannot be compared.
                        ChangeScope::Store(name) => scan.store(name).is_some_and(|store| !store.is_estimated),
                    };
                    prop_assert!(!(is_told(&now) && is_told(&before)), "{of:?} is in both");
                }
            }
        }
    }

    #[test]
    fn a_scan_compared_with_itself_has_no_change(scan in scan(), (known, detected) in known()) {
        for volume in &scan.filesystems {
            let events = SeriesEvents { known: &known, detected: &detected };
            let change = between(&ChangeScope::Volume(volume.mount.clone()), &scan, &scan, events).expect("it is in both");
            prop_assert!(change.parts.iter().all(|part| part.bytes == 0), "{:?}", change.parts);
            prop_assert!(change.mailboxes.iter().all(|share| share.bytes == 0), "{:?}", change.mailboxes);
        }
    }
}
