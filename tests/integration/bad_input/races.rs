//! Users who replace a directory or file by a link while a scan reads it: nothing outside of the store is opened or
//! counted.

use std::fs;
use std::mem::MaybeUninit;
use std::os::fd::OwnedFd;
use std::os::unix::fs::symlink;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};

use rustix::fs::inotify::{self, CreateFlags, WatchFlags};
use rustix::io::Errno;
use tempfile::TempDir;
use walkdir::WalkDir;

use crate::support::machine::Machine;

const MAIL: &[u8] = b"Subject: a\n\nb\n";

/// Scans under a race at each place. Set `MAILRUNWAY_TEST_RACES` to some thousands to search for a new hole.
fn rounds() -> usize {
    std::env::var("MAILRUNWAY_TEST_RACES").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(3)
}

/// Notes every open of the directories and files in a tree.
struct Watch(OwnedFd);

impl Watch {
    fn on(tree: &Path) -> Watch {
        let watch = inotify::init(CreateFlags::NONBLOCK | CreateFlags::CLOEXEC).expect("inotify works");
        let found = WalkDir::new(tree).into_iter().map(|entry| entry.expect("it can be read"));
        let directories: Vec<_> = found.filter(|entry| entry.file_type().is_dir()).collect();
        for directory in directories {
            inotify::add_watch(&watch, directory.path(), WatchFlags::OPEN).expect("it can be watched");
        }
        Watch(watch)
    }

    /// The names of what was opened.
    fn opened(&self) -> Vec<String> {
        let mut buffer = [MaybeUninit::uninit(); 4_096];
        let mut events = inotify::Reader::new(&self.0, &mut buffer);
        let mut names = Vec::new();
        loop {
            match events.next() {
                Ok(event) => names.push(event.file_name().map_or_else(String::new, |name| format!("{name:?}"))),
                Err(Errno::WOULDBLOCK) => return names,
                Err(error) => panic!("{error}"),
            }
        }
    }
}

/// A store with a mailbox, and outside of it a copy that has more.
struct Neighbours {
    machine: Machine,
    /// Not in the machine, which looks at its own files.
    place: TempDir,
    /// On what is outside.
    watch: Watch,
}

impl Neighbours {
    fn new(files: &[(&str, &[u8])]) -> Neighbours {
        let place = tempfile::tempdir().expect("a temporary directory can be made");
        let write = |path: String, content: &[u8]| {
            let path = place.path().join(path);
            fs::create_dir_all(path.parent().expect("a file lies in a directory")).expect("it can be made");
            fs::write(path, content).expect("a file can be written");
        };
        for (path, content) in files {
            write(format!("vmail/example.org/{path}"), content);
            (0..20).for_each(|copy| write(format!("outside/{path}{copy}"), content));
            write(format!("outside/{path}"), content);
        }
        for part in ["cur", "new", "tmp"] {
            write(format!("vmail/example.net/bob/{part}/1.a"), MAIL);
        }
        let store = place.path().join("vmail");
        let machine = Machine::new();
        machine.settings(&format!(
            "[[store]]\nname = 'vmail'\npath = '{}'\nfilesystem = false\nlimit = '10MiB'\n",
            store.display()
        ));
        let watch = Watch::on(&place.path().join("outside"));
        Neighbours { machine, place, watch }
    }

    fn scan(&self, more: &str) -> serde_json::Value {
        let scan = self.machine.run(&format!("scan --format json {more}"));
        scan.succeeds().json()["stores"][0].clone()
    }

    /// Replaces a directory or file by a link to its copy outside and back, again and again, while a command runs.
    fn race(&self, place: &str, run: impl Fn()) {
        let within = |top: &str| self.place.path().join(top).join(place).components().collect::<PathBuf>();
        let (there, outside, aside) = (within("vmail/example.org"), within("outside"), self.place.path().join("aside"));
        let (is_over, swaps) = (AtomicBool::new(false), AtomicUsize::new(0));
        std::thread::scope(|scope| {
            scope.spawn(|| {
                while !is_over.load(Relaxed) {
                    fs::rename(&there, &aside).expect("it can be renamed");
                    symlink(&outside, &there).expect("a link can be made");
                    std::thread::yield_now();
                    fs::remove_file(&there).expect("a link can be removed");
                    fs::rename(&aside, &there).expect("it can be renamed back");
                    swaps.fetch_add(1, Relaxed);
                }
            });
            // A failure must not leave the other thread running.
            let runs = catch_unwind(AssertUnwindSafe(|| (0..rounds()).for_each(|_| run())));
            is_over.store(true, Relaxed);
            runs.expect("all goes well");
        });
        println!("{place:?}: {} runs, {} swaps", rounds(), swaps.into_inner());
        assert_eq!(self.watch.opened(), Vec::<String>::new(), "outside, while {place:?} was replaced");
    }
}

/// Scans a store in which these files are a mailbox; the domain, the mailbox, a directory in it, and its first file are
/// replaced by links.
fn assert_no_scan_leaves_the_store(layout: &str, inside: &str, files: &[(&str, &[u8])]) {
    let neighbours = Neighbours::new(files);
    let count = |store: &serde_json::Value| store["files"].as_u64().expect("files are counted");
    let whole = neighbours.scan("");
    assert!(whole.to_string().contains(&format!("\"layout\":\"{layout}\"")), "{whole}");
    let mailbox = files[0].0.split('/').next().expect("it has a name");
    for place in ["", mailbox, inside, files[0].0] {
        neighbours.race(place, || {
            let store = neighbours.scan("");
            // The link itself is a file, too.
            assert!(count(&store) <= count(&whole) + 1, "more than {whole}: {store}");
        });
    }
}

#[test]
fn no_scan_leaves_a_maildir() {
    let files = [("ann/cur/1.a:2,S", MAIL), ("ann/new/2.a", MAIL), ("ann/tmp/3", b""), ("ann/.Sent/cur/1.a:2,S", MAIL)];
    assert_no_scan_leaves_the_store("maildir", "ann/cur", &files);
}

#[test]
fn no_scan_leaves_an_sdbox() {
    let start = b"2 M1e C4b04b752\n";
    let files = [
        ("ann/mailboxes/INBOX/dbox-Mails/u.1", &start[..]),
        ("ann/mailboxes/INBOX/dbox-Mails/dovecot.index.log", b"log"),
        ("ann/mailboxes/Sent/dbox-Mails/u.1", start),
        ("ann/mailboxes/Sent/dbox-Mails/dovecot.index.log", b"log"),
        ("ann/subscriptions", b""),
    ];
    assert_no_scan_leaves_the_store("sdbox", "ann/mailboxes/INBOX", &files);
}

#[test]
fn no_scan_leaves_an_mdbox() {
    let files = [
        ("ann/storage/m.1", &b"2 M1e C4b04b752\n"[..]),
        ("ann/storage/dovecot.map.index.log", b"log"),
        ("ann/mailboxes/INBOX/dbox-Mails/dovecot.index.log", b"log"),
        ("ann/subscriptions", b""),
    ];
    assert_no_scan_leaves_the_store("mdbox", "ann/storage", &files);
}

#[test]
fn no_scan_leaves_an_mh_folder() {
    let files = [
        ("ann/context", &b"Current-Folder: inbox\n"[..]),
        ("ann/inbox/1", MAIL),
        ("ann/inbox/.mh_sequences", b"cur: 1\n"),
    ];
    assert_no_scan_leaves_the_store("mh", "ann/inbox", &files);
}

#[test]
fn no_scan_leaves_a_directory_of_mboxes() {
    let mail = b"From a@b  Thu Nov 29 22:33:52 2001\nA: b\n\nc\n";
    let files = [("ann/inbox", &mail[..]), ("ann/.imap/inbox/dovecot.index", b"index"), ("ann/lists/rust", mail)];
    assert_no_scan_leaves_the_store("mbox", "ann/lists", &files);
}

#[test]
fn no_scan_leaves_a_cyrus_mailbox() {
    let header = b"\xa1\x02\x8b\x0dCyrus mailbox header\n\"The best thing\"\n";
    let files = [
        ("ann/cyrus.header", &header[..]),
        ("ann/cyrus.index", b"index"),
        ("ann/1.", MAIL),
        ("ann/Sent/cyrus.header", header),
    ];
    assert_no_scan_leaves_the_store("cyrus", "ann/Sent", &files);
}

#[test]
fn no_scan_leaves_a_postfix_queue() {
    let queues = ["active", "bounce", "defer", "deferred", "hold", "incoming", "maildrop"];
    let paths = queues.map(|queue| format!("queue/{queue}/4gABCdzHzz1"));
    let files: Vec<_> = paths.iter().map(|path| (path.as_str(), MAIL)).collect();
    assert_no_scan_leaves_the_store("postfix", "queue/deferred", &files);
}

#[test]
fn no_scan_leaves_an_exim_queue() {
    let files = [
        ("queue/input/1xVvuT-0001zT-1E-H", &b"1xVvuT-0001zT-1E-H\n"[..]),
        ("queue/input/1xVvuT-0001zT-1E-D", b"1xVvuT-0001zT-1E-D\n"),
        ("queue/msglog/1xVvuT-0001zT-1E", b""),
    ];
    assert_no_scan_leaves_the_store("exim", "queue/input", &files);
}

#[test]
fn no_scan_leaves_the_blobs_of_zimbra() {
    let files = [("12/msg/0/257-5.msg", MAIL), ("12/msg/1/258-5.msg", MAIL)];
    assert_no_scan_leaves_the_store("zimbra", "12/msg", &files);
}

#[test]
fn no_scan_leaves_an_account_of_communigate() {
    let files = [("ann.macnt/INBOX.mdir/1-S-20260105040000", MAIL), ("ann.macnt/Sent.mdir/2-S-20260105040000", MAIL)];
    assert_no_scan_leaves_the_store("communigate", "ann.macnt/INBOX.mdir", &files);
}

#[test]
fn no_sample_for_compression_leaves_the_store() {
    let names: Vec<String> = (0..20).map(|number| format!("ann/cur/{number}.a:2,S")).collect();
    let mut files: Vec<_> = names.iter().map(|name| (name.as_str(), &[b'a'; 9_000][..])).collect();
    files.extend([("ann/new/1.a", MAIL), ("ann/tmp/1.a", MAIL)]);
    let neighbours = Neighbours::new(&files);
    for day in ["2026-01-05", "2026-01-12", "2026-01-19"] {
        neighbours.scan(&format!("--taken-at {day}T04:00:00Z"));
    }
    let whatif = || neighbours.machine.run("whatif --today 2026-01-20 compress=zstd-all");
    assert!(whatif().succeeds().text().contains("were read"));
    for place in ["ann", "ann/cur", files[0].0] {
        // It may find too little mail for a sample.
        neighbours.race(place, || drop(whatif()));
    }
}
