//! The smallest store of each format, with one message.

use serde_json::Value;

use crate::support::machine::Machine;
use crate::support::samples::{LETTER, SAMPLES, Sample, mbox_file};
use crate::support::scan_result::{ScanResult, list, number, text};

/// The size of the letter with CRLF line ends.
fn with_crlf() -> u64 {
    LETTER.replace('\n', "\r\n").len() as u64
}

/// A machine whose store `vmail` has these samples.
fn with(samples: &[Sample]) -> Machine {
    let machine = Machine::new();
    machine.store("vmail");
    for sample in samples {
        (sample.make)(&machine.path("vmail"));
    }
    machine
}

/// Checks the figures of a sample's mailbox.
fn assert_one_letter(scanned: &ScanResult, sample: &Sample) {
    let mailbox = scanned.mailbox(sample.mailbox);
    let layout = text(mailbox, "layout");
    let logical = if layout == "cyrus" { with_crlf() } else { LETTER.len() as u64 };
    let figures = ["messages", "logical_bytes", "reclaimable_bytes"].map(|figure| number(mailbox, figure));
    assert_eq!(figures, [1, logical, 0], "messages, logical_bytes, reclaimable_bytes of {mailbox}");
    if ["sdbox", "mdbox", "mbox", "cyrus"].contains(&layout) {
        assert_eq!(number(mailbox, "virtual_bytes"), with_crlf(), "the format stores virtual sizes: {mailbox}");
    }
    let arrived = Value::from("2026-01-05T12:00:00Z");
    assert_eq!([&mailbox["oldest"], &mailbox["newest"]], [&arrived; 2], "{mailbox}");
    let folders = list(mailbox, "folders");
    let held: Vec<&Value> = folders.iter().filter(|folder| number(folder, "messages") > 0).collect();
    assert_eq!(held.len(), 1, "one folder has it: {folders:#?}");
    assert_eq!(held[0]["special_use"], "inbox", "{}", held[0]);
}

#[test]
fn each_format_alone_has_one_letter() {
    for sample in &SAMPLES {
        let machine = with(std::slice::from_ref(sample));
        let scanned = ScanResult::scan(&machine, "vmail").without_problems();
        assert_eq!(scanned.addresses(), [sample.mailbox], "no other mailbox");
        assert_one_letter(&scanned, sample);
    }
}

#[test]
fn all_formats_in_one_store_have_one_letter_each() {
    let machine = with(&SAMPLES);
    let scanned = ScanResult::scan(&machine, "vmail").without_problems();
    let mut mailboxes = SAMPLES.map(|sample| sample.mailbox);
    mailboxes.sort_unstable();
    assert_eq!(scanned.addresses(), mailboxes);
    for sample in &SAMPLES {
        assert_one_letter(&scanned, sample);
    }
    assert_eq!(number(&scanned.store, "messages"), SAMPLES.len() as u64);
}

#[test]
fn message_bytes_are_the_size_in_the_file() {
    let machine = with(&SAMPLES);
    let scanned = ScanResult::scan(&machine, "vmail");
    for sample in &SAMPLES {
        let file = machine.path("vmail").join(sample.message).metadata().expect("the sample has it").len();
        let mailbox = scanned.mailbox(sample.mailbox);
        let expected = match text(mailbox, "layout") {
            // The file header is not part of a message.
            "mdbox" => file - "2 M1e C695ba9c0\n".len() as u64,
            "mbox" => mbox_file().len() as u64,
            _ => file,
        };
        assert_eq!(number(mailbox, "message_bytes"), expected, "{}", sample.mailbox);
    }
}

#[test]
fn the_text_names_every_layout_found() {
    let machine = with(&SAMPLES);
    let text = machine.run("scan vmail").succeeds().keeps_silent().text();
    for word in ["maildir", "sdbox", "mdbox", "mbox", "cyrus", "mh"] {
        let mut words = text.split(|c: char| !c.is_alphanumeric());
        assert!(words.any(|found| found.eq_ignore_ascii_case(word)), "`{word}` is missing from {text}");
    }
}

#[test]
fn each_mailbox_has_a_sureness() {
    let scanned = ScanResult::scan(&with(&SAMPLES), "vmail");
    for sample in &SAMPLES {
        let sureness = text(scanned.mailbox(sample.mailbox), "sureness").to_owned();
        // MH has no file that identifies it.
        let expected: &[&str] = if sample.mailbox.starts_with("mh ") { &["certain", "likely"] } else { &["certain"] };
        assert!(expected.contains(&sureness.as_str()), "{}: {sureness}", sample.mailbox);
    }
}

#[test]
fn files_beside_the_mail_have_their_class() {
    let scanned = ScanResult::scan(&with(&SAMPLES), "vmail");
    assert!(scanned.class("index", "files") >= 7, "logs of dbox and mbox, Cyrus's index and cache");
    assert!(scanned.class("message", "bytes") >= 7 * LETTER.len() as u64);
    assert_eq!(scanned.class("other", "files"), 0, "every file is known: {:#}", scanned.store["classes"]);
    assert_eq!(scanned.class("reclaimable", "bytes"), 0);
    assert_eq!(scanned.class("temporary", "bytes"), 0);
}
