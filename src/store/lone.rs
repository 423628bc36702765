//! Mail in lone files: which files of a directory without a format of its own are mboxes.
//!
//! Anything can begin with a line `From `: a page of a manual that shows one, a patch. So a file's content alone does
//! not make it a mailbox; its name or its neighbours have to say the same.

use std::ffi::OsStr;
use std::io::Read;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use super::listing::Listing;
use super::reader::Directory;
use super::special::SpecialUse;
use super::{mbox, mh};

/// So many files are looked into before a directory is taken for one without mail.
const SAMPLE: usize = 8;

/// Names of directories that hold one user's folders as files.
const FOLDERS: [&str; 4] = ["mail", "Mail", "mbox", "mboxes"];

/// Ends of names that mboxes have, besides those of their compression.
const ENDS: [&str; 2] = [".mbox", ".mbx"];

/// Ends of names of compressed files.
const PACKED_ENDS: [&str; 5] = [".gz", ".zst", ".bz2", ".xz", ".lz4"];

/// What the lone files of a directory are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lone {
    /// Each of these is a mailbox.
    Mailboxes(Vec<Vec<u8>>),
    /// They are the folders of one mailbox.
    Folders,
    /// They are messages, one a file, as procmail writes them into a folder of MH.
    Messages,
}

/// Finds out what the files of a directory are; no mailboxes at all where it is not clear enough.
pub fn recognise(listing: &Listing) -> Lone {
    let candidates: Vec<&[u8]> = listing.files().filter(|name| mbox::is_folder_name(name)).collect();
    let named: Vec<&[u8]> = candidates.iter().copied().filter(|name| is_named_so(name)).collect();
    let is_mail = |name: &&[u8]| looks_like_mail(listing.path(), name);
    if named.is_empty() && !candidates.iter().take(SAMPLE).any(&is_mail) {
        return Lone::Mailboxes(Vec::new());
    }
    let mail: Vec<&[u8]> = candidates.iter().copied().filter(is_mail).collect();
    let is_name_of_folders = listing.path().file_name().is_some_and(|name| FOLDERS.iter().any(|known| name == *known));
    let is_folder = |name: &&[u8]| std::str::from_utf8(name).ok().and_then(SpecialUse::guess).is_some();
    if is_name_of_folders && mail.iter().any(is_folder) {
        return Lone::Folders;
    }
    if candidates.iter().all(|name| mh::is_number(name)) && mail.len() == candidates.len() {
        return Lone::Messages;
    }
    // Three of four: a spool has a stray file now and then.
    let are_neighbours = 4 * mail.len() >= 3 * candidates.len();
    let mailboxes = if are_neighbours { mail } else { mail.into_iter().filter(|name| named.contains(name)).collect() };
    Lone::Mailboxes(mailboxes.into_iter().map(<[u8]>::to_vec).collect())
}

fn is_named_so(name: &[u8]) -> bool {
    let packed = PACKED_ENDS.iter().find_map(|end| name.strip_suffix(end.as_bytes()));
    let name = packed.unwrap_or(name);
    name.eq_ignore_ascii_case(b"mbox") || ENDS.iter().any(|end| name.ends_with(end.as_bytes()))
}

fn looks_like_mail(directory: &Path, name: &[u8]) -> bool {
    let directory = Directory { root: 0, relative: Path::new(""), path: directory };
    let Ok(Some((file, facts))) = directory.open(OsStr::from_bytes(name)) else { return false };
    let mut head = Vec::new();
    let read = (&file).take(mbox::HEAD_BYTES as u64).read_to_end(&mut head);
    read.is_ok() && (mbox::recognise(&head) || mbox::recognise_compressed(&file, facts.size))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    const MAIL: &[u8] = b"From ann@example.org  Tue Mar  3 10:01:00 2026\nSubject: a\n\nb\n";
    const PATCH: &[u8] = b"From 3fec519d6b326918f39ceb142ef762042ce8365f Mon Sep 17 00:00:00 2001\nSubject: a\n\nb\n";

    fn recognised(directory: &str, files: &[(&str, &[u8])]) -> Lone {
        let above = tempfile::tempdir().unwrap();
        let path = above.path().join(directory);
        fs::create_dir(&path).unwrap();
        for (name, content) in files {
            fs::write(path.join(name), content).unwrap();
        }
        recognise(&Listing::read(&path).unwrap())
    }

    fn mailboxes(names: &[&str]) -> Lone {
        Lone::Mailboxes(names.iter().map(|name| name.as_bytes().to_vec()).collect())
    }

    #[test]
    fn a_spool_has_a_mailbox_for_each_user() {
        let spool: [(&str, &[u8]); 5] =
            [("ann", MAIL), ("bob", MAIL), ("bob.lock", b""), ("carl.x", MAIL), ("README", b"hello")];
        assert_eq!(recognised("mail", &spool), mailboxes(&["ann", "bob", "carl.x"]));
    }

    #[test]
    fn a_users_folders_are_one_mailbox() {
        assert_eq!(recognised("mail", &[("sent-mail", MAIL), ("cooking", MAIL), ("drafts", b"")]), Lone::Folders);
    }

    #[test]
    fn a_file_among_others_needs_a_name() {
        let home: [(&str, &[u8]); 4] = [("mbox", MAIL), ("old.mbox", MAIL), ("letter", MAIL), ("photo.jpg", b"x")];
        let [mbox, old, letter, photo] = home;
        assert_eq!(recognised("ann", &home), mailboxes(&["letter", "mbox", "old.mbox"]), "three of four");
        assert_eq!(recognised("ann", &[mbox, old, photo, letter, ("b", b"x")]), mailboxes(&["mbox", "old.mbox"]));
        assert_eq!(recognised("doc", &[letter, photo]), mailboxes(&[]));
    }

    #[test]
    fn numbers_are_no_names_of_users() {
        assert_eq!(recognised("mh", &[("1", MAIL), ("2", MAIL)]), Lone::Messages);
        assert_eq!(recognised("mh", &[("1", MAIL), ("2", b"Path: news")]), mailboxes(&[]));
    }

    #[test]
    fn patches_are_no_mail() {
        assert_eq!(recognised("patches", &[("0001-a.patch", PATCH), ("0002-b.patch", PATCH)]), mailboxes(&[]));
    }
}
