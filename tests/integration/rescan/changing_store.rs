//! A store that changes at random, from a seed.

use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::changes::CHANGES;
use crate::support::samples::SAMPLES;
use crate::support::scan_result::answer;

/// The first arrival: noon of 2026-01-05, in unix seconds.
const BEGIN: u64 = 1_767_614_400;

/// The separator between a name and its flags.
const FLAGS: &[u8] = b":2,";

/// A store, a directory beside it, and its history of changes.
///
/// The seed alone decides what happens, not the clock or the order of directory entries.
pub struct ChangingStore {
    pub root: PathBuf,
    /// A directory outside of the store, on the same file system.
    pub beside: PathBuf,
    /// The changes so far.
    pub history: Vec<String>,
    /// Messages replaced by another file since the last scan, by name without flags.
    pub rewritten: BTreeSet<OsString>,
    draws: ChaCha8Rng,
    made: u64,
}

impl ChangingStore {
    /// A store with mail in every format.
    pub fn new(root: PathBuf, beside: PathBuf, seed: u64) -> ChangingStore {
        fs::create_dir_all(&beside).expect("a directory can be made");
        let draws = ChaCha8Rng::seed_from_u64(seed);
        let mut store = ChangingStore { root, beside, history: Vec::new(), rewritten: BTreeSet::new(), draws, made: 0 };
        for sample in &SAMPLES {
            (sample.make)(&store.root);
        }
        write(&store.root.join("aside/list"), b"files outside of mailboxes\n");
        for mailbox in ["d1.example/ann", "d1.example/bob", "d2.example/ann", "d2.example/eve"] {
            for folder in ["", ".Sent", ".Archive.2023"] {
                store.make_folder(&store.root.join(mailbox).join(folder), 3);
            }
            write(&store.root.join(mailbox).join("dovecot-uidlist"), b"3 V1 N1\n");
        }
        store
    }

    /// Starts the time between two scans.
    pub fn begin(&mut self, step: usize) {
        self.history.push(format!("-- step {step}"));
        self.rewritten.clear();
    }

    /// Applies a possible random change and returns its name.
    pub fn change(&mut self) -> &'static str {
        loop {
            let (name, change) = CHANGES[self.draw(CHANGES.len())];
            if let Some(what) = change(self) {
                self.history.push(format!("{name}: {what}"));
                return name;
            }
        }
    }

    /// A number below a limit.
    pub fn draw(&mut self, limit: usize) -> usize {
        self.draws.random_range(0..limit)
    }

    /// A random element, if there is one.
    pub fn one<T>(&mut self, mut several: Vec<T>) -> Option<T> {
        (!several.is_empty()).then(|| several.swap_remove(self.draws.random_range(0..several.len())))
    }

    /// A new number.
    pub fn number(&mut self) -> u64 {
        self.made += 1;
        self.made
    }

    /// The directories of domains.
    pub fn domains(&self) -> Vec<PathBuf> {
        let is_domain = |path: &PathBuf| base(path).starts_with(b"d") && base(path)[1].is_ascii_digit();
        entries(&self.root).into_iter().filter(is_domain).collect()
    }

    /// The mailboxes, all of them Maildirs.
    pub fn mailboxes(&self) -> Vec<PathBuf> {
        self.domains().iter().flat_map(|domain| entries(domain)).collect()
    }

    /// The folders of all mailboxes, including those without `tmp`, which a scan may not recognise.
    pub fn folders(&self) -> Vec<PathBuf> {
        let inside = |mailbox: PathBuf| {
            let dotted: Vec<PathBuf> = entries(&mailbox).into_iter().filter(|p| base(p).starts_with(b".")).collect();
            [vec![mailbox], dotted].concat()
        };
        let folders = self.mailboxes().into_iter().flat_map(inside);
        folders.filter(|folder| folder.join("cur").is_dir() && folder.join("new").is_dir()).collect()
    }

    /// The folders that are not a mailbox's inbox.
    pub fn subfolders(&self) -> Vec<PathBuf> {
        self.folders().into_iter().filter(|folder| base(folder).starts_with(b".")).collect()
    }

    /// The messages in `cur` or in `new` of all folders.
    pub fn messages_in(&self, part: &str) -> Vec<PathBuf> {
        let parts = self.folders().into_iter().map(|folder| folder.join(part));
        parts.flat_map(|part| messages(&part)).collect()
    }

    /// All messages.
    pub fn messages(&self) -> Vec<PathBuf> {
        [self.messages_in("cur"), self.messages_in("new")].concat()
    }

    /// Creates a folder with messages.
    pub fn make_folder(&mut self, folder: &Path, messages: usize) {
        for part in ["cur", "new", "tmp"] {
            fs::create_dir_all(folder.join(part)).expect("a directory can be made");
        }
        for _ in 0..messages {
            let name = self.name();
            self.deliver(&folder.join("cur").join(flagged(&name, b"S")));
        }
    }

    /// A message name in the style of various servers; some have false sizes, and some are not UTF-8.
    pub fn name(&mut self) -> OsString {
        let (number, size) = (self.number(), self.draw(9_000));
        let seconds = BEGIN + number * 3_600;
        match self.draw(5) {
            0 => format!("{seconds}.M{number}P1.mx1,S={size},W={}", size + 20).into(),
            1 => format!("{seconds}.M{number}P1.mx1,S={size}").into(),
            2 => format!("{seconds}.V801I{number}.mx1").into(),
            3 => format!("message{number},S={size}").into(),
            _ => OsString::from_vec([format!("{seconds}.M{number}").as_bytes(), b"\xff\xfe.mx1"].concat()),
        }
    }

    /// Writes a message that arrives now; a few are empty, and a few have holes.
    pub fn deliver(&mut self, path: &Path) {
        let size = self.draw(20_000) as u64;
        match self.draw(8) {
            0 => write(path, b""),
            1 => {
                let file = File::create_new(path).expect("the name is new");
                file.set_len(size * 10).expect("a file can have a hole");
            }
            _ => write(path, &vec![b'm'; size as usize]),
        }
    }

    /// A unique time long ago.
    pub fn long_ago(&mut self) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(BEGIN - 100_000_000 + self.number() * 7_200)
    }

    /// A path relative to the store.
    pub fn relative(&self, path: &Path) -> String {
        path.strip_prefix(&self.root).unwrap_or(path).display().to_string()
    }

    /// Two paths relative to the store.
    pub fn relative_pair(&self, from: &Path, to: &Path) -> String {
        format!("{} -> {}", self.relative(from), self.relative(to))
    }
}

/// The entries of a directory, by name.
pub fn entries(directory: &Path) -> Vec<PathBuf> {
    let entries = directory.read_dir().unwrap_or_else(|error| panic!("{}: {error}", directory.display()));
    let mut entries: Vec<PathBuf> = entries.map(|entry| entry.expect("it can be listed").path()).collect();
    entries.sort();
    entries
}

/// The messages in a directory: regular files whose names do not start with a dot.
pub fn messages(directory: &Path) -> Vec<PathBuf> {
    let is_message =
        |path: &PathBuf| !base(path).starts_with(b".") && path.symlink_metadata().is_ok_and(|file| file.is_file());
    entries(directory).into_iter().filter(is_message).collect()
}

/// The last part of a path.
pub fn base(path: &Path) -> &[u8] {
    path.file_name().map_or(b"", OsStr::as_bytes)
}

/// The name of a message without its flags, and the flags.
pub fn parts(path: &Path) -> (OsString, Vec<u8>) {
    let name = base(path);
    let at = name.windows(FLAGS.len()).position(|part| part == FLAGS).unwrap_or(name.len());
    let flags = name[at..].strip_prefix(FLAGS).unwrap_or_default();
    (OsStr::from_bytes(&name[..at]).to_owned(), flags.to_vec())
}

/// A name with flags.
pub fn flagged(name: &OsStr, flags: &[u8]) -> OsString {
    OsString::from_vec([name.as_bytes(), FLAGS, flags].concat())
}

/// Writes a file and creates its parent directories.
pub fn write(path: &Path, content: &[u8]) {
    fs::create_dir_all(path.parent().expect("a file lies in a directory")).expect("it can be made");
    fs::write(path, content).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}

/// The modification time of a file or directory.
pub fn modified(path: &Path) -> SystemTime {
    path.metadata().and_then(|file| file.modified()).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Sets the modification time of a file or directory.
pub fn date(path: &Path, time: SystemTime) {
    let file = File::open(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    file.set_modified(time).expect("the time can be set");
}

/// Renames a file or directory.
pub fn relocate(from: &Path, to: &Path) {
    fs::rename(from, to).unwrap_or_else(|error| panic!("{} to {}: {error}", from.display(), to.display()));
}

/// Copies a tree with all times, including those of directories.
pub fn copy_with_times(from: &Path, to: &Path) {
    answer(Command::new("cp").arg("--archive").arg("--no-target-directory").arg(from).arg(to));
}

/// Copies a tree without times.
pub fn copy_without_times(from: &Path, to: &Path) {
    answer(Command::new("cp").arg("--recursive").arg("--no-target-directory").arg(from).arg(to));
}
