//! Space that maintenance of each recognised format needs.

use std::path::Path;

use serde_json::Value;

use crate::support::dbox;
use crate::support::dovecot_index_log::IndexLog;
use crate::support::machine::Machine;
use crate::support::samples::{LETTER, mdbox_folder, mdbox_storage, place};
use crate::support::scan_result::{ScanResult, number};

/// The bytes of the volume needed for a purpose.
fn needed(window: &Value, purpose: &str) -> u64 {
    let parts = window["series"].as_array().expect("series are a list");
    let bytes = parts.iter().find(|part| part["resource"] == "bytes").expect("a volume has bytes");
    let needs = bytes["needs"].as_array().expect("needs are a list");
    number(needs.iter().find(|need| need["purpose"] == purpose).expect("it is there"), "amount")
}

/// An mdbox mailbox with two letters in one file; no folder has the second any more.
fn with_deleted_mail(home: &Path) {
    let (file, places) = dbox::multi(&[LETTER.as_bytes(), &[b'x'; 50_000]]);
    let mut map = IndexLog::new().append(&[1, 2]).extension("map", &[1, 0, 0, 0, 0, 0, 0, 0], 12);
    for (uid, (offset, size)) in (1..).zip(&places) {
        map = map.holds(uid, &[1, *offset, *size].map(u32::to_le_bytes).concat());
    }
    map = map.extension("ref", &[], 2).holds(1, &1_u16.to_le_bytes()).holds(2, &0_u16.to_le_bytes());
    place(home.join("storage/m.1"), file);
    place(home.join("storage/dovecot.map.index.log"), map.bytes());
    mdbox_folder(home, Path::new("INBOX"), &[1]);
}

#[test]
fn a_purge_needs_the_files_with_deleted_mail_and_a_rebuild_the_indexes() {
    let machine = Machine::new();
    let root = machine.store("vmail").root;
    with_deleted_mail(&root.join("mdbox.example/ann/mdbox"));
    let bob = root.join("mdbox.example/bob/mdbox");
    mdbox_storage(&bob, 400);
    mdbox_folder(&bob, Path::new("INBOX"), &(1..=400).collect::<Vec<u32>>());
    let scanned = ScanResult::scan(&machine, "vmail").without_problems();
    assert!(number(scanned.mailbox("mdbox ann@mdbox.example"), "reclaimable_bytes") >= 50_000);
    assert_eq!(number(scanned.mailbox("mdbox bob@mdbox.example"), "reclaimable_bytes"), 0);
    let tomorrow = jiff::Timestamp::now().checked_add(jiff::ToSpan::hours(24)).expect("it is in the calendar");
    let at = tomorrow.strftime("%Y-%m-%dT%H:%MZ");
    let words = format!("window --at {at} --for 4h --needs mdbox-purge,index-rebuild --rollback --format json");
    let window = machine.run(&words).json();
    let purge = needed(&window, "mdbox-purge");
    // Ann's file and its directory; Bob's file of 400 letters is not rewritten.
    assert!((50_000..80_000).contains(&purge), "{purge}");
    let indexes = ["index", "full_text"].map(|class| scanned.class(class, "allocated_bytes")).iter().sum::<u64>();
    assert_eq!(needed(&window, "index-rebuild"), indexes);
    assert!(indexes > 0, "the logs of the folders are indexes");
    assert_eq!(needed(&window, "rollback"), purge + indexes, "the old files stay");
}
