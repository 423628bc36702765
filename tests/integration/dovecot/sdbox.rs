//! sdbox: one file for each message, plain and compressed, with and without alternative storage.

use super::expected::Mailbox;
use super::user_activity::{ANN, USERS, assert_every_stage_agrees, fill};
use crate::support::dovecot::Dovecot;
use crate::support::dovecot_agreement::{Scan, assert_all_but_problems_agree, assert_scan_agrees, number};
use crate::support::files_on_disk::{self, Name};

#[test]
#[ignore = "needs Dovecot: run tests/run"]
fn sdbox_with_plain_messages_agrees() {
    let server = Dovecot::start("mail_location = sdbox:~/sdbox");
    assert_every_stage_agrees(&server, &Mailbox::of_all(&server, "sdbox", &USERS), |server| {
        let ann = server.account(ANN).home();
        assert!(files_on_disk::share_a_file(&messages(server), &ann, &ann), "copies inside a mailbox are links");
    });
}

#[test]
#[ignore = "needs Dovecot: run tests/run"]
fn sdbox_with_compressed_messages_agrees() {
    let zlib = "mail_location = sdbox:~/sdbox\nmail_plugins = zlib\nplugin {\n  zlib_save = zstd\n}";
    let server = Dovecot::start(zlib);
    let store = assert_every_stage_agrees(&server, &Mailbox::of_all(&server, "sdbox", &USERS), |_| ());
    let (on_disk, uncompressed) = (number(&store, "message_bytes"), number(&store, "logical_bytes"));
    assert!(on_disk < uncompressed, "{on_disk} bytes of files have {uncompressed} bytes of mail");
}

#[test]
#[ignore = "needs Dovecot: run tests/run"]
fn sdbox_with_alternative_storage_in_the_store_agrees() {
    let server = Dovecot::start("mail_location = sdbox:~/sdbox:ALT={home}/store/alt/%d/%n/sdbox");
    let alternative = put_mail_away(&server, "store/alt");
    let mailboxes = USERS.map(|user| {
        let (name, domain) = user.split_once('@').expect("an address has an @");
        Mailbox::new("sdbox", server.account(user)).and(alternative.join(domain).join(name))
    });
    assert_scan_agrees(&server, &mailboxes);
}

#[test]
#[ignore = "needs Dovecot: run tests/run"]
fn sdbox_with_alternative_storage_outside_reports_the_link() {
    let server = Dovecot::start("mail_location = sdbox:~/sdbox:ALT={home}/alt/%d/%n/sdbox");
    put_mail_away(&server, "alt");
    let scan = assert_all_but_problems_agree(&server, &Mailbox::of_all(&server, "sdbox", &USERS));
    assert_links_are_reported(&server, &scan, "sdbox");
}

/// Moves some mail of every user to the alternative storage, and returns its directory.
fn put_mail_away(server: &Dovecot, place: &str) -> std::path::PathBuf {
    fill(server);
    let alternative = server.aside(place);
    for user in USERS {
        server.account(user).put_away("Sent", "ALL");
        server.account(user).put_away("INBOX", "1:2");
    }
    let is_message = |name: &&Name| name.base().starts_with("u.");
    let away = files_on_disk::names(&alternative).iter().filter(is_message).count();
    assert!(away >= 4 * USERS.len(), "{away} messages were moved");
    assert!(
        files_on_disk::names(&alternative).iter().all(|name| name.base().starts_with("u.")),
        "there are no indexes there"
    );
    let kept = files_on_disk::names(&server.account(ANN).home()).iter().filter(is_message).count();
    assert!(kept > 0, "not all messages were moved");
    alternative
}

/// Checks that the links to the alternative storage are the only problems, reported as not followed.
pub fn assert_links_are_reported(server: &Dovecot, scan: &Scan, directory: &str) {
    let mut links: Vec<_> = USERS.map(|user| server.account(user).home().join(directory).join("dbox-alt-root")).into();
    assert!(links.iter().all(|link| link.is_symlink()), "Dovecot leaves a link to the alternative storage");
    links.sort();
    let mut actual: Vec<_> = scan.problems.iter().map(|problem| (&problem["kind"], &problem["path"])).collect();
    actual.sort_by_key(|(_, path)| path.to_string());
    let expected: Vec<_> = links.iter().map(|link| ("not_followed".into(), link.to_str().into())).collect();
    let expected: Vec<(&serde_json::Value, &serde_json::Value)> =
        expected.iter().map(|(kind, path)| (kind, path)).collect();
    assert_eq!(actual, expected, "problems");
}

fn messages(server: &Dovecot) -> Vec<Name> {
    let mut names = files_on_disk::names(&server.store());
    names.retain(|name| name.base().starts_with("u."));
    names
}
