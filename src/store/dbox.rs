//! What Dovecot's two dbox formats share: how their directories are recognised, and which folder a directory is of.
//!
//! A mailbox has `mailboxes/<folder>/dbox-Mails/`, with the folder's index (`dovecot.index*`) and in sdbox its mail; mdbox
//! keeps the mail of all folders in `storage/`. Parts may lie elsewhere: older mail in alternative storage of the same
//! form, without indexes, to which the link `dbox-alt-root` leads; and with `INDEX=` the indexes, up to Dovecot 2.3 in
//! `mailboxes/<folder>/`. `LAYOUT=index` has no `dbox-Mails`, and for names the folders' identities.
//! Sources: <https://doc.dovecot.org> (dbox, mail location settings), and stores filled by Dovecot 2.3.

use std::collections::VecDeque;
use std::ffi::OsStr;
use std::fs::DirEntry;
use std::io::{self, Read};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use super::class::Class;
use super::dovecot::dbox::{self, Walk};
use super::dovecot::index::{Damage, Index};
use super::listing::Listing;
use super::maildir::level_name;
use super::reader::{Directory, Facts, FolderId, Place, Sink};
use crate::snapshot::ProblemKind;

/// The link to alternative storage.
pub const ALTERNATIVE: &str = "dbox-alt-root";
/// What a folder keeps lies in it.
const MAILS: &str = "dbox-Mails";
/// Holds all folders.
pub const FOLDERS: &str = "mailboxes";
/// Holds the mail of mdbox.
pub const STORAGE: &str = "storage";
/// The index of a folder.
pub const INDEX: &str = "dovecot.index";
/// The index of all mail of mdbox.
pub const MAP: &str = "dovecot.map.index";

/// No folder's index is as large; it would be that of millions of messages.
const LARGEST_INDEX: u64 = 256 << 20;
/// Nobody takes longer than that to write a record of a log.
const SECONDS_AT_WORK: i64 = 60;
/// So many directories are looked into, and so many entries of each, before a mailbox is known by its folders.
const MOST_DIRECTORIES: usize = 256;
const MOST_ENTRIES: usize = 256;

/// One of the dbox formats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One message a file, `u.<uid>`.
    Single,
    /// Many messages a file, `m.<number>`.
    Multi,
}

/// What part of a mailbox a directory is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece {
    /// The mailbox itself.
    Home,
    /// Mail without indexes: alternative storage, or a mailbox whose indexes and control files all lie elsewhere. The two
    /// do not differ by what is in them; a link leads to the former.
    Mail,
    /// Indexes without mail.
    Indexes,
}

/// What lies in the folders of a mailbox, as far as was looked.
#[derive(Clone, Copy, Debug, Default)]
struct Signs {
    has_mails: bool,
    has_index: bool,
    has_message: bool,
}

/// Recognises a mailbox of dbox, or a part of one.
pub fn recognise(listing: &Listing) -> Option<(Kind, Piece)> {
    let has_folders = listing.has_directory(FOLDERS);
    let has_storage = listing.has_directory(STORAGE);
    if !has_folders && !has_storage {
        return None;
    }
    let storage = listing.path().join(STORAGE);
    let has_map = has_storage && has_index(&storage, MAP);
    let has_mail = has_storage && some_entry(&storage, |entry| is_dbox_file(entry, "m.")).is_some();
    let signs = if has_folders { look(&listing.path().join(FOLDERS)) } else { Signs::default() };
    let is_home = listing.files().any(|name| name.starts_with(b"dovecot-uidvalidity"))
        || listing.has_file("subscriptions")
        || listing.path().join(ALTERNATIVE).is_symlink();
    match (has_mail, has_map) {
        // Only alternative storage has no folders.
        (true, false) if !has_folders => Some((Kind::Multi, Piece::Mail)),
        (true, _) if has_folders => Some((Kind::Multi, Piece::Home)),
        (true, _) => None,
        (false, true) if signs.has_mails && (is_home || !signs.has_index) => Some((Kind::Multi, Piece::Home)),
        (false, true) => Some((Kind::Multi, Piece::Indexes)),
        (false, false) => of_single(signs, is_home).map(|piece| (Kind::Single, piece)),
    }
}

fn of_single(signs: Signs, is_home: bool) -> Option<Piece> {
    match signs {
        Signs { has_message: true, has_index, .. } if has_index || is_home => Some(Piece::Home),
        Signs { has_message: true, .. } => Some(Piece::Mail),
        Signs { has_index: true, has_mails: true, .. } => Some(Piece::Home),
        Signs { has_index: true, .. } => Some(Piece::Indexes),
        Signs { has_mails: true, .. } => Some(Piece::Mail),
        _ => None,
    }
}

/// Looks into folders until both an index and a message were seen.
fn look(folders: &Path) -> Signs {
    let mut signs = Signs::default();
    let mut waiting = VecDeque::from([folders.to_owned()]);
    let mut looked = 0;
    while let Some(directory) = waiting.pop_front() {
        looked += 1;
        signs.has_index |= has_index(&directory, INDEX);
        let is_mails = directory.file_name().is_some_and(|name| name == MAILS);
        signs.has_mails |= is_mails;
        let message = some_entry(&directory, |entry| {
            let is_directory = entry.file_type().is_ok_and(|kind| kind.is_dir());
            if is_directory && !is_mails && looked + waiting.len() < MOST_DIRECTORIES {
                match entry.file_name() == MAILS {
                    true => waiting.push_front(entry.path()),
                    false => waiting.push_back(entry.path()),
                }
            }
            !is_directory && is_dbox_file(entry, "u.")
        });
        signs.has_message |= message.is_some();
        if signs.has_index && signs.has_message {
            break;
        }
    }
    signs
}

/// Whether there is an index of that name, or at least its log.
fn has_index(directory: &Path, name: &str) -> bool {
    ["", ".log"]
        .iter()
        .any(|end| directory.join(format!("{name}{end}")).symlink_metadata().is_ok_and(|metadata| metadata.is_file()))
}

/// The first of a directory's entries that is asked for.
fn some_entry(directory: &Path, mut is_it: impl FnMut(&DirEntry) -> bool) -> Option<DirEntry> {
    let entries = std::fs::read_dir(directory).ok()?.take(MOST_ENTRIES);
    entries.filter_map(Result::ok).find(|entry| is_it(entry))
}

/// Whether it is a file of dbox, by its name and by how it starts.
fn is_dbox_file(entry: &DirEntry, prefix: &str) -> bool {
    number(entry.file_name().as_bytes(), prefix).is_some()
        && entry.file_type().is_ok_and(|kind| kind.is_file())
        && starts_as_dbox(entry)
}

fn starts_as_dbox(entry: &DirEntry) -> bool {
    let path = entry.path();
    let (Some(parent), Some(name)) = (path.parent(), path.file_name().and_then(OsStr::to_str)) else { return false };
    let directory = Directory { root: 0, relative: Path::new(""), path: parent };
    let opened = directory.open(name).ok().flatten();
    opened.is_some_and(|(file, facts)| Walk::new(file, facts.size).header().is_ok())
}

/// The number of a file that is named so, `m.12` or `u.12`.
pub fn number(name: &[u8], prefix: &str) -> Option<u32> {
    let digits = name.strip_prefix(prefix.as_bytes())?;
    let digits = std::str::from_utf8(digits).ok().filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))?;
    digits.parse().ok()
}

/// What a directory is in the tree of folders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InTree {
    /// It holds what a folder keeps, its index or its mail.
    Folder(Named),
    /// It holds the former, and maybe folders below this one.
    Above(Named),
    /// It is no folder: one that was removed, one that only holds others, or a directory of another kind.
    None,
}

/// A folder by its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// As a person reads it.
    pub name: String,
    /// Where it lies in the mailbox.
    pub path: PathBuf,
}

/// Finds out what a directory is in the tree of folders.
pub fn in_tree(directory: &Directory) -> InTree {
    let mut parts = directory.relative.iter();
    if parts.next().is_none_or(|first| first != FOLDERS) {
        return InTree::None;
    }
    let levels: Vec<&[u8]> = parts.map(OsStrExt::as_bytes).collect();
    let named = |levels: &[&[u8]], path: &Path| Named {
        name: levels.iter().map(|level| level_name(level)).collect::<Vec<_>>().join("/"),
        path: path.to_owned(),
    };
    let mails = MAILS.as_bytes();
    match levels.as_slice() {
        [] => InTree::None,
        [above @ .., last] if *last == mails && !above.is_empty() && !above.contains(&mails) => {
            InTree::Folder(named(above, directory.relative))
        }
        levels if levels.contains(&mails) => InTree::None,
        levels if directory.path.join(MAILS).symlink_metadata().is_ok_and(|metadata| metadata.is_dir()) => {
            InTree::Above(named(levels, &directory.relative.join(MAILS)))
        }
        levels if has_index(directory.path, INDEX) || holds_message(directory.path) => {
            InTree::Folder(named(levels, directory.relative))
        }
        _ => InTree::None,
    }
}

fn holds_message(directory: &Path) -> bool {
    some_entry(directory, |entry| is_dbox_file(entry, "u.")).is_some()
}

/// The place of a root of a mailbox: of the mailbox itself, or of what was joined to it.
pub fn root_place(directory: &Directory, sink: &mut dyn Sink) -> Place {
    let is_indexes = directory.root > 0 && has_index(directory.path, "dovecot.list.index");
    Place { folder: inbox(sink), class: if is_indexes { Class::Index } else { Class::Message }, role: 0 }
}

/// The name of a folder, as Dovecot writes it down.
pub fn folder_name(name: &[u8]) -> String {
    name.split(|&byte| byte == b'/').map(level_name).collect::<Vec<_>>().join("/")
}

/// The inbox, to which everything is charged that serves the whole mailbox.
pub fn inbox(sink: &mut dyn Sink) -> FolderId {
    sink.folder("INBOX", &Path::new(FOLDERS).join("INBOX").join(MAILS))
}

/// The folder of that name, of which the place is not known.
pub fn folder_by_name(name: &str, sink: &mut dyn Sink) -> FolderId {
    sink.folder(name, &Path::new(FOLDERS).join(name).join(MAILS))
}

/// Reads an index with its logs, if there is one, and tells what is wrong with it.
pub fn read_index(directory: &Directory, name: &str, wanted: &[&str], sink: &mut dyn Sink) -> Option<Index> {
    // The file is read last: it may be written anew meanwhile, and then holds what the logs say.
    let read = |end| read_whole(directory, &format!("{name}{end}"));
    let parts = [".log", ".log.2", ""].map(read);
    let is_at_work = parts[0].as_ref().is_ok_and(|log| log.as_ref().is_some_and(|(_, facts)| is_fresh(facts)));
    let mut is_complete = true;
    let [log, old, base] = parts.map(|part| {
        let part = part.map(|read| read.map(|(bytes, _)| bytes));
        part.unwrap_or_else(|(path, error)| {
            is_complete = false;
            tell_error(&path, &error, sink);
            None
        })
    });
    if base.is_none() && log.is_none() && is_complete {
        return None;
    }
    let logs: Vec<&[u8]> = [&old, &log].into_iter().flatten().map(Vec::as_slice).collect();
    let mut index = Index::read(base.as_deref(), &logs, wanted);
    if let Some(cut) = index.cut().filter(|_| !is_at_work) {
        index.damage(Damage::Cut(cut));
    }
    for damage in index.damages() {
        let kind = match damage {
            Damage::Version(_) | Damage::LogVersion(_) => ProblemKind::UnknownVersion,
            _ => ProblemKind::Damaged,
        };
        let end = if damage.is_of_log() { ".log" } else { "" };
        sink.problem(&directory.path.join(format!("{name}{end}")), kind, &damage.to_string());
    }
    Some(index)
}

/// Whether a file was written to a moment ago, so that its writer may still be at it.
fn is_fresh(facts: &Facts) -> bool {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(i64::MAX, |now| now.as_secs().cast_signed());
    now.saturating_sub(facts.modified) < SECONDS_AT_WORK
}

/// A file's content, and what the disk told of it.
type Whole = (Vec<u8>, Facts);

fn read_whole(directory: &Directory, name: &str) -> Result<Option<Whole>, (PathBuf, io::Error)> {
    let read = || {
        let Some((file, facts)) = directory.open(name)? else { return Ok(None) };
        if facts.size > LARGEST_INDEX {
            return Err(io::Error::other("it is far too large for an index, and was not read"));
        }
        let mut bytes = Vec::new();
        file.take(LARGEST_INDEX).read_to_end(&mut bytes)?;
        Ok(Some((bytes, facts)))
    };
    match read() {
        // It was renamed while it was opened.
        Err(error) if error.kind() == io::ErrorKind::NotFound => read(),
        other => other,
    }
    .map_err(|error| (directory.path.join(name), error))
}

/// Tells that something could not be read, unless it is merely gone.
pub fn tell_error(path: &Path, error: &io::Error, sink: &mut dyn Sink) {
    let kind = match error.kind() {
        io::ErrorKind::NotFound => return,
        io::ErrorKind::PermissionDenied => ProblemKind::PermissionDenied,
        _ => ProblemKind::ReadError,
    };
    sink.problem(path, kind, &error.to_string());
}

/// Tells that a file of mail is damaged.
pub fn tell_damage(path: &Path, damage: &dbox::Damage, sink: &mut dyn Sink) {
    let kind = match damage.kind {
        dbox::Kind::Version(_) => ProblemKind::UnknownVersion,
        dbox::Kind::Unreadable(_) => ProblemKind::ReadError,
        _ => ProblemKind::Damaged,
    };
    sink.problem(path, kind, &damage.to_string());
}

#[cfg(test)]
pub(super) mod tests {
    use std::collections::BTreeMap;
    use std::fs;
    use std::os::fd::AsFd;

    use rustix::fs::{AtFlags, statat};

    use super::*;
    use crate::store::owner::Owner;
    use crate::store::reader::{Entry, Facts, Message, Reader};

    /// What a reader told.
    #[derive(Debug, Default)]
    pub struct Told {
        pub folders: Vec<(String, PathBuf)>,
        pub messages: Vec<(String, Message)>,
        pub reclaimable: u64,
        /// Files by class; of a file of mail also what of it can be reclaimed.
        pub files: BTreeMap<Class, usize>,
        pub split: Vec<u64>,
        pub problems: Vec<ProblemKind>,
    }

    impl Sink for Told {
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

        fn file(&mut self, _: FolderId, class: Class, _: &Facts) {
            *self.files.entry(class).or_default() += 1;
        }

        fn mail_file(&mut self, folder: FolderId, reclaimable: u64, facts: &Facts) {
            self.split.push(reclaimable);
            self.file(folder, Class::Message, facts);
        }

        fn owner(&mut self, _: Owner) {}

        fn problem(&mut self, _: &Path, kind: ProblemKind, _: &str) {
            self.problems.push(kind);
        }
    }

    impl Told {
        /// The folder, what is wanted of the message, and whether it is marked as deleted; sorted.
        pub fn messages<T: Ord>(&self, wanted: impl Fn(&Message) -> T) -> Vec<(&str, T, bool)> {
            let mut all: Vec<_> =
                self.messages.iter().map(|(folder, m)| (folder.as_str(), wanted(m), m.is_deleted)).collect();
            all.sort();
            all
        }
    }

    /// Walks as the scan does.
    pub fn read(mut reader: impl Reader, roots: &[&Path]) -> Told {
        let mut told = Told::default();
        for (root, path) in roots.iter().enumerate() {
            walk(&mut reader, &Directory { root, relative: Path::new(""), path }, None, &mut told);
        }
        reader.finish(&mut told);
        told
    }

    fn walk(reader: &mut impl Reader, directory: &Directory, parent: Option<Place>, told: &mut Told) {
        let place = reader.enter(directory, parent, told);
        let open = fs::File::open(directory.path).unwrap();
        let mut names: Vec<_> = fs::read_dir(directory.path).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort_by(|a, b| b.cmp(a));
        for name in names {
            let path = directory.path.join(&name);
            let relative = directory.relative.join(&name);
            if path.is_dir() && !path.is_symlink() {
                walk(reader, &Directory { relative: &relative, path: &path, ..*directory }, Some(place), told);
                continue;
            }
            let facts = Facts::from(&statat(&open, &name, AtFlags::SYMLINK_NOFOLLOW).unwrap());
            let entry = Entry { directory: directory.path, fd: open.as_fd(), name: name.as_bytes(), facts };
            reader.file(place, &entry, told);
        }
    }

    /// Writes a file, and makes the directories above it.
    pub fn write(root: &Path, path: &str, content: &[u8]) {
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
    fn mailboxes_and_their_parts() {
        const IN: &str = "mailboxes/INBOX/dbox-Mails/u.1";
        const INDEXED: &str = "mailboxes/A/B/dbox-Mails/dovecot.index.log";
        const BARE: &str = "mailboxes/INBOX/dovecot.index.log";
        const MAP: &str = "storage/dovecot.map.index.log";
        let multi = |piece| Some((Kind::Multi, piece));
        let single = |piece| Some((Kind::Single, piece));
        for (paths, expected) in [
            (&[IN, INDEXED, "dovecot-uidvalidity"][..], single(Piece::Home)),
            (&[INDEXED, "dovecot-uidvalidity"], single(Piece::Home)),
            (&[IN], single(Piece::Mail)),
            (&[IN, "subscriptions"], single(Piece::Home)),
            (&[IN, "dbox-alt-root"], single(Piece::Home)),
            (&[BARE], single(Piece::Indexes)),
            (&[BARE, "mailboxes/0123/u.7"], single(Piece::Home)),
            (&["storage/m.1", MAP, INDEXED], multi(Piece::Home)),
            (&[MAP, INDEXED, "dovecot-uidvalidity"], multi(Piece::Home)),
            (&["storage/m.1", "mailboxes/INBOX/dbox-Mails"], multi(Piece::Home)),
            (&["storage/m.12"], multi(Piece::Mail)),
            (&[MAP, BARE, "dovecot-uidvalidity"], multi(Piece::Indexes)),
            (&[MAP, INDEXED], multi(Piece::Indexes)),
            (&["storage/m.x", "mailboxes/empty"], None),
            (&["mailboxes/letter", "mailboxes/u.1x"], None),
            (&["storage/u.1"], None),
            (&["other/m.1"], None),
        ] {
            let root = tree(paths);
            assert_eq!(recognise(&Listing::read(root.path()).unwrap()), expected, "{paths:?}");
        }
        let root = tree(&[]);
        fs::create_dir(root.path().join("storage")).unwrap();
        fs::write(root.path().join("storage/m.1"), b"From a").unwrap();
        assert_eq!(recognise(&Listing::read(root.path()).unwrap()), None);
    }

    #[test]
    fn folders_by_their_directories() {
        let root = tree(&[
            "mailboxes/Entw&APw-rfe/dbox-Mails",
            "mailboxes/A/B.C/dbox-Mails/fts-flatcurve/empty",
            "mailboxes/R&D/dovecot.index.log",
            "mailboxes/0123/u.1",
            "storage/m.1",
        ]);
        let of = |relative: &str| {
            let path = root.path().join(relative);
            in_tree(&Directory { root: 0, relative: Path::new(relative), path: &path })
        };
        let named = |name: &str, path: &str| Named { name: name.to_owned(), path: path.into() };
        let folder = "mailboxes/Entw&APw-rfe/dbox-Mails";
        assert_eq!(of(folder), InTree::Folder(named("Entwürfe", folder)));
        assert_eq!(of("mailboxes/Entw&APw-rfe"), InTree::Above(named("Entwürfe", folder)));
        assert_eq!(of("mailboxes/A/B.C"), InTree::Above(named("A/B.C", "mailboxes/A/B.C/dbox-Mails")));
        assert_eq!(of("mailboxes/R&D"), InTree::Folder(named("R&D", "mailboxes/R&D")));
        assert_eq!(of("mailboxes/0123"), InTree::Folder(named("0123", "mailboxes/0123")));
        for relative in ["", "mailboxes", "mailboxes/A", "mailboxes/A/B.C/dbox-Mails/fts-flatcurve", "storage"] {
            assert_eq!(of(relative), InTree::None, "{relative}");
        }
    }

    #[test]
    fn numbers_of_files() {
        assert_eq!((number(b"m.12", "m."), number(b"m.", "m."), number(b"m.1.broken", "m.")), (Some(12), None, None));
        assert_eq!((number(b"u.+1", "u."), number(b"u.99999999999", "u.")), (None, None));
    }
}
