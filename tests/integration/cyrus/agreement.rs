//! Compares a scan with Cyrus and with the disk, figure by figure.

use std::collections::{BTreeMap, BTreeSet};
use std::os::unix::fs::MetadataExt;

use serde_json::Value;

use super::user_activity::{ANN, FOLDERS, USERS, VERA, fill, work};
use crate::support::cyrus::{Cyrus, CyrusFolder};
use crate::support::machine::Machine;
use crate::support::scan_result::{ScanResult, list, number, text};

/// Scans the store after it is filled, after a day of activity, and after the server has cleaned up.
pub fn assert_every_stage_agrees(server: &Cyrus) {
    fill(server);
    assert_store_has_test_conditions(server);
    assert_agrees(server);
    work(server);
    assert_agrees(server);
    assert_agrees_after_expiry(server);
}

/// Checks that the store has expunged mail, deleted folders and both kinds of links, or the test would show nothing.
fn assert_store_has_test_conditions(server: &Cyrus) {
    let of_ann = server.folders(ANN);
    let sent = &of_ann["Sent"];
    let (live, on_disk) = (sent.sizes.len(), files(sent).len());
    assert_eq!(on_disk, live + 2, "two expunged messages still lie on the disk beside {live}");
    let gone = server.deleted(ANN);
    let names: BTreeSet<&str> = gone.iter().map(|(name, ..)| name.as_str()).collect();
    assert_eq!(names, BTreeSet::from(["Gone", "Gone/Sub"]), "deleted folders still lie on the disk");
    assert_eq!(gone.iter().map(|(.., folder)| files(folder).len()).sum::<usize>(), 3);
    let inodes = |folder: &CyrusFolder| -> BTreeSet<u64> { files(folder).values().map(|file| file.1).collect() };
    assert!(!inodes(sent).is_disjoint(&inodes(&of_ann["Dotted.Name"])), "copies inside a mailbox are links");
    let of_vera = server.folders(VERA);
    assert!(!inodes(&of_ann["INBOX"]).is_disjoint(&inodes(&of_vera["INBOX"])), "one delivery to many makes links");
}

/// Compares the scan of all users with IMAP and the disk.
pub fn assert_agrees(server: &Cyrus) {
    let truth: BTreeMap<&str, _> = USERS.into_iter().map(|user| (user, truth(server, user))).collect();
    let scanned = ScanResult::at(&Machine::new(), &server.store()).without_problems();
    let mut addresses: Vec<String> = USERS.iter().map(|user| format!("cyrus {user}")).collect();
    addresses.sort();
    assert_eq!(scanned.addresses(), addresses, "mailboxes");
    for (user, folders) in &truth {
        let mailbox = scanned.mailbox(&format!("cyrus {user}"));
        assert_eq!(mailbox["sureness"], "certain", "{user}");
        let actual: BTreeSet<&str> = list(mailbox, "folders").iter().map(|folder| text(folder, "name")).collect();
        assert_eq!(actual, folders.keys().map(String::as_str).collect(), "{user}: folders");
        for (name, folder) in folders {
            let actual = scanned.folder(&format!("cyrus {user}"), name);
            assert_folder_agrees(&format!("{user}, {name}"), actual, folder);
        }
    }
}

/// The folders of a user by the names that a scan must give them, including deleted ones.
fn truth(server: &Cyrus, user: &str) -> BTreeMap<String, CyrusFolder> {
    let shown =
        |name: String| FOLDERS.iter().find(|(_, imap)| *imap == name).map_or(name, |(shown, _)| (*shown).into());
    let live = server.folders(user).into_iter().map(|(name, folder)| (shown(name), folder));
    let deleted = server.deleted(user).into_iter().map(|(name, stamp, folder)| {
        let name = shown(name);
        (format!("DELETED/{name}/{stamp}"), folder)
    });
    live.chain(deleted).collect()
}

pub fn assert_folder_agrees(place: &str, actual: &Value, folder: &CyrusFolder) {
    let files = files(folder);
    let size = |is_wanted: bool| -> u64 {
        files.iter().filter(|(uid, _)| folder.sizes.contains_key(uid) == is_wanted).map(|(_, file)| file.0).sum()
    };
    let sizes: u64 = folder.sizes.values().sum();
    for (figure, expected) in [
        ("messages", folder.sizes.len() as u64),
        ("virtual_bytes", sizes),
        ("logical_bytes", sizes),
        ("message_bytes", size(true)),
    ] {
        assert_eq!(number(actual, figure), expected, "{place}: {figure}");
    }
    assert_eq!(number(actual, "message_bytes"), sizes, "{place}: files are as large as IMAP says");
    let marked = folder.marked.iter().map(|uid| folder.sizes[uid]).sum::<u64>();
    assert_eq!(number(actual, "reclaimable_bytes"), size(false) + marked, "{place}: reclaimable_bytes");
    for (figure, arrival) in
        [("oldest", folder.arrivals.map(|span| span.0)), ("newest", folder.arrivals.map(|span| span.1))]
    {
        let actual = actual[figure].as_str().map(|time| time.parse::<jiff::Timestamp>().expect("a time").as_second());
        assert_eq!(actual, arrival, "{place}: {figure}");
    }
}

/// Lets the server remove all expunged and deleted mail, and scans again.
pub fn assert_agrees_after_expiry(server: &Cyrus) {
    server.run("cyr_expire", &["-E", "1", "-X", "0", "-D", "0"]);
    assert_agrees(server);
    assert!(server.deleted(ANN).is_empty(), "deleted folders are gone");
    let live: usize = USERS.iter().flat_map(|user| server.folders(user).into_values()).map(|f| f.sizes.len()).sum();
    let on_disk: usize =
        USERS.iter().flat_map(|user| server.folders(user).into_values()).map(|f| files(&f).len()).sum();
    assert_eq!(live, on_disk, "expunged messages are gone");
}

/// The message files of a folder by their numbers: size and inode.
pub fn files(folder: &CyrusFolder) -> BTreeMap<u32, (u64, u64)> {
    let mut files = BTreeMap::new();
    for entry in folder.places.iter().filter_map(|place| place.read_dir().ok()).flatten() {
        let entry = entry.expect("a directory can be listed");
        let name = entry.file_name().into_string().expect("Cyrus names its files in ASCII");
        if is_message(&name) {
            let uid = name.trim_end_matches('.').parse().expect("a message is named by its number");
            let facts = entry.metadata().expect("a file has facts");
            files.insert(uid, (facts.len(), facts.ino()));
        }
    }
    files
}

pub fn is_message(name: &str) -> bool {
    name.strip_suffix('.').is_some_and(|number| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()))
}
