"""Histories with an artificial defect: a step a month before the end, or one outlier scan."""

import datetime
from random import Random

import numpy as np

from date_accuracy import mailrunway, task_set
from date_accuracy.scores import OURS
from scan_cost.markdown_table import markdown

DAYS_BEFORE = 30
STEPS = (0.05, 0.30)
# The factors of the outlier scan.
OUTLIERS = {"zero": 0.0, "× 0.4": 0.4, "× 10": 10.0}
FEWEST_SCANS = 6
LARGE_CHANGE = 0.10
BEYOND = 1_095
# Changes of growth are relative to at least a tenth of the level a year, as in the scorer.
DAYS_OF_LEVEL = 3_650


def by_step(tried, lines):
    """The change of the growth per day after an import or a purge (the limit moves by the same amount), for mailrunway
    and for the least squares line."""
    histories = tried.rows()
    stepped = {name: with_step(rows, Random(f"step {name}")) for name, rows in histories.items()}
    answered, _ = mailrunway.answer(task_set.write_rows(tried.folder / "steps.csv", stepped))
    after = mailrunway.lines(answered)
    days = {row["series"]: row["history_days"] for row in tried.truth}
    changes = {OURS: {}, "ols": {}}
    for name, rows in histories.items():
        least = float(rows[-1]["used"]) / DAYS_OF_LEVEL
        growth = [answers[name]["growth_per_day"]["p50"] for answers in (lines, after)]
        changes[OURS][name] = change(*growth, least)
        changes["ols"][name] = change(slope(rows), slope(stepped[name]), least)
    rows = []
    for history in ["all", *tried.histories()]:
        chosen = [name for name in histories if history in ("all", days[name])]
        summaries = [summary([changes[method][name] for name in chosen]) for method in changes]
        label = history if history == "all" else f"{history} days"
        rows.append([label, *(cell for cells in summaries for cell in cells)])
    columns = ["", *(f"{method}, {what}" for method in changes for what in ("median", "over 10 %"))]
    return markdown(columns, rows) + "\n"


def with_step(rows, draw):
    """The rows with a step up or down by a share of the level, a month before the end."""
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


def by_outlier(tried, lines):
    """The change of the median date by one outlier scan, which is neither the first nor the last."""
    rows = []
    for name, factor in OUTLIERS.items():
        histories = {series: with_outlier(own, factor, Random(series)) for series, own in tried.rows().items()}
        histories = {series: own for series, own in histories.items() if len(own) >= FEWEST_SCANS}
        answered, _ = mailrunway.answer(task_set.write_rows(tried.folder / "outliers.csv", histories))
        after = mailrunway.lines(answered)
        changes = [abs(np.log(days(after[series]) / days(lines[series]))) for series in histories]
        alike = np.mean(np.array(changes) == 0)
        rows.append([name, *summary(changes), f"{alike:.3f}"])
    return markdown(["one scan is", "median change", "over 10 %", "the same day"], rows) + "\n"


def with_outlier(rows, factor, draw):
    place = draw.randrange(1, len(rows) - 1)
    return [row | {"used": int(float(row["used"]) * factor)} if at == place else row for at, row in enumerate(rows)]


def days(line):
    """The median date in days, at most three years."""
    date = line["exhaustion"]["p50"]
    as_of = datetime.date.fromisoformat(line["as_of"])
    return (datetime.date.fromisoformat(date) - as_of).days if date else BEYOND


def summary(changes):
    return f"{np.median(changes):.3f}", f"{np.mean(np.array(changes) > LARGE_CHANGE):.3f}"
