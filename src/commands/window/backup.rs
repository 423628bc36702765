//! The destination of a backup: a volume of the history, or another place.

use std::collections::{BTreeMap, BTreeSet};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use super::subjects::{Place, Placed};
use crate::history::{SnapshotEntry, names};
use crate::model::error::{Error, Result};
use crate::model::{series::Resource, snapshot::Filesystem};
use crate::planning::window::answer::BackupTarget;
use crate::planning::window::contents::{Amount, StoreContents};
use crate::scan::io::filesystem;

/// A directory on this machine.
#[derive(Debug)]
pub(super) struct Destination {
    path: PathBuf,
    volume: Filesystem,
    host: String,
}

impl Destination {
    pub(super) fn open(path: &Path, host: String) -> Result<Destination> {
        let path = std::fs::canonicalize(path).map_err(|e| {
            Error::usage("the destination of the backup does not exist")
                .at(path)
                .because(e)
                .hint("mount or make it first")
        })?;
        Ok(Destination { volume: filesystem::stat(&path)?, path, host })
    }

    /// Whether it is on a volume of the history.
    pub(super) fn is_on(&self, volume: Option<(&str, &str)>) -> bool {
        volume.is_some_and(|(host, mount)| *host == self.host && is_one_volume(mount, self))
    }

    /// The mount points of its volume in the history.
    pub(super) fn mounts(&self, entries: &[SnapshotEntry]) -> Vec<String> {
        let of_host = entries.iter().filter(|entry| entry.host == self.host);
        let mounts: BTreeSet<&String> = of_host.flat_map(|e| &e.filesystems).map(|f| &f.mount).collect();
        mounts.into_iter().filter(|mount| is_one_volume(mount, self)).cloned().collect()
    }

    /// Charges the backup of all stores to the volumes of the destination. If the history has none of them, returns the
    /// destination with its free space now.
    pub(super) fn charge(&self, placed: &mut [Placed]) -> Option<BackupTarget> {
        let mut stores: BTreeMap<Place, StoreContents> = BTreeMap::new();
        for placed in placed.iter() {
            stores.extend(placed.stores.iter().map(|(place, holding)| (place.clone(), *holding)));
        }
        let need: Amount = stores.values().map(|holding| holding.all).sum();
        let mut is_known = false;
        for placed in placed {
            let is_this = self.is_on(placed.volume.as_ref().map(|(host, mount)| (host.as_str(), mount.as_str())));
            placed.subject.holding.backup = if is_this { need } else { Amount::default() };
            is_known |= is_this;
        }
        let inodes = self.volume.limit(Resource::Inodes).map(|_| self.volume.inodes_available);
        let available = (self.volume.available_bytes, inodes);
        (!is_known).then(|| BackupTarget { mount: names::path(&self.volume.mount).into_owned(), need, available })
    }
}

/// Whether a mount point and a directory share a volume, or a pool of btrfs or ZFS, whose volumes share their free space.
fn is_one_volume(mount: &str, destination: &Destination) -> bool {
    let mount = names::real(mount);
    let mount = Path::new(&*mount);
    let device = |path: &Path| std::fs::metadata(path).ok().map(|metadata| metadata.dev());
    let Some(of_mount) = device(mount) else { return false };
    let volume = &destination.volume;
    let shares_a_pool = || {
        let other = filesystem::stat(mount).ok();
        let is_pooled = ["btrfs", "zfs"].contains(&volume.kind.as_str());
        is_pooled && other.is_some_and(|o| o.kind == volume.kind && o.available_bytes == volume.available_bytes)
    };
    Some(of_mount) == device(&destination.path) || shares_a_pool()
}
