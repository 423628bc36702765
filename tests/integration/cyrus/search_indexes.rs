//! Search indexes, and the server's own databases.

use std::path::Path;

use super::user_activity::fill;
use crate::support::cyrus::Cyrus;
use crate::support::machine::Machine;
use crate::support::scan_result::ScanResult;

#[test]
#[ignore = "needs Cyrus: run tests/run"]
fn search_indexes_in_mailboxes_have_their_class() {
    let server = Cyrus::start("search_engine: squat");
    fill(&server);
    server.squatter();
    let squat = sizes_below(&server.store(), &["cyrus.squat"]);
    assert!(squat > 0, "squatter indexes the mail");
    let scanned = ScanResult::at(&Machine::new(), &server.store()).without_problems();
    assert_eq!(scanned.class("full_text", "bytes"), squat);
    let indexes = sizes_below(&server.store(), &["cyrus.index", "cyrus.cache"]);
    assert_eq!(scanned.class("index", "bytes"), indexes);
    let control = sizes_below(&server.store(), &["cyrus.header", "cyrus.annotations"]);
    assert_eq!(scanned.class("control", "bytes"), control);
}

#[test]
#[ignore = "needs Cyrus: run tests/run"]
fn xapian_indexes_and_server_databases_have_their_classes() {
    let xapian = "search_engine: xapian\nconversations: yes\ndefaultsearchtier: t1\n\
        t1searchpartition-default: {store}/search";
    let mut server = Cyrus::start(xapian);
    fill(&server);
    server.squatter();
    server.stop();
    let parts = ["iamglass", "postlist.glass", "termlist.glass", "position.glass", "flintlock", "cyrus.indexed.db"];
    let xapian = sizes_below(&server.store().join("search"), &parts);
    assert!(xapian > 100_000, "squatter indexes the mail");
    let store = ScanResult::at(&Machine::new(), &server.store()).without_problems();
    assert_eq!(store.class("full_text", "bytes"), xapian);
    let lists = ScanResult::at(&Machine::new(), &server.configuration()).without_problems();
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

/// The bytes of all files with these names below a directory.
fn sizes_below(root: &Path, names: &[&str]) -> u64 {
    let files = walkdir::WalkDir::new(root).into_iter().map(|entry| entry.expect("a directory can be listed"));
    let wanted = files.filter(|entry| names.iter().any(|name| entry.file_name() == *name));
    wanted.map(|entry| entry.metadata().expect("it has facts").len()).sum()
}
