"""How often the actual level was within the predicted bands."""

from training.tasks import HORIZONS
from scan_cost.markdown_table import markdown

BANDS = [("p10", "p90"), ("p05", "p95")]


def coverage(rows, lines, low, high, horizons=HORIZONS):
    """The share of the known levels that were within the two quantiles."""
    within = []
    for row in rows:
        predicted = dict(zip(HORIZONS, lines[row["series"]]["level"]))
        for days in horizons:
            if row[f"level_{days}"] and days in predicted:
                within.append(predicted[days][low] <= float(row[f"level_{days}"]) <= predicted[days][high])
    return sum(within) / max(len(within), 1)


def by_horizon(trial, lines):
    rows = [
        [f"{days} days ahead", *(f"{coverage(trial.truth, lines, low, high, [days]):.3f}" for low, high in BANDS)]
        for days in HORIZONS
    ]
    rows.append(["all", *(f"{coverage(trial.truth, lines, low, high):.3f}" for low, high in BANDS)])
    return markdown(["levels within", *(f"{low}–{high}" for low, high in BANDS)], rows) + "\n"
