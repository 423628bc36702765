//! sdbox: one message per file, `mailboxes/<folder>/dbox-Mails/u.<uid>`, with metadata at its end.
//!
//! The folder's index has the flags. The file's mtime is the time of saving; the arrival is in the metadata. A copy
//! is a hard link. See [`super::dbox`] and [`super::dovecot::dbox_file`].

use std::collections::{BTreeMap, BTreeSet};

use super::dbox::{self, FolderDirectory};
use super::dovecot::dbox_file::DboxMessages;
use super::dovecot::index::FLAG_DELETED;
use super::names::{class_in, directory_class};
use super::reader::{
    FileEntry, FileStat, FolderId, MailboxDirectory, Message, NOT_A_MESSAGE, Place, Reader, Role, Sink,
};
use crate::model::{class::Class, snapshot::ProblemKind};

#[derive(Debug, Default)]
pub(super) struct SdboxReader {
    /// Sorted uids of deleted messages, for each folder with an index.
    deleted: BTreeMap<FolderId, Vec<u32>>,
    /// Counted messages. One that moves to alternative storage is in both for a moment.
    seen: BTreeSet<(FolderId, u32)>,
    /// Messages seen before their folder's index.
    waiting: Vec<Waiting>,
}

#[derive(Clone, Copy, Debug)]
struct Waiting {
    folder: FolderId,
    uid: u32,
    message: Message,
    facts: FileStat,
}

impl Reader for SdboxReader {
    fn enter(&mut self, directory: &MailboxDirectory, parent: Option<Place>, sink: &mut dyn Sink) -> Place {
        let name = directory.name();
        let Some(parent) = parent else { return dbox::root_place(directory, sink) };
        match dbox::folder_directory(directory, sink) {
            FolderDirectory::Folder(folder) => {
                if let Some(index) = dbox::read_index(directory.path, dbox::INDEX, &[], sink) {
                    let deleted = index.rows().filter(|row| row.flags & FLAG_DELETED != 0);
                    self.deleted.insert(folder, deleted.map(|row| row.uid).collect());
                }
                // Outside the mailbox, a directory with the folder's own name is an index tree.
                let is_mail = directory.root == 0 || directory.relative.ends_with("dbox-Mails");
                let class = if is_mail { Class::Message } else { Class::Index };
                Place { folder, class, role: Role::Folder }
            }
            FolderDirectory::Above(folder) => Place { folder, class: parent.class, role: Role::Other },
            FolderDirectory::None if directory.relative.starts_with(dbox::FOLDERS) && parent.role == Role::Other => {
                parent
            }
            FolderDirectory::None => Place { class: directory_class(parent.class, name), role: Role::Other, ..parent },
        }
    }

    fn file(&mut self, place: Place, entry: &FileEntry, sink: &mut dyn Sink) {
        let uid = dbox::file_number(entry.name, "u.").filter(|_| place.role == Role::Folder && !entry.facts.is_symlink);
        let Some(uid) = uid else {
            return sink.file(place.folder, class_in(place.class, entry.name), &entry.facts);
        };
        if !entry.facts.is_regular {
            return sink.special_file(place.folder, entry, NOT_A_MESSAGE);
        }
        if !self.seen.insert((place.folder, uid)) {
            return sink.file(place.folder, Class::Temporary, &entry.facts);
        }
        let message = read(entry, sink);
        let found = Waiting { folder: place.folder, uid, message, facts: entry.facts };
        match self.deleted.get(&place.folder) {
            Some(deleted) => found.report(deleted, sink),
            None => self.waiting.push(found),
        }
    }

    fn finish(&mut self, sink: &mut dyn Sink) {
        for found in std::mem::take(&mut self.waiting) {
            found.report(self.deleted.get(&found.folder).map_or(&[], Vec::as_slice), sink);
        }
    }
}

impl Waiting {
    fn report(mut self, deleted: &[u32], sink: &mut dyn Sink) {
        self.message.is_deleted = deleted.binary_search(&self.uid).is_ok();
        sink.message_file(self.folder, &self.message, &self.facts);
    }
}

/// A damaged file still is a message to the server, with unknown size.
fn read(entry: &FileEntry, sink: &mut dyn Sink) -> Message {
    let FileStat { size, modified, .. } = entry.facts;
    let unread = Message { saved: Some(modified), ..Message::from_stat(&entry.facts) };
    let file = match entry.open() {
        Ok(file) => file,
        Err(error) => {
            sink.read_error(&entry.path(), &error);
            return unread;
        }
    };
    match DboxMessages::new(file, size).next() {
        Some(Ok(record)) => Message {
            logical: record.physical,
            virtual_size: record.virtual_size,
            arrival: record.received.unwrap_or(modified),
            ..unread
        },
        Some(Err(damage)) => {
            dbox::report_damage(&entry.path(), &damage, sink);
            unread
        }
        None => {
            sink.problem(&entry.path(), ProblemKind::Damaged, "the file has no message");
            unread
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::dbox::tests::{read, write};
    use super::*;
    use crate::store::dovecot::dbox_file::tests::{START, message};
    use crate::store::dovecot::log::tests::{log, push};

    const FOLDER: &str = "mailboxes/A/B/dbox-Mails";

    fn fill(root: &Path, uids: &[usize]) {
        for uid in uids {
            let content = [START, &message(&vec![b'a'; *uid], &format!("R{uid}\nVf{uid}\n"))].concat();
            write(root, &format!("{FOLDER}/u.{uid}"), &content);
        }
    }

    /// An index with the messages 1 to 3, of which 2 is marked as deleted.
    fn index() -> Vec<u8> {
        let mut log = log(1, 0, 0);
        push(
            &mut log,
            2,
            &[[1, 0], [2, 12], [3, 8]].concat().into_iter().flat_map(u32::to_le_bytes).collect::<Vec<_>>(),
        );
        log
    }

    #[test]
    fn each_file_is_one_message() {
        let root = tempfile::tempdir().unwrap();
        fill(root.path(), &[1, 2, 3]);
        write(root.path(), &format!("{FOLDER}/dovecot.index.log"), &index());
        write(root.path(), &format!("{FOLDER}/u.x"), b"");
        write(root.path(), &format!("{FOLDER}/fts-flatcurve/current"), b"");
        write(root.path(), "u.4", b"");
        let found = read(SdboxReader::default(), &[root.path()]);
        let wanted = |message: &Message| (message.logical, message.virtual_size, message.arrival);
        let expected = [(1, Some(0xf1), 1), (2, Some(0xf2), 2), (3, Some(0xf3), 3)];
        assert_eq!(found.messages(wanted), expected.map(|wanted| ("A/B", wanted, wanted.0 == 2)));
        let (_, first) = found.messages[0];
        let file = std::fs::metadata(root.path().join(FOLDER).join("u.1")).unwrap();
        assert!(found.messages.iter().any(|(_, message)| message.bytes == file.len()));
        assert!(first.saved > Some(1_500_000_000), "{:?}", first.saved);
        let classes =
            [(Class::Message, 2), (Class::Reclaimable, 1), (Class::Index, 1), (Class::FullText, 1), (Class::Other, 2)];
        assert_eq!((found.files, found.problems.len()), (classes.into(), 0));
        assert_eq!(found.folders.last().unwrap().1, Path::new(FOLDER));
    }

    #[test]
    fn alternative_storage_and_indexes_may_be_in_separate_trees() {
        let (home, old, indexes) =
            (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        fill(home.path(), &[1, 2]);
        // The second message is being moved there.
        fill(old.path(), &[2, 3]);
        write(indexes.path(), "mailboxes/A/B/dovecot.index.log", &index());
        let found = read(SdboxReader::default(), &[home.path(), old.path(), indexes.path()]);
        assert_eq!(found.messages(|message| message.logical), [("A/B", 1, false), ("A/B", 2, true), ("A/B", 3, false)]);
        let classes = [(Class::Message, 2), (Class::Reclaimable, 1), (Class::Index, 1), (Class::Temporary, 1)];
        assert_eq!((found.files, found.folders.len()), (classes.into(), 2));
    }

    #[test]
    fn a_damaged_file_counts_as_one_message() {
        let root = tempfile::tempdir().unwrap();
        fill(root.path(), &[1]);
        write(root.path(), &format!("{FOLDER}/u.2"), b"");
        write(root.path(), &format!("{FOLDER}/u.3"), b"3 M1e\n");
        write(root.path(), &format!("{FOLDER}/u.4"), START);
        let fifo = root.path().join(FOLDER).join("u.5");
        rustix::fs::mknodat(rustix::fs::CWD, &fifo, rustix::fs::FileType::Fifo, rustix::fs::Mode::RWXU, 0).unwrap();
        let mut found = read(SdboxReader::default(), &[root.path()]);
        let bytes = |message: &Message| (message.bytes == message.logical, message.virtual_size);
        let unread = ("A/B", (true, None), false);
        assert_eq!(found.messages(bytes), [("A/B", (false, Some(0xf1)), false), unread, unread, unread]);
        found.problems.sort_by_key(|kind| format!("{kind:?}"));
        use ProblemKind::{Damaged, SpecialFile, UnknownVersion};
        assert_eq!(found.problems, [Damaged, Damaged, SpecialFile, UnknownVersion]);
    }
}
