//! Cyrus's `configdirectory` (`/var/lib/cyrus`): the mailbox list, quotas, subscriptions and seen states.
//!
//! `mailboxes.db` lists all mailboxes; `user/` has a directory or files per user, `quota/` a file per quota. A user's
//! files are named `ann.sub` or, since 3.6, `sub.db`. Source: trees made by Cyrus 3.6.

use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use crate::model::class::Class;
use crate::store::reader::{FileEntry, MailboxDirectory, Place, Reader, Role, Sink};
use crate::store::{listing::DirectoryListing, names::class_in_table};

/// Directories, by the class of their files unless a file's name says otherwise.
const DIRECTORIES: [(Class, &[&str]); 2] = [
    (Class::Temporary, &["lock", "proc", "socket"]),
    (
        Class::Control,
        &["db", "db.backup1", "db.backup2", "domain", "msg", "ptclient", "quota", "sieve", "user", "sync"],
    ),
];

/// Suffixes of file names, without the suffix of the database type.
const KINDS: [(Class, &[&str]); 3] = [
    (Class::Index, &["conversations", "statuscache", "dav"]),
    (Class::FullText, &["xapianactive"]),
    (Class::Control, &["deliver"]),
];

pub(crate) fn is_config(listing: &DirectoryListing) -> bool {
    listing.has_file("mailboxes.db") && ["user", "quota", "db"].iter().any(|name| listing.has_directory(name))
}

/// Directories that do not belong to the configuration, such as the spool.
pub(crate) fn others_inside(listing: &DirectoryListing) -> Vec<PathBuf> {
    let others = listing.directories().filter(|name| class_of_directory(name).is_none());
    others.map(|name| listing.join(name)).collect()
}

fn class_of_directory(name: &[u8]) -> Option<Class> {
    class_in_table(&DIRECTORIES, |known| name == known)
}

/// The class of a file, by its path in the directory.
pub(crate) fn config_class(relative: &Path) -> Class {
    let mut parts = relative.iter().map(OsStrExt::as_bytes);
    let (first, name) = (parts.next().unwrap_or_default(), relative.file_name().map_or(&b""[..], OsStrExt::as_bytes));
    let base = name.strip_suffix(b".db").unwrap_or(name);
    if name.ends_with(b".lock") || name.ends_with(b".NEW") {
        return Class::Temporary;
    }
    if let Some(class) = class_in_table(&KINDS, |kind| base.ends_with(kind)) {
        return class;
    }
    if parts.next().is_none() {
        return if name.ends_with(b".db") { Class::Control } else { Class::Other };
    }
    class_of_directory(first).unwrap_or(Class::Other)
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
            return Place { folder: sink.folder("", Path::new("")), class: Class::Control, role: Role::Other };
        };
        // The class of a file in it whose name says nothing.
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
