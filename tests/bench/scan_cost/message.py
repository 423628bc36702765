"""One message: how it is called, how large it is, and its file."""

import os
from typing import NamedTuple

LARGEST = 50_000_000
IN_NEW = 0.05
WRITTEN = 0.20
ALLOCATED = 0.10
# Half of the mail is read and nothing else.
FLAGS = ["S", "S", "S", "S", "S", "", "RS", "FS", "ST", "RSab"]
HEADER = b"From: ann@example.org\nTo: bob@example.org\nSubject: minutes\n\n"
TEXT = (HEADER + b"It was agreed to meet again.\n" * 150)[:4096]


class Message(NamedTuple):
    """A message that is to be delivered."""

    directory: str
    name: str
    size: int
    seconds: int


def draw(random, number, seconds):
    """A message that arrives at that second, the number's of its domain."""
    # The median is that of 600 bytes of header and 7.3 KB; the mean is 20 KB.
    size = min(600 + int(random.lognormvariate(8.9, 1.4)), LARGEST)
    unique = f"{seconds}.M{random.randrange(1_000_000)}P{1000 + number % 60_000}.mx{number % 4}"
    name = f"{unique},S={size},W={size + size // 70}"
    if random.random() < IN_NEW:
        return Message("new", name, size, seconds)
    return Message("cur", f"{name}:2,{FLAGS[int(random.random() * len(FLAGS))]}", size, seconds)


def write(random, path, message):
    """Writes the message's file. Most are holes of the right size, so that a million fit on a disk."""
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
