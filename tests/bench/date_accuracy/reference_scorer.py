"""Scores by score.py of ../shared/eval, for all tasks or for some."""

import csv
import subprocess
import sys
import tempfile
from pathlib import Path

from training import paths
from training.failed import Failed


def score(trial, answers, chosen=lambda row: True):
    """The scores of each file of answers, over the chosen tasks."""
    rows = [row for row in trial.truth if chosen(row)]
    with tempfile.TemporaryDirectory() as directory:
        truth = Path(directory) / "truth.csv"
        with open(truth, "w", newline="") as file:
            writer = csv.DictWriter(file, trial.truth[0])
            writer.writeheader()
            writer.writerows(rows)
        (Path(directory) / "tasks.csv").symlink_to(trial.tasks.resolve())
        named = [f"{name}={path}" for name, path in answers.items()]
        done = subprocess.run([sys.executable, paths.EVAL / "score.py", truth, *named], capture_output=True, text=True)
    if done.returncode:
        raise Failed(f"score.py failed: {done.stderr.strip()}")
    return parsed(done.stdout)


def parsed(printed):
    """The first table of the output: a line of column names, and a line for each forecaster, best first."""
    head, *lines = printed.split("\n\n")[0].splitlines()
    columns = head.split()
    rows = [line.split() for line in lines]
    return {name: dict(zip(columns, map(float, figures))) for name, *figures in rows}
