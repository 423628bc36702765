//! What discovery found in a store: its units, and the tally of everything outside them.

use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use crate::model::snapshot::{Blob, Classes, Problem, Tally};
use crate::model::{class::Class, escape};
use crate::scan::tally::{HardLink, charge_directory, charge_file};
use crate::scan::{cache::OutsideRecord, unit::Unit};
use crate::store::{ExternalPart, names::directory_class, owner::Owner, reader::FileStat};

/// The units of a store, and the tally of everything outside them.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// Ordered by path.
    pub units: Vec<Unit>,
    /// Mail stores in formats that the program cannot read.
    pub blobs: Vec<Blob>,
    /// Outside all units, without the inodes in `linked`.
    pub outside: Tally,
    /// The tally outside by class.
    pub classes: Classes,
    /// Hard links outside all units.
    pub linked: Vec<HardLink>,
    pub problems: Vec<Problem>,
    /// The directories visited, for the cache.
    pub record: OutsideRecord,
}

/// A directory with a part of a mailbox that is elsewhere.
#[derive(Clone, Debug)]
pub(crate) struct FoundPart {
    /// Relative to the store's root.
    pub path: PathBuf,
    pub part: ExternalPart,
    /// The owner that the path names.
    pub owner: Owner,
}

impl Found {
    pub(crate) fn charge(&mut self, class: Class, reclaimable: u64, facts: &FileStat) {
        charge_file(&mut self.outside, &mut self.classes, class, reclaimable, facts);
    }

    /// Counts a directory outside all units, and returns its class.
    pub(super) fn directory(&mut self, path: &Path, above: Class, facts: &FileStat) -> Class {
        let class = match path.file_name() {
            Some(name) => directory_class(above, name.as_bytes()),
            None => Class::Other,
        };
        charge_directory(&mut self.outside, &mut self.classes, class, facts);
        class
    }

    pub(super) fn blob(&mut self, path: &Path, kind: &str, (bytes, allocated_bytes): (u64, u64)) {
        self.blobs.push(Blob { path: escape::path_text(path), kind: kind.to_owned(), bytes, allocated_bytes });
    }

    pub(super) fn absorb(&mut self, other: Found) {
        self.units.extend(other.units);
        self.blobs.extend(other.blobs);
        self.outside += other.outside;
        self.classes += other.classes;
        self.linked.extend(other.linked);
        self.problems.extend(other.problems);
        self.record.append(&other.record);
    }
}
