//! Several formats in one home, as a change of the server or of the filter leaves them.

use std::fs;

use crate::support::machine::Machine;
use crate::support::samples::{LETTER, mbox_file, mdbox_folder, mdbox_storage, place, sdbox_folder};
use crate::support::scan_result::{ScanResult, number, text};

#[test]
fn three_formats_in_one_home_are_three_mailboxes() {
    let machine = Machine::new();
    let store = machine.store("home");
    let home = store.root.join("example.org/ann");
    store.deliver("example.org/ann/Maildir", "INBOX", 1_000, "2026-01-05");
    place(home.join("mbox"), mbox_file().repeat(3));
    for number in 1..=4 {
        place(home.join("Mail/lists").join(number.to_string()), LETTER);
    }
    place(home.join("Mail/lists/.mh_sequences"), "cur: 4\n");
    place(home.join("Mail/context"), "Current-Folder: lists\n");
    place(home.join(".procmailrc"), ":0\nmbox\n");
    let scanned = ScanResult::scan(&machine, "home").without_problems();
    let expected = ["maildir ann@example.org", "mbox ann@example.org", "mh ann@example.org"];
    assert_eq!(scanned.addresses(), expected);
    assert_eq!(expected.map(|mailbox| number(scanned.mailbox(mailbox), "messages")), [1, 3, 4]);
    assert_eq!(number(scanned.mailbox(expected[1]), "logical_bytes"), 3 * LETTER.len() as u64);
    assert_eq!(number(&scanned.store, "messages"), 8);
}

#[test]
fn old_and_new_formats_of_a_home_are_separate_mailboxes() {
    let machine = Machine::new();
    let store = machine.store("vmail");
    let home = store.root.join("example.org/ann");
    store.deliver("example.org/ann/Maildir", "INBOX", 1_000, "2026-01-05");
    sdbox_folder(&home.join("sdbox/mailboxes/INBOX/dbox-Mails"));
    sdbox_folder(&home.join("sdbox/mailboxes/A/B/dbox-Mails"));
    mdbox_storage(&home.join("mdbox"), 2);
    mdbox_folder(&home.join("mdbox"), "INBOX".as_ref(), &[1]);
    mdbox_folder(&home.join("mdbox"), "Sent".as_ref(), &[2]);
    let scanned = ScanResult::scan(&machine, "vmail").without_problems();
    let expected = ["maildir ann@example.org", "mdbox ann@example.org", "sdbox ann@example.org"];
    assert_eq!(scanned.addresses(), expected);
    assert_eq!(expected.map(|mailbox| number(scanned.mailbox(mailbox), "messages")), [1, 2, 2]);
    assert_eq!(number(scanned.folder("sdbox ann@example.org", "A/B"), "messages"), 1);
    assert_eq!(text(scanned.folder("mdbox ann@example.org", "Sent"), "special_use"), "sent");
}

#[test]
fn both_folder_layouts_of_maildir_are_read() {
    let machine = Machine::new();
    let store = machine.store("vmail");
    for folder in ["example.org/ann/Maildir", "example.org/ann/Maildir/Archive/2023", "example.org/ann/Maildir/Archive"]
    {
        store.deliver(folder, "INBOX", 100, "2026-01-05");
    }
    store.deliver("example.org/bob/Maildir", "Archive.2023", 100, "2026-01-05");
    let scanned = ScanResult::scan(&machine, "vmail").without_problems();
    assert_eq!(scanned.addresses(), ["maildir ann@example.org", "maildir bob@example.org"]);
    for (mailbox, path) in [("maildir ann@example.org", "Archive/2023"), ("maildir bob@example.org", ".Archive.2023")] {
        let folder = scanned.folder(mailbox, "Archive/2023");
        assert_eq!((number(folder, "messages"), text(folder, "path")), (1, path), "{mailbox}");
        assert_eq!(folder["special_use"], "archive");
    }
}

#[test]
fn databases_are_one_blob_each() {
    let machine = Machine::new();
    let root = machine.store("vmail").root;
    let edb = [b"\x12\x34\x56\x78\xef\xcd\xab\x89\x20\x06\0\0".as_slice(), &[0; 5_000]].concat();
    place(root.join("exchange/Mailbox Database 1.edb"), edb);
    place(root.join("exchange/E00.log"), [0; 1_000]);
    for (name, content) in [
        ("CURRENT", "MANIFEST-000004\n"),
        ("IDENTITY", "3f7c1c52-9d0f-4a3a-8a5e-111111111111"),
        ("MANIFEST-000004", "binary"),
        ("OPTIONS-000007", "[Version]\n  rocksdb_version=8.1.1\n"),
        ("000012.sst", "table"),
        ("000013.log", ""),
        ("LOCK", ""),
        ("LOG", "log"),
    ] {
        place(root.join("stalwart/data").join(name), content);
    }
    place(root.join("grommunio/exchange.sqlite3"), [b"SQLite format 3\0".as_slice(), &[0; 4_080]].concat());
    let scanned = ScanResult::scan(&machine, "vmail").without_problems();
    assert_eq!(scanned.mailboxes(), [] as [serde_json::Value; 0]);
    let blobs = scanned.store["blobs"].as_array().expect("blobs are a list");
    let mut found: Vec<(&str, bool)> = Vec::new();
    for blob in blobs {
        found.push((text(blob, "kind"), number(blob, "allocated_bytes") > 0));
    }
    found.sort_unstable();
    assert_eq!(found, [("exchange_edb", true), ("rocksdb", true), ("sqlite", true)], "{blobs:#?}");
    let of = |kind: &str| blobs.iter().find(|blob| blob["kind"] == kind).expect("it was just found");
    assert_eq!(number(of("sqlite"), "bytes"), 4_096);
    assert!(number(of("exchange_edb"), "bytes") >= 5_012);
    let tables = fs::read_dir(root.join("stalwart/data")).expect("it was made").flatten();
    let whole: u64 = tables.map(|file| file.metadata().expect("it is there").len()).sum();
    assert_eq!(number(of("rocksdb"), "bytes"), whole, "all files of the directory");
    assert!(text(of("rocksdb"), "path").ends_with("stalwart/data"), "{}", of("rocksdb"));
}
