//! The identity of volumes.
//!
//! A volume is known by the identity of its file system: two bind mounts are one volume, and one that is mounted elsewhere
//! goes on. A disk that was replaced has a new identity and goes on at its mount point.

use std::collections::BTreeSet;

use super::SnapshotEntry;
use crate::model::snapshot::Filesystem;

/// Gives each volume one name in all entries, which are sorted by time: its newest mount point.
pub(super) fn unify(entries: &mut [SnapshotEntry]) {
    let hosts: BTreeSet<String> = entries.iter().map(|entry| entry.host.clone()).collect();
    for host in hosts {
        let mut of_host: Vec<&mut SnapshotEntry> = entries.iter_mut().filter(|entry| entry.host == host).collect();
        let mut volumes = Vec::new();
        let places: Vec<Vec<usize>> = of_host.iter().map(|entry| places(&mut volumes, &entry.filesystems)).collect();
        for (entry, places) in of_host.iter_mut().zip(places) {
            let found = std::mem::take(&mut entry.filesystems);
            for (filesystem, place) in found.into_iter().zip(places) {
                add(&mut entry.filesystems, filesystem, &volumes[place].mount);
            }
        }
    }
}

#[derive(Debug)]
struct Volume {
    /// Its newest mount point, the first by name of several.
    mount: String,
    id: String,
}

/// The volume of each file system of a scan; new ones are added.
fn places(volumes: &mut Vec<Volume>, scanned: &[Filesystem]) -> Vec<usize> {
    let mut places: Vec<usize> = Vec::new();
    for filesystem in scanned {
        let is_here = |volume: &Volume| scanned.iter().any(|other| !other.id.is_empty() && other.id == volume.id);
        let same_id = volumes.iter().position(|volume| !volume.id.is_empty() && volume.id == filesystem.id);
        let same_mount = || volumes.iter().position(|volume| volume.mount == filesystem.mount && !is_here(volume));
        let place = same_id.or_else(same_mount).unwrap_or_else(|| {
            volumes.push(Volume { mount: filesystem.mount.clone(), id: String::new() });
            volumes.len() - 1
        });
        let volume = &mut volumes[place];
        if !places.contains(&place) || filesystem.mount < volume.mount {
            volume.mount.clone_from(&filesystem.mount);
        }
        if !filesystem.id.is_empty() {
            volume.id.clone_from(&filesystem.id);
        }
        places.push(place);
    }
    places
}

/// Adds a file system under a name; another one of this name is the same one.
fn add(all: &mut Vec<Filesystem>, mut filesystem: Filesystem, name: &str) {
    let mount = std::mem::replace(&mut filesystem.mount, name.to_owned());
    match all.iter_mut().find(|known| known.mount == name) {
        Some(known) => known.also_at.push(mount),
        None => {
            filesystem.also_at.extend(Some(mount).filter(|mount| mount != name));
            all.push(filesystem);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::snapshot::volume_of;
    use jiff::Timestamp;

    /// An entry of a day with file systems by mount point and identity.
    fn entry(day: i64, filesystems: &[(&str, &str)]) -> SnapshotEntry {
        let filesystem = |&(mount, id): &(&str, &str)| Filesystem {
            mount: mount.to_owned(),
            id: id.to_owned(),
            ..Filesystem::default()
        };
        SnapshotEntry {
            name: day.to_string(),
            taken_at: Timestamp::from_second(day * 86_400).unwrap(),
            host: "mail01".into(),
            complete: true,
            unread: Vec::new(),
            filesystems: filesystems.iter().map(filesystem).collect(),
            stores: Vec::new(),
        }
    }

    /// The names of the volumes of each entry.
    fn names(entries: &[&[(&str, &str)]]) -> Vec<Vec<String>> {
        let mut entries: Vec<SnapshotEntry> = (0..).zip(entries).map(|(day, of_day)| entry(day, of_day)).collect();
        unify(&mut entries);
        entries.into_iter().map(|entry| entry.filesystems.into_iter().map(|volume| volume.mount).collect()).collect()
    }

    #[test]
    fn bind_mounts_are_one_volume() {
        let mut entries = [entry(1, &[("/vmail", "a"), ("/archive", "a"), ("/srv", "b")])];
        unify(&mut entries);
        let volumes = &entries[0].filesystems;
        assert_eq!(volumes.len(), 2);
        let of = |root| volume_of(volumes, root);
        assert_eq!(["/vmail/x", "/archive/y", "/srv/z"].map(of), [Some("/archive"), Some("/archive"), Some("/srv")]);
    }

    #[test]
    fn a_volume_that_is_mounted_elsewhere_goes_on() {
        assert_eq!(names(&[&[("/old", "a")], &[("/new", "a")]]), [["/new"], ["/new"]]);
        let swapped = names(&[&[("/a", "1"), ("/b", "2")], &[("/a", "2"), ("/b", "1")]]);
        assert_eq!(swapped, [["/b", "/a"], ["/a", "/b"]]);
    }

    #[test]
    fn a_disk_that_was_replaced_goes_on_at_its_mount_point() {
        assert_eq!(names(&[&[("/m", "a")], &[("/m", "b")], &[("/n", "b")]]), [["/n"], ["/n"], ["/n"]]);
        assert_eq!(names(&[&[("/m", "")], &[("/m", "b")], &[("/m", "")]]), [["/m"], ["/m"], ["/m"]]);
    }

    #[test]
    fn without_an_identity_mount_points_are_volumes() {
        assert_eq!(names(&[&[("/m", ""), ("/n", "")], &[("/n", "")]]), [vec!["/m", "/n"], vec!["/n"]]);
    }
}
