"""The programs that mailrunway is compared with: how each is called and what it counts."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass

from scan_cost import run_program
from scan_cost.failed import Failed

# The versions of the table in ../README.md.
CRATES = ["diskus@0.9.0", "parallel-disk-usage@0.24.0", "du-dust@1.2.7", "dua-cli@3.0.0"]
PACKAGES = ["gdu"]


@dataclass(frozen=True)
class Peer:
    """A program to compare with. Its options select plain bytes without progress or list, in the blocks that du counts."""

    name: str
    options: list[str]
    answer: str
    counts: str
    # The expected answer, given the totals by find.
    expected: Callable[["Seen"], int]

    def command(self, store):
        return [self.name, *self.options, str(store)]

    def answered(self, printed):
        found = re.search(self.answer, printed)
        if not found:
            raise Failed(f"{self.name} {' '.join(self.options)} printed no total: {printed[:200]!r}")
        return int(found[1])


@dataclass(frozen=True)
class Seen:
    """Totals of a store by find: its files and its directories."""

    files: int
    file_bytes: int
    file_blocks: int
    directories: int
    directory_blocks: int
    root_blocks: int

    @property
    def blocks(self):
        return self.file_blocks + self.directory_blocks


def du_counts(seen):
    return seen.blocks


DU = Peer("du", ["-s", "--block-size=1"], r"^(\d+)\t", "blocks of files and directories", du_counts)
OTHERS = [
    Peer("diskus", [], r"^(\d+)", "what du counts", du_counts),
    Peer("pdu", ["--max-depth=1", "--json-output"], r'"size":(\d+)', "what du counts", du_counts),
    # `-b`: no bars. `-d 0`: one line.
    Peer("dust", ["-d", "0", "-o", "b", "-P", "-c", "-b"], r"^(\d+)B", "what du counts", du_counts),
    Peer(
        "dua", ["--format", "bytes", "aggregate"], r"(\d+) +b total",
        "all but the root directory itself", lambda seen: seen.blocks - seen.root_blocks,
    ),
    Peer(
        "gdu", ["-n", "-p", "-s", "--no-prefix"], r"^ *(\d+)",
        "4,096 bytes for each directory, whatever its size", lambda seen: seen.file_blocks + 4096 * seen.directories,
    ),
]


def look_up(without, environment):
    """The programs that take part; fails if one is missing that was not left out."""
    chosen = [peer for peer in OTHERS if peer.name not in without]
    missing = [peer.name for peer in [DU, *chosen] if not shutil.which(peer.name, path=environment["PATH"])]
    if missing:
        alone = " ".join(f"--without {name}" for name in missing)
        raise Failed(f"{', '.join(missing)} not found: --install-peers installs what is missing, {alone} leaves it out")
    return chosen


def version(peer, environment):
    """The first part of `--version`'s output that looks like a version."""
    printed = run_program.output([peer.name, "--version"], environment).decode()
    found = re.search(r"\d+\.\d[\w.+-]*", printed)
    return found[0] if found else "of unknown version"


def install(root):
    """Installs the programs: crates below `root`, the others from Debian."""
    as_root = [] if os.geteuid() == 0 else ["sudo"]
    commands = [
        ["cargo", "install", "--locked", "--root", str(root), *CRATES],
        [*as_root, "apt-get", "install", "--yes", *PACKAGES],
    ]
    for command in commands:
        if not shutil.which(command[0]):
            raise Failed(f"{command[0]} is missing, so the peers cannot be installed")
        if subprocess.run(command, check=False).returncode:
            raise Failed(f"{' '.join(command)} failed")
