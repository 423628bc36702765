//! Measures one unit: every entry below it is asked for relative to its directory, and told to the format's reader.

use std::ffi::OsStr;
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use rustix::fs::{AtFlags, CWD, FileType, Mode, OFlags, RawDir, openat, statat};

use super::find::{other_filesystem, read_problem};
use super::findings::{Findings, Seen};
use super::progress::Progress;
use super::unit::{Content, Unit};
use crate::store::Scope;
use crate::store::reader::{Directory, Entry, Facts, Place, Reader};

/// Large enough that a folder of some thousand messages is listed in a few calls (`getdents64`).
const LIST_BUFFER: usize = 64 << 10;

/// Measures a unit of the store at `root`, staying on `device`.
pub fn measure(root: &Path, unit: &Unit, device: u64, progress: &Progress) -> Findings {
    measure_into(Findings::default(), None, root, unit, device, progress)
}

/// The same, and notes what is told of one path, which has that inode.
pub fn measure_watching(root: &Path, unit: &Unit, device: u64, path: &Path, inode: (u64, u64)) -> Findings {
    measure_into(Findings::watching(inode), Some(path), root, unit, device, &Progress::default())
}

fn measure_into(
    findings: Findings,
    watched: Option<&Path>,
    root: &Path,
    unit: &Unit,
    device: u64,
    progress: &Progress,
) -> Findings {
    let mut reader: Box<dyn Reader> = match unit.content {
        Content::Mailbox(layout, _) => layout.reader(unit.scope),
        Content::Shared(shared) => shared.reader(),
    };
    let mut walk = Walk {
        root,
        unit,
        device,
        reader: reader.as_mut(),
        findings,
        watched,
        buffer: Vec::with_capacity(LIST_BUFFER),
        told: Seen::default(),
        progress,
    };
    for (number, part) in std::iter::once(&unit.path).chain(&unit.joined).enumerate() {
        walk.part(number, &root.join(part));
    }
    let mut findings = walk.findings;
    reader.finish(&mut findings);
    progress.measured();
    findings.sort();
    findings
}

struct Walk<'a> {
    /// The store's root.
    root: &'a Path,
    unit: &'a Unit,
    device: u64,
    reader: &'a mut dyn Reader,
    findings: Findings,
    /// The path that is to be explained, if one is.
    watched: Option<&'a Path>,
    buffer: Vec<u8>,
    /// What the progress has been told of.
    told: Seen,
    progress: &'a Progress,
}

/// A directory that waits: what the disk told of it, and the place of the one above it.
type Waiting = (PathBuf, Facts, Option<Place>);

impl Walk<'_> {
    /// Walks all directories of one part; a stack instead of recursion, so that no depth overflows.
    fn part(&mut self, number: usize, top: &Path) {
        if self.unit.scope == Scope::File {
            return self.file(top);
        }
        let facts = match statat(CWD, top, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(stat) => Facts::from(&stat),
            Err(error) => return self.findings.problems.extend(read_problem(top, &error.into())),
        };
        let mut stack: Vec<Waiting> = vec![(top.to_owned(), facts, None)];
        while let Some(waiting) = stack.pop() {
            if self.is_excluded(&waiting.0) {
                continue;
            }
            if let Err(error) = self.directory(number, top, &waiting, &mut stack) {
                self.findings.problems.extend(read_problem(&waiting.0, &error));
            }
            self.tell_progress();
        }
    }

    fn is_excluded(&self, directory: &Path) -> bool {
        let excluded = &self.unit.excluded;
        !excluded.is_empty() && directory.strip_prefix(self.root).is_ok_and(|path| excluded.iter().any(|e| e == path))
    }

    /// Tells the reader of a directory and of all that is in it, and puts its subdirectories on the stack.
    fn directory(
        &mut self,
        number: usize,
        top: &Path,
        (path, facts, parent): &Waiting,
        stack: &mut Vec<Waiting>,
    ) -> std::io::Result<()> {
        if facts.inode.0 != self.device {
            self.findings.problems.push(other_filesystem(path));
            return Ok(());
        }
        let relative = path.strip_prefix(top).unwrap_or(path);
        let place = self.reader.enter(&Directory { root: number, relative, path }, *parent, &mut self.findings);
        self.findings.directory(place, facts);
        let first = stack.len();
        let outcome = self.list(path, place, stack);
        // The last is walked first: by name, so that the answer does not depend on the file system, and the greatest
        // first, so that a Maildir's `new` comes before its `cur`: a message that moves in between is then seen twice
        // rather than never.
        stack[first..].sort_by(|a, b| a.0.cmp(&b.0));
        outcome
    }

    fn list(&mut self, path: &Path, place: Place, stack: &mut Vec<Waiting>) -> std::io::Result<()> {
        let fd = open_directory(path)?;
        let mut buffer = std::mem::take(&mut self.buffer);
        let mut entries = RawDir::new(fd.as_fd(), buffer_space(&mut buffer));
        let mut outcome = Ok(());
        while let Some(entry) = entries.next() {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    outcome = Err(error.into());
                    break;
                }
            };
            let name = entry.file_name();
            if matches!(name.to_bytes(), b"." | b"..") {
                continue;
            }
            let child = || path.join(OsStr::from_bytes(name.to_bytes()));
            match statat(&fd, name, AtFlags::SYMLINK_NOFOLLOW) {
                Ok(stat) if FileType::from_raw_mode(stat.st_mode) == FileType::Directory => {
                    if self.unit.scope == Scope::Tree {
                        stack.push((child(), Facts::from(&stat), Some(place)));
                    }
                }
                Ok(stat) => {
                    let facts = Facts::from(&stat);
                    let entry = Entry { directory: path, fd: fd.as_fd(), name: name.to_bytes(), facts };
                    self.findings.is_watched_name = self.watched.is_some_and(|watched| watched == entry.path());
                    self.reader.file(place, &entry, &mut self.findings);
                }
                Err(error) => self.findings.problems.extend(read_problem(&child(), &error.into())),
            }
        }
        self.buffer = buffer;
        outcome
    }

    /// A unit that is one file: its directory is not its own.
    fn file(&mut self, path: &Path) {
        let above = path.parent().unwrap_or(path);
        let outcome = (|| {
            let fd = open_directory(above)?;
            let name = path.file_name().unwrap_or_default();
            let facts = Facts::from(&statat(&fd, name, AtFlags::SYMLINK_NOFOLLOW)?);
            let directory = Directory { root: 0, relative: Path::new(""), path: above };
            let place = self.reader.enter(&directory, None, &mut self.findings);
            let entry = Entry { directory: above, fd: fd.as_fd(), name: name.as_bytes(), facts };
            self.reader.file(place, &entry, &mut self.findings);
            Ok::<(), std::io::Error>(())
        })();
        if let Err(error) = outcome {
            self.findings.problems.extend(read_problem(path, &error));
        }
        self.tell_progress();
    }

    fn tell_progress(&mut self) {
        let now = self.findings.seen;
        let told = std::mem::replace(&mut self.told, now);
        self.progress.read(now.files - told.files, now.messages - told.messages, now.bytes.saturating_sub(told.bytes));
    }
}

/// Opens a directory for listing, without following a link, and without touching its access time where that is ours
/// to ask for.
fn open_directory(directory: &Path) -> rustix::io::Result<OwnedFd> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    openat(CWD, directory, flags | OFlags::NOATIME, Mode::empty()).or_else(|error| match error {
        rustix::io::Errno::PERM => openat(CWD, directory, flags, Mode::empty()),
        other => Err(other),
    })
}

fn buffer_space(buffer: &mut Vec<u8>) -> &mut [MaybeUninit<u8>] {
    buffer.clear();
    buffer.spare_capacity_mut()
}
