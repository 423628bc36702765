//! Attachments that Dovecot stores once for all messages (`mail_attachment_dir`).

use super::expected::Mailbox;
use super::user_activity::{ANN, BOB, USERS, fill};
use crate::support::account::LineEnds;
use crate::support::dovecot::Dovecot;
use crate::support::dovecot_agreement::{assert_scan_agrees, number};
use crate::support::files_on_disk;
use crate::support::messages;

#[test]
#[ignore = "needs Dovecot: run tests/run"]
fn attachments_of_sdbox_are_counted_once() {
    assert_attachments_are_counted_once("sdbox");
}

#[test]
#[ignore = "needs Dovecot: run tests/run"]
fn attachments_of_mdbox_are_counted_once() {
    assert_attachments_are_counted_once("mdbox");
}

fn assert_attachments_are_counted_once(layout: &str) {
    let attachments = "mail_attachment_dir = {home}/store/attachments\nmail_attachment_min_size = 1k";
    let server = Dovecot::start(&format!("mail_location = {layout}:~/{layout}\n{attachments}"));
    fill(&server);
    let report = messages::multipart("report", 40_000);
    server.deliver(&USERS, &report);
    for user in [ANN, BOB] {
        server.account(user).save("Sent", &report, LineEnds::Lf);
        server.account(user).copy("Sent", "Empty", "ALL");
    }
    let place = server.store().join("attachments");
    assert_files_are_shared(&place);
    let mailboxes = Mailbox::of_all(&server, layout, &USERS);
    assert_is_one_class(&assert_scan_agrees(&server, &mailboxes), &place);
    server.account(BOB).expunge("Sent", "ALL");
    server.account(ANN).purge();
    server.account(BOB).purge();
    assert_is_one_class(&assert_scan_agrees(&server, &mailboxes), &place);
}

/// Checks that one file serves many messages, or the test would show nothing.
fn assert_files_are_shared(place: &std::path::Path) {
    let names = files_on_disk::names(place);
    assert!(files_on_disk::allocated(&names) > 0, "Dovecot stores attachments separately");
    let shares = |name: &files_on_disk::Name| names.iter().filter(|other| other.inode == name.inode).count();
    let most = names.iter().map(shares).max().unwrap_or_default();
    assert!(most > USERS.len(), "one attachment has {most} names");
}

/// All files there have this class, and no other class counts them.
fn assert_is_one_class(store: &serde_json::Value, place: &std::path::Path) {
    let names = files_on_disk::names(place);
    let class = &store["classes"]["shared_attachment"];
    assert_eq!(number(class, "allocated_bytes"), files_on_disk::usage(place), "left the class, right `du`");
    assert_eq!(number(class, "inodes"), files_on_disk::inodes(place), "left the class, right `find`");
    assert_eq!(number(class, "files"), names.len() as u64, "names");
    assert_eq!(number(class, "bytes"), files_on_disk::size_of_inodes(&names), "bytes, each file counted once");
    let (held, logical) = (number(store, "message_bytes"), number(store, "logical_bytes"));
    assert!(held + number(class, "bytes") < logical, "{held} bytes of files have {logical} bytes of mail");
}
