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

use super::changes::ACTS;
use crate::support::samples::SAMPLES;
use crate::support::scan_result::answer;

/// When mail of these stores began to arrive: noon of 2026-01-05, in unix seconds.
const BEGIN: u64 = 1_767_614_400;

/// What parts a name from its flags.
const FLAGS: &[u8] = b":2,";

/// A store, what lies beside it, and what has happened to it.
///
/// Nothing but the seed decides what happens: not the clock, nor the order in which a directory is listed.
pub struct Changing {
    pub root: PathBuf,
    /// A directory outside of the store, on the same file system.
    pub beside: PathBuf,
    /// What has happened, in words.
    pub history: Vec<String>,
    /// The messages of which another file took the place since the last scan, by their names without flags.
    pub rewritten: BTreeSet<OsString>,
    draws: ChaCha8Rng,
    made: u64,
}

impl Changing {
    /// A store with mail in every format.
    pub fn new(root: PathBuf, beside: PathBuf, seed: u64) -> Changing {
        fs::create_dir_all(&beside).expect("a directory can be made");
        let draws = ChaCha8Rng::seed_from_u64(seed);
        let mut store = Changing { root, beside, history: Vec::new(), rewritten: BTreeSet::new(), draws, made: 0 };
        for sample in &SAMPLES {
            (sample.make)(&store.root);
        }
        write(&store.root.join("aside/list"), b"what lies in no mailbox\n");
        for mailbox in ["d1.example/ann", "d1.example/bob", "d2.example/ann", "d2.example/eve"] {
            for folder in ["", ".Sent", ".Archive.2023"] {
                store.make_folder(&store.root.join(mailbox).join(folder), 3);
            }
            write(&store.root.join(mailbox).join("dovecot-uidlist"), b"3 V1 N1\n");
        }
        store
    }

    /// Begins a time between two scans.
    pub fn begin(&mut self, step: usize) {
        self.history.push(format!("-- step {step}"));
        self.rewritten.clear();
    }

    /// Lets something happen that can; returns which act it was.
    pub fn act(&mut self) -> &'static str {
        loop {
            let (name, act) = ACTS[self.draw(ACTS.len())];
            if let Some(what) = act(self) {
                self.history.push(format!("{name}: {what}"));
                return name;
            }
        }
    }

    /// A number below a limit.
    pub fn draw(&mut self, limit: usize) -> usize {
        self.draws.random_range(0..limit)
    }

    /// One of several; none of none.
    pub fn one<T>(&mut self, mut several: Vec<T>) -> Option<T> {
        (!several.is_empty()).then(|| several.swap_remove(self.draws.random_range(0..several.len())))
    }

    /// A number that was never told before.
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

    /// The folders of all mailboxes; where one has no `tmp`, a scan may think otherwise of it.
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

    /// Makes a folder with so many messages.
    pub fn make_folder(&mut self, folder: &Path, messages: usize) {
        for part in ["cur", "new", "tmp"] {
            fs::create_dir_all(folder.join(part)).expect("a directory can be made");
        }
        for _ in 0..messages {
            let name = self.name();
            self.deliver(&folder.join("cur").join(flagged(&name, b"S")));
        }
    }

    /// A name for a message, as servers of many makes give it; some lie, and some are no text.
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

    /// A time of long ago, which only one message has.
    pub fn long_ago(&mut self) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(BEGIN - 100_000_000 + self.number() * 7_200)
    }

    /// A path as the history tells it.
    pub fn told(&self, path: &Path) -> String {
        path.strip_prefix(&self.root).unwrap_or(path).display().to_string()
    }

    /// Two paths as the history tells them.
    pub fn told_both(&self, from: &Path, to: &Path) -> String {
        format!("{} -> {}", self.told(from), self.told(to))
    }
}

/// What lies in a directory, by name.
pub fn entries(directory: &Path) -> Vec<PathBuf> {
    let entries = directory.read_dir().unwrap_or_else(|error| panic!("{}: {error}", directory.display()));
    let mut entries: Vec<PathBuf> = entries.map(|entry| entry.expect("it can be listed").path()).collect();
    entries.sort();
    entries
}

/// The messages in a directory: regular files whose names begin with no dot.
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

/// Writes a file, and makes the directories above it.
pub fn write(path: &Path, content: &[u8]) {
    fs::create_dir_all(path.parent().expect("a file lies in a directory")).expect("it can be made");
    fs::write(path, content).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}

/// When a file or directory was last changed.
pub fn modified(path: &Path) -> SystemTime {
    path.metadata().and_then(|file| file.modified()).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Sets when a file or directory was last changed.
pub fn date(path: &Path, time: SystemTime) {
    let file = File::open(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    file.set_modified(time).expect("the time can be set");
}

/// Gives a file or directory another place.
pub fn relocate(from: &Path, to: &Path) {
    fs::rename(from, to).unwrap_or_else(|error| panic!("{} to {}: {error}", from.display(), to.display()));
}

/// Copies a tree as a backup does it: with all times, those of directories too.
pub fn copy_with_times(from: &Path, to: &Path) {
    answer(Command::new("cp").arg("--archive").arg("--no-target-directory").arg(from).arg(to));
}

/// Copies a tree as a careless person does it.
pub fn copy_without_times(from: &Path, to: &Path) {
    answer(Command::new("cp").arg("--recursive").arg("--no-target-directory").arg(from).arg(to));
}
