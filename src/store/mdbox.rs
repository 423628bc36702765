//! mdbox: the mail of all folders together in `storage/m.<number>`, many messages per file.
//!
//! A folder's index (`mailboxes/<folder>/dbox-Mails/dovecot.index*`) gives each message a map number; the map
//! (`storage/dovecot.map.index*`) gives the file, the offset and the number of folders that refer to it. Unreferenced
//! mail stays until `doveadm purge`. Each message also names the folder it was first saved to, which approximates the
//! folders when indexes are missing or damaged. See [`super::dbox`] and [`super::dovecot`].

mod stored_mail;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::{Path, PathBuf};

use super::dbox::{self, FolderDirectory};
use super::dovecot::dbox_file::{DboxDamage, DboxDamageKind, DboxMessages};
use super::dovecot::index::FLAG_DELETED;
use super::dovecot::map::{self, FolderMessage, MailMap, OF_FOLDER, OF_MAP};
use super::names::{class_in, common_class, directory_class};
use super::reader::{FileEntry, FileStat, FolderId, MailboxDirectory, Message, Place, Reader, Role, Sink, open_file};
use crate::model::{class::Class, snapshot::ProblemKind};
use stored_mail::StoredMails;

/// Limit of files that appeared during the scan.
const MOST_LATE_FILES: usize = 1000;

#[derive(Debug, Default)]
pub(super) struct MdboxReader {
    /// The files of mail by number.
    files: Vec<(u32, FileStat)>,
    mails: StoredMails,
    /// The messages that folders show.
    shown: Vec<(FolderId, FolderMessage)>,
    /// Folders with an index, and whether it is undamaged.
    indexed: BTreeMap<FolderId, bool>,
    /// The uid validity of the map that a folder's index refers to.
    validities: Vec<(FolderId, u32)>,
    storages: Vec<PathBuf>,
    has_alternative: bool,
    damages: Vec<(u32, PathBuf, DboxDamage)>,
    /// Each must have an index in some part.
    folders: Vec<(FolderId, PathBuf)>,
}

impl Reader for MdboxReader {
    fn enter(&mut self, directory: &MailboxDirectory, parent: Option<Place>, sink: &mut dyn Sink) -> Place {
        let name = directory.name();
        let Some(parent) = parent else { return dbox::root_place(directory, sink) };
        if directory.relative == Path::new(dbox::STORAGE) {
            self.storages.push(directory.path.to_owned());
            return Place { class: Class::Message, role: Role::Mail, ..parent };
        }
        match dbox::folder_directory(directory, sink) {
            FolderDirectory::Folder(folder) => {
                self.read_folder(folder, directory.path, sink);
                Place { folder, class: Class::Index, role: Role::Folder }
            }
            FolderDirectory::Above(folder) => Place { folder, class: Class::Index, role: Role::Other },
            FolderDirectory::None if directory.relative == Path::new(dbox::FOLDERS) => {
                Place { class: Class::Index, role: Role::Other, ..parent }
            }
            FolderDirectory::None => Place { class: directory_class(parent.class, name), role: Role::Other, ..parent },
        }
    }

    fn file(&mut self, place: Place, entry: &FileEntry, sink: &mut dyn Sink) {
        self.has_alternative |= entry.name == dbox::ALTERNATIVE.as_bytes() && entry.facts.is_symlink;
        let number =
            dbox::file_number(entry.name, "m.").filter(|_| place.role == Role::Mail && !entry.facts.is_symlink);
        let Some(number) = number else {
            let class = match place.role {
                Role::Folder => common_class(entry.name).unwrap_or(Class::Other),
                _ => class_in(place.class, entry.name),
            };
            return sink.file(place.folder, class, &entry.facts);
        };
        if !entry.facts.is_regular {
            return sink.special_file(place.folder, entry, "not a mail file: a pipe, socket or device");
        }
        self.files.push((number, entry.facts));
        match entry.open() {
            Ok(file) => {
                let damage = self.mails.read(number, DboxMessages::new(file, entry.facts.size), &entry.facts).err();
                self.damages.extend(damage.map(|damage| (number, entry.path(), damage)));
            }
            Err(error) => sink.read_error(&entry.path(), &error),
        }
    }

    fn finish(&mut self, sink: &mut dyn Sink) {
        let map = self.read_map(sink);
        self.mails.sort();
        let is_whole = self.check_folders(map.as_ref(), sink);
        if let Some(map) = &map {
            self.show(map, sink);
        }
        self.report_damages(map.as_ref(), sink);
        self.count_unindexed(map.as_ref(), is_whole, sink);
        self.charge(sink);
    }
}

impl MdboxReader {
    fn read_folder(&mut self, folder: FolderId, directory: &Path, sink: &mut dyn Sink) {
        self.folders.push((folder, directory.to_owned()));
        let Some(index) = dbox::read_index(directory, dbox::INDEX, OF_FOLDER, sink) else { return };
        self.indexed.insert(folder, index.damages.is_empty());
        if index.is_deleted {
            return;
        }
        let (shown, validity) = map::folder_messages(&index);
        self.shown.extend(shown.into_iter().map(|mail| (folder, mail)));
        self.validities.extend(validity.map(|validity| (folder, validity)));
    }

    /// Reads the map last, so that it covers new mail.
    fn read_map(&self, sink: &mut dyn Sink) -> Option<MailMap> {
        let indexes = self.storages.iter().filter_map(|path| dbox::read_index(path, dbox::MAP, OF_MAP, sink));
        let maps = indexes.map(|index| MailMap::from_index(&index));
        let map = maps.max_by_key(|map| (map.damages.is_empty(), map.iter().count()));
        if let (None, Some(path), false) = (&map, self.storages.first(), self.mails.list.is_empty()) {
            let detail = "there is no map: the folders of the messages are approximate";
            sink.problem(&path.join(dbox::MAP), ProblemKind::Damaged, detail);
        }
        map
    }

    fn check_folders(&mut self, map: Option<&MailMap>, sink: &mut dyn Sink) -> bool {
        for (folder, path) in &self.folders {
            if !self.indexed.contains_key(folder) && map.is_some() {
                self.indexed.insert(*folder, false);
                let detail = "the folder has no index: its messages are approximate";
                sink.problem(&path.join(dbox::INDEX), ProblemKind::Damaged, detail);
            }
        }
        for (folder, validity) in &self.validities {
            if map.is_some_and(|map| map.uid_validity != 0 && map.uid_validity != *validity) {
                self.indexed.insert(*folder, false);
                let path = self.folders.iter().find(|(id, _)| id == folder).map(|(_, path)| path.join(dbox::INDEX));
                let detail = "the folder's index is for another map: its messages are approximate";
                sink.problem(&path.unwrap_or_default(), ProblemKind::Damaged, detail);
                self.shown.retain(|(shown, _)| shown != folder);
            }
        }
        map.is_some_and(|map| map.damages.is_empty()) && self.indexed.values().all(|is_whole| *is_whole)
    }

    fn show(&mut self, map: &MailMap, sink: &mut dyn Sink) {
        self.read_late_files(map);
        for (_, mail) in map.iter() {
            if let Some(found) = self.mails.find(mail.file, mail.offset) {
                let references = found.references.unwrap_or_default();
                found.references = Some(references.max(mail.references));
            }
        }
        let mut lost = 0u64;
        for (folder, mail) in &self.shown {
            let found = map.get(mail.number).and_then(|place| self.mails.find(place.file, place.offset));
            let Some(found) = found else {
                lost += 1;
                continue;
            };
            found.is_shown = true;
            let saved = mail.saved.map(i64::from);
            sink.message(*folder, &Message { saved, is_deleted: mail.flags & FLAG_DELETED != 0, ..found.message() });
        }
        // The symbolic link already reports alternative storage outside the store.
        let is_storage_missing = self.has_alternative && self.storages.len() < 2;
        if lost > 0 && !is_storage_missing {
            let path = self.storages.first().map(|path| path.join(dbox::MAP)).unwrap_or_default();
            let detail = format!("{lost} messages that folders show are in none of the mail files that could be read");
            sink.problem(&path, ProblemKind::Damaged, &detail);
        }
    }

    /// Reads files that appeared or grew after the first pass: a purge moves mail, and new mail arrives.
    fn read_late_files(&mut self, map: &MailMap) {
        let places = self.shown.iter().filter_map(|(_, mail)| map.get(mail.number));
        let missing = places.filter(|place| self.mails.position(place.file, place.offset).is_err());
        let missing: BTreeSet<u32> = missing.map(|place| place.file).collect();
        let is_known = |facts: &FileStat| {
            self.files.iter().any(|(_, known)| known.inode == facts.inode && known.size == facts.size)
        };
        let mut late = BTreeMap::new();
        for number in missing.into_iter().take(MOST_LATE_FILES) {
            for storage in &self.storages {
                let path = storage.join(format!("m.{number}"));
                let opened = open_file(&path).ok().flatten().filter(|(_, facts)| !is_known(facts));
                late.extend(opened.map(|(file, facts)| (number, (path, file, facts))));
            }
        }
        if late.is_empty() {
            return;
        }
        self.mails.list.retain(|mail| !late.contains_key(&mail.file));
        self.damages.retain(|(number, _, _)| !late.contains_key(number));
        for (number, (path, file, facts)) in late {
            let damage = self.mails.read(number, DboxMessages::new(file, facts.size), &facts).err();
            self.damages.extend(damage.map(|damage| (number, path, damage)));
        }
        self.mails.sort();
    }

    /// Reports damaged files. Damage behind the last message in the map is not reported: it is being written or
    /// was abandoned, and the server ignores it.
    fn report_damages(&mut self, map: Option<&MailMap>, sink: &mut dyn Sink) {
        let damages = std::mem::take(&mut self.damages);
        let damaged: HashSet<u32> = damages.iter().map(|(number, _, _)| *number).collect();
        let mut last: HashMap<u32, u32> = HashMap::new();
        for (_, mail) in map.into_iter().flat_map(MailMap::iter).filter(|(_, mail)| damaged.contains(&mail.file)) {
            let offset = last.entry(mail.file).or_default();
            *offset = mail.offset.max(*offset);
        }
        let is_map_whole = map.is_some_and(|map| map.damages.is_empty());
        for (number, path, damage) in damages {
            let is_known = last.get(&number).is_some_and(|offset| u64::from(*offset) >= damage.offset);
            if damage.offset == 0 || is_known || !is_map_whole || matches!(damage.kind, DboxDamageKind::Unreadable(_)) {
                dbox::report_damage(&path, &damage, sink);
            }
        }
    }

    /// Reports mail that no index shows although a folder may: in its folder of first saving, or in the only
    /// folder without a usable index.
    fn count_unindexed(&mut self, map: Option<&MailMap>, is_whole: bool, sink: &mut dyn Sink) {
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
                (_, Some(name)) => dbox::folder_named(name, sink),
                (_, None) => dbox::inbox(sink),
            };
            // A folder with a good index would have shown it.
            let folder = silent.first().filter(|_| silent.binary_search(&folder).is_err()).copied().unwrap_or(folder);
            sink.message(folder, &mail.message());
            mail.is_shown = true;
            guessed += 1;
        }
        if guessed > 0 {
            let path = self.storages.first().cloned().unwrap_or_default();
            let detail = format!(
                "approximate: {guessed} messages are counted in the folders to which they were first saved, as the indexes \
                 do not show where they are now; messages that wait for a purge may be among them"
            );
            sink.problem(&path, ProblemKind::Damaged, &detail);
        }
    }

    fn charge(&mut self, sink: &mut dyn Sink) {
        let dead = self.mails.dead();
        let inbox = dbox::inbox(sink);
        let mut charged = HashSet::new();
        for (number, facts) in std::mem::take(&mut self.files) {
            // Numbers are unique; a second file with the same number has the same mail.
            let bytes = if charged.insert(number) { dead.get(&number).copied().unwrap_or_default() } else { 0 };
            let bytes = bytes.min(facts.size);
            if bytes > 0 {
                sink.reclaimable(inbox, bytes);
            }
            sink.mail_file(inbox, bytes, &facts);
        }
    }
}

#[cfg(test)]
mod tests;
