"""The features of a history by name, in units per day, as in src/forecast/{weekly_history,empirical_passages}.rs."""

import numpy as np

from training import weekly_history

THREE_YEARS = 1_095.0
# The days at which the distribution of a date is evaluated, as in src/forecast/passage.rs.
DAYS = np.exp(np.linspace(0, np.log(THREE_YEARS), 44))
# No task has a longer history.
MOST_WEEKS = 105


def of(days, used, limit):
    ages, used = weekly_history.believable(days[-1] - days, used)
    levels = weekly_history.levels(ages, used)
    level = max(levels[-1], 1.0)
    weekly = np.diff(levels)
    organic, events = weekly_history.take_out(weekly, level)
    floor = 0.005 * level / 365 * 7
    month, two_months, quarter, year = (weekly_history.mean(organic, half_life) for half_life in (4, 8, 13, 52))
    whole = weekly_history.mean(weekly, np.inf)
    features = {
        "level": level,
        "free": limit - level,
        "weeks": float(len(weekly)),
        "rises": float((events > 0).sum()),
        "falls": float((events < 0).sum()),
        "month_mean": month[0] / 7,
        "month_weeks": month[2],
        "recent_mean": two_months[0] / 7,
        "recent_spread": two_months[1] / 7,
        "recent_weeks": two_months[2],
        "quarter_spread": quarter[1] / 7,
        "year_mean": year[0] / 7,
        "whole_mean": whole[0] / 7,
        "whole_spread": whole[1] / 7,
        "recent_correlation": weekly_history.correlation(organic, two_months[0]),
        "whole_correlation": weekly_history.correlation(weekly, whole[0]),
        "silent_days": silent_days(ages, used),
        "risen": np.maximum(weekly, 0).sum() / level,
        "stir": max(np.abs(np.diff(used)).sum() / max(ages[0], 1.0), 0.1 * level / 365),
    }
    for name, span, half_life in (("month", 4, 4), ("quarter", 13, 8)):
        spans, bias, square = weekly_history.hindsight(organic, weekly, span, half_life, floor)
        features |= {f"{name}_spans": spans, f"{name}_bias": bias, f"{name}_square": square}
    features |= passages(levels, limit - level)
    return features


def silent_days(ages, used):
    rose = np.flatnonzero(used[1:] > used[:-1] * (1 + 1e-9))
    return ages[rose[-1] + 1] if len(rose) else ages[0]


def passages(levels, gain):
    """Past weeks as starts, with weights: all, those after which the store had gained so much within each of the days,
    and by their age those after which it has not yet."""
    passed, open_by_age = np.zeros(len(DAYS)), np.zeros(MOST_WEEKS)
    count = len(levels) - 1
    weights = 0.5 ** (np.arange(count, 0, -1) / 52)
    for start, weight in enumerate(weights):
        target = levels[start] + gain
        over = levels[start + 1 :] >= target
        if over.any():
            week = start + 1 + int(over.argmax())
            within = (target - levels[week - 1]) / (levels[week] - levels[week - 1])
            passed[7 * (week - 1 - start + within) <= DAYS] += weight
        else:
            open_by_age[count - start - 1] += weight
    return {"starts": weights.sum(), "passed": passed, "open": open_by_age}
