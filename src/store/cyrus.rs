//! Cyrus: one directory per mailbox; messages are files named by uid, and `cyrus.index` has a record for each.
//!
//! A unit of the scan is one Cyrus mailbox, which is one folder of a user; directories below are other mailboxes.
//! Archived messages or `cyrus.*` files may be at the same path on another partition. Deleted mail stays on disk
//! until `cyr_expire` removes it: expunged messages still have a record, and deleted mailboxes are renamed to
//! `DELETED.*`. Sources: <https://www.cyrusimap.org> (Mailbox Format, archiving, `expunge_mode`, `delete_mode`), and
//! stores filled by Cyrus 3.6.

pub(crate) mod config;
mod header;
mod index;
mod name;
mod naming;
pub(crate) mod place;
mod records;
mod signature;

use std::io::{self, Read};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use super::content::{ContentReader, StoreFile};
use super::digits::decimal;
use super::names::{class_in_table, common_class};
use super::owner::Owner;
use super::reader::{
    FileEntry, FileStat, FolderId, MailboxDirectory, Place, Reader, Role, Sink, open_file, problem_of_read,
};
use crate::model::{class::Class, escape, snapshot::ProblemKind};
use header::MailboxHeader;
use index::{CyrusIndex, IndexError};
use name::MailboxName;
use naming::{folder_name, mailbox_name};
use records::{FileContent, RecordMatcher, message_of_file};

pub(crate) use signature::recognise;

const HEADER: &str = "cyrus.header";

const INDEX: &str = "cyrus.index";

/// Far above the size of any header.
const LONGEST_HEADER: u64 = 1 << 20;

/// Files beside the messages; Cyrus writes a new version as `cyrus.index.NEW`.
const FILES: [(Class, &[&str]); 4] = [
    (Class::Control, &["cyrus.header", "cyrus.expunge", "cyrus.annotations"]),
    (Class::Index, &["cyrus.index", "cyrus.cache", "cyrus.dav"]),
    (Class::FullText, &["cyrus.squat"]),
    (Class::Temporary, &["cyrus.lock"]),
];

pub(crate) fn file_class(name: &[u8]) -> Option<Class> {
    let class = |name: &[u8]| class_in_table(&FILES, |file| name == file);
    match name.strip_suffix(b".NEW") {
        Some(old) => class(old).map(|_| Class::Temporary),
        None => class(name),
    }
}

/// The uid in the file name `423.`.
pub(crate) fn message_number(name: &[u8]) -> Option<u32> {
    let digits = name.strip_suffix(b".")?;
    decimal(digits).filter(|_| !digits.starts_with(b"0"))?.try_into().ok()
}

/// Reads one mailbox and its parts on other partitions.
#[derive(Debug, Default)]
pub(crate) struct CyrusReader {
    mailbox: Option<Mailbox>,
    /// Messages seen before the index, which may be on the last partition.
    waiting: Vec<(u32, FileStat)>,
}

#[derive(Debug)]
struct Mailbox {
    path: PathBuf,
    folder: FolderId,
    is_deleted: bool,
    has_header: bool,
    records: Option<RecordMatcher>,
    /// An unusable index that was reported.
    is_index_bad: bool,
}

impl Reader for CyrusReader {
    fn enter(&mut self, directory: &MailboxDirectory, parent: Option<Place>, sink: &mut dyn Sink) -> Place {
        if let Some(above) = parent {
            // A mailbox would be its own unit.
            return Place { class: Class::Other, ..above };
        }
        let header = read_header(directory.path, sink);
        let is_named = header.is_some();
        let mailbox = self.mailbox.get_or_insert_with(|| Mailbox::new(directory, header.as_ref(), sink));
        let has_index = mailbox.find_index(directory.path, sink);
        let class = match mailbox.is_deleted {
            _ if directory.root > 0 && (is_named || has_index) => Class::Control,
            true => Class::Reclaimable,
            false => Class::Message,
        };
        if mailbox.records.is_some() {
            self.report_waiting(sink);
        }
        Place { folder: self.mailbox.as_ref().map_or(FolderId(0), |mailbox| mailbox.folder), class, role: Role::Other }
    }

    fn file(&mut self, place: Place, entry: &FileEntry, sink: &mut dyn Sink) {
        let Some(number) = message_number(entry.name) else {
            let class = file_class(entry.name).or_else(|| common_class(entry.name)).unwrap_or(Class::Other);
            return sink.file(place.folder, class, &entry.facts);
        };
        if !entry.facts.is_regular {
            return sink.special_file(place.folder, entry, "not a message: a link, pipe, socket or device");
        }
        match &mut self.mailbox {
            Some(mailbox) if mailbox.records.is_some() => mailbox.message(number, &entry.facts, sink),
            _ => self.waiting.push((number, entry.facts)),
        }
    }

    fn finish(&mut self, sink: &mut dyn Sink) {
        if let Some(Mailbox { path, has_header: true, records: None, is_index_bad: false, .. }) = &self.mailbox {
            sink.problem(path, ProblemKind::Damaged, "it has no cyrus.index: all its message files were counted");
        }
        self.report_waiting(sink);
        if let Some(mailbox) = &self.mailbox {
            mailbox.report_differences(sink);
        }
    }
}

impl CyrusReader {
    fn report_waiting(&mut self, sink: &mut dyn Sink) {
        let Some(mailbox) = &mut self.mailbox else { return };
        for (number, facts) in std::mem::take(&mut self.waiting) {
            mailbox.message(number, &facts, sink);
        }
    }
}

impl Mailbox {
    fn new(directory: &MailboxDirectory, header: Option<&MailboxHeader>, sink: &mut dyn Sink) -> Mailbox {
        let name = mailbox_name(directory.path, header);
        if let Some(MailboxName { domain, user: Some(user), .. }) = &name {
            sink.owner(Owner { domain: domain.as_deref().map(escape::text), user: escape::text(user) });
        }
        let unnamed = || escape::text(directory.path.file_name().map_or(b"", OsStrExt::as_bytes));
        Mailbox {
            path: directory.path.to_owned(),
            folder: sink.folder(&name.as_ref().map_or_else(unnamed, folder_name), directory.relative),
            is_deleted: name.is_some_and(|name| name.deletion.is_some()),
            has_header: header.is_some(),
            records: None,
            is_index_bad: false,
        }
    }

    /// Reads the index unless one was read before; returns whether this directory has one.
    fn find_index(&mut self, directory: &Path, sink: &mut dyn Sink) -> bool {
        match read_index(directory) {
            Ok(None) => return false,
            Ok(Some(_)) if self.records.is_some() => {}
            Ok(Some(index)) => {
                if let Some(damage) = &index.damage {
                    sink.problem(&directory.join(INDEX), ProblemKind::Damaged, &damage.to_string());
                }
                self.records = Some(RecordMatcher::new(index, directory));
            }
            Err(refusal) => {
                self.is_index_bad = true;
                let detail = format!("{refusal}: all message files of the mailbox were counted");
                sink.problem(&directory.join(INDEX), kind_of(&refusal), &detail);
            }
        }
        true
    }

    fn message(&mut self, number: u32, facts: &FileStat, sink: &mut dyn Sink) {
        let content = match &mut self.records {
            _ if self.is_deleted => FileContent::Reclaimable,
            Some(records) => records.classify(number, facts),
            None => FileContent::Live(message_of_file(facts)),
        };
        match content {
            FileContent::Live(message) => sink.message_file(self.folder, &message, facts),
            FileContent::Reclaimable => {
                sink.reclaimable(self.folder, facts.size);
                sink.file(self.folder, Class::Reclaimable, facts);
            }
            FileContent::Other(class) => sink.file(self.folder, class, facts),
        }
    }

    fn report_differences(&self, sink: &mut dyn Sink) {
        let Some(records) = self.records.as_ref().filter(|_| !self.is_deleted) else { return };
        let missing = records.missing(|directory| read_index(directory).ok().flatten());
        for message in &missing.elsewhere {
            sink.message(self.folder, message);
        }
        let mut report = |count: u64, detail: &str| {
            if count > 0 {
                sink.problem(&self.path, ProblemKind::Damaged, &format!("{count} {detail}"));
            }
        };
        report(missing.lost, "messages of cyrus.index have no file");
        report(records.strays, "message files are unknown to cyrus.index, and were not counted as messages");
        report(records.odd_sizes, "message files have another size than cyrus.index says");
    }
}

/// Reports an unreadable header.
fn read_header(directory: &Path, sink: &mut dyn Sink) -> Option<MailboxHeader> {
    let path = directory.join(HEADER);
    let read = || -> io::Result<Option<Vec<u8>>> {
        let Some((file, facts)) = open(&path)? else { return Ok(None) };
        let mut bytes = Vec::new();
        ContentReader::new(&file, facts.size.min(LONGEST_HEADER)).read_to_end(&mut bytes)?;
        Ok(Some(bytes))
    };
    let (kind, detail) = match read() {
        Ok(None) => return None,
        Ok(Some(bytes)) => match MailboxHeader::parse(&bytes) {
            Ok(header) => return Some(header),
            Err(refusal) => (ProblemKind::Damaged, refusal.to_string()),
        },
        Err(error) => (kind_of_error(&error), error.to_string()),
    };
    sink.problem(&path, kind, &format!("{detail}: the mailbox is named by its place"));
    None
}

fn read_index(directory: &Path) -> Result<Option<CyrusIndex>, IndexError> {
    let file = open(&directory.join(INDEX))?;
    file.map(|(file, facts)| CyrusIndex::read(ContentReader::new(&file, facts.size))).transpose()
}

/// Retries once, since the server may replace the file during the open.
fn open(path: &Path) -> io::Result<Option<(StoreFile, FileStat)>> {
    let once = || open_file(path);
    once().or_else(|error: io::Error| if error.kind() == io::ErrorKind::NotFound { once() } else { Err(error) })
}

fn kind_of(refusal: &IndexError) -> ProblemKind {
    match refusal {
        IndexError::UnknownVersion(_) => ProblemKind::UnknownVersion,
        IndexError::NoHeader | IndexError::Sizes { .. } => ProblemKind::Damaged,
        IndexError::Read(error) => kind_of_error(error),
    }
}

fn kind_of_error(error: &io::Error) -> ProblemKind {
    match error.kind() {
        // Not a regular file.
        io::ErrorKind::InvalidInput => ProblemKind::SpecialFile,
        kind => problem_of_read(kind),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_classed_by_their_names() {
        for (name, class) in [
            ("cyrus.index", Some(Class::Index)),
            ("cyrus.cache", Some(Class::Index)),
            ("cyrus.squat", Some(Class::FullText)),
            ("cyrus.header", Some(Class::Control)),
            ("cyrus.annotations", Some(Class::Control)),
            ("cyrus.expunge", Some(Class::Control)),
            ("cyrus.index.NEW", Some(Class::Temporary)),
            ("1.", None),
            ("notes.NEW", None),
            ("cyrus.conf", None),
        ] {
            assert_eq!(file_class(name.as_bytes()), class, "{name}");
        }
    }

    #[test]
    fn message_numbers_are_parsed_from_file_names() {
        assert_eq!(message_number(b"1."), Some(1));
        assert_eq!(message_number(b"4294967295."), Some(u32::MAX));
        for name in ["1", ".", "0.", "01.", "+1.", "4294967296.", "1..", "a1.", ""] {
            assert_eq!(message_number(name.as_bytes()), None, "{name}");
        }
    }
}
