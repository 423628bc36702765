//! Folder names with control characters or markup, in every format: JSON keeps them, and text shows them escaped.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::support::cyrus_files;
use crate::support::dbox;
use crate::support::hostile_names::{HOSTILE, assert_harmless};
use crate::support::machine::Machine;
use crate::support::samples::{
    CYRUS, LETTER, MBOX, MDBOX, MH, SAMPLES, SDBOX, cyrus_mailbox, mbox_file, mdbox_folder, mdbox_storage, place,
    sdbox_folder,
};
use crate::support::scan_result::{ScanResult, list, number, text};

/// The mailboxes with a folder for every hostile name.
const MAILBOXES: [&str; 6] = [
    "maildir ann@maildir.example",
    "sdbox ann@sdbox.example",
    "mdbox ann@mdbox.example",
    "mbox ann@mbox.example",
    "mh ann@mh.example",
    "cyrus ann",
];

/// The path of a folder with this name beside the folder of a file.
fn beside(root: &Path, file: &str, levels: usize, name: &[u8]) -> PathBuf {
    let path = root.join(file);
    let above = path.ancestors().nth(levels).expect("the path is longer");
    above.join(OsStr::from_bytes(name))
}

/// A store with all samples, each with a folder with the letter for every hostile name.
fn hostile() -> Machine {
    let machine = Machine::new();
    let store = machine.store("vmail");
    let root = &store.root;
    for sample in &SAMPLES {
        (sample.make)(root);
    }
    mdbox_storage(&root.join("mdbox.example/ann/mdbox"), 1 + HOSTILE.len());
    for (map_uid, (name, _)) in (2..).zip(HOSTILE) {
        let maildir = [b"maildir.example/ann/Maildir/.".as_slice(), name].concat();
        for part in ["cur", "new", "tmp"] {
            fs::create_dir_all(root.join(OsStr::from_bytes(&maildir)).join(part)).expect("a directory can be made");
        }
        place(root.join(OsStr::from_bytes(&maildir)).join("cur/1767614400.M1P1.mx1:2,"), LETTER);
        sdbox_folder(&beside(root, SDBOX, 3, name).join("dbox-Mails"));
        mdbox_folder(&beside(root, MDBOX, 2, b""), Path::new(OsStr::from_bytes(name)), &[map_uid]);
        place(beside(root, MBOX, 1, name), mbox_file());
        place(beside(root, MH, 2, name).join("1"), LETTER);
        place(beside(root, MH, 2, name).join(".mh_sequences"), "cur: 1\n");
        cyrus_mailbox(&beside(root, CYRUS, 1, name), &cyrus_files::nameless_header());
    }
    machine
}

#[test]
fn json_keeps_names_unchanged() {
    let machine = hostile();
    let scanned = ScanResult::scan(&machine, "vmail").without_problems();
    for mailbox in MAILBOXES {
        for (_, name) in HOSTILE {
            let folder = scanned.folder(mailbox, name);
            assert_eq!(number(folder, "messages"), 1, "{name:?} of {mailbox}");
            assert!(text(folder, "path").contains(name), "the path of {name:?} of {mailbox}: {}", folder["path"]);
        }
        let messages = number(scanned.mailbox(mailbox), "messages");
        assert_eq!(messages, 1 + HOSTILE.len() as u64, "{mailbox}");
    }
    let shown = machine.run("history show --format json").succeeds().json();
    assert_eq!(shown["stores"][0], scanned.store, "the history keeps them too");
}

#[test]
fn text_escapes_names() {
    let machine = hostile();
    for command in ["scan vmail", "history show", "report", "report --format html"] {
        assert_harmless(&machine.run(command).succeeds().text());
    }
}

#[test]
fn owners_may_have_hostile_names_in_every_format() {
    let machine = Machine::new();
    let root = machine.store("vmail").root;
    for (name, _) in HOSTILE {
        // Cyrus mailboxes have their owners in headers.
        for sample in SAMPLES.iter().filter(|sample| !sample.mailbox.starts_with("cyrus")) {
            (sample.make)(&root);
            let home = root.join(sample.message.split('/').next().expect("a path has parts")).join("ann");
            fs::rename(&home, home.with_file_name(OsStr::from_bytes(name))).expect("it can be renamed");
        }
    }
    let scanned = ScanResult::scan(&machine, "vmail").without_problems();
    for (_, name) in HOSTILE {
        for sample in SAMPLES.iter().filter(|sample| !sample.mailbox.starts_with("cyrus")) {
            let mailbox = scanned.mailbox(&sample.mailbox.replacen("ann", name, 1));
            assert_eq!(number(mailbox, "messages"), 1, "{mailbox}");
        }
    }
    assert_harmless(&machine.run("scan vmail").succeeds().text());
}

#[test]
fn cyrus_headers_may_have_hostile_names() {
    let machine = Machine::new();
    let root = machine.store("vmail").root;
    (SAMPLES[5].make)(&root);
    let names: [&[u8]; 6] = [b"\x1b[31m", b"bad\xff\xfe", b"\"line\nbreak\"", b"{5}\r\nhello", b"..", b"user."];
    for (number, name) in names.into_iter().enumerate() {
        let header = [cyrus_files::MAGIC, b"%(T e N ", name, b" I abc A %(ann lrs))\n"].concat();
        cyrus_mailbox(&root.join(format!("cyrus/a/user/ann/{number}")), &header);
    }
    let scanned = ScanResult::scan(&machine, "vmail");
    let messages: u64 = scanned.mailboxes().iter().map(|mailbox| number(mailbox, "messages")).sum();
    assert!(messages >= 1, "Ann's INBOX counts");
    assert_harmless(&machine.run("scan vmail").succeeds().text());
}

#[test]
fn mdbox_metadata_may_have_hostile_names() {
    let machine = Machine::new();
    let root = machine.store("vmail").root;
    (SAMPLES[2].make)(&root);
    let folder = "\x1b[2J\u{202e}\0../../etc";
    let file = [dbox::file_header(), dbox::message(LETTER.as_bytes(), Some(folder))].concat();
    // Without the map only the messages themselves name their folder.
    fs::remove_file(root.join(MDBOX).with_file_name("dovecot.map.index.log")).expect("the sample has it");
    place(root.join(MDBOX), file);
    ScanResult::scan(&machine, "vmail");
    assert_harmless(&machine.run("scan vmail").succeeds().text());
}

#[test]
fn names_in_modified_utf7_are_decoded() {
    let machine = Machine::new();
    let root = machine.store("vmail").root;
    for sample in &SAMPLES {
        (sample.make)(&root);
    }
    mdbox_storage(&root.join("mdbox.example/ann/mdbox"), 2);
    let name = b"Entw&APw-rfe";
    sdbox_folder(&beside(&root, SDBOX, 3, name).join("dbox-Mails"));
    mdbox_folder(&beside(&root, MDBOX, 2, b""), Path::new("Entw&APw-rfe"), &[2]);
    place(beside(&root, MBOX, 1, name), mbox_file());
    cyrus_mailbox(&beside(&root, CYRUS, 1, b"Dotted^Name"), &cyrus_files::nameless_header());
    cyrus_mailbox(&beside(&root, CYRUS, 1, name), &cyrus_files::nameless_header());
    let scanned = ScanResult::scan(&machine, "vmail").without_problems();
    for mailbox in ["sdbox ann@sdbox.example", "mdbox ann@mdbox.example", "mbox ann@mbox.example", "cyrus ann"] {
        let folder = scanned.folder(mailbox, "Entwürfe");
        assert_eq!(number(folder, "messages"), 1, "{mailbox}");
        assert_eq!(folder["special_use"], "drafts", "{mailbox}");
        assert!(text(folder, "path").contains("Entw&APw-rfe"), "the path has the bytes of the disk: {folder}");
    }
    assert_eq!(number(scanned.folder("cyrus ann", "Dotted.Name"), "messages"), 1);
    let folders: Vec<&Value> = list(scanned.mailbox("maildir ann@maildir.example"), "folders").iter().collect();
    assert_eq!(folders.len(), 1);
}
