"""The fit: minimizes a loss like the scorer's. Each source is weighted by the root of its number of tasks. Each
constant is regularized towards its round start, so that a constant which the sources do not determine stays round."""

import jax
import jax.numpy as jnp
import numpy as np
from scipy.optimize import minimize

from training import law
from training.constants import REACH, START, Constants
from training.history_features import DAYS, MOST_WEEKS

QUANTILES = np.array([0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95])
# The penalty if all constants are one reach away from their starts.
PULL = 0.02
STEPS = 20
# Training looks at every second day of the grid, and at this many tasks: exact enough, and many times as fast.
MOST_TASKS = 3_600
# The classes of open starts by the weeks since them: single weeks, then wider and wider ones.
CLASSES = [*range(13), *(round(13 * 1.25**power) for power in range(10)), MOST_WEEKS]
COARSE_DAYS = 7 * (np.array(CLASSES[:-1]) + np.array(CLASSES[1:]) + 1) / 2


def of(tasks, say):
    """The constants that fit the tasks."""
    tasks = some(tasks)
    start, loss = Constants(START), date_loss(tasks)
    past = coarse(columns(tasks))
    law.DAYS = DAYS[::2]

    def penalized(vector, past):
        away = (vector - start.start) / REACH
        return loss(law.shares(start.named(vector), past)) + PULL * (away**2).mean()

    slope = jax.jit(jax.value_and_grad(penalized))

    def numbers(vector):
        value, gradient = slope(jnp.asarray(vector), past)
        return float(value), np.nan_to_num(np.asarray(gradient))

    done = minimize(numbers, start.start, jac=True, method="L-BFGS-B", options={"maxiter": STEPS})
    say(f"loss and penalty {numbers(start.start)[0]:.4f} at the start, {done.fun:.4f} after {done.nit} steps")
    return start.numbers(done.x)


def some(tasks):
    """As many tasks as training looks at, drawn the same way each time."""
    drawn = np.random.default_rng(5).permutation(len(tasks.name))[:MOST_TASKS]
    return tasks.where(np.sort(drawn))


def coarse(past):
    """The same with every second day, and with the open starts in classes."""
    weeks = np.clip(np.round(np.asarray(past["watched"]) / 7), 1, MOST_WEEKS).astype(int) - 1
    by_week = np.zeros(past["open"].shape)
    np.add.at(by_week, (np.arange(len(weeks))[:, None], weeks), np.asarray(past["open"]))
    classes = [by_week[:, first:last].sum(1) for first, last in zip(CLASSES, CLASSES[1:])]
    watched = jnp.broadcast_to(COARSE_DAYS, (len(weeks), len(classes)))
    return past | {"passed": past["passed"][:, ::2], "open": jnp.stack(classes, 1), "watched": watched}


def date_loss(tasks):
    """The weighted pinball loss of the logarithm of the days, censored where the data end."""
    weights, end, actual = jnp.asarray(weights_of(tasks)), jnp.log(tasks.end), log_lead(tasks)
    return lambda shares: (weights * pinballs(shares, actual, end)).sum()


def log_lead(tasks):
    """The logarithm of the days until the limit was reached, or until the data end."""
    return np.log(np.where(np.isnan(tasks.lead), tasks.end, tasks.lead))


def pinballs(shares, actual, end):
    predicted = [jnp.minimum(law.quantile(shares, p), end) for p in QUANTILES]
    return sum(pinball(p, actual, quantile) for p, quantile in zip(QUANTILES, predicted)) / len(QUANTILES)


def pinball(p, actual, predicted):
    return 2 * jnp.maximum(p * (actual - predicted), (p - 1) * (actual - predicted))


def weights_of(tasks):
    """The weights of the tasks: each source counts by the root of its number of tasks."""
    names, which, counts = np.unique(tasks.source, return_inverse=True, return_counts=True)
    weights = counts[which] ** -0.5
    return weights / weights.sum()


def columns(tasks):
    """The features of the past, with a row for each series."""
    wide = lambda column: column if column.ndim > 1 else column[:, None]
    return {name: jnp.asarray(wide(column)) for name, column in tasks.past.items()}
