"""Runs mailrunway and compares its answers."""

import json
import os
import re
import shutil

from scan_cost import run_program
from scan_cost.failed import Failed

OPTIONS = ["--full", "--names"]


class Mailrunway:
    """A copy of the program, and the directory of its histories."""

    def __init__(self, binary, histories, environment):
        if not os.access(binary, os.X_OK):
            raise Failed(f"{binary} is missing: build it with `cargo build --release`, or see --mailrunway")
        # A copy, because a build could replace the program during the benchmark.
        self.binary = shutil.copy(binary, environment["HOME"])
        self.histories = histories
        self.environment = environment
        self.version = run_program.output([self.binary, "--version"], environment).decode().split()[-1]
        known = run_program.output([self.binary, "scan", "--help"], environment).decode()
        missing = [option for option in OPTIONS if not re.search(rf"^\s+{option}\s", known, re.MULTILINE)]
        if missing:
            lacking = " and no ".join(missing)
            raise Failed(f"`{binary} scan` has no {lacking}: build this version with `cargo build --release`")

    def scan(self, store, history, *options):
        """The command that scans the store, with an empty configuration file instead of the machine's."""
        return [
            self.binary, "--quiet", "--config", "/dev/null",
            "scan", str(store), "--history", str(self.histories / history), *options,
        ]

    def answer(self, store, history, *options):
        """Scans the store and returns the JSON output."""
        return run_program.output(self.scan(store, history, "--format", "json", *options), self.environment)

    def forget(self, history):
        """Removes the history, so that the next scan is a first scan."""
        shutil.rmtree(self.histories / history, ignore_errors=True)


def difference(one, other):
    """The differences of two answers, apart from their date and the figures of the file systems; None if equal."""
    if comparable(one) == comparable(other):
        return None
    paths = list(differing(json.loads(one), json.loads(other), ""))
    relevant = [path for path in paths if not path.startswith(("/taken_at", "/filesystems"))]
    return "; ".join(relevant[:5]) or "the same values in another notation"


def comparable(answer):
    """The answer's bytes without its date and file systems, both of which come before the stores."""
    head, stores = answer.split(b',"stores":', 1)
    values = json.loads(head + b"}")
    del values["taken_at"], values["filesystems"]
    return values, stores


def differing(one, other, path):
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        for key in one:
            yield from differing(one[key], other[key], f"{path}/{key}")
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for index, pair in enumerate(zip(one, other)):
            yield from differing(*pair, f"{path}/{index}")
    elif one != other:
        yield f"{path} is {str(one)[:60]} and {str(other)[:60]}"
