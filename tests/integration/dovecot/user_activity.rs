//! Three users read, move and delete mail in any format; a scan agrees with Dovecot before and after.

use super::expected::Mailbox;
use crate::support::account::LineEnds;
use crate::support::dovecot::Dovecot;
use crate::support::dovecot_agreement::assert_scan_agrees;
use crate::support::imap_append::Upload;
use crate::support::messages;

pub const ANN: &str = "ann@example.org";
pub const BOB: &str = "bob@example.org";
/// Shares Ann's name, in another domain.
pub const NAMESAKE: &str = "ann@example.net";
pub const USERS: [&str; 3] = [ANN, BOB, NAMESAKE];

/// The folders of every user, by shown name and by IMAP name.
pub const FOLDERS: [(&str, &str); 8] = [
    ("Sent", "Sent"),
    ("Archive/2023", "Archive/2023"),
    ("Entwürfe", "Entw&APw-rfe"),
    ("R&D", "R&-D"),
    ("To do", "To do"),
    ("old~mail", "old~mail"),
    ("Projekte/日本語 & 📬", "Projekte/&ZeVnLIqe- &- &2D3c7A-"),
    ("Empty", "Empty"),
];

/// Arrivals in IMAP syntax: another century, distant zones, a leap day, the turn of a year.
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

/// Scans the store after it is filled and after a day of activity; returns the last scan of it.
///
/// `has_test_conditions` checks that the store has what the test is about, or it would show nothing.
pub fn assert_every_stage_agrees(
    server: &Dovecot,
    mailboxes: &[Mailbox],
    has_test_conditions: impl Fn(&Dovecot),
) -> serde_json::Value {
    fill(server);
    has_test_conditions(server);
    assert_scan_agrees(server, mailboxes);
    work(server);
    assert_scan_agrees(server, mailboxes)
}

/// Delivers mail in every way; every user gets a different share.
pub fn fill(server: &Dovecot) {
    let letters = messages::samples();
    server.deliver(&USERS, &messages::multipart("newsletter", 9_000));
    for (share, user) in USERS.into_iter().enumerate() {
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

/// A day of user activity, with every kind of change that a cached scan must notice.
pub fn work(server: &Dovecot) {
    let ann = server.account(ANN);
    server.deliver(&[ANN], &messages::multipart("late", 1_000));
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
