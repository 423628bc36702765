"""The real levels by day: of ../shared/eval, with the rules of deletion of its make_tasks.py, and of data/archives."""

import contextlib
import io
import runpy
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from date_accuracy import archives
from training import paths

RULES = ["keep", "retain", "events", "policy"]
# The source of levels; all others are of arrivals.
LEVELS = "treesize"


@dataclass(frozen=True)
class Level:
    """A level by day, without gaps. `rule` is how mail is deleted."""

    source: str
    name: str
    rule: str
    amounts: np.ndarray


def maker():
    """The functions of make_tasks.py, which also runs when it is imported: over an empty directory."""
    script = paths.EVAL / "make_tasks.py"
    with tempfile.TemporaryDirectory() as empty:
        arguments, sys.argv = sys.argv, [str(script), empty, empty]
        try:
            with contextlib.redirect_stderr(io.StringIO()):
                return runpy.run_path(str(script))
        finally:
            sys.argv = arguments


def of_eval(seed):
    make, rng = maker(), np.random.default_rng(seed)
    yield from of_arrivals(make, rng, paths.EVAL / "data", lambda count: RULES)
    for name, _, amounts in make["levels"](str(paths.EVAL / f"data/series-{LEVELS}.csv.gz")):
        yield Level(LEVELS, name, "level", amounts)


def of_archives(seed, work: Path):
    """Archives are many: each of their stores gets one rule in turn."""
    rng = np.random.default_rng(seed)
    yield from of_arrivals(maker(), rng, archives.folder(work), lambda count: [RULES[count % len(RULES)]])


def of_arrivals(make, rng, folder, rules_of):
    for file in sorted(folder.glob("arrivals-*.csv.gz")):
        source = file.name.removeprefix("arrivals-").removesuffix(".csv.gz")
        for count, (box, rows) in enumerate(sorted(make["arrivals"](str(file)).items())):
            for rule in rules_of(count):
                yield Level(source, box[:8], rule, make["level_of"](rows, rule, rng)[1])
