//! A folder without an owner, and a folder with a truncated index.

use serde_json::Value;

use super::agreement::{assert_folder_agrees, files};
use super::user_activity::{ANN, ARRIVALS, VERA, crlf, fill};
use crate::support::cyrus::Cyrus;
use crate::support::imap_append::Upload;
use crate::support::machine::Machine;
use crate::support::messages;
use crate::support::scan_result::{ScanResult, list, number};

#[test]
#[ignore = "needs Cyrus: run tests/run"]
fn mail_without_an_owner_is_found() {
    let server = Cyrus::start("");
    server.create(VERA, &[]);
    server.create_shared("news/local");
    let message = crlf(&messages::multipart("news", 2_000));
    let upload = Upload { folder: "Shared Folders/news/local", flags: "", arrival: ARRIVALS[0], message: &message };
    server.append(VERA, &[upload]);
    let scanned = ScanResult::at(&Machine::new(), &server.store()).without_problems();
    let folders = scanned.mailboxes().iter().flat_map(|mailbox| list(mailbox, "folders"));
    let found: Vec<&Value> = folders.filter(|folder| folder["name"] == "news/local").collect();
    assert_eq!(found.len(), 1, "{:#?}", scanned.store);
    assert_folder_agrees("news/local", found[0], &server.shared("news/local"));
}

#[test]
#[ignore = "needs Cyrus: run tests/run"]
fn a_truncated_index_hides_no_message() {
    let server = Cyrus::start("");
    fill(&server);
    let folders = server.folders(ANN);
    let sent = &folders["Sent"];
    let index = sent.places[0].join("cyrus.index");
    let whole = std::fs::read(&index).expect("the index can be read");
    std::fs::write(&index, &whole[..whole.len() / 2]).expect("the index can be cut");
    let scanned = ScanResult::at(&Machine::new(), &server.store());
    assert_eq!(scanned.problem(&index.canonicalize().expect("it is there")), "damaged");
    assert_eq!(scanned.problems.len(), 1, "{:#?}", scanned.problems);
    let actual = scanned.folder("cyrus ann@example.org", "Sent");
    assert!(number(actual, "messages") >= sent.sizes.len() as u64, "every message is there: {actual:#}");
    assert_eq!(number(actual, "messages") + dead_in_first_half(&whole), files(sent).len() as u64, "{actual:#}");
}

/// The number of expunged messages in the first half of an index.
fn dead_in_first_half(index: &[u8]) -> u64 {
    let records = index[..index.len() / 2][160..].chunks_exact(112);
    records.filter(|record| record[32] & 0xc0 != 0).count() as u64
}
