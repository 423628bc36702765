//! A small mdbox mailbox, read as a scan reads it.

use super::dbox::tests::{RecordingSink, read, write};
use super::*;
use crate::store::dovecot::dbox_file::tests::{START, message};
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

/// The index of a folder with these messages of map 99 and their flags.
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

/// Map 99 of messages in file 1, by offset and number of folders that have them.
fn map(mails: &[(u32, u32)]) -> Vec<u8> {
    let mut log = log(1, 0, 0);
    push(&mut log, 0x20, &words(&[24 | 4 << 16, 99]));
    let numbered = || (1..).zip(mails);
    push(&mut log, 2, &numbered().flat_map(|(number, _)| words(&[number, 0])).collect::<Vec<_>>());
    extension(&mut log, 0, 12, b"map");
    let places = numbered().flat_map(|(number, (offset, _))| words(&[number, 1, *offset, 0]));
    push(&mut log, 0x200, &places.collect::<Vec<_>>());
    extension(&mut log, 0, 2, b"ref");
    push(&mut log, 0x1000, &numbered().flat_map(|(number, (_, shown))| words(&[number, *shown])).collect::<Vec<_>>());
    log
}

/// A mailbox with messages of 1 to 4 bytes: 1 and 2 are in the inbox, 2 also in the drafts, 3 and 4 in no folder. The map
/// does not list 4, which was first saved to the drafts. Returns the lengths of the records.
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

fn sizes(found: &RecordingSink) -> Vec<(&str, u64, bool)> {
    found.messages(|message| message.logical)
}

#[test]
fn a_folder_has_the_messages_of_its_index() {
    let root = tempfile::tempdir().unwrap();
    let lengths = fill(root.path());
    write(root.path(), "storage/.temp.1", b"");
    write(root.path(), "mailboxes/INBOX/dbox-Mails/note", b"");
    let found = read(MdboxReader::default(), &[root.path()]);
    assert_eq!(sizes(&found), [("Entwürfe", 2, false), ("INBOX", 1, true), ("INBOX", 2, false)]);
    let (_, first) = found.messages.iter().find(|(_, message)| message.logical == 1).unwrap();
    assert_eq!((first.bytes, first.virtual_size, first.arrival), (lengths[0], Some(0xf1), 1));
    assert_eq!(first.saved, Some(i64::from(SAVED) + 1));
    let dead = lengths[2] + lengths[3];
    assert_eq!((found.reclaimable, found.split, found.problems.len()), (dead, vec![dead], 0));
    let files = [(Class::Message, 1), (Class::Index, 3), (Class::Temporary, 1), (Class::Other, 1)];
    assert_eq!(found.files, files.into());
    let paths = [("INBOX", "mailboxes/INBOX/dbox-Mails"), ("Entwürfe", "mailboxes/Entw&APw-rfe/dbox-Mails")];
    assert_eq!(found.folders, paths.map(|(name, path)| (name.to_owned(), path.into())));
}

#[test]
fn parts_of_a_mailbox_may_be_in_separate_trees() {
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
    let found = read(MdboxReader::default(), &[home.path(), old.path(), indexes.path()]);
    assert_eq!(sizes(&found), [("Entwürfe", 2, false), ("INBOX", 1, true), ("INBOX", 2, false)]);
    assert_eq!((found.problems.len(), found.folders.len(), found.split.len()), (0, 2, 1));
}

#[test]
fn without_a_map_messages_are_in_their_original_folder() {
    let root = tempfile::tempdir().unwrap();
    fill(root.path());
    std::fs::remove_file(root.path().join(MAP)).unwrap();
    let found = read(MdboxReader::default(), &[root.path()]);
    let guessed = [("Entwürfe", 4, false), ("Gone", 3, false), ("INBOX", 1, false), ("INBOX", 2, false)];
    assert_eq!((sizes(&found), found.reclaimable), (guessed.to_vec(), 0));
    assert_eq!(found.problems, [ProblemKind::Damaged; 2]);
}

#[test]
fn a_folder_without_an_index_gets_the_messages_of_no_other_folder() {
    let root = tempfile::tempdir().unwrap();
    let lengths = fill(root.path());
    for broken in [None, Some(&b"\x02"[..])] {
        std::fs::remove_file(root.path().join(INBOX)).unwrap();
        if let Some(broken) = broken {
            write(root.path(), INBOX, &[broken, &[0; 39]].concat());
        }
        let found = read(MdboxReader::default(), &[root.path()]);
        assert_eq!(sizes(&found), [("Entwürfe", 2, false), ("INBOX", 1, false)]);
        assert_eq!(found.reclaimable, lengths[2] + lengths[3]);
        let kind = if broken.is_some() { ProblemKind::UnknownVersion } else { ProblemKind::Damaged };
        assert_eq!(found.problems, [kind, ProblemKind::Damaged]);
        write(root.path(), INBOX, b"");
    }
}

#[test]
fn a_folder_index_of_another_map_is_ignored() {
    let root = tempfile::tempdir().unwrap();
    fill(root.path());
    let mut other = index(&[(1, 0), (2, 0)]);
    push(&mut other, 0x40, &words(&[0, 0, 4, 0, 0]));
    push(&mut other, 0x100, &words(&[4 << 16, 98]));
    write(root.path(), INBOX, &other);
    let found = read(MdboxReader::default(), &[root.path()]);
    assert_eq!(sizes(&found), [("Entwürfe", 2, false), ("INBOX", 1, false)]);
    assert_eq!(found.problems, [ProblemKind::Damaged; 2]);
}

#[test]
fn messages_after_damage_are_reported_as_missing() {
    let root = tempfile::tempdir().unwrap();
    let lengths = fill(root.path());
    let file = std::fs::read(root.path().join("storage/m.1")).unwrap();
    write(root.path(), "storage/m.1", &file[..START.len() + lengths[0] as usize + 20]);
    let found = read(MdboxReader::default(), &[root.path()]);
    assert_eq!((sizes(&found), found.reclaimable), (vec![("INBOX", 1, true)], 0));
    assert_eq!(found.problems, [ProblemKind::Damaged; 2]);
    // The last message is not in the map yet: its writer is active.
    write(root.path(), "storage/m.1", &file[..file.len() - 1]);
    let found = read(MdboxReader::default(), &[root.path()]);
    assert_eq!((found.messages.len(), found.reclaimable, found.problems.len()), (3, lengths[2], 0));
}
