//! Hard links that are added and removed.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use crate::rescan::changing_store::{ChangingStore, entries, flagged, messages, parts};

pub fn in_the_same_folder(store: &mut ChangingStore) -> Option<String> {
    let message = store.one(store.messages())?;
    let name = store.name();
    link(store, &message, message.with_file_name(name))
}

/// A scan might take this for a renamed message.
pub fn with_other_flags(store: &mut ChangingStore) -> Option<String> {
    let message = store.one(store.messages_in("cur"))?;
    let (name, flags) = parts(&message);
    let flags = if flags == b"FS" { b"R".as_slice() } else { b"FS" };
    link(store, &message, message.with_file_name(flagged(&name, flags)))
}

pub fn in_another_folder(store: &mut ChangingStore) -> Option<String> {
    let message = store.one(store.messages())?;
    let mine = mailbox(store, &message)?;
    let others = store.folders().into_iter().filter(|folder| folder.starts_with(&mine));
    let others = others.filter(|folder| !message.starts_with(folder.join("cur"))).collect();
    let folder = store.one(others)?;
    let name = store.name();
    link(store, &message, folder.join("cur").join(flagged(&name, b"S")))
}

pub fn in_another_mailbox(store: &mut ChangingStore) -> Option<String> {
    let message = store.one(store.messages())?;
    let mine = mailbox(store, &message)?;
    let others = store.folders().into_iter().filter(|folder| !folder.starts_with(&mine)).collect();
    let folder = store.one(others)?;
    let name = store.name();
    let part = ["cur", "new"][store.draw(2)];
    link(store, &message, folder.join(part).join(name))
}

pub fn outside_of_mailboxes(store: &mut ChangingStore) -> Option<String> {
    let message = store.one(store.messages())?;
    let name = format!("kept{}", store.number());
    link(store, &message, store.root.join("aside").join(name))
}

pub fn outside_of_the_store(store: &mut ChangingStore) -> Option<String> {
    let message = store.one(store.messages())?;
    let name = format!("kept{}", store.number());
    link(store, &message, store.beside.join(name))
}

pub fn one_of_several_gone(store: &mut ChangingStore) -> Option<String> {
    let has_others = |path: &PathBuf| path.metadata().is_ok_and(|file| file.nlink() > 1);
    let linked = store.messages().into_iter().filter(has_others).collect();
    remove_one(store, linked)
}

pub fn gone_outside_of_mailboxes(store: &mut ChangingStore) -> Option<String> {
    let kept = messages(&store.root.join("aside")).into_iter().filter(|path| !path.ends_with("list")).collect();
    remove_one(store, kept)
}

pub fn gone_outside_of_the_store(store: &mut ChangingStore) -> Option<String> {
    remove_one(store, entries(&store.beside))
}

/// The mailbox directory of a message.
fn mailbox(store: &ChangingStore, message: &Path) -> Option<PathBuf> {
    store.mailboxes().into_iter().find(|mailbox| message.starts_with(mailbox))
}

fn link(store: &ChangingStore, message: &Path, name: PathBuf) -> Option<String> {
    (!name.exists()).then(|| {
        fs::hard_link(message, &name).unwrap_or_else(|error| panic!("{}: {error}", name.display()));
        store.relative_pair(message, &name)
    })
}

fn remove_one(store: &mut ChangingStore, files: Vec<PathBuf>) -> Option<String> {
    let file = store.one(files)?;
    fs::remove_file(&file).expect("a file can be removed");
    Some(store.relative(&file))
}
