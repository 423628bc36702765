//! What sdbox and mdbox share: how their directories are recognised, and the folder of a directory.
//!
//! A mailbox has `mailboxes/<folder>/dbox-Mails/` with the folder's index (`dovecot.index*`) and, in sdbox, its mail;
//! mdbox keeps the mail of all folders in `storage/`. Parts may be elsewhere: older mail in alternative storage of
//! the same form, without indexes, to which the link `dbox-alt-root` points; and with `INDEX=` the indexes, up to
//! Dovecot 2.3 in `mailboxes/<folder>/`. `LAYOUT=index` has no `dbox-Mails` and names directories by folder GUID.
//! Sources: <https://doc.dovecot.org> (dbox, mail location settings), and stores filled by Dovecot 2.3.

mod indexes;

use std::collections::VecDeque;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use super::digits::decimal;
use super::dovecot::dbox_file::{DboxDamage, DboxDamageKind, DboxMessages};
use super::listing::{DirectoryListing, Entry, EntryKind, entries};
use super::maildir::{PARTS, level_name};
use super::no_links;
use super::reader::{FolderId, MailboxDirectory, Place, Role, Sink, open_file};
use super::{ExternalPart, Layout, Recognised};
use crate::model::class::Class;
use crate::model::snapshot::{ProblemKind, Sureness};

pub(crate) use indexes::read_index;

/// Symbolic link to alternative storage.
pub(crate) const ALTERNATIVE: &str = "dbox-alt-root";
const MAILS: &str = "dbox-Mails";
pub(crate) const FOLDERS: &str = "mailboxes";
pub(crate) const STORAGE: &str = "storage";
pub(crate) const INDEX: &str = "dovecot.index";
pub(crate) const MAP: &str = "dovecot.map.index";

/// Limits of the search for a folder with messages.
const MOST_DIRECTORIES: usize = 256;
const MOST_ENTRIES: usize = 256;

/// What a limited search found in the folders.
#[derive(Clone, Copy, Debug, Default)]
struct Signs {
    has_mails: bool,
    has_index: bool,
    has_message: bool,
}

/// Mail without indexes is alternative storage, or a mailbox whose indexes and control files are all elsewhere. The
/// contents do not distinguish them; only a link to the former does.
pub(crate) fn recognise(listing: &DirectoryListing) -> Option<Recognised> {
    let is_maildir = PARTS.iter().all(|part| listing.has_directory(part));
    let has_folders = listing.has_directory(FOLDERS);
    let has_storage = listing.has_directory(STORAGE);
    if !has_folders && !has_storage {
        return None;
    }
    let storage = listing.join(STORAGE);
    let has_map = has_storage && has_index(&storage, MAP);
    let has_mail = has_storage && any_entry(&storage, |entry| is_dbox_file(entry, "m."));
    let signs = if has_folders { look_into_folders(&listing.join(FOLDERS)) } else { Signs::default() };
    if is_maildir && !has_mail && !signs.has_message {
        // A Maildir that has a folder with this name.
        return None;
    }
    let is_home = listing.files().any(|name| name.starts_with(b"dovecot-uidvalidity"))
        || listing.has_file("subscriptions")
        || no_links::is_link(&listing.join(ALTERNATIVE));
    let home = |layout| Some(Recognised::mailbox(layout, Sureness::Certain));
    let mail = |layout| Some(Recognised::Part(ExternalPart::Alternative(layout)));
    let indexes = Some(Recognised::Part(ExternalPart::Indexes));
    match (has_mail, has_map) {
        // Only alternative storage has no folders.
        (true, false) if !has_folders => mail(Layout::Mdbox),
        (true, _) if has_folders => home(Layout::Mdbox),
        (true, _) => None,
        (false, true) if signs.has_mails && (is_home || !signs.has_index) => home(Layout::Mdbox),
        (false, true) => indexes,
        (false, false) => match signs {
            Signs { has_message: true, has_index, .. } if has_index || is_home => home(Layout::Sdbox),
            Signs { has_message: true, .. } => mail(Layout::Sdbox),
            Signs { has_index: true, has_mails: true, .. } => home(Layout::Sdbox),
            Signs { has_index: true, .. } => indexes,
            Signs { has_mails: true, .. } => mail(Layout::Sdbox),
            _ => None,
        },
    }
}

/// Searches folders until it has seen an index and a message.
fn look_into_folders(folders: &Path) -> Signs {
    let mut signs = Signs::default();
    let mut waiting = VecDeque::from([folders.to_owned()]);
    let mut looked = 0;
    while let Some(directory) = waiting.pop_front() {
        looked += 1;
        if no_links::is_directory(&directory.join("cur")) {
            // A Maildir's index says nothing about dbox.
            continue;
        }
        signs.has_index |= has_index(&directory, INDEX);
        let is_mails = directory.file_name().is_some_and(|name| name == MAILS);
        signs.has_mails |= is_mails;
        signs.has_message |= any_entry(&directory, |entry| {
            let is_directory = entry.kind == EntryKind::Directory;
            if is_directory && !is_mails && looked + waiting.len() < MOST_DIRECTORIES {
                match entry.name() == MAILS.as_bytes() {
                    true => waiting.push_front(entry.path.clone()),
                    false => waiting.push_back(entry.path.clone()),
                }
            }
            !is_directory && is_dbox_file(entry, "u.")
        });
        if signs.has_index && signs.has_message {
            break;
        }
    }
    signs
}

/// Whether the index or at least its log exists.
fn has_index(directory: &Path, name: &str) -> bool {
    ["", ".log"].iter().any(|end| no_links::is_file(&directory.join(format!("{name}{end}"))))
}

/// Whether one of the first entries matches.
fn any_entry(directory: &Path, mut is_match: impl FnMut(&Entry) -> bool) -> bool {
    entries(directory).into_iter().flatten().flatten().take(MOST_ENTRIES).any(|entry| is_match(&entry))
}

/// Checks name and first bytes.
fn is_dbox_file(entry: &Entry, prefix: &str) -> bool {
    file_number(entry.name(), prefix).is_some() && entry.kind == EntryKind::File && starts_as_dbox(entry)
}

fn starts_as_dbox(entry: &Entry) -> bool {
    let opened = open_file(&entry.path).ok().flatten();
    opened.is_some_and(|(file, facts)| DboxMessages::new(file, facts.size).header().is_ok())
}

/// The number in `m.12` or `u.12`.
pub(crate) fn file_number(name: &[u8], prefix: &str) -> Option<u32> {
    decimal(name.strip_prefix(prefix.as_bytes())?)?.try_into().ok()
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FolderDirectory {
    /// It contains the folder's index or mail.
    Folder(FolderId),
    /// It contains `dbox-Mails`, and possibly subfolders.
    Above(FolderId),
    /// A removed folder, a parent of folders, or something else.
    None,
}

pub(crate) fn folder_directory(directory: &MailboxDirectory, sink: &mut dyn Sink) -> FolderDirectory {
    let mut parts = directory.relative.iter();
    if parts.next().is_none_or(|first| first != FOLDERS) {
        return FolderDirectory::None;
    }
    let levels: Vec<&[u8]> = parts.map(OsStrExt::as_bytes).collect();
    let mut folder = |levels: &[&[u8]], path: &Path| {
        sink.folder(&levels.iter().map(|level| level_name(level)).collect::<Vec<_>>().join("/"), path)
    };
    let mails = MAILS.as_bytes();
    match levels.as_slice() {
        [] => FolderDirectory::None,
        [above @ .., last] if *last == mails && !above.is_empty() && !above.contains(&mails) => {
            FolderDirectory::Folder(folder(above, directory.relative))
        }
        levels if levels.contains(&mails) => FolderDirectory::None,
        levels if no_links::is_directory(&directory.path.join(MAILS)) => {
            FolderDirectory::Above(folder(levels, &directory.relative.join(MAILS)))
        }
        levels if has_index(directory.path, INDEX) || any_entry(directory.path, |entry| is_dbox_file(entry, "u.")) => {
            FolderDirectory::Folder(folder(levels, directory.relative))
        }
        _ => FolderDirectory::None,
    }
}

/// The place of the mailbox's own directory or of a joined part.
pub(crate) fn root_place(directory: &MailboxDirectory, sink: &mut dyn Sink) -> Place {
    let is_indexes = directory.root > 0 && has_index(directory.path, "dovecot.list.index");
    Place { folder: inbox(sink), class: if is_indexes { Class::Index } else { Class::Message }, role: Role::Other }
}

/// The displayed name of a folder, from the name in Dovecot's files.
pub(crate) fn folder_name(name: &[u8]) -> String {
    name.split(|&byte| byte == b'/').map(level_name).collect::<Vec<_>>().join("/")
}

/// The inbox is charged with everything that serves the whole mailbox.
pub(crate) fn inbox(sink: &mut dyn Sink) -> FolderId {
    sink.folder("INBOX", &Path::new(FOLDERS).join("INBOX").join(MAILS))
}

/// A folder whose directory is unknown.
pub(crate) fn folder_named(name: &str, sink: &mut dyn Sink) -> FolderId {
    sink.folder(name, &Path::new(FOLDERS).join(name).join(MAILS))
}

pub(crate) fn report_damage(path: &Path, damage: &DboxDamage, sink: &mut dyn Sink) {
    let kind = match damage.kind {
        DboxDamageKind::Version(_) => ProblemKind::UnknownVersion,
        DboxDamageKind::Unreadable(_) => ProblemKind::ReadError,
        _ => ProblemKind::Damaged,
    };
    sink.problem(path, kind, &damage.to_string());
}

#[cfg(test)]
pub(crate) mod tests;
