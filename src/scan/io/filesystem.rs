//! The figures of a volume, and the host name.

use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};

use rustix::fs::StatVfs;

use crate::model::error::{Error, Result};
use crate::model::{escape, snapshot::Filesystem};

/// The figures of the volume that has the path.
///
/// # Errors
/// If `statvfs` fails.
pub(crate) fn stat(path: &Path) -> Result<Filesystem> {
    let figures =
        rustix::fs::statvfs(path).map_err(|e| Error::io("cannot read the size of the volume", path, e.into()))?;
    let Mount { place: mount, kind, .. } = mount_of(path);
    // File systems with quotas of projects or directories answer by directory.
    let has_quota = rustix::fs::statvfs(&mount).is_ok_and(|whole| size(&whole) != size(&figures));
    Ok(Filesystem {
        mount: escape::path_text(if has_quota { path } else { &mount }),
        id: if has_quota || figures.f_fsid == 0 { String::new() } else { format!("{:016x}", figures.f_fsid) },
        also_at: Vec::new(),
        kind,
        size_bytes: figures.f_blocks.saturating_mul(figures.f_frsize),
        used_bytes: figures.f_blocks.saturating_sub(figures.f_bfree).saturating_mul(figures.f_frsize),
        available_bytes: figures.f_bavail.saturating_mul(figures.f_frsize),
        inodes: figures.f_files,
        inodes_used: figures.f_files.saturating_sub(figures.f_ffree),
        inodes_available: figures.f_favail,
    })
}

fn size(figures: &StatVfs) -> (u64, u64) {
    (figures.f_blocks.saturating_mul(figures.f_frsize), figures.f_files)
}

/// Whether the volume that has the path is read-only now, for all who use it. `statvfs` would tell of this mount only, which
/// systemd makes read-only for a service that may not write.
pub(crate) fn is_read_only(path: &Path) -> bool {
    mount_of(path).is_read_only
}

/// The type of the path's file system, such as `ext4`.
pub(crate) fn kind_of(path: &Path) -> String {
    mount_of(path).kind
}

pub(crate) fn host() -> String {
    escape::text(rustix::system::uname().nodename().to_bytes())
}

/// Where and what a path's volume is.
#[derive(Debug, PartialEq, Eq)]
struct Mount {
    place: PathBuf,
    kind: String,
    is_read_only: bool,
}

fn mount_of(path: &Path) -> Mount {
    let mounts = std::fs::read("/proc/self/mountinfo").unwrap_or_default();
    let unknown = || Mount { place: path.to_owned(), kind: "unknown".to_owned(), is_read_only: false };
    find_mount(path, &mounts).unwrap_or_else(unknown)
}

/// The longest mount point above a path, and the last one of those mounted there.
fn find_mount(path: &Path, mountinfo: &[u8]) -> Option<Mount> {
    let mut best: Option<Mount> = None;
    for line in mountinfo.split(|&b| b == b'\n') {
        let fields: Vec<&[u8]> = line.split(|&b| b == b' ').collect();
        // A hyphen separates any number of optional fields from type, source and options of the volume (proc(5)).
        let Some(hyphen) = fields.iter().position(|field| *field == b"-") else { continue };
        let (Some(place), Some(kind)) = (fields.get(4), fields.get(hyphen + 1)) else { continue };
        let place = PathBuf::from(std::ffi::OsString::from_vec(unescape_octal(place)));
        let longer = best.as_ref().is_none_or(|known| place.as_os_str().len() >= known.place.as_os_str().len());
        if path.starts_with(&place) && longer {
            let mut options = fields.get(hyphen + 3).into_iter().flat_map(|options| options.split(|&b| b == b','));
            let is_read_only = options.any(|option| option == b"ro");
            best = Some(Mount { place, kind: escape::text(kind), is_read_only });
        }
    }
    best
}

/// The kernel escapes blanks and backslashes in mount points as `\040` and the like.
fn unescape_octal(field: &[u8]) -> Vec<u8> {
    let octal = |digits| u8::from_str_radix(str::from_utf8(digits).ok()?, 8).ok();
    let mut parts = field.split(|&byte| byte == b'\\');
    let mut bytes = parts.next().unwrap_or_default().to_vec();
    for part in parts {
        let escaped = part.split_at_checked(3).and_then(|(digits, rest)| Some((octal(digits)?, rest)));
        let (byte, rest) = escaped.unwrap_or((b'\\', part));
        bytes.push(byte);
        bytes.extend_from_slice(rest);
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_belongs_to_its_longest_mount_point() {
        let mounts = b"21 1 8:1 / / rw - ext4 /dev/sda1 rw\n\
            22 21 8:4 / /usr rw - ext4 /dev/sda4 ro,errors=remount-ro\n\
            23 21 8:5 / /home ro - ext4 /dev/sda5 rw,errors=remount-ro\n\
            30 21 8:2 / /var rw,noatime shared:1 - xfs /dev/sda2 rw\n\
            31 30 8:3 / /var/mail\\040store rw shared:2 master:1 - btrfs /dev/sda3 rw\n";
        let found = |path: &str| find_mount(Path::new(path), mounts).unwrap();
        let mount = |path: &str| (found(path).place, found(path).kind);
        assert_eq!(mount("/var/mail store/ann"), ("/var/mail store".into(), "btrfs".into()));
        assert_eq!(mount("/var/mailbox"), ("/var".into(), "xfs".into()));
        assert_eq!(mount("/srv"), ("/".into(), "ext4".into()));
        assert!(found("/usr/bin").is_read_only, "the whole volume");
        assert!(!found("/home/ann").is_read_only, "only this mount");
        assert_eq!(find_mount(Path::new("/"), b""), None);
    }

    #[test]
    fn the_root_filesystem_has_a_limit() {
        let filesystem = stat(Path::new("/")).unwrap();
        assert_eq!(filesystem.mount, "/");
        let limit = filesystem.limit(crate::model::series::Resource::Bytes).unwrap();
        assert!(filesystem.used_bytes <= limit && limit <= filesystem.size_bytes);
    }
}
