"""A history on an even grid: without outliers, its growth without events, and discounted means; as in
src/forecast/{outliers,clear_outs,grid,events,discounted_mean}.rs, which give the reasons."""

import numpy as np

WEEK = 7.0
# Histories of fewer days are read at the distance of their scans, longer ones by weeks.
FIRST_DAYS = 42.0
LEAST_STEP = 0.5
MOST_STEPS = 520
LEAST_VALUE = np.finfo(float).tiny


def believable(ages, used):
    """The scans without outliers: ages in days before the last, oldest first, and levels."""
    if len(used) >= 4:
        ages, used = without_outliers(ages, used)
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


def between_clear_outs(ages, used):
    """The days between regular clear-outs; None without at least three of a kind."""
    falls = runs_down(used)
    if not falls:
        return None
    largest = max(size for _, size in falls)
    least = max(largest / 2, 0.02 * used.max())
    at = np.array([ages[place] for place, size in falls if size >= least])
    if len(at) < 3:
        return None
    apart = -np.diff(at)
    usual = np.median(apart)
    regular = (apart >= usual / 1.5).all() and (apart <= usual * 1.5).all()
    fallen = sum(size for _, size in falls)
    goes_on = at[-1] <= usual * 1.5 and used[-1] - used[0] + fallen >= 0.5 * fallen
    return usual if regular and goes_on else None


def runs_down(used):
    """Each unbroken fall: the place of its end and its size."""
    falls, start = [], 0
    for place in range(1, len(used) + 1):
        if place == len(used) or used[place] >= used[place - 1]:
            if place - 1 > start:
                falls.append((place - 1, used[start] - used[place - 1]))
            start = place
    return falls


def peaks(ages, used, period):
    """The highest level within the last period of each scan; the first period, of which less is known, is left out."""
    window = period * 1.5
    known = ages <= max(ages[0] - period, 0.0)
    highest = [used[(ages >= age) & (ages <= age + window)].max() for age in ages[known]]
    return ages[known], np.array(highest)


def step(ages):
    """The days between two levels of the grid."""
    if ages[0] >= FIRST_DAYS:
        return WEEK
    return min(max(ages[0] / max(len(ages) - 1, 1), LEAST_STEP), WEEK)


def levels(ages, used, step):
    """The levels at the last scan and at every full step before it, oldest first."""
    steps = min(int(ages[0] / step + 1e-9), MOST_STEPS)
    return np.interp(-step * np.arange(steps, -1, -1), -ages, used)


def take_out(changes, level):
    """The changes without events, and the sizes of the events."""
    middle = np.median(changes)
    far = np.abs(changes - middle)
    distance = max(6 * max(1.4826 * np.median(far), 0.02 * abs(middle)), 0.02 * level)
    farthest = np.argsort(-far, kind="stable")[: len(changes) // 6 + 1]
    events = farthest[far[farthest] > distance]
    organic = changes.copy()
    organic[events] = middle
    return organic, changes[events] - middle


def mean(changes, half_life):
    """The discounted mean, the standard deviation around it, and the effective number of steps."""
    weights = 0.5 ** (np.arange(len(changes))[::-1] / half_life)
    total = weights.sum()
    middle = changes[-1] + (weights * (changes - changes[-1])).sum() / total
    steps = total**2 / (weights**2).sum()
    scatter = (weights * (changes - middle) ** 2).sum() / total
    variance = scatter / max(1 - 1 / steps, 1e-9) if len(changes) > 1 else 0.0
    return middle, np.sqrt(variance), steps


def a_day(mean, step):
    """The same a day: the mean, the standard deviation of a week, and the effective number of weeks."""
    middle, spread, steps = mean
    return middle / step, spread / step * np.sqrt(step / WEEK), steps * step / WEEK


def correlation(changes, middle):
    """The correlation of each change with the next."""
    away = changes - middle
    variance = (away**2).sum()
    return np.clip((away[1:] * away[:-1]).sum() / variance, 0.0, 0.8) if variance > 0 else 0.0
