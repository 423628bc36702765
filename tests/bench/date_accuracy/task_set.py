"""The tasks of some seeds in one folder, made from a folder of data by make_tasks.py of ../shared/eval."""

import csv
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from training import paths
from training.failed import Failed

FILES = ["tasks.csv", "truth.csv"]


@dataclass(frozen=True)
class Trial:
    folder: Path
    truth: list[dict[str, str]]

    @property
    def tasks(self):
        return self.folder / "tasks.csv"

    def rows(self):
        """The rows of each series, oldest first."""
        found = {}
        with open(self.tasks) as file:
            for row in csv.DictReader(file):
                found.setdefault(row["series"], []).append(row)
        return found

    def sources(self):
        return sorted({source(row) for row in self.truth})

    def histories(self):
        return sorted({row["history_days"] for row in self.truth}, key=int)


def source(row):
    return row["series"].split("/")[0]


def of_seeds(work, seeds, data, per_store, options=()):
    """The tasks of these seeds below `work`, `per_store` of each store; made from the data if they are missing."""
    folder = work / "+".join(map(str, seeds))
    if not (folder / "truth.csv").exists():
        folder.mkdir(parents=True, exist_ok=True)
        for seed in seeds:
            make(folder / f"seed-{seed}", seed, data, per_store, options)
        for name in FILES:
            join(folder, name, seeds)
    with open(folder / "truth.csv") as file:
        return Trial(folder, list(csv.DictReader(file)))


def make(folder, seed, data, per_store, options):
    script = paths.EVAL / "make_tasks.py"
    command = [sys.executable, script, data, folder, "--seed", str(seed), "--per-level", str(per_store), *options]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise Failed(f"make_tasks.py failed: {done.stderr.strip()}")


def join(folder, name, seeds):
    """Joins the files of all seeds. The seed is part of a series' name, because the seeds share their names."""
    with open(folder / name, "w", newline="") as out:
        writer = None
        for seed in seeds:
            with open(folder / f"seed-{seed}" / name) as file:
                for row in csv.DictReader(file):
                    writer = writer or header(csv.DictWriter(out, row))
                    writer.writerow(row | {"series": f"{row['series']}@{seed}"})


def header(writer):
    writer.writeheader()
    return writer


def write_rows(path, histories):
    """Writes the rows of all series as a table for `mailrunway forecast --input`."""
    with open(path, "w", newline="") as out:
        writer = header(csv.DictWriter(out, ["series", "time", "used", "limit"]))
        for rows in histories.values():
            writer.writerows(rows)
    return path
