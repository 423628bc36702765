//! hMailServer: `Data/<domain>/<user>/<two characters>/{<GUID>}.eml`, one file a message.
//!
//! Folders, flags and dates stand in its database only; the two characters are the GUID's first. Source: hMailServer's
//! documentation and sources; not checked against a server.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

use super::listing::Listing;
use super::names::class_in;
use super::reader::{Directory, Entry, Message, Place, Reader, Sink};
use crate::model::class::Class;

/// Whether a directory is a mailbox: all its directories have two hexadecimal digits as names, and one of them holds a
/// message that belongs there.
pub(super) fn recognise(listing: &Listing) -> bool {
    let has_message = |name: &[u8]| {
        let below = Listing::read(&listing.path().join(OsStr::from_bytes(name)));
        below.is_ok_and(|below| below.files().any(|file| is_message(file) && belongs(file, name)))
    };
    listing.directories().all(is_group) && listing.directories().any(has_message)
}

fn is_group(name: &[u8]) -> bool {
    name.len() == 2 && name.iter().all(u8::is_ascii_hexdigit)
}

fn belongs(file: &[u8], group: &[u8]) -> bool {
    file.get(1..3).is_some_and(|digits| digits.eq_ignore_ascii_case(group))
}

/// `{8F5A1B2C-0000-4000-8000-0123456789AB}.eml`.
fn is_message(name: &[u8]) -> bool {
    let Some((guid, ending)) = name.split_at_checked(38) else { return false };
    let Some(guid) = guid.strip_prefix(b"{").and_then(|guid| guid.strip_suffix(b"}")) else { return false };
    let lengths = guid.split(|&byte| byte == b'-').map(<[u8]>::len);
    let has_digits = guid.iter().all(|byte| byte.is_ascii_hexdigit() || *byte == b'-');
    ending.eq_ignore_ascii_case(b".eml") && has_digits && lengths.eq([8, 4, 4, 4, 12])
}

/// Reads a mailbox; all its messages are the inbox's.
#[derive(Debug, Default)]
pub(super) struct HmailserverReader;

impl Reader for HmailserverReader {
    fn enter(&mut self, directory: &Directory, parent: Option<Place>, sink: &mut dyn Sink) -> Place {
        let inbox = |sink: &mut dyn Sink| sink.folder("INBOX", directory.relative);
        parent.unwrap_or_else(|| Place { folder: inbox(sink), class: Class::Message, role: 0 })
    }

    fn file(&mut self, place: Place, entry: &Entry, sink: &mut dyn Sink) {
        let facts = &entry.facts;
        if !facts.is_regular || !is_message(entry.name) {
            return sink.file(place.folder, class_in(place.class, entry.name), facts);
        }
        sink.message(place.folder, &Message::of_crlf_file(facts));
        sink.file(place.folder, Class::Message, facts);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    const NAME: &str = "{8F5A1B2C-0000-4000-8000-0123456789AB}.eml";

    #[test]
    fn messages_are_named_by_a_guid() {
        assert!(is_message(NAME.as_bytes()) && is_message(NAME.to_lowercase().as_bytes()));
        for name in ["a.eml", &NAME[1..], &NAME[..38], &NAME.replace("8F5A", "8G5A"), &NAME.replace("-0000", "0000-")] {
            assert!(!is_message(name.as_bytes()), "{name}");
        }
    }

    #[test]
    fn a_mailbox_has_messages_where_they_belong() {
        let home = tempfile::tempdir().unwrap();
        let is = || recognise(&Listing::read(home.path()).unwrap());
        for (group, is_mailbox) in [("0a", false), ("8F", true), ("objects", false)] {
            fs::create_dir(home.path().join(group)).unwrap();
            fs::write(home.path().join(group).join(NAME), "A: b\r\n").unwrap();
            assert_eq!(is(), is_mailbox, "{group}");
        }
    }
}
