"""Runs `mailrunway forecast` and measures its time."""

import json
import os
import subprocess
import time

from training import paths
from training.failed import Failed
from training.tasks import HORIZONS

# As the scorer of ../shared/eval requires.
OPTIONS = ["--format", "json", "--horizon", "3y"]


def answer(tasks, threads=2, constants=None):
    """The bytes of the answer, and the seconds that it took."""
    command = [paths.MAILRUNWAY, "forecast", "--input", tasks, *OPTIONS]
    if constants:
        command += ["--constants", constants]
    started = time.perf_counter()
    done = subprocess.run(command, capture_output=True, env=os.environ | {"RAYON_NUM_THREADS": str(threads)})
    took = time.perf_counter() - started
    if done.returncode:
        raise Failed(f"{' '.join(map(str, command))}: {done.stderr.decode().strip()}")
    return done.stdout, took


def lines(answered):
    """The scored part of an answer, by series: levels only at the horizons."""
    return {line["series"]: slim(line) for line in map(json.loads, answered.splitlines())}


def slim(line):
    at_horizons = [line["level"][days // 7 - 1] for days in HORIZONS] if line["level"] else []
    return line | {"level": at_horizons}


def write(lines, path):
    path.write_text("".join(json.dumps(line) + "\n" for line in lines.values()))
    return path
