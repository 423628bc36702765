"""The fit: minimizes a loss like the scorer's. Each source is weighted by the root of its number of tasks. Each
constant is regularized towards its round start, so that a constant which the sources do not determine stays round."""

import jax
import jax.numpy as jnp
import numpy as np
from scipy.optimize import minimize

from training import adjustment, constants, date, network, network_inputs
from training.constants import Constants
from training.level import LevelLaw
from training.history_features import MOST_WEEKS
from training.tasks import HORIZONS

QUANTILES = np.array([0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95])
# The penalty if all constants are one reach away from their starts.
PULL_OF_DATE, PULL_OF_LEVEL = 0.02, 0.34
MOTION_STEPS, GAIN_STEPS, LEVEL_STEPS = 10, 40, 30
MOST_LEVEL_LOSS = 20.0
# In the second half of the loss of a level, errors beyond this share of the usual change count by their logarithm.
SMALL_GAIN = 0.3
# The classes of ages of open starts: single weeks, then wider and wider ones.
CLASSES = [*range(13), *(round(13 * 1.25**power) for power in range(10)), MOST_WEEKS]
COARSE_AGES = 7 * (np.array(CLASSES[:-1]) + np.array(CLASSES[1:]) + 1) / 2
OF_MOTION = {"motion", "motion_jump"}


def of_date(tasks, say):
    """The constants of the date. The motion and the gain law are fitted separately: fitted together as a mixture, each
    would rely on the other and be less accurate on other kinds of stores."""
    loss = date_loss(tasks)
    motion = Constants(constants.DATE, moving=lambda name: name in OF_MOTION)
    motion_alone = lambda c, past: loss(date.of_motion(c, past))
    moved = motion.moved_to(least(motion, motion_alone, tasks, PULL_OF_DATE, MOTION_STEPS, say))
    gain = Constants(moved, moving=lambda name: name not in OF_MOTION)
    gain_alone = lambda c, past: loss(date.mixed(c | {"motion_share": 0.0}, past))
    return gain.moved_to(least(gain, gain_alone, tasks, PULL_OF_DATE, GAIN_STEPS, say))


def of_net(tasks, found, say):
    """The network of the adjustments of the law of the date, whose constants are already fitted."""
    c, past, weights = constants.values(found), coarse(columns(tasks)), weights_of(tasks)
    end, actual = jnp.log(tasks.end), jnp.asarray(log_lead(tasks))

    def loss(answers, rows):
        some = {name: column[rows] for name, column in past.items()}
        shares = date.rising(date.departed(c, some, adjustment.named(answers), COARSE_AGES))
        return pinballs(shares, actual[rows], end[rows]).mean()

    return network.learnt(network_inputs.of(past), len(adjustment.MOST), loss, weights, say)


def coarse(past):
    """The same with the ages of open starts in classes: exact enough for training, and four times as fast."""
    classes = [past["open"][:, first:last].sum(1) for first, last in zip(CLASSES, CLASSES[1:])]
    return past | {"open": jnp.stack(classes, 1)}


def of_level(tasks, say):
    level = Constants(constants.LEVEL)
    return level.moved_to(least(level, level_loss(tasks), tasks, PULL_OF_LEVEL, LEVEL_STEPS, say))


def date_loss(tasks):
    """The weighted pinball loss of the logarithm of the days, censored where the data end."""
    weights, end, actual = jnp.asarray(weights_of(tasks)), jnp.log(tasks.end), log_lead(tasks)
    return lambda shares: (weights * pinballs(shares, actual, end)).sum()


def log_lead(tasks):
    """The logarithm of the days until the limit was reached, or until the data end."""
    return np.log(np.where(np.isnan(tasks.lead), tasks.end, tasks.lead))


def pinballs(shares, actual, end):
    predicted = [jnp.minimum(date.quantile(shares, p), end) for p in QUANTILES]
    return sum(pinball(p, actual, quantile) for p, quantile in zip(QUANTILES, predicted)) / len(QUANTILES)


def level_loss(tasks):
    """The scorer's loss with a smooth bound, plus one that counts large errors by their logarithm."""
    horizons = np.array(HORIZONS, float)
    unit = (tasks.past["stir"][:, None] * horizons)[..., None]
    actual = (tasks.levels - tasks.past["level"][:, None])[..., None] / unit
    known = ~np.isnan(actual[..., 0])
    actual = jnp.where(known[..., None], actual, 0.0)
    weights = jnp.asarray(weights_of(tasks)[:, None] * known)

    def loss(c, past):
        past = {name: column[:, :, None] for name, column in past.items() if name not in ("passed", "open")}
        predicted = LevelLaw(past, c).quantiles(horizons[:, None], QUANTILES) / unit
        plain = pinball(QUANTILES, actual, predicted).mean(2)
        small = pinball(QUANTILES, jnp.arcsinh(actual / SMALL_GAIN), jnp.arcsinh(predicted / SMALL_GAIN)).mean(2)
        each = MOST_LEVEL_LOSS * jnp.tanh(plain / MOST_LEVEL_LOSS) + small
        return (weights * each).sum() / weights.sum()

    return loss


def pinball(p, actual, predicted):
    return 2 * jnp.maximum(p * (actual - predicted), (p - 1) * (actual - predicted))


def weights_of(tasks):
    """The weights of the tasks: each source counts by the root of its number of tasks."""
    names, which, counts = np.unique(tasks.source, return_inverse=True, return_counts=True)
    weights = counts[which] ** -0.5
    return weights / weights.sum()


def least(free, loss, tasks, pull, steps, say):
    """The vector with the least loss and penalty, within that many steps."""
    past = columns(tasks)

    def penalized(vector, past):
        away = (vector - free.start) / free.reach
        return loss(free.named(vector), past) + pull * (away**2).mean()

    slope = jax.jit(jax.value_and_grad(penalized))

    def numbers(vector):
        value, gradient = slope(jnp.asarray(vector), past)
        return float(value), np.nan_to_num(np.asarray(gradient))

    done = minimize(numbers, free.start, jac=True, method="L-BFGS-B", options={"maxiter": steps})
    say(f"loss and penalty {numbers(free.start)[0]:.4f} at the start, {done.fun:.4f} after {done.nit} steps")
    return done.x


def columns(tasks):
    """The features of the past, with a row for each series."""
    wide = lambda column: column if column.ndim > 1 else column[:, None]
    return {name: jnp.asarray(wide(column)) for name, column in tasks.past.items()}
