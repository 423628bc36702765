"""Forecasts every source with constants that were trained without it."""

import subprocess
import sys

from date_accuracy import mailrunway, task_set
from training import paths
from training.failed import Failed


def lines(tried, say):
    """The answers to the tasks of each source, with the constants of the other sources."""
    histories = tried.rows()
    found = {}
    for source in tried.sources():
        own = {name: rows for name, rows in histories.items() if name.split("/")[0] == source}
        table = task_set.write_rows(tried.folder / f"of-{source}.csv", own)
        answered, _ = mailrunway.answer(table, constants=constants_without(source, say))
        found |= mailrunway.lines(answered)
    return found


def constants_without(source, say):
    """The file of these constants; an existing file is reused."""
    file = paths.WORK / f"without-{source}.json"
    if not file.exists():
        say(f"training without {source}: some minutes")
        command = [sys.executable, "-m", "training", "--without", source, "--out", file]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            raise Failed(f"training without {source} failed: {done.stderr.strip()[-400:]}")
    return file
