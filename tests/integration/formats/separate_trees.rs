//! Parts of a mailbox in another tree: alternative storage, indexes, attachments, partitions.

use std::fs;
use std::os::unix::fs::symlink;

use crate::support::cyrus_files;
use crate::support::dbox;
use crate::support::dovecot_index_log::IndexLog;
use crate::support::machine::Machine;
use crate::support::samples::{LETTER, SAMPLES, place};
use crate::support::scan_result::{ScanResult, number};

const SDBOX: &str = "sdbox ann@sdbox.example";

#[test]
fn alternative_storage_below_the_root_counts_for_its_owner() {
    let machine = Machine::new();
    let root = machine.store("vmail").root;
    (SAMPLES[1].make)(&root);
    let alternative = root.join("slow/ann-of-sdbox");
    place(alternative.join("mailboxes/INBOX/dbox-Mails/u.2"), dbox::single(LETTER.as_bytes()));
    place(alternative.join("mailboxes/Archive/dbox-Mails/u.1"), dbox::single(LETTER.as_bytes()));
    symlink(&alternative, root.join("sdbox.example/ann/sdbox/dbox-alt-root")).expect("a link can be made");
    let scanned = ScanResult::scan(&machine, "vmail").without_problems();
    assert_eq!(scanned.addresses(), [SDBOX]);
    assert_eq!(number(scanned.folder(SDBOX, "INBOX"), "messages"), 2);
    assert_eq!(number(scanned.folder(SDBOX, "Archive"), "messages"), 1);
    assert_eq!(number(scanned.mailbox(SDBOX), "logical_bytes"), 3 * LETTER.len() as u64);
}

#[test]
fn alternative_storage_outside_the_root_is_reported_and_not_followed() {
    let machine = Machine::new();
    let root = machine.store("vmail").root;
    (SAMPLES[1].make)(&root);
    let elsewhere = machine.path("slow/ann");
    place(elsewhere.join("mailboxes/INBOX/dbox-Mails/u.2"), dbox::single(LETTER.as_bytes()));
    let link = root.join("sdbox.example/ann/sdbox/dbox-alt-root");
    symlink(&elsewhere, &link).expect("a link can be made");
    let scanned = ScanResult::scan(&machine, "vmail");
    assert_eq!(scanned.problem(&link), "not_followed");
    assert_eq!(number(scanned.mailbox(SDBOX), "messages"), 1);
    let actual = machine.run("scan vmail").succeeds().stderr();
    assert!(actual.contains("warning: "), "{actual}");
    fs::remove_dir_all(machine.path("slow")).expect("it can be removed");
    let scanned = ScanResult::scan(&machine, "vmail");
    assert_eq!(number(scanned.mailbox(SDBOX), "messages"), 1, "a dangling link does not fail the scan");
}

#[test]
fn indexes_in_a_separate_tree_count_for_their_owner() {
    let machine = Machine::new();
    let root = machine.store("vmail").root;
    (SAMPLES[0].make)(&root);
    let index = IndexLog::new().append(&[1]).bytes();
    for (folder, file) in
        [(".INBOX", "dovecot.index.log"), (".INBOX", "dovecot.index.cache"), (".Sent", "dovecot.index")]
    {
        place(root.join("indexes/ann@maildir.example").join(folder).join(file), &index);
    }
    let scanned = ScanResult::scan(&machine, "vmail").without_problems();
    let ann = scanned.mailbox(SAMPLES[0].mailbox);
    assert_eq!(scanned.mailboxes().len(), 1, "a tree of indexes is not a mailbox");
    assert_eq!(number(ann, "messages"), 1);
    assert_eq!(number(&ann["classes"]["index"], "bytes"), 3 * index.len() as u64);
    assert_eq!(number(&ann["classes"]["index"], "files"), 3);
}

#[test]
fn shared_attachments_count_once() {
    let machine = Machine::new();
    let root = machine.store("vmail").root;
    (SAMPLES[1].make)(&root);
    let hash = "ab54d286474be1f64bb1ca3b2e8ea0c1b5d9e1b2";
    let directory = root.join("attachments/ab/54");
    let shared = directory.join("hashes").join(hash);
    place(shared.clone(), vec![b'a'; 50_000]);
    for guid in ["6f3d2a015e5a056b0d5200008e5ee2d6", "703d2a015e5a056b0d5200008e5ee2d6"] {
        let name = format!("{hash}-{guid}-1");
        fs::hard_link(&shared, directory.join(name)).expect("it can be linked");
    }
    let scanned = ScanResult::scan(&machine, "vmail").without_problems();
    assert_eq!(scanned.addresses(), [SDBOX]);
    assert_eq!(number(scanned.mailbox(SDBOX), "messages"), 1);
    assert_eq!(scanned.class("shared_attachment", "bytes"), 50_000, "one inode");
    assert_eq!(scanned.class("shared_attachment", "files"), 3, "three names");
}

#[test]
fn cyrus_partitions_are_joined() {
    let machine = Machine::new();
    let root = machine.store("cyrus").root;
    let mailbox = root.join("spool/a/user/ann");
    place(mailbox.join("cyrus.header"), cyrus_files::header("user.ann"));
    let mut index = cyrus_files::index(&[(1, 6), (2, 8)]);
    // The second message has moved to the archive.
    let record = cyrus_files::START + cyrus_files::RECORD;
    cyrus_files::put(&mut index, record + 32, 0x2000_0000);
    cyrus_files::sign(&mut index[record..]);
    place(mailbox.join("cyrus.index"), index);
    place(mailbox.join("1."), "a: b\r\n");
    place(root.join("archive/a/user/ann/2."), "ab: cd\r\n");
    place(root.join("archive/a/user/ann/cyrus.cache"), [0, 0, 0, 1]);
    let scanned = ScanResult::scan(&machine, "cyrus").without_problems();
    assert_eq!(scanned.addresses(), ["cyrus ann"]);
    let ann = scanned.folder("cyrus ann", "INBOX");
    assert_eq!([number(ann, "messages"), number(ann, "message_bytes"), number(ann, "virtual_bytes")], [2, 14, 14]);
}

#[test]
fn expunged_and_deleted_mail_of_cyrus_is_reclaimable() {
    let machine = Machine::new();
    let root = machine.store("cyrus").root;
    let mailbox = root.join("a/user/ann");
    place(mailbox.join("cyrus.header"), cyrus_files::header("user.ann"));
    let mut index = cyrus_files::index(&[(1, 6), (2, 8)]);
    let record = cyrus_files::START + cyrus_files::RECORD;
    cyrus_files::put(&mut index, record + 32, 0x8000_0000);
    cyrus_files::sign(&mut index[record..]);
    place(mailbox.join("cyrus.index"), index);
    place(mailbox.join("1."), "a: b\r\n");
    place(mailbox.join("2."), "ab: cd\r\n");
    let deleted = root.join("u/DELETED/user/ann/Sent/6B05DA30");
    place(deleted.join("cyrus.header"), cyrus_files::header("DELETED.user.ann.Sent.6B05DA30"));
    place(deleted.join("cyrus.index"), cyrus_files::index(&[(1, 10)]));
    place(deleted.join("1."), "abc: def\r\n");
    let scanned = ScanResult::scan(&machine, "cyrus").without_problems();
    assert_eq!(scanned.addresses(), ["cyrus ann"]);
    let inbox = scanned.folder("cyrus ann", "INBOX");
    assert_eq!([number(inbox, "messages"), number(inbox, "message_bytes")], [1, 6]);
    assert_eq!(number(inbox, "reclaimable_bytes"), 8);
    let gone = scanned.folder("cyrus ann", "DELETED/Sent/6B05DA30");
    assert_eq!([number(gone, "messages"), number(gone, "reclaimable_bytes")], [0, 10]);
    assert_eq!(scanned.class("reclaimable", "bytes"), 18);
}

#[test]
fn mdbox_mail_in_no_folder_is_reclaimable() {
    let machine = Machine::new();
    let root = machine.store("vmail").root;
    (SAMPLES[2].make)(&root);
    let home = root.join("mdbox.example/ann/mdbox");
    let (file, places) = dbox::multi(&[LETTER.as_bytes(), b"Subject: gone\n\nmail\n"]);
    let mut map = IndexLog::new().append(&[1, 2]).extension("map", &[1, 0, 0, 0, 0, 0, 0, 0], 12);
    for (uid, (offset, size)) in (1..).zip(&places) {
        map = map.holds(uid, &[1, *offset, *size].map(u32::to_le_bytes).concat());
    }
    map = map.extension("ref", &[], 2).holds(1, &1_u16.to_le_bytes()).holds(2, &0_u16.to_le_bytes());
    place(home.join("storage/m.1"), file);
    place(home.join("storage/dovecot.map.index.log"), map.bytes());
    let scanned = ScanResult::scan(&machine, "vmail").without_problems();
    let ann = scanned.mailbox(SAMPLES[2].mailbox);
    assert_eq!([number(ann, "messages"), number(ann, "message_bytes")], [1, u64::from(places[0].1)]);
    assert_eq!(number(ann, "reclaimable_bytes"), u64::from(places[1].1));
}
