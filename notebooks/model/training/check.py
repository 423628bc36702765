"""Whether the laws here are those of the program: the same tasks through both."""

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
TOLD_APART = 0.02
PROBABILITIES = (7, 30, 90, 180, 365)
NAMES = [f"p{100 * p:02.0f}" for p in QUANTILES]


def against_program(say):
    """Forecasts tasks by data/model.json here and there; fails where the two disagree."""
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
    told = np.array([[probability["p"] for probability in line["probability"]] for line in theirs])
    report(say, "probabilities", np.abs(ours - told))
    gains = law.quantiles(jnp.array(tasks.HORIZONS)[:, None], QUANTILES)
    ours = np.maximum(np.asarray(gains) + chosen.past["level"][:, None, None], 0)
    told = np.array([[[level[name] for name in NAMES] for level in levels_of(line)] for line in theirs])
    differences = np.abs(ours - told) / chosen.past["level"][:, None, None]
    report(say, "quantiles of levels, as shares of the level", differences)


def raised(shares, law, free):
    """As src/forecast/evidence.rs does it, after all: a limit is not much less probable than a level above it."""
    above = 1 - law.at_most(free, DAYS[:, None])[:, :, 0] - TOLD_APART
    return np.asarray(date.rising(jnp.maximum(shares, above)))


def levels_of(line):
    """The levels at the horizons, which are told weekly."""
    return [line["level"][days // 7 - 1] for days in tasks.HORIZONS]


def answers(folder):
    command = [paths.MAILRUNWAY, "forecast", "--input", folder / "tasks.csv", "--format", "json"]
    done = subprocess.run(command, check=True, capture_output=True)
    return {line["series"]: line for line in map(json.loads, done.stdout.splitlines())}


def report(say, what, differences):
    # A whole number is at most a half away from what was meant; in these stores that is nothing.
    say(f"{what}: at most {differences.max():.2g} between here and the program, of {len(differences)} series")
    if differences.max() > ALLOWED:
        raise Failed(f"{what} of notebooks/model/train and of the program differ: one of the two was changed alone")
