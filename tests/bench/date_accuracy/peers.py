"""Other forecast methods: those of baselines.py of ../shared/eval."""

import subprocess
import sys

from training import paths
from training.failed import Failed

QUICK = ["bootstrap", "brownian", "theil_sen", "ols", "lisa11", "predict_linear"]
SLOW = ["autoets", "autotheta", "prophet"]


def answers(trial, names, say):
    """The files of their answers; missing ones are created, which takes minutes for the slow methods."""
    folder = trial.folder / "peers"
    files = {name: folder / f"{name}.jsonl" for name in names}
    for name, file in files.items():
        if not file.exists():
            say(f"running {name}")
            forecast(trial, name, file)
    return files


def forecast(trial, name, file):
    unfinished = file.parent / "unfinished"
    command = [sys.executable, paths.EVAL / "baselines.py", trial.tasks, unfinished, name]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise Failed(f"baselines.py {name} failed: {done.stderr.strip()[-400:]}")
    (unfinished / file.name).rename(file)
