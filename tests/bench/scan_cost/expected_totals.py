"""The totals of a generated store, which a scan has to find."""

import json
import os
import time
from dataclasses import asdict, dataclass

from scan_cost.store_layout import Shape

# mailrunway caches only what had not changed for two seconds when its scan began.
SETTLED_AFTER = 3


@dataclass(frozen=True)
class Truth:
    shape: Shape
    mailboxes: int
    messages: int
    logical_bytes: int
    other_bytes: int
    directories: int
    files: int
    weeks: int

    def write(self, file):
        file.write_text(json.dumps(asdict(self), indent=1) + "\n")


def read(file):
    values = json.loads(file.read_text())
    return Truth(**(values | {"shape": Shape(**values["shape"])}))


def settle(file):
    """Waits until a scan can cache the whole store, whose last change was before `file` was written."""
    # Otherwise the first program that syncs a file of its own would wait for the whole store.
    os.sync()
    time.sleep(max(0, file.stat().st_mtime + SETTLED_AFTER - time.time()))
