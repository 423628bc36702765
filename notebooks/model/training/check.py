"""Checks that this code and the program compute the same probabilities, on the same tasks."""

import json
import subprocess

import numpy as np
from scipy.special import ndtr, ndtri

from training import law, paths, tasks
from training.failed import Failed
from training.fit import columns
from training.history_features import DAYS

SEED, LIMIT = 7, 400
ALLOWED = 1e-6
PROBABILITIES = (7, 30, 90, 180, 365)


def against_program(say):
    """Forecasts tasks by data/model.json with both; fails if the two differ."""
    for name, made in (("sources", tasks.of_sources(SEED)), ("first-months", tasks.of_first_months(SEED))):
        chosen = made.where(slice(LIMIT))
        model = json.loads(paths.MODEL.read_text())
        lines = answers(paths.WORK / "tasks" / f"{name}-{SEED}")
        shares = np.asarray(law.shares(model, columns(chosen)))
        ours = np.array([[share_within(row, days) for days in PROBABILITIES] for row in shares])
        theirs = np.array([[probability["p"] for probability in lines[of]["probability"]] for of in chosen.name])
        difference = np.abs(ours - theirs).max()
        say(f"{name}: probabilities differ from the program's by at most {difference:.2g}, over {len(ours)} series")
        if difference > ALLOWED:
            raise Failed("notebooks/model/train and the program differ: only one of the two was changed")


def share_within(shares, days):
    """As in src/forecast/passage.rs: linear in the normal scores and the logarithm of the days."""
    scores = ndtri(np.clip(shares, 1e-12, 1 - 1e-12))
    return ndtr(np.interp(np.log(days), np.log(DAYS), scores))


def answers(folder):
    command = [paths.MAILRUNWAY, "forecast", "--input", folder / "tasks.csv", "--format", "json"]
    done = subprocess.run(command, check=True, capture_output=True)
    return {line["series"]: line for line in map(json.loads, done.stdout.splitlines())}
