//! Names that mail servers give to files and directories of their own, whatever the format of the mail beside them.
//!
//! Sources: <https://doc.dovecot.org> (index files, control files, full-text search), the Courier and Cyrus manuals, and
//! stores filled by Dovecot 2.3, maildrop and procmail.

use crate::model::class::Class;

/// Suffixes of mbox files, before any suffix of compression.
pub(crate) const MBOX_SUFFIXES: [&str; 2] = [".mbox", ".mbx"];

/// Suffixes of compressed files.
pub(crate) const COMPRESSED_SUFFIXES: [&str; 5] = [".gz", ".zst", ".bz2", ".xz", ".lz4"];

/// Prefixes of names.
const BEGINNINGS: [(&[u8], Class); 29] = [
    (b"dovecot.index.search", Class::FullText),
    (b"dovecot.index", Class::Index),
    (b"dovecot.list.index", Class::Index),
    (b"dovecot.map.index", Class::Index),
    (b"dovecot.mailbox.log", Class::Index),
    (b"dovecot-uidlist", Class::Control),
    (b"dovecot-uidvalidity", Class::Control),
    (b"dovecot-keywords", Class::Control),
    (b"dovecot-acl", Class::Control),
    (b"dovecot-attributes", Class::Control),
    (b"dovecot-shared", Class::Control),
    (b"dovecot-virtual", Class::Control),
    (b"dovecot-quota", Class::Control),
    (b"dovecot-expire", Class::Control),
    (b"dovecot-deleted", Class::Control),
    (b".dovecot.", Class::Control),
    (b"dbox-alt-root", Class::Control),
    (b"maildirsize", Class::Control),
    (b"maildirfolder", Class::Control),
    (b"courierimap", Class::Control),
    (b"courierpop3d", Class::Control),
    (b"shared-maildirs", Class::Control),
    (b".mailbox_format", Class::Control),
    (b"mailbox_format.cpanel", Class::Control),
    (b".uidvalidity", Class::Control),
    (b".temp.", Class::Temporary),
    (b".nfs", Class::Temporary),
    (b"fts-flatcurve", Class::FullText),
    (b"xapian-", Class::FullText),
];

/// Whole names.
const WHOLE: [(&[u8], Class); 10] = [
    (b"subscriptions", Class::Control),
    (b".subscriptions", Class::Control),
    (b"sieve", Class::Control),
    (b".sieve", Class::Control),
    (b".imap", Class::Index),
    (b"lucene-indexes", Class::FullText),
    (b"solr", Class::FullText),
    (b"courierimapkeywords", Class::Control),
    (b".imap.index", Class::Index),
    (b"procmailrc", Class::Control),
];

/// Suffixes of names.
const ENDS: [(&[u8], Class); 5] = [
    (b".lock", Class::Temporary),
    (b".tmp", Class::Temporary),
    (b".sieve", Class::Control),
    (b".svbin", Class::Control),
    (b".procmailrc", Class::Control),
];

/// The class of a file or directory with a name of a mail server's own.
pub(crate) fn common_class(name: &[u8]) -> Option<Class> {
    let end = ENDS.iter().find(|(end, _)| name.ends_with(end));
    let whole = WHOLE.iter().find(|(whole, _)| name == *whole);
    let beginning = BEGINNINGS.iter().find(|(beginning, _)| name.starts_with(beginning));
    end.or(whole).or(beginning).map(|&(_, class)| class)
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
