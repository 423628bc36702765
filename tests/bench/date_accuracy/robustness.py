"""Histories that are broken on purpose: a step a month before the end, and one scan that cannot be."""

import datetime
from random import Random

import numpy as np

from date_accuracy import mailrunway, task_set
from date_accuracy.scores import OURS
from scan_cost.markdown_table import markdown

DAYS_BEFORE = 30
STEPS = (0.05, 0.30)
# What is wrong with the one scan, as factors.
ABSURD = {"zero": 0.0, "× 0.4": 0.4, "× 10": 10.0}
FEWEST_SCANS = 6
MUCH = 0.10
BEYOND = 1_095
# A tenth of the level a year is growth that counts, as in the scorer.
DAYS_OF_LEVEL = 3_650


def by_step(tried, lines):
    """What an import or a purge, the limit shifted along, does to the growth a day, beside the least squares line."""
    histories = tried.rows()
    stepped = {name: with_step(rows, Random(f"step {name}")) for name, rows in histories.items()}
    answered, _ = mailrunway.answer(task_set.write_rows(tried.folder / "steps.csv", stepped))
    after = mailrunway.lines(answered)
    days = {row["series"]: row["history_days"] for row in tried.truth}
    changes = {OURS: {}, "ols": {}}
    for name, rows in histories.items():
        least = float(rows[-1]["used"]) / DAYS_OF_LEVEL
        growth = [told[name]["growth_per_day"]["p50"] for told in (lines, after)]
        changes[OURS][name] = change(*growth, least)
        changes["ols"][name] = change(slope(rows), slope(stepped[name]), least)
    rows = []
    for history in ["all", *tried.histories()]:
        chosen = [name for name in histories if history in ("all", days[name])]
        told = [summary([changes[method][name] for name in chosen]) for method in changes]
        rows.append([history if history == "all" else f"{history} days", *(cell for cells in told for cell in cells)])
    columns = ["", *(f"{method}, {what}" for method in changes for what in ("median", "over 10 %"))]
    return markdown(columns, rows) + "\n"


def with_step(rows, draw):
    """A share of the level comes or goes a month before the end."""
    last = datetime.date.fromisoformat(rows[-1]["time"])
    size = draw.uniform(*STEPS) * draw.choice((-1, 1)) * float(rows[-1]["used"])
    is_after = lambda row: (last - datetime.date.fromisoformat(row["time"])).days < DAYS_BEFORE
    shift = lambda row: row | {"used": max(0, int(float(row["used"]) + size))} if is_after(row) else row
    return [shift(row) | {"limit": max(1, int(float(row["limit"]) + size))} for row in rows]


def slope(rows):
    days = [datetime.date.fromisoformat(row["time"]).toordinal() for row in rows]
    return np.polyfit(np.array(days) - days[-1], [float(row["used"]) for row in rows], 1)[0]


def change(before, after, least):
    return abs(after - before) / max(abs(before), least)


def by_absurd_scan(tried, lines):
    """What one absurd scan somewhere inside does to the median date."""
    rows = []
    for name, factor in ABSURD.items():
        histories = {series: with_absurd(own, factor, Random(series)) for series, own in tried.rows().items()}
        histories = {series: own for series, own in histories.items() if len(own) >= FEWEST_SCANS}
        answered, _ = mailrunway.answer(task_set.write_rows(tried.folder / "absurd.csv", histories))
        after = mailrunway.lines(answered)
        changes = [abs(np.log(days(after[series]) / days(lines[series]))) for series in histories]
        alike = np.mean(np.array(changes) == 0)
        rows.append([name, *summary(changes), f"{alike:.3f}"])
    return markdown(["one scan is", "median change", "over 10 %", "the same day"], rows) + "\n"


def with_absurd(rows, factor, draw):
    place = draw.randrange(1, len(rows) - 1)
    return [row | {"used": int(float(row["used"]) * factor)} if at == place else row for at, row in enumerate(rows)]


def days(line):
    """The median date in days, at most three years."""
    date = line["exhaustion"]["p50"]
    as_of = datetime.date.fromisoformat(line["as_of"])
    return (datetime.date.fromisoformat(date) - as_of).days if date else BEYOND


def summary(changes):
    return f"{np.median(changes):.3f}", f"{np.mean(np.array(changes) > MUCH):.3f}"
