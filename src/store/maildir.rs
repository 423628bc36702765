//! Maildir: one file per message in the `cur` and `new` of a folder, with metadata in its name.
//!
//! The mailbox's directory is its INBOX. Maildir++ keeps the folder `A/B` in `.A.B` beside INBOX's `cur`, Dovecot's
//! `LAYOUT=fs` in `A/B/`. Sources: <https://cr.yp.to/proto/maildir.html>,
//! <https://www.courier-mta.org/imap/README.maildirquota.html>, <https://doc.dovecot.org> (Maildir), and stores
//! filled by Dovecot 2.3.

use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use memchr::memchr;

use super::digits::decimal;
use super::listing::DirectoryListing;
use super::names::{class_in, directory_class};
use super::reader::{FileEntry, FileStat, Keeps, MailboxDirectory, Message, NOT_A_MESSAGE, Place, Reader, Role, Sink};
use super::{no_links, owner, utf7};
use crate::model::{class::Class, escape};

pub(crate) const PARTS: [&str; 3] = ["cur", "new", "tmp"];

/// 1990-01-01 in unix seconds: an earlier number is not a time.
const EARLIEST_PLAUSIBLE: i64 = 631_152_000;

/// Seconds by which an mtime must exceed the time in the name to show a restore without times.
const PUT_BACK_AFTER: i64 = 7 * 86_400;

pub(crate) fn is_folder(directory: &Path) -> bool {
    has_parts(&MailboxDirectory::alone(directory))
}

fn has_parts(directory: &MailboxDirectory) -> bool {
    PARTS.iter().all(|part| directory.has_directory(part))
}

/// A mailbox has its INBOX, or Maildir++ folders beside Dovecot's own files: then INBOX is in `.INBOX`, or missing,
/// as in a shared namespace.
pub(crate) fn recognise(listing: &DirectoryListing) -> bool {
    let has_inbox = PARTS.iter().all(|part| listing.has_directory(part));
    let is_kept = |name: &[u8]| {
        let of_dovecot: [&[u8]; 3] = [b"dovecot.list.index", b"dovecot-uidvalidity", b"subscriptions"];
        of_dovecot.iter().any(|beginning| name.starts_with(beginning))
    };
    let is_dotted_folder = |name: &[u8]| name.starts_with(b".") && is_folder(&listing.join(name));
    has_inbox || (listing.files().any(is_kept) && listing.directories().any(is_dotted_folder))
}

/// Domain directories inside an account's own Maildir, as cPanel creates them: `example.org/ann/cur` beside `cur`. A
/// folder of `LAYOUT=fs` can look the same, but has folders beside it that are not named like domains.
pub(crate) fn domains_inside(listing: &DirectoryListing) -> Vec<PathBuf> {
    let domains = domains_of_panel(listing);
    if domains.is_empty() {
        return domains;
    }
    let has_cur = |name: &[u8]| no_links::is_directory(&listing.join(name).join("cur"));
    let is_dotted = |name: &&[u8]| name.starts_with(b".");
    let plain = || listing.directories().filter(|name| !PARTS.iter().any(|part| part.as_bytes() == *name));
    let side_by_side = plain().filter(is_dotted).any(has_cur);
    let inside_each_other = || plain().filter(|name| !is_dotted(name) && !is_domain(name)).any(has_cur);
    let is_panel = listing.has_file("mailbox_format.cpanel") || side_by_side || !inside_each_other();
    if is_panel { domains } else { Vec::new() }
}

/// Directories that have a domain's name and contain mailboxes.
pub(crate) fn domains_of_panel(listing: &DirectoryListing) -> Vec<PathBuf> {
    let holds_mailboxes = |domain: &&[u8]| {
        let inside = listing.inside(domain);
        !recognise(&inside) && inside.directories().any(|name| is_mailbox(&inside.join(name)))
    };
    let domains = listing.directories().filter(|name| is_domain(name)).filter(holds_mailboxes);
    domains.map(|name| listing.join(name)).collect()
}

fn is_domain(name: &[u8]) -> bool {
    std::str::from_utf8(name).is_ok_and(owner::is_domain)
}

fn is_mailbox(directory: &Path) -> bool {
    is_folder(directory) || ["mailboxes", "storage"].iter().any(|name| no_links::is_directory(&directory.join(name)))
}

/// Reads a Maildir, and the joined index and control trees.
///
/// A message renamed during the listing appears under both names; the scan reports an inode with one link once.
#[derive(Debug)]
pub(crate) struct MaildirReader;

impl Reader for MaildirReader {
    fn enter(&mut self, directory: &MailboxDirectory, parent: Option<Place>, sink: &mut dyn Sink) -> Place {
        let name = directory.name();
        if directory.root > 0 {
            let folder = sink.folder(&index_folder_name(directory.relative), directory.relative);
            let class = directory_class(parent.map_or(Class::Index, |parent| parent.class), name);
            return Place { folder, class, role: Role::Other };
        }
        let Some(parent) = parent else {
            return Place { folder: sink.folder("INBOX", Path::new("")), class: Class::Message, role: Role::Folder };
        };
        match name {
            b"cur" | b"new" if parent.role == Role::Folder => Place { role: Role::Mail, ..parent },
            b"tmp" if parent.role == Role::Folder => Place { class: Class::Temporary, role: Role::Other, ..parent },
            _ if has_parts(directory) => {
                let folder = sink.folder(&folder_name(directory.relative), directory.relative);
                Place { folder, class: Class::Message, role: Role::Folder }
            }
            _ => Place { class: directory_class(parent.class, name), role: Role::Other, ..parent },
        }
    }

    fn file(&mut self, place: Place, entry: &FileEntry, sink: &mut dyn Sink) {
        let facts = &entry.facts;
        let is_message = place.role == Role::Mail && !facts.is_symlink;
        let Some(name) = is_message.then(|| MessageName::parse(entry.name)).flatten() else {
            return sink.file(place.folder, class_in(place.class, entry.name), facts);
        };
        if !facts.is_regular {
            return sink.special_file(place.folder, entry, NOT_A_MESSAGE);
        }
        sink.message_file(place.folder, &name.message(facts.size, facts.modified), facts);
    }

    fn keeps(&self, place: Place) -> Keeps {
        if place.role == Role::Mail { Keeps::Messages } else { Keeps::Names }
    }

    fn size_in_name(&self, name: &[u8]) -> Option<u64> {
        MessageName::parse(name)?.size
    }

    fn file_by_name(
        &mut self,
        place: Place,
        name: &[u8],
        guess: &dyn Fn(u64, i64) -> FileStat,
        sink: &mut dyn Sink,
    ) -> bool {
        let Some(name) = MessageName::parse(name) else { return false };
        let Some((size, saved)) = name.size.zip(name.saved) else { return false };
        let facts = guess(size, saved);
        sink.message_file(place.folder, &name.message(facts.size, facts.modified), &facts);
        true
    }

    /// The name without flags.
    fn lasting_part<'n>(&self, name: &'n [u8]) -> &'n [u8] {
        split(name, b':').0
    }
}

/// The metadata in a message file's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct MessageName {
    /// When the message was saved in this store, in unix seconds.
    pub saved: Option<i64>,
    /// `S=`: the size uncompressed, line ends as stored.
    pub size: Option<u64>,
    /// `W=`: the size with CRLF line ends.
    pub virtual_size: Option<u64>,
    /// Flag `T`: deleted, not yet expunged.
    pub is_deleted: bool,
}

impl MessageName {
    /// Parses `<seconds>.<unique>.<host>[,S=<size>][,W=<size>][:2,<flags>]`; `None` for dot files, which are not
    /// messages.
    pub(crate) fn parse(name: &[u8]) -> Option<Self> {
        if name.starts_with(b".") {
            return None;
        }
        let (base, flags) = split(name, b':');
        let (unique, mut fields) = split(base, b',');
        let (mut size, mut virtual_size) = (None, None);
        while let [_, field @ ..] = fields {
            let (field, rest) = split(field, b',');
            match field {
                [b'S', b'=', digits @ ..] => size = number(digits),
                [b'W', b'=', digits @ ..] => virtual_size = number(digits),
                _ => {}
            }
            fields = rest;
        }
        let (seconds, _) = split(unique, b'.');
        let saved = number(seconds).map(|seconds| seconds as i64).filter(|&s| s >= EARLIEST_PLAUSIBLE);
        let is_deleted = flags.strip_prefix(b":2,").is_some_and(|flags| flags.contains(&b'T'));
        Some(MessageName { saved, size, virtual_size, is_deleted })
    }

    fn message(&self, size: u64, modified: i64) -> Message {
        Message {
            bytes: size,
            logical: self.size.unwrap_or(size),
            virtual_size: self.virtual_size,
            arrival: self.arrival(modified),
            saved: self.saved,
            touched: self.saved.filter(|saved| modified.saturating_sub(*saved) > PUT_BACK_AFTER).map(|_| modified),
            is_deleted: self.is_deleted,
            ..Message::default()
        }
    }

    /// The file's mtime, unless a restore without times made it later than the time in the name.
    pub(crate) fn arrival(&self, modified: i64) -> i64 {
        self.saved.map_or(modified, |saved| saved.min(modified))
    }
}

/// Splits before the first `at`; the rest begins with it.
fn split(bytes: &[u8], at: u8) -> (&[u8], &[u8]) {
    bytes.split_at(memchr(at, bytes).unwrap_or(bytes.len()))
}

/// `None` for a number larger than any file.
fn number(digits: &[u8]) -> Option<u64> {
    decimal(digits).filter(|&number| number <= i64::MAX as u64)
}

/// The displayed name of the folder in a directory, given relative to the mailbox.
pub(crate) fn folder_name(relative: &Path) -> String {
    let parts: Vec<&[u8]> = relative.iter().map(OsStrExt::as_bytes).collect();
    match parts.as_slice() {
        [] => "INBOX".to_owned(),
        [[b'.', name @ ..]] => name.split(|&b| b == b'.').map(level_name).collect::<Vec<_>>().join("/"),
        levels => levels.iter().map(|level| level_name(level)).collect::<Vec<_>>().join("/"),
    }
}

/// The folder whose indexes are in a directory, given relative to the index tree: `.INBOX` or `INBOX` is the inbox.
fn index_folder_name(relative: &Path) -> String {
    match relative.as_os_str().as_bytes() {
        b".INBOX" | b"INBOX" => "INBOX".to_owned(),
        _ => folder_name(relative),
    }
}

/// One level of a folder's name: modified UTF-7 if all of it is valid, else the escaped bytes.
pub(crate) fn level_name(bytes: &[u8]) -> String {
    let text = escape::text(bytes);
    utf7::decode(&text).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_by_dovecot_courier_and_postfix_parse() {
        let name = MessageName::parse(b"1735689600.M20046P2137.mx1,S=1234,W=1260:2,RS").unwrap();
        assert_eq!((name.saved, name.size, name.virtual_size), (Some(1_735_689_600), Some(1234), Some(1260)));
        let name = MessageName::parse(b"1700000000.V801I2.host").unwrap();
        assert_eq!((name.size, name.virtual_size), (None, None));
        let name = MessageName::parse(b"msg,S=12x,W=,Z=1,S=7").unwrap();
        assert_eq!((name.saved, name.size, name.virtual_size), (None, Some(7), None));
        let name = MessageName::parse(b"1.a.b,S=18446744073709551615,W=+5:2,ST").unwrap();
        assert_eq!((name.size, name.virtual_size, name.is_deleted), (None, None, true));
        assert!(!MessageName::parse(b"1.T.b:2,S").unwrap().is_deleted);
        assert_eq!(MessageName::parse(b".nfs0001"), None);
    }

    #[test]
    fn the_arrival_is_the_earlier_of_file_time_and_name() {
        let name = MessageName::parse(b"1700000000.a.b").unwrap();
        assert_eq!(name.arrival(1_600_000_000), 1_600_000_000);
        assert_eq!(name.arrival(1_800_000_000), 1_700_000_000);
        assert_eq!(MessageName::parse(b"17.a.b").unwrap().arrival(1_800_000_000), 1_800_000_000);
    }

    #[test]
    fn folder_names_of_both_layouts_are_decoded() {
        for (path, name) in [
            ("", "INBOX"),
            (".Sent", "Sent"),
            (".Archive.2023", "Archive/2023"),
            (".Entw&APw-rfe", "Entwürfe"),
            ("Archive/2023", "Archive/2023"),
            ("Entw&APw-rfe/a.b", "Entwürfe/a.b"),
            (".R&D", "R&D"),
            (".R&-D", "R&D"),
        ] {
            assert_eq!(folder_name(Path::new(path)), name, "{path}");
        }
    }
}
