//! A migration and a restore that loses file times: the scan reports each as a bulk arrival.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use serde_json::{Value, json};

use super::expected::Mailbox;
use super::user_activity::{ANN, BOB};
use crate::support::dovecot::Dovecot;
use crate::support::dovecot_agreement::{assert_scan_agrees, list, number, text};
use crate::support::files_on_disk::{self, Name};
use crate::support::imap_append::Upload;

/// The number of migrated messages.
const MANY: usize = 150;

/// No migrated mail arrived later: the start of 2020, in seconds since 1970.
const LAST_ARRIVAL: i64 = 1_577_836_800;

#[test]
#[ignore = "needs Dovecot: run tests/run"]
fn a_migration_into_maildir_is_reported() {
    assert_migration_is_reported("maildir", "maildir:~/Maildir");
}

#[test]
#[ignore = "needs Dovecot: run tests/run"]
fn a_migration_into_sdbox_is_reported() {
    assert_migration_is_reported("sdbox", "sdbox:~/sdbox");
}

#[test]
#[ignore = "needs Dovecot: run tests/run"]
fn a_migration_into_mdbox_is_reported() {
    assert_migration_is_reported("mdbox", "mdbox:~/mdbox");
}

fn assert_migration_is_reported(layout: &str, location: &str) {
    let server = Dovecot::start(&format!("mail_location = {location}"));
    let begin = today();
    migrate(&server);
    // Mail of today is not part of the migration.
    server.deliver(&[ANN], b"Subject: new\n\nnew\n");
    let new = 1;
    let store = assert_scan_agrees(&server, &[Mailbox::new(layout, server.account(ANN))]);
    assert_eq!(begin, today(), "the date changed during the test: run it again");
    assert_eq!(number(&store, "messages"), MANY as u64 + new, "messages");
    let events = list(&store, "events");
    assert_eq!(events.len(), 1, "events: {events:#?}");
    assert_eq!(events[0]["kind"], "migration");
    assert_eq!(events[0]["date"], *begin);
    assert_eq!(events[0]["messages"], MANY as u64);
    let bytes = number(&events[0], "bytes");
    let all = number(&store, "message_bytes");
    assert!(bytes < all && bytes > all - 1_000, "{bytes} of {all} bytes came by the migration");
}

#[test]
#[ignore = "needs Dovecot: run tests/run"]
fn a_restore_without_file_times_is_reported() {
    let server = Dovecot::start("mail_location = maildir:~/Maildir");
    migrate(&server);
    let (ann, bob) = (server.account(ANN), server.account(BOB));
    let inbox = ann.home().join("Maildir");
    date_back(&inbox);
    let before = assert_scan_agrees(&server, &[Mailbox::new("maildir", ann)]);
    assert_eq!(before["events"], json!([]), "mail saved when it arrived is not an event");
    server.run("mkdir", &[bob.home().as_os_str()]);
    let begin = today();
    server.run("cp", &["-r".as_ref(), inbox.as_os_str(), bob.home().as_os_str()]);
    fs::remove_dir_all(ann.home()).expect("the mail that was copied can go");
    let messages = files_on_disk::messages(&files_on_disk::names(&bob.home()), &bob.home().join("Maildir"));
    assert!(messages.iter().all(|message| modified(message) > LAST_ARRIVAL), "the times of the files were lost");
    // Dovecot has the dates in its cache, which was copied too. Without it, Dovecot would use the file times.
    let store = assert_scan_agrees(&server, &[Mailbox::new("maildir", bob)]);
    assert_eq!(begin, today(), "the date changed during the test: run it again");
    let bytes = number(&before, "message_bytes");
    assert_eq!(store["events"], json!([{"date": begin, "kind": "restore", "messages": MANY, "bytes": bytes}]));
    let span = |store: &Value| [text(store, "oldest"), text(store, "newest")].map(str::to_owned);
    assert_eq!(span(&store), span(&before), "the names still have the arrival times");
}

/// Uploads mail of many years at once.
fn migrate(server: &Dovecot) {
    let messages: Vec<Vec<u8>> =
        (0..MANY).map(|n| format!("Subject: {n}\n\n{}", "text\n".repeat(500)).into()).collect();
    let arrivals: Vec<String> =
        (0..MANY).map(|n| format!("{:02}-Mar-{} 12:00:00 +0000", 1 + n % 28, 2005 + n / 10)).collect();
    let both = messages.iter().zip(&arrivals);
    let uploads = both.map(|(message, arrival)| Upload { folder: "INBOX", flags: "\\Seen", arrival, message });
    server.account(ANN).append(&uploads.collect::<Vec<_>>());
}

/// Renames every message as if it had been saved when it arrived.
fn date_back(inbox: &Path) {
    let messages: Vec<Name> = files_on_disk::messages(&files_on_disk::names(inbox), inbox);
    assert_eq!(messages.len(), MANY, "messages");
    for message in messages {
        let (_, rest) = message.base().split_once('.').expect("the name begins with a time");
        let old = message.path.with_file_name(format!("{}.{rest}", modified(&message)));
        fs::rename(&message.path, old).expect("a message can be renamed");
    }
}

/// The time of a file, in seconds since 1970.
fn modified(message: &Name) -> i64 {
    fs::symlink_metadata(&message.path).expect("the message is there").mtime()
}

/// Today in UTC, as in JSON.
fn today() -> String {
    let date = std::process::Command::new("date").args(["--utc", "+%F"]).output().expect("`date` comes with coreutils");
    String::from_utf8_lossy(&date.stdout).trim().to_owned()
}
