//! Dovecot's attachment directory (`mail_attachment_dir`): files shared by many messages.
//!
//! A file is `xx/yy/<hash>-<identity>`, where `xxyy` are the hash's first digits. Each message has its own name, and
//! all names with the same content are one inode, as is `xx/yy/hashes/<hash>`. Source: `mail_attachment_fs = sis
//! posix` in <https://doc.dovecot.org>, and trees written by Dovecot 2.3.

use std::path::Path;

use super::listing::{self, DirectoryListing, Entry, EntryKind};

/// Limits of the search.
const MOST_ENTRIES: usize = 64;
const MOST_DIRECTORIES: usize = 8;
/// In hexadecimal digits.
const LEAST_HASH: usize = 32;
const IDENTITY: usize = 32;

/// Mostly decided by the listing alone.
pub(super) fn recognise(listing: &DirectoryListing) -> bool {
    let is_pair = |name: &[u8]| name.len() == 2 && is_hexadecimal(name);
    let mut names = listing.directories().peekable();
    names.peek().is_some() && names.all(is_pair) && is_attachment_tree(&listing.path)
}

/// Whether there are two levels of two-digit hexadecimal directories with an attachment in one of them.
pub(super) fn is_attachment_tree(directory: &Path) -> bool {
    let directories = |directory: &Path| {
        let entries = entries(directory);
        let entries = if entries.iter().all(is_pair) { entries } else { Vec::new() };
        entries.into_iter().take(MOST_DIRECTORIES)
    };
    directories(directory)
        .flat_map(|first| directories(&first.path).map(move |second| (first.name().to_vec(), second)))
        .any(|(first, second)| holds_attachment(&second, &[&first, second.name()].concat()))
}

fn entries(directory: &Path) -> Vec<Entry> {
    listing::entries(directory).into_iter().flatten().flatten().take(MOST_ENTRIES).collect()
}

fn is_pair(entry: &Entry) -> bool {
    entry.name().len() == 2 && is_hexadecimal(entry.name()) && entry.kind == EntryKind::Directory
}

fn holds_attachment(directory: &Entry, digits: &[u8]) -> bool {
    let is_file = |entry: &Entry| is_attachment(entry.name(), digits) && entry.kind == EntryKind::File;
    entries(&directory.path).iter().any(is_file)
}

/// `<hash>-<identity>`, where the hash begins with `digits`; a suffix may follow.
fn is_attachment(name: &[u8], digits: &[u8]) -> bool {
    let mut parts = name.splitn(3, |&byte| byte == b'-');
    let (Some(hash), Some(identity)) = (parts.next(), parts.next()) else { return false };
    let is_hash = hash.len() >= LEAST_HASH && hash.starts_with(digits) && is_hexadecimal(hash);
    is_hash && identity.len() >= IDENTITY && is_hexadecimal(&identity[..IDENTITY])
}

fn is_hexadecimal(name: &[u8]) -> bool {
    name.iter().all(u8::is_ascii_hexdigit)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: &str = "bbbc68fb23c33d5208532f282dca010589fce6d0-89bd1130e7db056b3772000083ecc375";

    fn is_tree(paths: &[&str]) -> bool {
        let root = tempfile::tempdir().unwrap();
        for path in paths {
            let path = root.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, b"").unwrap();
        }
        is_attachment_tree(root.path())
    }

    #[test]
    fn an_attachment_tree_is_recognised_by_its_names() {
        let (good, hash) = (format!("bb/bc/{NAME}-1f-33"), format!("bb/bc/hashes/{}", &NAME[..40]));
        assert!(is_tree(&[&good, &hash, "0a/00/old"]));
        assert!(is_tree(&[&format!("bb/bc/{NAME}")]));
        assert!(!is_tree(&[&hash]), "no message uses it");
        assert!(!is_tree(&[&good, "ann/letter"]));
        assert!(!is_tree(&[&good, "letter"]));
        assert!(!is_tree(&[&format!("bb/cc/{NAME}")]));
        assert!(!is_tree(&[&format!("bb/bc/{}", &NAME[..60])]));
        assert!(!is_tree(&[]));
    }
}
