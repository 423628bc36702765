//! mdbox: many messages in one file, expunged ones until a purge, plain and compressed, with alternative storage.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::Value;

use super::expected::Mailbox;
use super::sdbox::assert_links_are_reported;
use super::user_activity::{ANN, BOB, USERS, assert_every_stage_agrees, fill, work};
use crate::support::account::{Account, records};
use crate::support::dovecot::Dovecot;
use crate::support::dovecot_agreement::{assert_all_but_problems_agree, assert_scan_agrees, number};
use crate::support::files_on_disk::{self, Name};

#[test]
#[ignore = "needs Dovecot: run tests/run"]
fn mdbox_with_plain_messages_agrees() {
    let server = Dovecot::start("mail_location = mdbox:~/mdbox");
    let mailboxes = Mailbox::of_all(&server, "mdbox", &USERS);
    let store = assert_every_stage_agrees(&server, &mailboxes, |server| {
        let places = places_of_messages(&server.account(ANN));
        assert!(
            places.iter().any(|(saved_to, lies_in)| saved_to != lies_in),
            "some messages are in another folder than first saved to"
        );
    });
    assert!(unpurged(&store) > 0, "deleted mail is still on disk");
    purge_all(&server);
    let purged = assert_scan_agrees(&server, &mailboxes);
    assert_eq!(unpurged(&purged), 0, "a purge leaves no deleted mail");
    let kept = |figure: &str| number(&purged, figure) == number(&store, figure);
    assert!(
        kept("messages") && kept("message_bytes") && kept("logical_bytes"),
        "a purge keeps mail that was not deleted"
    );
}

#[test]
#[ignore = "needs Dovecot: run tests/run"]
fn mdbox_with_small_files_of_compressed_messages_agrees() {
    let settings = "mail_location = mdbox:~/mdbox\nmdbox_rotate_size = 64k\nmail_plugins = zlib\n\
                    plugin {\n  zlib_save = zstd\n}";
    let server = Dovecot::start(settings);
    let mailboxes = Mailbox::of_all(&server, "mdbox", &USERS);
    let store = assert_every_stage_agrees(&server, &mailboxes, |server| {
        assert!(files(&server.account(ANN)).len() > 3, "mail is in many files");
    });
    let (on_disk, uncompressed) = (number(&store, "message_bytes"), number(&store, "logical_bytes"));
    assert!(on_disk < uncompressed, "{on_disk} bytes of files have {uncompressed} bytes of mail");
    assert!(unpurged(&store) > 0, "deleted mail is still on disk");
    purge_all(&server);
    assert_eq!(unpurged(&assert_scan_agrees(&server, &mailboxes)), 0, "a purge leaves no deleted mail");
}

/// The messages of a folder are in its index and log; here Dovecot rewrites both often.
#[test]
#[ignore = "needs Dovecot: run tests/run"]
fn mdbox_with_rewritten_indexes_agrees() {
    let settings = "mail_location = mdbox:~/mdbox\nmail_index_rewrite_min_log_bytes = 256\n\
                    mail_index_rewrite_max_log_bytes = 512\nmail_index_log_rotate_min_size = 512\n\
                    mail_index_log_rotate_max_size = 1024\nmail_index_log_rotate_min_age = 0";
    let server = Dovecot::start(settings);
    let mailboxes = Mailbox::of_all(&server, "mdbox", &USERS);
    assert_every_stage_agrees(&server, &mailboxes, |server| {
        let names = files_on_disk::names(&server.account(ANN).home());
        let count = |base: &str| names.iter().filter(|name| name.base() == base).count();
        assert_eq!(count("dovecot.map.index"), 1, "the map of messages was rewritten");
        assert!(count("dovecot.index") > 1, "indexes of folders were rewritten");
        assert!(count("dovecot.map.index.log.2") + count("dovecot.index.log.2") > 0, "a log was rotated");
    });
    purge_all(&server);
    assert_scan_agrees(&server, &mailboxes);
}

#[test]
#[ignore = "needs Dovecot: run tests/run"]
fn mdbox_with_files_of_only_deleted_mail_agrees() {
    let server = Dovecot::start("mail_location = mdbox:~/mdbox");
    let mailboxes = Mailbox::of_all(&server, "mdbox", &USERS);
    fill(&server);
    let bob = server.account(BOB);
    bob.folders().keys().for_each(|folder| bob.expunge(folder, "ALL"));
    let before: u64 = files(&bob).iter().map(|file| file.size).sum();
    let scanned = assert_scan_agrees(&server, &mailboxes);
    assert!(before > 0 && unpurged(&scanned) > before / 2, "all of {before} bytes can be reclaimed");
    bob.purge();
    assert_eq!(files(&bob).len(), 0, "a purge removes files of which all mail was deleted");
    assert_scan_agrees(&server, &mailboxes);
}

#[test]
#[ignore = "needs Dovecot: run tests/run"]
fn mdbox_with_alternative_storage_in_the_store_agrees() {
    let server = Dovecot::start("mail_location = mdbox:~/mdbox:ALT={home}/store/alt/%d/%n/mdbox");
    let alternative = put_mail_away(&server, "store/alt");
    let mailboxes = USERS.map(|user| {
        let (name, domain) = user.split_once('@').expect("an address has an @");
        Mailbox::new("mdbox", server.account(user)).and(alternative.join(domain).join(name))
    });
    assert_scan_agrees(&server, &mailboxes);
    work(&server);
    let store = assert_scan_agrees(&server, &mailboxes);
    assert!(unpurged(&store) > 0, "deleted mail is still on disk");
}

#[test]
#[ignore = "needs Dovecot: run tests/run"]
fn mdbox_with_alternative_storage_outside_reports_the_link() {
    let server = Dovecot::start("mail_location = mdbox:~/mdbox:ALT={home}/alt/%d/%n/mdbox");
    put_mail_away(&server, "alt");
    let scan = assert_all_but_problems_agree(&server, &Mailbox::of_all(&server, "mdbox", &USERS));
    assert_links_are_reported(&server, &scan, "mdbox");
}

/// Moves some mail of every user to the alternative storage, and returns its directory.
fn put_mail_away(server: &Dovecot, place: &str) -> PathBuf {
    fill(server);
    for user in USERS {
        server.account(user).put_away("Sent", "ALL");
        server.account(user).put_away("INBOX", "1:2");
    }
    let alternative = server.aside(place);
    let away = files_on_disk::names(&alternative);
    assert!(away.len() >= USERS.len(), "mail of every user was moved");
    assert!(away.iter().all(|name| name.base().starts_with("m.")), "there is no map or index there: {away:#?}");
    assert!(!files(&server.account(ANN)).is_empty(), "not all messages were moved");
    alternative
}

/// The bytes that a purge frees, without mail that is only marked as deleted.
fn unpurged(store: &Value) -> u64 {
    number(&store["classes"]["reclaimable"], "bytes")
}

fn purge_all(server: &Dovecot) {
    USERS.into_iter().for_each(|user| server.account(user).purge());
}

/// The files of messages in a user's home.
fn files(account: &Account) -> Vec<Name> {
    let mut names = files_on_disk::names(&account.home());
    names.retain(|name| name.base().starts_with("m."));
    names
}

/// For every message, the folder it was first saved to and a folder it is in now.
fn places_of_messages(account: &Account) -> Vec<(String, String)> {
    let folders = account.folders();
    let all = files(account).into_iter().flat_map(|file| records(account.server(), &file.path, file.size));
    let all: BTreeMap<String, String> = all.map(|record| (record.guid, record.saved_to)).collect();
    let places = folders.iter().flat_map(|(name, folder)| folder.letters.iter().map(move |letter| (name, letter)));
    places.filter_map(|(name, letter)| Some((all.get(&letter.guid)?.clone(), name.clone()))).collect()
}
