//! One scan for the growth: columns of its tables, summed up as they are read.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use crate::history::arrivals;
use crate::history::rows::null;
use crate::history::{SnapshotEntry, StoreEntry, columns};
use crate::model::error::Result;
use crate::model::snapshot::Cohorts;
use crate::model::snapshot::cohort::WeekOfSize;
use crate::model::special_use::SpecialUse;
use crate::planning::growth::summary::{FolderSums, MailboxSummary, ScanSummary, StoreSummary, very_large};

/// By store and path, the very large messages of the mailboxes that have any.
type Large = HashMap<String, HashMap<String, Vec<WeekOfSize>>>;

/// The scan of that head.
pub(super) fn read(snapshots: &Path, entry: &SnapshotEntry) -> Result<ScanSummary> {
    let directory = snapshots.join(&entry.name);
    let (mailboxes, folders) =
        rayon::join(|| large(&directory).and_then(|large| mailboxes(&directory, large)), || folders(&directory));
    let (mut mailboxes, mut folders) = (mailboxes?, folders?);
    let mut classes = columns::classes(&directory)?;
    let mut cohorts = arrivals::read(&directory)?;
    let store = |head: &StoreEntry| {
        Arc::new(StoreSummary {
            name: head.name.clone(),
            root: head.root.clone(),
            tally: head.tally,
            is_estimated: head.is_estimated,
            classes: classes.remove(&head.name).unwrap_or_default().into_iter().collect(),
            cohorts: cohorts.remove(&head.name).unwrap_or_default(),
            mailboxes: mailboxes.remove(&head.name).unwrap_or_default(),
            folders: folders.remove(&head.name).map(FolderSums::finish).unwrap_or_default(),
        })
    };
    Ok(ScanSummary {
        taken_at: entry.taken_at,
        host: entry.host.clone(),
        complete: entry.complete,
        filesystems: entry.filesystems.clone(),
        stores: entry.stores.iter().map(store).collect(),
    })
}

fn mailboxes(directory: &Path, mut large: Large) -> Result<HashMap<String, Vec<MailboxSummary>>> {
    let of_table = columns::of_table(directory, "mailbox");
    let table = columns::mailboxes(directory)?;
    let text = |name| table.text(name).map_err(&of_table);
    let (stores, domains, users, paths) = (text("store")?, text("domain")?, text("user")?, text("path")?);
    let sizes = |name| table.integers(name).map_err(&of_table);
    let (messages, reclaimable) = (sizes("messages")?, sizes("reclaimable_bytes")?);
    let (logical, on_the_wire) = (sizes("logical_bytes")?, sizes("virtual_bytes")?);
    let (files, directories) = (sizes("allocated_bytes")?, sizes("directory_bytes")?);
    let size = |value: Option<i64>| value.and_then(|value| u64::try_from(value).ok());
    let mut all: HashMap<String, Vec<MailboxSummary>> = HashMap::new();
    for row in 0..table.rows() {
        let there = |texts: &[Option<String>], name| texts[row].clone().ok_or_else(|| of_table(null(name)));
        let (store, path) = (stores[row].as_ref().ok_or_else(|| of_table(null("store")))?, there(paths, "path")?);
        let mailbox = MailboxSummary {
            domain: domains[row].clone(),
            user: there(users, "user")?,
            on_disk: size(files[row]).unwrap_or(0).saturating_add(size(directories[row]).unwrap_or(0)),
            messages: size(messages[row]).unwrap_or(0),
            quota_bytes: size(on_the_wire[row]).or(size(logical[row])).unwrap_or(0),
            reclaimable_bytes: size(reclaimable[row]).unwrap_or(0),
            large: large.get_mut(store).and_then(|large| large.remove(&path)).unwrap_or_default(),
            path,
        };
        match all.get_mut(store) {
            Some(held) => held.push(mailbox),
            None => drop(all.insert(store.clone(), vec![mailbox])),
        }
    }
    Ok(all)
}

fn large(directory: &Path) -> Result<Large> {
    let of_table = columns::of_table(directory, "mailbox_cohort");
    let table = columns::mailbox_cohorts(directory)?;
    let (stores, paths) = (table.text("store").map_err(&of_table)?, table.text("path").map_err(&of_table)?);
    let packed = table.bytes("cohorts").map_err(&of_table)?;
    let mut all = Large::new();
    for row in 0..table.rows() {
        let bytes = packed[row].as_deref().ok_or_else(|| of_table(null("cohorts")))?;
        let cohorts = very_large(Cohorts::rows_of(bytes));
        let (Some(store), Some(path)) = (&stores[row], &paths[row]) else { continue };
        if !cohorts.is_empty() {
            all.entry(store.clone()).or_default().entry(path.clone()).or_default().extend(cohorts);
        }
    }
    Ok(all)
}

fn folders(directory: &Path) -> Result<HashMap<String, FolderSums>> {
    let of_table = columns::of_table(directory, "folder");
    let table = columns::folders(directory)?;
    let (stores, names) = (table.text("store").map_err(&of_table)?, table.text("folder").map_err(&of_table)?);
    let uses = table.text("special_use").map_err(&of_table)?;
    let messages = table.integers("messages").map_err(&of_table)?;
    let bytes = table.integers("message_bytes").map_err(&of_table)?;
    let size = |value: Option<i64>| value.and_then(|value| u64::try_from(value).ok()).unwrap_or(0);
    let mut all: HashMap<String, FolderSums> = HashMap::new();
    for row in 0..table.rows() {
        let (Some(store), Some(name)) = (&stores[row], &names[row]) else { continue };
        let word = uses[row].as_deref();
        let special_use = word.and_then(|word| SpecialUse::ALL.into_iter().find(|special| special.word() == word));
        if !all.contains_key(store) {
            all.insert(store.clone(), FolderSums::default());
        }
        let held = all.get_mut(store).expect("it was just put there");
        held.add(special_use, name, size(messages[row]), size(bytes[row]));
    }
    Ok(all)
}
