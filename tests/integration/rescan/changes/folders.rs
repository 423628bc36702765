//! Changes of folders and of the directories in them.

use std::fs;
use std::path::Path;

use crate::rescan::changing_store::{
    ChangingStore, copy_with_times, copy_without_times, date, entries, flagged, modified, relocate,
};

pub fn made(store: &mut ChangingStore) -> Option<String> {
    let mailbox = store.one(store.mailboxes())?;
    let folder = mailbox.join(match store.draw(2) {
        0 => format!(".Folder{}", store.number()),
        _ => format!(".Folder.Sub{}", store.number()),
    });
    let messages = store.draw(4);
    store.make_folder(&folder, messages);
    Some(store.relative(&folder))
}

pub fn deleted(store: &mut ChangingStore) -> Option<String> {
    let folder = store.one(store.subfolders())?;
    fs::remove_dir_all(&folder).expect("a folder can be removed");
    Some(store.relative(&folder))
}

pub fn renamed(store: &mut ChangingStore) -> Option<String> {
    let folder = store.one(store.subfolders())?;
    let other = folder.with_file_name(format!(".Renamed{}", store.number()));
    relocate(&folder, &other);
    Some(store.relative_pair(&folder, &other))
}

/// Like a restore with times: all files are new but look old.
pub fn put_back(store: &mut ChangingStore) -> Option<String> {
    let folder = store.one(store.subfolders())?;
    restore(&folder, &store.beside.with_extension("backup"), copy_with_times);
    Some(store.relative(&folder))
}

pub fn put_back_without_times(store: &mut ChangingStore) -> Option<String> {
    let folder = store.one(store.subfolders())?;
    restore(&folder, &store.beside.with_extension("backup"), copy_without_times);
    Some(store.relative(&folder))
}

/// Replaces a tree by a copy of itself.
pub fn restore(tree: &Path, backup: &Path, copy: fn(&Path, &Path)) {
    copy_with_times(tree, backup);
    fs::remove_dir_all(tree).expect("a tree can be removed");
    copy(backup, tree);
    fs::remove_dir_all(backup).expect("a tree can be removed");
}

pub fn cur_replaced(store: &mut ChangingStore) -> Option<String> {
    let folder = store.one(store.folders())?;
    replace_cur(store, &folder);
    Some(store.relative(&folder))
}

pub fn cur_replaced_by_one_of_the_same_time(store: &mut ChangingStore) -> Option<String> {
    let folder = store.one(store.folders())?;
    let before = modified(&folder.join("cur"));
    replace_cur(store, &folder);
    date(&folder.join("cur"), before);
    Some(store.relative(&folder))
}

/// A new directory, which may get the inode of the old one.
fn replace_cur(store: &mut ChangingStore, folder: &Path) {
    let cur = folder.join("cur");
    fs::remove_dir_all(&cur).expect("a directory can be removed");
    fs::create_dir(&cur).expect("a directory can be made");
    for _ in 0..store.draw(5) {
        let name = store.name();
        store.deliver(&cur.join(flagged(&name, b"S")));
    }
}

pub fn cur_and_new_swapped(store: &mut ChangingStore) -> Option<String> {
    let folder = store.one(store.folders())?;
    let (cur, new, between) = (folder.join("cur"), folder.join("new"), folder.join("between"));
    for (from, to) in [(&cur, &between), (&new, &cur), (&between, &new)] {
        relocate(from, to);
    }
    Some(store.relative(&folder))
}

/// A folder is recognised by its three directories.
pub fn tmp_lost(store: &mut ChangingStore) -> Option<String> {
    let folder = store.one(store.subfolders())?;
    let tmp = folder.join("tmp");
    if !tmp.is_dir() {
        return None;
    }
    for orphan in entries(&tmp) {
        fs::remove_file(orphan).expect("an orphan can be removed");
    }
    fs::remove_dir(tmp).expect("a directory can be removed");
    Some(store.relative(&folder))
}

pub fn tmp_made_again(store: &mut ChangingStore) -> Option<String> {
    let without = store.folders().into_iter().filter(|folder| !folder.join("tmp").exists()).collect();
    let folder = store.one(without)?;
    fs::create_dir(folder.join("tmp")).expect("a directory can be made");
    Some(store.relative(&folder))
}
