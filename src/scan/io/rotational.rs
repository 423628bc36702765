//! Detects rotating disks, which two threads read faster than sixteen.

use std::fs;
use std::path::Path;

const SYSFS: &str = "/sys";
/// Name prefixes of virtual disks. Many claim to rotate, because the kernel does not know the disk below.
const VIRTUAL_NAMES: [&str; 5] = ["vd", "xvd", "nbd", "loop", "zram"];
/// Vendor and model prefixes of virtual disks that look like SCSI or SATA disks.
const VIRTUAL_MAKES: [&str; 6] = ["QEMU", "VMware", "Msft", "Xen", "Virtual", "VBOX"];

/// Whether any disk behind a device (`st_dev`) rotates. `false` if that is unknown, as on network file systems and on
/// btrfs, whose disks sysfs does not list under its device.
pub(crate) fn is_rotating(device: u64) -> bool {
    is_rotating_by(Path::new(SYSFS), device)
}

fn is_rotating_by(sysfs: &Path, device: u64) -> bool {
    let number = format!("{}:{}", rustix::fs::major(device), rustix::fs::minor(device));
    has_rotating_disk(&sysfs.join("dev/block").join(number))
}

/// Whether a device, or any below it, is a rotating disk or a partition of one.
fn has_rotating_disk(device: &Path) -> bool {
    let Ok(device) = device.canonicalize() else { return false };
    // A partition's directory is inside its disk's.
    let is_partition = device.join("partition").exists();
    let Some(disk) = (if is_partition { device.parent() } else { Some(&*device) }) else { return false };
    // Device mapper (LVM, encryption) and software RAID list the devices below them.
    let below: Vec<_> = fs::read_dir(disk.join("slaves")).into_iter().flatten().flatten().collect();
    if !below.is_empty() {
        return below.iter().any(|device| has_rotating_disk(&device.path()));
    }
    !is_virtual(disk) && word(&disk.join("queue/rotational")) == "1"
}

fn is_virtual(disk: &Path) -> bool {
    let name = disk.file_name().unwrap_or_default().to_string_lossy();
    let makes = ["device/vendor", "device/model"].map(|file| word(&disk.join(file)).to_lowercase());
    VIRTUAL_NAMES.iter().any(|virtual_name| name.starts_with(virtual_name))
        || VIRTUAL_MAKES.iter().any(|virtual_make| {
            let virtual_make = virtual_make.to_lowercase();
            makes.iter().any(|make| make.starts_with(&virtual_make))
        })
}

/// The trimmed text of a file, empty if it cannot be read.
fn word(file: &Path) -> String {
    fs::read_to_string(file).unwrap_or_default().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{MetadataExt, symlink};

    use rustix::fs::makedev;
    use tempfile::TempDir;

    use super::*;

    /// A fake sysfs.
    struct Machine(TempDir);

    impl Machine {
        fn new() -> Machine {
            let dir = tempfile::tempdir().unwrap();
            fs::create_dir_all(dir.path().join("dev/block")).unwrap();
            Machine(dir)
        }

        fn write(&self, path: &str, text: &str) {
            let path = self.0.path().join("devices").join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }

        fn number(&self, path: &str, (major, minor): (u32, u32)) {
            let link = self.0.path().join(format!("dev/block/{major}:{minor}"));
            symlink(Path::new("../../devices").join(path), link).unwrap();
        }

        fn disk(&self, path: &str, number: (u32, u32), rotational: &str) {
            self.write(&format!("{path}/queue/rotational"), rotational);
            fs::create_dir_all(self.0.path().join("devices").join(path).join("slaves")).unwrap();
            self.number(path, number);
        }

        fn partition(&self, path: &str, number: (u32, u32)) {
            self.write(&format!("{path}/partition"), "1\n");
            self.number(path, number);
        }

        fn lay(&self, upper: &str, lower: &str) {
            let devices = self.0.path().join("devices").canonicalize().unwrap();
            let name = Path::new(lower).file_name().unwrap();
            symlink(devices.join(lower), devices.join(upper).join("slaves").join(name)).unwrap();
        }

        fn rotates(&self, (major, minor): (u32, u32)) -> bool {
            is_rotating_by(self.0.path(), makedev(major, minor))
        }
    }

    #[test]
    fn a_disk_reports_whether_it_rotates() {
        let machine = Machine::new();
        machine.disk("pci/ata1/block/sda", (8, 0), "1\n");
        machine.disk("pci/nvme0/block/nvme0n1", (259, 0), "0\n");
        machine.write("pci/ata1/block/sda/device/vendor", "ATA     \n");
        machine.write("pci/ata1/block/sda/device/model", "ST4000NM0035-1V4\n");
        assert!(machine.rotates((8, 0)));
        assert!(!machine.rotates((259, 0)));
    }

    #[test]
    fn a_partition_rotates_with_its_disk() {
        let machine = Machine::new();
        machine.disk("pci/ata1/block/sda", (8, 0), "1\n");
        machine.partition("pci/ata1/block/sda/sda3", (8, 3));
        machine.disk("pci/nvme0/block/nvme0n1", (259, 0), "0\n");
        machine.partition("pci/nvme0/block/nvme0n1/nvme0n1p2", (259, 2));
        assert!(machine.rotates((8, 3)));
        assert!(!machine.rotates((259, 2)));
    }

    #[test]
    fn a_volume_rotates_if_any_disk_below_it_does() {
        let machine = Machine::new();
        machine.disk("pci/ata1/block/sda", (8, 0), "1\n");
        machine.partition("pci/ata1/block/sda/sda3", (8, 3));
        machine.disk("pci/ata2/block/sdb", (8, 16), "0\n");
        // Upper layers may report 0: an encrypted volume on a RAID of a partition and a disk.
        machine.disk("virtual/block/md0", (9, 0), "0\n");
        machine.lay("virtual/block/md0", "pci/ata2/block/sdb");
        machine.disk("virtual/block/dm-0", (252, 0), "0\n");
        machine.lay("virtual/block/dm-0", "virtual/block/md0");
        assert!(!machine.rotates((252, 0)));
        machine.lay("virtual/block/md0", "pci/ata1/block/sda/sda3");
        assert!(machine.rotates((9, 0)));
        assert!(machine.rotates((252, 0)));
    }

    #[test]
    fn a_virtual_disk_never_rotates() {
        let machine = Machine::new();
        for (minor, name) in (0..).zip(["vda", "xvda", "nbd0", "loop0", "zram0"]) {
            machine.disk(&format!("virtual/block/{name}"), (254, minor), "1\n");
            assert!(!machine.rotates((254, minor)), "{name}");
        }
        machine.partition("virtual/block/vda/vda1", (254, 100));
        assert!(!machine.rotates((254, 100)));
        machine.disk("virtual/block/dm-0", (252, 0), "1\n");
        machine.lay("virtual/block/dm-0", "virtual/block/vda");
        assert!(!machine.rotates((252, 0)), "a volume on a virtual disk");
        let makes = [("QEMU    ", "QEMU HARDDISK"), ("VMware, ", "VMware Virtual S"), ("Msft    ", "Virtual Disk    ")];
        for (minor, (vendor, model)) in (0..).zip(makes.into_iter().chain([("ATA     ", "VBOX HARDDISK   ")])) {
            let disk = format!("pci/host{minor}/block/sd{minor}");
            machine.disk(&disk, (8, minor), "1\n");
            assert!(machine.rotates((8, minor)));
            machine.write(&format!("{disk}/device/vendor"), &format!("{vendor}\n"));
            machine.write(&format!("{disk}/device/model"), &format!("{model}\n"));
            assert!(!machine.rotates((8, minor)), "{vendor}");
        }
    }

    #[test]
    fn an_unknown_device_does_not_rotate() {
        let machine = Machine::new();
        assert!(!machine.rotates((0, 42)));
        machine.write("pci/odd/block/sdq/size", "0\n");
        machine.number("pci/odd/block/sdq", (65, 0));
        assert!(!machine.rotates((65, 0)));
        machine.number("pci/gone", (65, 16));
        assert!(!machine.rotates((65, 16)));
    }

    #[test]
    fn real_devices_can_be_checked() {
        let no_disk = fs::metadata("/proc").unwrap();
        assert!(!is_rotating(no_disk.dev()));
        is_rotating(fs::metadata("/").unwrap().dev());
    }
}
