//! Changes of whole mailboxes and domains.

use std::fs;

use super::folders::restore;
use crate::rescan::changing_store::{ChangingStore, copy_with_times, relocate};

pub fn made(store: &mut ChangingStore) -> Option<String> {
    let domain = store.one(store.domains())?;
    let mailbox = domain.join(format!("user{}", store.number()));
    let messages = store.draw(4);
    store.make_folder(&mailbox, messages);
    store.make_folder(&mailbox.join(".Sent"), 1);
    Some(store.relative(&mailbox))
}

/// Keeps two mailboxes for further changes.
pub fn deleted(store: &mut ChangingStore) -> Option<String> {
    let mailboxes = store.mailboxes();
    let mailbox = store.one(mailboxes.into_iter().skip(2).collect())?;
    fs::remove_dir_all(&mailbox).expect("a mailbox can be removed");
    Some(store.relative(&mailbox))
}

/// Within its domain or to another one; no time inside the mailbox changes.
pub fn renamed(store: &mut ChangingStore) -> Option<String> {
    let mailbox = store.one(store.mailboxes())?;
    let domain = store.one(store.domains())?;
    let other = domain.join(format!("renamed{}", store.number()));
    relocate(&mailbox, &other);
    Some(store.relative_pair(&mailbox, &other))
}

pub fn swapped(store: &mut ChangingStore) -> Option<String> {
    let one = store.one(store.mailboxes())?;
    let others = store.mailboxes().into_iter().filter(|mailbox| *mailbox != one).collect();
    let other = store.one(others)?;
    let between = store.beside.with_extension("between");
    for (from, to) in [(&one, &between), (&other, &one), (&between, &other)] {
        relocate(from, to);
    }
    Some(store.relative_pair(&one, &other))
}

pub fn put_back(store: &mut ChangingStore) -> Option<String> {
    let mailbox = store.one(store.mailboxes())?;
    restore(&mailbox, &store.beside.with_extension("backup"), copy_with_times);
    Some(store.relative(&mailbox))
}

pub fn domain_renamed(store: &mut ChangingStore) -> Option<String> {
    let domain = store.one(store.domains())?;
    let other = domain.with_file_name(format!("d{}.example", 10 + store.number()));
    relocate(&domain, &other);
    Some(store.relative_pair(&domain, &other))
}
