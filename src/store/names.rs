//! Names that mail servers give to files and directories of their own, whatever the format of the mail beside them.
//!
//! Sources: <https://doc.dovecot.org> (index files, control files, full-text search), the Courier and Cyrus manuals, and
//! stores filled by Dovecot 2.3, maildrop and procmail.

use crate::model::class::Class;

/// Suffixes of mbox files, before any suffix of compression.
pub(crate) const MBOX_SUFFIXES: [&str; 2] = [".mbox", ".mbx"];

/// Suffixes of compressed files.
pub(crate) const COMPRESSED_SUFFIXES: [&str; 5] = [".gz", ".zst", ".bz2", ".xz", ".lz4"];

/// Prefixes of names; the first one counts.
const BEGINNINGS: [(Class, &[&str]); 8] = [
    (Class::FullText, &["dovecot.index.search", "fts-flatcurve", "xapian-"]),
    (Class::Index, &["dovecot.index", "dovecot.list.index", "dovecot.map.index", "dovecot.mailbox.log"]),
    (
        Class::Control,
        &["dovecot-uidlist", "dovecot-uidvalidity", "dovecot-keywords", "dovecot-acl", "dovecot-attributes"],
    ),
    (Class::Control, &["dovecot-shared", "dovecot-virtual", "dovecot-quota", "dovecot-expire", "dovecot-deleted"]),
    (Class::Control, &[".dovecot.", "dbox-alt-root", ".mailbox_format", "mailbox_format.cpanel"]),
    (Class::Control, &["maildirsize", "maildirfolder", "courierimap", "courierpop3d", "shared-maildirs"]),
    (Class::Control, &[".uidvalidity"]),
    (Class::Temporary, &[".temp.", ".nfs"]),
];

/// Whole names.
const WHOLE: [(Class, &[&str]); 3] = [
    (Class::Control, &["subscriptions", ".subscriptions", "sieve", ".sieve", "procmailrc"]),
    (Class::Index, &[".imap", ".imap.index"]),
    (Class::FullText, &["lucene-indexes", "solr"]),
];

/// Suffixes of names.
const ENDS: [(Class, &[&str]); 2] =
    [(Class::Temporary, &[".lock", ".tmp"]), (Class::Control, &[".sieve", ".svbin", ".procmailrc"])];

/// The class of the first name in a table that matches.
pub(super) fn class_in_table(table: &[(Class, &[&str])], is_match: impl Fn(&[u8]) -> bool) -> Option<Class> {
    table.iter().find(|(_, names)| names.iter().any(|name| is_match(name.as_bytes()))).map(|(class, _)| *class)
}

/// The class of a file or directory that a mail server named.
pub(crate) fn common_class(name: &[u8]) -> Option<Class> {
    class_in_table(&ENDS, |end| name.ends_with(end))
        .or_else(|| class_in_table(&WHOLE, |whole| name == whole))
        .or_else(|| class_in_table(&BEGINNINGS, |beginning| name.starts_with(beginning)))
}

/// The class of a file, by its name, else by its directory.
pub(crate) fn class_in(directory: Class, name: &[u8]) -> Class {
    let inherited = match directory {
        // Lying beside messages does not make a file a message.
        Class::Message | Class::Reclaimable | Class::Other => Class::Other,
        class => class,
    };
    common_class(name).unwrap_or(inherited)
}

/// The class of a subdirectory, by its name, else by its parent.
pub(crate) fn directory_class(above: Class, name: &[u8]) -> Class {
    match class_in(above, name) {
        // A temporary name inside an index is part of the index.
        Class::Temporary if above == Class::FullText => Class::FullText,
        class => class,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn server_files_are_classed_by_name() {
        for (name, class) in [
            (&b"dovecot.index.log.2"[..], Some(Class::Index)),
            (b"dovecot.index.search.uids", Some(Class::FullText)),
            (b"dovecot-uidlist.lock", Some(Class::Temporary)),
            (b"dovecot-uidlist", Some(Class::Control)),
            (b".dovecot.sieve", Some(Class::Control)),
            (b"fts-flatcurve", Some(Class::FullText)),
            (b"sieve", Some(Class::Control)),
            (b"letter", None),
        ] {
            assert_eq!(common_class(name), class, "{}", String::from_utf8_lossy(name));
        }
    }

    #[test]
    fn other_files_take_the_class_of_their_directory() {
        assert_eq!(class_in(Class::FullText, b"flintlock"), Class::FullText);
        assert_eq!(class_in(Class::Message, b"notes.txt"), Class::Other);
        assert_eq!(directory_class(Class::Index, b".Sent"), Class::Index);
    }
}
