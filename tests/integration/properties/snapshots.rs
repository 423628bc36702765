//! Totals of a snapshot are sums, and a history returns the snapshots that were appended.

use std::collections::BTreeMap;
use std::os::unix::fs::MetadataExt;

use jiff::Timestamp;
use jiff::civil::date;
use mailrunway::history::History;
use mailrunway::model::cancel::Cancel;
use mailrunway::model::class::Class;
use mailrunway::model::dates::date_of;
use mailrunway::model::snapshot::use_cohort::MessageTotals;
use mailrunway::model::snapshot::{
    Blob, BulkArrival, BulkArrivalKind, ClassUsage, Classes, Clock, Cohort, Filesystem, Folder, Mailbox, Problem,
    ProblemKind, SIZE_CLASSES, Snapshot, Store, Sureness, Tally, UseCohort,
};
use mailrunway::model::special_use::SpecialUse;
use mailrunway::planning::growth::load::scans::Scans;
use mailrunway::planning::growth::summary::{FolderSum, MailboxSummary, StoreSummary, very_large};
use mailrunway::scan::progress::Progress;
use mailrunway::scan::{Request, StoreRequest, scan};
use proptest::prelude::*;

use super::series::cases;

/// Fewer than elsewhere: every case writes files and waits for the disk.
const CASES: u32 = 16;

/// Any UTF-8 text, including hostile and empty text.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![Just(String::new()), Just("a\0b\n\u{1b}\u{202e}\"'<".to_owned()), any::<String>(), "[a-z]{1,9}"]
}

/// A size that fits the signed columns of the history.
fn size() -> impl Strategy<Value = u64> {
    prop_oneof![Just(0), Just(i64::MAX as u64), 0..1_000_000_u64]
}

fn time() -> impl Strategy<Value = Timestamp> {
    (-2_000_000_000..9_000_000_000_i64).prop_map(|second| Timestamp::from_second(second).expect("in range"))
}

fn tally() -> impl Strategy<Value = Tally> {
    let times = (prop::option::of(time()), prop::option::of(time()));
    (prop::array::uniform10(size()), prop::option::of(size()), times).prop_map(|(n, virtual_bytes, times)| Tally {
        messages: n[0],
        message_bytes: n[1],
        logical_bytes: n[2],
        virtual_bytes,
        other_bytes: n[3],
        reclaimable_bytes: n[4],
        allocated_bytes: n[5],
        files: n[6],
        directories: n[7],
        directory_bytes: n[8],
        inodes: n[9],
        oldest: times.0,
        newest: times.1,
    })
}

fn cohorts() -> impl Strategy<Value = Vec<Cohort>> {
    let clock = prop::sample::select(&Clock::ALL[..]);
    let cohort = (clock, -9_000..30_000_i32, prop::sample::select(&SIZE_CLASSES[..]), size(), size());
    let cohort = cohort.prop_map(|(clock, day, size_from, messages, bytes)| {
        let day = date_of(day);
        Cohort { clock, day, size_from, messages, bytes }
    });
    prop::collection::vec(cohort, 0..4)
}

fn uses() -> impl Strategy<Value = Vec<UseCohort>> {
    let special = prop::option::of(prop::sample::select(&SpecialUse::ALL[..]));
    let clock = prop::sample::select(&[Clock::Arrival, Clock::Saved][..]);
    let cohort = (special, clock, -3_000..3_000_i64, prop::array::uniform4(size()));
    let cohort = cohort.prop_map(|(special_use, clock, week, n)| {
        let held = MessageTotals { messages: n[0], bytes: n[1], allocated_bytes: n[2], inodes: n[3] };
        UseCohort { special_use, clock, week: date(1970, 1, 5).saturating_add(jiff::ToSpan::weeks(week)), totals: held }
    });
    prop::collection::vec(cohort, 0..4)
}

fn classes() -> impl Strategy<Value = Classes> {
    let share = prop::array::uniform4(size()).prop_map(|n| ClassUsage {
        files: n[0],
        bytes: n[1],
        allocated_bytes: n[2],
        inodes: n[3],
    });
    prop::collection::vec((prop::sample::select(&Class::ALL[..]), share), 0..2)
        .prop_map(|shares| shares.into_iter().collect())
}

fn event() -> impl Strategy<Value = BulkArrival> {
    let kind = prop::sample::select(&BulkArrivalKind::ALL[..]);
    (kind, -9_000..9_000_i64, size(), size()).prop_map(|(kind, day, messages, bytes)| {
        let date = date(2020, 1, 1).saturating_add(jiff::ToSpan::days(day));
        BulkArrival { date, kind, messages, bytes }
    })
}

fn blob() -> impl Strategy<Value = Blob> {
    let blob = (text(), text(), size(), size());
    blob.prop_map(|(path, kind, bytes, allocated_bytes)| Blob { path, kind, bytes, allocated_bytes })
}

fn folder() -> impl Strategy<Value = Folder> {
    let special = prop::option::of(prop::sample::select(&SpecialUse::ALL[..]));
    let folder = (text(), text(), special, tally());
    folder.prop_map(|(name, path, special_use, tally)| Folder { name, path, special_use, tally })
}

fn mailbox() -> impl Strategy<Value = Mailbox> {
    let folders = prop::collection::vec(folder(), 0..4);
    let names = (prop::option::of(text()), text(), text());
    let sums = (prop::sample::select(&Sureness::ALL[..]), tally(), classes());
    let packed = cohorts().prop_map(|cohorts| cohorts.into_iter().collect());
    (names, sums, packed, folders).prop_map(|((domain, user, layout), (sureness, tally, classes), cohorts, folders)| {
        let (path, is_partial) = (String::new(), false);
        Mailbox { domain, user, path, layout, sureness, is_partial, tally, classes, cohorts, folders }
    })
}

/// A store with unique mailbox paths.
fn store() -> impl Strategy<Value = Store> {
    let mailboxes = prop::collection::vec(mailbox(), 0..4);
    let lists = (prop::collection::vec(event(), 0..3), prop::collection::vec(blob(), 0..3), mailboxes);
    (text(), tally(), classes(), (cohorts(), uses()), lists).prop_map(
        |(root, tally, classes, (cohorts, uses), lists)| {
            let (events, blobs, mut mailboxes) = lists;
            for (number, mailbox) in mailboxes.iter_mut().enumerate() {
                mailbox.path = format!("{number}{}", mailbox.user);
            }
            Store {
                name: String::new(),
                root,
                tally,
                classes,
                cohorts,
                uses,
                events,
                blobs,
                calibration: None,
                mailboxes: mailboxes.into(),
            }
        },
    )
}

fn filesystem() -> impl Strategy<Value = Filesystem> {
    (text(), text(), text(), prop::array::uniform6(size())).prop_map(|(mount, id, kind, n)| Filesystem {
        mount,
        id,
        also_at: Vec::new(),
        kind,
        size_bytes: n[0],
        used_bytes: n[1],
        available_bytes: n[2],
        inodes: n[3],
        inodes_used: n[4],
        inodes_available: n[5],
    })
}

fn problem() -> impl Strategy<Value = Problem> {
    let kind = prop::sample::select(&ProblemKind::ALL[..]);
    (text(), kind, text()).prop_map(|(path, kind, detail)| Problem { path, kind, detail })
}

fn snapshot() -> impl Strategy<Value = Snapshot> {
    let lists = (
        prop::collection::vec(filesystem(), 0..3),
        prop::collection::vec(store(), 0..3),
        prop::collection::vec(problem(), 0..3),
    );
    (time(), text(), any::<bool>(), lists).prop_map(
        |(taken_at, host, complete, (filesystems, mut stores, problems))| {
            for (number, store) in stores.iter_mut().enumerate() {
                store.name = format!("{number}{}", store.root);
            }
            Snapshot { taken_at, host, complete, filesystems, stores, problems }
        },
    )
}

/// Messages of a store, as mailbox, folder and size.
fn mail() -> impl Strategy<Value = Vec<(u8, u8, u16)>> {
    prop::collection::vec((0..4_u8, 0..3_u8, 0..3_000_u16), 1..25)
}

/// The blocks of all files below a directory, in bytes.
fn mail_files(directory: &std::path::Path) -> u64 {
    let entries = walkdir::WalkDir::new(directory).into_iter().map(|entry| entry.expect("it can be listed"));
    let files = entries.filter(|entry| entry.file_type().is_file());
    files.map(|file| file.metadata().expect("it is there").blocks() * 512).sum()
}

/// What the growth should read of a store.
fn summary(store: &Store) -> StoreSummary {
    let mailbox = |mailbox: &Mailbox| MailboxSummary {
        domain: mailbox.domain.clone(),
        user: mailbox.user.clone(),
        path: mailbox.path.clone(),
        on_disk: mailbox.tally.on_disk(),
        messages: mailbox.tally.messages,
        quota_bytes: mailbox.tally.virtual_bytes.unwrap_or(mailbox.tally.logical_bytes),
        reclaimable_bytes: mailbox.tally.reclaimable_bytes,
        large: very_large(mailbox.cohorts.days()),
    };
    let mut folders: BTreeMap<String, FolderSum> = BTreeMap::new();
    for folder in store.mailboxes.iter().flat_map(|mailbox| mailbox.folders) {
        let special_use = folder.special_use.or_else(|| SpecialUse::guess(&folder.name));
        let name = special_use.map_or(folder.name.clone(), |special_use| special_use.word().to_owned());
        let first = FolderSum { special_use, name: name.clone(), ..FolderSum::default() };
        let sum = folders.entry(name).or_insert(first);
        sum.messages = sum.messages.saturating_add(folder.tally.messages);
        sum.message_bytes = sum.message_bytes.saturating_add(folder.tally.message_bytes);
    }
    let arrived = store.cohorts.iter().filter(|cohort| cohort.clock == Clock::Arrival);
    StoreSummary {
        name: store.name.clone(),
        root: store.root.clone(),
        tally: store.tally,
        is_estimated: store.calibration.is_some(),
        classes: store.classes,
        cohorts: arrived.map(Cohort::day_of_size).collect(),
        mailboxes: store.mailboxes.iter().map(|one| mailbox(&one)).collect(),
        folders: folders.into_values().collect(),
    }
}

proptest! {
    #![proptest_config(cases(CASES))]

    #[test]
    fn a_history_returns_appended_snapshots_unchanged(snapshots in prop::collection::vec(snapshot(), 1..4)) {
        let directory = tempfile::tempdir().expect("a temporary directory can be made");
        let history = History::open_or_create(&directory.path().join("history")).expect("it can be made");
        for snapshot in &snapshots {
            let name = history.append(snapshot).expect("it can be written").name;
            prop_assert_eq!(&history.load(&name).expect("it can be read"), snapshot);
        }
        let found = history.entries().expect("it can be listed");
        prop_assert!(found.damaged.is_empty(), "{:?}", found.damaged);
        let times: Vec<Timestamp> = found.entries.iter().map(|entry| entry.taken_at).collect();
        prop_assert_eq!(times.len(), snapshots.len());
        prop_assert!(times.is_sorted());
    }

    #[test]
    fn summaries_from_the_history_match_the_snapshot(snapshot in snapshot()) {
        let directory = tempfile::tempdir().expect("a temporary directory can be made");
        let history = History::open_or_create(&directory.path().join("history")).expect("it can be made");
        history.append(&snapshot).expect("it can be written");
        let entries = history.entries().expect("it can be listed").entries;
        let mut scans = Scans::new(&history, &entries);
        let stores = scans.stores(1.0);
        prop_assert!(scans.unread().is_empty());
        prop_assert_eq!(stores.len(), snapshot.stores.len());
        for read in stores {
            let found = snapshot.stores.iter().find(|store| store.name == read.now.name).expect("it is one of them");
            prop_assert_eq!(&*read.now, &summary(found));
        }
    }

    #[test]
    fn totals_of_a_scan_are_the_sums_of_its_parts(mail in mail(), threads in 1..4_usize) {
        let directory = tempfile::tempdir().expect("a temporary directory can be made");
        let mut sum = 0;
        for (number, &(user, folder, size)) in mail.iter().enumerate() {
            let mailbox = directory.path().join(format!("example.org/user{user}"));
            let folder = if folder == 0 { mailbox.clone() } else { mailbox.join(format!(".Folder{folder}")) };
            for part in ["cur", "new", "tmp"] {
                std::fs::create_dir_all(mailbox.join(part)).expect("a directory can be made");
                std::fs::create_dir_all(folder.join(part)).expect("a directory can be made");
            }
            std::fs::write(folder.join(format!("new/1700000000.{number}")), vec![0; size.into()]).expect("it fits");
            sum += u64::from(size);
        }
        let root = directory.path().to_owned();
        let stores = vec![StoreRequest { name: "s".to_owned(), root, filesystem: false, owner: None }];
        let request = Request { stores, threads, ..Request::default() };
        let scanned = scan(&request, &Progress::default(), &Cancel::never()).expect("it can be read");
        let snapshot = scanned.snapshot;
        let store = &snapshot.stores[0];
        prop_assert_eq!((store.tally.messages, store.tally.message_bytes), (mail.len() as u64, sum));
        // The root and the domain's directory belong to no mailbox.
        let mut mailboxes: Tally = store.mailboxes.iter().map(|mailbox| mailbox.tally).sum();
        mailboxes.directories += 2;
        mailboxes.inodes += 2;
        mailboxes.directory_bytes = store.tally.directory_bytes;
        prop_assert_eq!(mailboxes, store.tally);
        let classes = store.classes.iter().map(|(_, share)| (share.allocated_bytes, share.inodes));
        let classes = classes.fold((0, 0), |sum, share| (sum.0 + share.0, sum.1 + share.1));
        prop_assert_eq!(classes, (store.tally.on_disk(), store.tally.inodes));
        // Each message has one use and week, and the sums match the message files.
        let uses = store.uses.iter().fold(MessageTotals::default(), |mut sum, cohort| {
            sum += cohort.totals;
            sum
        });
        let files: u64 = mail_files(directory.path());
        prop_assert_eq!((uses.messages, uses.bytes), (mail.len() as u64, sum));
        prop_assert_eq!((uses.allocated_bytes, uses.inodes), (files, mail.len() as u64));
        for mailbox in &store.mailboxes {
            prop_assert_eq!(mailbox.folders.iter().map(|folder| folder.tally).sum::<Tally>(), mailbox.tally);
            let by_arrival = mailbox.cohorts.iter().filter(|cohort| cohort.clock == Clock::Arrival);
            let arrived: u64 = by_arrival.map(|cohort| cohort.bytes).sum();
            prop_assert_eq!(arrived, mailbox.tally.message_bytes);
        }
    }
}
