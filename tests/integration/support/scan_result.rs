//! The result of a scan of one store, compared with `du` and `find`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use super::machine::{Machine, Runway};

/// All classes by their names in JSON.
const CLASSES: [&str; 8] =
    ["message", "reclaimable", "index", "full_text", "shared_attachment", "control", "temporary", "other"];

/// The result for one store and its problems.
pub struct ScanResult {
    /// The store in JSON.
    pub store: Value,
    /// The problems in JSON.
    pub problems: Vec<Value>,
}

impl ScanResult {
    /// Scans a directory of the machine and checks that the sums of the classes match the disk.
    #[track_caller]
    pub fn scan(machine: &Machine, place: &str) -> ScanResult {
        ScanResult::at(machine, &machine.path(place))
    }

    /// As `scan`, for any directory.
    #[track_caller]
    pub fn at(machine: &Machine, root: &Path) -> ScanResult {
        // Some file systems only fix the number of blocks when they write them.
        answer(Command::new("sync").arg("--file-system").arg(root));
        let scanned = ScanResult::run(machine.runway("scan --format json").arg(root));
        scanned.assert_whole(root);
        scanned
    }

    /// Runs a scan of one store, without a comparison with the disk.
    #[track_caller]
    pub fn run(scan: Runway) -> ScanResult {
        let actual = scan.run().succeeds().json();
        let stores = list(&actual, "stores");
        assert_eq!(stores.len(), 1, "one path is one store: {actual}");
        let problems = list(&actual, "problems").to_vec();
        // Damaged mail is counted as far as possible; only unreadable files make a scan incomplete.
        let is_loss = |problem: &Value| ["permission_denied", "read_error"].contains(&text(problem, "kind"));
        assert_eq!(actual["complete"], !problems.iter().any(is_loss), "complete, with {problems:#?}");
        ScanResult { store: stores[0].clone(), problems }
    }

    /// Checks that there are no problems.
    #[track_caller]
    pub fn without_problems(self) -> ScanResult {
        assert!(self.problems.is_empty(), "{:#?}", self.problems);
        self
    }

    /// All mailboxes.
    #[track_caller]
    pub fn mailboxes(&self) -> &[Value] {
        list(&self.store, "mailbox")
    }

    /// Every mailbox as `layout user@domain`, in order.
    #[track_caller]
    pub fn addresses(&self) -> Vec<String> {
        let mut addresses: Vec<String> = self.mailboxes().iter().map(address).collect();
        addresses.sort();
        addresses
    }

    /// The mailbox with this layout and owner: `layout user@domain`.
    #[track_caller]
    pub fn mailbox(&self, wanted: &str) -> &Value {
        let mut found = self.mailboxes().iter().filter(|mailbox| address(mailbox) == wanted);
        let mailbox = found.next().unwrap_or_else(|| {
            panic!("there is no `{wanted}` in {:?}; problems: {:#?}", self.addresses(), self.problems)
        });
        assert!(found.next().is_none(), "`{wanted}` is there twice");
        mailbox
    }

    /// One folder of a mailbox.
    #[track_caller]
    pub fn folder(&self, mailbox: &str, name: &str) -> &Value {
        let folders = list(self.mailbox(mailbox), "folders");
        let names: Vec<&Value> = folders.iter().map(|folder| &folder["name"]).collect();
        let found = folders.iter().find(|folder| folder["name"] == name);
        found.unwrap_or_else(|| panic!("`{mailbox}` has no folder {name:?} among {names:?}"))
    }

    /// The kind of the problem with this path.
    #[track_caller]
    pub fn problem(&self, path: &Path) -> &str {
        let path = path.to_str().expect("the path is UTF-8");
        let found = self.problems.iter().find(|problem| problem["path"] == path);
        let problem = found.unwrap_or_else(|| panic!("there is no problem with {path}: {:#?}", self.problems));
        problem["kind"].as_str().unwrap_or_else(|| panic!("a problem has a kind: {problem}"))
    }

    /// One figure of one class of the store.
    #[track_caller]
    pub fn class(&self, class: &str, figure: &str) -> u64 {
        number(&self.store["classes"][class], figure)
    }

    /// Compares the sums of the classes with `du` and `find`.
    #[track_caller]
    fn assert_whole(&self, root: &Path) {
        let classes = self.store["classes"].as_object().unwrap_or_else(|| panic!("no classes in {}", self.store));
        let words: BTreeSet<&str> = classes.keys().map(String::as_str).collect();
        assert_eq!(words, BTreeSet::from(CLASSES), "the classes");
        let sum = |figure: &str| -> u64 { classes.values().map(|class| number(class, figure)).sum() };
        let disk = WholeStore::on_disk(root);
        assert_eq!(
            sum("allocated_bytes"),
            disk.allocated,
            "allocated bytes: left the classes, right `du`: {classes:#?}"
        );
        assert_eq!(sum("inodes"), disk.inodes, "inodes: left the classes, right `find`: {classes:#?}");
        assert_eq!(sum("files"), disk.files, "names of files: left the classes, right `find`: {classes:#?}");
        assert_eq!(number(&self.store, "files"), disk.files, "files");
        let messages: u64 = self.mailboxes().iter().map(|mailbox| number(mailbox, "messages")).sum();
        assert_eq!(number(&self.store, "messages"), messages, "the store has the messages of its mailboxes");
        for mailbox in self.mailboxes() {
            for figure in ["messages", "message_bytes", "logical_bytes", "reclaimable_bytes"] {
                let folders: u64 = list(mailbox, "folders").iter().map(|folder| number(folder, figure)).sum();
                assert_eq!(number(mailbox, figure), folders, "{figure} of {}", address(mailbox));
            }
        }
    }
}

/// Totals of a root directory, including itself.
struct WholeStore {
    allocated: u64,
    inodes: u64,
    files: u64,
}

impl WholeStore {
    fn on_disk(root: &Path) -> WholeStore {
        let du = answer(Command::new("du").args(["-s", "--block-size=1"]).arg(root));
        let allocated = du.split_whitespace().next().and_then(|bytes| bytes.parse().ok());
        let listing = answer(Command::new("find").arg(root).args(["-printf", "%D:%i %y\\n"]));
        let inodes: BTreeSet<&str> = listing.lines().filter_map(|line| line.split(' ').next()).collect();
        WholeStore {
            allocated: allocated.unwrap_or_else(|| panic!("du prints bytes, not {du:?}")),
            inodes: inodes.len() as u64,
            files: listing.lines().filter(|line| !line.ends_with(" d")).count() as u64,
        }
    }
}

/// The output of a command; any failure ends the test.
#[track_caller]
pub fn answer(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?} does not start: {error}"));
    let words = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {}\n{words}", output.status);
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// A mailbox as `layout user@domain`, or `layout user` without a domain.
#[track_caller]
pub fn address(mailbox: &Value) -> String {
    let layout = text(mailbox, "layout");
    let user = text(mailbox, "user");
    mailbox["domain"].as_str().map_or(format!("{layout} {user}"), |domain| format!("{layout} {user}@{domain}"))
}

/// A number in JSON.
#[track_caller]
pub fn number(part: &Value, field: &str) -> u64 {
    part[field].as_u64().unwrap_or_else(|| panic!("{field} is not a number in {part}"))
}

/// A text in JSON.
#[track_caller]
pub fn text<'a>(part: &'a Value, field: &str) -> &'a str {
    part[field].as_str().unwrap_or_else(|| panic!("{field} is not a text in {part}"))
}

/// A list in JSON.
#[track_caller]
pub fn list<'a>(part: &'a Value, field: &str) -> &'a [Value] {
    part[field].as_array().unwrap_or_else(|| panic!("{field} is not a list in {part}"))
}

/// The absolute path of a file in a directory of the machine.
pub fn below(machine: &Machine, place: &str, name: &str) -> PathBuf {
    machine.path(place).join(name)
}
