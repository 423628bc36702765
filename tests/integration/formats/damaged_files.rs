//! Files that are truncated, empty, of another type or of a newer version: each is reported, and the rest counts.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::support::cyrus_files::{self, RECORD, START};
use crate::support::machine::Machine;
use crate::support::samples::{CYRUS, LETTER, MBOX, MDBOX, SAMPLES, SDBOX, Sample, mbox_file, place};
use crate::support::scan_result::{ScanResult, answer, below, number, text};

/// A function that damages the content of a file.
type Damage = fn(Vec<u8>) -> Vec<u8>;

const MAP_LOG: &str = "mdbox.example/ann/mdbox/storage/dovecot.map.index.log";
const MAP: &str = "mdbox.example/ann/mdbox/storage/dovecot.map.index";
const FOLDER_LOG: &str = "mdbox.example/ann/mdbox/mailboxes/INBOX/dbox-Mails/dovecot.index.log";
const FOLDER: &str = "mdbox.example/ann/mdbox/mailboxes/INBOX/dbox-Mails/dovecot.index";
const CYRUS_HEADER: &str = "cyrus/a/user/ann/cyrus.header";
const CYRUS_INDEX: &str = "cyrus/a/user/ann/cyrus.index";

/// The files to damage.
const BINARY: [&str; 6] = [SDBOX, MDBOX, MAP_LOG, FOLDER_LOG, CYRUS_HEADER, CYRUS_INDEX];

fn half(mut file: Vec<u8>) -> Vec<u8> {
    file.truncate(file.len() / 2);
    file
}

fn nothing(_: Vec<u8>) -> Vec<u8> {
    Vec::new()
}

fn noise(file: Vec<u8>) -> Vec<u8> {
    file.iter().enumerate().map(|(at, byte)| byte.wrapping_mul(31).wrapping_add(at as u8) | 0x80).collect()
}

fn zeros(file: Vec<u8>) -> Vec<u8> {
    vec![0; file.len()]
}

fn mid_record(mut file: Vec<u8>) -> Vec<u8> {
    file.truncate(file.len() - 6);
    file
}

/// A store of all samples in which one file was damaged, after a scan.
fn scan_after(name: &str, damage: Damage) -> (Machine, ScanResult) {
    let machine = Machine::new();
    machine.store("vmail");
    for sample in &SAMPLES {
        (sample.make)(&machine.path("vmail"));
    }
    let path = machine.path("vmail").join(name);
    // Files that the sample does not have get some bytes.
    let whole = fs::read(&path).unwrap_or_else(|_| vec![7; 200]);
    place(path, damage(whole));
    let scanned = ScanResult::scan(&machine, "vmail");
    (machine, scanned)
}

/// Checks that the damage is reported as one of these kinds and that other mailboxes are unaffected.
#[track_caller]
fn assert_told(name: &str, damage: Damage, kinds: &[&str]) {
    let (machine, scanned) = scan_after(name, damage);
    let kind = scanned.problem(&below(&machine, "vmail", name));
    assert!(kinds.contains(&kind), "{name} is {kind}, not one of {kinds:?}");
    let home = machine.path("vmail").join(name.split('/').next().expect("a path has parts"));
    let elsewhere = scanned.problems.iter().find(|problem| !Path::new(text(problem, "path")).starts_with(&home));
    assert_eq!(elsewhere, None, "nothing is wrong elsewhere");
    for sample in SAMPLES.iter().filter(|sample| !shares_a_home(sample, name)) {
        assert_eq!(number(scanned.mailbox(sample.mailbox), "messages"), 1, "{} after {name}", sample.mailbox);
    }
}

fn shares_a_home(sample: &Sample, name: &str) -> bool {
    let home = |path: &str| path.split('/').next().map(str::to_owned);
    home(sample.message) == home(name)
}

#[test]
fn files_truncated_in_the_middle_are_reported() {
    for name in BINARY {
        assert_told(name, half, &["damaged"]);
    }
}

#[test]
fn files_truncated_in_the_last_record_are_reported() {
    for name in [SDBOX, MDBOX, MAP_LOG, FOLDER_LOG, CYRUS_INDEX] {
        assert_told(name, mid_record, &["damaged"]);
    }
}

#[test]
fn empty_files_are_reported() {
    for name in BINARY.into_iter().chain([MAP, FOLDER]) {
        assert_told(name, nothing, &["damaged"]);
    }
}

#[test]
fn files_of_another_type_are_reported() {
    for name in BINARY.into_iter().chain([MAP, FOLDER]) {
        assert_told(name, noise, &["damaged", "unknown_version"]);
        assert_told(name, zeros, &["damaged", "unknown_version"]);
    }
}

#[test]
fn files_of_a_newer_version_are_reported() {
    let dbox: Damage = |mut file| {
        file[0] = b'9';
        file
    };
    let index: Damage = |mut file| {
        file[0] = 99;
        file
    };
    let cyrus: Damage = |mut file| {
        cyrus_files::put(&mut file, 8, 99);
        cyrus_files::sign(&mut file[..START]);
        file
    };
    for (name, damage) in [(SDBOX, dbox), (MDBOX, dbox), (MAP_LOG, index), (FOLDER_LOG, index), (CYRUS_INDEX, cyrus)] {
        assert_told(name, damage, &["unknown_version"]);
    }
}

#[test]
fn a_cyrus_index_with_false_sizes_is_reported() {
    for (at, lie) in [(12, 0), (12, u32::MAX), (16, 0), (16, 1), (16, u32::MAX), (20, 1_000), (20, u32::MAX)] {
        let (machine, scanned) = scan_after(CYRUS_INDEX, |file| file);
        assert_eq!(scanned.problems, Vec::<serde_json::Value>::new());
        let path = below(&machine, "vmail", CYRUS_INDEX);
        let mut index = fs::read(&path).expect("the sample has it");
        cyrus_files::put(&mut index, at, lie);
        cyrus_files::sign(&mut index[..START]);
        fs::write(&path, index).expect("it can be written");
        let scanned = ScanResult::scan(&machine, "vmail");
        assert_eq!(scanned.problem(&path), "damaged", "{lie} at {at}");
    }
}

#[test]
fn messages_before_a_cut_count() {
    let machine = Machine::new();
    let (cyrus, log) = (machine.path("vmail").join(CYRUS), machine.path("vmail").join(FOLDER_LOG));
    machine.store("vmail");
    for sample in &SAMPLES {
        (sample.make)(&machine.path("vmail"));
    }
    let index = cyrus.with_file_name("cyrus.index");
    place(cyrus.with_file_name("2."), "Subject: two\r\n\r\n");
    place(index.clone(), &cyrus_files::index(&[(1, 100), (2, 16)])[..START + RECORD + 50]);
    let whole = fs::read(&log).expect("the sample has it");
    // A record that is longer than the rest of the file.
    place(log.clone(), [&whole, b"\x80\x80\x81\x80\x02\0\0\x10half".as_slice()].concat());
    let scanned = ScanResult::scan(&machine, "vmail");
    assert_eq!([scanned.problem(&index), scanned.problem(&log)], ["damaged"; 2]);
    assert_eq!(number(scanned.mailbox("mdbox ann@mdbox.example"), "messages"), 1);
    assert!(number(scanned.mailbox("cyrus ann"), "messages") >= 1, "the first record is whole");
}

#[test]
fn an_empty_mbox_has_no_messages() {
    let (_machine, scanned) = scan_after(MBOX, nothing);
    let scanned = scanned.without_problems();
    assert_eq!(number(&scanned.store, "messages"), SAMPLES.len() as u64 - 1);
}

#[test]
fn an_mbox_cut_in_its_only_message_keeps_it() {
    let (_machine, scanned) = scan_after(MBOX, |mut file| {
        file.truncate(100);
        file
    });
    let scanned = scanned.without_problems();
    assert_eq!(number(scanned.mailbox("mbox ann@mbox.example"), "message_bytes"), 100);
}

#[test]
fn a_compressed_mbox_is_read_and_a_truncated_one_reported() {
    let machine = Machine::new();
    let root = machine.store("vmail").root;
    (SAMPLES[3].make)(&root);
    let old = root.join(MBOX).with_file_name("Old.gz");
    place(root.join(MBOX).with_file_name("Old"), mbox_file().repeat(50));
    answer(Command::new("gzip").arg(root.join(MBOX).with_file_name("Old")));
    let scanned = ScanResult::scan(&machine, "vmail").without_problems();
    let mailbox = scanned.mailbox(SAMPLES[3].mailbox);
    assert_eq!(number(mailbox, "logical_bytes"), 51 * LETTER.len() as u64);
    let on_disk = old.metadata().expect("gzip made it").len() + mbox_file().len() as u64;
    assert_eq!([number(mailbox, "messages"), number(mailbox, "message_bytes")], [51, on_disk]);
    let whole = fs::read(&old).expect("gzip made it");
    place(old.clone(), &whole[..whole.len() - 20]);
    assert_eq!(ScanResult::scan(&machine, "vmail").problem(&old), "damaged");
}

#[test]
fn a_dbox_header_with_a_false_size_is_reported() {
    for (name, size) in [(SDBOX, "FFFFFFFFFFFFFFFF"), (MDBOX, "FFFFFFFFFFFFFFFF"), (MDBOX, "7FFFFFFFFFFFFFFF")] {
        let (machine, _) = scan_after(name, |file| file);
        let path = below(&machine, "vmail", name);
        let mut file = fs::read(&path).expect("the sample has it");
        let at = "2 M1e C695ba9c0\n".len() + 13;
        file[at..at + 16].copy_from_slice(size.as_bytes());
        fs::write(&path, file).expect("it can be written");
        assert_eq!(ScanResult::scan(&machine, "vmail").problem(&path), "damaged", "{size} in {name}");
    }
}

#[test]
fn a_scan_survives_every_truncation_of_every_binary_file() {
    // One store with a user for each length.
    for (sample, name) in [(1, SDBOX), (2, MDBOX), (2, MAP_LOG), (2, FOLDER_LOG), (5, CYRUS_HEADER), (5, CYRUS_INDEX)] {
        let machine = Machine::new();
        machine.store("vmail");
        let home = |length: usize| machine.path("vmail").join(length.to_string());
        (SAMPLES[sample].make)(&home(0));
        let whole = fs::read(home(0).join(name)).expect("the sample has it");
        for length in 1..whole.len() {
            (SAMPLES[sample].make)(&home(length));
            place(home(length).join(name), &whole[..length]);
        }
        let scanned = ScanResult::scan(&machine, "vmail");
        let is_reported = |length: &usize| {
            let path = home(*length).join(name);
            scanned.problems.iter().any(|problem| Path::new(text(problem, "path")) == path)
        };
        let silent: Vec<usize> = (1..whole.len()).filter(|length| !is_reported(length)).collect();
        // A cut at the end of a record cannot be detected.
        assert!(silent.len() < 12, "{name} cut to {silent:?} of {} bytes is not reported", whole.len());
    }
}
