//! mbox: one file for each folder, with the server's state in message headers.

use super::expected::Mailbox;
use super::user_activity::{ANN, BOB, USERS, assert_every_stage_agrees, fill};
use crate::support::dovecot::Dovecot;
use crate::support::dovecot_agreement::{assert_scan_agrees, list, number};
use crate::support::files_on_disk;

const LOCATION: &str = "mail_location = mbox:~/mail:INBOX=~/mail/inbox";

#[test]
#[ignore = "needs Dovecot: run tests/run"]
fn mbox_with_flags_and_expunges_agrees() {
    let server = Dovecot::start(LOCATION);
    let store = assert_every_stage_agrees(&server, &Mailbox::of_all(&server, "mbox", &USERS), |server| {
        let folders = server.account(ANN).folders();
        let held = std::fs::read(&folders["Sent"].path).expect("the folder is a file");
        let holds = |wanted: &[u8]| held.windows(wanted.len()).any(|bytes| bytes == wanted);
        assert!(holds(b"\nX-UID: ") && holds(b"\nStatus: "), "Dovecot stores metadata in headers");
        let arrived = b"Thu Feb 29 17:45:00 2024\n";
        assert!(holds(arrived), "Dovecot writes arrivals in local time: noon in UTC");
        assert!(holds(b"\nFrom here on\n"), "a body line looks like the start of a message");
        assert_eq!(files_on_disk::size(&files_on_disk::names(&folders["Empty"].path)), 0, "an empty file is a folder");
    });
    let (held, logical) = (number(&store, "message_bytes"), number(&store, "logical_bytes"));
    assert!(held > logical, "{held} bytes of files have {logical} bytes of mail and the server's metadata");
}

#[test]
#[ignore = "needs Dovecot: run tests/run"]
fn mbox_messages_marked_as_deleted_are_reclaimable() {
    let server = Dovecot::start(LOCATION);
    fill(&server);
    server.account(BOB).flag("Sent", "\\Deleted", "ALL");
    let store = assert_scan_agrees(&server, &Mailbox::of_all(&server, "mbox", &USERS));
    let mailboxes = list(&store, "mailbox").iter().filter(|mailbox| mailbox["user"] == "bob");
    let mut folders = mailboxes.flat_map(|mailbox| list(mailbox, "folders"));
    let sent = folders.find(|folder| folder["name"] == "Sent").expect("Bob has sent mail");
    assert!(number(sent, "messages") > 0, "they still count as messages");
    assert_eq!(number(sent, "reclaimable_bytes"), number(sent, "message_bytes"), "all of them can be reclaimed");
}

/// Dovecot reads compressed folders but does not write them.
#[test]
#[ignore = "needs Dovecot: run tests/run"]
fn compressed_mbox_agrees() {
    let server = Dovecot::start(&format!("{LOCATION}\nmail_plugins = zlib"));
    fill(&server);
    let (ann, plain) = (server.account(ANN), server.account(ANN).folders());
    let sent = plain["Sent"].path.as_os_str();
    server.run("gzip", &["--keep".as_ref(), sent]);
    let folders = ann.folders();
    assert_eq!(folders["Sent.gz"].letters.len(), plain["Sent"].letters.len(), "Dovecot reads what gzip made");
    assert!(!folders["Sent.gz"].letters.is_empty(), "there is mail in it");
    assert_scan_agrees(&server, &Mailbox::of_all(&server, "mbox", &USERS));
}
