"""Tasks: histories, limits and outcomes, made by make_tasks.py of ../shared/eval."""

import csv
import datetime
import subprocess
import sys
from dataclasses import dataclass

import numpy as np

from training import augmentation, history_features, paths

PER_STORE = "12"
# The days of history of the tasks of the first month.
FIRST_MONTH = "3,8,14,21,28"
HORIZONS = (28, 91, 182, 364)


@dataclass(frozen=True)
class Tasks:
    """Tasks as columns: the features of each history, and its outcome."""

    name: np.ndarray
    source: np.ndarray
    past: dict[str, np.ndarray]
    # The days until the limit was reached; NaN where it was not reached before the end.
    lead: np.ndarray
    end: np.ndarray
    # The levels at the horizons; NaN where they are not known.
    levels: np.ndarray
    # The unit per day in which the scorer measures errors of the level.
    unit: np.ndarray

    def where(self, chosen):
        columns = {name: column[chosen] for name, column in self.past.items()}
        others = (self.name, self.source, self.lead, self.end, self.levels, self.unit)
        name, source, lead, end, levels, unit = (column[chosen] for column in others)
        return Tasks(name, source, columns, lead, end, levels, unit)


def joined(parts):
    columns = {name: np.concatenate([part.past[name] for part in parts]) for name in parts[0].past}
    others = ("name", "source", "lead", "end", "levels", "unit")
    return Tasks(past=columns, **{name: np.concatenate([getattr(part, name) for part in parts]) for name in others})


def of_sources(seed):
    return obtain(paths.EVAL / "data", f"sources-{seed}", seed)


def of_first_months(seed):
    """Tasks with histories of the first month, scanned daily."""
    return obtain(paths.EVAL / "data", f"first-months-{seed}", seed, "--histories", FIRST_MONTH)


def of_copies(kind, seed):
    return obtain(augmentation.folder(kind), f"{kind}-{seed}", seed)


def obtain(data, name, seed, *options):
    """The tasks of that name, made if they are missing; their features are stored beside them."""
    folder = paths.WORK / "tasks" / name
    if not (folder / "past.npz").exists():
        make(data, folder, seed, options)
        np.savez(folder / "past.npz", **columns(folder))
    with np.load(folder / "past.npz") as kept:
        known = {name: kept[name] for name in kept}
    names = [field for field in Tasks.__dataclass_fields__ if field != "past"]
    of_tasks = {name: known.pop(name) for name in names}
    return Tasks(past=known, **of_tasks)


def make(data, folder, seed, options):
    script = str(paths.EVAL / "make_tasks.py")
    command = [sys.executable, script, str(data), str(folder), "--seed", str(seed), "--per-level", PER_STORE, *options]
    subprocess.run(command, check=True, capture_output=True)


def read(folder):
    """The days, levels and limit of each series of a folder."""
    found = {}
    with open(folder / "tasks.csv") as file:
        for row in csv.DictReader(file):
            day = datetime.date.fromisoformat(row["time"]).toordinal()
            found.setdefault(row["series"], []).append((day, float(row["used"]), float(row["limit"])))
    return {name: tuple(np.array(rows).T) for name, rows in found.items()}


def truth(folder):
    with open(folder / "truth.csv") as file:
        return list(csv.DictReader(file))


def columns(folder):
    histories = read(folder)
    rows = [of_task(row, *histories[row["series"]]) for row in truth(folder)]
    return {name: np.array([row[name] for row in rows]) for name in rows[0]}


def of_task(row, days, used, limits):
    end = min(history_features.THREE_YEARS, float(row["censored_days"]))
    lead = float(row["lead_days"] or "nan")
    unit = np.abs(np.diff(used)).sum() / max(days[-1] - days[0], 1)
    return history_features.of(days, used, limits[-1]) | {
        "name": row["series"],
        "source": row["series"].split("/")[0],
        "lead": lead if lead <= end else np.nan,
        "end": end,
        "levels": np.array([float(row[f"level_{days}"] or "nan") for days in HORIZONS]),
        "unit": max(unit, float(row["used"]) / 3_650),
    }
