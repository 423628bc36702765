"""A file system in an image file, which can be dropped from the kernel's caches without effect on other files."""

import os
import shutil
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path

from scan_cost import make_store
from scan_cost.failed import Failed

PROGRAMS = ["mkfs.ext4", "mount", "umount", "losetup", "fincore"]
BYTES_OF_A_MESSAGE = 8_000
SPARE_BYTES = 1 << 30
# On Debian some of the programs are not on the PATH of users.
PATH = f"{os.environ['PATH']}:/usr/sbin:/sbin"
DETACH_SECONDS = 10


def why_not():
    """Why images cannot be mounted here, or None."""
    if os.geteuid():
        return "only root may mount images"
    missing = [name for name in PROGRAMS if not shutil.which(name, path=PATH)]
    if missing:
        return f"{', '.join(missing)} missing"
    if not Path("/dev/loop-control").exists():
        return "there are no loop devices"
    return None


def command(*argv):
    done = subprocess.run(argv, env=os.environ | {"PATH": PATH}, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Failed(f"{' '.join(map(str, argv))} failed: {done.stderr.strip()}")
    return done.stdout


class Image:
    """The image file and its mount point."""

    def __init__(self, file, mount_point):
        self.file = file
        self.mount_point = mount_point
        mount_point.mkdir(exist_ok=True)

    def make(self, shape):
        """Makes an empty file system with room for the store. Its tables are written at once, not lazily."""
        make_store.check_room(self.file.parent, shape)
        with open(self.file, "wb") as file:
            file.truncate(shape.messages * BYTES_OF_A_MESSAGE + SPARE_BYTES)
        lazy = "lazy_itable_init=0,lazy_journal_init=0"
        command("mkfs.ext4", "-q", "-F", "-I", "256", "-N", str(shape.inodes * 5 // 4), "-E", lazy, self.file)

    @contextmanager
    def mounted(self, *options):
        command("mount", "-o", ",".join(["loop", *options]), self.file, self.mount_point)
        try:
            yield
        finally:
            self.unmount()

    def close(self):
        """Unmounts and removes the mount point."""
        self.unmount()
        self.mount_point.rmdir()

    def unmount(self):
        if os.path.ismount(self.mount_point):
            command("umount", self.mount_point)

    def cool(self):
        """Unmounts, drops the image from the kernel's caches, and mounts it read-only (so that reads write no times)."""
        self.unmount()
        self.wait_for_loop_device()
        with open(self.file, "rb") as file:
            os.fsync(file.fileno())
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        left = int(command("fincore", "--bytes", "--noheadings", "--output", "RES", self.file))
        if left:
            raise Failed(f"{left:,} bytes of {self.file} are still in memory, so a scan would not be cold")
        command("mount", "-o", "loop,ro", self.file, self.mount_point)

    def wait_for_loop_device(self):
        """Waits until the loop device is detached, which happens a little after unmounting."""
        until = time.monotonic() + DETACH_SECONDS
        while command("losetup", "--associated", self.file):
            if time.monotonic() > until:
                raise Failed(f"a loop device still uses {self.file}: see `losetup --all`")
            time.sleep(0.05)
