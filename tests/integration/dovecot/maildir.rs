//! Maildir: Maildir++ and nested folders, plain and compressed, with links within a mailbox and between users.

use super::expected::Mailbox;
use super::user_activity::{ANN, USERS, assert_every_stage_agrees};
use crate::support::account::LineEnds;
use crate::support::dovecot::Dovecot;
use crate::support::dovecot_agreement::number;
use crate::support::files_on_disk;

#[test]
#[ignore = "needs Dovecot: run tests/run"]
fn maildir_with_flat_folders_agrees() {
    let server = Dovecot::start("mail_location = maildir:~/Maildir");
    let store =
        assert_every_stage_agrees(&server, &Mailbox::of_all(&server, "maildir", &USERS), assert_has_test_conditions);
    assert!(number(&store, "reclaimable_bytes") > 0, "a message marked as deleted still counts as a message");
    let once = ["message", "reclaimable"].map(|class| number(&store["classes"][class], "bytes")).iter().sum();
    assert!(number(&store, "message_bytes") > once, "messages count by name, and their files once");
}

#[test]
#[ignore = "needs Dovecot: run tests/run"]
fn maildir_with_nested_folders_agrees() {
    let server = Dovecot::start("mail_location = maildir:~/Maildir:LAYOUT=fs");
    // In this layout a dot does not separate levels, and a parent folder can have mail.
    server.account(ANN).create(&["Archive.2023", "Archive"]);
    server.account(ANN).save("Archive.2023", b"Subject: dot\n\nnot Archive/2023\n", LineEnds::Lf);
    server.account(ANN).save("Archive", b"Subject: above\n\nmail above a folder\n", LineEnds::CrLf);
    assert_every_stage_agrees(&server, &Mailbox::of_all(&server, "maildir", &USERS), assert_has_test_conditions);
}

#[test]
#[ignore = "needs Dovecot: run tests/run"]
fn maildir_with_compressed_messages_agrees() {
    let zlib = "mail_location = maildir:~/Maildir\nmail_plugins = zlib\nplugin {\n  zlib_save = gz\n}";
    let server = Dovecot::start(zlib);
    let store =
        assert_every_stage_agrees(&server, &Mailbox::of_all(&server, "maildir", &USERS), assert_has_test_conditions);
    let (on_disk, uncompressed) = (number(&store, "message_bytes"), number(&store, "logical_bytes"));
    assert!(on_disk < uncompressed, "{on_disk} bytes of files have {uncompressed} bytes of mail");
}

/// Checks that the store has mail in `new` and `cur`, and both kinds of links.
fn assert_has_test_conditions(server: &Dovecot) {
    let store = server.store();
    let mut messages = files_on_disk::names(&store);
    messages.retain(|name| name.path.to_string_lossy().contains(",S="));
    let lies_in = |place: &str| messages.iter().any(|name| name.path.parent().is_some_and(|dir| dir.ends_with(place)));
    assert!(lies_in("new") && lies_in("cur"), "messages lie in both new and cur");
    let (ann, namesake) = (store.join("example.org/ann"), store.join("example.net/ann"));
    assert!(files_on_disk::share_a_file(&messages, &ann, &ann), "copies inside a mailbox are links");
    assert!(
        files_on_disk::share_a_file(&messages, &ann, &namesake),
        "one delivery to many users makes links between them"
    );
}
