"""The features of a history by name, in units per day, as in src/forecast/{past,gain/own_passages}.rs."""

import numpy as np

from training import grid

THREE_YEARS = 1_095.0
# The days at which the distribution of a date is evaluated, as in src/forecast/passage.rs.
DAYS = np.exp(np.linspace(0, np.log(THREE_YEARS), 44))
# No task has a longer history.
MOST_WEEKS = 105


def of(days, used, limit):
    ages, used = grid.believable(days[-1] - days, used)
    period = grid.between_clear_outs(ages, used)
    if period is not None:
        ages, used = grid.peaks(ages, used, period)
    step = grid.step(ages)
    levels = grid.levels(ages, used, step)
    level = max(levels[-1], 1.0)
    changes = np.diff(levels)
    organic, events = grid.take_out(changes, level)
    weeks = step / grid.WEEK
    mean = lambda changes, half_life: grid.a_day(grid.mean(changes, half_life / weeks), step)
    short, recent, quarter = (mean(organic, half_life) for half_life in (4, 8, 13))
    features = {
        "level": level,
        "free": limit - level,
        "weeks": len(changes) * weeks,
        "rises": float((events > 0).sum()),
        "short_mean": short[0],
        "short_weeks": short[2],
        "recent_mean": recent[0],
        "recent_spread": recent[1],
        "recent_weeks": recent[2],
        "quarter_spread": quarter[1],
        "recent_correlation": grid.correlation(organic, recent[0] * step),
    }
    features |= passages(levels, step, limit - level)
    return features


def passages(levels, step, gain):
    """Past steps as starts, with weights: all, those after which the store had gained so much within each of the days,
    and one by one those after which it has not yet, with the days since each."""
    passed, open_starts, watched = np.zeros(len(DAYS)), np.zeros(MOST_WEEKS), np.zeros(MOST_WEEKS)
    count = len(levels) - 1
    weights = step / 7 * 0.5 ** (step / 7 * np.arange(count, 0, -1) / 52)
    for start, weight in enumerate(weights):
        target = levels[start] + gain
        over = levels[start + 1 :] >= target
        if over.any():
            week = start + 1 + int(over.argmax())
            within = (target - levels[week - 1]) / (levels[week] - levels[week - 1])
            passed[step * (week - 1 - start + within) <= DAYS] += weight
        else:
            open_starts[start], watched[start] = weight, (count - start) * step
    return {"starts": weights.sum(), "passed": passed, "open": open_starts, "watched": watched}
