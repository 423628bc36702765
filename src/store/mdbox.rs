//! mdbox: the mail of all folders together in `storage/m.<number>`, many messages a file.
//!
//! A folder's index (`mailboxes/<folder>/dbox-Mails/dovecot.index*`) gives for each of its messages a number, and the map
//! (`storage/dovecot.map.index*`) says for that number where the mail lies, and how many folders show it. Mail that none
//! shows stays until `doveadm purge`. Each message also names the folder to which it was first saved, from which the
//! folders are told, approximately, where indexes are missing or damaged. See [`super::dbox`] and [`super::dovecot`].

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use super::class::Class;
use super::dbox::{self, InTree};
use super::dovecot::dbox::{Damage, Kind, Record, Walk};
use super::dovecot::index::FLAG_DELETED;
use super::dovecot::map::{self, Map, OF_FOLDER, OF_MAP};
use super::names::{class_in, common_class, directory_class};
use super::reader::{Directory, Entry, Facts, FolderId, Message, Place, Reader, Sink};
use crate::snapshot::ProblemKind;

/// What a directory of the mailbox is, as [`Place::role`].
mod role {
    pub const OTHER: u32 = 0;
    pub const STORAGE: u32 = 1;
    pub const FOLDER: u32 = 2;
}

/// So many files are looked for that came while the others were read.
const MOST_LATE_FILES: usize = 1000;

/// Reads an mdbox mailbox with its alternative storage and its indexes.
#[derive(Debug, Default)]
pub struct MdboxReader {
    files: Vec<MailFile>,
    mails: Mails,
    shown: Vec<Shown>,
    /// Folders whose index could be read, and whether it is what the server sees.
    indexed: BTreeMap<FolderId, bool>,
    /// For which map a folder's index is, if it tells.
    validities: Vec<(FolderId, u32)>,
    storages: Vec<(usize, PathBuf, PathBuf)>,
    /// Whether a link leads to alternative storage.
    has_alternative: bool,
    /// What is wrong with files of mail.
    damages: Vec<(u32, PathBuf, Damage)>,
    /// Directories of folders, of which each has to have an index somewhere.
    folders: Vec<(FolderId, PathBuf)>,
}

#[derive(Debug)]
struct MailFile {
    number: u32,
    facts: Facts,
}

/// A message that a folder shows.
#[derive(Clone, Copy, Debug)]
struct Shown {
    folder: FolderId,
    mail: map::Shown,
}

/// All messages in all files.
#[derive(Debug, Default)]
struct Mails {
    /// Sorted by file and offset once all files were read.
    list: Vec<Mail>,
    /// The folders to which they were first saved.
    origins: Vec<String>,
    by_origin: HashMap<Vec<u8>, u32>,
}

/// A message in a file. There may be millions of them.
#[derive(Clone, Copy, Debug)]
struct Mail {
    file: u32,
    /// The folder to which it was first saved.
    origin: Option<u32>,
    offset: u64,
    length: u64,
    physical: u64,
    virtual_size: Option<u64>,
    arrival: i64,
    /// Whether a folder shows it.
    is_shown: bool,
    /// How many folders show it by the map, if the map knows it.
    references: Option<u16>,
}

impl Reader for MdboxReader {
    fn enter(&mut self, directory: &Directory, parent: Option<Place>, sink: &mut dyn Sink) -> Place {
        let name = directory.relative.file_name().map_or(&b""[..], |name| name.as_bytes());
        let Some(parent) = parent else { return dbox::root_place(directory, sink) };
        if directory.relative == Path::new(dbox::STORAGE) {
            self.storages.push((directory.root, directory.relative.to_owned(), directory.path.to_owned()));
            return Place { class: Class::Message, role: role::STORAGE, ..parent };
        }
        match dbox::in_tree(directory) {
            InTree::Folder(named) => {
                let folder = sink.folder(&named.name, &named.path);
                self.read_folder(folder, directory, sink);
                Place { folder, class: Class::Index, role: role::FOLDER }
            }
            InTree::Above(named) => {
                let folder = sink.folder(&named.name, &named.path);
                Place { folder, class: Class::Index, role: role::OTHER }
            }
            InTree::None if directory.relative == Path::new(dbox::FOLDERS) => {
                Place { class: Class::Index, role: role::OTHER, ..parent }
            }
            InTree::None => Place { class: directory_class(parent.class, name), role: role::OTHER, ..parent },
        }
    }

    fn file(&mut self, place: Place, entry: &Entry, sink: &mut dyn Sink) {
        self.has_alternative |= entry.name == dbox::ALTERNATIVE.as_bytes() && entry.facts.is_symlink;
        let number = dbox::number(entry.name, "m.").filter(|_| place.role == role::STORAGE && !entry.facts.is_symlink);
        let Some(number) = number else {
            let class = match place.role {
                role::FOLDER => common_class(entry.name).unwrap_or(Class::Other),
                _ => class_in(place.class, entry.name),
            };
            return sink.file(place.folder, class, &entry.facts);
        };
        if !entry.facts.is_regular {
            sink.problem(&entry.path(), ProblemKind::SpecialFile, "no mail, but a pipe, socket or device");
            return sink.file(place.folder, Class::Other, &entry.facts);
        }
        self.files.push(MailFile { number, facts: entry.facts });
        match entry.open() {
            Ok(file) => {
                let damage = self.mails.read(number, Walk::new(file, entry.facts.size), &entry.facts).err();
                self.damages.extend(damage.map(|damage| (number, entry.path(), damage)));
            }
            Err(error) => dbox::tell_error(&entry.path(), &error, sink),
        }
    }

    fn finish(&mut self, sink: &mut dyn Sink) {
        let map = self.read_map(sink);
        self.mails.sort();
        let is_whole = self.check_folders(map.as_ref(), sink);
        if let Some(map) = &map {
            self.show(map, sink);
        }
        self.tell_damages(map.as_ref(), sink);
        self.guess(map.as_ref(), is_whole, sink);
        self.charge(sink);
    }
}

impl MdboxReader {
    /// Reads what a folder shows.
    fn read_folder(&mut self, folder: FolderId, directory: &Directory, sink: &mut dyn Sink) {
        self.folders.push((folder, directory.path.to_owned()));
        let Some(index) = dbox::read_index(directory, dbox::INDEX, OF_FOLDER, sink) else { return };
        self.indexed.insert(folder, index.damages().is_empty());
        if index.is_deleted() {
            return;
        }
        let (shown, validity) = map::folder(&index);
        self.shown.extend(shown.into_iter().map(|mail| Shown { folder, mail }));
        self.validities.extend(validity.map(|validity| (folder, validity)));
    }

    /// Reads the map: after all else, so that it knows what came meanwhile.
    fn read_map(&self, sink: &mut dyn Sink) -> Option<Map> {
        let maps = self.storages.iter().filter_map(|(root, relative, path)| {
            let directory = Directory { root: *root, relative, path };
            Some(Map::of(&dbox::read_index(&directory, dbox::MAP, OF_MAP, sink)?))
        });
        let map = maps.max_by_key(|map| (map.damages.is_empty(), map.iter().count()));
        if let (None, Some((_, _, path)), false) = (&map, self.storages.first(), self.mails.list.is_empty()) {
            let detail = "there is no map: which folder shows which mail is told approximately";
            sink.problem(&path.join(dbox::MAP), ProblemKind::Damaged, detail);
        }
        map
    }

    /// Whether map and folders are all what the server sees.
    fn check_folders(&mut self, map: Option<&Map>, sink: &mut dyn Sink) -> bool {
        let mut is_whole = map.is_some_and(|map| map.damages.is_empty());
        for (folder, path) in &self.folders {
            if !self.indexed.contains_key(folder) && map.is_some() {
                self.indexed.insert(*folder, false);
                let detail = "the folder has no index: its messages are told approximately";
                sink.problem(&path.join(dbox::INDEX), ProblemKind::Damaged, detail);
            }
        }
        for (folder, validity) in &self.validities {
            if map.is_some_and(|map| map.uid_validity != 0 && map.uid_validity != *validity) {
                self.indexed.insert(*folder, false);
                let path = self.folders.iter().find(|(id, _)| id == folder).map(|(_, path)| path.join(dbox::INDEX));
                let detail = "the folder's index is for another map: its messages are told approximately";
                sink.problem(&path.unwrap_or_default(), ProblemKind::Damaged, detail);
                self.shown.retain(|shown| shown.folder != *folder);
            }
        }
        is_whole &= self.indexed.values().all(|is_whole| *is_whole);
        is_whole
    }

    /// Tells the messages that folders show.
    fn show(&mut self, map: &Map, sink: &mut dyn Sink) {
        self.read_late_files(map);
        for (_, mail) in map.iter() {
            if let Some(found) = self.mails.find(mail.file, mail.offset) {
                let references = found.references.unwrap_or_default();
                found.references = Some(references.max(mail.references));
            }
        }
        let mut lost = 0u64;
        for Shown { folder, mail } in &self.shown {
            let found = map.get(mail.number).and_then(|place| self.mails.find(place.file, place.offset));
            let Some(found) = found else {
                lost += 1;
                continue;
            };
            found.is_shown = true;
            let saved = mail.saved.map(i64::from);
            sink.message(*folder, &Message { saved, is_deleted: mail.flags & FLAG_DELETED != 0, ..found.message() });
        }
        // What lies in alternative storage outside of the store is told by its link.
        if lost > 0 && !self.is_storage_missing() {
            let path = self.storages.first().map(|(_, _, path)| path.join(dbox::MAP)).unwrap_or_default();
            let detail = format!("{lost} messages that folders show lie in no file of mail that could be read");
            sink.problem(&path, ProblemKind::Damaged, &detail);
        }
    }

    /// Whether there is alternative storage that was not joined.
    fn is_storage_missing(&self) -> bool {
        self.has_alternative && self.storages.len() < 2
    }

    /// Reads files that came, or were written to, after they were read: a purge moves mail, and new mail arrives.
    fn read_late_files(&mut self, map: &Map) {
        let places = self.shown.iter().filter_map(|shown| map.get(shown.mail.number));
        let missing = places.filter(|place| self.mails.position(place.file, place.offset).is_err());
        let missing: BTreeSet<u32> = missing.map(|place| place.file).collect();
        let is_known = |facts: &Facts| {
            self.files.iter().any(|known| known.facts.inode == facts.inode && known.facts.size == facts.size)
        };
        let mut late = BTreeMap::new();
        for number in missing.into_iter().take(MOST_LATE_FILES) {
            let name = format!("m.{number}");
            for (root, relative, path) in &self.storages {
                let directory = Directory { root: *root, relative, path };
                let opened = directory.open(&name).ok().flatten().filter(|(_, facts)| !is_known(facts));
                late.extend(opened.map(|(file, facts)| (number, (path.join(&name), file, facts))));
            }
        }
        if late.is_empty() {
            return;
        }
        self.mails.list.retain(|mail| !late.contains_key(&mail.file));
        self.damages.retain(|(number, _, _)| !late.contains_key(number));
        for (number, (path, file, facts)) in late {
            let damage = self.mails.read(number, Walk::new(file, facts.size), &facts).err();
            self.damages.extend(damage.map(|damage| (number, path, damage)));
        }
        self.mails.sort();
    }

    /// Tells what is wrong with files of mail. What stands behind all that the map knows is no damage: it is being written,
    /// or whoever wrote it gave up, and the server does not look at it.
    fn tell_damages(&mut self, map: Option<&Map>, sink: &mut dyn Sink) {
        let damages = std::mem::take(&mut self.damages);
        let damaged: HashSet<u32> = damages.iter().map(|(number, _, _)| *number).collect();
        let mut last: HashMap<u32, u32> = HashMap::new();
        for (_, mail) in map.into_iter().flat_map(Map::iter).filter(|(_, mail)| damaged.contains(&mail.file)) {
            let offset = last.entry(mail.file).or_default();
            *offset = mail.offset.max(*offset);
        }
        let is_map_whole = map.is_some_and(|map| map.damages.is_empty());
        for (number, path, damage) in damages {
            let is_known = last.get(&number).is_some_and(|offset| u64::from(*offset) >= damage.offset);
            if damage.offset == 0 || is_known || !is_map_whole || matches!(damage.kind, Kind::Unreadable(_)) {
                dbox::tell_damage(&path, &damage, sink);
            }
        }
    }

    /// Tells messages that no folder shows, though some may: by the folders to which they were first saved, or in the
    /// folder that does not tell what it shows.
    fn guess(&mut self, map: Option<&Map>, is_whole: bool, sink: &mut dyn Sink) {
        if is_whole {
            return;
        }
        let is_map_whole = map.is_some_and(|map| map.damages.is_empty());
        let silent = self.indexed.iter().filter(|(_, is_whole)| !**is_whole && is_map_whole);
        let silent: Vec<FolderId> = silent.map(|(folder, _)| *folder).collect();
        let mut guessed = 0u64;
        for mail in &mut self.mails.list {
            let may_be_shown = mail.references.map_or(!is_map_whole, |references| references > 0);
            if mail.is_shown || !may_be_shown {
                continue;
            }
            let origin = mail.origin.and_then(|origin| self.mails.origins.get(origin as usize));
            let folder = match (silent.as_slice(), origin) {
                ([only], _) => *only,
                (_, Some(name)) => dbox::folder_by_name(name, sink),
                (_, None) => dbox::inbox(sink),
            };
            // A folder that tells what it shows would have told it.
            let folder = silent.first().filter(|_| !silent.contains(&folder)).copied().unwrap_or(folder);
            sink.message(folder, &mail.message());
            mail.is_shown = true;
            guessed += 1;
        }
        if guessed > 0 {
            let path = self.storages.first().map(|(_, _, path)| path.clone()).unwrap_or_default();
            let detail = format!(
                "approximate: {guessed} messages are counted in the folders to which they were first saved, as the indexes \
                 do not tell where they are now; those that wait for a purge may be among them"
            );
            sink.problem(&path, ProblemKind::Damaged, &detail);
        }
    }

    /// Charges the files, and in them what no folder shows.
    fn charge(&mut self, sink: &mut dyn Sink) {
        let mut dead: HashMap<u32, u64> = HashMap::new();
        for mail in self.mails.list.iter().filter(|mail| !mail.is_shown) {
            let bytes = dead.entry(mail.file).or_default();
            *bytes = bytes.saturating_add(mail.length);
        }
        let inbox = dbox::inbox(sink);
        let mut told = HashSet::new();
        for file in std::mem::take(&mut self.files) {
            // A number is given once; whoever has two files of it has their mail once.
            let bytes = if told.insert(file.number) { dead.get(&file.number).copied().unwrap_or_default() } else { 0 };
            let bytes = bytes.min(file.facts.size);
            if bytes > 0 {
                sink.reclaimable(inbox, bytes);
            }
            sink.mail_file(inbox, bytes, &file.facts);
        }
    }
}

impl Mail {
    fn message(&self) -> Message {
        Message {
            bytes: self.length,
            logical: self.physical,
            virtual_size: self.virtual_size,
            arrival: self.arrival,
            ..Message::default()
        }
    }

    fn place(&self) -> (u32, u64) {
        (self.file, self.offset)
    }
}

impl Mails {
    /// Takes in all messages of a file up to the first damage.
    fn read(
        &mut self,
        file: u32,
        mut walk: impl Iterator<Item = Result<Record, Damage>>,
        facts: &Facts,
    ) -> Result<(), Damage> {
        walk.try_for_each(|record| {
            let record = record?;
            let origin = record.mailbox.and_then(|name| self.origin(name));
            self.list.push(Mail {
                file,
                origin,
                offset: record.offset,
                length: record.length,
                physical: record.physical,
                virtual_size: record.virtual_size,
                arrival: record.received.unwrap_or(facts.modified),
                is_shown: false,
                references: None,
            });
            Ok(())
        })
    }

    fn origin(&mut self, name: Vec<u8>) -> Option<u32> {
        if let Some(known) = self.by_origin.get(&name) {
            return Some(*known);
        }
        let origin = u32::try_from(self.origins.len()).ok()?;
        self.origins.push(dbox::folder_name(&name));
        self.by_origin.insert(name, origin);
        Some(origin)
    }

    fn sort(&mut self) {
        self.list.sort_unstable_by_key(Mail::place);
        self.list.dedup_by_key(|mail| mail.place());
    }

    fn position(&self, file: u32, offset: u32) -> Result<usize, usize> {
        self.list.binary_search_by_key(&(file, u64::from(offset)), Mail::place)
    }

    fn find(&mut self, file: u32, offset: u32) -> Option<&mut Mail> {
        let position = self.position(file, offset).ok()?;
        self.list.get_mut(position)
    }
}

#[cfg(test)]
mod tests {
    use super::dbox::tests::{Told, read, write};
    use super::*;
    use crate::store::dovecot::dbox::tests::{START, message};
    use crate::store::dovecot::log::tests::{log, push};

    const MAP: &str = "storage/dovecot.map.index.log";
    const INBOX: &str = "mailboxes/INBOX/dbox-Mails/dovecot.index.log";
    const DRAFTS: &str = "mailboxes/Entw&APw-rfe/dbox-Mails/dovecot.index.log";
    const SAVED: u32 = 1_700_000_000;

    fn words(words: &[u32]) -> Vec<u8> {
        words.iter().flat_map(|word| word.to_le_bytes()).collect()
    }

    fn extension(log: &mut Vec<u8>, header: u32, record: u32, name: &[u8]) {
        let mut body = words(&[u32::MAX, 0, header, record | 2 << 16, (name.len() as u32) << 16]);
        body.extend(name);
        body.resize(body.len().next_multiple_of(4), 0);
        push(log, 0x40, &body);
    }

    /// The index of a folder that shows these messages of the map 99, with these flags.
    fn index(shown: &[(u32, u32)]) -> Vec<u8> {
        let mut log = log(1, 0, 0);
        let uids = || 1..=shown.len() as u32;
        push(&mut log, 2, &uids().zip(shown).flat_map(|(uid, (_, flags))| words(&[uid, *flags])).collect::<Vec<_>>());
        extension(&mut log, 4, 0, b"mdbox-hdr");
        push(&mut log, 0x100, &words(&[4 << 16, 99]));
        extension(&mut log, 0, 8, b"mdbox");
        let cells = uids().zip(shown).flat_map(|(uid, (number, _))| words(&[uid, *number, SAVED + uid]));
        push(&mut log, 0x200, &cells.collect::<Vec<_>>());
        log
    }

    /// The map 99 of messages in the file 1 at these offsets, and by how many folders they are shown.
    fn map(mails: &[(u32, u32)]) -> Vec<u8> {
        let mut log = log(1, 0, 0);
        push(&mut log, 0x20, &words(&[24 | 4 << 16, 99]));
        let numbered = || (1..).zip(mails);
        push(&mut log, 2, &numbered().flat_map(|(number, _)| words(&[number, 0])).collect::<Vec<_>>());
        extension(&mut log, 0, 12, b"map");
        let places = numbered().flat_map(|(number, (offset, _))| words(&[number, 1, *offset, 0]));
        push(&mut log, 0x200, &places.collect::<Vec<_>>());
        extension(&mut log, 0, 2, b"ref");
        push(
            &mut log,
            0x1000,
            &numbered().flat_map(|(number, (_, shown))| words(&[number, *shown])).collect::<Vec<_>>(),
        );
        log
    }

    /// A mailbox in which the inbox shows messages of 1 and 2 bytes, drafts that of 2 as well, and nobody those of 3 and 4,
    /// of which the map knows the former; that of 4 was first saved to the folder of drafts. Gives the lengths.
    fn fill(root: &Path) -> [u64; 4] {
        let kept = |size: usize, origin: &str| message(&vec![b'a'; size], &format!("R{size}\nVf{size}\nB{origin}\n"));
        let mails = [kept(1, "INBOX"), kept(2, "INBOX"), kept(3, "Gone"), kept(4, "Entw&APw-rfe")];
        let lengths = [0, 1, 2, 3].map(|mail: usize| mails[mail].len() as u64);
        let offsets = [0, 1, 2].map(|before| START.len() as u32 + lengths[..before].iter().sum::<u64>() as u32);
        write(root, "storage/m.1", &[START, &mails.concat()].concat());
        write(root, MAP, &map(&[(offsets[0], 1), (offsets[1], 2), (offsets[2], 0)]));
        write(root, INBOX, &index(&[(1, 4), (2, 0)]));
        write(root, DRAFTS, &index(&[(2, 8)]));
        lengths
    }

    fn sizes(told: &Told) -> Vec<(&str, u64, bool)> {
        told.messages(|message| message.logical)
    }

    #[test]
    fn a_folder_shows_what_its_index_says() {
        let root = tempfile::tempdir().unwrap();
        let lengths = fill(root.path());
        write(root.path(), "storage/.temp.1", b"");
        write(root.path(), "mailboxes/INBOX/dbox-Mails/note", b"");
        let told = read(MdboxReader::default(), &[root.path()]);
        assert_eq!(sizes(&told), [("Entwürfe", 2, false), ("INBOX", 1, true), ("INBOX", 2, false)]);
        let (_, first) = told.messages.iter().find(|(_, message)| message.logical == 1).unwrap();
        assert_eq!((first.bytes, first.virtual_size, first.arrival), (lengths[0], Some(0xf1), 1));
        assert_eq!(first.saved, Some(i64::from(SAVED) + 1));
        let dead = lengths[2] + lengths[3];
        assert_eq!((told.reclaimable, told.split, told.problems.len()), (dead, vec![dead], 0));
        let files = [(Class::Message, 1), (Class::Index, 3), (Class::Temporary, 1), (Class::Other, 1)];
        assert_eq!(told.files, files.into());
        let paths = [("INBOX", "mailboxes/INBOX/dbox-Mails"), ("Entwürfe", "mailboxes/Entw&APw-rfe/dbox-Mails")];
        assert_eq!(told.folders, paths.map(|(name, path)| (name.to_owned(), path.into())));
    }

    #[test]
    fn its_parts_may_lie_apart() {
        let (home, old, indexes) =
            (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let whole = tempfile::tempdir().unwrap();
        fill(whole.path());
        let moves = [(old.path(), "storage/m.1", "storage/m.1"), (indexes.path(), MAP, MAP)];
        let bare = ["mailboxes/INBOX/dovecot.index.log", "mailboxes/Entw&APw-rfe/dovecot.index.log"];
        let moves = moves.into_iter().chain([(indexes.path(), INBOX, bare[0]), (indexes.path(), DRAFTS, bare[1])]);
        for (root, from, to) in moves {
            write(root, to, &std::fs::read(whole.path().join(from)).unwrap());
        }
        std::fs::create_dir_all(home.path().join("mailboxes/INBOX/dbox-Mails")).unwrap();
        let told = read(MdboxReader::default(), &[home.path(), old.path(), indexes.path()]);
        assert_eq!(sizes(&told), [("Entwürfe", 2, false), ("INBOX", 1, true), ("INBOX", 2, false)]);
        assert_eq!((told.problems.len(), told.folders.len(), told.split.len()), (0, 2, 1));
    }

    #[test]
    fn without_a_map_mail_is_where_it_was_first_saved() {
        let root = tempfile::tempdir().unwrap();
        fill(root.path());
        std::fs::remove_file(root.path().join(MAP)).unwrap();
        let told = read(MdboxReader::default(), &[root.path()]);
        let guessed = [("Entwürfe", 4, false), ("Gone", 3, false), ("INBOX", 1, false), ("INBOX", 2, false)];
        assert_eq!((sizes(&told), told.reclaimable), (guessed.to_vec(), 0));
        assert_eq!(told.problems, [ProblemKind::Damaged; 2]);
    }

    #[test]
    fn a_folder_without_an_index_has_what_others_do_not_show() {
        let root = tempfile::tempdir().unwrap();
        let lengths = fill(root.path());
        for broken in [None, Some(&b"\x02"[..])] {
            std::fs::remove_file(root.path().join(INBOX)).unwrap();
            if let Some(broken) = broken {
                write(root.path(), INBOX, &[broken, &[0; 39]].concat());
            }
            let told = read(MdboxReader::default(), &[root.path()]);
            assert_eq!(sizes(&told), [("Entwürfe", 2, false), ("INBOX", 1, false)]);
            assert_eq!(told.reclaimable, lengths[2] + lengths[3]);
            let kind = if broken.is_some() { ProblemKind::UnknownVersion } else { ProblemKind::Damaged };
            assert_eq!(told.problems, [kind, ProblemKind::Damaged]);
            write(root.path(), INBOX, b"");
        }
    }

    #[test]
    fn a_folder_of_another_map_is_not_believed() {
        let root = tempfile::tempdir().unwrap();
        fill(root.path());
        let mut other = index(&[(1, 0), (2, 0)]);
        push(&mut other, 0x40, &words(&[0, 0, 4, 0, 0]));
        push(&mut other, 0x100, &words(&[4 << 16, 98]));
        write(root.path(), INBOX, &other);
        let told = read(MdboxReader::default(), &[root.path()]);
        assert_eq!(sizes(&told), [("Entwürfe", 2, false), ("INBOX", 1, false)]);
        assert_eq!(told.problems, [ProblemKind::Damaged; 2]);
    }

    #[test]
    fn mail_behind_damage_is_missed_and_told() {
        let root = tempfile::tempdir().unwrap();
        let lengths = fill(root.path());
        let file = std::fs::read(root.path().join("storage/m.1")).unwrap();
        write(root.path(), "storage/m.1", &file[..START.len() + lengths[0] as usize + 20]);
        let told = read(MdboxReader::default(), &[root.path()]);
        assert_eq!((sizes(&told), told.reclaimable), (vec![("INBOX", 1, true)], 0));
        assert_eq!(told.problems, [ProblemKind::Damaged; 2]);
        // The last message is not in the map yet: its writer is at work.
        write(root.path(), "storage/m.1", &file[..file.len() - 1]);
        let told = read(MdboxReader::default(), &[root.path()]);
        assert_eq!((told.messages.len(), told.reclaimable, told.problems.len()), (3, lengths[2], 0));
    }
}
