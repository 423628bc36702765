"""The archives of data/archives, from which nothing was learnt, as make_tasks.py of ../shared/eval takes them."""

import csv
import lzma
from datetime import date
from hashlib import md5

from learning import copies, places

DAY = 86_400
FOLDER = places.ROOT / "data/archives"
# Tasks have whole numbers: so they are fine enough where a store is small.
SCALE = 100


def folder():
    """The folder with the archives; it is made if it is not there."""
    out = places.ROOT / "target/bench/date/archives"
    if not out.exists():
        unfinished = out.with_name("archives.unfinished")
        unfinished.mkdir(parents=True, exist_ok=True)
        for file in sorted(FOLDER.glob("*.csv.xz")):
            name = file.name.removesuffix(".csv.xz")
            copies.write(unfinished / f"arrivals-{name}.csv.gz", "unix_time,size_bytes,mailbox_hash", arrivals(file))
        unfinished.rename(out)
    return out


def arrivals(file):
    with lzma.open(file, "rt") as rows:
        for row in csv.DictReader(rows):
            day = (date.fromisoformat(row["day"]) - date(1970, 1, 1)).days
            # make_tasks.py names a store by the first eight letters of its mailbox.
            yield day * DAY, SCALE * int(row["bytes"]), md5(row["store"].encode()).hexdigest()
