//! Finds the units of a store, and tallies what is outside them.
//!
//! It visits the store level by level, and the directories of a level in parallel: on a cold disk each one is a wait.

use std::cell::RefCell;
use std::ffi::{CStr, OsStr};
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use rustix::fs::FileType;
use rustix::io::Errno;

use crate::model::{class::Class, snapshot::Sureness};
use crate::scan::cache::{DirContent, DirNames, LONGEST_PATH, OutsideDirs};
use crate::scan::discover::found::{Found, FoundPart};
use crate::scan::io::{DirStat, EntryBatch, Root};
use crate::scan::problem::{other_filesystem, read_problem};
use crate::scan::tally::{HardLink, LinkOwner};
use crate::scan::unit::{Content, Unit};
use crate::scan::{context::ScanContext, discover::join};
use crate::store::listing::{DirectoryListing, EntryKind, entries_below};
use crate::store::name_list::os_name;
use crate::store::reader::FileStat;
use crate::store::template::{OwnerTemplate, find_owner};
use crate::store::{self, Layout, Recognised, Scope, names::class_in, no_links, opaque};

/// A directory with more names is not cached.
const MOST_NAMES: usize = 4_096;

/// Directories of a level that are visited before their results are joined, each of which takes a kilobyte.
const AT_ONCE: usize = 4_096;

thread_local! {
    static BATCH: RefCell<EntryBatch> = RefCell::default();
}

/// Symbolic links are not followed and other file systems not entered. Directories unchanged since the record in `cached` are not listed.
pub(crate) fn find_units(context: &ScanContext, template: Option<&OwnerTemplate>, cached: Option<&[u8]>) -> Found {
    let search = Search { context, template, known: cached.map(OutsideDirs::of).unwrap_or_default() };
    let (mut found, mut parts) = (Found::default(), Vec::new());
    let mut level = vec![PendingDir { path: PathBuf::new(), above: Class::Other }];
    while !level.is_empty() && !context.cancel.is_requested() {
        for some in std::mem::take(&mut level).chunks(AT_ONCE) {
            let visited: Vec<Visited> = some.par_iter().with_max_len(1).map(|pending| search.visit(pending)).collect();
            for visited in visited {
                level.extend(visited.inside);
                parts.extend(visited.part);
                found.absorb(visited.found);
            }
        }
    }
    found.units.sort_by(Unit::by_path);
    found.blobs.sort_by(|a, b| a.path.cmp(&b.path));
    found.problems.sort_by(|a, b| (&a.path, &a.detail).cmp(&(&b.path, &b.detail)));
    join::join(&context.root.path, &mut found, parts);
    found
}

struct Search<'a> {
    context: &'a ScanContext<'a>,
    template: Option<&'a OwnerTemplate>,
    /// The cached directories.
    known: OutsideDirs<'a>,
}

/// An open directory.
struct Opened {
    fd: OwnedFd,
    /// Whether it is open for listing, and not only to reach what is in it.
    is_listable: bool,
}

struct PendingDir {
    /// Relative to the store's root.
    path: PathBuf,
    /// The class of its parent.
    above: Class,
}

/// What one directory contains.
#[derive(Default)]
struct Visited {
    found: Found,
    part: Option<FoundPart>,
    inside: Vec<PendingDir>,
}

impl Search<'_> {
    fn visit(&self, pending: &PendingDir) -> Visited {
        let mut visited = Visited::default();
        let root = self.context.root;
        let path = root.path_of(&pending.path);
        let opened = self.open(&pending.path).and_then(|opened| root.stat(&opened.fd).map(|stat| (opened, stat)));
        match opened {
            Ok((opened, stat)) => self.directory(pending, &path, &opened, &stat, &mut visited),
            Err(error) if error.raw_os_error() == Some(Errno::XDEV.raw_os_error()) => {
                visited.found.problems.push(other_filesystem(&path));
            }
            Err(error) => visited.found.problems.extend(read_problem(&path, &error)),
        }
        visited
    }

    /// Opens a directory: one that is not known for listing, if that is allowed.
    fn open(&self, relative: &Path) -> io::Result<Opened> {
        let root = self.context.root;
        if !self.known.has(relative)
            && let Ok(fd) = root.open_directory(relative)
        {
            return Ok(Opened { fd, is_listable: true });
        }
        root.open_path(relative).map(|fd| Opened { fd, is_listable: false })
    }

    fn directory(&self, pending: &PendingDir, path: &Path, opened: &Opened, stat: &DirStat, visited: &mut Visited) {
        let names = self.names(pending, path, opened, stat, &mut visited.found);
        let listing = listing_of(path, &names);
        let owner = || find_owner(self.template, &self.context.root.path, &pending.path);
        let inside = |above| {
            names.directories.iter().map(move |name| PendingDir { path: pending.path.join(os_name(name)), above })
        };
        // Files that are units.
        let mut units = Vec::new();
        match store::recognise(&listing) {
            Some(Recognised::Mailbox { layout, sureness, scope }) => {
                let unit = Unit::new(pending.path.clone(), Content::Mailbox(layout, sureness), scope, owner());
                return self.unit(unit, layout.nested(&listing), &names, visited);
            }
            Some(Recognised::Shared(shared)) => {
                let unit = Unit::new(pending.path.clone(), Content::Shared(shared), Scope::Tree, owner());
                return self.unit(unit, shared.nested(&listing), &names, visited);
            }
            Some(Recognised::Part(part)) => {
                if part.scope() != Scope::Tree {
                    visited.inside.extend(inside(Class::Other));
                }
                visited.part = Some(FoundPart { path: pending.path.clone(), part, owner: owner() });
                return;
            }
            Some(Recognised::Blob(kind)) => visited.found.blob(&pending.path, kind, directory_sums(path)),
            Some(Recognised::Files(files)) => units = files,
            None => {}
        }
        visited.found.units.extend(units.iter().map(|name| self.mail_file(&pending.path, name)));
        let class = visited.found.directory(&pending.path, pending.above, &stat.facts);
        visited.inside.extend(inside(class));
        for name in names.entries().filter(|name| !units.iter().any(|unit| unit == name.to_bytes())) {
            match self.context.root.facts(opened.fd.as_fd(), name) {
                Ok(facts) => self.file(class, &pending.path, name, &facts, &mut visited.found),
                Err(error) => visited.found.problems.extend(read_problem(&path.join(os_name(name)), &error)),
            }
        }
    }

    /// The names in a directory, from the cache if it is unchanged.
    fn names(&self, pending: &PendingDir, path: &Path, opened: &Opened, stat: &DirStat, found: &mut Found) -> DirNames {
        let known = self.known.get(&pending.path).filter(|known| known.stamp == stat.stamp);
        let (names, is_settled) = match known.map(|known| known.content) {
            Some(DirContent::Names(names)) => (names, true),
            _ => {
                let mut names = DirNames::default();
                let root = self.context.root;
                let listed = match opened.is_listable {
                    true => list(root, opened.fd.as_fd(), &mut names),
                    false => root.open_directory(&pending.path).and_then(|fd| list(root, fd.as_fd(), &mut names)),
                };
                found.problems.extend(listed.as_ref().err().and_then(|error| read_problem(path, error)));
                (names, listed.is_ok() && stat.stamp.is_before(self.context.settled_before))
            }
        };
        if is_settled && names.count() <= MOST_NAMES && pending.path.as_os_str().len() <= LONGEST_PATH {
            found.record.add(&pending.path, &stat.stamp, &names);
        }
        names
    }

    /// Adds a unit. Directories inside it that are not part of it are visited.
    fn unit(&self, mut unit: Unit, nested: Vec<PathBuf>, names: &DirNames, visited: &mut Visited) {
        let root = &self.context.root.path;
        unit.excluded
            .extend(nested.iter().map(|directory| directory.strip_prefix(root).unwrap_or(directory).to_owned()));
        let inside: Vec<PathBuf> = match unit.scope {
            Scope::Tree => unit.excluded.clone(),
            Scope::Directory | Scope::File => {
                names.directories.iter().map(|name| unit.path.join(os_name(name))).collect()
            }
        };
        visited.inside.extend(inside.into_iter().map(|path| PendingDir { path, above: Class::Other }));
        visited.found.units.push(unit);
    }

    fn mail_file(&self, directory: &Path, name: &[u8]) -> Unit {
        let path = directory.join(OsStr::from_bytes(name));
        let owner = find_owner(self.template, &self.context.root.path, &path);
        // Its content was checked, and its name or its neighbours agree.
        Unit::new(path, Content::Mailbox(Layout::Mbox, Sureness::Likely), Scope::File, owner)
    }

    /// Counts a file outside all units.
    fn file(&self, above: Class, directory: &Path, name: &CStr, facts: &FileStat, found: &mut Found) {
        let path = || directory.join(os_name(name));
        if let Some(kind) = opaque::kind_of(&self.context.root.path_of(directory), name.to_bytes()) {
            found.blob(&path(), kind, (facts.size, facts.allocated));
        }
        let class = class_in(above, name.to_bytes());
        found.outside.files += 1;
        found.outside.other_bytes = found.outside.other_bytes.saturating_add(facts.size);
        found.classes[class].files += 1;
        if facts.links > 1 {
            let (owner, facts) = (LinkOwner::Outside, *facts);
            found.linked.push(HardLink { owner, class, reclaimable: 0, facts, is_fresh: true, week: None });
        } else {
            found.charge(class, 0, facts);
        }
        self.context.progress.read(1, 0, facts.size);
    }
}

/// # Errors
/// If the directory cannot be read to its end; `into` has the names up to there.
fn list(root: &Root, fd: BorrowedFd, into: &mut DirNames) -> io::Result<()> {
    let mut batch = BATCH.take();
    let listed = batch.list(root, fd, |entries, _| {
        for entry in entries.iter() {
            let kind = match entry.kind {
                FileType::Unknown => root.kind(fd, entry.c_name()).unwrap_or(FileType::Unknown),
                known => known,
            };
            match kind {
                FileType::Directory => into.directories.push(entry.c_name()),
                FileType::RegularFile => into.files.push(entry.c_name()),
                _ => into.others.push(entry.c_name()),
            }
        }
    });
    BATCH.set(batch);
    listed
}

fn listing_of<'a>(path: &'a Path, names: &'a DirNames) -> DirectoryListing<'a> {
    let directories = names.directories.iter().map(|name| (name.to_bytes(), EntryKind::Directory));
    let files = names.files.iter().map(|name| (name.to_bytes(), EntryKind::File));
    let others = names.others.iter().map(|name| (name.to_bytes(), EntryKind::Other));
    DirectoryListing::from_entries(path, directories.chain(files).chain(others))
}

/// Sizes and blocks of the files in a directory and below, in bytes.
fn directory_sums(path: &Path) -> (u64, u64) {
    let files = entries_below(path).filter_map(|entry| no_links::stat(&entry.path).ok().flatten());
    files
        .map(|stat| FileStat::from(&stat))
        .fold((0, 0), |sum: (u64, u64), file| (sum.0.saturating_add(file.size), sum.1.saturating_add(file.allocated)))
}
