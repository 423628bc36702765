//! mbox files in directories that have no format of their own.
//!
//! Any file can begin with a line `From `, such as a manual page or a patch. Content alone does not make a mailbox:
//! its name or its neighbours must agree.

use super::listing::DirectoryListing;
use super::names::{COMPRESSED_SUFFIXES, MBOX_SUFFIXES};
use super::reader::{head_of, open_file};
use super::{Layout, Recognised, mbox, mh};
use crate::model::{snapshot::Sureness, special_use::SpecialUse};

/// Files opened before a directory counts as one without mail.
const SAMPLE: usize = 8;

/// Directories that hold one user's folders as files.
const FOLDERS: [&str; 4] = ["mail", "Mail", "mbox", "mboxes"];

/// Directories with one file per user.
const SPOOLS: [&str; 2] = ["mail", "spool"];

/// Folder names that mail programs create and no user has.
const FOLDERS_OF_PROGRAMS: [&str; 5] = ["inbox", "mbox", "sent-mail", "saved-messages", "postponed-msgs"];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Look {
    Mail,
    /// May be an empty mailbox.
    Empty,
    Else,
}

/// `None` if the evidence is too weak.
pub(super) fn recognise(listing: &DirectoryListing) -> Option<Recognised> {
    let candidates: Vec<&[u8]> = listing.files().filter(|name| mbox::is_folder_name(name)).collect();
    let is_any_named = candidates.iter().any(|name| is_named_so(name));
    if !is_any_named && !has_mail_in_sample(listing, &candidates) {
        return None;
    }
    let looks: Vec<(&[u8], Look)> = candidates.iter().map(|&name| (name, look(listing, name))).collect();
    let of = |wanted: Look| looks.iter().filter(move |(_, look)| *look == wanted).map(|(name, _)| *name);
    let (mail, others) = (of(Look::Mail).count(), of(Look::Else).count());
    if mail == 0 {
        return None;
    }
    if candidates.iter().all(|name| mh::is_number(name)) {
        // One message per file, as procmail writes into MH folders.
        let are_messages = others == 0 && !of(Look::Mail).any(|name| is_news(listing, name));
        return are_messages.then_some(Recognised::mailbox(Layout::Mh, Sureness::Likely));
    }
    if are_folders(listing, &candidates) {
        return Some(Recognised::mailbox(Layout::Mbox, Sureness::Likely));
    }
    // Three of four files, since a spool has a stray file now and then; a single file may be anything.
    let are_neighbours = mail >= 3 * others && (mail > 1 || is_called(listing, &SPOOLS));
    let is_mailbox = |(name, look): &(&[u8], Look)| match are_neighbours {
        // Fetching all mail leaves an empty file.
        true => *look != Look::Else,
        false => *look == Look::Mail && is_named_so(name),
    };
    let mailboxes: Vec<Vec<u8>> = looks.iter().filter(|look| is_mailbox(look)).map(|(name, _)| name.to_vec()).collect();
    (!mailboxes.is_empty()).then_some(Recognised::Files(mailboxes))
}

/// Opens a few non-empty files, spread over the list.
fn has_mail_in_sample(listing: &DirectoryListing, candidates: &[&[u8]]) -> bool {
    let step = (candidates.len() / (8 * SAMPLE)).max(1);
    let looks = candidates.iter().step_by(step).map(|name| look(listing, name));
    looks.filter(|look| *look != Look::Empty).take(SAMPLE).any(|look| look == Look::Mail)
}

/// Whether the files are one user's folders rather than the mailboxes of many users.
fn are_folders(listing: &DirectoryListing, candidates: &[&[u8]]) -> bool {
    if !is_called(listing, &FOLDERS) || mbox::is_spool(&listing.path) {
        return false;
    }
    let names = || candidates.iter().filter_map(|name| std::str::from_utf8(name).ok());
    let is_of_program = |name: &str| FOLDERS_OF_PROGRAMS.iter().any(|known| name.eq_ignore_ascii_case(known));
    // In `mail`, which may be a spool, a user may have the name `spam`.
    let least = if listing.name() == b"mail" { 2 } else { 1 };
    names().any(is_of_program) || names().filter(|name| SpecialUse::guess(name).is_some()).count() >= least
}

fn is_called(listing: &DirectoryListing, names: &[&str]) -> bool {
    names.iter().any(|name| listing.name() == name.as_bytes())
}

fn is_named_so(name: &[u8]) -> bool {
    let packed = COMPRESSED_SUFFIXES.iter().find_map(|end| name.strip_suffix(end.as_bytes()));
    let name = packed.unwrap_or(name);
    name.eq_ignore_ascii_case(b"mbox") || MBOX_SUFFIXES.iter().any(|end| name.ends_with(end.as_bytes()))
}

fn look(listing: &DirectoryListing, name: &[u8]) -> Look {
    match open_file(&listing.join(name)) {
        Ok(Some((_, facts))) if facts.size == 0 => Look::Empty,
        Ok(Some((file, facts)))
            if mbox::begins_mbox(&file.head(mbox::HEAD_BYTES).unwrap_or_default())
                || mbox::recognise_compressed(&file, facts.size) =>
        {
            Look::Mail
        }
        _ => Look::Else,
    }
}

/// News spools have numbered articles too.
fn is_news(listing: &DirectoryListing, name: &[u8]) -> bool {
    let head = head_of(&listing.join(name), mbox::HEAD_BYTES);
    head.split(|&byte| byte == b'\n').any(|line| line.starts_with(b"Path: ") || line.starts_with(b"Newsgroups: "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    const MAIL: &[u8] = b"From ann@example.org  Tue Mar  3 10:01:00 2026\nSubject: a\n\nb\n";
    const PATCH: &[u8] = b"From 3fec519d6b326918f39ceb142ef762042ce8365f Mon Sep 17 00:00:00 2001\nSubject: a\n\nb\n";

    fn recognised(directory: &str, files: &[(&str, &[u8])]) -> Option<Recognised> {
        let above = tempfile::tempdir().unwrap();
        let path = above.path().join(directory);
        fs::create_dir(&path).unwrap();
        for (name, content) in files {
            fs::write(path.join(name), content).unwrap();
        }
        recognise(&DirectoryListing::read(&path).unwrap())
    }

    fn mailboxes(names: &[&str]) -> Option<Recognised> {
        Some(Recognised::Files(names.iter().map(|name| name.as_bytes().to_vec()).collect()))
    }

    #[test]
    fn a_spool_has_a_mailbox_for_each_user() {
        let spool: [(&str, &[u8]); 5] =
            [("ann", MAIL), ("bob", MAIL), ("bob.lock", b""), ("carl.x", MAIL), ("README", b"hello")];
        assert_eq!(recognised("mail", &spool), mailboxes(&["ann", "bob", "carl.x"]));
    }

    #[test]
    fn empty_files_in_a_spool_are_mailboxes() {
        let empty = (0..20).map(|user| format!("a{user:02}")).collect::<Vec<_>>();
        let mut files: Vec<(&str, &[u8])> = empty.iter().map(|name| (name.as_str(), &b""[..])).collect();
        files.push(("zoe", MAIL));
        let Some(Recognised::Files(found)) = recognised("mail", &files) else { panic!("a spool") };
        assert_eq!(found.len(), 21);
        assert_eq!(recognised("fixtures", &[("zoe", MAIL)]), None, "one file alone may be anything");
        assert_eq!(recognised("fixtures", &[("a", b""), ("b", b"")]), None);
    }

    #[test]
    fn a_user_may_have_the_name_of_a_folder() {
        assert_eq!(recognised("mail", &[("ann", MAIL), ("spam", MAIL)]), mailboxes(&["ann", "spam"]));
    }

    #[test]
    fn news_is_not_mail() {
        const NEWS: &[u8] = b"From a@b.example  Tue Mar  3 10:01:00 2026\nPath: x!y\nNewsgroups: a.b\n\nb\n";
        assert_eq!(recognised("c", &[("1", NEWS), ("2", NEWS)]), None);
    }

    #[test]
    fn a_users_folders_are_one_mailbox() {
        assert_eq!(
            recognised("mail", &[("sent-mail", MAIL), ("cooking", MAIL), ("drafts", b"")]),
            Some(Recognised::mailbox(Layout::Mbox, Sureness::Likely))
        );
    }

    #[test]
    fn an_mbox_among_other_files_needs_a_usual_name() {
        let home: [(&str, &[u8]); 4] = [("mbox", MAIL), ("old.mbox", MAIL), ("letter", MAIL), ("photo.jpg", b"x")];
        let [mbox, old, letter, photo] = home;
        assert_eq!(recognised("ann", &home), mailboxes(&["letter", "mbox", "old.mbox"]), "three of four");
        assert_eq!(recognised("ann", &[mbox, old, photo, letter, ("b", b"x")]), mailboxes(&["mbox", "old.mbox"]));
        assert_eq!(recognised("doc", &[letter, photo]), None);
    }

    #[test]
    fn files_named_by_numbers_are_messages() {
        assert_eq!(
            recognised("mh", &[("1", MAIL), ("2", MAIL)]),
            Some(Recognised::mailbox(Layout::Mh, Sureness::Likely))
        );
        assert_eq!(recognised("mh", &[("1", MAIL), ("2", b"Path: news")]), None);
    }

    #[test]
    fn patches_are_not_mail() {
        assert_eq!(recognised("patches", &[("0001-a.patch", PATCH), ("0002-b.patch", PATCH)]), None);
    }
}
