"""Checks that this code and the program compute the same forecasts, on the same tasks."""

import json
import subprocess

import jax.numpy as jnp
import numpy as np

from training import date, paths, tasks
from training.failed import Failed
from training.fit import QUANTILES, columns
from training.level import LevelLaw
from training.history_features import DAYS

SEED, LIMIT = 7, 400
ALLOWED = 1e-3
# As `raised` uses it.
MARGIN = 0.02
PROBABILITIES = (7, 30, 90, 180, 365)
NAMES = [f"p{100 * p:02.0f}" for p in QUANTILES]


def against_program(say):
    """Forecasts tasks by data/model.json with both; fails if the two differ."""
    chosen = tasks.of_sources(SEED).where(slice(LIMIT))
    model = json.loads(paths.MODEL.read_text())
    lines = answers(paths.WORK / "tasks" / f"sources-{SEED}")
    theirs = [lines[name] for name in chosen.name]
    past = columns(chosen)
    deep = {name: column[:, :, None] for name, column in past.items() if name not in ("passed", "open")}
    law = LevelLaw(deep, model["level"])
    shares = raised(date.shares(model["date"], past), law, deep["free"])
    at = lambda row, days: np.interp(np.log(days), np.log(DAYS), row)
    ours = np.array([[at(row, days) for days in PROBABILITIES] for row in shares])
    predicted = np.array([[probability["p"] for probability in line["probability"]] for line in theirs])
    report(say, "probabilities", np.abs(ours - predicted))
    gains = law.quantiles(jnp.array(tasks.HORIZONS)[:, None], QUANTILES)
    ours = np.maximum(np.asarray(gains) + chosen.past["level"][:, None, None], 0)
    predicted = np.array([[[level[name] for name in NAMES] for level in levels_of(line)] for line in theirs])
    differences = np.abs(ours - predicted) / chosen.past["level"][:, None, None]
    report(say, "quantiles of levels, as shares of the level", differences)


def raised(shares, law, free):
    """As in src/forecast/evidence.rs: reaching the limit is not much less probable than a level above the limit."""
    above = 1 - law.at_most(free, DAYS[:, None])[:, :, 0] - MARGIN
    return np.asarray(date.rising(jnp.maximum(shares, above)))


def levels_of(line):
    """The levels at the horizons, out of weekly levels."""
    return [line["level"][days // 7 - 1] for days in tasks.HORIZONS]


def answers(folder):
    command = [paths.MAILRUNWAY, "forecast", "--input", folder / "tasks.csv", "--format", "json"]
    done = subprocess.run(command, check=True, capture_output=True)
    return {line["series"]: line for line in map(json.loads, done.stdout.splitlines())}


def report(say, what, differences):
    # The program rounds to whole numbers: at most 0.5 off, which is negligible for these stores.
    say(f"{what}: differ from the program's by at most {differences.max():.2g}, over {len(differences)} series")
    if differences.max() > ALLOWED:
        raise Failed(f"{what} of notebooks/model/train and of the program differ: only one of the two was changed")
