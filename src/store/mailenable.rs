//! MailEnable: `Postoffices/<office>/MAILROOT/<user>/<folder>/*.MAI`, one file a message, folders in folders.
//!
//! `_index.xml` lists a folder, `_change.dty` marks it as changed. Source: MailEnable's documentation; not checked
//! against a server.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use super::listing::Listing;
use super::names::class_in;
use super::reader::{Directory, Entry, Message, Place, Reader, Sink};
use crate::model::class::Class;
use crate::model::escape;

/// Whether a directory is a mailbox: it has an inbox in which MailEnable's own files or messages lie.
pub(super) fn recognise(listing: &Listing) -> bool {
    let has_mail = |name: &[u8]| {
        let below = Listing::read(&listing.path().join(OsStr::from_bytes(name)));
        below.is_ok_and(|below| below.files().any(|file| is_message(file) || file.eq_ignore_ascii_case(b"_change.dty")))
    };
    listing.directories().filter(|name| name.eq_ignore_ascii_case(b"inbox")).any(has_mail)
}

/// A message's name, in either case.
fn is_message(name: &[u8]) -> bool {
    name.len() > 4 && name.get(name.len() - 4..).is_some_and(|ending| ending.eq_ignore_ascii_case(b".mai"))
}

/// The folder in a directory; the mailbox's own files are charged to the inbox.
fn folder_name(relative: &Path) -> String {
    let levels: Vec<String> = relative.iter().map(|level| escape::text(level.as_bytes())).collect();
    match levels.as_slice() {
        [] => "INBOX".to_owned(),
        [inbox] if inbox.eq_ignore_ascii_case("inbox") => "INBOX".to_owned(),
        levels => levels.join("/"),
    }
}

/// Reads a mailbox.
#[derive(Debug, Default)]
pub(super) struct MailenableReader;

impl Reader for MailenableReader {
    fn enter(&mut self, directory: &Directory, _parent: Option<Place>, sink: &mut dyn Sink) -> Place {
        let folder = sink.folder(&folder_name(directory.relative), directory.relative);
        Place { folder, class: Class::Message, role: 0 }
    }

    fn file(&mut self, place: Place, entry: &Entry, sink: &mut dyn Sink) {
        let facts = &entry.facts;
        let class = match entry.name.to_ascii_lowercase().as_slice() {
            b"_index.xml" => Class::Index,
            b"_change.dty" => Class::Control,
            name if is_message(name) && facts.is_regular => Class::Message,
            name => class_in(place.class, name),
        };
        if class == Class::Message {
            sink.message(place.folder, &Message::of_crlf_file(facts));
        }
        sink.file(place.folder, class, facts);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn names_and_folders() {
        assert_eq!([&b"5F.MAI"[..], b"5f.mai", b".MAI", b"5F.MAIL"].map(is_message), [true, true, false, false]);
        for (path, name) in [("", "INBOX"), ("Inbox", "INBOX"), ("Sent Items", "Sent Items"), ("Inbox/A", "Inbox/A")] {
            assert_eq!(folder_name(Path::new(path)), name);
        }
    }

    #[test]
    fn a_mailbox_has_an_inbox_of_messages() {
        let home = tempfile::tempdir().unwrap();
        let is = || recognise(&Listing::read(home.path()).unwrap());
        fs::create_dir(home.path().join("Inbox")).unwrap();
        fs::write(home.path().join("Inbox/_index.xml"), "").unwrap();
        assert!(!is());
        fs::write(home.path().join("Inbox/5F3A.MAI"), "A: b\r\n").unwrap();
        assert!(is());
    }
}
