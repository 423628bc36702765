//! Where a backup goes: onto one of the volumes that are asked about, or elsewhere.

use std::collections::BTreeMap;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use super::subjects::{Place, Placed};
use crate::error::{Error, Result};
use crate::scan::filesystem;
use crate::series::Resource;
use crate::snapshot::Filesystem;
use crate::window::answer::Target;
use crate::window::holding::{Amount, Holding};

/// Charges the backup of all stores to the volume on which the path lies, and to no other; `None` is returned then. Else
/// the place as it is now.
pub fn place(path: &Path, placed: &mut [Placed]) -> Result<Option<Target>> {
    let asked = std::fs::canonicalize(path).map_err(|e| {
        Error::usage("there is no place for a backup").at(path).because(e).hint("mount or make it first")
    })?;
    let volume = filesystem::of(&asked)?;
    let mut stores: BTreeMap<Place, Holding> = BTreeMap::new();
    placed
        .iter()
        .for_each(|placed| stores.extend(placed.stores.iter().map(|(place, holding)| (place.clone(), *holding))));
    let need: Amount = stores.values().map(|holding| holding.all).sum();
    let host = filesystem::host();
    let mut is_here = false;
    for placed in placed {
        let is_this = placed.host.as_deref() == Some(host.as_str())
            && placed.mount.as_deref().is_some_and(|mount| is_one_volume(Path::new(mount), &asked, &volume));
        placed.subject.holding.backup = if is_this { need } else { Amount::default() };
        is_here |= is_this;
    }
    let inodes = volume.limit(Resource::Inodes).map(|_| volume.inodes_available);
    let target = Target { mount: volume.mount.clone(), need, available: (volume.available_bytes, inodes) };
    Ok((!is_here).then_some(target))
}

/// Whether a mount point and a path lie on one volume. Volumes of one pool, as btrfs and ZFS have them, are one: what is
/// free is free to all of them.
fn is_one_volume(mount: &Path, path: &Path, volume: &Filesystem) -> bool {
    let device = |path: &Path| std::fs::metadata(path).ok().map(|metadata| metadata.dev());
    let Some(of_mount) = device(mount) else { return false };
    let shares_a_pool = || {
        let other = filesystem::of(mount).ok();
        let is_pooled = ["btrfs", "zfs"].contains(&volume.kind.as_str());
        is_pooled && other.is_some_and(|o| o.kind == volume.kind && o.available_bytes == volume.available_bytes)
    };
    Some(of_mount) == device(path) || shares_a_pool()
}
