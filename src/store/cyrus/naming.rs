//! The name of a Cyrus mailbox from its header or its directory, and its folder's displayed name.

use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use super::header::{self, MailboxHeader};
use super::name::MailboxName;
use super::place;
use crate::model::escape;
use crate::store::utf7;

/// A directory named after its mailbox is right: the server moves it when the mailbox is renamed or deleted, and
/// leaves the old name in the header, which then only helps to read the path.
pub(super) fn mailbox_name(path: &Path, header: Option<&MailboxHeader>) -> Option<MailboxName> {
    let told = header.and_then(|header| MailboxName::parse(header.name.as_deref()?));
    let is_named = header.is_none_or(|header| header.kind.contains(&header::NAMED));
    if told.is_some() && !is_named {
        return told;
    }
    let levels: Vec<&[u8]> = path.iter().map(OsStrExt::as_bytes).collect();
    let names = place::names(&levels);
    let like_told = |fits: fn(&MailboxName, &MailboxName) -> bool| {
        told.as_ref().and_then(|told| names.iter().find(|name| fits(name, told)))
    };
    let same = |name: &MailboxName, told: &MailboxName| name.has_owner_of(told) && name.levels == told.levels;
    let best = like_told(same).or_else(|| like_told(MailboxName::has_owner_of)).or(names.first());
    best.cloned().or(told)
}

/// The displayed name: `/` between levels, `INBOX` for the inbox, deleted mailboxes below `DELETED`.
pub(super) fn folder_name(name: &MailboxName) -> String {
    let levels: Vec<String> = name.levels.iter().map(|level| escape::text(level)).collect();
    // Modified UTF-7 if the whole name is valid, else the escaped bytes.
    let decoded: Option<Vec<String>> = levels.iter().map(|level| utf7::decode(level)).collect();
    let mut levels = decoded.unwrap_or(levels);
    // A folder named INBOX is not the inbox.
    if levels.is_empty() || levels == ["INBOX"] {
        levels.insert(0, "INBOX".to_owned());
    }
    if let Some(deletion) = &name.deletion {
        levels.insert(0, "DELETED".to_owned());
        levels.push(escape::text(deletion));
    }
    levels.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_directory_names_a_mailbox_before_its_header() {
        let header =
            |kind: &str, name: &str| MailboxHeader { kind: kind.into(), name: (!name.is_empty()).then(|| name.into()) };
        let uuid = "/spool/uuid/u/v/uvs7";
        for (path, header, expected) in [
            (uuid, header("e", "user.ann.Sent"), "user.ann.Sent"),
            (uuid, header("e", "DELETED.user.ann.Sent.6B05DBE3"), "DELETED.user.ann.Sent.6B05DBE3"),
            ("/spool/a/user/ann/Sent", header("", ""), "user.ann.Sent"),
            ("/spool/a/user/ann/New", header("el", "user.ann.Old"), "user.ann.New"),
            ("/spool/e/user/emma", header("el", "user.dora"), "user.emma"),
            (
                "/spool/u/DELETED/user/ann/Sent/6B05DBE3",
                header("el", "user.ann.Sent"),
                "DELETED.user.ann.Sent.6B05DBE3",
            ),
            ("/spool/user/ann/user/New", header("el", "user.ann.user.Old"), "user.ann.user.New"),
            ("/spool/user/ann/user/x", header("el", "user.ann.user.x"), "user.ann.user.x"),
            ("/spool/n/news", header("el", "news"), "news"),
        ] {
            let name = mailbox_name(Path::new(path), Some(&header));
            assert_eq!(name, MailboxName::parse(expected.as_bytes()), "{path}");
        }
        assert_eq!(mailbox_name(Path::new("/archive/a/user/ann"), None), MailboxName::parse(b"user.ann"));
        assert_eq!(mailbox_name(Path::new(uuid), None), None);
    }

    #[test]
    fn folder_names_are_shown_decoded() {
        for (name, folder) in [
            ("user.ann", "INBOX"),
            ("user.ann.INBOX", "INBOX/INBOX"),
            ("user.ann.INBOX.Sub", "INBOX/Sub"),
            ("example.org!user.ann.Archive.2024", "Archive/2024"),
            ("user.ann.Dotted^Name", "Dotted.Name"),
            ("user.ann.Entw&APw-rfe.R&-D", "Entwürfe/R&D"),
            ("user.ann.Entw&APw-rfe.R&D", "Entw&APw-rfe/R&D"),
            ("DELETED.user.ann.Sent.6B05DBE3", "DELETED/Sent/6B05DBE3"),
            ("DELETED.user.ann.6B05DBE3", "DELETED/INBOX/6B05DBE3"),
            ("news.foo", "news/foo"),
        ] {
            assert_eq!(folder_name(&MailboxName::parse(name.as_bytes()).unwrap()), folder, "{name}");
        }
    }
}
