"""The levels that `mailrunway check` itself gives: the scans of all stores imported, then a check for each week."""

import subprocess
import tempfile

import numpy as np

from false_alarms.rules import CRITICAL, OK, WARNING
from false_alarms.stores import day_of
from training import paths
from training.failed import Failed

LEVELS = {"OK": OK, "WARNING": WARNING, "CRITICAL": CRITICAL}


def levels(stores):
    """By store, the level at each scan but the first, after which there is no forecast."""
    found = {store.name: np.zeros(len(store.scans), int) for store in stores}
    with tempfile.TemporaryDirectory() as history:
        named = {f"s{number}": store for number, store in enumerate(stores)}
        for name, store in named.items():
            table = "time,used,limit\n" + "".join(store.rows())
            run(["import", "csv", "-", "--store", name, "--history", history], [0], table)
        for scan in range(1, max(len(store.scans) for store in stores)):
            printed = run(["check", "--history", history, "--today", str(day_of(scan))], [0, 1, 2, 3])
            for level, name in map(words, printed.splitlines()[1:]):
                if scan < len(named[name].scans):
                    found[named[name].name][scan] = LEVELS[level]
    return found


def words(line):
    """`CRITICAL: s7: full 19 Dec 2001 (…), 98 % in use`"""
    level, name, _ = line.split(": ", 2)
    return level, name


def run(arguments, expected, table=""):
    done = subprocess.run([paths.MAILRUNWAY, *arguments], input=table, capture_output=True, text=True)
    if done.returncode not in expected or done.stdout.startswith("MAILRUNWAY UNKNOWN - error"):
        raise Failed(f"mailrunway {' '.join(arguments)}: {done.returncode}: {done.stderr.strip()}")
    return done.stdout
