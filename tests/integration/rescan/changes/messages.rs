//! Changes of single messages.

use std::fs;
use std::path::Path;

use crate::rescan::changing_store::{Changing, base, date, flagged, messages, modified, parts, relocate, write};

/// The flags that a message can have; `S` is seen, `T` deleted.
const FLAGS: [&[u8]; 6] = [b"", b"S", b"RS", b"FS", b"ab", b"DFRS"];

pub fn delivery(store: &mut Changing) -> Option<String> {
    let folder = store.one(store.folders())?;
    let path = folder.join("new").join(store.name());
    store.deliver(&path);
    Some(store.told(&path))
}

pub fn many_deliveries(store: &mut Changing) -> Option<String> {
    let folder = store.one(store.folders())?;
    let many = 5 + store.draw(25);
    for _ in 0..many {
        let path = folder.join("new").join(store.name());
        store.deliver(&path);
    }
    Some(format!("{many} in {}", store.told(&folder)))
}

/// A restore of one message: it is in `cur` at once, and old.
pub fn put_back(store: &mut Changing) -> Option<String> {
    let folder = store.one(store.folders())?;
    let path = folder.join("cur").join(flagged(&store.name(), b"S"));
    store.deliver(&path);
    date(&path, store.long_ago());
    Some(store.told(&path))
}

pub fn first_look(store: &mut Changing) -> Option<String> {
    let message = store.one(store.messages_in("new"))?;
    let flags = FLAGS[store.draw(FLAGS.len())];
    let cur = message.parent()?.with_file_name("cur");
    let seen = cur.join(flagged(&parts(&message).0, flags));
    relocate(&message, &seen);
    Some(store.told_both(&message, &seen))
}

pub fn other_flags(store: &mut Changing) -> Option<String> {
    let message = store.one(store.messages_in("cur"))?;
    let flags = FLAGS[store.draw(FLAGS.len())];
    give_flags(store, &message, flags)
}

pub fn mark_of_deletion(store: &mut Changing) -> Option<String> {
    let message = store.one(store.messages_in("cur"))?;
    give_flags(store, &message, b"ST")
}

/// Renames a message, unless another name of the same has those flags.
fn give_flags(store: &Changing, message: &Path, flags: &[u8]) -> Option<String> {
    let other = message.with_file_name(flagged(&parts(message).0, flags));
    (!other.exists()).then(|| {
        relocate(message, &other);
        store.told_both(message, &other)
    })
}

pub fn expunge(store: &mut Changing) -> Option<String> {
    let message = store.one(store.messages())?;
    fs::remove_file(&message).expect("a message can be removed");
    Some(store.told(&message))
}

pub fn expunge_of_all(store: &mut Changing) -> Option<String> {
    let folder = store.one(store.folders())?;
    for message in messages(&folder.join("cur")) {
        fs::remove_file(message).expect("a message can be removed");
    }
    Some(store.told(&folder))
}

/// As some servers move a message: by a rename, into the folder of any mailbox.
pub fn moved(store: &mut Changing) -> Option<String> {
    let message = store.one(store.messages())?;
    let folder = store.one(store.folders())?;
    let to = folder.join("cur").join(base_of(&message));
    (!to.exists()).then(|| {
        relocate(&message, &to);
        store.told_both(&message, &to)
    })
}

fn base_of(message: &Path) -> &std::ffi::OsStr {
    std::os::unix::ffi::OsStrExt::from_bytes(base(message))
}

/// As a job does it that compresses old mail: another file takes the place, the name and the time. Once between two
/// scans: the second time the file may get the inode of the first one back, which nothing but asking for it tells.
pub fn compressed(store: &mut Changing) -> Option<String> {
    let message = store.one(store.messages_in("cur"))?;
    if !store.rewritten.insert(parts(&message).0) {
        return None;
    }
    let smaller = message.with_file_name(format!(".temp.{}", store.number()));
    let size = message.metadata().expect("the message is there").len() / 3 + store.number();
    write(&smaller, &vec![b'z'; size as usize]);
    date(&smaller, modified(&message));
    relocate(&smaller, &message);
    Some(store.told(&message))
}
