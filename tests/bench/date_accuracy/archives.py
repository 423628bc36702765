"""The archives of data/archives, from which nothing was learnt, as make_tasks.py of ../shared/eval takes them."""

import csv
import lzma
from datetime import date
from hashlib import md5

from training import augmentation, paths

FOLDER = paths.ROOT / "data/archives"
# Tasks have whole numbers: so they are fine enough where a store is small.
SCALE = 100


def folder(work):
    """The folder with the archives below `work`; it is made if it is not there."""
    return augmentation.made(work / "data", fill)


def fill(out):
    for file in sorted(FOLDER.glob("*.csv.xz")):
        augmentation.write_arrivals(out, file.name.removesuffix(".csv.xz"), arrivals(file))


def arrivals(file):
    with lzma.open(file, "rt") as rows:
        for row in csv.DictReader(rows):
            day = (date.fromisoformat(row["day"]) - date(1970, 1, 1)).days
            # make_tasks.py names a store by the first eight letters of its mailbox.
            yield day * augmentation.DAY, SCALE * int(row["bytes"]), md5(row["store"].encode()).hexdigest()
