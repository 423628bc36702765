//! `scan --explain PATH`: how a path was classified, and why.

use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use crate::support::machine::Machine;
use crate::support::samples::{CYRUS, MAILDIR, MBOX, MDBOX, SAMPLES, SDBOX, place};

/// A store of all samples, and a file that is not mail.
fn all() -> Machine {
    let machine = Machine::new();
    let root = machine.store("vmail").root;
    for sample in &SAMPLES {
        (sample.make)(&root);
    }
    place(root.join("maildir.example/ann/Maildir/dovecot.index.log"), "index");
    place(root.join("backup/etc/hosts.bak"), "127.0.0.1 localhost\n");
    machine
}

/// The explanation of a path in the store.
fn explain(machine: &Machine, path: &Path) -> String {
    let outcome = machine.runway("scan --explain").arg(path).arg("vmail").run().succeeds();
    assert_eq!(outcome.changed(), [] as [PathBuf; 0], "an explanation makes no snapshot");
    outcome.text()
}

#[test]
fn an_explanation_has_layout_owner_folder_and_class() {
    let machine = all();
    for (name, words) in [
        (MAILDIR, ["maildir", "ann", "maildir.example", "INBOX", "message"].as_slice()),
        (SDBOX, &["sdbox", "ann", "sdbox.example", "INBOX", "message"]),
        (MDBOX, &["mdbox", "ann", "mdbox.example", "message"]),
        (MBOX, &["mbox", "ann", "mbox.example", "INBOX", "message"]),
        (CYRUS, &["cyrus", "ann", "INBOX", "message"]),
        ("maildir.example/ann/Maildir/dovecot.index.log", &["maildir", "ann", "index"]),
        ("cyrus/a/user/ann/cyrus.cache", &["cyrus", "ann", "index"]),
        ("backup/etc/hosts.bak", &["other"]),
    ] {
        let text = explain(&machine, &machine.path("vmail").join(name));
        let lower = text.to_lowercase();
        for word in words {
            assert!(lower.contains(&word.to_lowercase()), "`{word}` is missing for {name}: {text}");
        }
        assert!(!lower.contains("unknown"), "{text}");
    }
    let unclaimed = explain(&machine, &machine.path("vmail/backup/etc/hosts.bak"));
    for layout in ["maildir", "sdbox", "mdbox", "mbox", "cyrus"] {
        assert!(!unclaimed.contains(&format!("layout: {layout}")), "no format claims it: {unclaimed}");
    }
}

#[test]
fn the_store_is_found_in_the_settings() {
    let machine = all();
    machine.settings(&format!("[[store]]\nname = 'post'\npath = '{}'\n", machine.path("vmail").display()));
    let with_store = explain(&machine, &machine.path("vmail").join(MAILDIR));
    let outcome = machine.runway("scan --explain").arg(machine.path("vmail").join(MAILDIR)).run().succeeds();
    assert_eq!(outcome.text(), with_store);
}

#[test]
fn a_relative_path_is_explained() {
    let machine = all();
    let relative = explain(&machine, Path::new(&format!("vmail/{MAILDIR}")));
    assert!(relative.contains("maildir") && relative.contains("ann"), "{relative}");
}

#[test]
fn a_directory_is_explained() {
    let machine = all();
    let text = explain(&machine, &machine.path("vmail/sdbox.example/ann/sdbox/mailboxes/INBOX/dbox-Mails"));
    assert!(["sdbox", "ann", "INBOX"].iter().all(|word| text.contains(word)), "{text}");
}

#[test]
fn a_missing_path_or_one_outside_the_store_is_refused() {
    let machine = all();
    machine.write("elsewhere/file", "text");
    machine.run("scan --explain vmail/no/such/file vmail").fails(1, &["vmail/no/such/file"]);
    machine.run("scan --explain elsewhere/file vmail").fails(1, &["elsewhere/file"]);
}

#[test]
fn hostile_names_are_escaped() {
    let machine = all();
    let folder =
        Path::new(std::ffi::OsStr::from_bytes(b"maildir.example/ann/Maildir/.\x1b]0;own\xff\nBREAK\xe2\x80\xae"));
    let path = machine.path("vmail").join(folder).join("cur/1767614400.M1P1.mx1:2,\x1b[2J");
    place(path.clone(), "Subject: x\n\n");
    for part in ["new", "tmp"] {
        std::fs::create_dir_all(machine.path("vmail").join(folder).join(part)).expect("a directory can be made");
    }
    let text = explain(&machine, &path);
    let power = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
    assert!(!text.contains(power), "{text:?}");
    assert!(!text.contains("\nBREAK"), "{text:?}");
    assert!(text.contains("BREAK"), "the name is shown: {text:?}");
}
