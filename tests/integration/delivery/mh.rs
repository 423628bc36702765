//! MH folders that nmh fills, moves, links, packs and empties.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::time::{Duration, UNIX_EPOCH};

use serde_json::Value;
use walkdir::WalkDir;

use crate::support::machine::Machine;
use crate::support::messages;
use crate::support::nmh::Nmh;
use crate::support::scan_result::{ScanResult, list, number, text};

/// The mailbox of the one user.
const ANN: &str = "mh ann";

#[test]
#[ignore = "needs Postfix, nmh, maildrop and procmail: run tests/run"]
fn folders_changed_by_nmh_agree() {
    let machine = Machine::new();
    let home = machine.store("home").root.join("ann");
    let nmh = Nmh::new(home.clone());
    for letter in messages::samples() {
        nmh.store("inbox", &letter);
    }
    nmh.store("work/done/old", &messages::multipart("done", 5_000));
    nmh.store("work", &messages::multipart("work", 500));
    assert_folders_agree(&machine, &nmh);

    fs::create_dir_all(home.join("Mail/archive")).expect("a directory can be made");
    nmh.run("refile", &["1", "3", "+archive", "-src", "+inbox", "-unlink"], b"");
    nmh.run("refile", &["4", "5", "+work", "-src", "+inbox", "-link"], b"");
    nmh.run("rmm", &["+inbox", "2", "11"], b"");
    nmh.run("rmm", &["+work", "1"], b"");
    assert_folders_agree(&machine, &nmh);

    let spool = home.join("spool");
    let letters = messages::samples();
    let mbox: Vec<u8> = [&letters[0], &letters[3]]
        .into_iter()
        .flat_map(|letter| [b"From a@elsewhere.example Mon Jan  5 12:00:00 2026\n".as_slice(), letter, b"\n"].concat())
        .collect();
    fs::write(&spool, mbox).expect("a file can be written");
    nmh.run("inc", &["-file", "spool", "+inbox"], b"");
    fs::remove_file(spool).expect("it was just written");
    nmh.run("folder", &["+inbox", "-pack"], b"");
    nmh.run("refile", &["1", "+archive", "-src", "+inbox"], b"");
    assert_folders_agree(&machine, &nmh);
}

/// Compares a scan with nmh and the disk, folder by folder.
fn assert_folders_agree(machine: &Machine, nmh: &Nmh) {
    let root = machine.path("home/ann/Mail");
    spread_over_time(&root);
    let truth: BTreeMap<String, Vec<u64>> = nmh.folders().into_iter().collect();
    let scanned = ScanResult::scan(machine, "home").without_problems();
    assert_eq!(scanned.addresses(), [ANN]);
    let folders = list(scanned.mailbox(ANN), "folders");
    let actual: BTreeMap<&str, &Value> = folders
        .iter()
        .filter(|folder| number(folder, "messages") > 0)
        .map(|folder| (text(folder, "path"), folder))
        .collect();
    assert_eq!(actual.keys().copied().collect::<Vec<_>>(), truth.keys().map(String::as_str).collect::<Vec<_>>());
    for (name, sizes) in &truth {
        let folder = actual[name.as_str()];
        let figures = ["messages", "message_bytes", "logical_bytes"].map(|figure| number(folder, figure));
        let bytes: u64 = sizes.iter().sum();
        assert_eq!(figures, [sizes.len() as u64, bytes, bytes], "{name}: left the scan, right nmh");
        let times = times(&root.join(name));
        let span = (times.iter().min().cloned(), times.iter().max().cloned());
        let oldest_and_newest = (text(folder, "oldest").to_owned(), text(folder, "newest").to_owned());
        assert_eq!(
            (Some(oldest_and_newest.0), Some(oldest_and_newest.1)),
            span,
            "{name}: arrivals are the files' times"
        );
    }
    assert_eq!(number(scanned.mailbox(ANN), "reclaimable_bytes"), removed(&root), "the files that rmm kept");
}

/// The bytes of messages that only have names left by `rmm` and `refile`.
fn removed(root: &Path) -> u64 {
    let mut files: BTreeMap<u64, (u64, bool)> = BTreeMap::new();
    for entry in WalkDir::new(root).into_iter().flatten().filter(|entry| entry.file_type().is_file()) {
        let metadata = entry.metadata().expect("it is there");
        let (_, is_removed) = files.entry(metadata.ino()).or_insert((metadata.len(), true));
        *is_removed &= entry.file_name().as_encoded_bytes().starts_with(b",");
    }
    files.values().filter(|(_, is_removed)| *is_removed).map(|(size, _)| size).sum()
}
/// The messages of one folder.
fn messages(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder can be listed").flatten();
    let is_message = |path: &std::path::PathBuf| {
        path.file_name().is_some_and(|name| name.to_string_lossy().bytes().all(|byte| byte.is_ascii_digit()))
    };
    entries.map(|entry| entry.path()).filter(|path| path.is_file() && is_message(path)).collect()
}

/// Gives every file a unique time.
fn spread_over_time(root: &Path) {
    let entries = WalkDir::new(root).sort_by_file_name().into_iter().flatten();
    for (day, entry) in entries.filter(|entry| entry.file_type().is_file()).enumerate() {
        let time = UNIX_EPOCH + Duration::from_secs(1_700_000_000 + 86_400 * day as u64);
        let file = File::options().write(true).open(entry.path()).expect("the test may write its own files");
        file.set_modified(time).expect("the time can be set");
    }
}

/// The times of a folder's messages, as in JSON.
fn times(folder: &Path) -> Vec<String> {
    let time = |path: &std::path::PathBuf| {
        let modified = path.metadata().and_then(|metadata| metadata.modified()).expect("a file has a time");
        let seconds = modified.duration_since(UNIX_EPOCH).expect("it is past 1970").as_secs();
        jiff::Timestamp::from_second(seconds.cast_signed()).expect("it is a time of these years").to_string()
    };
    messages(folder).iter().map(time).collect()
}
