"""A description of the machine that runs the benchmark."""

import os
import platform
import re
import subprocess
from pathlib import Path


def describe(directory):
    processor = re.search(r"^model name\s*: (.*)", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    memory = int(re.search(r"^MemTotal:\s+(\d+) kB", Path("/proc/meminfo").read_text(), re.MULTILINE)[1])
    cores = len(os.sched_getaffinity(0))
    return {
        "processor": processor[1] if processor else platform.machine(),
        "cores": cores,
        "memory_gib": round(memory / 1024**2, 1),
        "kernel": platform.release(),
        "file_system": file_system(directory),
        "load": os.getloadavg()[0],
    }


def line(machine):
    return (
        f"{machine['processor']}, {machine['cores']} cores, {machine['memory_gib']} GiB, Linux {machine['kernel']}, "
        f"{machine['file_system']}; load at the start {machine['load']:.2f}"
    )


def file_system(directory):
    argv = ["stat", "--file-system", "--format=%T", str(directory)]
    kind = subprocess.run(argv, capture_output=True, check=True, text=True).stdout.strip()
    # ext2, ext3 and ext4 have the same number in the kernel.
    return "ext4" if kind == "ext2/ext3" else kind
