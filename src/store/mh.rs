//! MH: a folder is a directory, with subfolders in it; a message is a file named by its number.
//!
//! The mail root has `context`; a folder may have `.mh_sequences`. A removed message is renamed to `,7` (nmh) or `#7`
//! (older programs) and stays on disk. Sources: nmh's manual pages (`mh-path`, `mh-sequence`, `rmm`), and folders
//! filled by nmh 1.8 and procmail 3.22.

use std::collections::BTreeMap;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use super::listing::DirectoryListing;
use super::names::{class_in, directory_class};
use super::no_links;
use super::reader::{
    FileEntry, FileStat, FolderId, MailboxDirectory, Message, NOT_A_MESSAGE, Place, Reader, Role, Sink, head_of,
};
use crate::model::{class::Class, escape};

/// Bytes that show whether a file begins like a message.
const HEAD_BYTES: usize = 256;

/// nmh counts in 32 bits.
const MOST_DIGITS: usize = 10;

/// Files of nmh, xmh, Claws Mail and Sylpheed.
const NOTES: [&str; 4] = [".mh_sequences", ".xmhcache", ".claws_cache", ".sylpheed_cache"];

/// The root of nmh: `context` names the current folder, and there are folders.
pub(super) fn is_root(listing: &DirectoryListing) -> bool {
    let says = |line: &[u8]| line.to_ascii_lowercase().starts_with(b"current-folder:");
    listing.has_file("context")
        && listing.directories().next().is_some()
        && head_of(&listing.join("context"), HEAD_BYTES).split(|&byte| byte == b'\n').any(says)
}

/// A folder outside a root: it has the files of an MH program, and messages or nothing. Numbered names alone are not
/// enough, since news spools have them too.
pub(super) fn is_folder(listing: &DirectoryListing) -> bool {
    let begins_well = |name: &[u8]| begins_message(&head_of(&listing.join(name), HEAD_BYTES));
    NOTES.iter().any(|note| listing.has_file(note))
        && listing.files().find(|name| is_number(name)).is_none_or(begins_well)
}

/// A header field, or the line `From ` that some programs keep before it.
fn begins_message(text: &[u8]) -> bool {
    let name = text.split(|&byte| byte == b':').next().unwrap_or(text);
    let is_header = name.len() < text.len() && !name.is_empty() && name.iter().all(u8::is_ascii_graphic);
    is_header || text.starts_with(b"From ") || text.starts_with(b">From ")
}

pub(super) fn is_number(name: &[u8]) -> bool {
    (1..=MOST_DIGITS).contains(&name.len()) && name.iter().all(u8::is_ascii_digit) && name.first() != Some(&b'0')
}

fn is_removed(name: &[u8]) -> bool {
    matches!(name, [b',' | b'#', number @ ..] if is_number(number))
}

/// nmh's name of a folder; `inbox` and the root are INBOX.
fn folder_name(relative: &Path) -> String {
    let parts: Vec<String> = relative.iter().map(|part| escape::text(part.as_bytes())).collect();
    match parts.as_slice() {
        [] => "INBOX".to_owned(),
        [inbox] if inbox == "inbox" => "INBOX".to_owned(),
        parts => parts.join("/"),
    }
}

/// For the root, the directory of `inbox` if it exists.
fn folder_path(directory: &MailboxDirectory) -> PathBuf {
    let is_root = directory.relative.as_os_str().is_empty();
    let inbox = Path::new("inbox");
    if is_root && no_links::is_directory(&directory.path.join(inbox)) {
        inbox.to_owned()
    } else {
        directory.relative.to_owned()
    }
}

#[derive(Debug, Default)]
pub(super) struct MhReader {
    /// Removed messages with more than one link, by inode, with the number of removed names.
    removed: BTreeMap<(u64, u64), Removed>,
}

#[derive(Debug)]
struct Removed {
    folder: FolderId,
    size: u64,
    names: u64,
    links: u64,
}

impl Reader for MhReader {
    fn enter(&mut self, directory: &MailboxDirectory, parent: Option<Place>, sink: &mut dyn Sink) -> Place {
        let name = directory.name();
        match parent {
            Some(parent) if parent.role == Role::Other || name.starts_with(b".") => {
                Place { class: directory_class(parent.class, name), role: Role::Other, ..parent }
            }
            _ => {
                let folder = sink.folder(&folder_name(directory.relative), &folder_path(directory));
                Place { folder, class: Class::Message, role: Role::Folder }
            }
        }
    }

    fn file(&mut self, place: Place, entry: &FileEntry, sink: &mut dyn Sink) {
        let (name, facts) = (entry.name, &entry.facts);
        let in_folder = place.role == Role::Folder && !facts.is_symlink;
        if in_folder && is_number(name) {
            return match facts.is_regular {
                true => sink.message_file(place.folder, &Message::from_stat(facts), facts),
                false => sink.special_file(place.folder, entry, NOT_A_MESSAGE),
            };
        }
        if in_folder && is_removed(name) && facts.is_regular {
            self.remove(place.folder, facts, sink);
            return sink.file(place.folder, Class::Reclaimable, facts);
        }
        sink.file(place.folder, class_of(name).unwrap_or_else(|| class_in(place.class, name)), facts);
    }

    fn finish(&mut self, sink: &mut dyn Sink) {
        for removed in self.removed.values().filter(|removed| removed.names >= removed.links) {
            sink.reclaimable(removed.folder, removed.size);
        }
    }
}

impl MhReader {
    /// `refile` links a message into another folder before it removes the first name. Space is reclaimable only
    /// when every name is removed.
    fn remove(&mut self, folder: FolderId, facts: &FileStat, sink: &mut dyn Sink) {
        if facts.links <= 1 {
            return sink.reclaimable(folder, facts.size);
        }
        let first = Removed { folder, size: facts.size, names: 0, links: facts.links };
        self.removed.entry(facts.inode).or_insert(first).names += 1;
    }
}

/// Classes of the files of MH programs.
fn class_of(name: &[u8]) -> Option<Class> {
    match name {
        b"context" | b".mh_sequences" | b"mhl.format" | b"components" | b"replcomps" | b"forwcomps" => {
            Some(Class::Control)
        }
        b".xmhcache" | b".claws_cache" | b".claws_mark" | b".sylpheed_cache" | b".sylpheed_mark" => Some(Class::Index),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn numbers_are_messages_and_a_prefix_marks_removed_ones() {
        let numbers = [&b"1"[..], b"907", b"0", b"007", b"", b"1a", b",1", b"99999999999"].map(is_number);
        assert_eq!(numbers, [true, true, false, false, false, false, false, false]);
        let removed = [&b",1"[..], b"#12", b",", b",a", b"12", b",,1"].map(is_removed);
        assert_eq!(removed, [true, true, false, false, false, false]);
    }

    #[test]
    fn folder_names_match_nmh() {
        for (path, name) in
            [("", "INBOX"), ("inbox", "INBOX"), ("lists/rust", "lists/rust"), ("lists/inbox", "lists/inbox")]
        {
            assert_eq!(folder_name(Path::new(path)), name);
        }
    }

    #[test]
    fn news_spools_and_numbered_files_are_not_folders() {
        let home = tempfile::tempdir().unwrap();
        let is = |of: fn(&DirectoryListing) -> bool| of(&DirectoryListing::read(home.path()).unwrap());
        fs::write(home.path().join("1"), "Path: news\nSubject: a\n\nb\n").unwrap();
        assert!(!is(is_folder) && !is(is_root));
        fs::write(home.path().join(".mh_sequences"), "cur: 1\n").unwrap();
        assert!(is(is_folder) && !is(is_root));
        fs::write(home.path().join("1"), "\u{1}\u{2} no header").unwrap();
        assert!(!is(is_folder));
        fs::write(home.path().join("context"), "Current-Folder: inbox\n").unwrap();
        assert!(!is(is_root));
        fs::create_dir(home.path().join("inbox")).unwrap();
        assert!(is(is_root));
        fs::write(home.path().join("context"), "a file of that name\n").unwrap();
        assert!(!is(is_root));
    }
}
