//! Reads one scan: columns of its tables, summed as they are read.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use super::value_at;
use crate::history::{SnapshotEntry, StoreEntry, arrivals, query, rows::null, table::ColumnTable};
use crate::model::{error::Result, snapshot::Cohorts, snapshot::cohort::DayOfSize, special_use::SpecialUse};
use crate::planning::growth::summary::{FolderSum, MailboxSummary, ScanSummary, StoreSummary, very_large};

/// The very large messages of mailboxes that have any, by store and path.
type Large = HashMap<String, HashMap<String, Vec<DayOfSize>>>;

/// The folders of each store, by name.
type Folders = HashMap<String, HashMap<String, FolderSum>>;

pub(super) fn read(snapshots: &Path, entry: &SnapshotEntry) -> Result<ScanSummary> {
    let directory = &snapshots.join(&entry.name);
    let names = ["store", "domain", "user", "path", "messages"];
    let sizes = ["logical_bytes", "virtual_bytes", "reclaimable_bytes", "allocated_bytes", "directory_bytes"];
    let folder_columns = ["store", "folder", "special_use", "messages", "message_bytes"];
    let (mailboxes, folders) = rayon::join(
        || {
            let large = query::columns(directory, "mailbox_cohort", &["store", "path", "cohorts"], large)?;
            query::columns(directory, "mailbox", &[names, sizes].concat(), |table| mailboxes(table, large))
        },
        || query::columns(directory, "folder", &folder_columns, folders),
    );
    let (mut mailboxes, mut folders) = (mailboxes?, folders?);
    let mut classes = query::classes(directory)?;
    let mut cohorts = arrivals::read(directory)?;
    let store = |head: &StoreEntry| {
        let mut folders: Vec<FolderSum> = folders.remove(&head.name).unwrap_or_default().into_values().collect();
        folders.sort_unstable_by(|a, b| a.name.cmp(&b.name));
        Arc::new(StoreSummary {
            name: head.name.clone(),
            root: head.root.clone(),
            tally: head.tally,
            is_estimated: head.is_estimated,
            classes: classes.remove(&head.name).unwrap_or_default().into_iter().collect(),
            cohorts: cohorts.remove(&head.name).unwrap_or_default(),
            mailboxes: mailboxes.remove(&head.name).unwrap_or_default(),
            folders,
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

fn mailboxes(table: ColumnTable, mut large: Large) -> Result<HashMap<String, Vec<MailboxSummary>>> {
    let (stores, domains, users) = (table.text("store")?, table.text("domain")?, table.text("user")?);
    let (paths, messages) = (table.text("path")?, table.sizes("messages")?);
    let (logical, with_crlf) = (table.sizes("logical_bytes")?, table.sizes("virtual_bytes")?);
    let (files, directories) = (table.sizes("allocated_bytes")?, table.sizes("directory_bytes")?);
    let reclaimable = table.sizes("reclaimable_bytes")?;
    let mut all = HashMap::new();
    for row in 0..table.rows() {
        let store = stores(row).ok_or_else(|| null("store"))?;
        let path = paths(row).ok_or_else(|| null("path"))?;
        let mailbox = MailboxSummary {
            domain: domains(row).map(str::to_owned),
            user: users(row).ok_or_else(|| null("user"))?.to_owned(),
            on_disk: files(row).unwrap_or(0).saturating_add(directories(row).unwrap_or(0)),
            messages: messages(row).unwrap_or(0),
            quota_bytes: with_crlf(row).or(logical(row)).unwrap_or(0),
            reclaimable_bytes: reclaimable(row).unwrap_or(0),
            large: large.get_mut(store).and_then(|large| large.remove(path)).unwrap_or_default(),
            path: path.to_owned(),
        };
        value_at::<_, Vec<_>>(&mut all, store).push(mailbox);
    }
    Ok(all)
}

fn large(table: ColumnTable) -> Result<Large> {
    let (stores, paths, packed) = (table.text("store")?, table.text("path")?, table.bytes("cohorts")?);
    let mut all = Large::new();
    for row in 0..table.rows() {
        let cohorts = very_large(Cohorts::rows_of(packed(row).ok_or_else(|| null("cohorts"))?));
        let (Some(store), Some(path)) = (stores(row), paths(row)) else { continue };
        if !cohorts.is_empty() {
            all.entry(store.to_owned()).or_default().entry(path.to_owned()).or_default().extend(cohorts);
        }
    }
    Ok(all)
}

fn folders(table: ColumnTable) -> Result<Folders> {
    let (stores, names, uses) = (table.text("store")?, table.text("folder")?, table.text("special_use")?);
    let (messages, bytes) = (table.sizes("messages")?, table.sizes("message_bytes")?);
    let mut all = Folders::new();
    for row in 0..table.rows() {
        let (Some(store), Some(name)) = (stores(row), names(row)) else { continue };
        let known = SpecialUse::ALL.into_iter().find(|special| Some(special.word()) == uses(row));
        let special_use = known.or_else(|| SpecialUse::guess(name));
        // The word of a special use is also a name that is guessed as that use, so it cannot clash.
        let name = match special_use {
            Some(special_use) => special_use.word(),
            None => name,
        };
        let sum = value_at(value_at(&mut all, store), name);
        if sum.name != name {
            (sum.special_use, sum.name) = (special_use, name.to_owned());
        }
        sum.messages = sum.messages.saturating_add(messages(row).unwrap_or(0));
        sum.message_bytes = sum.message_bytes.saturating_add(bytes(row).unwrap_or(0));
    }
    Ok(all)
}
