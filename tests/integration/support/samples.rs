//! The smallest store of each format: one mailbox with one message in its INBOX.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

use super::cyrus_files as cyrus;
use super::dbox;
use super::dovecot_index_log::IndexLog;

/// The message of every sample; lines end in LF except in Cyrus.
pub const LETTER: &str = "From: a@elsewhere.example\nSubject: one\nDate: Mon, 5 Jan 2026 12:00:00 +0000\n\nbody\n";

/// One format's sample.
#[derive(Debug)]
pub struct Sample {
    /// The mailbox as named in `ScanResult::mailbox`.
    pub mailbox: &'static str,
    /// The file with the message, relative to the store's root.
    pub message: &'static str,
    /// Creates it below the store's root.
    pub make: fn(&Path),
}

/// All samples; one store can have all of them.
pub const SAMPLES: [Sample; 7] = [
    Sample { mailbox: "maildir ann@maildir.example", message: MAILDIR, make: maildir },
    Sample { mailbox: "sdbox ann@sdbox.example", message: SDBOX, make: sdbox },
    Sample { mailbox: "mdbox ann@mdbox.example", message: MDBOX, make: mdbox },
    Sample { mailbox: "mbox ann@mbox.example", message: MBOX, make: mbox },
    Sample { mailbox: "mh ann@mh.example", message: MH, make: mh },
    Sample { mailbox: "cyrus ann", message: CYRUS, make: cyrus_by_name },
    Sample { mailbox: "cyrus ann@uuid.example", message: CYRUS_UUID, make: cyrus_by_id },
];

/// The message files of the samples.
pub const MAILDIR: &str = "maildir.example/ann/Maildir/cur/1767614400.M1P1.mx1:2,S";
pub const SDBOX: &str = "sdbox.example/ann/sdbox/mailboxes/INBOX/dbox-Mails/u.1";
pub const MDBOX: &str = "mdbox.example/ann/mdbox/storage/m.1";
pub const MBOX: &str = "mbox.example/ann/mail/inbox";
pub const MH: &str = "mh.example/ann/Mail/inbox/1";
pub const CYRUS: &str = "cyrus/a/user/ann/1.";
pub const CYRUS_UUID: &str = "spool/uuid/3/a/3aczzrd3p5e3oe2ufyte0gyj/1.";

/// Writes a file with the arrival as its modification time, and its parent directories.
pub fn place(path: PathBuf, content: impl AsRef<[u8]>) {
    fs::create_dir_all(path.parent().expect("a file lies in a directory")).expect("it can be made");
    fs::write(&path, content).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let arrived = UNIX_EPOCH + Duration::from_secs(dbox::ARRIVED.into());
    let file = File::options().write(true).open(path).expect("it was just written");
    file.set_modified(arrived).expect("the time can be set");
}

fn maildir(root: &Path) {
    place(root.join(MAILDIR), LETTER);
    for part in ["new", "tmp"] {
        fs::create_dir_all(root.join("maildir.example/ann/Maildir").join(part)).expect("a directory can be made");
    }
}

fn sdbox(root: &Path) {
    uid_validity(&root.join("sdbox.example/ann/sdbox"));
    sdbox_folder(&root.join(SDBOX).with_file_name(""));
}

/// An sdbox folder with the letter.
pub fn sdbox_folder(directory: &Path) {
    let index =
        IndexLog::new().extension("dbox-hdr", &[[0; 4].as_slice(), &[7; 16], &[0; 4]].concat(), 0).append(&[1]).bytes();
    place(directory.join("dovecot.index.log"), index);
    place(directory.join("u.1"), dbox::single(LETTER.as_bytes()));
}

fn mdbox(root: &Path) {
    let home = root.join("mdbox.example/ann/mdbox");
    mdbox_storage(&home, 1);
    mdbox_folder(&home, "INBOX".as_ref(), &[1]);
    uid_validity(&home);
}

/// Dovecot's files in the root of a dbox mailbox: the next UIDVALIDITY, in a file and in the name of another.
fn uid_validity(home: &Path) {
    place(home.join("dovecot-uidvalidity"), "6b05da4e");
    place(home.join("dovecot-uidvalidity.6b05da4e"), "");
}

/// The storage of an mdbox mailbox with `letters` letters, each in one folder.
pub fn mdbox_storage(home: &Path, letters: usize) {
    let (file, places) = dbox::multi(&vec![LETTER.as_bytes(); letters]);
    let uids: Vec<u32> = (1..).take(letters).collect();
    let mut map = IndexLog::new().append(&uids).extension("map", &[1, 0, 0, 0, 0, 0, 0, 0], 12);
    for (&uid, &(offset, size)) in uids.iter().zip(&places) {
        map = map.holds(uid, &[1, offset, size].map(u32::to_le_bytes).concat());
    }
    map = map.extension("ref", &[], 2);
    for &uid in &uids {
        map = map.holds(uid, &1_u16.to_le_bytes());
    }
    place(home.join("storage/m.1"), file);
    place(home.join("storage/dovecot.map.index.log"), map.bytes());
}

/// An mdbox folder with these messages of the map.
pub fn mdbox_folder(home: &Path, name: &Path, map_uids: &[u32]) {
    let uids: Vec<u32> = (1..).take(map_uids.len()).collect();
    let header = [0x6b05_da4d_u32.to_le_bytes().as_slice(), &[7; 16], &[0; 4]].concat();
    let mut log = IndexLog::new().extension("mdbox-hdr", &header, 0).append(&uids).extension("mdbox", &[], 8);
    for (&uid, &map_uid) in uids.iter().zip(map_uids) {
        log = log.holds(uid, &[map_uid, dbox::ARRIVED].map(u32::to_le_bytes).concat());
    }
    place(home.join("mailboxes").join(name).join("dbox-Mails/dovecot.index.log"), log.bytes());
}

fn mbox(root: &Path) {
    place(root.join(MBOX), mbox_file());
    fs::create_dir_all(root.join("mbox.example/ann/mail/.imap/INBOX")).expect("a directory can be made");
    place(root.join("mbox.example/ann/mail/.imap/INBOX/dovecot.index.log"), IndexLog::new().append(&[1]).bytes());
}

/// The letter as an mbox.
pub fn mbox_file() -> String {
    format!("From a@elsewhere.example Mon Jan  5 12:00:00 2026\n{LETTER}\n")
}

fn mh(root: &Path) {
    place(root.join(MH), LETTER);
    place(root.join(MH).with_file_name(".mh_sequences"), "cur: 1\n");
    place(root.join("mh.example/ann/Mail/context"), "Current-Folder: inbox\n");
}

fn cyrus_by_name(root: &Path) {
    cyrus_mailbox(&root.join(CYRUS).with_file_name(""), &cyrus::header("user.ann"));
    fs::create_dir_all(root.join("cyrus/stage.")).expect("a directory can be made");
}

fn cyrus_by_id(root: &Path) {
    cyrus_mailbox(&root.join(CYRUS_UUID).with_file_name(""), &cyrus::header("uuid.example!user.ann"));
    fs::create_dir_all(root.join("spool/stage.")).expect("a directory can be made");
}

/// A Cyrus mailbox with the letter.
pub fn cyrus_mailbox(directory: &Path, header: &[u8]) {
    let letter = LETTER.replace('\n', "\r\n");
    let size = u32::try_from(letter.len()).expect("the letter is short");
    place(directory.join("cyrus.header"), header);
    place(directory.join("cyrus.index"), cyrus::index(&[(1, size)]));
    place(directory.join("cyrus.cache"), [0, 0, 0, 1]);
    place(directory.join("1."), letter);
}
