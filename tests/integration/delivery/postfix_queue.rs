//! A Postfix queue with mail in every queue directory.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::Value;

use crate::support::machine::Machine;
use crate::support::messages;
use crate::support::postfix::{Postfix, Queued};
use crate::support::scan_result::{ScanResult, list, number, text};

/// The name of the queue as a mailbox.
const QUEUE: &str = "postfix postfix";

#[test]
#[ignore = "needs Postfix, nmh, maildrop and procmail: run tests/run"]
fn deferred_and_held_messages_agree() {
    assert_agrees_at_every_stage("");
}

#[test]
#[ignore = "needs Postfix, nmh, maildrop and procmail: run tests/run"]
fn long_ids_and_deep_directories_agree() {
    assert_agrees_at_every_stage(
        "enable_long_queue_ids = yes\nhash_queue_depth = 2\nhash_queue_names = deferred defer hold incoming",
    );
}

/// Fills the queue, puts some messages on hold, stops the server and adds more; after each step, compares a scan with it.
fn assert_agrees_at_every_stage(settings: &str) {
    let server = Postfix::start(settings);
    let letters = messages::samples();
    for letter in &letters {
        server.submit(&["bob@elsewhere.example", "carl@other.example"], letter);
    }
    let queued = server.settled(letters.len());
    assert_queue_agrees(&server, &queued);
    for message in queued.iter().step_by(3) {
        server.hold(&message.id);
    }
    let queued = server.settled(letters.len());
    let held = queued.iter().filter(|message| message.queue == "hold").count();
    assert_eq!(held, letters.len().div_ceil(3), "the test shows nothing if none is held");
    assert_queue_agrees(&server, &queued);
    server.stop();
    server.submit(&["bob@elsewhere.example"], &letters[0]);
    server.submit(&["bob@elsewhere.example"], &letters[9]);
    let queued = server.queued();
    assert_eq!(
        queued.iter().filter(|message| message.queue == "maildrop").count(),
        2,
        "the stopped server does not pick them up"
    );
    assert_queue_agrees(&server, &queued);
}

/// Compares a scan with the server: messages in each queue, their sizes and arrivals.
fn assert_queue_agrees(server: &Postfix, queued: &[Queued]) {
    let machine = Machine::new();
    let scanned = ScanResult::at(&machine, &server.spool()).without_problems();
    assert_eq!(scanned.addresses(), [QUEUE]);
    let mut queues: BTreeMap<&str, Vec<&Queued>> = BTreeMap::new();
    for message in queued {
        queues.entry(&message.queue).or_default().push(message);
    }
    let folders = list(scanned.mailbox(QUEUE), "folders");
    let actual: BTreeMap<&str, &Value> = folders
        .iter()
        .filter(|folder| number(folder, "messages") > 0)
        .map(|folder| (text(folder, "name"), folder))
        .collect();
    assert_eq!(actual.keys().collect::<Vec<_>>(), queues.keys().collect::<Vec<_>>(), "queues with mail");
    for (name, messages) in queues {
        let folder = actual[name];
        assert_eq!(number(folder, "messages"), messages.len() as u64, "{name}");
        let size: u64 = messages.iter().map(|message| message.size).sum();
        assert_eq!(number(folder, "logical_bytes"), size, "{name}: left the scan, right Postfix");
        let arrivals = messages.iter().map(|message| message.arrival);
        let span = (arrivals.clone().min().unwrap_or_default(), arrivals.max().unwrap_or_default());
        assert_eq!((seconds(folder, "oldest"), seconds(folder, "newest")), span, "{name}: arrivals");
    }
    let all = queued.len() as u64;
    assert_eq!(number(scanned.mailbox(QUEUE), "messages"), all, "a deferred message counts once");
    let itself = ScanResult::at(&machine, &server.spool().join("postfix")).without_problems();
    assert_eq!(itself.addresses(), [QUEUE], "a store that is a queue");
    assert_eq!(number(&itself.store, "messages"), all);
}

/// A time of the scan in unix seconds.
fn seconds(folder: &Value, field: &str) -> i64 {
    let time: Timestamp = text(folder, field).parse().unwrap_or_else(|error| panic!("{error} in {folder}"));
    time.as_second()
}
