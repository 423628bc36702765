//! A scan must say what the server says that wrote the mail: Dovecot fills a store, and both are asked.

mod support {
    pub mod account;
    pub mod agreement;
    pub mod disk;
    pub mod dovecot;
    pub mod finish;
    pub mod lmtp;
    pub mod mail;
}

use support::account::{LineEnds, Upload};
use support::agreement::assert_scan_agrees;
use support::disk;
use support::dovecot::Dovecot;
use support::mail;

const ANN: &str = "ann@example.org";
const BOB: &str = "bob@example.org";
/// Shares Ann's name, in another domain.
const NAMESAKE: &str = "ann@example.net";

/// The folders of every user, as a person reads them and as IMAP writes them.
const FOLDERS: [(&str, &str); 8] = [
    ("Sent", "Sent"),
    ("Archive/2023", "Archive/2023"),
    ("Entwürfe", "Entw&APw-rfe"),
    ("R&D", "R&-D"),
    ("To do", "To do"),
    ("old~mail", "old~mail"),
    ("Projekte/日本語 & 📬", "Projekte/&ZeVnLIqe- &- &2D3c7A-"),
    ("Empty", "Empty"),
];

/// Arrivals as IMAP writes them: another century, far zones, a leap day, the turn of a year.
const ARRIVALS: [&str; 7] = [
    "04-Jul-1999 23:59:59 -0700",
    "29-Feb-2024 12:00:00 +0000",
    "01-Jan-1990 00:00:00 +0000",
    "31-Dec-2019 23:30:00 -0930",
    "01-Jan-2020 00:15:00 +1400",
    "09-Sep-2001 01:46:40 +0000",
    "15-Mar-2023 06:07:08 +0545",
];

const FLAGS: [&str; 4] = ["", "\\Seen", "\\Seen \\Answered", "\\Flagged $Label1"];

#[test]
#[ignore = "needs Dovecot: run tests/run"]
fn maildir_with_folders_side_by_side() {
    let server = Dovecot::start("mail_location = maildir:~/Maildir");
    assert_every_stage_agrees(&server);
}

#[test]
#[ignore = "needs Dovecot: run tests/run"]
fn maildir_with_folders_inside_each_other() {
    let server = Dovecot::start("mail_location = maildir:~/Maildir:LAYOUT=fs");
    // Only here is a dot no border between two levels, and a folder above another one can hold mail as well.
    server.account(ANN).create(&["Archive.2023", "Archive"]);
    server.account(ANN).save("Archive.2023", b"Subject: dot\n\nnot Archive/2023\n", LineEnds::Lf);
    server.account(ANN).save("Archive", b"Subject: above\n\nmail above a folder\n", LineEnds::CrLf);
    assert_every_stage_agrees(&server);
}

#[test]
#[ignore = "needs Dovecot: run tests/run"]
fn maildir_with_compressed_messages() {
    let zlib = "mail_location = maildir:~/Maildir\nmail_plugins = zlib\nplugin {\n  zlib_save = gz\n}";
    let server = Dovecot::start(zlib);
    let store = assert_every_stage_agrees(&server);
    let (on_disk, uncompressed) = (store["message_bytes"].as_u64(), store["logical_bytes"].as_u64());
    assert!(on_disk < uncompressed, "{on_disk:?} bytes of files hold {uncompressed:?} bytes of mail");
}

/// Scans the store as it is first filled and again after a day's work, and returns what was told of it last.
fn assert_every_stage_agrees(server: &Dovecot) -> serde_json::Value {
    fill(server);
    assert_store_is_as_meant(server);
    assert_scan_agrees(server, &[ANN, BOB, NAMESAKE]);
    work(server);
    assert_scan_agrees(server, &[ANN, BOB, NAMESAKE])
}

/// Mail arrives in every way, and every user gets another share of it.
fn fill(server: &Dovecot) {
    let letters = mail::samples();
    server.deliver(&[ANN, BOB, NAMESAKE], &mail::multipart("newsletter", 9_000));
    for (share, user) in [ANN, BOB, NAMESAKE].into_iter().enumerate() {
        let account = server.account(user);
        account.create(&FOLDERS.map(|(name, _)| name));
        account.append(&uploads(&letters, share + 1));
        for letter in letters.iter().skip(share) {
            server.deliver(&[user], letter);
        }
        account.save("INBOX", &letters[share], LineEnds::CrLf);
        account.save("Entwürfe", &letters[share + 7], LineEnds::CrLf);
        account.save("R&D", &letters[share], LineEnds::Lf);
        account.copy("Sent", "old~mail", "SEEN");
        account.copy("INBOX", "To do", "1:2");
        account.flag("INBOX", "\\Deleted", "2");
        account.flag("R&D", "\\Answered $Label2", "ALL");
        account.expunge("Archive/2023", "1");
    }
}

/// Every `step`th letter for each folder but the empty one, with arrivals and flags that differ between the folders.
fn uploads(letters: &[Vec<u8>], step: usize) -> Vec<Upload<'_>> {
    let mut uploads = Vec::new();
    for (place, (name, folder)) in FOLDERS.into_iter().enumerate() {
        let wanted = if name == "Empty" { 0 } else { letters.len() };
        for (turn, message) in letters.iter().take(wanted).enumerate().skip(place % 3).step_by(step) {
            let arrival = ARRIVALS[(place + turn / step) % ARRIVALS.len()];
            uploads.push(Upload { folder, flags: FLAGS[turn % FLAGS.len()], arrival, message });
        }
    }
    uploads
}

/// What users do in a day: every kind of change that a scan which remembers the last one has to notice.
fn work(server: &Dovecot) {
    let ann = server.account(ANN);
    server.deliver(&[ANN], &mail::multipart("late", 1_000));
    ann.flag("Sent", "\\Flagged", "ALL");
    ann.relocate("INBOX", "Empty", "3:4");
    ann.copy("Entwürfe", "Sent", "ALL");
    ann.expunge("old~mail", "ALL");
    let bob = server.account(BOB);
    bob.rename("To do", "Done/2024");
    bob.delete("R&D");
    bob.create(&["New & empty"]);
    server.account(NAMESAKE).expunge("INBOX", "1");
}

/// The test shows nothing if the store lacks what it is about: both places for mail, and links of both kinds.
fn assert_store_is_as_meant(server: &Dovecot) {
    let store = server.store();
    let mut messages = disk::names(&store);
    messages.retain(|name| name.path.to_string_lossy().contains(",S="));
    let lies_in = |place: &str| messages.iter().any(|name| name.path.parent().is_some_and(|dir| dir.ends_with(place)));
    assert!(lies_in("new") && lies_in("cur"), "messages lie in both new and cur");
    let (ann, namesake) = (store.join("example.org/ann"), store.join("example.net/ann"));
    assert!(disk::share_a_file(&messages, &ann, &ann), "copies inside a mailbox are links");
    assert!(disk::share_a_file(&messages, &ann, &namesake), "one delivery to many users makes links between them");
}
