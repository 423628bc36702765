//! Walks through one unit: every entry below it is told to the format's reader, as the disk tells it, or as an earlier
//! scan remembers it.

use std::ffi::OsStr;
use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::path::{Path, PathBuf};

use rustix::io::Errno;

use crate::scan::cache::lookup::{Finder, Recall, Trust};
use crate::scan::cache::message_table;
use crate::scan::cache::recorder::Notebook;
use crate::scan::cache::unit_record;
use crate::scan::cache::unit_record::{Directory as Known, Held};
use crate::scan::discover::search::{other_filesystem, read_problem};
use crate::scan::io::readdir::os_name;
use crate::scan::measure::directory::{Listing, Room};
use crate::scan::measure::{Audit, Ground};
use crate::scan::tally::directory::Count;
use crate::scan::tally::mailbox::Findings;
use crate::scan::tally::use_cohorts::OnDisk;
use crate::scan::unit::{Content, Unit};
use crate::store::Scope;
use crate::store::reader::{FileEntry, FolderId, Keeps, MailboxDirectory, Place, Reader};

/// A table of messages is needed that cannot be read.
#[derive(Debug)]
pub(super) struct Damaged;

/// One unit while it is walked.
pub(super) struct Walk<'a> {
    pub ground: &'a Ground<'a>,
    pub unit: &'a Unit,
    pub reader: Box<dyn Reader>,
    pub findings: Findings,
    /// The path that is to be explained, if one is.
    pub watched: Option<&'a Path>,
    pub room: Room,
    /// What the progress has been told of.
    pub told: Count,
    pub recall: Recall<'a>,
    pub finder: Finder<'a>,
    /// What is remembered of the directory that is at hand.
    pub known: Option<&'a Known>,
    pub notebook: Notebook,
    pub audit: Audit,
    /// Directories of messages that were found as they were, with their folders.
    pub repeated: Vec<(FolderId, &'a Known)>,
    /// Whether messages of this unit were listed, so that all of its cohorts are to be gathered anew.
    pub is_anew: bool,
}

/// A directory that waits: its path relative to its part of the unit, and the place of the one above it.
pub(super) type Waiting = (PathBuf, Option<Place>);

/// The part of a unit that is walked.
#[derive(Clone, Copy)]
pub(super) struct Part<'a> {
    pub number: usize,
    /// Its path relative to the store's root.
    pub relative: &'a Path,
    /// Its whole path.
    pub top: &'a Path,
    /// Its directory, from which all others are reached.
    pub fd: BorrowedFd<'a>,
}

impl Part<'_> {
    /// Puts the whole path of a directory in the place of another.
    fn path(&self, relative: &Path, path: &mut PathBuf) {
        path.clear();
        path.push(self.top);
        // With nothing behind it, it would end in a slash.
        if !relative.as_os_str().is_empty() {
            path.push(relative);
        }
    }
}

impl<'a> Walk<'a> {
    pub(super) fn new(ground: &'a Ground, unit: &'a Unit, recall: Recall<'a>) -> Walk<'a> {
        Walk {
            ground,
            unit,
            reader: match unit.content {
                Content::Mailbox(layout, _) => layout.reader(unit.scope),
                Content::Shared(shared) => shared.reader(),
            },
            findings: Findings::default(),
            watched: None,
            room: Room::take(),
            told: Count::default(),
            recall,
            finder: Finder::default(),
            known: None,
            notebook: Notebook::default(),
            audit: Audit::default(),
            repeated: Vec::new(),
            is_anew: false,
        }
    }

    pub(super) fn walk(mut self) -> Result<(Findings, Notebook, Audit), Damaged> {
        for (number, relative) in std::iter::once(&self.unit.path).chain(&self.unit.joined).enumerate() {
            let top = self.ground.root.path_of(relative);
            match self.unit.scope {
                Scope::File => self.file(&top),
                Scope::Tree | Scope::Directory => match self.ground.root.start(relative) {
                    Ok(fd) => self.part(Part { number, relative, top: &top, fd: fd.as_fd() })?,
                    Err(error) => self.unopened(&top, &error),
                },
            }
        }
        self.reader.finish(&mut self.findings);
        self.finish_cohorts()?;
        std::mem::take(&mut self.room).give_back();
        self.ground.progress.measured();
        self.findings.sort();
        Ok((self.findings, self.notebook, self.audit))
    }

    /// Walks all directories of one part; a stack instead of recursion, so that no depth overflows.
    fn part(&mut self, part: Part) -> Result<(), Damaged> {
        let mut stack: Vec<Waiting> = vec![(PathBuf::new(), None)];
        let mut path = PathBuf::new();
        while let Some(waiting) = stack.pop() {
            if self.ground.stop.is_asked() {
                return Ok(());
            }
            part.path(&waiting.0, &mut path);
            if self.is_excluded(&path) {
                continue;
            }
            let first = stack.len();
            if !self.repeat(part, &path, &waiting, &mut stack)? {
                self.list(part, &path, &waiting, &mut stack)?;
            }
            // The last is walked first: by name, so that the answer does not depend on the file system, and the greatest
            // first, so that a Maildir's `new` comes before its `cur`: a message that moves in between is then seen twice
            // rather than never.
            stack[first..].sort_by(|a, b| a.0.cmp(&b.0));
            self.tell_progress();
        }
        Ok(())
    }

    fn is_excluded(&self, directory: &Path) -> bool {
        let excluded = &self.unit.excluded;
        let relative = || directory.strip_prefix(&self.ground.root.path);
        !excluded.is_empty() && relative().is_ok_and(|path| excluded.iter().any(|e| e == path))
    }

    /// Tells what is remembered of a directory, if it stands still; whether it does.
    fn repeat(
        &mut self,
        part: Part,
        path: &Path,
        (relative, parent): &Waiting,
        stack: &mut Vec<Waiting>,
    ) -> Result<bool, Damaged> {
        let index = self.finder.find(&self.recall, part.number, relative);
        self.known = index.and_then(|index| self.recall.directory(index));
        let Some((index, known)) = index.zip(self.known) else { return Ok(false) };
        if self.recall.trust(known) != Trust::Whole {
            return Ok(false);
        }
        match &known.held {
            Held::Names(names) => Ok(self.repeat_names(part, path, (relative, *parent), (index, known, names), stack)),
            Held::Messages { sums, .. } => {
                let root = self.ground.root;
                let Ok(seen) = root.see_at(part.fd, relative) else { return Ok(false) };
                if seen.stand != known.stand {
                    return Ok(false);
                }
                let directory = MailboxDirectory { root: part.number, relative, path, directories: Some(&[]) };
                let place = self.reader.enter(&directory, *parent, &mut self.findings);
                if self.reader.keeps(place) != Keeps::Messages {
                    return Ok(false);
                }
                self.findings.directory(place, &seen.facts);
                self.findings.repeat(place.folder, sums);
                self.notebook.again(index);
                if self.is_anew {
                    self.gather(place.folder, known)?;
                } else {
                    self.repeated.push((place.folder, known));
                }
                Ok(true)
            }
        }
    }

    /// Asks for the files of a directory in which the same names lie as before.
    fn repeat_names(
        &mut self,
        part: Part,
        path: &Path,
        (relative, parent): (&Path, Option<Place>),
        (index, known, names): (usize, &Known, &unit_record::Names),
        stack: &mut Vec<Waiting>,
    ) -> bool {
        let root = self.ground.root;
        // Opened only if there is something in it to ask for: a `tmp` seldom holds anything.
        let opened = names.entries().next().map(|_| root.start_at(part.fd, relative)).transpose();
        let Ok(fd) = opened else { return false };
        let seen = fd.as_ref().map_or_else(|| root.see_at(part.fd, relative), |fd| root.see(fd));
        let Some(seen) = seen.ok().filter(|seen| seen.stand == known.stand) else { return false };
        let directory = MailboxDirectory { root: part.number, relative, path, directories: Some(&names.directories) };
        let place = self.reader.enter(&directory, parent, &mut self.findings);
        if self.reader.keeps(place) != Keeps::Names {
            return false;
        }
        self.findings.directory(place, &seen.facts);
        let fd = fd.as_ref().map_or(part.fd, |fd| fd.as_fd());
        for name in names.entries() {
            match root.ask(fd, name) {
                Ok(facts) => self.tell(place, &FileEntry { directory: path, fd, name: name.to_bytes(), facts }),
                Err(error) => self.lost(path, os_name(name), &error),
            }
        }
        if self.unit.scope == Scope::Tree {
            stack.extend(names.directories.iter().map(|name| (relative.join(name), Some(place))));
        }
        self.notebook.again(index);
        true
    }

    /// Tells the reader of a directory and of all that is in it, and puts its subdirectories on the stack.
    fn list(
        &mut self,
        part: Part,
        path: &Path,
        (relative, parent): &Waiting,
        stack: &mut Vec<Waiting>,
    ) -> Result<(), Damaged> {
        let root = self.ground.root;
        // What may be listed need not be one that may be searched, and can be opened from above only.
        let opened = match relative.as_os_str().is_empty() {
            true => root.open_directory(part.relative),
            false => root.open_directory_at(part.fd, relative),
        };
        let opened = opened.and_then(|fd| root.see(&fd).map(|seen| (fd, seen)));
        let (fd, seen) = match opened {
            Ok(opened) => opened,
            Err(error) => {
                self.unlisted(part, path, (relative, *parent), &error);
                return Ok(());
            }
        };
        Listing::new(self, part, path, (relative, *parent), fd.as_fd(), seen).list(stack)
    }

    /// A directory that may not be opened takes its blocks as well.
    fn unlisted(&mut self, part: Part, path: &Path, (relative, parent): (&Path, Option<Place>), error: &io::Error) {
        let kind = error.raw_os_error().map(Errno::from_raw_os_error);
        if !matches!(kind, Some(Errno::XDEV | Errno::NOTDIR | Errno::LOOP))
            && let Ok(seen) = self.ground.root.see_at(part.fd, relative)
        {
            let directory = MailboxDirectory { root: part.number, relative, path, directories: None };
            let place = self.reader.enter(&directory, parent, &mut self.findings);
            self.findings.directory(place, &seen.facts);
        }
        self.unopened(path, error);
    }

    fn unopened(&mut self, path: &Path, error: &io::Error) {
        match error.raw_os_error().map(Errno::from_raw_os_error) {
            Some(Errno::XDEV) => self.findings.problems.push(other_filesystem(path)),
            // It was replaced by a link or a file since it had been listed.
            Some(Errno::LOOP | Errno::NOTDIR) => {}
            _ => self.findings.problems.extend(read_problem(path, error)),
        }
    }

    pub(super) fn lost(&mut self, directory: &Path, name: &OsStr, error: &io::Error) {
        let path = directory.join(name);
        self.findings.problems.extend(read_problem(&path, error));
    }

    /// Tells the reader of an entry.
    pub(super) fn tell(&mut self, place: Place, entry: &FileEntry) {
        self.findings.is_watched_name = self.watched.is_some_and(|watched| watched == entry.path());
        self.findings.of_file = None;
        self.reader.file(place, entry, &mut self.findings);
    }

    /// Messages are listed: all cohorts of the unit are gathered anew, those too of directories that stand still.
    pub(super) fn gather_anew(&mut self) -> Result<(), Damaged> {
        self.is_anew = true;
        let repeated = std::mem::take(&mut self.repeated);
        repeated.into_iter().try_for_each(|(folder, known)| self.gather(folder, known))
    }

    /// Gathers the cohorts of a directory that stands still.
    fn gather(&mut self, folder: FolderId, known: &Known) -> Result<(), Damaged> {
        let Held::Messages { table, check, .. } = &known.held else { return Ok(()) };
        let table = self.recall.unit.and_then(|unit| unit.table(table, *check)).ok_or(Damaged)?;
        for file in message_table::files(table) {
            if let Some(message) = file.message() {
                let own = OnDisk::own(file.allocated, file.links);
                self.findings.recall(folder, &message, own);
            }
            if file.links == 1 {
                self.room.inodes.insert(file.inode);
            }
        }
        Ok(())
    }

    fn finish_cohorts(&mut self) -> Result<(), Damaged> {
        if !self.is_anew && self.repeated.len() != self.recall.directories_of_messages() {
            self.gather_anew()?;
        }
        match self.recall.unit {
            Some(unit) if !self.is_anew => {
                self.findings.cohorts = unit.record.cohorts.clone();
                self.findings.uses = unit.record.uses.clone();
                self.findings.late = unit.record.late.clone();
            }
            _ => self.findings.pack(),
        }
        Ok(())
    }

    /// A unit that is one file: its directory is not its own.
    fn file(&mut self, path: &Path) {
        let above = path.parent().unwrap_or(path);
        let outcome = (|| {
            let fd = self.ground.root.start(above.strip_prefix(&self.ground.root.path).unwrap_or(above))?;
            let name = path.file_name().unwrap_or_default();
            let facts = self.ground.root.see_at(fd.as_fd(), Path::new(name))?.facts;
            let place = self.reader.enter(&MailboxDirectory::alone(above), None, &mut self.findings);
            let entry = FileEntry { directory: above, fd: fd.as_fd(), name: name.as_encoded_bytes(), facts };
            self.tell(place, &entry);
            Ok::<(), io::Error>(())
        })();
        if let Err(error) = outcome {
            self.findings.problems.extend(read_problem(path, &error));
        }
        self.tell_progress();
    }

    fn tell_progress(&mut self) {
        let now = self.findings.seen;
        let more = now - std::mem::replace(&mut self.told, now);
        self.ground.progress.read(more.files, more.messages, more.bytes);
    }
}
