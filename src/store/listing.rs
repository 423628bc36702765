//! The names in a directory, read once for all formats that want to recognise it.

use std::borrow::Cow;
use std::ffi::OsStr;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use rustix::fs::{AtFlags, Dir, FileType, statat};

use super::no_links::{self, Purpose};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EntryKind {
    Directory,
    File,
    /// Symbolic links, sockets and the like.
    Other,
}

impl From<FileType> for EntryKind {
    fn from(kind: FileType) -> EntryKind {
        match kind {
            FileType::Directory => EntryKind::Directory,
            FileType::RegularFile => EntryKind::File,
            _ => EntryKind::Other,
        }
    }
}

/// An entry of a directory.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub path: PathBuf,
    pub kind: EntryKind,
}

impl Entry {
    pub(crate) fn name(&self) -> &[u8] {
        self.path.file_name().map_or(b"", OsStrExt::as_bytes)
    }
}

/// The entries of a directory, in the order of the file system; the last is an error if the rest cannot be read.
///
/// # Errors
///
/// Fails if the directory cannot be opened.
pub(crate) fn entries(directory: &Path) -> io::Result<impl Iterator<Item = io::Result<Entry>>> {
    let mut opened = Dir::new(no_links::open(directory, Purpose::List)?)?;
    Ok(std::iter::from_fn(move || {
        loop {
            let entry = match opened.read()? {
                Ok(entry) => entry,
                Err(error) => return Some(Err(error.into())),
            };
            let name = entry.file_name();
            if matches!(name.to_bytes(), b"." | b"..") {
                continue;
            }
            let kind = match entry.file_type() {
                FileType::Unknown => match statat(opened.fd().ok()?, name, AtFlags::SYMLINK_NOFOLLOW) {
                    Ok(stat) => FileType::from_raw_mode(stat.st_mode),
                    // Removed since it was listed.
                    Err(_) => continue,
                },
                known => known,
            };
            let path = directory.join(OsStr::from_bytes(name.to_bytes()));
            return Some(Ok(Entry { path, kind: EntryKind::from(kind) }));
        }
    }))
}

/// All entries below a directory that are not directories, each directory in byte order; a file is its own entry.
/// What cannot be read is left out.
pub(crate) fn entries_below(path: &Path) -> impl Iterator<Item = Entry> {
    let kind = match no_links::stat(path) {
        Ok(Some(stat)) => EntryKind::from(FileType::from_raw_mode(stat.st_mode)),
        _ => EntryKind::Other,
    };
    // The next one is the last.
    let mut waiting = vec![Entry { path: path.to_owned(), kind }];
    std::iter::from_fn(move || {
        loop {
            let entry = waiting.pop()?;
            if entry.kind != EntryKind::Directory {
                return Some(entry);
            }
            let inside = waiting.len();
            waiting.extend(entries(&entry.path).into_iter().flatten().flatten());
            waiting[inside..].sort_unstable_by(|one, other| other.path.cmp(&one.path));
        }
    })
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct DirectoryListing<'a> {
    pub path: Cow<'a, Path>,
    /// In byte order.
    entries: Vec<(Cow<'a, [u8]>, EntryKind)>,
}

impl<'a> DirectoryListing<'a> {
    /// # Errors
    ///
    /// Fails if the directory cannot be read.
    pub(crate) fn read(path: &Path) -> io::Result<DirectoryListing<'static>> {
        let entries = entries(path)?.map(|entry| entry.map(|entry| (Cow::from(entry.name().to_vec()), entry.kind)));
        Ok(DirectoryListing::sorted(path.to_owned().into(), entries.collect::<io::Result<_>>()?))
    }

    pub(crate) fn from_entries(path: &'a Path, entries: impl Iterator<Item = (&'a [u8], EntryKind)>) -> Self {
        DirectoryListing::sorted(path.into(), entries.map(|(name, kind)| (name.into(), kind)).collect())
    }

    fn sorted(path: Cow<'a, Path>, mut entries: Vec<(Cow<'a, [u8]>, EntryKind)>) -> Self {
        entries.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
        DirectoryListing { path, entries }
    }

    /// The path of an entry.
    pub(crate) fn join(&self, name: impl AsRef<[u8]>) -> PathBuf {
        self.path.join(OsStr::from_bytes(name.as_ref()))
    }

    /// The listing of a subdirectory; empty if it cannot be read.
    pub(crate) fn inside(&self, name: impl AsRef<[u8]>) -> DirectoryListing<'static> {
        let path = self.join(name);
        DirectoryListing::read(&path).unwrap_or(DirectoryListing { path: path.into(), entries: Vec::new() })
    }

    /// Empty for a path without a last part.
    pub(crate) fn name(&self) -> &[u8] {
        self.path.file_name().map_or(b"", OsStrExt::as_bytes)
    }

    pub(crate) fn has_directory(&self, name: &str) -> bool {
        self.kind(name) == Some(EntryKind::Directory)
    }

    pub(crate) fn has_file(&self, name: &str) -> bool {
        self.kind(name) == Some(EntryKind::File)
    }

    fn kind(&self, name: &str) -> Option<EntryKind> {
        let place = self.entries.binary_search_by(|(known, _)| known.as_ref().cmp(name.as_bytes())).ok()?;
        Some(self.entries[place].1)
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
        self.entries.iter().filter(move |(_, kind)| *kind == wanted).map(|(name, _)| name.as_ref())
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
