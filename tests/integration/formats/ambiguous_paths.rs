//! Paths that resemble another format; each was once misclassified.

use crate::support::machine::Machine;
use crate::support::samples::{mbox_file, place};
use crate::support::scan_result::{ScanResult, number, text};

const ANN: &str = "maildir ann@example.org";

/// A store with these files, and with a message in the INBOX of these Maildirs.
fn store(maildirs: &[&str], files: &[(&str, &str)]) -> (Machine, ScanResult) {
    let machine = Machine::new();
    let store = machine.store("store");
    for maildir in maildirs {
        store.deliver(maildir, "INBOX", 1_000, "2026-01-05");
    }
    for (name, content) in files {
        place(store.root.join(name), content);
    }
    let scanned = ScanResult::scan(&machine, "store").without_problems();
    (machine, scanned)
}

#[track_caller]
fn assert_mailboxes(scanned: &ScanResult, expected: &[(&str, u64)]) {
    let addresses: Vec<&str> = expected.iter().map(|(address, _)| *address).collect();
    assert_eq!(scanned.addresses(), addresses);
    for (address, messages) in expected {
        assert_eq!(number(scanned.mailbox(address), "messages"), *messages, "{address}");
    }
}

#[test]
fn maildirs_below_a_directory_named_mailboxes_are_found() {
    let maildirs = ["mail/mailboxes/example.org/ann", "mail/mailboxes/example.org/bob"];
    let (_machine, scanned) = store(&maildirs, &[("mail/mailboxes/example.org/ann/dovecot.index.log", "x")]);
    assert_mailboxes(&scanned, &[(ANN, 1), ("maildir bob@example.org", 1)]);
}

#[test]
fn a_maildir_namespace_without_an_inbox_is_one_mailbox() {
    let index = "public/dovecot.list.index.log";
    let (_machine, scanned) = store(&["public/.Info", "public/.Sales"], &[(index, "x"), ("public/subscriptions", "")]);
    assert_mailboxes(&scanned, &[("maildir public", 2)]);
    assert_eq!(number(scanned.folder("maildir public", "Sales"), "messages"), 1);
}

#[test]
fn a_mailbox_list_index_in_a_home_is_not_a_mailbox() {
    let (_machine, scanned) =
        store(&["example.org/ann/Maildir"], &[("example.org/ann/dovecot.list.index.log", "x"), ("example.org/x", "")]);
    assert_mailboxes(&scanned, &[(ANN, 1)]);
}

#[test]
fn empty_files_of_a_spool_are_mailboxes() {
    let files =
        ["ann", "bob", "carl", "dora", "emil", "fay", "gus", "hal", "ida", "joe"].map(|user| format!("mail/{user}"));
    let mut content: Vec<(&str, &str)> = files.iter().map(|file| (file.as_str(), "")).collect();
    let mail = mbox_file();
    content.push(("mail/zoe", &mail));
    let (_machine, scanned) = store(&[], &content);
    assert_eq!(number(&scanned.store, "mailboxes"), 11);
    assert_eq!(
        [number(scanned.mailbox("mbox ann"), "messages"), number(scanned.mailbox("mbox zoe"), "messages")],
        [0, 1]
    );
}

#[test]
fn a_user_may_be_named_like_a_folder() {
    let mail = mbox_file();
    let (_machine, scanned) = store(&[], &[("mail/ann", &mail), ("mail/spam", &mail)]);
    assert_mailboxes(&scanned, &[("mbox ann", 1), ("mbox spam", 1)]);
}

#[test]
fn users_may_be_named_mail() {
    let (_machine, scanned) = store(&["example.net/mail", "example.org/mail/Maildir"], &[]);
    assert_mailboxes(&scanned, &[("maildir mail@example.net", 1), ("maildir mail@example.org", 1)]);
}

#[test]
fn a_directory_of_indexes_alone_is_not_a_mailbox() {
    let files = [("proj/.imap/x", ""), ("proj/src/main.c", "int main;"), ("proj/README", "x")];
    let (_machine, scanned) = store(&["example.org/ann/Maildir"], &files);
    assert_mailboxes(&scanned, &[(ANN, 1)]);
}

#[test]
fn a_maildir_among_mboxes_is_a_separate_mailbox() {
    let mail = mbox_file();
    let (_machine, scanned) =
        store(&["ann/Mail/lists"], &[("ann/Mail/spam", mail.as_str()), ("ann/Mail/sent-mail", mail.as_str())]);
    assert_eq!(scanned.addresses(), ["maildir lists", "mbox ann"]);
    assert_eq!(number(&scanned.store, "messages"), 3);
}

#[test]
fn a_single_file_and_a_news_spool_are_not_mailboxes() {
    let article = "From a@b.example  Tue Mar  3 10:01:00 2026\nPath: x!y\nNewsgroups: a.b\n\nb\n";
    let mail = mbox_file();
    let files = [("news/a/1", article), ("news/a/2", article), ("tests/fixtures/sample", &mail)];
    let (_machine, scanned) = store(&["example.org/ann/Maildir"], &files);
    assert_mailboxes(&scanned, &[(ANN, 1)]);
}

#[test]
fn indexes_and_control_files_in_a_home_belong_to_its_mailbox() {
    let files = [
        ("example.org/ann/indexes/dovecot.list.index.log", "x"),
        ("example.org/ann/indexes/.INBOX/dovecot.index.log", "index"),
        ("example.org/ann/control/subscriptions", "Sent\n"),
    ];
    let (_machine, scanned) = store(&["example.org/ann/Maildir", "example.org/bob/Maildir"], &files);
    let ann = scanned.mailbox(ANN);
    assert_eq!(["index", "control"].map(|class| number(&ann["classes"][class], "files")), [2, 1]);
}

#[test]
fn full_text_indexes_outside_of_mailboxes_have_their_class() {
    let (_machine, scanned) = store(&["example.org/ann/Maildir"], &[("solr/core/segment", "text"), ("a.tmp/x", "y")]);
    assert_eq!((scanned.class("full_text", "files"), scanned.class("temporary", "files")), (1, 1));
}

#[test]
fn each_name_of_a_linked_message_is_explained_separately() {
    let machine = Machine::new();
    let store = machine.store("store");
    let first = store.deliver("example.org/ann", "INBOX", 1_000, "2026-01-05");
    let second =
        store.deliver("example.org/ann", "Archive", 1_000, "2026-01-05").with_file_name("1767614400.M7P1.mx1:2,ST");
    std::fs::hard_link(&first, &second).expect("it can be linked");
    for (path, folder, class) in [(&first, "INBOX", "message"), (&second, "Archive", "reclaimable")] {
        let actual = machine.runway("scan --format json --explain").arg(path).arg(&store.root).run().succeeds().json();
        assert_eq!((text(&actual["mailbox"], "folder"), text(&actual, "class")), (folder, class), "{actual}");
    }
}

#[test]
fn a_user_who_files_old_mail_is_not_a_migration() {
    let machine = Machine::new();
    let store = machine.store("store");
    for number in 0..1_000 {
        let path = store.deliver("example.org/ann", "INBOX", 10, "2024-01-05");
        let now = if number < 200 { "1767614400" } else { "1704455000" };
        std::fs::rename(&path, path.with_file_name(format!("{now}.M{number}P1.mx1:2,S"))).expect("it can be renamed");
    }
    let scanned = ScanResult::scan(&machine, "store").without_problems();
    assert_eq!(scanned.store["events"], serde_json::json!([]));
}
