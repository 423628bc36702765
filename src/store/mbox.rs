//! mbox: one file per folder; each message begins with a line `From `.
//!
//! Dovecot keeps a mailbox's folders, with `inbox` among them, as files below one directory, and its indexes in
//! `.imap` beside them. A file may be compressed as a whole. Sources: RFC 4155, <https://doc.dovecot.org> (mbox), and
//! files written by Dovecot 2.3 and procmail 3.22.

mod date;
pub(crate) mod from_line;
mod headers;
mod messages;
mod source;

use std::ffi::OsStr;
use std::io::{self, Read};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::tz::TimeZone;

pub(super) use self::from_line::begins_mbox;
use self::messages::{LookAhead, MboxMessage, MboxMessages};
use self::source::{DecompressedStream, MboxCompression, decompression_limit, length, open, unpack};
pub(super) use self::source::{HEAD_BYTES, recognise_compressed};
use super::content::{ContentReader, StoreFile};
use super::listing::DirectoryListing;
use super::maildir::folder_name;
use super::names::{class_in, common_class, directory_class};
use super::reader::{FileEntry, FolderId, MailboxDirectory, Message, Place, Reader, Role, Sink, USUAL_BLOCK};
use super::{dbox, maildir, mh, no_links};
use crate::model::{class::Class, snapshot::ProblemKind};

/// Limits of the search for mailboxes of other formats.
const DEEPEST_INSIDE: usize = 4;
const MOST_INSIDE: usize = 1_000;

/// Dovecot's index directory, beside the folders.
pub(super) const INDEXES: &str = ".imap";

/// Whether `.imap` has the index of a file or directory beside it. A spool can have one too, and is refused.
pub(super) fn is_root(listing: &DirectoryListing) -> bool {
    if !listing.has_directory(INDEXES) || is_spool(&listing.path) {
        return false;
    }
    let indexes = listing.inside(INDEXES);
    let beside =
        |name: &[u8]| listing.files().chain(listing.directories()).any(|other| other.eq_ignore_ascii_case(name));
    let has_index = |name: &[u8]| indexes.inside(name).files().any(|file| file.starts_with(b"dovecot.index"));
    indexes.directories().any(|name| beside(name) && has_index(name))
}

/// The system's spool of all users' mail.
pub(super) fn is_spool(directory: &Path) -> bool {
    directory.ends_with("var/mail") || directory.ends_with("spool/mail")
}

/// Mailboxes of other formats among the folders, as procmail and hosting panels create them.
pub(super) fn mailboxes_inside(listing: &DirectoryListing) -> Vec<PathBuf> {
    let mut inside = Vec::new();
    let mut waiting: Vec<(PathBuf, usize)> = vec![(listing.path.to_path_buf(), 0)];
    let mut looked = 0;
    while let Some((directory, depth)) = waiting.pop() {
        looked += 1;
        let listing = DirectoryListing::read(&directory).unwrap_or_default();
        let is_other = maildir::recognise(&listing) || dbox::recognise(&listing).is_some() || mh::is_folder(&listing);
        if depth > 0 && is_other {
            inside.push(directory);
        } else if depth < DEEPEST_INSIDE && looked < MOST_INSIDE {
            let below = listing.directories().filter(|name| *name != INDEXES.as_bytes());
            waiting.extend(below.map(|name| (directory.join(OsStr::from_bytes(name)), depth + 1)));
        }
    }
    inside.sort();
    inside
}

pub(super) fn is_folder_name(name: &[u8]) -> bool {
    !name.starts_with(b".") && common_class(name).is_none()
}

#[derive(Debug)]
pub(super) struct MboxReader {
    is_alone: bool,
    /// The inbox's file name.
    inbox: &'static str,
    root: PathBuf,
    /// The server's time zone: `From ` lines are in local time.
    zone: TimeZone,
}

impl MboxReader {
    pub(super) fn directory() -> Self {
        MboxReader { is_alone: false, inbox: "inbox", root: PathBuf::new(), zone: TimeZone::system() }
    }

    pub(super) fn alone() -> Self {
        MboxReader { is_alone: true, ..MboxReader::directory() }
    }

    fn folder(&self, path: &Path, sink: &mut dyn Sink) -> FolderId {
        let is_inbox = self.is_alone || path == Path::new(self.inbox) || path == Path::new("INBOX");
        let name = if is_inbox { "INBOX".to_owned() } else { folder_name(path) };
        sink.folder(&name, path)
    }

    fn enter_root(&mut self, directory: &MailboxDirectory, sink: &mut dyn Sink) -> Place {
        let is_file = |name: &&str| no_links::is_file(&directory.path.join(name));
        self.inbox = ["inbox", "INBOX", "mbox"].into_iter().find(is_file).unwrap_or("inbox");
        self.root = directory.path.to_owned();
        Place { folder: self.folder(Path::new(self.inbox), sink), class: Class::Message, role: Role::Folder }
    }

    /// Reports the messages of a file; returns false for an empty folder with the server's own pseudo message.
    fn read(
        &self,
        entry: &FileEntry,
        file: &StoreFile,
        compression: MboxCompression,
        folder: FolderId,
        sink: &mut dyn Sink,
    ) -> io::Result<bool> {
        let size = entry.facts.size;
        // Holes hold no compressed bytes.
        let limit = decompression_limit(size.min(entry.facts.allocated.max(USUAL_BLOCK)));
        match compression {
            MboxCompression::None => {
                return self.messages(ContentReader::new(file, size), folder, sink, |found| found.bytes);
            }
            MboxCompression::Unreadable(name) => {
                let detail = format!("compressed with {name}: counted as one file");
                sink.problem(&entry.path(), ProblemKind::UnknownVersion, &detail);
                return Ok(true);
            }
            MboxCompression::Gzip | MboxCompression::Zstd => {}
        }
        // A compressed file is read twice: each message's share of the file needs the uncompressed total.
        let (total, outcome) = length(unpack(file, size, compression)?.take(limit.saturating_add(1)));
        if total > limit {
            let detail = format!("decompresses to more than {limit} bytes, and was not read");
            sink.problem(&entry.path(), ProblemKind::Damaged, &detail);
            return Ok(true);
        }
        let share = |end: u64| (u128::from(size) * u128::from(end.min(total)) / u128::from(total.max(1))) as u64;
        let bytes = |found: &MboxMessage| share(found.offset.saturating_add(found.bytes)) - share(found.offset);
        let content = DecompressedStream::new(unpack(file, size, compression)?.take(total));
        let has_mail = self.messages(content, folder, sink, bytes)?;
        outcome.map(|()| has_mail)
    }

    fn messages(
        &self,
        source: impl LookAhead,
        folder: FolderId,
        sink: &mut dyn Sink,
        bytes: impl Fn(&MboxMessage) -> u64,
    ) -> io::Result<bool> {
        let mut has_mail = false;
        for found in MboxMessages::new(source)? {
            let found = found?;
            if !found.is_pseudo {
                has_mail = true;
                sink.message(folder, &self.message(&found, bytes(&found)));
            }
        }
        Ok(has_mail)
    }

    fn message(&self, found: &MboxMessage, bytes: u64) -> Message {
        Message {
            bytes,
            logical: found.physical,
            virtual_size: Some(found.virtual_size),
            arrival: found.from.arrival(|clock| local_to_unix(&self.zone, clock)),
            sent: found.sent,
            is_deleted: found.is_deleted,
            ..Message::default()
        }
    }
}

impl Reader for MboxReader {
    fn enter(&mut self, directory: &MailboxDirectory, parent: Option<Place>, sink: &mut dyn Sink) -> Place {
        let Some(parent) = parent else { return self.enter_root(directory, sink) };
        let name = directory.name();
        if parent.role == Role::Indexes {
            let folder: PathBuf = directory.relative.iter().filter(|part| *part != INDEXES).collect();
            return Place { folder: self.folder(&folder, sink), class: Class::Index, role: Role::Other };
        }
        if name == INDEXES.as_bytes() {
            return Place { class: Class::Index, role: Role::Indexes, ..parent };
        }
        if parent.role == Role::Other || !is_folder_name(name) {
            return Place { class: directory_class(parent.class, name), role: Role::Other, ..parent };
        }
        parent
    }

    fn file(&mut self, place: Place, entry: &FileEntry, sink: &mut dyn Sink) {
        let path = match place.role {
            _ if self.is_alone => PathBuf::new(),
            Role::Folder if is_folder_name(entry.name) => {
                let path = entry.path();
                path.strip_prefix(&self.root).unwrap_or(&path).to_owned()
            }
            _ => return sink.file(place.folder, class_in(place.class, entry.name), &entry.facts),
        };
        if !entry.facts.is_regular {
            return sink.file(place.folder, Class::Other, &entry.facts);
        }
        let outcome = match open(entry) {
            Ok(Some((file, compression))) => {
                let folder = self.folder(&path, sink);
                self.read(entry, &file, compression, folder, sink)
            }
            Ok(None) if entry.facts.size == 0 => Ok(true),
            Ok(None) => return sink.file(place.folder, Class::Other, &entry.facts),
            Err(error) => Err(error),
        };
        let folder = self.folder(&path, sink);
        match outcome {
            Ok(false) => return sink.file(folder, Class::Control, &entry.facts),
            Ok(true) => {}
            Err(error) => report_read_error(entry, &error, sink),
        }
        sink.mail_file(folder, 0, &entry.facts);
    }
}

/// Converts local time, given as if UTC, to unix seconds.
fn local_to_unix(zone: &TimeZone, clock: i64) -> i64 {
    let there = Timestamp::from_second(clock).map(|shown| shown.to_zoned_datetime(TimeZone::UTC).datetime());
    let unix = there.and_then(|there| zone.to_ambiguous_timestamp(there).compatible());
    unix.map_or(clock, |unix| unix.as_second())
}

/// Reports a read error, unless the file is just gone.
fn report_read_error(entry: &FileEntry, error: &io::Error, sink: &mut dyn Sink) {
    match error.kind() {
        // A decompressor's errors for a broken file.
        io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => {
            sink.problem(&entry.path(), ProblemKind::Damaged, &error.to_string());
        }
        _ => sink.read_error(&entry.path(), error),
    }
}

#[cfg(test)]
mod tests;
