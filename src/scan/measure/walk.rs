//! Walks all directories of one unit; an unchanged directory comes from the cache.

use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::path::{Path, PathBuf};

use crate::scan::cache::{CacheValidity, CachedUnit, DirContent, DirFinder, DirNames, DirRecord};
use crate::scan::io::DirStat;
use crate::scan::measure::directory::{Listing, Visit};
use crate::scan::measure::state::{DamagedTable, MeasureOptions, Measured, WalkState};
use crate::scan::{context::ScanContext, tally::DirTally, unit::Unit};
use crate::store::Scope;
use crate::store::name_list::{NameList, os_name};
use crate::store::reader::{FileEntry, Keeps, MailboxDirectory, Place};

pub(super) struct Walk<'a> {
    unit: &'a Unit,
    pub state: WalkState<'a>,
    finder: DirFinder<'a>,
    /// Directories to visit, the next one last. Unlike recursion, no depth overflows a stack on the heap.
    stack: Vec<Pending>,
}

/// A directory to visit: its path relative to its part of the unit, and the place of its parent.
type Pending = (PathBuf, Option<Place>);

/// One of the directories that a unit consists of.
#[derive(Clone, Copy)]
struct Part<'a> {
    number: usize,
    /// Relative to the store's root.
    relative: &'a Path,
    top: &'a Path,
    fd: BorrowedFd<'a>,
}

impl Part<'_> {
    /// Replaces `path` with the whole path of a directory.
    fn write_path(&self, relative: &Path, path: &mut PathBuf) {
        path.clear();
        path.push(self.top);
        // Pushing an empty path would append a slash.
        if !relative.as_os_str().is_empty() {
            path.push(relative);
        }
    }
}

impl<'a> Walk<'a> {
    pub(super) fn new(
        context: &'a ScanContext<'a>,
        options: MeasureOptions<'a>,
        unit: &'a Unit,
        cached: CachedUnit<'a>,
    ) -> Walk<'a> {
        Walk {
            unit,
            state: WalkState::new(context, options, unit, cached),
            finder: DirFinder::default(),
            stack: Vec::new(),
        }
    }

    pub(super) fn run(mut self) -> Result<Measured, DamagedTable> {
        let root = self.state.context.root;
        for (number, relative) in std::iter::once(&self.unit.path).chain(&self.unit.joined).enumerate() {
            let top = root.path_of(relative);
            match self.unit.scope {
                Scope::File => self.file(&top),
                Scope::Tree | Scope::Directory => match root.open_path(relative) {
                    Ok(fd) => self.part(Part { number, relative, top: &top, fd: fd.as_fd() })?,
                    Err(error) => self.state.unopened(&top, &error),
                },
            }
        }
        self.state.finish()
    }

    /// Visits all directories of a part.
    fn part(&mut self, part: Part) -> Result<(), DamagedTable> {
        self.stack = vec![(PathBuf::new(), None)];
        let mut path = PathBuf::new();
        while let Some((relative, parent)) = self.stack.pop() {
            if self.state.context.cancel.is_requested() {
                return Ok(());
            }
            part.write_path(&relative, &mut path);
            if self.is_excluded(&path) {
                continue;
            }
            let first = self.stack.len();
            let directory = MailboxDirectory { root: part.number, relative: &relative, path: &path, directories: None };
            self.visit(part, Visit { directory, parent })?;
            // The last entry is visited first. Sorting by name makes the result independent of the file system, and a
            // Maildir's `new` comes before its `cur`: a message that moves in between is seen twice rather than never.
            self.stack[first..].sort_by(|a, b| a.0.cmp(&b.0));
            self.state.report_progress();
        }
        Ok(())
    }

    fn is_excluded(&self, directory: &Path) -> bool {
        let excluded = &self.unit.excluded;
        let relative = || directory.strip_prefix(&self.state.context.root.path);
        !excluded.is_empty() && relative().is_ok_and(|path| excluded.iter().any(|e| e == path))
    }

    fn visit(&mut self, part: Part, visit: Visit) -> Result<(), DamagedTable> {
        let index = self.finder.find(&self.state.cached, part.number, visit.directory.relative);
        let known = index.and_then(|index| Some((index, self.state.cached.directory(index)?)));
        if let Some((index, known)) = known
            && self.state.cached.validity(known) == CacheValidity::Valid
        {
            let is_cached = match &known.content {
                DirContent::Names(names) => self.visit_names(part, visit, (index, known, names)),
                DirContent::Messages { tally, .. } => self.visit_messages(part, visit, (index, known, tally))?,
            };
            if is_cached {
                return Ok(());
            }
        }
        self.list(part, visit, known.map(|(_, known)| known))
    }

    /// Counts an unchanged directory of messages from the cache; `false` if it changed.
    fn visit_messages(
        &mut self,
        part: Part,
        visit: Visit,
        (index, known, tally): (usize, &'a DirRecord, &DirTally),
    ) -> Result<bool, DamagedTable> {
        let stat = self.state.context.root.stat_at(part.fd, visit.directory.relative);
        let Some(place) = self.enter_unchanged(visit, known, stat, &NameList::default(), Keeps::Messages) else {
            return Ok(false);
        };
        self.state.use_cached(place.folder, (index, known), tally)?;
        Ok(true)
    }

    /// Counts the files of a directory whose names are cached; `false` if it changed.
    fn visit_names(&mut self, part: Part, visit: Visit, (index, known, names): (usize, &DirRecord, &DirNames)) -> bool {
        let (root, MailboxDirectory { path, relative, .. }) = (self.state.context.root, visit.directory);
        // An empty directory, as `tmp` usually is, need not be opened, and the part itself is open.
        let is_opened = !relative.as_os_str().is_empty() && names.entries().next().is_some();
        let opened = is_opened.then(|| root.open_path_at(part.fd, relative)).transpose();
        let Ok(fd) = opened else { return false };
        let stat = fd.as_ref().map_or_else(|| root.stat_at(part.fd, relative), |fd| root.stat(fd));
        let Some(place) = self.enter_unchanged(visit, known, stat, &names.directories, Keeps::Names) else {
            return false;
        };
        let fd = fd.as_ref().map_or(part.fd, |fd| fd.as_fd());
        for name in names.entries() {
            match root.facts(fd, name) {
                Ok(facts) => {
                    let cancel = self.state.context.cancel;
                    let entry = FileEntry { directory: path, fd, name: name.to_bytes(), facts, cancel };
                    self.state.file(place, &entry, false);
                }
                Err(error) => self.state.unreadable(&path.join(os_name(name)), &error),
            }
        }
        if self.unit.scope == Scope::Tree {
            self.stack.extend(names.directories.iter().map(|name| (relative.join(os_name(name)), Some(place))));
        }
        self.state.recorder.unchanged(index);
        true
    }

    /// Enters a directory and counts it; `None` if it changed, or keeps something else.
    fn enter_unchanged(
        &mut self,
        visit: Visit,
        known: &DirRecord,
        stat: io::Result<DirStat>,
        directories: &NameList,
        keeps: Keeps,
    ) -> Option<Place> {
        let stat = stat.ok().filter(|stat| stat.stamp == known.stamp)?;
        let directory = MailboxDirectory { directories: Some(directories), ..visit.directory };
        let place = self.state.enter(&directory, visit.parent);
        if self.state.reader.keeps(place) != keeps {
            return None;
        }
        self.state.tally.directory(place, &stat.facts);
        Some(place)
    }

    fn list(&mut self, part: Part, visit: Visit, known: Option<&'a DirRecord>) -> Result<(), DamagedTable> {
        let root = self.state.context.root;
        // The top is opened by its path: a directory that may be listed but not searched cannot be reopened through `fd`.
        let opened = match visit.directory.relative.as_os_str().is_empty() {
            true => root.open_directory(part.relative),
            false => root.open_directory_at(part.fd, visit.directory.relative),
        };
        match opened.and_then(|fd| root.stat(&fd).map(|stat| (fd, stat))) {
            Ok((fd, stat)) => {
                let (place, directories) = Listing::list(&mut self.state, visit, fd.as_fd(), stat, known)?;
                if self.unit.scope == Scope::Tree {
                    self.stack.extend(directories.into_iter().map(|directory| (directory, Some(place))));
                }
            }
            Err(error) => self.count_unopened(part, visit, &error),
        }
        Ok(())
    }

    /// A directory that cannot be opened takes blocks, too.
    fn count_unopened(&mut self, part: Part, visit: Visit, error: &io::Error) {
        let root = self.state.context.root;
        if let Ok(stat) = root.open_path_at(part.fd, visit.directory.relative).and_then(|fd| root.stat(fd)) {
            let place = self.state.enter(&visit.directory, visit.parent);
            self.state.tally.directory(place, &stat.facts);
        }
        self.state.unopened(visit.directory.path, error);
    }

    /// Counts a unit that is one file; its directory does not belong to it.
    fn file(&mut self, path: &Path) {
        let above = path.parent().unwrap_or(path);
        let outcome = (|| {
            let root = self.state.context.root;
            let fd = root.open_path(above.strip_prefix(&root.path).unwrap_or(above))?;
            let name = path.file_name().unwrap_or_default();
            let facts = root.stat_at(fd.as_fd(), Path::new(name))?.facts;
            let place = self.state.enter(&MailboxDirectory::alone(above), None);
            let (name, cancel) = (name.as_encoded_bytes(), self.state.context.cancel);
            let entry = FileEntry { directory: above, fd: fd.as_fd(), name, facts, cancel };
            self.state.file(place, &entry, false);
            Ok::<(), io::Error>(())
        })();
        if let Err(error) = outcome {
            self.state.unreadable(path, &error);
        }
        self.state.report_progress();
    }
}
