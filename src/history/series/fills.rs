//! Which stores fill a volume: those that lie on it, and have not gone since.

use crate::history::{SnapshotEntry, StoreEntry};
use crate::model::snapshot::volume_of;

/// The stores of a snapshot that lie on a volume.
pub(super) fn stores_on<'a>(entry: &'a SnapshotEntry, mount: &str) -> Vec<&'a StoreEntry> {
    entry.stores.iter().filter(|store| volume_of(&entry.filesystems, &store.root) == Some(mount)).collect()
}

/// Whether a store still fills a volume on which it once was: by its last scan it lies on no other, and none that was
/// scanned later lies where it lay.
pub(super) fn still_fills(entries: &[SnapshotEntry], (host, name): (&str, &str), mount: &str) -> bool {
    let of_host = entries.iter().filter(|entry| entry.host == host);
    let scans = of_host.flat_map(|entry| entry.stores.iter().map(move |store| (entry, store)));
    let Some((last, store)) = scans.clone().rfind(|(_, store)| store.name == name) else { return false };
    let is_here = volume_of(&last.filesystems, &store.root).is_none_or(|volume| volume == mount);
    let mut later = scans.filter(|(entry, _)| entry.taken_at > last.taken_at);
    is_here && !later.any(|(_, other)| other.root == store.root)
}
