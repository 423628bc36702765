"""The tables of scores: all forecasters, then mailrunway beside the bootstrap by source and by length of history."""

from date_accuracy import interval_coverage, reference_scorer
from date_accuracy.task_set import source
from scan_cost.markdown_table import markdown

COLUMNS = [
    "log_pinball", "date_error", "late", "early", "cover80", "cover90", "under10", "level_loss", "brier", "none",
]
OURS, BEST = "mailrunway", "bootstrap"


def of_all(trial, answers):
    """The scores of all forecasters, best first."""
    table = reference_scorer.score(trial, answers)
    rows = [[name, *(figure(column, figures[column]) for column in COLUMNS)] for name, figures in table.items()]
    return f"{len(trial.truth):,} tasks.\n\n{markdown(['', *COLUMNS], rows)}\n\n{against_best(table)}\n"


def figure(column, value):
    return f"{value:.0f}" if column == "none" else f"{value:.3f}"


def against_best(table):
    ours = table[OURS]
    peers = {name: figures for name, figures in table.items() if name != OURS}
    best = min(peers, key=lambda name: peers[name]["log_pinball"])
    ratio = ours["log_pinball"] / peers[best]["log_pinball"]
    difference = ours["late"] - ours["early"]
    return f"log_pinball: {ratio:.3f} of {best}'s, the best peer. Late less early: {difference:+.3f}."


def by_part(trial, answers, lines):
    """mailrunway beside the bootstrap by source and by length of history, and the coverage of the level's bands."""
    parts = [("all", lambda row: True)]
    parts += [(name, lambda row, name=name: source(row) == name) for name in trial.sources()]
    parts += [(f"{days} days", lambda row, days=days: row["history_days"] == days) for days in trial.histories()]
    columns = ["", "tasks", OURS, BEST, "ratio", "cover80", "cover90", "under10", "level p10–p90", "level p05–p95"]
    rows = [part(trial, answers, lines, name, chosen) for name, chosen in parts]
    return f"{markdown(columns, rows)}\n\nlog_pinball of both and their ratio; the other columns are mailrunway's.\n"


def part(trial, answers, lines, name, chosen):
    table = reference_scorer.score(trial, {name: answers[name] for name in (OURS, BEST)}, chosen)
    ours, best = table[OURS], table[BEST]
    rows = [row for row in trial.truth if chosen(row)]
    bands = [f"{interval_coverage.coverage(rows, lines, low, high):.2f}" for low, high in interval_coverage.BANDS]
    ratio = ours["log_pinball"] / best["log_pinball"]
    scores = [f"{ours['log_pinball']:.3f}", f"{best['log_pinball']:.3f}", f"{ratio:.2f}"]
    covers = [f"{ours[column]:.2f}" for column in ("cover80", "cover90", "under10")]
    return [name, f"{len(rows):,}", *scores, *covers, *bands]


def of_six_scans(trial, answers):
    """Tasks with 35 days of weekly scans, also beside Brownian motion, the best other method for six scans."""
    few = lambda row: row["history_days"] == "35" and row["cadence"] == "7"
    table = reference_scorer.score(trial, {name: answers[name] for name in (OURS, BEST, "brownian")}, few)
    rows = [[name, f"{figures['log_pinball']:.3f}"] for name, figures in table.items()]
    ratio = table[OURS]["log_pinball"] / table["brownian"]["log_pinball"]
    count = sum(map(few, trial.truth))
    return f"{count} tasks of six weekly scans; {ratio:.3f} of `brownian`.\n\n{markdown(['', 'log_pinball'], rows)}\n"
