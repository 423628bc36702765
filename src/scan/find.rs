//! Finds the units of a store, and tallies what belongs to none.

use std::collections::{HashMap, HashSet};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use super::findings::charge_classes;
use super::join;
use super::links::{Linked, Owned};
use super::progress::Progress;
use super::unit::{Content, Unit};
use crate::escape;
use crate::snapshot::{Blob, Classes, Problem, ProblemKind, Share, Sureness, Tally};
use crate::store::class::Class;
use crate::store::listing::Listing;
use crate::store::names::{class_in, directory_class};
use crate::store::owner::Owner;
use crate::store::reader::{BLOCK_BYTES, Facts};
use crate::store::template::Template;
use crate::store::{self, Layout, Part, Recognised, Scope, opaque};

/// What was found in a store.
#[derive(Debug, Default)]
pub struct Found {
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
    /// The device of the root, on which the scan stays.
    pub device: u64,
}

/// A directory that holds a part of a mailbox, which lies elsewhere.
#[derive(Clone, Debug)]
pub struct FoundPart {
    /// Relative to the store's root.
    pub path: PathBuf,
    /// What it is a part of.
    pub part: Part,
    /// Whose it is, by its path.
    pub owner: Owner,
}

/// Walks a store down to its mailboxes; symbolic links are not followed, other file systems not entered.
pub fn units(root: &Path, template: Option<&Template>, progress: &Progress) -> Found {
    let mut search = Search {
        root,
        template,
        progress,
        found: Found::default(),
        parts: Vec::new(),
        starts: vec![root.to_owned()],
        claimed: HashSet::new(),
        mail_files: HashSet::new(),
        classes: HashMap::new(),
    };
    while let Some(start) = search.starts.pop() {
        search.walk(&start);
    }
    let (mut found, parts) = (search.found, search.parts);
    found.units.sort_by(|a, b| a.path.cmp(&b.path));
    join::join(root, &mut found, parts);
    found
}

struct Search<'a> {
    root: &'a Path,
    template: Option<&'a Template>,
    progress: &'a Progress,
    found: Found,
    parts: Vec<FoundPart>,
    /// Directories that are still to be walked, the root first.
    starts: Vec<PathBuf>,
    /// Directories whose files belong to a unit, while their subdirectories are looked through.
    claimed: HashSet<PathBuf>,
    /// Files that are units.
    mail_files: HashSet<PathBuf>,
    /// What directories outside of units are there for, but for those of which nothing is known.
    classes: HashMap<PathBuf, Class>,
}

impl Search<'_> {
    fn walk(&mut self, start: &Path) {
        let mut walk = WalkDir::new(start).into_iter();
        while let Some(entry) = walk.next() {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    self.found.problems.extend(walk_problem(&error));
                    continue;
                }
            };
            if !entry.file_type().is_dir() && self.is_taken(entry.path()) {
                continue;
            }
            let facts = match entry.metadata() {
                Ok(metadata) => facts(&metadata),
                Err(error) => {
                    self.found.problems.extend(walk_problem(&error));
                    continue;
                }
            };
            if entry.path() == self.root {
                self.found.device = facts.inode.0;
            }
            if !entry.file_type().is_dir() {
                self.file(&entry, &facts);
            } else if facts.inode.0 != self.found.device {
                walk.skip_current_dir();
                self.found.problems.push(other_filesystem(entry.path()));
            } else if self.directory(&entry, &facts) {
                walk.skip_current_dir();
            }
        }
    }

    /// Whether a file belongs to a unit.
    fn is_taken(&self, path: &Path) -> bool {
        let of_directory = || path.parent().is_some_and(|above| self.claimed.contains(above));
        (!self.claimed.is_empty() && of_directory()) || (!self.mail_files.is_empty() && self.mail_files.contains(path))
    }

    /// Takes in a directory; whether it is not to be entered here.
    fn directory(&mut self, entry: &DirEntry, facts: &Facts) -> bool {
        let path = entry.path();
        // The walk meets the same error, and tells it.
        let listing = Listing::read(path).unwrap_or_default();
        let relative = self.relative(path);
        let owner = Owner::of(self.template, self.root, &relative);
        match store::recognise(&listing) {
            Some(Recognised::Mailbox { layout, sureness, scope }) => {
                let mut unit = Unit::new(relative, Content::Mailbox(layout, sureness), scope, owner);
                self.exclude(&mut unit, layout.nested(&listing));
                self.claim(path, unit)
            }
            Some(Recognised::Part(part)) => {
                if part.scope() == Scope::Directory {
                    self.claimed.insert(path.to_owned());
                }
                self.parts.push(FoundPart { path: relative, part, owner });
                part.scope() == Scope::Tree
            }
            Some(Recognised::Shared(shared)) => {
                let mut unit = Unit::new(relative, Content::Shared(shared), Scope::Tree, owner);
                self.exclude(&mut unit, shared.nested(&listing));
                self.claim(path, unit)
            }
            Some(Recognised::Blob(kind)) => {
                self.blob(path, kind, None);
                self.outside(entry, facts);
                false
            }
            Some(Recognised::Files(names)) => {
                names.iter().for_each(|name| self.mail_file(path.join(OsStr::from_bytes(name))));
                self.outside(entry, facts);
                false
            }
            None => {
                self.outside(entry, facts);
                false
            }
        }
    }

    /// Leaves directories out of a unit that are to be looked through by themselves.
    fn exclude(&mut self, unit: &mut Unit, directories: Vec<PathBuf>) {
        unit.excluded.extend(directories.iter().map(|directory| self.relative(directory)));
        self.starts.extend(directories);
    }

    /// Takes a unit up; whether its directory is not to be entered here.
    fn claim(&mut self, path: &Path, unit: Unit) -> bool {
        let whole = unit.scope == Scope::Tree;
        if !whole {
            self.claimed.insert(path.to_owned());
        }
        self.found.units.push(unit);
        whole
    }

    fn mail_file(&mut self, path: PathBuf) {
        let relative = self.relative(&path);
        let owner = Owner::of(self.template, self.root, &relative);
        // It was looked into, and its name or its neighbours say the same.
        let content = Content::Mailbox(Layout::Mbox, Sureness::Likely);
        self.found.units.push(Unit::new(relative, content, Scope::File, owner));
        self.mail_files.insert(path);
    }

    /// Counts a file that belongs to no unit.
    fn file(&mut self, entry: &DirEntry, facts: &Facts) {
        let above = entry.path().parent().unwrap_or(self.root);
        if let Some(kind) = opaque::kind_of(above, entry.file_name().as_bytes()) {
            self.blob(entry.path(), kind, Some(facts));
        }
        self.outside(entry, facts);
        self.progress.read(1, 0, facts.size);
    }

    fn blob(&mut self, path: &Path, kind: &str, facts: Option<&Facts>) {
        let (bytes, allocated_bytes) =
            facts.map_or_else(|| directory_sums(path), |facts| (facts.size, facts.allocated));
        let path = escape::path_text(&self.relative(path));
        self.found.blobs.push(Blob { path, kind: kind.to_owned(), bytes, allocated_bytes });
    }

    /// Counts what belongs to no unit.
    fn outside(&mut self, entry: &DirEntry, facts: &Facts) {
        let name = entry.file_name().as_bytes();
        let above = entry.path().parent().and_then(|above| self.classes.get(above)).copied().unwrap_or(Class::Other);
        let tally = &mut self.found.outside;
        if entry.file_type().is_dir() {
            let class = if entry.path() == self.root { Class::Other } else { directory_class(above, name) };
            if class != Class::Other {
                self.classes.insert(entry.path().to_owned(), class);
            }
            tally.directories += 1;
            tally.inodes += 1;
            tally.directory_bytes = tally.directory_bytes.saturating_add(facts.allocated);
            self.found.classes[class] += Share { allocated_bytes: facts.allocated, inodes: 1, ..Share::default() };
            return;
        }
        let class = class_in(above, name);
        tally.files += 1;
        tally.other_bytes = tally.other_bytes.saturating_add(facts.size);
        self.found.classes[class].files += 1;
        if facts.links > 1 {
            self.found.linked.push(Linked { owner: Owned::Outside, class, reclaimable: 0, facts: *facts });
        } else {
            self.found.charge(class, 0, facts);
        }
    }

    fn relative(&self, path: &Path) -> PathBuf {
        path.strip_prefix(self.root).unwrap_or(path).to_owned()
    }
}

impl Found {
    /// Charges an inode to what belongs to no unit.
    pub fn charge(&mut self, class: Class, reclaimable: u64, facts: &Facts) {
        self.outside.allocated_bytes = self.outside.allocated_bytes.saturating_add(facts.allocated);
        self.outside.inodes += 1;
        charge_classes(&mut self.classes, class, reclaimable, facts);
    }
}

/// Sizes and blocks of the files in a directory and below.
fn directory_sums(path: &Path) -> (u64, u64) {
    let entries = WalkDir::new(path).into_iter().flatten().filter(|entry| !entry.file_type().is_dir());
    let facts = entries.filter_map(|entry| Some(facts(&entry.metadata().ok()?)));
    facts.fold((0, 0), |sum, facts| (sum.0.saturating_add(facts.size), sum.1.saturating_add(facts.allocated)))
}

fn facts(metadata: &std::fs::Metadata) -> Facts {
    Facts {
        inode: (metadata.dev(), metadata.ino()),
        links: metadata.nlink(),
        size: metadata.len(),
        allocated: metadata.blocks().saturating_mul(BLOCK_BYTES),
        modified: metadata.mtime(),
        changed: metadata.ctime(),
        is_regular: metadata.is_file(),
        is_symlink: metadata.is_symlink(),
    }
}

/// A directory was left out because another file system is mounted there.
pub fn other_filesystem(path: &Path) -> Problem {
    Problem {
        path: escape::path_text(path),
        kind: ProblemKind::OtherFilesystem,
        detail: "another file system is mounted here; scan it as a store of its own".to_owned(),
    }
}

/// Something could not be read; `None` if it is merely gone, as files and folders of a living store are now and then.
pub fn read_problem(path: &Path, error: &std::io::Error) -> Option<Problem> {
    let kind = match error.kind() {
        std::io::ErrorKind::NotFound => return None,
        std::io::ErrorKind::PermissionDenied => ProblemKind::PermissionDenied,
        _ => ProblemKind::ReadError,
    };
    Some(Problem { path: escape::path_text(path), kind, detail: error.to_string() })
}

fn walk_problem(error: &walkdir::Error) -> Option<Problem> {
    let path = error.path().unwrap_or(Path::new(""));
    match error.io_error() {
        Some(cause) => read_problem(path, cause),
        None => read_problem(path, &std::io::Error::other(error.to_string())),
    }
}
