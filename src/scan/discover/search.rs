//! Finds the units of a store, and tallies what belongs to none.
//!
//! The store is looked through level by level, the directories of a level at the same time: on a cold disk each of them
//! has to be waited for.

use std::collections::HashMap;
use std::ffi::{CStr, OsStr};
use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use rustix::fs::FileType;
use rustix::io::Errno;
use walkdir::WalkDir;

use super::join;
use crate::model::class::Class;
use crate::model::escape;
use crate::model::snapshot::{Blob, ClassUsage, Classes, Problem, ProblemKind, Sureness, Tally};
use crate::scan::cache::unit_record::{Directory as Known, Held, Names, Record};
use crate::scan::io::readdir;
use crate::scan::io::readdir::os_name;
use crate::scan::io::root::{Root, Seen};
use crate::scan::measure::Ground;
use crate::scan::tally::hard_links::{Linked, Owned};
use crate::scan::tally::mailbox::charge_classes;
use crate::scan::unit::{Content, Unit};
use crate::store::listing::{DirectoryListing, EntryKind};
use crate::store::names::{class_in, directory_class};
use crate::store::owner::Owner;
use crate::store::reader::{BLOCK_BYTES, FileStat};
use crate::store::template::{OwnerTemplate, find_owner};
use crate::store::{self, ExternalPart, Layout, Recognised, Scope, opaque};

/// A directory of more names is listed each time.
const MOST_NAMES: usize = 4_096;

/// What was found in a store.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// The mailboxes and the parts of mailboxes, by path.
    pub units: Vec<Unit>,
    /// Stores that keep their mail in files of their own kind.
    pub blobs: Vec<Blob>,
    /// What belongs to no unit; inodes with several names are in `linked` instead.
    pub outside: Tally,
    /// The same by class.
    pub classes: Classes,
    /// Names outside units of inodes that have others.
    pub linked: Vec<Linked>,
    /// What could not be read, or was left out.
    pub problems: Vec<Problem>,
    /// The directories that were looked at, for the next scan to remember.
    pub record: Record,
}

/// A directory that holds a part of a mailbox, which lies elsewhere.
#[derive(Clone, Debug)]
pub(crate) struct FoundPart {
    /// Relative to the store's root.
    pub path: PathBuf,
    /// What it is a part of.
    pub part: ExternalPart,
    /// Whose it is, by its path.
    pub owner: Owner,
}

/// Looks through a store down to its mailboxes; symbolic links are not followed, other file systems not entered. Of the
/// directories that an earlier scan looked at, those that stand still are not listed again.
pub(crate) fn units(ground: &Ground, template: Option<&OwnerTemplate>, remembered: Option<&Record>) -> Found {
    let known = remembered.iter().flat_map(|record| &record.directories);
    let search = Search { ground, template, known: known.map(|known| (known.path.as_path(), known)).collect() };
    let (mut found, mut parts) = (Found::default(), Vec::new());
    let mut level = vec![Waiting { path: PathBuf::new(), above: Class::Other }];
    while !level.is_empty() && !ground.stop.is_asked() {
        let looked: Vec<Looked> = level.par_iter().with_max_len(1).map(|waiting| search.look(waiting)).collect();
        level.clear();
        for looked in looked {
            level.extend(looked.inside);
            parts.extend(looked.part);
            found.absorb(looked.found);
        }
    }
    found.units.sort_by(|a, b| a.path.cmp(&b.path));
    found.blobs.sort_by(|a, b| a.path.cmp(&b.path));
    found.problems.sort_by(|a, b| (&a.path, &a.detail).cmp(&(&b.path, &b.detail)));
    join::join(&ground.root.path, &mut found, parts);
    found
}

struct Search<'a> {
    ground: &'a Ground<'a>,
    template: Option<&'a OwnerTemplate>,
    /// What is remembered, by path.
    known: HashMap<&'a Path, &'a Known>,
}

/// A directory that is to be looked at.
struct Waiting {
    /// Relative to the store's root.
    path: PathBuf,
    /// What the directory above it is there for.
    above: Class,
}

/// What one directory is.
#[derive(Default)]
struct Looked {
    found: Found,
    part: Option<FoundPart>,
    inside: Vec<Waiting>,
}

impl Search<'_> {
    fn look(&self, waiting: &Waiting) -> Looked {
        let mut looked = Looked::default();
        let root = self.ground.root;
        let path = root.path_of(&waiting.path);
        let opened = root.start(&waiting.path).and_then(|fd| root.see(&fd).map(|seen| (fd, seen)));
        match opened {
            Ok((fd, seen)) => self.directory(waiting, &path, fd.as_fd(), &seen, &mut looked),
            Err(error) if error.raw_os_error() == Some(Errno::XDEV.raw_os_error()) => {
                looked.found.problems.push(other_filesystem(&path));
            }
            Err(error) => looked.found.problems.extend(read_problem(&path, &error)),
        }
        looked
    }

    fn directory(&self, waiting: &Waiting, path: &Path, fd: BorrowedFd, seen: &Seen, looked: &mut Looked) {
        let names = self.names(waiting, path, seen, &mut looked.found);
        let listing = listing_of(path, &names);
        let owner = find_owner(self.template, &self.ground.root.path, &waiting.path);
        // The class of what is inside, and the files that belong to a unit.
        let (mut class, mut taken) = (Class::Other, Taken::All);
        match store::recognise(&listing) {
            Some(Recognised::Mailbox { layout, sureness, scope }) => {
                let unit = Unit::new(waiting.path.clone(), Content::Mailbox(layout, sureness), scope, owner);
                return self.unit(unit, layout.nested(&listing), &names, looked);
            }
            Some(Recognised::Shared(shared)) => {
                let unit = Unit::new(waiting.path.clone(), Content::Shared(shared), Scope::Tree, owner);
                return self.unit(unit, shared.nested(&listing), &names, looked);
            }
            Some(Recognised::Part(part)) => {
                looked.part = Some(FoundPart { path: waiting.path.clone(), part, owner });
                if part.scope() == Scope::Tree {
                    return;
                }
            }
            recognised => {
                taken = Taken::None;
                class = looked.found.directory(waiting, &seen.facts);
                match recognised {
                    Some(Recognised::Blob(kind)) => looked.found.blob(&waiting.path, kind, directory_sums(path)),
                    Some(Recognised::Files(files)) => {
                        looked.found.units.extend(files.iter().map(|name| self.mail_file(&waiting.path, name)));
                        taken = Taken::These(files);
                    }
                    _ => {}
                }
            }
        }
        looked
            .inside
            .extend(names.directories.iter().map(|name| Waiting { path: waiting.path.join(name), above: class }));
        for name in names.entries().filter(|name| !taken.has(name.to_bytes())) {
            match self.ground.root.ask(fd, name) {
                Ok(facts) => self.file(class, &waiting.path, name, &facts, &mut looked.found),
                Err(error) => looked.found.problems.extend(read_problem(&path.join(os_name(name)), &error)),
            }
        }
    }

    /// The names in a directory, as they are remembered if it stands still.
    fn names(&self, waiting: &Waiting, path: &Path, seen: &Seen, found: &mut Found) -> Names {
        let known = self.known.get(waiting.path.as_path()).filter(|known| known.stand == seen.stand);
        let (names, is_settled) = match known.map(|known| &known.held) {
            Some(Held::Names(names)) => (names.clone(), true),
            _ => {
                let mut names = Names::default();
                let listed = list(self.ground.root, &waiting.path, &mut names);
                found.problems.extend(listed.as_ref().err().and_then(|error| read_problem(path, error)));
                (names, listed.is_ok() && seen.stand.is_before(self.ground.settled_by))
            }
        };
        if is_settled && names.count() <= MOST_NAMES {
            let (path, held) = (waiting.path.clone(), Held::Names(names.clone()));
            found.record.directories.push(Known { part: 0, path, stand: seen.stand, is_settled, held });
        }
        names
    }

    /// Takes a unit up, without the directories in it that are to be looked at by themselves.
    fn unit(&self, mut unit: Unit, nested: Vec<PathBuf>, names: &Names, looked: &mut Looked) {
        let root = &self.ground.root.path;
        unit.excluded
            .extend(nested.iter().map(|directory| directory.strip_prefix(root).unwrap_or(directory).to_owned()));
        let inside: Vec<PathBuf> = match unit.scope {
            Scope::Tree => unit.excluded.clone(),
            Scope::Directory | Scope::File => names.directories.iter().map(|name| unit.path.join(name)).collect(),
        };
        looked.inside.extend(inside.into_iter().map(|path| Waiting { path, above: Class::Other }));
        looked.found.units.push(unit);
    }

    fn mail_file(&self, directory: &Path, name: &[u8]) -> Unit {
        let path = directory.join(OsStr::from_bytes(name));
        let owner = find_owner(self.template, &self.ground.root.path, &path);
        // It was looked into, and its name or its neighbours say the same.
        Unit::new(path, Content::Mailbox(Layout::Mbox, Sureness::Likely), Scope::File, owner)
    }

    /// Counts a file that belongs to no unit.
    fn file(&self, above: Class, directory: &Path, name: &CStr, facts: &FileStat, found: &mut Found) {
        let path = || directory.join(os_name(name));
        if let Some(kind) = opaque::kind_of(&self.ground.root.path_of(directory), name.to_bytes()) {
            found.blob(&path(), kind, (facts.size, facts.allocated));
        }
        let class = class_in(above, name.to_bytes());
        found.outside.files += 1;
        found.outside.other_bytes = found.outside.other_bytes.saturating_add(facts.size);
        found.classes[class].files += 1;
        if facts.links > 1 {
            let link =
                Linked { owner: Owned::Outside, class, reclaimable: 0, facts: *facts, is_asked: true, week: None };
            found.linked.push(link);
        } else {
            found.charge(class, 0, facts);
        }
        self.ground.progress.read(1, 0, facts.size);
    }
}

/// Which files of a directory belong to units.
enum Taken {
    All,
    None,
    These(Vec<Vec<u8>>),
}

impl Taken {
    fn has(&self, name: &[u8]) -> bool {
        match self {
            Taken::All => true,
            Taken::None => false,
            Taken::These(names) => names.iter().any(|taken| taken == name),
        }
    }
}

impl Found {
    /// Charges an inode to what belongs to no unit.
    pub(crate) fn charge(&mut self, class: Class, reclaimable: u64, facts: &FileStat) {
        self.outside.allocated_bytes = self.outside.allocated_bytes.saturating_add(facts.allocated);
        self.outside.inodes += 1;
        charge_classes(&mut self.classes, class, reclaimable, facts);
    }

    /// Counts a directory that belongs to no unit, and says what it is there for.
    fn directory(&mut self, waiting: &Waiting, facts: &FileStat) -> Class {
        let class = match waiting.path.file_name() {
            Some(name) => directory_class(waiting.above, name.as_bytes()),
            None => Class::Other,
        };
        self.outside.directories += 1;
        self.outside.inodes += 1;
        self.outside.directory_bytes = self.outside.directory_bytes.saturating_add(facts.allocated);
        self.classes[class] += ClassUsage { allocated_bytes: facts.allocated, inodes: 1, ..ClassUsage::default() };
        class
    }

    fn blob(&mut self, path: &Path, kind: &str, (bytes, allocated_bytes): (u64, u64)) {
        self.blobs.push(Blob { path: escape::path_text(path), kind: kind.to_owned(), bytes, allocated_bytes });
    }

    fn absorb(&mut self, other: Found) {
        self.units.extend(other.units);
        self.blobs.extend(other.blobs);
        self.outside += other.outside;
        self.classes += other.classes;
        self.linked.extend(other.linked);
        self.problems.extend(other.problems);
        self.record.directories.extend(other.record.directories);
    }
}

/// Lists a directory.
///
/// # Errors
/// If it cannot be read to its end; what was listed until then is in the names.
fn list(root: &Root, relative: &Path, into: &mut Names) -> io::Result<()> {
    let fd = root.open_directory(relative)?;
    let mut entries = readdir::Names::default();
    entries.list(root, fd.as_fd(), |entries, _| {
        for entry in entries.iter() {
            let kind = match entry.kind {
                FileType::Unknown => root.kind(fd.as_fd(), entry.c_name()).unwrap_or(FileType::Unknown),
                known => known,
            };
            match kind {
                FileType::Directory => into.directories.push(entry.os_name().to_owned()),
                FileType::RegularFile => into.files.push(entry.c_name().to_owned()),
                _ => into.others.push(entry.c_name().to_owned()),
            }
        }
        Ok(())
    })
}

fn listing_of(path: &Path, names: &Names) -> DirectoryListing {
    let directories = names.directories.iter().map(|name| (name.as_bytes().to_vec(), EntryKind::Directory));
    let files = names.files.iter().map(|name| (name.to_bytes().to_vec(), EntryKind::File));
    let others = names.others.iter().map(|name| (name.to_bytes().to_vec(), EntryKind::Other));
    DirectoryListing::from_entries(path, directories.chain(files).chain(others))
}

/// Sizes and blocks of the files in a directory and below.
fn directory_sums(path: &Path) -> (u64, u64) {
    let entries = WalkDir::new(path).into_iter().flatten().filter(|entry| !entry.file_type().is_dir());
    let files = entries.filter_map(|entry| entry.metadata().ok());
    files.fold((0, 0), |sum, file| {
        (sum.0.saturating_add(file.len()), sum.1.saturating_add(file.blocks().saturating_mul(BLOCK_BYTES)))
    })
}

/// A directory was left out because another file system, or another part of this one, is mounted there.
pub(crate) fn other_filesystem(path: &Path) -> Problem {
    Problem {
        path: escape::path_text(path),
        kind: ProblemKind::OtherFilesystem,
        detail: "something else is mounted here; scan it as a store of its own".to_owned(),
    }
}

/// Something could not be read; `None` if it is merely gone, as files and folders of a living store are now and then.
pub(crate) fn read_problem(path: &Path, error: &io::Error) -> Option<Problem> {
    let kind = match error.kind() {
        io::ErrorKind::NotFound => return None,
        io::ErrorKind::PermissionDenied => ProblemKind::PermissionDenied,
        _ => ProblemKind::ReadError,
    };
    Some(Problem { path: escape::path_text(path), kind, detail: error.to_string() })
}
