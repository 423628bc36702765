"""The archives of data/archives, which are not training data, in the input format of make_tasks.py of ../shared/eval."""

import csv
import lzma
from datetime import date
from hashlib import md5

from training import augmentation, paths

FOLDER = paths.ROOT / "data/archives"
# Factor for all sizes: tasks have whole numbers, which would be too coarse for a small store.
SCALE = 100


def folder(work):
    """The folder with the archives below `work`; created if it is missing."""
    return augmentation.made(work / "data", fill)


def fill(out):
    for file in sorted(FOLDER.glob("*.csv.xz")):
        augmentation.write_arrivals(out, file.name.removesuffix(".csv.xz"), arrivals(file))


def arrivals(file):
    with lzma.open(file, "rt") as rows:
        for row in csv.DictReader(rows):
            day = (date.fromisoformat(row["day"]) - date(1970, 1, 1)).days
            # make_tasks.py names a store after the first eight letters of its mailbox.
            yield day * augmentation.DAY, SCALE * int(row["bytes"]), md5(row["store"].encode()).hexdigest()
