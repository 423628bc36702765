//! Time to scan directories of 200,000 files.

use std::fs::{self, File};
use std::path::Path;

use tempfile::TempDir;

use crate::support::machine::Machine;
use crate::support::samples::{self, MDBOX, SAMPLES, SDBOX};
use crate::support::scan_result::{ScanResult, number};

const CROWD: usize = 200_000;

/// A directory for the store in memory, outside of the machine, which records every file that it has.
fn roomy() -> TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).expect("a temporary directory can be made")
}

fn fill(directory: &Path, name: impl Fn(usize) -> String) {
    fs::create_dir_all(directory).expect("a directory can be made");
    for number in 0..CROWD {
        File::create_new(directory.join(name(number))).expect("the name is new");
    }
}

#[test]
fn a_maildir_of_many_messages_is_scanned_in_time() {
    let (machine, store) = (Machine::new(), roomy());
    for part in ["new", "tmp"] {
        fs::create_dir_all(store.path().join("example.org/ann").join(part)).expect("a directory can be made");
    }
    fill(&store.path().join("example.org/ann/cur"), |number| format!("1767614400.M{number}P1.mx1,S=5:2,S"));
    let scanned = ScanResult::at(&machine, store.path()).without_problems();
    let ann = scanned.mailbox("maildir ann@example.org");
    assert_eq!([number(ann, "messages"), number(ann, "logical_bytes")], [CROWD as u64, 5 * CROWD as u64]);
}

#[test]
fn many_files_that_are_not_mail_are_scanned_in_time() {
    let (machine, store) = (Machine::new(), roomy());
    (SAMPLES[0].make)(store.path());
    fill(&store.path().join("cache"), |number| format!("{number:08x}.tmp"));
    fill(&store.path().join("numbers"), |number| number.to_string());
    let scanned = ScanResult::at(&machine, store.path()).without_problems();
    assert_eq!(scanned.addresses(), [SAMPLES[0].mailbox]);
    assert_eq!(number(&scanned.store, "files"), 2 * CROWD as u64 + 1);
}

#[test]
fn many_empty_files_in_place_of_messages_are_reported() {
    for (sample, directory) in [(1, SDBOX), (2, MDBOX)] {
        let (machine, store) = (Machine::new(), roomy());
        (SAMPLES[sample].make)(store.path());
        let prefix = if sample == 1 { 'u' } else { 'm' };
        // Numbers from 10 on, so that the sample's own file stays.
        fill(&store.path().join(directory).with_file_name(""), |number| format!("{prefix}.{}", number + 10));
        let scanned = ScanResult::at(&machine, store.path());
        assert!(!scanned.problems.is_empty(), "empty files are reported");
        assert_eq!(number(scanned.mailbox(SAMPLES[sample].mailbox), "logical_bytes"), samples::LETTER.len() as u64);
    }
}
