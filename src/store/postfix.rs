//! Postfix's queue: one file per message, in the directories through which mail passes.
//!
//! `incoming` and `maildrop` receive mail, `active`, `deferred` and `hold` keep it, `corrupt` has unreadable files.
//! The mtime of a waiting message is its next attempt, often in the future; the arrival is in the file. Sources:
//! <https://www.postfix.org/QSHAPE_README.html>, `showq.c`, and queues of Postfix 3.7.

mod record;

use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use self::record::Envelope;
use super::content::StoreFile;
use super::listing::DirectoryListing;
use super::names::class_in;
use super::reader::{FileEntry, MailboxDirectory, Message, Place, Reader, Role, Sink};
use crate::model::{class::Class, escape};

/// Directories that only a queue has together.
const SIGNATURE: [&str; 7] = ["active", "bounce", "defer", "deferred", "hold", "incoming", "maildrop"];

const MAIL: [&[u8]; 6] = [b"active", b"corrupt", b"deferred", b"hold", b"incoming", b"maildrop"];

/// Directories of Postfix's own files.
const CONTROL: [&[u8]; 8] = [b"bounce", b"defer", b"flush", b"pid", b"private", b"public", b"saved", b"trace"];

/// The folder charged with what serves the whole queue.
const ENTRANCE: &str = "incoming";

/// Mode of a complete file; any other mode means it is being written.
const COMPLETE: u32 = 0o700;

/// The first records suffice.
const HEAD_BYTES: usize = 4 << 10;

pub(super) fn recognise(listing: &DirectoryListing) -> bool {
    SIGNATURE.iter().all(|name| listing.has_directory(name))
}

#[derive(Debug, Default)]
pub(super) struct PostfixReader;

impl Reader for PostfixReader {
    fn enter(&mut self, directory: &MailboxDirectory, parent: Option<Place>, sink: &mut dyn Sink) -> Place {
        let name = directory.name();
        let folder = |sink: &mut dyn Sink| sink.folder(&escape::text(name), directory.relative);
        match parent {
            None => {
                let folder = sink.folder(ENTRANCE, Path::new(ENTRANCE));
                Place { folder, class: Class::Control, role: Role::Root }
            }
            Some(parent) if parent.role != Role::Root => parent,
            Some(_) if MAIL.contains(&name) => {
                let role = if name == b"corrupt" { Role::Corrupt } else { Role::Mail };
                Place { folder: folder(sink), class: Class::Message, role }
            }
            Some(_) if CONTROL.contains(&name) => {
                Place { folder: folder(sink), class: Class::Control, role: Role::Other }
            }
            // A chroot jail's copies of system files.
            Some(parent) => Place { class: Class::Other, role: Role::Other, ..parent },
        }
    }

    fn file(&mut self, place: Place, entry: &FileEntry, sink: &mut dyn Sink) {
        let facts = &entry.facts;
        let is_mail = matches!(place.role, Role::Mail | Role::Corrupt) && facts.is_regular && is_queue_id(entry.name);
        if !is_mail {
            return sink.file(place.folder, class_in(place.class, entry.name), facts);
        }
        let envelope = match entry.open().and_then(|file| read(&file)) {
            Ok((mode, _)) if mode & COMPLETE != COMPLETE && place.role == Role::Mail => {
                return sink.file(place.folder, Class::Temporary, facts);
            }
            Ok((_, envelope)) => envelope,
            // Delivered since it was listed.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return sink.file(place.folder, Class::Temporary, facts);
            }
            Err(error) => {
                sink.read_error(&entry.path(), &error);
                Envelope::default()
            }
        };
        let message = Message {
            // Mail in `maildrop` has no size record.
            logical: envelope.size.unwrap_or(facts.size),
            arrival: envelope.arrival.unwrap_or(facts.modified.min(facts.changed)),
            ..Message::from_stat(facts)
        };
        sink.message_file(place.folder, &message, facts);
    }
}

/// Short ids are hexadecimal; long ids are digits and consonants.
fn is_queue_id(name: &[u8]) -> bool {
    !name.is_empty() && name.iter().all(u8::is_ascii_alphanumeric)
}

fn read(file: &StoreFile) -> io::Result<(u32, Envelope)> {
    let mode = file.metadata()?.permissions().mode();
    Ok((mode, Envelope::parse(&file.head(HEAD_BYTES)?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_queue_needs_all_its_directories() {
        let home = tempfile::tempdir().unwrap();
        for name in SIGNATURE {
            assert!(!recognise(&DirectoryListing::read(home.path()).unwrap()));
            std::fs::create_dir(home.path().join(name)).unwrap();
        }
        assert!(recognise(&DirectoryListing::read(home.path()).unwrap()));
    }

    #[test]
    fn short_and_long_queue_ids_are_recognised() {
        let ids = [&b"4A2B3C4D5E"[..], b"4XkzPL5tQzz1Q8L", b"", b".keep", b"A.1"].map(is_queue_id);
        assert_eq!(ids, [true, true, false, false, false]);
    }
}
