//! What the cache says about one unit, and how far each directory's entry is valid.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use crate::scan::cache::message_table::{self, CachedFile};
use crate::scan::cache::unit_record::{DirContent, DirRecord};
use crate::scan::{cache::audit, cache::file::StoredUnit};

/// Directories of a unit, by part and path.
pub(crate) type DirSet = HashSet<(usize, PathBuf)>;

/// The cache's view of one unit; the default has no entry.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct CachedUnit<'a> {
    pub stored: Option<&'a StoredUnit<'a>>,
    /// Directories whose entries are known to be stale.
    pub stale: Option<&'a DirSet>,
    /// The number of this audit, if the scan is audited; it draws the directories that are listed again.
    pub audit: Option<u64>,
}

/// How much of a cached directory may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CacheValidity {
    /// All of it, if the directory's stamp is unchanged.
    Valid,
    /// None for the result: the directory is listed again and compared.
    Audited,
    /// Its files: the directory is listed, and files that it already had are not asked for.
    FilesOnly,
    Invalid,
}

/// Finds directories of a unit. They come in the order of the record unless some were added or removed.
#[derive(Debug, Default)]
pub(crate) struct DirFinder<'a> {
    next: usize,
    by_place: Option<HashMap<(usize, &'a Path), usize>>,
}

impl<'a> CachedUnit<'a> {
    pub(crate) fn directory(&self, index: usize) -> Option<&'a DirRecord> {
        self.stored.and_then(|stored| stored.record.directories.get(index))
    }

    pub(crate) fn validity(&self, directory: &DirRecord) -> CacheValidity {
        let is_in = |stale: &DirSet| stale.contains(&(directory.part, directory.path.clone()));
        if self.stale.is_some_and(|stale| !stale.is_empty() && is_in(stale)) {
            return CacheValidity::Invalid;
        }
        match &directory.content {
            DirContent::Names(_) => CacheValidity::Valid,
            DirContent::Messages { .. } if !directory.is_settled => CacheValidity::FilesOnly,
            DirContent::Messages { .. }
                if self.audit.is_some_and(|number| audit::is_drawn(directory.stamp.inode, number)) =>
            {
                CacheValidity::Audited
            }
            DirContent::Messages { .. } => CacheValidity::Valid,
        }
    }

    /// The files of a directory of messages, ordered by inode; `None` if the table is damaged.
    pub(crate) fn files(&self, directory: &DirRecord) -> Option<Vec<CachedFile>> {
        let DirContent::Messages { table, check, .. } = &directory.content else { return Some(Vec::new()) };
        self.stored?.table(table, *check).map(|bytes| message_table::files(bytes).collect())
    }

    pub(crate) fn message_directories(&self) -> usize {
        let directories = self.stored.iter().flat_map(|stored| &stored.record.directories);
        directories.filter(|directory| matches!(directory.content, DirContent::Messages { .. })).count()
    }
}

impl<'a> DirFinder<'a> {
    /// The directory's index in the record.
    pub(crate) fn find(&mut self, cached: &CachedUnit<'a>, part: usize, path: &Path) -> Option<usize> {
        let is_here = |index| cached.directory(index).is_some_and(|known| known.part == part && known.path == path);
        if !is_here(self.next) {
            let all = cached.stored.map_or(&[][..], |stored| &stored.record.directories);
            let by_place = self.by_place.get_or_insert_with(|| {
                all.iter().enumerate().map(|(index, known)| ((known.part, known.path.as_path()), index)).collect()
            });
            self.next = *by_place.get(&(part, path))?;
        }
        self.next += 1;
        Some(self.next - 1)
    }
}
