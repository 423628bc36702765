"""The command line: counts false alarms and prints the tables."""

import argparse
import sys

from date_accuracy import leave_one_source_out
from false_alarms import forecasts, levels, real_check, rules, stores, tables
from training import paths
from training.failed import Failed

WORK = paths.ROOT / "target/bench/false_alarms"
# Stores for each level: fewer of the archives, because they have more levels.
PER_LEVEL, PER_LEVEL_OF_ARCHIVES = 3, 1


def main():
    parser = argparse.ArgumentParser(
        prog="tests/bench/false_alarms/run",
        description="Checks real stores every week, counts the alarms that were false and the fillings that were "
        "warned of 30 days ahead, beside other rules, and prints Markdown.",
    )
    parser.add_argument("--seed", type=int, default=1, help="seed of the limits and deletions (1)")
    parser.add_argument(
        "--archives", action="store_true", help="data/archives, not used in training, instead of ../shared/eval"
    )
    parser.add_argument(
        "--left-out", action="store_true",
        help="forecast each source with constants trained without it, some minutes the first time; by the rule of "
        "`check`, which itself takes no constants",
    )
    parser.add_argument("--details", action="store_true", help="also other thresholds, and each source")
    chosen = parser.parse_args()
    if chosen.archives and chosen.left_out:
        parser.error("--left-out does not apply to the archives: they are not training data")
    try:
        paths.check()
        return measure(chosen)
    except Failed as failed:
        say(failed)
        return 1


def measure(chosen):
    if chosen.archives:
        found = stores.of(levels.of_archives(chosen.seed, WORK / "archives"), PER_LEVEL_OF_ARCHIVES, chosen.seed)
    else:
        found = stores.of(levels.of_eval(chosen.seed), PER_LEVEL, chosen.seed)
    dates = of_left_out(found) if chosen.left_out else forecasts.of(found)
    main, others = (by_rule(some, found, dates) for some in (rules.MAIN, rules.OTHERS))
    agree = chosen.left_out or agrees(found, main[rules.CHECK])
    show("Alarms of weekly checks", tables.heading(found, main[rules.CHECK]), tables.of_rules(found, main))
    if chosen.details:
        show("Other thresholds", tables.of_rules(found, others))
        show("Each source: false a year, warned 30 days ahead", tables.of_sources(found, main))
    return 0 if agree else 1


def by_rule(some, found, dates):
    """By rule and store, the levels."""
    return {name: {store.name: rule(store, dates[store.name]) for store in found} for name, rule in some.items()}


def of_left_out(found):
    dates = {}
    for source in tables.sources(found):
        own = [store for store in found if store.level.source == source]
        dates |= forecasts.of(own, leave_one_source_out.constants_without(source, say))
    return dates


def agrees(found, computed):
    """Whether `check` itself gives the same levels as its rule does by the forecasts."""
    checked = real_check.levels(found)
    scans = sum(len(store.scans) - 1 for store in found)
    same = sum(int((checked[store.name] == computed[store.name])[1:].sum()) for store in found)
    print(f"`mailrunway check` and its rule, computed from the forecasts, agree in {same:,} of {scans:,} checks.\n")
    return same == scans


def show(title, *parts):
    print(f"### {title}\n\n" + "".join(f"{part}\n\n" for part in parts), end="", flush=True)


def say(text):
    """Prints a message to standard error; standard output has only the tables."""
    print(f"tests/bench/false_alarms/run: {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
