//! Changes of single messages.

use std::fs;
use std::path::Path;

use crate::rescan::changing_store::{ChangingStore, base, date, flagged, messages, modified, parts, relocate, write};

/// The flags that a message can have; `S` is seen, `T` deleted.
const FLAGS: [&[u8]; 6] = [b"", b"S", b"RS", b"FS", b"ab", b"DFRS"];

pub fn delivery(store: &mut ChangingStore) -> Option<String> {
    let folder = store.one(store.folders())?;
    let path = folder.join("new").join(store.name());
    store.deliver(&path);
    Some(store.relative(&path))
}

pub fn many_deliveries(store: &mut ChangingStore) -> Option<String> {
    let folder = store.one(store.folders())?;
    let many = 5 + store.draw(25);
    for _ in 0..many {
        let path = folder.join("new").join(store.name());
        store.deliver(&path);
    }
    Some(format!("{many} in {}", store.relative(&folder)))
}

/// A restored message: in `cur` at once, and old.
pub fn put_back(store: &mut ChangingStore) -> Option<String> {
    let folder = store.one(store.folders())?;
    let path = folder.join("cur").join(flagged(&store.name(), b"S"));
    store.deliver(&path);
    date(&path, store.long_ago());
    Some(store.relative(&path))
}

pub fn first_look(store: &mut ChangingStore) -> Option<String> {
    let message = store.one(store.messages_in("new"))?;
    let flags = FLAGS[store.draw(FLAGS.len())];
    let cur = message.parent()?.with_file_name("cur");
    let seen = cur.join(flagged(&parts(&message).0, flags));
    relocate(&message, &seen);
    Some(store.relative_pair(&message, &seen))
}

pub fn other_flags(store: &mut ChangingStore) -> Option<String> {
    let message = store.one(store.messages_in("cur"))?;
    let flags = FLAGS[store.draw(FLAGS.len())];
    give_flags(store, &message, flags)
}

pub fn mark_of_deletion(store: &mut ChangingStore) -> Option<String> {
    let message = store.one(store.messages_in("cur"))?;
    give_flags(store, &message, b"ST")
}

/// Renames a message, unless another name of it has these flags.
fn give_flags(store: &ChangingStore, message: &Path, flags: &[u8]) -> Option<String> {
    let other = message.with_file_name(flagged(&parts(message).0, flags));
    (!other.exists()).then(|| {
        relocate(message, &other);
        store.relative_pair(message, &other)
    })
}

pub fn expunge(store: &mut ChangingStore) -> Option<String> {
    let message = store.one(store.messages())?;
    fs::remove_file(&message).expect("a message can be removed");
    Some(store.relative(&message))
}

pub fn expunge_of_all(store: &mut ChangingStore) -> Option<String> {
    let folder = store.one(store.folders())?;
    for message in messages(&folder.join("cur")) {
        fs::remove_file(message).expect("a message can be removed");
    }
    Some(store.relative(&folder))
}

/// Moves a message by a rename into the folder of any mailbox, as some servers do.
pub fn moved(store: &mut ChangingStore) -> Option<String> {
    let message = store.one(store.messages())?;
    let folder = store.one(store.folders())?;
    let to = folder.join("cur").join(base_of(&message));
    (!to.exists()).then(|| {
        relocate(&message, &to);
        store.relative_pair(&message, &to)
    })
}

fn base_of(message: &Path) -> &std::ffi::OsStr {
    std::os::unix::ffi::OsStrExt::from_bytes(base(message))
}

/// Like a job that compresses old mail: another file takes the place, name and time. Only once between two scans: the
/// second time the file may get the first inode again, which only a stat of the file could detect.
pub fn compressed(store: &mut ChangingStore) -> Option<String> {
    let message = store.one(store.messages_in("cur"))?;
    if !store.rewritten.insert(parts(&message).0) {
        return None;
    }
    let smaller = message.with_file_name(format!(".temp.{}", store.number()));
    let size = message.metadata().expect("the message is there").len() / 3 + store.number();
    write(&smaller, &vec![b'z'; size as usize]);
    date(&smaller, modified(&message));
    relocate(&smaller, &message);
    Some(store.relative(&message))
}
