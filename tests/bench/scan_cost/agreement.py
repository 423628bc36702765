"""Checks that the programs agree to the byte before any of them is measured."""

import json
import os
import subprocess

from scan_cost import mailrunway, peers, run_program
from scan_cost.failed import Failed
from scan_cost.peers import Seen


class Checks:
    """The comparisons so far. Differences are collected and reported together."""

    def __init__(self, say):
        self.say = say
        self.passed = 0
        self.wrong = []

    def equal(self, what, answered, expected):
        """Compares an answer with the expected one."""
        right = answered == expected
        line = f"{what:56}{answered!s:>14} {'=' if right else f'but {expected}'}"
        self.record(line, right)

    def same(self, what, one, other):
        """Compares two answers of mailrunway."""
        difference = mailrunway.difference(one, other)
        self.record(f"{what}: {difference or 'the same bytes'}", not difference)

    def record(self, line, right):
        self.say(line)
        if right:
            self.passed += 1
        else:
            self.wrong.append(line)

    def finish(self):
        """Fails if anything differed; otherwise returns the number of comparisons."""
        if self.wrong:
            raise Failed("not measured, because the answers differ:\n  " + "\n  ".join(self.wrong))
        return self.passed


def mailrunway_alone(checks, scanner, store, known):
    """Compares a first scan, a rescan, a full scan and a scan by names with the truth and with each other."""
    for history in ("check", "check-full", "check-names"):
        scanner.forget(history)
    first = scanner.answer(store, "check")
    later = scanner.answer(store, "check")
    full = scanner.answer(store, "check-full", "--full")
    with_truth(checks, "", first, known)
    with_truth(checks, " --names", scanner.answer(store, "check-names", "--names"), known)
    checks.same("mailrunway, first scan and rescan", first, later)
    checks.same("mailrunway, first scan and full scan", first, full)
    return json.loads(first)["stores"][0]


def with_truth(checks, options, answer, known):
    """Compares the figures of a scan with those of the generated store."""
    values = json.loads(answer)
    scanned = values["stores"][0]
    checks.equal(f"mailrunway{options}: complete", values["complete"], True)
    for value in ("mailboxes", "messages", "logical_bytes", "other_bytes", "directories", "files"):
        checks.equal(f"mailrunway{options}: {value}", scanned[value], getattr(known, value))


def everybody(checks, scanner, others, store, known):
    """Compares mailrunway with the truth, find and du, and the peers with find and du."""
    seen = find(store, scanner.environment)
    checks.equal("find: files", seen.files, known.files)
    checks.equal("find: directories", seen.directories, known.directories)
    for peer in [peers.DU, *others]:
        printed = run_program.output(peer.command(store), scanner.environment).decode()
        checks.equal(f"{peer.name}: {peer.counts}", peer.answered(printed), peer.expected(seen))
    scanned = mailrunway_alone(checks, scanner, store, known)
    of_files = scanned["message_bytes"] + scanned["other_bytes"]
    checks.equal("mailrunway: bytes of all files, by find", of_files, seen.file_bytes)
    checks.equal("mailrunway: blocks, by du", scanned["allocated_bytes"] + scanned["directory_bytes"], seen.blocks)


def find(store, environment):
    """The totals by find. The store has no hard links, so sums over names are sums over inodes."""
    argv = ["find", str(store), "-printf", "%y %s %b\n"]
    files = file_bytes = file_blocks = directories = directory_blocks = 0
    with subprocess.Popen(argv, env=environment, stdout=subprocess.PIPE, text=True) as running:
        for line in running.stdout:
            kind, size, blocks = line.split()
            if kind == "d":
                directories += 1
                directory_blocks += int(blocks)
            else:
                files += 1
                file_bytes += int(size)
                file_blocks += int(blocks)
    if running.returncode:
        raise Failed(f"{' '.join(argv)} ended with {running.returncode}")
    root_blocks = os.stat(store).st_blocks
    return Seen(files, file_bytes, file_blocks * 512, directories, directory_blocks * 512, root_blocks * 512)
