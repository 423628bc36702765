//! Homes that maildrop and procmail deliver to.

use std::fs;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use crate::support::delivery_agents::Home;
use crate::support::machine::Machine;
use crate::support::messages;
use crate::support::nmh::Nmh;
use crate::support::scan_result::{ScanResult, number};

/// Messages that an mbox stores unchanged: without quoted lines or changed line ends.
fn plain() -> Vec<Vec<u8>> {
    let has = |letter: &[u8], bytes: &[u8]| letter.windows(bytes.len()).any(|window| window == bytes);
    let letters = messages::samples().into_iter();
    letters.filter(|l| !has(l, b"\nFrom ") && !has(l, b"\r") && l.ends_with(b"\n") && !l.ends_with(b"\n\n")).collect()
}

/// The message with a header by which the filters sort.
fn about(subject: &str, letter: &[u8]) -> Vec<u8> {
    [format!("X-Sort: {subject}\n").as_bytes(), letter].concat()
}

/// The lengths of all message files below a directory.
fn lengths(root: &Path, is_message: impl Fn(&str) -> bool) -> Vec<u64> {
    let entries = WalkDir::new(root).into_iter().map(|entry| entry.expect("the test may read its own files"));
    let files = entries.filter(|entry| entry.file_type().is_file() && is_message(&entry.file_name().to_string_lossy()));
    files.map(|entry| entry.metadata().expect("it is there").len()).collect()
}

/// Ann's home.
fn home_of(machine: &Machine) -> PathBuf {
    machine.path("vmail/example.org/ann")
}

#[test]
#[ignore = "needs Postfix, nmh, maildrop and procmail: run tests/run"]
fn a_maildir_filled_by_maildrop_agrees() {
    let machine = Machine::new();
    machine.store("vmail");
    let place = home_of(&machine);
    let home = Home::new(place.clone());
    home.run("maildirmake.maildrop", &["Maildir"], b"");
    home.run("maildirmake.maildrop", &["-f", "Lists", "Maildir"], b"");
    home.run("maildirmake.maildrop", &["-q", "100000000S", "Maildir"], b"");
    let maildir = place.join("Maildir");
    let maildir = maildir.display();
    home.write("filter", &format!("DEFAULT=\"{maildir}\"\nif (/^X-Sort: list/)\n{{\n  to \"{maildir}/.Lists\"\n}}\n"));
    let letters = messages::samples();
    for letter in &letters {
        home.run("maildrop", &["filter"], letter);
    }
    for letter in letters.iter().step_by(2) {
        home.run("maildrop", &["filter"], &about("list", letter));
    }
    let scanned = ScanResult::scan(&machine, "vmail").without_problems();
    let ann = "maildir ann@example.org";
    assert_eq!(scanned.addresses(), [ann]);
    let inbox: u64 = letters.iter().map(|letter| letter.len() as u64).sum();
    let lists: u64 = letters.iter().step_by(2).map(|letter| about("list", letter).len() as u64).sum();
    for (folder, place, messages, bytes) in [
        ("INBOX", "Maildir/new", letters.len(), inbox),
        ("Lists", "Maildir/.Lists/new", letters.len().div_ceil(2), lists),
    ] {
        let figures = ["messages", "message_bytes", "logical_bytes"];
        let actual = figures.map(|figure| number(scanned.folder(ann, folder), figure));
        // maildrop adds a missing line end at the end and does not count it in the size in the name.
        let on_disk = lengths(&home_of(&machine).join(place), |name| name.contains(",S=")).iter().sum();
        assert_eq!(actual, [messages as u64, on_disk, bytes], "{folder}: left the scan, right what was delivered");
    }
    let quota = fs::read_to_string(place.join("Maildir/maildirsize")).expect("maildrop keeps it");
    let column = |at: usize| -> i64 {
        let lines = quota.lines().skip(1);
        lines.map(|line| line.split_whitespace().nth(at).expect("two numbers").parse::<i64>().expect("a number")).sum()
    };
    assert_eq!(column(0), (inbox + lists).cast_signed(), "maildrop's own account");
    assert_eq!(column(1), number(&scanned.store, "messages").cast_signed());
    assert!(scanned.class("control", "bytes") >= quota.len() as u64, "maildirsize is not mail");
}

#[test]
#[ignore = "needs Postfix, nmh, maildrop and procmail: run tests/run"]
fn three_formats_filled_by_procmail_agree() {
    let machine = Machine::new();
    machine.store("vmail");
    let place = home_of(&machine);
    let home = Home::new(place.clone());
    let rules = ":0\n* ^X-Sort: mh\nmh/.\n\n:0\n* ^X-Sort: maildir\nMaildir/\n\n:0:\nmbox\n";
    home.write("rules", &format!("MAILDIR={}\nLOGFILE=/dev/null\n{rules}", place.display()));
    let letters = plain();
    assert!(letters.len() > 5, "the test shows nothing without letters");
    let sorted = |subject: &str| -> Vec<Vec<u8>> { letters.iter().map(|letter| about(subject, letter)).collect() };
    for subject in ["mh", "maildir", "mbox"] {
        for letter in sorted(subject) {
            // As a mail server does, with the From_ line of an mbox.
            let rules = place.join("rules").display().to_string();
            home.run("procmail", &["-p", "-f", "a@elsewhere.example", "-m", &rules], &letter);
        }
    }
    fs::remove_file(place.join("rules")).expect("it was just used");
    let scanned = ScanResult::scan(&machine, "vmail").without_problems();
    let [maildir, mbox, mh] = ["maildir ann@example.org", "mbox ann@example.org", "mh ann@example.org"];
    assert_eq!(scanned.addresses(), [maildir, mbox, mh]);
    let figures = |mailbox: &str| {
        let mailbox = scanned.mailbox(mailbox);
        ["messages", "message_bytes", "logical_bytes"].map(|figure| number(mailbox, figure))
    };
    let bytes = |letters: &[Vec<u8>]| letters.iter().map(|letter| letter.len() as u64).sum::<u64>();
    let count = letters.len() as u64;

    let in_maildir = lengths(&place.join("Maildir"), |_| true);
    assert_eq!(in_maildir.len(), letters.len());
    let on_disk: u64 = in_maildir.iter().sum();
    assert_eq!(figures(maildir), [count, on_disk, on_disk]);

    // nmh stores no mail in this home; it only lists the folder.
    let nmh = Nmh::new(machine.path("nmh"));
    let in_mh = nmh.sizes(&place.join("mh").display().to_string());
    let on_disk: u64 = in_mh.iter().sum();
    let numbered = lengths(&place.join("mh"), |name| name.bytes().all(|byte| byte.is_ascii_digit()));
    assert_eq!(on_disk, numbered.iter().sum::<u64>(), "nmh reads the sizes of the files");
    assert_eq!((in_mh.len(), figures(mh)), (letters.len(), [count, on_disk, on_disk]));

    let file = fs::read(place.join("mbox")).expect("procmail wrote it");
    let from_lines: u64 = file
        .split(|&byte| byte == b'\n')
        .filter(|line| line.starts_with(b"From "))
        .map(|line| line.len() as u64 + 1)
        .sum();
    let delivered = bytes(&sorted("mbox"));
    assert_eq!(file.len() as u64, from_lines + delivered + count, "an empty line ends each message");
    assert_eq!(figures(mbox), [count, file.len() as u64, delivered]);
}
