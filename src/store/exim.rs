//! Exim's spool: a message is two files, `<id>-D` with its body and `<id>-H` with its envelope and header.
//!
//! They are in `input` or in one of its one-character subdirectories. `-J` is a delivery journal, `-K` a temporary
//! copy for a filter; `msglog` has a log per message. Source: the specification of Exim, chapter "Format of spool
//! files", and a spool of Exim 4.96.

mod spool;

use std::io;
use std::path::Path;

use rustix::fs::{AtFlags, statat};

use self::spool::{SpoolFile, SpoolHeader, parse_file_name};
use super::listing::DirectoryListing;
use super::names::class_in;
use super::reader::{FileEntry, FileStat, MailboxDirectory, Message, Place, Reader, Role, Sink};
use crate::model::class::Class;

/// Exim's default limit (`header_maxsize`) is 1 MiB.
const MOST_HEADER: usize = 4 << 20;

const INPUT: &str = "input";

/// A spool has messages in `input`, or is empty and has Exim's other directories.
pub(super) fn recognise(listing: &DirectoryListing) -> bool {
    let has_pair = |listing: &DirectoryListing| {
        let mut headers = listing.files().filter_map(parse_file_name).filter(|(_, file)| *file == SpoolFile::Header);
        headers.any(|(id, _)| listing.has_file(&format!("{id}-D")))
    };
    if !listing.has_directory(INPUT) {
        return false;
    }
    let Ok(input) = DirectoryListing::read(&listing.join(INPUT)) else { return false };
    let is_split = |name: &&[u8]| matches!(name, [byte] if byte.is_ascii_alphanumeric());
    let is_empty = input.files().next().is_none() && input.directories().all(|name| is_split(&name));
    (is_empty && listing.has_directory("msglog") && listing.has_directory("db"))
        || input.directories().filter(is_split).any(|name| has_pair(&input.inside(name)))
        || has_pair(&input)
}

#[derive(Debug, Default)]
pub(super) struct EximReader;

impl Reader for EximReader {
    fn enter(&mut self, directory: &MailboxDirectory, parent: Option<Place>, sink: &mut dyn Sink) -> Place {
        let name = directory.name();
        match parent {
            None => {
                let folder = sink.folder(INPUT, Path::new(INPUT));
                Place { folder, class: Class::Control, role: Role::Root }
            }
            Some(parent) if parent.role != Role::Root => parent,
            Some(parent) if name == INPUT.as_bytes() => Place { class: Class::Message, role: Role::Mail, ..parent },
            Some(parent) => {
                let class = match name {
                    b"msglog" | b"db" => Class::Control,
                    b"scan" => Class::Temporary,
                    _ => Class::Other,
                };
                Place { class, role: Role::Other, ..parent }
            }
        }
    }

    fn file(&mut self, place: Place, entry: &FileEntry, sink: &mut dyn Sink) {
        let facts = &entry.facts;
        let found = parse_file_name(entry.name).filter(|_| place.role == Role::Mail && facts.is_regular);
        let class = match found {
            Some((id, SpoolFile::Header)) => self.message(id, place, entry, sink),
            Some((_, SpoolFile::Body)) => Class::Message,
            Some((_, SpoolFile::Journal)) => Class::Control,
            Some((_, SpoolFile::Copy)) => Class::Temporary,
            // Exim writes a header under this name first.
            None if place.role == Role::Mail && entry.name.starts_with(b"hdr.") => Class::Temporary,
            None => class_in(place.class, entry.name),
        };
        sink.file(place.folder, class, facts);
    }
}

impl EximReader {
    fn message(&self, id: &str, place: Place, entry: &FileEntry, sink: &mut dyn Sink) -> Class {
        let body_name = format!("{id}-D");
        let Ok(body) = statat(entry.fd, &body_name, AtFlags::SYMLINK_NOFOLLOW).map(|stat| FileStat::from(&stat)) else {
            // A header without its body is being written or was delivered.
            return Class::Temporary;
        };
        let head = match entry.open().and_then(|file| file.head(MOST_HEADER)) {
            Ok(head) => head,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Class::Temporary,
            Err(error) => {
                sink.read_error(&entry.path(), &error);
                Vec::new()
            }
        };
        let header = SpoolHeader::parse(&head);
        let message = Message {
            bytes: entry.facts.size.saturating_add(body.size),
            // The body file begins with its own name and a line end; the blank line after the header is
            // in neither file. The two line ends cancel out.
            logical: body.size.saturating_sub(body_name.len() as u64).saturating_add(header.size),
            arrival: header.arrival.or_else(|| spool::arrival_in_id(id)).unwrap_or(entry.facts.modified),
            ..Message::default()
        };
        sink.message(place.folder, &message);
        Class::Message
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn a_spool_is_recognised_by_pairs_of_files() {
        let home = tempfile::tempdir().unwrap();
        let is_spool = || recognise(&DirectoryListing::read(home.path()).unwrap());
        fs::create_dir_all(home.path().join("input/T")).unwrap();
        fs::write(home.path().join("input/T/1xVvuT-0001zT-1E-H"), "").unwrap();
        assert!(!is_spool());
        fs::write(home.path().join("input/T/1xVvuT-0001zT-1E-D"), "").unwrap();
        assert!(is_spool());
        fs::rename(home.path().join("input/T"), home.path().join("input/other")).unwrap();
        assert!(!is_spool());
    }

    #[test]
    fn an_empty_spool_is_recognised_by_its_directories() {
        let home = tempfile::tempdir().unwrap();
        for (name, is_spool) in [("input", false), ("msglog", false), ("db", true)] {
            fs::create_dir(home.path().join(name)).unwrap();
            assert_eq!(recognise(&DirectoryListing::read(home.path()).unwrap()), is_spool, "{name}");
        }
    }
}
