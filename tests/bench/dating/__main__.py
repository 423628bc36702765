"""The command: what is measured, in which order, and the tables."""

import argparse
import sys

from dating import archives, bands, broken, cost, left_out, peers, program, quality, trial
from dating.quality import OURS
from learning import places
from learning.failed import Failed

WORK = places.ROOT / "target/bench/date"
# There are twelve times as many stores in the archives.
PER_STORE, PER_STORE_OF_ARCHIVES = 12, 3


def main():
    parser = argparse.ArgumentParser(
        prog="tests/bench/date",
        description="How good is the date? Scores mailrunway beside its peers on tasks of ../shared/eval, and prints "
        "Markdown.",
    )
    parser.add_argument("seeds", nargs="*", type=int, metavar="SEED", help="which tasks (1); seeds above 100 taught")
    parser.add_argument("--all-peers", action="store_true", help="autoets, autotheta and prophet too: minutes")
    parser.add_argument("--archives", action="store_true", help="tasks of data/archives, which taught nothing, instead")
    parser.add_argument(
        "--left-out", action="store_true",
        help="forecast each source by constants learnt without it too: half an hour the first time; what was learnt is "
        "kept in target/bench/learn/without-SOURCE.json until it is removed",
    )
    chosen = parser.parse_args()
    if chosen.archives and chosen.left_out:
        parser.error("the archives taught nothing: there is no source of them to leave out")
    try:
        places.check()
        measure(chosen)
    except Failed as failed:
        say(failed)
        return 1
    return 0


def measure(chosen):
    tried = tasks_of(chosen.seeds or [1], chosen.archives)
    names = peers.QUICK + (peers.SLOW if chosen.all_peers else [])
    answered, costs = cost.of(tried)
    lines = program.lines(answered)
    answers = {OURS: program.write(lines, tried.folder / f"{OURS}.jsonl")} | peers.answers(tried, names, say)
    seeds = " and ".join(map(str, chosen.seeds or [1]))
    show(f"Tasks of seed {seeds}", quality.of_all(tried, answers))
    show("By source and by history", quality.by_part(tried, answers, lines))
    show("The level's bands", bands.by_horizon(tried, lines))
    show("Six weekly scans", quality.of_six_scans(tried, answers))
    if chosen.left_out:
        without = left_out.lines(tried, say)
        answers |= {OURS: program.write(without, tried.folder / "left-out.jsonl")}
        show("Each source by constants that never saw it", quality.of_all(tried, answers))
        show("The same by source and by history", quality.by_part(tried, answers, without))
        show("The level's bands, each source left out", bands.by_horizon(tried, without))
    show("A step of 5 to 30 % of the level a month before the end: change of growth", broken.by_step(tried, lines))
    show("An absurd scan: change of the median date", broken.by_absurd_scan(tried, lines))
    show("Cost", costs)


def tasks_of(seeds, archived):
    if archived:
        work = WORK / "archives"
        return trial.of_seeds(work, seeds, archives.folder(work), PER_STORE_OF_ARCHIVES)
    return trial.of_seeds(WORK, seeds, places.EVAL / "data", PER_STORE)


def show(title, text):
    print(f"### {title}\n\n{text}", flush=True)


def say(text):
    """Words on standard error; the tables alone go to standard output."""
    print(f"tests/bench/date: {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
