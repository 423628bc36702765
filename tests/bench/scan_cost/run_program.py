"""Runs programs for their output."""

import os
import subprocess

from scan_cost.failed import Failed


def environment(home):
    """The environment of every program: without the user's settings, in the C locale."""
    return {"PATH": os.environ["PATH"], "HOME": str(home), "LC_ALL": "C.UTF-8"}


def output(argv, environment):
    """The output of the program; fails if the program fails."""
    done = subprocess.run(argv, env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    if done.returncode:
        message = done.stderr.decode(errors="replace").strip()
        raise Failed(f"{' '.join(argv)} ended with {done.returncode}: {message or 'no message'}")
    return done.stdout
