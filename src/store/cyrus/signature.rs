//! Recognises Cyrus's directories: mailboxes, their parts on other partitions, and the server's own.

use std::path::Path;

use super::{HEADER, INDEX, config, file_class, header, message_number};
use crate::model::{class::Class, snapshot::Sureness};
use crate::store::{ExternalPart, Layout, Recognised, Scope, SharedFiles, listing::DirectoryListing, reader::head_of};

/// Bytes needed to recognise a header.
const BEGINNING: usize = 64;

/// Staging directories of incoming messages, on every partition.
const STAGES: [&[u8]; 2] = [b"stage.", b"sync."];

pub(crate) fn recognise(listing: &DirectoryListing) -> Option<Recognised> {
    let mailbox = |sureness| Recognised::Mailbox { layout: Layout::Cyrus, sureness, scope: Scope::Directory };
    if listing.has_file(HEADER) {
        let is_sure = has_header(&listing.path);
        let is_likely = listing.has_file(INDEX) || listing.files().any(is_message);
        return match (is_sure, is_likely) {
            (true, _) => Some(mailbox(Sureness::Certain)),
            (false, true) => Some(mailbox(Sureness::Likely)),
            (false, false) => None,
        };
    }
    if listing.has_file("cyrus.indexed.db") || listing.has_file("iamglass") {
        return Some(Recognised::Shared(SharedFiles::Class(Class::FullText)));
    }
    if STAGES.contains(&listing.name()) {
        return Some(Recognised::Shared(SharedFiles::Class(Class::Temporary)));
    }
    if config::is_config(listing) {
        return Some(Recognised::Shared(SharedFiles::CyrusConfig));
    }
    is_part(listing).then_some(Recognised::Part(ExternalPart::Cyrus))
}

/// A part on the archive or meta partition: no header, and only messages and Cyrus's files.
fn is_part(listing: &DirectoryListing) -> bool {
    let mut files = listing.files().peekable();
    files.peek().is_some() && files.all(|name| is_message(name) || file_class(name).is_some())
}

fn is_message(name: &[u8]) -> bool {
    message_number(name).is_some()
}

/// Whether the header has the magic.
fn has_header(path: &Path) -> bool {
    header::is_header(&head_of(&path.join(HEADER), BEGINNING))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    /// The result for a directory with this name and these files.
    fn recognised(name: &str, files: &[(&str, &[u8])]) -> Option<Recognised> {
        let above = tempfile::tempdir().unwrap();
        let path = above.path().join(name);
        fs::create_dir(&path).unwrap();
        for (name, content) in files {
            fs::write(path.join(name), content).unwrap();
        }
        recognise(&DirectoryListing::read(&path).unwrap())
    }

    #[test]
    fn a_mailbox_is_recognised_by_its_header() {
        let sureness_of = |files: &[(&str, &[u8])]| match recognised("x", files) {
            Some(Recognised::Mailbox { layout: Layout::Cyrus, sureness, scope: Scope::Directory }) => Some(sureness),
            None => None,
            other => panic!("{other:?}"),
        };
        assert_eq!(sureness_of(&[("cyrus.header", header::MAGIC)]), Some(Sureness::Certain));
        assert_eq!(sureness_of(&[("cyrus.header", b"garbage"), ("cyrus.index", b"")]), Some(Sureness::Likely));
        assert_eq!(sureness_of(&[("cyrus.header", b""), ("1.", b"")]), Some(Sureness::Likely));
        assert_eq!(sureness_of(&[("cyrus.header", b"garbage")]), None);
        assert_eq!(sureness_of(&[("1", b""), ("2", b"")]), None);
        assert_eq!(sureness_of(&[]), None);
    }

    #[test]
    fn parts_have_no_header_and_only_cyrus_files() {
        let part = Some(Recognised::Part(ExternalPart::Cyrus));
        assert_eq!(recognised("x", &[("1.", b""), ("22.", b"")]), part);
        assert_eq!(recognised("x", &[("1.", b""), ("cyrus.cache", b"")]), part);
        assert_eq!(recognised("x", &[("cyrus.index", b"")]), part);
        assert_eq!(recognised("x", &[("1.", b""), ("letter.txt", b"")]), None);
    }

    #[test]
    fn staging_and_search_directories_are_recognised() {
        assert_eq!(
            recognised("stage.", &[("17-1.", b"")]),
            Some(Recognised::Shared(SharedFiles::Class(Class::Temporary)))
        );
        let xapian: [(&str, &[u8]); 2] = [("iamglass", b""), ("postlist.glass", b"")];
        assert_eq!(recognised("xapian", &xapian), Some(Recognised::Shared(SharedFiles::Class(Class::FullText))));
    }
}
