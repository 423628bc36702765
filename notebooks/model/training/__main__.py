"""The command: tasks, fits, and the file of the constants."""

import argparse
import sys
from pathlib import Path

import jax

jax.config.update("jax_enable_x64", True)

from training import augmentation, check, constants, fit, paths, tasks
from training.failed import Failed

# The level has no copies to learn from, and the net has more to learn.
DATE_SEEDS, LEVEL_SEEDS, COPY_SEEDS = range(101, 104), range(101, 107), (0, 1)


def main():
    parser = argparse.ArgumentParser(
        prog="notebooks/model/train",
        description="Learns the constants of the forecast from ../shared/eval, and writes them as data/model.json has "
        "them.",
    )
    parser.add_argument(
        "--without", metavar="SOURCE", help="leave a source out, and all copies of it: btrfs, treesize …"
    )
    parser.add_argument("--out", type=Path, metavar="FILE", help="where to (standard output)")
    parser.add_argument(
        "--check", action="store_true", help="learn nothing, but check that the laws here are those of the program"
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
    by_seed = {seed: tasks.of_sources(seed) for seed in LEVEL_SEEDS}
    copied = [tasks.of_copies(kind, seed) for kind in augmentation.KINDS for seed in COPY_SEEDS]
    for_level = without(chosen.without, tasks.joined([by_seed[seed] for seed in LEVEL_SEEDS]))
    for_date = without(chosen.without, tasks.joined([by_seed[seed] for seed in DATE_SEEDS] + copied))
    for_net = without(chosen.without, tasks.joined([by_seed[seed] for seed in LEVEL_SEEDS] + copied))
    say(f"the date is learnt from {len(for_date.name):,} tasks, the level from {len(for_level.name):,}")
    of_date = fit.of_date(for_date, say)
    text = constants.text(of_date, fit.of_net(for_net, of_date, say), fit.of_level(for_level, say))
    if chosen.out:
        chosen.out.write_text(text)
    else:
        print(text, end="")


def without(source, all_tasks):
    if source is None:
        return all_tasks
    if source not in all_tasks.source:
        raise Failed(f"there is no source {source!r}; there are {', '.join(sorted(set(all_tasks.source)))}")
    return all_tasks.where(all_tasks.source != source)


def say(text):
    """Words on standard error; the constants alone go to standard output."""
    print(f"notebooks/model/train: {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
