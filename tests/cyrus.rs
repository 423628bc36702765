//! A scan must say what the server says that wrote the mail: Cyrus fills a store in each of its layouts, and both are
//! asked.

#[expect(dead_code, reason = "other tests use the rest of it")]
mod support {
    pub mod cyrus;
    pub mod finish;
    pub mod lmtp;
    pub mod machine;
    pub mod mail;
    pub mod maildir;
    pub mod outcome;
    pub mod scanned;
}

use std::collections::{BTreeMap, BTreeSet};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use serde_json::Value;

use support::cyrus::{Cyrus, Folder, Upload};
use support::machine::Machine;
use support::mail;
use support::scanned::{Scanned, list, number, text};

const ANN: &str = "ann@example.org";
/// Has a dot in the name, which Cyrus keeps as another sign.
const TOM: &str = "tom.jones@example.org";
/// Shares Ann's name, in another domain.
const NAMESAKE: &str = "ann@example.net";
/// Belong to the server's own domain, which no name tells.
const VERA: &str = "vera";
const PLAIN_ANN: &str = "ann";

const USERS: [&str; 5] = [ANN, TOM, NAMESAKE, VERA, PLAIN_ANN];

/// Folders as a person reads them and as IMAP writes them.
const FOLDERS: [(&str, &str); 7] = [
    ("Sent", "Sent"),
    ("Archive/2023", "Archive/2023"),
    ("Entwürfe", "Entw&APw-rfe"),
    ("R&D", "R&-D"),
    ("To do (old)", "To do (old)"),
    ("Dotted.Name", "Dotted.Name"),
    ("Projekte/日本語 & 📬", "Projekte/&ZeVnLIqe- &- &2D3c7A-"),
];

/// Arrivals as IMAP writes them: another century, far zones, a leap day, the turn of a year, past 2038.
const ARRIVALS: [&str; 6] = [
    "04-Jul-1999 23:59:59 -0700",
    "29-Feb-2024 12:00:00 +0000",
    "01-Jan-1990 00:00:00 +0000",
    "31-Dec-2019 23:30:00 -0930",
    "01-Jan-2020 00:15:00 +1400",
    "15-Mar-2040 06:07:08 +0545",
];

const FLAGS: [&str; 4] = ["", "\\Seen", "\\Seen \\Answered", "\\Flagged $Label1"];

/// Directories with the names of users and folders, as all servers before 3.6 have them.
const NAMED: &str = "mailbox_legacy_dirs: yes\n";

#[test]
#[ignore = "needs Cyrus: run tests/run"]
fn directories_by_unique_ids() {
    let server = Cyrus::start("");
    assert_every_stage_agrees(&server);
    assert!(server.store().join("spool/uuid").is_dir() && !server.store().join("spool/domain").exists());
}

#[test]
#[ignore = "needs Cyrus: run tests/run"]
fn directories_by_names() {
    let server = Cyrus::start(NAMED);
    assert_every_stage_agrees(&server);
    assert!(server.store().join("spool/domain/example.org/user/tom^jones/Dotted^Name/cyrus.header").is_file());
}

#[test]
#[ignore = "needs Cyrus: run tests/run"]
fn directories_by_names_and_their_first_letters() {
    let server = Cyrus::start(&format!("{NAMED}hashimapspool: yes"));
    assert_every_stage_agrees(&server);
    assert!(server.store().join("spool/domain/e/example.org/a/user/ann/Sent/cyrus.header").is_file());
    assert!(server.store().join("spool/v/user/vera/cyrus.header").is_file());
}

#[test]
#[ignore = "needs Cyrus: run tests/run"]
fn directories_by_names_and_letters_made_of_all_of_them() {
    let server = Cyrus::start(&format!("{NAMED}hashimapspool: yes\nfulldirhash: yes"));
    assert_every_stage_agrees(&server);
    assert!(server.store().join("spool/G/user/vera/cyrus.header").is_file());
}

#[test]
#[ignore = "needs Cyrus: run tests/run"]
fn old_mail_on_an_archive_partition() {
    let archive = "archive_enabled: yes\narchive_maxsize: 100000\narchivepartition-default: {store}/archive";
    for named in ["", NAMED] {
        let server = Cyrus::start(&format!("{named}{archive}"));
        fill(&server);
        server.run("cyr_expire", &["-A", "1d", "-a"]);
        let archived = names_below(&server.store().join("archive"));
        assert!(archived.iter().any(|name| is_message(name)), "mail lies in the archive: {archived:?}");
        assert!(!archived.contains("cyrus.header"), "the archive has no headers: {archived:?}");
        assert_agrees(&server);
        work(&server);
        server.run("cyr_expire", &["-A", "1d", "-a"]);
        assert_agrees(&server);
        assert_nothing_is_left_of_the_dead(&server);
    }
}

#[test]
#[ignore = "needs Cyrus: run tests/run"]
fn headers_and_indexes_on_a_partition_of_their_own() {
    let files = "metapartition_files: header index cache expunge squat annotations\n";
    for named in ["", NAMED] {
        let server = Cyrus::start(&format!("{named}{files}metapartition-default: {{store}}/meta"));
        assert_every_stage_agrees(&server);
        let spool = names_below(&server.store().join("spool"));
        assert!(!spool.iter().any(|name| name.starts_with("cyrus.")), "the spool has messages only: {spool:?}");
    }
}

#[test]
#[ignore = "needs Cyrus: run tests/run"]
fn indexes_alone_on_a_partition_of_their_own() {
    let server = Cyrus::start("metapartition_files: index cache\nmetapartition-default: {store}/meta");
    assert_every_stage_agrees(&server);
    let spool = names_below(&server.store().join("spool"));
    assert!(spool.contains("cyrus.header") && !spool.contains("cyrus.index"), "{spool:?}");
}

#[test]
#[ignore = "needs Cyrus: run tests/run"]
fn mail_of_nobody() {
    let server = Cyrus::start("");
    server.create(VERA, &[]);
    server.create_shared("news/local");
    let message = crlf(&mail::multipart("news", 2_000));
    let upload = Upload { folder: "Shared Folders/news/local", flags: "", arrival: ARRIVALS[0], message: &message };
    server.append(VERA, &[upload]);
    let scanned = Scanned::at(&Machine::new(), &server.store()).without_problems();
    let folders = scanned.mailboxes().iter().flat_map(|mailbox| list(mailbox, "folders"));
    let found: Vec<&Value> = folders.filter(|folder| folder["name"] == "news/local").collect();
    assert_eq!(found.len(), 1, "{:#?}", scanned.store);
    assert_folder_agrees("news/local", found[0], &server.shared("news/local"));
}

#[test]
#[ignore = "needs Cyrus: run tests/run"]
fn a_search_index_in_each_mailbox() {
    let server = Cyrus::start("search_engine: squat");
    fill(&server);
    server.squatter();
    let squat = sizes_below(&server.store(), &["cyrus.squat"]);
    assert!(squat > 0, "squatter indexes the mail");
    let scanned = Scanned::at(&Machine::new(), &server.store()).without_problems();
    assert_eq!(scanned.class("full_text", "bytes"), squat);
    let indexes = sizes_below(&server.store(), &["cyrus.index", "cyrus.cache"]);
    assert_eq!(scanned.class("index", "bytes"), indexes);
    let control = sizes_below(&server.store(), &["cyrus.header", "cyrus.annotations"]);
    assert_eq!(scanned.class("control", "bytes"), control);
}

#[test]
#[ignore = "needs Cyrus: run tests/run"]
fn a_search_index_for_each_user_and_the_lists_of_the_server() {
    let xapian = "search_engine: xapian\nconversations: yes\ndefaultsearchtier: t1\n\
        t1searchpartition-default: {store}/search";
    let mut server = Cyrus::start(xapian);
    fill(&server);
    server.squatter();
    server.stop();
    let parts = ["iamglass", "postlist.glass", "termlist.glass", "position.glass", "flintlock", "cyrus.indexed.db"];
    let xapian = sizes_below(&server.store().join("search"), &parts);
    assert!(xapian > 100_000, "squatter indexes the mail");
    let store = Scanned::at(&Machine::new(), &server.store()).without_problems();
    assert_eq!(store.class("full_text", "bytes"), xapian);
    let lists = Scanned::at(&Machine::new(), &server.configuration()).without_problems();
    assert!(lists.mailboxes().is_empty(), "{:#?}", lists.store);
    let of_server =
        sizes_below(&server.configuration(), &["mailboxes.db", "annotations.db", "skipstamp", "deliver.db"]);
    let of_users = sizes_below(&server.configuration(), &["sub.db", "seen.db", "counters.db", "mboxkey.db"]);
    assert_eq!(lists.class("control", "bytes"), of_server + of_users);
    let indexes = sizes_below(&server.configuration(), &["conversations.db", "statuscache.db"]);
    assert!(indexes > 0, "Cyrus keeps conversations");
    assert_eq!(lists.class("index", "bytes"), indexes);
    assert_eq!(lists.class("message", "inodes"), 0);
}

#[test]
#[ignore = "needs Cyrus: run tests/run"]
fn half_an_index_hides_no_message() {
    let server = Cyrus::start("");
    fill(&server);
    let folders = server.folders(ANN);
    let sent = &folders["Sent"];
    let index = sent.places[0].join("cyrus.index");
    let whole = std::fs::read(&index).expect("the index can be read");
    std::fs::write(&index, &whole[..whole.len() / 2]).expect("the index can be cut");
    let scanned = Scanned::at(&Machine::new(), &server.store());
    assert_eq!(scanned.problem(&index.canonicalize().expect("it is there")), "damaged");
    assert_eq!(scanned.problems.len(), 1, "{:#?}", scanned.problems);
    let told = scanned.folder("cyrus ann@example.org", "Sent");
    assert!(number(told, "messages") >= sent.sizes.len() as u64, "every message is there: {told:#}");
    assert_eq!(number(told, "messages") + dead_in_first_half(&whole), files(sent).len() as u64, "{told:#}");
}

/// Scans the store as it is first filled, after a day's work, and when the server has cleaned up.
fn assert_every_stage_agrees(server: &Cyrus) {
    fill(server);
    assert_store_is_as_meant(server);
    assert_agrees(server);
    work(server);
    assert_agrees(server);
    assert_nothing_is_left_of_the_dead(server);
}

/// Mail arrives in every way, and every user gets another share of it.
fn fill(server: &Cyrus) {
    let letters: Vec<Vec<u8>> = mail::samples().iter().map(|letter| crlf(letter)).collect();
    for (share, user) in USERS.into_iter().enumerate() {
        server.create(user, &FOLDERS.map(|(_, name)| name));
        server.create_folders(user, &["Empty", "Gone", "Gone/Sub"]);
        server.append(user, &uploads(&letters, share + 1));
    }
    server.deliver(&USERS, &mail::multipart("newsletter", 9_000));
    server.deliver(&[ANN, VERA], &mail::multipart("large", 150 * 1024));
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

/// What users do in a day.
fn work(server: &Cyrus) {
    server.deliver(&[ANN], &mail::multipart("late", 1_000));
    server.flag(ANN, "Sent", "\\Flagged", "1:*");
    server.copy(ANN, "R&-D", "Empty", "1:*");
    server.expunge(ANN, "R&-D", "1:*");
    server.rename(TOM, "To do (old)", "Done/2024");
    server.delete(TOM, "Archive/2023");
    server.expunge(NAMESAKE, "INBOX", "1");
}

/// The test shows nothing if the store lacks what it is about: dead mail, and links of both kinds.
fn assert_store_is_as_meant(server: &Cyrus) {
    let of_ann = server.folders(ANN);
    let sent = &of_ann["Sent"];
    let (live, on_disk) = (sent.sizes.len(), files(sent).len());
    assert_eq!(on_disk, live + 2, "two expunged messages still lie on the disk beside {live}");
    let gone = server.deleted(ANN);
    let names: BTreeSet<&str> = gone.iter().map(|(name, ..)| name.as_str()).collect();
    assert_eq!(names, BTreeSet::from(["Gone", "Gone/Sub"]), "deleted folders still lie on the disk");
    assert_eq!(gone.iter().map(|(.., folder)| files(folder).len()).sum::<usize>(), 3);
    let inodes = |folder: &Folder| -> BTreeSet<u64> { files(folder).values().map(|file| file.1).collect() };
    assert!(!inodes(sent).is_disjoint(&inodes(&of_ann["Dotted.Name"])), "copies inside a mailbox are links");
    let of_vera = server.folders(VERA);
    assert!(!inodes(&of_ann["INBOX"]).is_disjoint(&inodes(&of_vera["INBOX"])), "one delivery to many makes links");
}

/// Holds what the scan tells of all users against IMAP and the disk.
fn assert_agrees(server: &Cyrus) {
    let truth: BTreeMap<&str, _> = USERS.into_iter().map(|user| (user, truth(server, user))).collect();
    let scanned = Scanned::at(&Machine::new(), &server.store()).without_problems();
    let mut addresses: Vec<String> = USERS.iter().map(|user| format!("cyrus {user}")).collect();
    addresses.sort();
    assert_eq!(scanned.addresses(), addresses, "mailboxes");
    for (user, folders) in &truth {
        let mailbox = scanned.mailbox(&format!("cyrus {user}"));
        assert_eq!(mailbox["sureness"], "certain", "{user}");
        let told: BTreeSet<&str> = list(mailbox, "folders").iter().map(|folder| text(folder, "name")).collect();
        assert_eq!(told, folders.keys().map(String::as_str).collect(), "{user}: folders");
        for (name, folder) in folders {
            let told = scanned.folder(&format!("cyrus {user}"), name);
            assert_folder_agrees(&format!("{user}, {name}"), told, folder);
        }
    }
}

/// The folders of a user as a scan has to call them, deleted ones among them.
fn truth(server: &Cyrus, user: &str) -> BTreeMap<String, Folder> {
    let shown =
        |name: String| FOLDERS.iter().find(|(_, imap)| *imap == name).map_or(name, |(shown, _)| (*shown).into());
    let live = server.folders(user).into_iter().map(|(name, folder)| (shown(name), folder));
    let deleted = server.deleted(user).into_iter().map(|(name, stamp, folder)| {
        let name = shown(name);
        (format!("DELETED/{name}/{stamp}"), folder)
    });
    live.chain(deleted).collect()
}

fn assert_folder_agrees(place: &str, told: &Value, folder: &Folder) {
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
        assert_eq!(number(told, figure), expected, "{place}: {figure}");
    }
    assert_eq!(number(told, "message_bytes"), sizes, "{place}: files are as large as IMAP says");
    let marked = folder.marked.iter().map(|uid| folder.sizes[uid]).sum::<u64>();
    assert_eq!(number(told, "reclaimable_bytes"), size(false) + marked, "{place}: reclaimable_bytes");
    for (figure, arrival) in
        [("oldest", folder.arrivals.map(|span| span.0)), ("newest", folder.arrivals.map(|span| span.1))]
    {
        let told = told[figure].as_str().map(|time| time.parse::<jiff::Timestamp>().expect("a time").as_second());
        assert_eq!(told, arrival, "{place}: {figure}");
    }
}

/// Lets the server remove all dead mail, and scans again.
fn assert_nothing_is_left_of_the_dead(server: &Cyrus) {
    server.run("cyr_expire", &["-E", "1", "-X", "0", "-D", "0"]);
    assert_agrees(server);
    assert!(server.deleted(ANN).is_empty(), "deleted folders are gone");
    let live: usize = USERS.iter().flat_map(|user| server.folders(user).into_values()).map(|f| f.sizes.len()).sum();
    let on_disk: usize =
        USERS.iter().flat_map(|user| server.folders(user).into_values()).map(|f| files(&f).len()).sum();
    assert_eq!(live, on_disk, "expunged messages are gone");
}

/// The message files of a folder by their numbers: size and inode.
fn files(folder: &Folder) -> BTreeMap<u32, (u64, u64)> {
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

fn is_message(name: &str) -> bool {
    name.strip_suffix('.').is_some_and(|number| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()))
}

/// How many of the records in the first half of an index are of expunged messages.
fn dead_in_first_half(index: &[u8]) -> u64 {
    let records = index[..index.len() / 2][160..].chunks_exact(112);
    records.filter(|record| record[32] & 0xc0 != 0).count() as u64
}

/// The names of all files below a directory.
fn names_below(root: &Path) -> BTreeSet<String> {
    let files = walkdir::WalkDir::new(root).into_iter().map(|entry| entry.expect("a directory can be listed"));
    let files = files.filter(|entry| entry.file_type().is_file());
    files.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
}

/// The bytes of all files of these names below a directory.
fn sizes_below(root: &Path, names: &[&str]) -> u64 {
    let files = walkdir::WalkDir::new(root).into_iter().map(|entry| entry.expect("a directory can be listed"));
    let wanted = files.filter(|entry| names.iter().any(|name| entry.file_name() == *name));
    wanted.map(|entry| entry.metadata().expect("it has facts").len()).sum()
}

/// A message as IMAP demands it: CRLF at the end of every line.
fn crlf(message: &[u8]) -> Vec<u8> {
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
