//! Dovecot's trees of indexes (`INDEX=`) or control files (`CONTROL=`) without mail.
//!
//! They have the mailbox's layout without the mail: `.INBOX` and `.Folder` for Maildir, `.imap/` in every directory
//! for mbox. At the top is the mailbox list or the subscriptions. Sources: <https://doc.dovecot.org> (mail location
//! settings), and stores filled by Dovecot 2.3.

use super::listing::DirectoryListing;
use super::mbox;
use super::names::common_class;
use super::no_links;
use crate::model::class::Class;

/// Prefixes of files at the top of an index tree.
const OF_INDEXES: [&[u8]; 2] = [b"dovecot.list.index", b"dovecot.mailbox.log"];

/// Prefixes of files at the top of a control tree.
const OF_CONTROL: [&[u8]; 3] = [b"dovecot-uidvalidity", b"subscriptions", b".subscriptions"];

/// Expects a directory that is not a mailbox.
pub(super) fn recognise(listing: &DirectoryListing) -> bool {
    let begins = |beginnings: &[&[u8]]| {
        listing.files().any(|name| beginnings.iter().any(|beginning| name.starts_with(beginning)))
    };
    let is_tree = begins(&OF_INDEXES) || has_inbox(listing) || (begins(&OF_CONTROL) && has_only_control(listing));
    is_tree && !holds_mail(listing)
}

/// Whether there may be mail here or one level below.
fn holds_mail(listing: &DirectoryListing) -> bool {
    ["cur", "mailboxes", "storage"].iter().any(|name| listing.has_directory(name))
        || (listing.has_directory(mbox::INDEXES) && listing.files().any(mbox::is_folder_name))
        || listing.directories().any(|name| no_links::is_directory(&listing.join(name).join("cur")))
}

fn has_inbox(listing: &DirectoryListing) -> bool {
    let is_inbox = |place: &str| {
        let inbox = listing.inside(place);
        inbox.files().any(|name| name.starts_with(b"dovecot")) && !inbox.has_directory("cur")
    };
    let may_exist = |place: &str| place.split('/').next().is_some_and(|first| listing.has_directory(first));
    [".INBOX", "INBOX", ".imap/INBOX", ".imap/inbox"].into_iter().any(|place| may_exist(place) && is_inbox(place))
}

/// Whether all files here and one level below are Dovecot's own, unlike in a home directory.
fn has_only_control(listing: &DirectoryListing) -> bool {
    let is_own = |name: &[u8]| common_class(name).is_some_and(|class| class != Class::Other);
    listing.files().all(is_own)
        && listing.directories().all(|name| {
            let inside = listing.inside(name);
            inside.files().all(is_own) && inside.directories().next().is_none()
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn recognised(files: &[&str]) -> bool {
        let top = tempfile::tempdir().unwrap();
        for name in files {
            let path = top.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, b"").unwrap();
        }
        recognise(&DirectoryListing::read(top.path()).unwrap())
    }

    #[test]
    fn trees_of_indexes_without_mail_are_recognised() {
        assert!(recognised(&["dovecot.list.index.log", ".Sent/dovecot.index.log"]));
        assert!(recognised(&[".INBOX/dovecot.index.log"]));
        assert!(recognised(&[".imap/INBOX/dovecot.index"]));
        assert!(recognised(&["subscriptions", "dovecot-uidvalidity", "dovecot-uidvalidity.1"]));
        assert!(recognised(&[".subscriptions", ".Sent/dovecot-uidlist"]));
    }

    #[test]
    fn a_tree_with_mail_is_not_an_index_tree() {
        assert!(!recognised(&["cur/1", "dovecot.list.index"]));
        assert!(!recognised(&[".imap/INBOX/dovecot.index", "inbox"]));
        assert!(!recognised(&["subscriptions", "Maildir/cur/1"]));
        assert!(!recognised(&["dovecot.list.index.log", "Maildir/cur/1"]));
        assert!(!recognised(&["subscriptions", "letter"]));
        assert!(!recognised(&["INBOX/cur/1", "INBOX/dovecot.index"]));
        assert!(!recognised(&[]));
    }
}
