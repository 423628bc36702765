"""Altered copies of the sources, so that the constants do not depend on single sources: each source reversed in time,
thinned, and at another speed; and the rates of NAB, each taken as the mail of a day."""

import csv
import gzip
import random
from hashlib import md5

from training import paths

KINDS = ["backwards", "thinned", "faster", "rates"]
DAY = 86_400
# A source that spans more days than this is sped up twofold, any other is slowed down twofold.
LONG = 2_000
# The number of messages that a thinned copy keeps, within these shares of all messages.
KEPT, LEAST_SHARE, MOST_SHARE = 5_000, 0.12, 0.5
FIRST_DAY_OF_RATES = 11_574
MOST_RATES = 4_000


def folder(kind):
    """The folder with the copies of a kind, in the input format of make_tasks.py; created if it is missing."""
    return made(paths.WORK / "data" / kind, lambda out: fill(kind, out))


def made(out, fill):
    """The folder, created and filled if it is missing; an existing folder is complete."""
    if not out.exists():
        unfinished = out.with_name(f"{out.name}.unfinished")
        unfinished.mkdir(parents=True, exist_ok=True)
        fill(unfinished)
        unfinished.rename(out)
    return out


def fill(kind, out):
    data = paths.EVAL / "data"
    if kind == "rates":
        write_arrivals(out, "nab", rates(data / "series-nab.csv.gz"))
        return
    for file in sorted(data.glob("arrivals-*.csv.gz")):
        rows = [(int(float(time)), float(size), box) for time, size, box in read(file)]
        source = file.name.removeprefix("arrivals-").removesuffix(".csv.gz")
        write_arrivals(out, source, sorted(ARRIVALS[kind](rows)))
    if kind in LEVELS:
        trees = data / "series-treesize.csv.gz"
        write(out / trees.name, "series_id,unix_time,value", levels(trees, LEVELS[kind]))


def read(file):
    with gzip.open(file, "rt") as rows:
        yield from list(csv.reader(rows))[1:]


def write_arrivals(folder, source, rows):
    """Writes the mail of a source in the input format of make_tasks.py: time of arrival, size and mailbox."""
    write(folder / f"arrivals-{source}.csv.gz", "unix_time,size_bytes,mailbox_hash", rows)


def write(file, header, rows):
    with gzip.open(file, "wt", compresslevel=1) as out:
        out.write(header + "\n")
        out.writelines(",".join(map(str, row)) + "\n" for row in rows)


def series(file):
    """The rows of each series by time."""
    found = {}
    for name, time, value in read(file):
        found.setdefault(name, []).append((int(float(time)), float(value)))
    return {name: sorted(rows) for name, rows in found.items()}


def arrivals_backwards(rows):
    turn = min(row[0] for row in rows) + max(row[0] for row in rows)
    return [(turn - time, size, box) for time, size, box in rows]


def arrivals_thinned(rows):
    draw = random.Random(f"thinned {len(rows)}")
    share = min(max(LEAST_SHARE, KEPT / len(rows)), MOST_SHARE)
    return [row for row in rows if draw.random() < share]


def arrivals_faster(rows):
    first, last = min(row[0] for row in rows), max(row[0] for row in rows)
    return [(at_other_speed(time, first, last, LONG * DAY), size, box) for time, size, box in rows]


def at_other_speed(time, first, last, long):
    return first + (time - first) // 2 if last - first > long else first + (time - first) * 2


def levels(file, alter):
    for name, rows in series(file).items():
        days = sorted(dict((time // DAY, value) for time, value in rows).items())
        yield from ((name, day * DAY, value) for day, value in alter(days))


def levels_backwards(days):
    """The steps of a level in reverse order, from the same start; lifted as a whole if it would fall below zero."""
    turn = days[0][0] + days[-1][0]
    steps = [after[1] - before[1] for before, after in zip(days, days[1:])]
    reversed_levels = [days[0][1]]
    for step in reversed(steps):
        reversed_levels.append(reversed_levels[-1] + step)
    lift = max(0.0, -1.2 * min(reversed_levels))
    return [(turn - day, level + lift) for (day, _), level in zip(reversed(days), reversed_levels)]


def levels_faster(days):
    first, last = days[0][0], days[-1][0]
    return [(at_other_speed(day, first, last, LONG), level) for day, level in days]


def rates(file):
    """Each rate as the mail of a day; in a long series, neighbouring rates are added up."""
    for name, rows in series(file).items():
        by = len(rows) // MOST_RATES + 1 if len(rows) > 1.5 * MOST_RATES else 1
        box = md5(name.encode()).hexdigest()[:12]
        for day, start in enumerate(range(0, len(rows) - by + 1, by)):
            size = sum(value for _, value in rows[start : start + by])
            yield (FIRST_DAY_OF_RATES + day) * DAY, max(0.0, 1_000 * size), box


ARRIVALS = {"backwards": arrivals_backwards, "thinned": arrivals_thinned, "faster": arrivals_faster}
LEVELS = {"backwards": levels_backwards, "faster": levels_faster}
