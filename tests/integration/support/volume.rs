//! A small ext4 volume in a file, which a test fills to its last block or inode. Mounting it needs root.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use rustix::fs::statvfs;
use tempfile::NamedTempFile;

use super::machine::Machine;

/// A mounted volume; it is unmounted in the end.
pub struct Volume {
    path: PathBuf,
    _image: NamedTempFile,
}

impl Volume {
    /// Mounts an empty volume at that name.
    pub fn mount(machine: &Machine, name: &str, mebibytes: u64) -> Volume {
        let path = machine.path(name);
        fs::create_dir_all(&path).expect("a directory can be made");
        let image = NamedTempFile::new().expect("a file can be made");
        image.as_file().set_len(mebibytes << 20).expect("a file can be sparse");
        run("mkfs.ext4", &["-q".as_ref(), "-m0".as_ref(), "-N4096".as_ref(), image.path()]);
        run("mount", &["-o".as_ref(), "loop".as_ref(), image.path(), &path]);
        Volume { path, _image: image }
    }

    /// Leaves no block free to anybody.
    pub fn fill_blocks(&self) {
        let ballast = self.path.join("ballast");
        let mut file = File::options().create(true).append(true).open(ballast).expect("a file can be made");
        for chunk in [1 << 20, 1 << 16, 1 << 10] {
            let chunk = vec![1; chunk];
            while file.write_all(&chunk).and_then(|()| file.sync_all()).is_ok() {}
        }
        assert_eq!(statvfs(&self.path).expect("it is mounted").f_bavail, 0);
    }

    /// Leaves no inode free to anybody.
    pub fn fill_inodes(&self) {
        let made = |number: u32| File::create(self.path.join(format!("empty-{number}")));
        let failed = (0..).find_map(|number| made(number).err()).expect("inodes run out");
        assert_eq!(failed.kind(), std::io::ErrorKind::StorageFull);
        assert_eq!(statvfs(&self.path).expect("it is mounted").f_favail, 0);
    }

    /// Does what the kernel does after errors of the disk.
    pub fn remount_read_only(&self) {
        run("mount", &["-o".as_ref(), "remount,ro".as_ref(), &self.path]);
    }
}

impl Drop for Volume {
    fn drop(&mut self) {
        run("umount", &[&self.path]);
    }
}

fn run(program: &str, arguments: &[&Path]) {
    let status = Command::new(program).args(arguments).status();
    assert!(status.expect("it is installed").success(), "{program} {arguments:?}");
}
