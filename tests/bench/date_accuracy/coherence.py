"""Whether the date and the fan of each forecast agree, by coherence.py of ../shared/eval."""

import ast
import subprocess
import sys
import tempfile

from scan_cost.markdown_table import markdown
from training import paths
from training.failed import Failed

COLUMNS = {
    "impossible05": "5 % edge before its date",
    "impossible10": "10 % edge before its date",
    "impossible25": "25 % edge before its date",
    "apart": "median line after the median date",
    "cliffs": "sharply bent edges",
    "n": "forecasts",
    "dated": "with a median date",
}


def table(answered):
    """The shares of forecasts, from the bytes of an answer."""
    with tempfile.NamedTemporaryFile(suffix=".jsonl") as file:
        file.write(answered)
        file.flush()
        command = [sys.executable, paths.EVAL / "coherence.py", file.name]
        done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise Failed(f"coherence.py failed: {done.stderr.strip()[-400:]}")
    shares = ast.literal_eval(done.stdout.partition(" ")[2].strip())
    return markdown([*COLUMNS.values()], [[str(shares[column]) for column in COLUMNS]]) + "\n"
