//! Changes of files beside messages, of files that grow in place, and of other formats than Maildir.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

use crate::rescan::changing_store::{ChangingStore, messages, write};
use crate::support::cyrus_files;
use crate::support::dbox;
use crate::support::samples::{CYRUS, LETTER, MBOX, MDBOX, MH, SDBOX, mbox_file, mdbox_folder, mdbox_storage, place};

/// Files that Dovecot extends in place.
const GROWING: [&str; 5] =
    ["dovecot-uidlist", "dovecot.index.log", "dovecot.index.cache", "maildirsize", "dovecot.mailbox.log"];

/// Appends to a file, which does not change its directory.
fn append(path: &Path, content: &[u8]) {
    let file = File::options().append(true).create(true).open(path);
    let written = file.and_then(|mut file| file.write_all(content));
    written.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}

/// A random number of bytes.
fn bytes(store: &mut ChangingStore) -> Vec<u8> {
    vec![b'+'; 1 + store.draw(6_000)]
}

pub fn grown(store: &mut ChangingStore) -> Option<String> {
    let folder = store.one(store.folders())?;
    let file = folder.join(GROWING[store.draw(GROWING.len())]);
    append(&file, &bytes(store));
    Some(store.relative(&file))
}

pub fn index_replaced(store: &mut ChangingStore) -> Option<String> {
    let folder = store.one(store.folders())?;
    let (index, unfinished) = (folder.join("dovecot.index"), folder.join("dovecot.index.tmp"));
    write(&unfinished, &bytes(store));
    fs::rename(&unfinished, &index).expect("an index can be replaced");
    Some(store.relative(&index))
}

pub fn orphan_in_tmp(store: &mut ChangingStore) -> Option<String> {
    let with_tmp = store.folders().into_iter().filter(|folder| folder.join("tmp").is_dir()).collect();
    let folder = store.one(with_tmp)?;
    let path = folder.join("tmp").join(store.name());
    store.deliver(&path);
    Some(store.relative(&path))
}

pub fn control_file(store: &mut ChangingStore) -> Option<String> {
    let mailbox = store.one(store.mailboxes())?;
    let file = mailbox.join(format!("dovecot-uidvalidity.{:08x}", store.number()));
    write(&file, &bytes(store));
    Some(store.relative(&file))
}

pub fn grown_in_no_mailbox(store: &mut ChangingStore) -> Option<String> {
    let kept = messages(&store.root.join("aside"));
    let list = kept.into_iter().find(|file| file.ends_with("list"))?;
    append(&list, &bytes(store));
    Some(store.relative(&list))
}

pub fn dot_file_in_cur(store: &mut ChangingStore) -> Option<String> {
    let folder = store.one(store.folders())?;
    let names = [".nfs", ".uidvalidity", ".hidden"];
    let file = folder.join("cur").join(format!("{}{}", names[store.draw(names.len())], store.number()));
    write(&file, &bytes(store));
    Some(store.relative(&file))
}

pub fn symbolic_link_in_cur(store: &mut ChangingStore) -> Option<String> {
    let folder = store.one(store.folders())?;
    let link = folder.join("cur").join(store.name());
    std::os::unix::fs::symlink("../dovecot-uidlist", &link).expect("a link can be made");
    Some(store.relative(&link))
}

/// An unexpected directory in `cur`: changes in it do not change the time of `cur`.
pub fn file_in_a_directory_in_cur(store: &mut ChangingStore) -> Option<String> {
    let folder = store.one(store.folders())?;
    let file = folder.join("cur/deeper").join(store.name());
    write(&file, &bytes(store));
    Some(store.relative(&file))
}

pub fn mbox_grown(store: &mut ChangingStore) -> Option<String> {
    append(&store.root.join(MBOX), mbox_file().as_bytes());
    Some(MBOX.to_owned())
}

pub fn message_in_mh(store: &mut ChangingStore) -> Option<String> {
    let message = store.root.join(MH).with_file_name((100 + store.number()).to_string());
    store.deliver(&message);
    Some(store.relative(&message))
}

pub fn message_in_sdbox(store: &mut ChangingStore) -> Option<String> {
    let message = store.root.join(SDBOX).with_file_name(format!("u.{}", 100 + store.number()));
    let body = [LETTER.as_bytes(), &bytes(store)].concat();
    write(&message, &dbox::single(&body));
    Some(store.relative(&message))
}

/// The index grows in place, and a file is added.
pub fn message_in_cyrus(store: &mut ChangingStore) -> Option<String> {
    let directory = store.root.join(CYRUS).with_file_name("");
    let letter = LETTER.replace('\n', "\r\n");
    let size = u32::try_from(letter.len()).expect("the letter is short");
    let uids: Vec<u32> = (1..).take_while(|uid| directory.join(format!("{uid}.")).exists()).collect();
    let new = 1 + uids.len() as u32;
    write(&directory.join(format!("{new}.")), letter.as_bytes());
    let messages: Vec<(u32, u32)> = (1..=new).map(|uid| (uid, size)).collect();
    write(&directory.join("cyrus.index"), &cyrus_files::index(&messages));
    append(&directory.join("cyrus.cache"), &bytes(store));
    Some(format!("{new} in {}", store.relative(&directory)))
}

/// The storage grows in place, and so do the logs of its map and of the folder.
pub fn letter_in_mdbox(store: &mut ChangingStore) -> Option<String> {
    let letters = 2 + store.number() as usize % 50;
    let home = store.root.join(MDBOX);
    let home = home.parent().and_then(Path::parent).expect("the storage lies in a mailbox").to_owned();
    mdbox_storage(&home, letters);
    let uids: Vec<u32> = (1..).take(letters).collect();
    mdbox_folder(&home, "INBOX".as_ref(), &uids);
    place(home.join("dovecot-uidvalidity"), "6b05da4e");
    Some(format!("{letters} letters in {}", store.relative(&home)))
}
