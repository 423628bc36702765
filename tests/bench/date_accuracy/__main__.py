"""The command line: measures the accuracy of the date and prints the tables."""

import argparse
import sys

from date_accuracy import archives, coherence, cost, interval_coverage, leave_one_source_out, mailrunway
from date_accuracy import peers, robustness, scores, task_set
from date_accuracy.scores import OURS
from training import paths, tasks
from training.failed import Failed

WORK = paths.ROOT / "target/bench/date_accuracy"
# Tasks per store: fewer of the archives, because they have twelve times as many stores.
PER_STORE, PER_STORE_OF_ARCHIVES = 12, 3


def main():
    parser = argparse.ArgumentParser(
        prog="tests/bench/date_accuracy/run",
        description="Measures the accuracy of the date: scores mailrunway and other methods on tasks of "
        "../shared/eval, and prints Markdown.",
    )
    parser.add_argument(
        "seeds", nargs="*", type=int, metavar="SEED", help="seeds of the tasks (1); above 100: training tasks"
    )
    parser.add_argument("--all-peers", action="store_true", help="add autoets, autotheta and prophet: some minutes")
    parser.add_argument("--archives", action="store_true", help="tasks of data/archives, not used in training, instead")
    parser.add_argument("--first-month", action="store_true", help="daily histories of 3 to 28 days instead of 35 to 728")
    parser.add_argument(
        "--left-out", action="store_true",
        help="also forecast each source with constants trained without it: half an hour the first time; the constants "
        "are kept in target/model/without-SOURCE.json until you remove them",
    )
    chosen = parser.parse_args()
    if chosen.archives and chosen.left_out:
        parser.error("--left-out does not apply to the archives: they are not training data")
    try:
        paths.check()
        measure(chosen)
    except Failed as failed:
        say(failed)
        return 1
    return 0


def measure(chosen):
    tried = tasks_of(chosen.seeds or [1], chosen.archives, chosen.first_month)
    names = peers.QUICK + (peers.SLOW if chosen.all_peers else [])
    answered, costs = cost.of(tried)
    lines = mailrunway.lines(answered)
    answers = {OURS: mailrunway.write(lines, tried.folder / f"{OURS}.jsonl")} | peers.answers(tried, names, say)
    seeds = " and ".join(map(str, chosen.seeds or [1]))
    show(f"Tasks of seed {seeds}", scores.of_all(tried, answers))
    show("By source and by history", scores.by_part(tried, answers, lines))
    show("Date and fan of the same forecast", coherence.table(answered))
    show("Coverage of the level's bands", interval_coverage.by_horizon(tried, lines))
    if not chosen.first_month:
        show("Six weekly scans", scores.of_six_scans(tried, answers))
    if chosen.left_out:
        without = leave_one_source_out.lines(tried, say)
        answers |= {OURS: mailrunway.write(without, tried.folder / "left-out.jsonl")}
        show("Each source with constants trained without it", scores.of_all(tried, answers))
        show("The same by source and by history", scores.by_part(tried, answers, without))
        show("Coverage of the level's bands, each source left out", interval_coverage.by_horizon(tried, without))
    if chosen.first_month:
        return
    show("A step of 5 to 30 % of the level a month before the end: change of growth", robustness.by_step(tried, lines))
    show("An outlier scan: change of the median date", robustness.by_outlier(tried, lines))
    show("Cost", costs)


def tasks_of(seeds, archived, first_month):
    options = ["--histories", tasks.FIRST_MONTH] if first_month else []
    work = WORK / "first-month" if first_month else WORK
    if archived:
        data = archives.folder(WORK / "archives")
        return task_set.of_seeds(work / "archives", seeds, data, PER_STORE_OF_ARCHIVES, options)
    return task_set.of_seeds(work, seeds, paths.EVAL / "data", PER_STORE, options)


def show(title, text):
    print(f"### {title}\n\n{text}", flush=True)


def say(text):
    """Prints a message to standard error; standard output has only the tables."""
    print(f"tests/bench/date_accuracy/run: {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
