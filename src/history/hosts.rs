//! The identity of machines.
//!
//! A container has another host name after each start. If a store under the same name, at the same path and on the same
//! file system is scanned under a new host name, and the old one is never seen again, both are one machine.

use std::collections::{BTreeMap, BTreeSet};

use super::SnapshotEntry;
use crate::model::snapshot::volume_of;

/// Gives each machine one host name in all entries, which are sorted by time: the newest.
pub(super) fn unify(entries: &mut [SnapshotEntry]) {
    let last: BTreeMap<String, usize> =
        entries.iter().enumerate().map(|(place, entry)| (entry.host.clone(), place)).collect();
    let mut machines: Vec<Machine> = Vec::new();
    let mut places = Vec::new();
    for (place, entry) in entries.iter().enumerate() {
        let stores = stores(entry);
        let is_gone = |machine: &Machine| last.get(&machine.host).is_some_and(|last| *last < place);
        let same_host = machines.iter().position(|machine| machine.host == entry.host);
        let same_store =
            || machines.iter().position(|machine| is_gone(machine) && !machine.stores.is_disjoint(&stores));
        let index = same_host.or_else(same_store).unwrap_or_else(|| {
            machines.push(Machine::default());
            machines.len() - 1
        });
        machines[index].host.clone_from(&entry.host);
        machines[index].stores.extend(stores);
        places.push(index);
    }
    for (entry, index) in entries.iter_mut().zip(places) {
        entry.host.clone_from(&machines[index].host);
    }
}

#[derive(Debug, Default)]
struct Machine {
    /// Its newest host name.
    host: String,
    stores: BTreeSet<StoreIdentity>,
}

/// Name, root and file system of a store.
type StoreIdentity = (String, String, String);

/// The stores of an entry on file systems that can be told apart.
fn stores(entry: &SnapshotEntry) -> BTreeSet<StoreIdentity> {
    let identity = |store: &super::StoreEntry| {
        let mount = volume_of(&entry.filesystems, &store.root)?;
        let volume = entry.filesystems.iter().find(|volume| volume.mount == mount && !volume.id.is_empty())?;
        Some((store.name.clone(), store.root.clone(), volume.id.clone()))
    };
    entry.stores.iter().filter_map(identity).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::StoreEntry;
    use crate::model::snapshot::{Filesystem, Tally};
    use jiff::Timestamp;

    /// The hosts after unifying scans of one store of each, given as host and file system.
    fn hosts(scans: &[(&str, &str)]) -> Vec<String> {
        let entry = |(day, &(host, id)): (i64, &(&str, &str))| SnapshotEntry {
            name: day.to_string(),
            taken_at: Timestamp::from_second(day * 86_400).unwrap(),
            host: host.to_owned(),
            complete: true,
            unread: Vec::new(),
            filesystems: vec![Filesystem { mount: "/var".into(), id: id.to_owned(), ..Filesystem::default() }],
            stores: vec![StoreEntry {
                name: "vmail".into(),
                root: "/var/vmail".into(),
                mailboxes: 0,
                tally: Tally::default(),
                is_estimated: false,
                events: Vec::new(),
            }],
        };
        let mut entries: Vec<SnapshotEntry> = (0..).zip(scans).map(entry).collect();
        unify(&mut entries);
        entries.into_iter().map(|entry| entry.host).collect()
    }

    #[test]
    fn a_container_is_one_machine_under_all_its_names() {
        assert_eq!(hosts(&[("c1", "a"), ("c2", "a"), ("c3", "a"), ("c3", "a")]), ["c3"; 4]);
    }

    #[test]
    fn machines_that_scan_in_turns_are_several() {
        let turns = [("m1", "a"), ("m2", "a"), ("m1", "a"), ("m2", "a")];
        assert_eq!(hosts(&turns), ["m1", "m2", "m1", "m2"], "clones of one image");
        assert_eq!(hosts(&[("m1", "a"), ("m2", "b")]), ["m1", "m2"], "other file systems");
        assert_eq!(hosts(&[("m1", ""), ("m2", "")]), ["m1", "m2"], "unknown file systems");
    }
}
