//! One scan for the growth: columns of its tables, summed up as they are read.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use crate::history::arrivals;
use crate::history::arrivals::Arrivals;
use crate::history::rows::null;
use crate::history::{Entry, StoreEntry, columns};
use crate::model::class::Class;
use crate::model::error::Result;
use crate::model::snapshot::cohort::WeekOfSize;
use crate::model::snapshot::{Classes, Clock, Cohorts, Share};
use crate::model::special_use::SpecialUse;
use crate::planning::growth::scan::{FolderSums, MailboxScan, Scan, StoreScan, very_large};

/// By store and path, the very large messages of the mailboxes that have any.
type Large = HashMap<String, HashMap<String, Vec<WeekOfSize>>>;

/// The scan of that head.
pub(super) fn read(snapshots: &Path, entry: &Entry) -> Result<Scan> {
    let directory = snapshots.join(&entry.name);
    let (mailboxes, folders) =
        rayon::join(|| large(&directory).and_then(|large| mailboxes(&directory, large)), || folders(&directory));
    let (mut mailboxes, mut folders) = (mailboxes?, folders?);
    let mut classes = columns::classes(&directory)?;
    let mut cohorts = arrivals::read(&directory)?;
    let store = |head: &StoreEntry| {
        Arc::new(StoreScan {
            name: head.name.clone(),
            root: head.root.clone(),
            tally: head.tally,
            is_estimated: head.is_estimated,
            classes: told(classes.remove(&head.name).unwrap_or_default()),
            cohorts: cohorts.remove(&head.name).unwrap_or_default(),
            mailboxes: mailboxes.remove(&head.name).unwrap_or_default(),
            folders: folders.remove(&head.name).map(FolderSums::finish).unwrap_or_default(),
        })
    };
    Ok(Scan {
        taken_at: entry.taken_at,
        host: entry.host.clone(),
        complete: entry.complete,
        filesystems: entry.filesystems.clone(),
        stores: entry.stores.iter().map(store).collect(),
    })
}

/// The classes; before version 2 no scan told them.
fn told(shares: Vec<(Class, Share)>) -> Option<Classes> {
    Some(shares.into_iter().collect()).filter(|classes| *classes != Classes::default())
}

fn mailboxes(directory: &Path, mut large: Large) -> Result<HashMap<String, Vec<MailboxScan>>> {
    let of_table = columns::of_table(directory, "mailbox");
    let table = columns::mailboxes(directory)?;
    let text = |name| table.text(name).map_err(&of_table);
    let (stores, domains, users, paths) = (text("store")?, text("domain")?, text("user")?, text("path")?);
    let sizes = |name| table.integers(name).map_err(&of_table);
    let (messages, reclaimable) = (sizes("messages")?, sizes("reclaimable_bytes")?);
    let (logical, on_the_wire) = (sizes("logical_bytes")?, sizes("virtual_bytes")?);
    let (files, directories) = (sizes("allocated_bytes")?, sizes("directory_bytes")?);
    let size = |value: Option<i64>| value.and_then(|value| u64::try_from(value).ok());
    let mut all: HashMap<String, Vec<MailboxScan>> = HashMap::new();
    for row in 0..table.rows() {
        let there = |texts: &[Option<String>], name| texts[row].clone().ok_or_else(|| of_table(null(name)));
        let (store, path) = (stores[row].as_ref().ok_or_else(|| of_table(null("store")))?, there(paths, "path")?);
        let mailbox = MailboxScan {
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
    let packed = table.has("cohorts").then(|| table.bytes("cohorts")).transpose().map_err(&of_table)?;
    let rows = match packed {
        Some(_) => None,
        // Until version 2 each had a row.
        None => Some(Arrivals::of(&table).map_err(&of_table)?),
    };
    let mut all = Large::new();
    for row in 0..table.rows() {
        let cohorts = match (packed, &rows) {
            (Some(packed), _) => {
                let bytes = packed[row].as_deref().ok_or_else(|| of_table(null("cohorts")))?;
                very_large(Cohorts::rows_of(bytes))
            }
            (_, rows) => {
                let row = rows.as_ref().map(|rows| rows.row(row)).transpose().map_err(&of_table)?;
                very_large(row.flatten().map(|cohort| (Clock::Arrival, cohort)).into_iter())
            }
        };
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
    // Version 1 did not tell it.
    let uses = table.has("special_use").then(|| table.text("special_use")).transpose().map_err(&of_table)?;
    let messages = table.integers("messages").map_err(&of_table)?;
    let bytes = table.integers("message_bytes").map_err(&of_table)?;
    let size = |value: Option<i64>| value.and_then(|value| u64::try_from(value).ok()).unwrap_or(0);
    let mut all: HashMap<String, FolderSums> = HashMap::new();
    for row in 0..table.rows() {
        let (Some(store), Some(name)) = (&stores[row], &names[row]) else { continue };
        let word = uses.and_then(|uses| uses[row].as_deref());
        let special_use = word.and_then(|word| SpecialUse::ALL.into_iter().find(|special| special.word() == word));
        if !all.contains_key(store) {
            all.insert(store.clone(), FolderSums::default());
        }
        let held = all.get_mut(store).expect("it was just put there");
        held.add(special_use, name, size(messages[row]), size(bytes[row]));
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::table::{Table, Values};
    use crate::history::{History, parquet};
    use crate::model::snapshot::{Folder, Mailbox, Snapshot, Store};
    use jiff::Timestamp;

    #[test]
    fn what_version_1_wrote_is_understood() {
        let dir = tempfile::tempdir().unwrap();
        let history = History::open_or_create(&dir.path().join("history")).unwrap();
        let bin = Folder { name: "Papierkorb".into(), ..Folder::default() };
        let ann = Mailbox { user: "ann".into(), path: "ann".into(), folders: vec![bin], ..Mailbox::default() };
        let snapshot = Snapshot {
            taken_at: Timestamp::UNIX_EPOCH,
            host: "mail01".into(),
            complete: true,
            filesystems: Vec::new(),
            stores: vec![Store { name: "a".into(), mailboxes: vec![ann], ..Store::default() }],
            problems: Vec::new(),
        };
        let directory = dir.path().join("history/snapshots").join(history.append(&snapshot).unwrap());
        // Cohorts had rows and no clock, folders no use, and there were no classes.
        let texts = |text: &str| Values::Text(vec![Some(text.to_owned()); 2]);
        let numbers = |a, b| Values::Integer(vec![Some(a), Some(b)]);
        let cohorts = || {
            let table = Table::default().with("store", texts("a")).with("path", texts("ann"));
            let weeks = Values::Date(vec![Some(4), Some(-3)]);
            let table = table.with("week", weeks).with("size_from", numbers(8 << 20, 0));
            table.with("messages", numbers(1, 2)).with("bytes", numbers(9_000_000, 50))
        };
        let folders = Table::default().with("store", texts("a")).with("folder", texts("Papierkorb"));
        let folders = folders.with("messages", numbers(3, 4)).with("message_bytes", numbers(30, 40));
        for (name, table) in [("cohort", cohorts()), ("mailbox_cohort", cohorts()), ("folder", folders)] {
            let path = directory.join(format!("{name}.parquet"));
            std::fs::remove_file(&path).unwrap();
            parquet::write(&path, std::iter::once(table)).unwrap();
        }
        std::fs::remove_file(directory.join("class.parquet")).unwrap();
        let entries = history.entries().unwrap().entries;
        let scan = read(&dir.path().join("history/snapshots"), &entries[0]).unwrap();
        let store = &scan.stores[0];
        assert_eq!(store.cohorts, [(0, 4, 1, 9_000_000), (-1, 0, 2, 50)]);
        assert_eq!(store.mailboxes[0].large, [(0, 4, 1, 9_000_000)]);
        let bin = &store.folders[0];
        assert_eq!((bin.special_use, bin.messages, bin.message_bytes), (Some(SpecialUse::Trash), 7, 70));
        assert_eq!((store.classes, store.folders.len()), (None, 1));
    }
}
