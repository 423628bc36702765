//! A small mail directory, read as a scan reads it.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Write;
use std::os::fd::AsFd;
use std::os::unix::fs::FileExt;

use rustix::fs::{AtFlags, CWD, statat};

use super::*;
use crate::model::cancel::Cancel;
use crate::store::{owner::Owner, reader::FileStat};

const FROM: &str = "From a@b  Thu Nov 29 22:33:52 2001\n";

/// Everything that a reader reported: the sizes of messages by folder, and the size and class of every file.
#[derive(Default)]
struct RecordingSink {
    folders: Vec<String>,
    messages: BTreeMap<String, Vec<u64>>,
    files: Vec<(u64, Class)>,
    problems: Vec<ProblemKind>,
}

impl Sink for RecordingSink {
    fn folder(&mut self, name: &str, _: &Path) -> FolderId {
        let place = self.folders.iter().position(|folder| folder == name);
        FolderId(place.unwrap_or_else(|| {
            self.folders.push(name.to_owned());
            self.folders.len() - 1
        }))
    }

    fn message(&mut self, folder: FolderId, message: &Message) {
        self.messages.entry(self.folders[folder.0].clone()).or_default().push(message.bytes);
    }

    fn reclaimable(&mut self, _: FolderId, _: u64) {}

    fn file(&mut self, _: FolderId, class: Class, facts: &FileStat) {
        self.files.push((facts.size, class));
    }

    fn mail_file(&mut self, folder: FolderId, _: u64, facts: &FileStat) {
        self.file(folder, Class::Message, facts);
    }

    fn owner(&mut self, _: Owner) {}

    fn problem(&mut self, _: &Path, kind: ProblemKind, _: &str) {
        self.problems.push(kind);
    }
}

/// Writes a file and passes it to the reader.
fn read_file(reader: &mut MboxReader, place: Place, path: &Path, content: &[u8], sink: &mut RecordingSink) {
    fs::write(path, content).unwrap();
    pass_file(reader, place, path, sink);
}

/// Passes a file to the reader.
fn pass_file(reader: &mut MboxReader, place: Place, path: &Path, sink: &mut RecordingSink) {
    let directory = path.parent().unwrap();
    let facts = FileStat::from(&statat(CWD, path, AtFlags::SYMLINK_NOFOLLOW).unwrap());
    let fd = File::open(directory).unwrap();
    let name = path.file_name().unwrap().as_bytes();
    reader.file(place, &FileEntry { directory, fd: fd.as_fd(), name, facts, cancel: &Cancel::never() }, sink);
}

#[test]
fn a_directory_of_folders_is_one_mailbox() {
    let home = tempfile::tempdir().unwrap();
    let (mut reader, mut sink) = (MboxReader::directory(), RecordingSink::default());
    let enter = |reader: &mut MboxReader, relative: &str, parent, sink: &mut RecordingSink| {
        let path = home.path().join(relative);
        fs::create_dir_all(&path).unwrap();
        reader.enter(
            &MailboxDirectory { relative: Path::new(relative), ..MailboxDirectory::alone(&path) },
            parent,
            sink,
        )
    };
    let root = enter(&mut reader, "", None, &mut sink);
    let lists = enter(&mut reader, "lists", Some(root), &mut sink);
    let imap = enter(&mut reader, "lists/.imap", Some(lists), &mut sink);
    let indexes = enter(&mut reader, "lists/.imap/rust", Some(imap), &mut sink);
    assert_eq!((root.class, lists.class, imap.class, indexes.class), {
        (Class::Message, Class::Message, Class::Index, Class::Index)
    });

    let two = format!("{FROM}A: b\n\nc\n\n{FROM}A: b\n\nd\n\n");
    let internal = format!("{FROM}X-IMAP: 17 2\n\nThis text is internal.\n\n{FROM}A: b\n\nc\n");
    for (place, path, content) in [
        (root, "inbox", two.as_str()),
        (lists, "lists/rust", &internal),
        (indexes, "lists/.imap/rust/dovecot.index.log", "x"),
        (root, "notes", "no mail"),
        (root, ".subscriptions", "rust\n"),
        (root, "inbox.lock", ""),
        (root, "empty", ""),
    ] {
        read_file(&mut reader, place, &home.path().join(path), content.as_bytes(), &mut sink);
    }
    assert_eq!(
        sink.messages,
        BTreeMap::from([("INBOX".to_owned(), vec![44, 44]), ("lists/rust".to_owned(), vec![43])])
    );
    assert_eq!(sink.folders, ["INBOX", "lists/rust", "empty"]);
    let classes: Vec<Class> = sink.files.iter().map(|&(_, class)| class).collect();
    assert_eq!(classes, {
        use Class::*;
        [Message, Message, Index, Other, Control, Temporary, Message]
    });
    assert_eq!(sink.problems, []);
}

#[test]
fn the_size_of_a_compressed_file_is_divided_among_its_messages() {
    let home = tempfile::tempdir().unwrap();
    let text = format!("{FROM}A: b\n\n{}\n\n{FROM}A: b\n\nd\n", "x".repeat(10_000));
    let packed = zstd::encode_all(text.as_bytes(), 0).unwrap();
    let size = packed.len() as u64;
    let place = Place { folder: FolderId(0), class: Class::Message, role: Role::Folder };

    let (mut reader, mut sink) = (MboxReader::alone(), RecordingSink::default());
    read_file(&mut reader, place, &home.path().join("ann"), &packed, &mut sink);
    let bytes = &sink.messages["INBOX"];
    assert_eq!(
        (bytes.len(), bytes.iter().sum::<u64>(), sink.files.as_slice()),
        (2, size, &[(size, Class::Message)][..])
    );

    // Gzip ends in a checksum: without it, all messages are complete but the file is damaged.
    let mut packed = flate2::read::GzEncoder::new(text.as_bytes(), flate2::Compression::fast());
    let mut cut = Vec::new();
    packed.read_to_end(&mut cut).unwrap();
    cut.truncate(cut.len() - 3);
    let mut sink = RecordingSink::default();
    read_file(&mut reader, place, &home.path().join("bob"), &cut, &mut sink);
    assert_eq!((sink.messages["INBOX"].len(), sink.problems.as_slice()), (2, &[ProblemKind::Damaged][..]));
}

#[test]
fn a_file_that_cannot_be_decompressed_counts_as_one_file() {
    let home = tempfile::tempdir().unwrap();
    let place = Place { folder: FolderId(0), class: Class::Message, role: Role::Folder };
    let (mut reader, mut sink) = (MboxReader::alone(), RecordingSink::default());
    read_file(&mut reader, place, &home.path().join("2019.bz2"), b"BZh91AY&SY", &mut sink);
    assert_eq!((sink.problems.as_slice(), sink.messages.len()), (&[ProblemKind::UnknownVersion][..], 0));
    assert_eq!(sink.files, [(10, Class::Message)]);
}

/// A file of a length with bytes at its start and, after a hole, at an offset.
fn write_sparse(path: &Path, start: &[u8], (offset, end): (u64, &[u8]), length: u64) {
    let file = File::create(path).unwrap();
    file.set_len(length).unwrap();
    file.write_all_at(start, 0).unwrap();
    file.write_all_at(end, offset).unwrap();
}

#[test]
fn holes_read_as_zeros_without_being_read() {
    const MIB: u64 = 1 << 20;
    let home = tempfile::tempdir().unwrap();
    let place = Place { folder: FolderId(0), class: Class::Message, role: Role::Folder };
    let first = format!("{FROM}A: b\n\nFrom c");
    let rest = format!("{FROM}A: no message, as this line does not begin with From\n\n{FROM}A: b\n\nd\n");
    let messages = |path: &Path| {
        let (mut reader, mut sink) = (MboxReader::alone(), RecordingSink::default());
        pass_file(&mut reader, place, path, &mut sink);
        assert_eq!(sink.problems, []);
        sink.messages["INBOX"].clone()
    };
    let (sparse, dense, huge) = (home.path().join("sparse"), home.path().join("dense"), home.path().join("huge"));
    write_sparse(&sparse, first.as_bytes(), (2 * MIB, rest.as_bytes()), 3 * MIB);
    fs::write(&dense, fs::read(&sparse).unwrap()).unwrap();
    assert_eq!((messages(&sparse).len(), messages(&sparse)), (2, messages(&dense)));

    // Reading it takes half an hour.
    let length = 8 * MIB * MIB;
    write_sparse(&huge, first.as_bytes(), (length / 2, rest.as_bytes()), length);
    assert_eq!((messages(&huge).len(), messages(&huge).iter().sum::<u64>()), (2, length));
}

#[test]
fn a_compressed_file_ends_at_a_hole() {
    let home = tempfile::tempdir().unwrap();
    let place = Place { folder: FolderId(0), class: Class::Message, role: Role::Folder };
    // Zstandard reads zeros as empty blocks, one after the other.
    let mut packed = zstd::stream::write::Encoder::new(Vec::new(), 0).unwrap();
    packed.write_all(format!("{FROM}A: b\n\nc\n").as_bytes()).unwrap();
    packed.flush().unwrap();
    let path = home.path().join("ann");
    write_sparse(&path, packed.get_ref(), (0, b""), 1 << 43);
    let (mut reader, mut sink) = (MboxReader::alone(), RecordingSink::default());
    pass_file(&mut reader, place, &path, &mut sink);
    assert_eq!((sink.messages["INBOX"].len(), sink.problems.as_slice()), (1, &[ProblemKind::Damaged][..]));
}

#[test]
fn no_content_is_read_once_the_scan_is_cancelled() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("ann");
    fs::write(&path, FROM).unwrap();
    let facts = FileStat::from(&statat(CWD, &path, AtFlags::SYMLINK_NOFOLLOW).unwrap());
    let (fd, cancel) = (File::open(home.path()).unwrap(), Cancel::never());
    let entry = FileEntry { directory: home.path(), fd: fd.as_fd(), name: b"ann", facts, cancel: &cancel };
    let (file, compression) = open(&entry).unwrap().unwrap();
    cancel.request(15);
    let (reader, mut sink) = (MboxReader::alone(), RecordingSink::default());
    assert!(reader.read(&entry, &file, compression, FolderId(0), &mut sink).is_err() && sink.messages.is_empty());
}
