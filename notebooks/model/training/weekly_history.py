"""A history by weeks: without outliers, its growth without events, and discounted means; as in
src/forecast/{outliers,grid,events,discounted_mean,self_backtest}.rs, which give the reasons."""

import numpy as np

MOST_WEEKS = 520
LEAST_VALUE = np.finfo(float).tiny


def believable(ages, used):
    """The scans without outliers: ages in days before the last, oldest first, and levels."""
    if len(used) >= 4:
        ages, used = without_outliers(ages, used)
    if is_doubted(used[-1], used[-2:-1], used[:-1], 2.0):
        used = np.append(used[:-1], gone_on(ages[:-1], used[:-1], ages[-1]))
    if is_doubted(used[0], used[1:2], used[1:], 1.5):
        ages, used = ages[1:], used[1:]
    return ages, used


def without_outliers(ages, used):
    usual = np.median(np.abs(np.diff(used)))
    kept = [0]
    for this in range(1, len(used) - 1):
        low, high = sorted((used[kept[-1]], used[this + 1]))
        outside = max(low - used[this], used[this] - high)
        if not (outside > 6 * usual and outside > 0.03 * used[-1] and outside > 1.5 * (high - low)):
            kept.append(this)
    kept.append(len(used) - 1)
    return ages[kept], used[kept]


def is_doubted(level, next_to_it, others, factor):
    if len(others) < 6:
        return False
    logarithms = np.log(np.maximum(np.concatenate([[level], next_to_it, others]), LEAST_VALUE))
    jumps = np.minimum(np.abs(np.diff(logarithms)), np.log(100))
    return jumps[0] > np.log(factor) and (jumps[2:] < jumps[0] / 10).all()


def gone_on(ages, used, age):
    pace = np.median(np.diff(used[-6:]) / -np.diff(ages[-6:]))
    return max(used[-1] + pace * (ages[-1] - age), 0.0)


def levels(ages, used):
    """The levels at the last scan and at every full week before it, oldest first."""
    weeks = min(int(ages[0] // 7), MOST_WEEKS)
    return np.interp(-7.0 * np.arange(weeks, -1, -1), -ages, used)


def take_out(weekly, level):
    """The weekly changes without events, and the sizes of the events."""
    middle = np.median(weekly)
    far = np.abs(weekly - middle)
    distance = max(6 * max(1.4826 * np.median(far), 0.02 * abs(middle)), 0.02 * level)
    farthest = np.argsort(-far, kind="stable")[: len(weekly) // 6 + 1]
    events = farthest[far[farthest] > distance]
    organic = weekly.copy()
    organic[events] = middle
    return organic, weekly[events] - middle


def mean(weekly, half_life):
    """The discounted mean, the standard deviation around it, and the effective number of weeks."""
    weights = 0.5 ** (np.arange(len(weekly))[::-1] / half_life)
    total = weights.sum()
    middle = weekly[-1] + (weights * (weekly - weekly[-1])).sum() / total
    weeks = total**2 / (weights**2).sum()
    scatter = (weights * (weekly - middle) ** 2).sum() / total
    variance = scatter / max(1 - 1 / weeks, 1e-9) if len(weekly) > 1 else 0.0
    return middle, np.sqrt(variance), weeks


def correlation(weekly, middle):
    """The correlation of each week with the next."""
    away = weekly - middle
    variance = (away**2).sum()
    return np.clip((away[1:] * away[:-1]).sum() / variance, 0.0, 0.8) if variance > 0 else 0.0


def hindsight(organic, weekly, span, half_life, floor):
    """The errors of each week's pace over the span after it: number of independent spans, mean and mean square."""
    fading, aging = 0.5 ** (1 / half_life), 0.5 ** (1 / 52)
    before = np.concatenate([[0.0], np.cumsum(weekly)])
    total = count = weight = bias = square = 0.0
    for week in range(1, len(organic) + 1 - span):
        total, count = total * fading + organic[week - 1], count * fading + 1
        if week < 4:
            continue
        pace, real = max(total / count, 0.0), max((before[week + span] - before[week]) / span, 0.0)
        error = np.clip(np.log((real + floor) / (pace + floor)), -3, 3)
        weight, bias, square = weight * aging + 1, bias * aging + error, square * aging + error**2
    return (weight / span, bias / weight, square / weight) if weight else (0.0, 0.0, 0.0)
