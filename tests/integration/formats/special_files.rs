//! Pipes, sockets, devices and links in place of mail files: a scan does not open, wait for or follow any.

use std::fs;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};

use rustix::fs::{CWD, FileType, Mode, makedev, mknodat};

use crate::support::machine::Machine;
use crate::support::samples::{self, CYRUS, CYRUS_UUID, MAILDIR, MBOX, MDBOX, MH, SAMPLES, SDBOX, place};
use crate::support::scan_result::{ScanResult, number};

/// Creates something at a path.
type Put = fn(&Path);

/// Special files that replace a file.
const SPECIAL: [(&str, Put); 3] = [("a pipe", pipe), ("a socket", socket), ("a device", device)];

/// Paths of messages.
const MESSAGES: [&str; 6] = [MAILDIR, SDBOX, MDBOX, MH, CYRUS, CYRUS_UUID];

/// Paths of indexes.
const INDEXES: [&str; 5] = [
    "mdbox.example/ann/mdbox/storage/dovecot.map.index.log",
    "mdbox.example/ann/mdbox/storage/dovecot.map.index",
    "mdbox.example/ann/mdbox/mailboxes/INBOX/dbox-Mails/dovecot.index.log",
    "mdbox.example/ann/mdbox/mailboxes/INBOX/dbox-Mails/dovecot.index",
    "cyrus/a/user/ann/cyrus.index",
];

/// Files that no other file depends on, or that are only known to be mail once read.
const OTHERS: [&str; 6] = [
    MBOX,
    "cyrus/a/user/ann/cyrus.cache",
    "cyrus/a/user/ann/cyrus.header",
    "mh.example/ann/Mail/inbox/.mh_sequences",
    "maildir.example/ann/Maildir/dovecot-uidlist",
    "maildir.example/ann/Maildir/maildirsize",
];

fn pipe(path: &Path) {
    mknodat(CWD, path, FileType::Fifo, Mode::from(0o644), 0).expect("a pipe can be made");
}

/// Bound where the path is short enough, since the address of a socket is at most 107 bytes.
fn socket(path: &Path) {
    let aside = tempfile::tempdir_in("/tmp").expect("/tmp takes a directory");
    let bound = aside.path().join("socket");
    drop(UnixListener::bind(&bound).expect("a socket can be bound"));
    if fs::rename(&bound, path).is_err() {
        mknodat(CWD, path, FileType::Socket, Mode::from(0o644), 0).expect("a socket can be made");
    }
}

/// The device that never ends, `/dev/zero`; only root may make one.
fn device(path: &Path) {
    match rustix::process::geteuid().is_root() {
        true => mknodat(CWD, path, FileType::CharacterDevice, Mode::from(0o644), makedev(1, 5)).expect("root may"),
        false => socket(path),
    }
}

fn loop_of_links(path: &Path) {
    symlink(path.file_name().expect("it has a name"), path).expect("a link can be made");
}

fn link_to_nothing(path: &Path) {
    symlink("/nonexistent/file", path).expect("a link can be made");
}

fn link_to_a_directory_above(path: &Path) {
    symlink("..", path).expect("a link can be made");
}

fn directory(path: &Path) {
    fs::create_dir(path).expect("a directory can be made");
}

/// A store of all samples with one file replaced, and the path of that file.
fn replaced(name: &str, put: Put) -> (Machine, PathBuf) {
    let machine = Machine::new();
    machine.store("vmail");
    for sample in &SAMPLES {
        (sample.make)(&machine.path("vmail"));
    }
    // Without its only message, a folder might not be recognised.
    place(machine.path("vmail/mh.example/ann/Mail/inbox/2"), samples::LETTER);
    let path = machine.path("vmail").join(name);
    let _ = fs::remove_file(&path);
    put(&path);
    (machine, path)
}

/// Checks the mailboxes in other homes.
#[track_caller]
fn assert_others_count(scanned: &ScanResult, name: &str) {
    let home = |path: &str| path.split('/').next().map(str::to_owned);
    for sample in SAMPLES.iter().filter(|sample| home(sample.message) != home(name)) {
        assert!(number(scanned.mailbox(sample.mailbox), "messages") >= 1, "{} beside {name}", sample.mailbox);
    }
}

#[test]
fn special_files_in_place_of_a_message_are_reported() {
    for name in MESSAGES {
        for (what, put) in SPECIAL {
            let (machine, path) = replaced(name, put);
            let scanned = ScanResult::scan(&machine, "vmail");
            assert_eq!(scanned.problem(&path), "special_file", "{what} at {name}");
            assert_others_count(&scanned, name);
        }
    }
}

#[test]
fn special_files_in_place_of_an_index_are_reported() {
    for name in INDEXES {
        for (what, put) in SPECIAL {
            let (machine, path) = replaced(name, put);
            let scanned = ScanResult::scan(&machine, "vmail");
            assert!(!scanned.problem(&path).is_empty(), "{what} at {name}");
            assert_others_count(&scanned, name);
        }
    }
}

#[test]
fn special_files_in_place_of_other_files_do_no_harm() {
    for name in OTHERS {
        for (_, put) in SPECIAL {
            assert_others_count(&ScanResult::scan(&replaced(name, put).0, "vmail"), name);
        }
    }
}

#[test]
fn unexpected_special_files_count_as_other() {
    for (what, put) in SPECIAL {
        let machine = Machine::new();
        machine.store("vmail").deliver("example.org/ann", "INBOX", 1_000, "2026-01-05");
        for name in ["1", "u.1", "m.1", "mbox", "cyrus.header", "cyrus.index", "context", "spool.edb"] {
            put(&machine.path("vmail").join(name));
        }
        let scanned = ScanResult::scan(&machine, "vmail").without_problems();
        assert_eq!(scanned.addresses(), ["maildir ann@example.org"], "{what}");
        assert_eq!(scanned.class("other", "files"), 8, "{what}");
    }
}

#[test]
fn links_and_directories_in_place_of_a_file_do_no_harm() {
    let puts: [Put; 4] = [loop_of_links, link_to_nothing, link_to_a_directory_above, directory];
    for name in MESSAGES.into_iter().chain(INDEXES).chain(OTHERS) {
        for put in puts {
            assert_others_count(&ScanResult::scan(&replaced(name, put).0, "vmail"), name);
        }
    }
}

#[test]
fn a_scan_of_link_loops_ends() {
    let machine = Machine::new();
    machine.store("vmail").deliver("example.org/ann", "INBOX", 1_000, "2026-01-05");
    for name in ["example.org/loop", "example.org/ann/.Loop", "example.org/ann/cur/loop"] {
        symlink(machine.path("vmail"), machine.path("vmail").join(name)).expect("a link can be made");
    }
    let scanned = ScanResult::scan(&machine, "vmail").without_problems();
    assert_eq!(number(&scanned.store, "messages"), 1);
}
