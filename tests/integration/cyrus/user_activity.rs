//! The users of the private Cyrus, and their activity.

use crate::support::cyrus::Cyrus;
use crate::support::imap_append::Upload;
use crate::support::messages;

pub const ANN: &str = "ann@example.org";
/// Has a dot in the name, which Cyrus stores as `^`.
const TOM: &str = "tom.jones@example.org";
/// Shares Ann's name, in another domain.
const NAMESAKE: &str = "ann@example.net";
/// In the default domain, which names do not have.
pub const VERA: &str = "vera";
const PLAIN_ANN: &str = "ann";

pub const USERS: [&str; 5] = [ANN, TOM, NAMESAKE, VERA, PLAIN_ANN];

/// Folders by shown name and by IMAP name.
pub const FOLDERS: [(&str, &str); 7] = [
    ("Sent", "Sent"),
    ("Archive/2023", "Archive/2023"),
    ("Entwürfe", "Entw&APw-rfe"),
    ("R&D", "R&-D"),
    ("To do (old)", "To do (old)"),
    ("Dotted.Name", "Dotted.Name"),
    ("Projekte/日本語 & 📬", "Projekte/&ZeVnLIqe- &- &2D3c7A-"),
];

/// Arrivals in IMAP syntax: another century, distant zones, a leap day, the turn of a year, past 2038.
pub const ARRIVALS: [&str; 6] = [
    "04-Jul-1999 23:59:59 -0700",
    "29-Feb-2024 12:00:00 +0000",
    "01-Jan-1990 00:00:00 +0000",
    "31-Dec-2019 23:30:00 -0930",
    "01-Jan-2020 00:15:00 +1400",
    "15-Mar-2040 06:07:08 +0545",
];

const FLAGS: [&str; 4] = ["", "\\Seen", "\\Seen \\Answered", "\\Flagged $Label1"];

/// Delivers mail in every way; every user gets a different share.
pub fn fill(server: &Cyrus) {
    let letters: Vec<Vec<u8>> = messages::samples().iter().map(|letter| crlf(letter)).collect();
    for (share, user) in USERS.into_iter().enumerate() {
        server.create(user, &FOLDERS.map(|(_, name)| name));
        server.create_folders(user, &["Empty", "Gone", "Gone/Sub"]);
        server.append(user, &uploads(&letters, share + 1));
    }
    server.deliver(&USERS, &messages::multipart("newsletter", 9_000));
    server.deliver(&[ANN, VERA], &messages::multipart("large", 150 * 1024));
    for user in USERS {
        server.copy(user, "INBOX", "Gone", "1:2");
        server.copy(user, "Sent", "Gone/Sub", "1");
        server.copy(user, "Sent", "Dotted.Name", "1:*");
        server.flag(user, "INBOX", "\\Deleted", "2");
        server.expunge(user, "Sent", "1:2");
        server.delete(user, "Gone/Sub");
        server.delete(user, "Gone");
    }
}

/// Every `step`th letter for each folder, with arrivals and flags that differ between the folders.
fn uploads(letters: &[Vec<u8>], step: usize) -> Vec<Upload<'_>> {
    let mut uploads = Vec::new();
    for (place, folder) in FOLDERS.iter().map(|(_, folder)| *folder).chain(["INBOX"]).enumerate() {
        for (turn, message) in letters.iter().enumerate().skip(place % 3).step_by(step) {
            let arrival = ARRIVALS[(place + turn / step) % ARRIVALS.len()];
            uploads.push(Upload { folder, flags: FLAGS[turn % FLAGS.len()], arrival, message });
        }
    }
    uploads
}

/// A day of user activity.
pub fn work(server: &Cyrus) {
    server.deliver(&[ANN], &messages::multipart("late", 1_000));
    server.flag(ANN, "Sent", "\\Flagged", "1:*");
    server.copy(ANN, "R&-D", "Empty", "1:*");
    server.expunge(ANN, "R&-D", "1:*");
    server.rename(TOM, "To do (old)", "Done/2024");
    server.delete(TOM, "Archive/2023");
    server.expunge(NAMESAKE, "INBOX", "1");
}

/// A message with CRLF line ends, as IMAP requires.
pub fn crlf(message: &[u8]) -> Vec<u8> {
    let lines = message.split_inclusive(|&byte| byte == b'\n');
    let mut bytes = Vec::new();
    for line in lines {
        let text = line.strip_suffix(b"\n").unwrap_or(line);
        let text = text.strip_suffix(b"\r").unwrap_or(text);
        bytes.extend_from_slice(text);
        bytes.extend_from_slice(if line.ends_with(b"\n") { b"\r\n" } else { b"" });
    }
    bytes
}
