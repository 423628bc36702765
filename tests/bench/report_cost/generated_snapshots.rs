//! A generated store that grows: every figure is a function of the number of the mailbox and of the week.

use std::collections::BTreeMap;

use jiff::Timestamp;
use mailrunway::model::class::Class;
use mailrunway::model::dates::date_of;
use mailrunway::model::snapshot::use_cohort::monday_of;
use mailrunway::model::snapshot::{
    ClassUsage, Classes, Clock, Cohort, Filesystem, Folder, Mailbox, SIZE_CLASSES, Snapshot, Store, Tally,
};
use mailrunway::model::special_use::SpecialUse;

/// The number of weekly scans.
pub const WEEKS: i32 = 104;
/// The number of mailboxes at a time, and of those that are added or removed in a week.
const MAILBOXES: u64 = 5_000;
const CHANGING: u64 = 4;
const DOMAINS: u64 = 40;
/// The week of the first scan, numbered as the weeks of cohorts are.
const FIRST: i32 = 2_865;
/// The most weeks of mail that a mailbox has at the first scan.
const OLDEST: i32 = 98;
const FOLDERS: [&str; 8] = ["INBOX", "Sent", "Trash", "Junk", "Archive", "Drafts", "Projects", "Newsletters"];
const BLOCK: u64 = 4_096;

/// A pseudo-random number from two others (splitmix64).
fn drawn(one: u64, other: u64) -> u64 {
    let mut bits = (one << 20 ^ other).wrapping_add(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ bits >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ bits >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ bits >> 31
}

/// The scan of a week, numbered from 0.
pub fn snapshot(week: i32) -> Snapshot {
    let seconds = (i64::from(FIRST + week) * 7 + 4 + 3) * 86_400 + 4 * 3_600;
    let store = store(week);
    let used = store.tally.on_disk() + (200 << 30) + (u64::from(week.unsigned_abs()) << 26);
    let size = 8 << 40;
    Snapshot {
        taken_at: Timestamp::from_second(seconds).expect("it lies inside the calendar"),
        host: "mail01".to_owned(),
        complete: true,
        filesystems: vec![Filesystem {
            mount: "/var/vmail".to_owned(),
            kind: "ext4".to_owned(),
            size_bytes: size,
            used_bytes: used,
            available_bytes: size - used,
            inodes: 1 << 28,
            inodes_used: store.tally.inodes + 9_000,
            inodes_available: (1 << 28) - store.tally.inodes - 9_000,
            ..Filesystem::default()
        }],
        stores: vec![store],
        problems: Vec::new(),
    }
}

fn store(week: i32) -> Store {
    let gone = CHANGING * u64::from(week.unsigned_abs());
    let mailboxes: Vec<Mailbox> = (gone..gone + MAILBOXES + gone / 3).map(|number| mailbox(number, week)).collect();
    let mut sums: BTreeMap<(u8, i32, u64), (u64, u64)> = BTreeMap::new();
    for (mailbox, weekday) in mailboxes.iter().zip((0..7).cycle()) {
        // A mailbox has its mail of a week on one day, so that the store has some on each.
        for (clock, (monday, size, messages, bytes)) in mailbox.cohorts.days() {
            let sum = sums.entry((clock as u8, monday + weekday, SIZE_CLASSES[usize::from(size)])).or_default();
            *sum = (sum.0 + messages, sum.1 + bytes);
        }
    }
    let cohort = |((clock, day, size_from), (messages, bytes)): ((u8, i32, u64), (u64, u64))| Cohort {
        clock: Clock::ALL[usize::from(clock)],
        day: date_of(day),
        size_from,
        messages,
        bytes,
    };
    let mut classes = Classes::default();
    mailboxes.iter().for_each(|mailbox| classes += mailbox.classes);
    Store {
        name: "vmail".to_owned(),
        root: "/var/vmail".to_owned(),
        tally: mailboxes.iter().map(|mailbox| mailbox.tally).sum(),
        classes,
        cohorts: sums.into_iter().map(cohort).collect(),
        mailboxes: mailboxes.into(),
        ..Store::default()
    }
}

fn mailbox(number: u64, week: i32) -> Mailbox {
    let cohorts = cohorts(number, week);
    let (messages, bytes) = cohorts.iter().fold((0, 0), |sum, cohort| (sum.0 + cohort.messages, sum.1 + cohort.bytes));
    let domain = drawn(number, 1) % DOMAINS * (drawn(number, 2) % DOMAINS) / DOMAINS;
    let count = 3 + drawn(number, 3) % 6;
    let folders: Vec<Folder> = (0..count).map(|place| folder(place, count, (messages, bytes))).collect();
    let tally: Tally = folders.iter().map(|folder| folder.tally).sum();
    let mut classes = Classes::default();
    let mail = ClassUsage {
        files: messages,
        bytes,
        allocated_bytes: tally.on_disk() - count * 4 * BLOCK,
        inodes: messages + 4,
    };
    classes[Class::Message] = mail;
    let index =
        ClassUsage { files: 2 * count, bytes: count * 9_000, allocated_bytes: count * 4 * BLOCK, inodes: 2 * count };
    classes[Class::Index] = index;
    Mailbox {
        domain: Some(format!("domain{domain}.example")),
        user: format!("user{number:05}"),
        path: format!("domain{domain}.example/user{number:05}"),
        layout: "maildir".to_owned(),
        tally,
        classes,
        cohorts: cohorts.into_iter().collect(),
        folders,
        ..Mailbox::default()
    }
}

/// Folder number `place` of `count`, with its share of the mailbox's messages and bytes: the first ones have more.
fn folder(place: u64, count: u64, (messages, bytes): (u64, u64)) -> Folder {
    let part = |all: u64| all * (count - place) * 2 / (count * (count + 1));
    let (messages, bytes) = (part(messages), part(bytes));
    let name = FOLDERS[place as usize];
    let tally = Tally {
        messages,
        message_bytes: bytes,
        logical_bytes: bytes,
        virtual_bytes: Some(bytes + messages * 60),
        other_bytes: 9_000,
        allocated_bytes: bytes + messages * BLOCK / 2 + 4 * BLOCK,
        files: messages + 2,
        directories: 4,
        directory_bytes: 4 * BLOCK,
        inodes: messages + 6,
        ..Tally::default()
    };
    Folder { name: name.to_owned(), path: format!(".{name}"), special_use: SpecialUse::guess(name), tally }
}

/// The cohorts of a mailbox in a week: of the mail that arrived since the mailbox exists, much is deleted soon.
fn cohorts(number: u64, week: i32) -> Vec<Cohort> {
    let busy = 3 + drawn(number, 4) % 60;
    let since = -((drawn(number, 5) % OLDEST as u64) as i32);
    let mut all = Vec::new();
    for arrived in since..=week {
        let draw = drawn(number, 1_000_000 + (arrived + OLDEST) as u64);
        let age = (week - arrived) as u64;
        // Growth of some fifth a year.
        let came = busy * (400 + (arrived + OLDEST) as u64) / 400;
        let messages = (came * (60 + draw % 80) / 100) * (30 + 70 / (1 + age / 4)) / 100;
        let size = match draw >> 32 & 511 {
            0 => 4,
            1..16 => 3,
            16..200 => 2,
            _ => 1,
        };
        for (size, messages) in [(0, messages), (size, messages / (4 << size.min(3)))] {
            if messages > 0 {
                let bytes = messages * (SIZE_CLASSES[size] + SIZE_CLASSES[size] / 2 + 4_000 + draw % 4_000);
                let day = monday_of(FIRST + arrived);
                all.push(Cohort { clock: Clock::Arrival, day, size_from: SIZE_CLASSES[size], messages, bytes });
            }
        }
    }
    all
}
