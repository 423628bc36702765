"""Stores: a real level, scanned every week, below a limit that an administrator could have chosen."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from false_alarms.levels import Level

WEEK = 7
# The first scan of every store, so that one check on a day covers all stores.
FIRST_SCAN = date(2000, 1, 3)
# The first limit is chosen after these days, and alarms count from then on.
YOUNG = 56
# Days that a store is followed, at most and at least.
LONGEST, SHORTEST = 3_650, 400
# The first limit: the growth of so many days at the present pace, or this share in use.
LEADS = (91, 182, 364, 546, 1_092)
SHARES = (0.1, 0.2, 0.35, 0.5, 0.6, 0.7, 0.8, 0.9)
# The factor by which the limit of a full store is raised.
RAISE = 1.5


@dataclass(frozen=True)
class Spell:
    """The scans below one limit, from `begin` to before `end`, and the day on which it was reached."""

    begin: int
    end: int
    full: int | None


@dataclass(frozen=True)
class Store:
    """The scans of a store; days count from the first day of the level."""

    level: Level
    number: int
    scans: np.ndarray
    # In force at each scan.
    limits: np.ndarray
    spells: list[Spell]

    @property
    def name(self):
        return f"{self.level.source}/{self.level.name}/{self.level.rule}/{self.number}"

    @property
    def used(self):
        return self.level.amounts[self.scans]

    @property
    def share(self):
        return self.used / self.limits

    @property
    def end(self):
        """The last day on which it is known whether the store is full."""
        return min(self.scans[-1] + WEEK, len(self.level.amounts)) - 1

    def rows(self):
        """A row `time,used,limit` for each scan."""
        return [f"{day_of(scan)},{int(used)},{int(limit)}\n" for scan, (used, limit) in
                enumerate(zip(self.used, self.limits, strict=True))]


def day_of(scan):
    return FIRST_SCAN + timedelta(days=WEEK * scan)


def of(levels, per_level, seed):
    """The stores of each level: the first has its whole history, each other one starts somewhere in its first half."""
    rng = np.random.default_rng(seed)
    found = [one(level, number, rng) for level in levels for number in range(per_level)]
    return [store for store in found if store is not None]


def one(level, number, rng):
    end = len(level.amounts)
    start = 0 if number == 0 else int(rng.integers(0, max(end // 2, 1)))
    scans = np.arange(start, min(end, start + LONGEST), WEEK)
    if scans[-1] - start < SHORTEST or level.amounts[start + YOUNG] <= 0:
        return None
    limits, spells = lived(level.amounts, scans, first_limit(level.amounts, start, rng))
    return Store(level, number, scans, limits, spells)


def first_limit(amounts, start, rng):
    """A limit by what is known when the store is young, as make_tasks.py chooses it."""
    used = amounts[start + YOUNG]
    pace = max((used - amounts[start]) / YOUNG, used / 3_650)
    if rng.random() < 0.5:
        limit = used + pace * float(rng.choice(LEADS)) * float(np.exp(rng.normal(0, 0.4)))
    else:
        limit = used / float(rng.choice(SHARES))
    if rng.random() < 0.3:
        limit = float(f"{limit:.1e}")
    return raised(limit, used)


def raised(limit, used):
    while limit <= used * 1.0005:
        limit *= RAISE
    return float(int(limit))


def lived(amounts, scans, limit):
    """The limit at each scan, and the spells: after the scan that finds the store full, its limit is raised."""
    limits, spells = np.empty(len(scans)), []
    begin = YOUNG // WEEK
    since = scans[begin]
    for scan, day in enumerate(scans):
        limits[scan] = limit
        over = np.flatnonzero(amounts[since : day + 1] >= limit) if scan >= begin else []
        if len(over):
            spells.append(Spell(begin, scan, int(since + over[0])))
            limit = raised(limit * RAISE, amounts[since : day + 1].max())
            begin, since = scan + 1, day + 1
    if begin < len(scans):
        spells.append(Spell(begin, len(scans), None))
    return limits, spells
