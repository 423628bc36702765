"""A message: its name, its size and its file."""

import os
from typing import NamedTuple

LARGEST = 50_000_000
IN_NEW = 0.05
WRITTEN = 0.20
ALLOCATED = 0.10
# Half of the messages have only the flag S (seen).
FLAGS = ["S", "S", "S", "S", "S", "", "RS", "FS", "ST", "RSab"]
HEADER = b"From: ann@example.org\nTo: bob@example.org\nSubject: minutes\n\n"
TEXT = (HEADER + b"It was agreed to meet again.\n" * 150)[:4096]


class Message(NamedTuple):
    """A message to deliver."""

    directory: str
    name: str
    size: int
    seconds: int


def draw(random, number, seconds):
    """The `number`th message of its domain, which arrives at `seconds`."""
    # 600 bytes of headers and a body of 7.3 KB in the median; the mean is 20 KB.
    size = min(600 + int(random.lognormvariate(8.9, 1.4)), LARGEST)
    unique = f"{seconds}.M{random.randrange(1_000_000)}P{1000 + number % 60_000}.mx{number % 4}"
    name = f"{unique},S={size},W={size + size // 70}"
    if random.random() < IN_NEW:
        return Message("new", name, size, seconds)
    return Message("cur", f"{name}:2,{FLAGS[int(random.random() * len(FLAGS))]}", size, seconds)


def write(random, path, message):
    """Writes the message's file. Most files are sparse, so that a million of them fit on a disk."""
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        kind = random.random()
        if kind < WRITTEN:
            os.pwrite(file, TEXT[: message.size], 0)
        elif kind < WRITTEN + ALLOCATED:
            os.posix_fallocate(file, 0, message.size)
        os.ftruncate(file, message.size)
        os.utime(file, (message.seconds, message.seconds))
    finally:
        os.close(file)
