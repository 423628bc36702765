//! Scans while Dovecot delivers, flags, moves and expunges.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};
use std::thread;
use std::time::{Duration, Instant};

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::Value;

use super::expected::Mailbox;
use super::user_activity::USERS;
use crate::support::dovecot::Dovecot;
use crate::support::dovecot_agreement::{HISTORY, assert_scan_agrees, list, number, scan, text};
use crate::support::messages;

/// How long the server is busy while it is scanned.
const WORK: Duration = Duration::from_secs(60);
/// The pause between two deliveries, so that other clients of the server get their turn.
const PAUSE: Duration = Duration::from_millis(20);
/// The maximum number of messages that one command flags, moves or expunges.
const HANDFUL: u64 = 8;

const FOLDERS: [&str; 3] = ["INBOX", "Archive", "Trash"];
const FLAGS: [&str; 4] = ["\\Seen", "\\Answered", "\\Flagged", "\\Deleted"];

/// The number of messages added and removed so far. A moved message is both.
#[derive(Default)]
struct Ledger {
    /// Possibly added: counted before the command.
    coming: AtomicU64,
    /// Added.
    come: AtomicU64,
    /// Possibly removed: counted before the command.
    going: AtomicU64,
    /// Removed.
    gone: AtomicU64,
}

impl Ledger {
    fn comes(&self, messages: u64, work: impl FnOnce()) {
        self.coming.fetch_add(messages, SeqCst);
        work();
        self.come.fetch_add(messages, SeqCst);
    }

    fn goes(&self, messages: u64, work: impl FnOnce()) {
        self.going.fetch_add(messages, SeqCst);
        work();
        self.gone.fetch_add(messages, SeqCst);
    }
}

/// Ends the work when it goes out of scope, also on a panic.
struct Evening<'a>(&'a AtomicBool);

impl Drop for Evening<'_> {
    fn drop(&mut self) {
        self.0.store(true, SeqCst);
    }
}

#[test]
#[ignore = "needs Dovecot: run tests/run"]
fn a_scan_of_a_busy_store_loses_and_repeats_nothing() {
    let server = Dovecot::start("mail_location = maildir:~/Maildir");
    for user in USERS {
        server.account(user).create(&["Archive", "Trash"]);
    }
    let (ledger, is_evening) = (Ledger::default(), AtomicBool::new(false));
    let scans = thread::scope(|scope| {
        let _evening = Evening(&is_evening);
        let postman = scope.spawn(|| deliver(&server, &ledger, &is_evening));
        let readers = scope.spawn(|| read(&server, &ledger, &is_evening));
        let begun = Instant::now();
        let mut scans = 0;
        while begun.elapsed() < WORK && !postman.is_finished() && !readers.is_finished() {
            scan_within_bounds(&server, &ledger);
            scans += 1;
        }
        scans
    });
    let (come, gone) = (ledger.come.into_inner(), ledger.gone.into_inner());
    println!("{scans} scans while {come} messages came and {gone} went");
    assert!(scans > 10 && come > 100 && gone > 50, "too little happened: {scans} scans, {come} came, {gone} went");
    // With the history of all these scans, so that their cache is used.
    let mailboxes = Mailbox::of_all(&server, "maildir", &USERS);
    let later = assert_scan_agrees(&server, &mailboxes);
    assert_eq!(number(&later, "messages"), come - gone, "added and not removed");
    let full = scan(&server, "full", &["--full"]);
    assert_eq!(later, full.store, "left the cached scan, right the full one");
}

/// Scans once and checks that nothing is lost, listed twice or reported as a problem.
fn scan_within_bounds(server: &Dovecot, ledger: &Ledger) {
    let (come, gone) = (ledger.come.load(SeqCst), ledger.gone.load(SeqCst));
    let actual = scan(server, HISTORY, &[]);
    let (coming, going) = (ledger.coming.load(SeqCst), ledger.going.load(SeqCst));
    assert_eq!(actual.problems, Vec::<Value>::new(), "problems");
    let messages = number(&actual.store, "messages");
    let all = come.saturating_sub(going)..=coming - gone;
    assert!(all.contains(&messages), "{messages} messages are found, and there were {all:?}");
    for mailbox in list(&actual.store, "mailbox") {
        let folders = list(mailbox, "folders");
        for field in ["name", "path"] {
            let different: BTreeSet<&str> = folders.iter().map(|folder| text(folder, field)).collect();
            assert_eq!(different.len(), folders.len(), "a folder is listed twice in {mailbox}");
        }
        let sum: u64 = folders.iter().map(|folder| number(folder, "messages")).sum();
        assert_eq!(number(mailbox, "messages"), sum, "a mailbox is the sum of its folders");
    }
    assert!(number(&actual.store, "mailboxes") <= USERS.len() as u64, "no mailbox is listed twice");
}

/// The mail server's work: each message goes to one user, or to several as hard links.
fn deliver(server: &Dovecot, ledger: &Ledger, is_evening: &AtomicBool) {
    let mut draws = ChaCha8Rng::seed_from_u64(1);
    let letters = messages::samples();
    while !is_evening.load(SeqCst) {
        let first = draws.random_range(0..USERS.len());
        let users = &USERS[first..draws.random_range(first..USERS.len()) + 1];
        let letter = &letters[draws.random_range(0..letters.len())];
        ledger.comes(users.len() as u64, || server.deliver(users, letter));
        thread::sleep(PAUSE);
    }
}

/// The users' work. Only this thread removes messages, so counts stay valid until a command runs.
fn read(server: &Dovecot, ledger: &Ledger, is_evening: &AtomicBool) {
    let mut draws = ChaCha8Rng::seed_from_u64(2);
    while !is_evening.load(SeqCst) {
        let account = server.account(USERS[draws.random_range(0..USERS.len())]);
        let from = draws.random_range(0..FOLDERS.len());
        let (folder, other) = (FOLDERS[from], FOLDERS[(from + draws.random_range(1..FOLDERS.len())) % FOLDERS.len()]);
        let few = account.count(folder).min(HANDFUL);
        if few == 0 {
            continue;
        }
        let these = format!("1:{few}");
        match draws.random_range(0..6) {
            0 => account.flag(folder, FLAGS[draws.random_range(0..FLAGS.len())], &these),
            1 => account.flag(folder, "\\Seen", "ALL"),
            2 => ledger.comes(few, || account.copy(folder, other, &these)),
            3 => ledger.comes(few, || ledger.goes(few, || account.relocate(folder, other, &these))),
            _ => ledger.goes(few, || account.expunge(folder, &these)),
        }
    }
}
