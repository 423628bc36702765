"""The command: what is measured, in which order, and the tables."""

import argparse
import sys

from date_accuracy import archives, cost, interval_coverage, leave_one_source_out, mailrunway, peers, robustness, scores, task_set
from date_accuracy.scores import OURS
from training import paths
from training.failed import Failed

WORK = paths.ROOT / "target/bench/date_accuracy"
# There are twelve times as many stores in the archives.
PER_STORE, PER_STORE_OF_ARCHIVES = 12, 3


def main():
    parser = argparse.ArgumentParser(
        prog="tests/bench/date_accuracy/run",
        description="How good is the date? Scores mailrunway beside its peers on tasks of ../shared/eval, and prints "
        "Markdown.",
    )
    parser.add_argument("seeds", nargs="*", type=int, metavar="SEED", help="which tasks (1); seeds above 100 taught")
    parser.add_argument("--all-peers", action="store_true", help="autoets, autotheta and prophet too: minutes")
    parser.add_argument("--archives", action="store_true", help="tasks of data/archives, which taught nothing, instead")
    parser.add_argument(
        "--left-out", action="store_true",
        help="forecast each source by constants learnt without it too: half an hour the first time; what was learnt is "
        "kept in target/model/without-SOURCE.json until it is removed",
    )
    chosen = parser.parse_args()
    if chosen.archives and chosen.left_out:
        parser.error("the archives taught nothing: there is no source of them to leave out")
    try:
        paths.check()
        measure(chosen)
    except Failed as failed:
        say(failed)
        return 1
    return 0


def measure(chosen):
    tried = tasks_of(chosen.seeds or [1], chosen.archives)
    names = peers.QUICK + (peers.SLOW if chosen.all_peers else [])
    answered, costs = cost.of(tried)
    lines = mailrunway.lines(answered)
    answers = {OURS: mailrunway.write(lines, tried.folder / f"{OURS}.jsonl")} | peers.answers(tried, names, say)
    seeds = " and ".join(map(str, chosen.seeds or [1]))
    show(f"Tasks of seed {seeds}", scores.of_all(tried, answers))
    show("By source and by history", scores.by_part(tried, answers, lines))
    show("The level's bands", interval_coverage.by_horizon(tried, lines))
    show("Six weekly scans", scores.of_six_scans(tried, answers))
    if chosen.left_out:
        without = leave_one_source_out.lines(tried, say)
        answers |= {OURS: mailrunway.write(without, tried.folder / "left-out.jsonl")}
        show("Each source by constants that never saw it", scores.of_all(tried, answers))
        show("The same by source and by history", scores.by_part(tried, answers, without))
        show("The level's bands, each source left out", interval_coverage.by_horizon(tried, without))
    show("A step of 5 to 30 % of the level a month before the end: change of growth", robustness.by_step(tried, lines))
    show("An absurd scan: change of the median date", robustness.by_absurd_scan(tried, lines))
    show("Cost", costs)


def tasks_of(seeds, archived):
    if archived:
        work = WORK / "archives"
        return task_set.of_seeds(work, seeds, archives.folder(work), PER_STORE_OF_ARCHIVES)
    return task_set.of_seeds(WORK, seeds, paths.EVAL / "data", PER_STORE)


def show(title, text):
    print(f"### {title}\n\n{text}", flush=True)


def say(text):
    """Words on standard error; the tables alone go to standard output."""
    print(f"tests/bench/date_accuracy/run: {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
