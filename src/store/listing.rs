//! The names in a directory, read once for all formats that want to recognise it.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs::FileType;
use std::io;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EntryKind {
    Directory,
    File,
    /// Symbolic links, sockets and the like.
    Other,
}

impl From<FileType> for EntryKind {
    fn from(kind: FileType) -> EntryKind {
        match (kind.is_dir(), kind.is_file()) {
            (true, _) => EntryKind::Directory,
            (_, true) => EntryKind::File,
            _ => EntryKind::Other,
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct DirectoryListing {
    pub path: PathBuf,
    entries: BTreeMap<Vec<u8>, EntryKind>,
}

impl DirectoryListing {
    /// # Errors
    ///
    /// Fails if the directory cannot be read.
    pub(crate) fn read(path: &Path) -> io::Result<DirectoryListing> {
        let mut entries = BTreeMap::new();
        for entry in std::fs::read_dir(path)? {
            let entry = entry?;
            // Removed since it was listed.
            let Ok(kind) = entry.file_type() else { continue };
            entries.insert(entry.file_name().into_vec(), EntryKind::from(kind));
        }
        Ok(DirectoryListing { path: path.to_owned(), entries })
    }

    pub(crate) fn from_entries(path: &Path, entries: impl Iterator<Item = (Vec<u8>, EntryKind)>) -> DirectoryListing {
        DirectoryListing { path: path.to_owned(), entries: entries.collect() }
    }

    /// The path of an entry.
    pub(crate) fn join(&self, name: impl AsRef<[u8]>) -> PathBuf {
        self.path.join(OsStr::from_bytes(name.as_ref()))
    }

    /// The listing of a subdirectory; empty if it cannot be read.
    pub(crate) fn inside(&self, name: impl AsRef<[u8]>) -> DirectoryListing {
        let path = self.join(name);
        DirectoryListing::read(&path).unwrap_or(DirectoryListing { path, entries: BTreeMap::new() })
    }

    /// Empty for a path without a last part.
    pub(crate) fn name(&self) -> &[u8] {
        self.path.file_name().map_or(b"", OsStrExt::as_bytes)
    }

    pub(crate) fn has_directory(&self, name: &str) -> bool {
        self.entries.get(name.as_bytes()) == Some(&EntryKind::Directory)
    }

    pub(crate) fn has_file(&self, name: &str) -> bool {
        self.entries.get(name.as_bytes()) == Some(&EntryKind::File)
    }

    /// In byte order.
    pub(crate) fn directories(&self) -> impl Iterator<Item = &[u8]> {
        self.of_kind(EntryKind::Directory)
    }

    /// In byte order.
    pub(crate) fn files(&self) -> impl Iterator<Item = &[u8]> {
        self.of_kind(EntryKind::File)
    }

    fn of_kind(&self, wanted: EntryKind) -> impl Iterator<Item = &[u8]> {
        self.entries.iter().filter(move |(_, kind)| **kind == wanted).map(|(name, _)| name.as_slice())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_listed_by_kind() {
        let directory = tempfile::tempdir().unwrap();
        for name in ["b", "a"] {
            std::fs::create_dir(directory.path().join(name)).unwrap();
        }
        std::fs::write(directory.path().join("file"), b"").unwrap();
        std::os::unix::fs::symlink("a", directory.path().join("link")).unwrap();
        let listing = DirectoryListing::read(directory.path()).unwrap();
        assert_eq!(listing.directories().collect::<Vec<_>>(), [b"a", b"b"]);
        assert_eq!(listing.files().collect::<Vec<_>>(), [b"file"]);
        assert!(listing.has_directory("a") && !listing.has_directory("link") && !listing.has_file("link"));
    }
}
