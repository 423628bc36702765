//! Directories made by hand, and a sink that records what the readers of dbox report.

use std::collections::BTreeMap;
use std::fs;
use std::os::fd::AsFd;
use std::path::PathBuf;

use rustix::fs::{AtFlags, statat};

use super::*;
use crate::model::cancel::Cancel;
use crate::store::owner::Owner;
use crate::store::reader::{FileEntry, FileStat, Message, Reader};

/// Everything that a reader reported.
#[derive(Debug, Default)]
pub(crate) struct RecordingSink {
    pub folders: Vec<(String, PathBuf)>,
    pub messages: Vec<(String, Message)>,
    pub reclaimable: u64,
    /// Number of files by class.
    pub files: BTreeMap<Class, usize>,
    /// Reclaimable bytes of each file of mail.
    pub split: Vec<u64>,
    pub problems: Vec<ProblemKind>,
}

impl Sink for RecordingSink {
    fn folder(&mut self, name: &str, path: &Path) -> FolderId {
        let known = self.folders.iter().position(|(known, _)| known == name);
        FolderId(known.unwrap_or_else(|| {
            self.folders.push((name.to_owned(), path.to_owned()));
            self.folders.len() - 1
        }))
    }

    fn message(&mut self, folder: FolderId, message: &Message) {
        self.messages.push((self.folders[folder.0].0.clone(), *message));
    }

    fn reclaimable(&mut self, _: FolderId, bytes: u64) {
        self.reclaimable += bytes;
    }

    fn file(&mut self, _: FolderId, class: Class, _: &FileStat) {
        *self.files.entry(class).or_default() += 1;
    }

    fn mail_file(&mut self, folder: FolderId, reclaimable: u64, facts: &FileStat) {
        self.split.push(reclaimable);
        self.file(folder, Class::Message, facts);
    }

    fn owner(&mut self, _: Owner) {}

    fn problem(&mut self, _: &Path, kind: ProblemKind, _: &str) {
        self.problems.push(kind);
    }
}

impl RecordingSink {
    /// The folder of each message, `wanted(message)`, and whether it is marked as deleted; sorted.
    pub(crate) fn messages<T: Ord>(&self, wanted: impl Fn(&Message) -> T) -> Vec<(&str, T, bool)> {
        let mut all: Vec<_> =
            self.messages.iter().map(|(folder, m)| (folder.as_str(), wanted(m), m.is_deleted)).collect();
        all.sort();
        all
    }
}

/// Walks the roots as a scan does.
pub(crate) fn read(mut reader: impl Reader, roots: &[&Path]) -> RecordingSink {
    let mut sink = RecordingSink::default();
    for (root, path) in roots.iter().enumerate() {
        walk(&mut reader, &MailboxDirectory { root, ..MailboxDirectory::alone(path) }, None, &mut sink);
    }
    reader.finish(&mut sink);
    sink
}

fn walk(reader: &mut impl Reader, directory: &MailboxDirectory, parent: Option<Place>, sink: &mut RecordingSink) {
    let place = reader.enter(directory, parent, sink);
    let open = fs::File::open(directory.path).unwrap();
    let mut names: Vec<_> = fs::read_dir(directory.path).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort_by(|a, b| b.cmp(a));
    for name in names {
        let path = directory.path.join(&name);
        let relative = directory.relative.join(&name);
        if path.is_dir() && !path.is_symlink() {
            walk(reader, &MailboxDirectory { relative: &relative, path: &path, ..*directory }, Some(place), sink);
            continue;
        }
        let facts = FileStat::from(&statat(&open, &name, AtFlags::SYMLINK_NOFOLLOW).unwrap());
        let (name, cancel) = (name.as_bytes(), &Cancel::never());
        let entry = FileEntry { directory: directory.path, fd: open.as_fd(), name, facts, cancel };
        reader.file(place, &entry, sink);
    }
}

/// Writes a file and creates its parent directories.
pub(crate) fn write(root: &Path, path: &str, content: &[u8]) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, content).unwrap();
}

fn tree(paths: &[&str]) -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    for path in paths {
        let whole = root.path().join(path);
        match whole.file_name().unwrap().as_bytes() {
            [b'u' | b'm', b'.', ..] => write(root.path(), path, b"2 M1e C0\n"),
            b"dbox-alt-root" => std::os::unix::fs::symlink("/nowhere", whole).unwrap(),
            b"dbox-Mails" | b"storage" | b"empty" => fs::create_dir_all(whole).unwrap(),
            _ => write(root.path(), path, b""),
        }
    }
    root
}

#[test]
fn mailboxes_and_their_parts_are_recognised() {
    const IN: &str = "mailboxes/INBOX/dbox-Mails/u.1";
    const INDEXED: &str = "mailboxes/A/B/dbox-Mails/dovecot.index.log";
    const BARE: &str = "mailboxes/INBOX/dovecot.index.log";
    const MAP: &str = "storage/dovecot.map.index.log";
    let home = |layout| Some(Recognised::mailbox(layout, Sureness::Certain));
    let mail = |layout| Some(Recognised::Part(ExternalPart::Alternative(layout)));
    let indexes = || Some(Recognised::Part(ExternalPart::Indexes));
    for (paths, expected) in [
        (&[IN, INDEXED, "dovecot-uidvalidity"][..], home(Layout::Sdbox)),
        (&[INDEXED, "dovecot-uidvalidity"], home(Layout::Sdbox)),
        (&[IN], mail(Layout::Sdbox)),
        (&[IN, "subscriptions"], home(Layout::Sdbox)),
        (&[IN, "dbox-alt-root"], home(Layout::Sdbox)),
        (&[BARE], indexes()),
        (&[BARE, "mailboxes/0123/u.7"], home(Layout::Sdbox)),
        (&["storage/m.1", MAP, INDEXED], home(Layout::Mdbox)),
        (&[MAP, INDEXED, "dovecot-uidvalidity"], home(Layout::Mdbox)),
        (&["storage/m.1", "mailboxes/INBOX/dbox-Mails"], home(Layout::Mdbox)),
        (&["storage/m.12"], mail(Layout::Mdbox)),
        (&[MAP, BARE, "dovecot-uidvalidity"], indexes()),
        (&[MAP, INDEXED], indexes()),
        (&["storage/m.x", "mailboxes/empty"], None),
        (&["mailboxes/letter", "mailboxes/u.1x"], None),
        (&["storage/u.1"], None),
        (&["other/m.1"], None),
    ] {
        let root = tree(paths);
        assert_eq!(recognise(&DirectoryListing::read(root.path()).unwrap()), expected, "{paths:?}");
    }
    let root = tree(&[]);
    fs::create_dir(root.path().join("storage")).unwrap();
    fs::write(root.path().join("storage/m.1"), b"From a").unwrap();
    assert_eq!(recognise(&DirectoryListing::read(root.path()).unwrap()), None);
}

#[test]
fn folders_are_found_by_their_directories() {
    let root = tree(&[
        "mailboxes/Entw&APw-rfe/dbox-Mails",
        "mailboxes/A/B.C/dbox-Mails/fts-flatcurve/empty",
        "mailboxes/R&D/dovecot.index.log",
        "mailboxes/0123/u.1",
        "storage/m.1",
    ]);
    let of = |relative: &str| {
        let path = root.path().join(relative);
        let directory = MailboxDirectory { relative: Path::new(relative), ..MailboxDirectory::alone(&path) };
        let mut sink = RecordingSink::default();
        (folder_directory(&directory, &mut sink), sink.folders)
    };
    let named = |kind: fn(FolderId) -> FolderDirectory, name: &str, path: &str| {
        (kind(FolderId(0)), vec![(name.to_owned(), path.into())])
    };
    let folder = "mailboxes/Entw&APw-rfe/dbox-Mails";
    assert_eq!(of(folder), named(FolderDirectory::Folder, "Entwürfe", folder));
    assert_eq!(of("mailboxes/Entw&APw-rfe"), named(FolderDirectory::Above, "Entwürfe", folder));
    assert_eq!(of("mailboxes/A/B.C"), named(FolderDirectory::Above, "A/B.C", "mailboxes/A/B.C/dbox-Mails"));
    assert_eq!(of("mailboxes/R&D"), named(FolderDirectory::Folder, "R&D", "mailboxes/R&D"));
    assert_eq!(of("mailboxes/0123"), named(FolderDirectory::Folder, "0123", "mailboxes/0123"));
    for relative in ["", "mailboxes", "mailboxes/A", "mailboxes/A/B.C/dbox-Mails/fts-flatcurve", "storage"] {
        assert_eq!(of(relative), (FolderDirectory::None, vec![]), "{relative}");
    }
}

#[test]
fn file_numbers_parse() {
    assert_eq!(
        (file_number(b"m.12", "m."), file_number(b"m.", "m."), file_number(b"m.1.broken", "m.")),
        (Some(12), None, None)
    );
    assert_eq!((file_number(b"u.+1", "u."), file_number(b"u.99999999999", "u.")), (None, None));
}
