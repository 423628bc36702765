//! CommuniGate Pro: an account is a directory `<name>.macnt`, a folder a directory `<folder>.mdir` with one file per
//! message.
//!
//! A message file is named `<id>-<flags>-<yyyymmddhhmmss>`. A folder may also be one text file, `<folder>.mbox`,
//! which is counted as mail without separate messages. Source: the CommuniGate Pro Guide, "Mailboxes"; not checked
//! against a server.

use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use super::digits::decimal;
use super::listing::DirectoryListing;
use super::mbox::from_line::days;
use super::names::class_in;
use super::reader::{FileEntry, MailboxDirectory, Message, Place, Reader, Role, Sink};
use crate::model::{class::Class, escape, snapshot::ProblemKind};

const ACCOUNT: &[u8] = b".macnt";
const MESSAGES: &[u8] = b".mdir";
const TEXT: &[u8] = b".mbox";

pub(super) fn recognise(listing: &DirectoryListing) -> bool {
    let is_folder = |name: &[u8]| name.ends_with(MESSAGES) || name.ends_with(TEXT);
    listing.name().ends_with(ACCOUNT) && (listing.directories().any(is_folder) || listing.files().any(is_folder))
}

/// The arrival in `<id>-<flags>-<yyyymmddhhmmss>`, in unix seconds; a suffix is ignored.
fn arrival(name: &[u8]) -> Option<i64> {
    let mut parts = name.splitn(3, |&byte| byte == b'-');
    let (id, flags, time) = (parts.next()?, parts.next()?, parts.next()?.get(..14)?);
    let number = |from: usize, to: usize| Some(decimal(time.get(from..to)?)?.cast_signed());
    (decimal(id).is_some() && flags.iter().all(u8::is_ascii_alphabetic)).then_some(())?;
    let day = days(number(0, 4)?, number(4, 6)?, number(6, 8)?);
    Some(day * 86_400 + number(8, 10)? * 3_600 + number(10, 12)? * 60 + number(12, 14)?)
}

fn folder_name(relative: &Path) -> String {
    let level = |level: &std::ffi::OsStr| {
        let name = level.as_bytes();
        let ending = [MESSAGES, TEXT, b".folder"].into_iter().find(|ending| name.ends_with(ending)).unwrap_or(b"");
        escape::text(name.strip_suffix(ending).unwrap_or(name))
    };
    let levels: Vec<String> = relative.iter().map(level).collect();
    if levels.is_empty() { "INBOX".to_owned() } else { levels.join("/") }
}

#[derive(Debug, Default)]
pub(super) struct CommunigateReader;

impl Reader for CommunigateReader {
    fn enter(&mut self, directory: &MailboxDirectory, parent: Option<Place>, sink: &mut dyn Sink) -> Place {
        let name = directory.name();
        if name.ends_with(MESSAGES) {
            let folder = sink.folder(&folder_name(directory.relative), directory.relative);
            return Place { folder, class: Class::Message, role: Role::Mail };
        }
        parent.map_or_else(
            || Place {
                folder: sink.folder("INBOX", Path::new("INBOX.mdir")),
                class: Class::Message,
                role: Role::Other,
            },
            |parent| Place { role: Role::Other, ..parent },
        )
    }

    fn file(&mut self, place: Place, entry: &FileEntry, sink: &mut dyn Sink) {
        let facts = &entry.facts;
        if let Some(arrival) = arrival(entry.name).filter(|_| place.role == Role::Mail && facts.is_regular) {
            return sink.message_file(place.folder, &Message { arrival, ..Message::from_stat(facts) }, facts);
        }
        if entry.name.ends_with(TEXT) && facts.is_regular {
            if facts.size > 0 {
                sink.problem(&entry.path(), ProblemKind::UnknownVersion, "CommuniGate's own mbox: counted as one file");
            }
            return sink.mail_file(place.folder, 0, facts);
        }
        let is_setting = entry.name.starts_with(b"account.");
        let class = if is_setting { Class::Control } else { class_in(place.class, entry.name) };
        sink.file(place.folder, class, facts);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn the_arrival_is_parsed_from_the_file_name() {
        // 2001-11-29 is day 11,655 of 1970.
        let time = 11_655 * 86_400 + 22 * 3_600 + 33 * 60 + 52;
        assert_eq!([&b"17-RS-20011129223352"[..], b"17--20011129223352-x"].map(arrival), [Some(time), Some(time)]);
        for name in [
            &b"17-RS"[..],
            b"a-RS-20011129223352",
            b"17-R1-20011129223352",
            b"17-RS-2001112922335",
            b"IMG-20011129-223352",
        ] {
            assert_eq!(arrival(name), None);
        }
    }

    #[test]
    fn folder_names_have_no_extension() {
        for (path, name) in [("", "INBOX"), ("INBOX.mdir", "INBOX"), ("A.folder/B.mdir", "A/B")] {
            assert_eq!(folder_name(Path::new(path)), name);
        }
    }

    #[test]
    fn an_account_is_recognised_by_its_name_and_folders() {
        let home = tempfile::tempdir().unwrap();
        let is = |name: &str| recognise(&DirectoryListing::read(&home.path().join(name)).unwrap());
        fs::create_dir_all(home.path().join("ann.macnt")).unwrap();
        assert!(!is("ann.macnt"));
        for account in ["ann.macnt", "ann"] {
            fs::create_dir_all(home.path().join(account).join("INBOX.mdir")).unwrap();
        }
        assert!(is("ann.macnt") && !is("ann"));
    }
}
