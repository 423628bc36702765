//! Zimbra's blob volumes: `<volume>/<group>/<mailbox>/msg/<group>/<item>-<revision>.msg`, one file per message.
//!
//! Owner, folders and dates are only in MySQL. A blob may be compressed, and hard-linked into several mailboxes.
//! Source: Zimbra's documentation of volumes; not checked against a server.

use super::digits::decimal;
use super::listing::DirectoryListing;
use super::names::class_in;
use super::reader::{FileEntry, MailboxDirectory, Message, Place, Reader, Role, Sink};
use crate::model::class::Class;

const MESSAGES: &str = "msg";

/// A mailbox has a numeric name, and `msg` with only numbered directories, one of which has a blob.
pub(super) fn recognise(listing: &DirectoryListing) -> bool {
    if !is_number(listing.name()) || !listing.has_directory(MESSAGES) {
        return false;
    }
    let messages = listing.inside(MESSAGES);
    messages.directories().all(is_number)
        && messages.directories().any(|name| messages.inside(name).files().any(is_blob))
}

fn is_number(name: &[u8]) -> bool {
    decimal(name).is_some()
}

/// `257-5.msg`, or `257.msg` of old versions.
fn is_blob(name: &[u8]) -> bool {
    let Some(name) = name.strip_suffix(b".msg") else { return false };
    name.splitn(2, |&byte| byte == b'-').all(is_number)
}

/// Charges all messages to the inbox.
#[derive(Debug, Default)]
pub(super) struct ZimbraReader;

impl Reader for ZimbraReader {
    fn enter(&mut self, directory: &MailboxDirectory, parent: Option<Place>, sink: &mut dyn Sink) -> Place {
        let is_index = directory.relative.iter().next().is_some_and(|first| first == "index");
        let class = if is_index { Class::FullText } else { Class::Message };
        match parent {
            Some(parent) => Place { class, ..parent },
            None => Place { folder: sink.folder("INBOX", directory.relative), class, role: Role::Other },
        }
    }

    fn file(&mut self, place: Place, entry: &FileEntry, sink: &mut dyn Sink) {
        let facts = &entry.facts;
        if !facts.is_regular || place.class != Class::Message || !is_blob(entry.name) {
            return sink.file(place.folder, class_in(place.class, entry.name), facts);
        }
        sink.message_file(place.folder, &Message::from_stat(facts), facts);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn blobs_are_named_by_item_and_revision() {
        let blobs =
            [&b"257-5.msg"[..], b"257.msg", b"a-5.msg", b"257-.msg", b"257-5", b".msg", b"1-2-3.msg"].map(is_blob);
        assert_eq!(blobs, [true, true, false, false, false, false, false]);
    }

    #[test]
    fn a_mailbox_is_recognised_by_its_number_and_blobs() {
        let home = tempfile::tempdir().unwrap();
        let is = |name: &str| DirectoryListing::read(&home.path().join(name)).is_ok_and(|listing| recognise(&listing));
        fs::create_dir_all(home.path().join("12/msg/0")).unwrap();
        assert!(!is("12"));
        fs::write(home.path().join("12/msg/0/257-5.msg"), "A: b\n").unwrap();
        assert!(is("12") && !is("12/msg") && !is("12/msg/0"));
        fs::create_dir(home.path().join("12/msg/src")).unwrap();
        assert!(!is("12"));
    }
}
