"""What the alarms of a rule were worth: how many were false, and how many fillings were warned of in time."""

from collections import Counter
from dataclasses import dataclass, field

import numpy as np

from false_alarms.rules import CRITICAL, MONTH, QUARTER, WARNING
from false_alarms.stores import WEEK

# A filling is a jump if one day brought so much of the room that was left a month before.
JUMP = 0.5
DAYS_A_YEAR = 365.25
# The days within which an alarm of each level must be followed by a full store.
WITHIN = {WARNING: QUARTER, CRITICAL: MONTH}


@dataclass
class Score:
    scans: int = 0
    changes: int = 0
    fillings: int = 0
    # Of the fillings: within a month of a new limit, so that nobody can be warned; the others; of these, no jumps.
    too_early: int = 0
    judged: int = 0
    gradual: int = 0
    # By level.
    false: Counter = field(default_factory=Counter)
    warned: Counter = field(default_factory=Counter)
    warned_gradual: Counter = field(default_factory=Counter)
    before: Counter = field(default_factory=Counter)
    # By level, of each filling the days that the store then had been in that level or a higher one.
    leads: dict = field(default_factory=lambda: {WARNING: [], CRITICAL: []})

    def a_year(self, count):
        return count / (self.scans * WEEK / DAYS_A_YEAR)


def of(stores, levels):
    """The score of a rule, from its levels at the scans of each store."""
    score = Score()
    for store in stores:
        for spell in store.spells:
            days, seen = store.scans[spell.begin : spell.end], levels[store.name][spell.begin : spell.end]
            score.scans += len(days)
            score.changes += int((np.diff(seen) != 0).sum())
            for level, within in WITHIN.items():
                for begin, _ in episodes(seen >= level):
                    score.false[level] += is_false(days[begin] + within, spell.full, store.end)
            if spell.full is not None:
                filled(score, store, spell, days, seen)
    return score


def episodes(on):
    """The begin and end of each run of true values."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], on.astype(int), [0]])))
    return list(zip(edges[::2], edges[1::2], strict=True))


def is_false(until, full, known_until):
    """Whether the store is not full by the day `until`. An alarm whose end is not known is not false."""
    return int(full > until if full is not None else known_until >= until)


def filled(score, store, spell, days, seen):
    """Counts a filling, and whether alarms stood without a break from a month before until it."""
    score.fillings += 1
    month_ago = spell.full - MONTH
    if not len(days) or days[0] > month_ago:
        score.too_early += 1
        return
    amounts, limit = store.level.amounts, store.limits[spell.begin]
    is_gradual = np.diff(amounts[month_ago : spell.full + 1]).max() < JUMP * (limit - amounts[month_ago])
    score.judged += 1
    score.gradual += int(is_gradual)
    from_then = seen[np.searchsorted(days, month_ago, side="right") - 1 :]
    for level, leads in score.leads.items():
        stood = bool((from_then >= level).all())
        score.warned[level] += stood
        score.warned_gradual[level] += stood and is_gradual
        last = [begin for begin, end in episodes(seen >= level) if end == len(seen)]
        score.before[level] += bool(last)
        leads.append(spell.full - days[last[0]] if last else 0)
