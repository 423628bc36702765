//! `scan --names`: sizes from file names.

use std::fs::{self, File};
use std::io::Write;
use std::path::PathBuf;

use flate2::Compression;
use flate2::write::GzEncoder;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::Value;

use crate::support::machine::Machine;
use crate::support::rescan::{assert_alike, full, later, settle};
use crate::support::scan_result::number;
use crate::support::system_calls::SystemCalls;

const MAILBOXES: usize = 50;
const MESSAGES: usize = 40;

/// The words of the messages, which compress like mail.
const WORDS: [&str; 12] =
    ["mail", "store", "runway", "attached", "regards", "Tuesday", "42", "https://", "the", "invoice", "\n", "of"];

/// A store whose messages are written by `write`, which gets the path without `,S=` and the size.
fn filled(write: impl Fn(&mut ChaCha8Rng, PathBuf, usize)) -> Machine {
    let machine = Machine::new();
    let mut draws = ChaCha8Rng::seed_from_u64(7);
    for mailbox in 0..MAILBOXES {
        let home = machine.path(&format!("vmail/example.org/user{mailbox}"));
        for part in ["cur", "new", "tmp"] {
            fs::create_dir_all(home.join(part)).expect("a directory can be made");
        }
        for message in 0..MESSAGES {
            let size = draws.random_range(500..20_000);
            write(&mut draws, home.join("cur").join(format!("17676144{message:02}.M{mailbox}P1.mx1")), size);
        }
    }
    machine
}

/// The path with the uncompressed size in the name.
fn named(path: PathBuf, size: usize) -> PathBuf {
    let base = path.to_str().expect("the test names it in ASCII");
    PathBuf::from(format!("{base},S={size}:2,S"))
}

fn text(draws: &mut ChaCha8Rng, size: usize) -> Vec<u8> {
    let mut text = Vec::new();
    while text.len() < size {
        text.extend(WORDS[draws.random_range(0..WORDS.len())].bytes());
        text.extend(format!(" {} ", draws.random_range(0..1_000)).bytes());
    }
    text.truncate(size);
    text
}

/// The store by names only and by a full scan.
fn both(machine: &Machine) -> (Value, Value) {
    let names = machine.run("scan vmail --names --history names --format json").succeeds().json();
    let truth = full(machine, "vmail");
    let (names, truth) = (names["stores"][0].clone(), truth["stores"][0].clone());
    assert!(truth["calibration"].is_null(), "a full scan has no calibration: {}", truth["calibration"]);
    assert_eq!(names["messages"], truth["messages"], "messages");
    (names, truth)
}

/// The relative error of a figure.
fn error(names: &Value, truth: &Value, figure: &str) -> f64 {
    let (actual, truth) = (number(names, figure) as f64, number(truth, figure) as f64);
    (actual - truth).abs() / truth
}

#[test]
fn correct_names_give_exact_sizes() {
    let machine =
        filled(|draws, path, size| fs::write(named(path, size), text(draws, size)).expect("it can be written"));
    let (names, truth) = both(&machine);
    assert!(names["calibration"].is_object(), "a scan by names has its calibration: {}", names["calibration"]);
    for figure in ["message_bytes", "logical_bytes"] {
        assert_eq!(names[figure], truth[figure], "{figure}");
    }
}

#[test]
fn sizes_of_compressed_messages_are_estimated() {
    let machine = filled(|draws, path, size| {
        let file = File::create(named(path, size)).expect("the name is new");
        let mut gzip = GzEncoder::new(file, Compression::default());
        gzip.write_all(&text(draws, size)).and_then(|()| gzip.try_finish()).expect("it can be written");
    });
    let (names, truth) = both(&machine);
    let (on_disk, uncompressed) = (number(&truth, "message_bytes"), number(&truth, "logical_bytes"));
    assert!(on_disk * 3 < uncompressed * 2, "the messages are compressed: {on_disk} of {uncompressed}");
    assert_eq!(names["logical_bytes"], truth["logical_bytes"], "names have the size of the mail");
    let error = error(&names, &truth, "message_bytes");
    assert!(error < 0.05, "{} for {on_disk}: {error:.3}", names["message_bytes"]);
}

#[test]
fn messages_without_a_size_in_the_name_are_statted() {
    let machine = filled(|draws, path, size| fs::write(path, text(draws, size)).expect("it can be written"));
    let (names, truth) = both(&machine);
    for figure in ["message_bytes", "logical_bytes", "allocated_bytes"] {
        assert_eq!(names[figure], truth[figure], "{figure}");
    }
}

#[test]
fn names_with_and_without_sizes_may_be_mixed() {
    let machine = filled(|draws, path, size| {
        let path = if draws.random_bool(0.3) { path } else { named(path, size) };
        fs::write(path, text(draws, size)).expect("it can be written");
    });
    let (names, truth) = both(&machine);
    assert!(error(&names, &truth, "message_bytes") < 0.02, "{names:#}\nbut {truth:#}");
}

#[test]
fn linked_messages_count_by_name() {
    let machine = filled(|draws, path, size| {
        let path = named(path, size);
        fs::write(&path, text(draws, size)).expect("it can be written");
        if draws.random_bool(0.5) {
            let name = path.file_name().and_then(|name| name.to_str()).expect("the test names it in ASCII");
            fs::hard_link(&path, path.with_file_name(name.replace(".M", ".N"))).expect("a message can be linked");
        }
    });
    let (names, truth) = both(&machine);
    assert_eq!(names["message_bytes"], truth["message_bytes"], "message_bytes");
}

#[test]
fn the_text_shows_the_estimated_error() {
    let machine =
        filled(|draws, path, size| fs::write(named(path, size), text(draws, size)).expect("it can be written"));
    let outcome = machine.run("scan vmail --names").succeeds();
    let words = (outcome.words() + &outcome.stderr()).to_lowercase();
    let (_, sizes) = words.split_once("calibrated by ").unwrap_or_else(|| panic!("there is no calibration in {words}"));
    assert!(sizes.split_once("error of the mail ±").is_some_and(|(_, error)| error.contains('%')), "no error: {sizes}");
}

#[test]
fn names_only_results_are_not_cached_as_exact() {
    // The sizes in the names are a tenth of the real ones.
    let machine = filled(|draws, path, size| {
        fs::write(named(path, size / 10), text(draws, size)).expect("it can be written");
    });
    settle();
    machine.run("scan vmail --names").succeeds();
    assert_alike(&later(&machine, "vmail"), &full(&machine, "vmail"), "a scan after one by names");
    machine.run("scan vmail --names").succeeds();
    assert_alike(&later(&machine, "vmail"), &full(&machine, "vmail"), "a scan after both");
}

#[test]
#[ignore = "needs strace: run tests/run"]
fn few_messages_are_statted() {
    let machine =
        filled(|draws, path, size| fs::write(named(path, size), text(draws, size)).expect("it can be written"));
    let calls = SystemCalls::trace(&machine, "scan vmail --names");
    let asked = calls.named(".mx1").len();
    assert!(asked < MAILBOXES * MESSAGES / 2, "{asked} messages of {} were statted", MAILBOXES * MESSAGES);
    assert!(asked > 0, "some messages are statted for the calibration");
}
