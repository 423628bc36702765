"""The forecast of every store at every scan: a table in which each scan is a series of its own."""

import json
import subprocess
from datetime import date

import numpy as np

from training import paths
from training.failed import Failed

QUANTILES = ("p05", "p10", "p25", "p50")


def of(stores, constants=None):
    """By store and quantile, the days from each scan to the date: 0 if it is full, infinite beyond the horizon."""
    return {store.name: of_store(store, constants) for store in stores}


def of_store(store, constants):
    found = np.full((len(store.scans), len(QUANTILES)), np.inf)
    for line in answer(table(store), constants):
        found[int(line["series"])] = days(line)
    return dict(zip(QUANTILES, found.T, strict=True))


def table(store):
    """The rows of the first two scans, of the first three, and so on: one scan has no forecast."""
    own = store.rows()
    series = (f"{scan},{row}" for scan in range(1, len(own)) for row in own[: scan + 1])
    return "series,time,used,limit\n" + "".join(series)


def answer(table, constants):
    command = [paths.MAILRUNWAY, "forecast", "--input", "-", "--format", "json"]
    if constants:
        command += ["--constants", constants]
    done = subprocess.run(command, input=table.encode(), capture_output=True)
    if done.returncode:
        raise Failed(f"{' '.join(map(str, command))}: {done.stderr.decode().strip()}")
    return map(json.loads, done.stdout.splitlines())


def days(line):
    if line["state"] == "already":
        return [0] * len(QUANTILES)
    # What does not grow has no date for a plan, as in `Forecast::days_to_full`.
    dates = {} if line["state"] == "not_growing" else line.get("exhaustion") or {}
    return [until(line["as_of"], dates.get(name)) for name in QUANTILES]


def until(start, end):
    return np.inf if end is None else (date.fromisoformat(end) - date.fromisoformat(start)).days
