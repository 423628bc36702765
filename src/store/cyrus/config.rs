//! Cyrus's `configdirectory` (`/var/lib/cyrus`): the mailbox list, quotas, subscriptions and seen states.
//!
//! `mailboxes.db` lists all mailboxes; `user/` has a directory or files per user, `quota/` a file per quota. A user's
//! files are named `ann.sub` or, since 3.6, `sub.db`. Source: trees made by Cyrus 3.6.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use crate::model::class::Class;
use crate::store::listing::DirectoryListing;
use crate::store::reader::{FileEntry, MailboxDirectory, Place, Reader, Sink};

/// Directories and the class of their files, unless a file's name says otherwise.
const DIRECTORIES: [(&[u8], Class); 13] = [
    (b"lock", Class::Temporary),
    (b"proc", Class::Temporary),
    (b"socket", Class::Temporary),
    (b"db", Class::Control),
    (b"db.backup1", Class::Control),
    (b"db.backup2", Class::Control),
    (b"domain", Class::Control),
    (b"msg", Class::Control),
    (b"ptclient", Class::Control),
    (b"quota", Class::Control),
    (b"sieve", Class::Control),
    (b"user", Class::Control),
    (b"sync", Class::Control),
];

/// Suffixes of file names, without the suffix of the database type.
const KINDS: [(&[u8], Class); 5] = [
    (b"conversations", Class::Index),
    (b"statuscache", Class::Index),
    (b"xapianactive", Class::FullText),
    (b"deliver", Class::Control),
    (b"dav", Class::Index),
];

pub(crate) fn is_config(listing: &DirectoryListing) -> bool {
    listing.has_file("mailboxes.db") && ["user", "quota", "db"].iter().any(|name| listing.has_directory(name))
}

/// Directories that do not belong to the configuration, such as the spool.
pub(crate) fn others_inside(listing: &DirectoryListing) -> Vec<PathBuf> {
    let is_known = |name: &&[u8]| DIRECTORIES.iter().any(|(known, _)| known == name);
    let others = listing.directories().filter(|name| !is_known(name));
    others.map(|name| listing.path().join(OsStr::from_bytes(name))).collect()
}

/// The class of a file, by its path in the directory.
pub(crate) fn config_class(relative: &Path) -> Class {
    let mut parts = relative.iter().map(OsStrExt::as_bytes);
    let (first, name) = (parts.next().unwrap_or_default(), relative.file_name().map_or(&b""[..], OsStrExt::as_bytes));
    let base = name.strip_suffix(b".db").unwrap_or(name);
    if name.ends_with(b".lock") || name.ends_with(b".NEW") {
        return Class::Temporary;
    }
    if let Some((_, class)) = KINDS.iter().find(|(kind, _)| base.ends_with(kind)) {
        return *class;
    }
    if parts.next().is_none() {
        return if name.ends_with(b".db") { Class::Control } else { Class::Other };
    }
    DIRECTORIES.iter().find(|(directory, _)| first == *directory).map_or(Class::Other, |(_, class)| *class)
}

/// Charges the server's configuration to no mailbox.
#[derive(Debug, Default)]
pub(crate) struct ConfigReader {
    top: PathBuf,
}

impl Reader for ConfigReader {
    fn enter(&mut self, directory: &MailboxDirectory, parent: Option<Place>, sink: &mut dyn Sink) -> Place {
        let Some(above) = parent else {
            self.top = directory.path.to_owned();
            return Place { folder: sink.folder("", Path::new("")), class: Class::Control, role: 0 };
        };
        // As of a file in it that has no name to speak of.
        Place { class: config_class(&directory.relative.join("-")), ..above }
    }

    fn file(&mut self, place: Place, entry: &FileEntry, sink: &mut dyn Sink) {
        let path = entry.path();
        let class = config_class(path.strip_prefix(&self.top).unwrap_or(&path));
        sink.file(place.folder, class, &entry.facts);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn server_files_are_classed_by_name_and_directory() {
        for (path, class) in [
            ("mailboxes.db", Class::Control),
            ("annotations.db", Class::Control),
            ("deliver.db", Class::Control),
            ("statuscache.db", Class::Index),
            ("user/uuid/u/v/uvs7/sub.db", Class::Control),
            ("user/uuid/u/v/uvs7/conversations.db", Class::Index),
            ("user/uuid/u/v/uvs7/xapianactive.db", Class::FullText),
            ("user/a/ann.seen", Class::Control),
            ("user/a/ann.conversations", Class::Index),
            ("domain/e/example.org/quota/a/user.ann", Class::Control),
            ("quota/t/user.tom^jones", Class::Control),
            ("lock/*U*ann.lock", Class::Temporary),
            ("socket/lmtp", Class::Temporary),
            ("db/skipstamp", Class::Control),
            ("backup/x", Class::Other),
            ("notes.txt", Class::Other),
        ] {
            assert_eq!(config_class(Path::new(path)), class, "{path}");
        }
    }
}
