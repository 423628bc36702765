"""The command line: makes the tasks, fits the constants and writes their file."""

import argparse
import sys
from pathlib import Path

import jax

jax.config.update("jax_enable_x64", True)

from training import augmentation, check, constants, fit, paths, tasks
from training.failed import Failed

# The seeds of the tasks of the sources, whole and in their first month, and of their altered copies.
SEEDS, COPY_SEEDS = range(101, 104), (0, 1)


def main():
    parser = argparse.ArgumentParser(
        prog="notebooks/model/train",
        description="Trains the constants of the forecast on ../shared/eval, and writes them in the format of "
        "data/model.json.",
    )
    parser.add_argument(
        "--without", metavar="SOURCE", help="leave out a source and all its altered copies: btrfs, treesize …"
    )
    parser.add_argument("--out", type=Path, metavar="FILE", help="the file to write (standard output)")
    parser.add_argument(
        "--check", action="store_true", help="do not train; check that the program computes the same forecasts"
    )
    chosen = parser.parse_args()
    try:
        paths.check()
        if chosen.check:
            check.against_program(say)
        else:
            learn(chosen)
    except Failed as failed:
        say(failed)
        return 1
    return 0


def learn(chosen):
    own = [make(seed) for make in (tasks.of_sources, tasks.of_first_months) for seed in SEEDS]
    copied = [tasks.of_copies(kind, seed) for kind in augmentation.KINDS for seed in COPY_SEEDS]
    known = without(chosen.without, tasks.joined(own + copied))
    text = constants.text(fit.of(known, say))
    if chosen.out:
        chosen.out.write_text(text)
    else:
        print(text, end="")


def without(source, all_tasks):
    if source is None:
        return all_tasks
    if source not in all_tasks.source:
        raise Failed(f"there is no source {source!r}; the sources are {', '.join(sorted(set(all_tasks.source)))}")
    return all_tasks.where(all_tasks.source != source)


def say(text):
    """Prints a message to standard error; standard output has only the constants."""
    print(f"notebooks/model/train: {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
