"""Programs that are run for what they print."""

import os
import subprocess

from scan_cost.failed import Failed


def environment(home):
    """What every program is given: no settings of the person who runs the benchmark, and no other language."""
    return {"PATH": os.environ["PATH"], "HOME": str(home), "LC_ALL": "C.UTF-8"}


def output(argv, environment):
    """What the program prints; it fails if the program does."""
    done = subprocess.run(argv, env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip()
        raise Failed(f"{' '.join(argv)} ended with {done.returncode}: {said or 'it said nothing'}")
    return done.stdout
