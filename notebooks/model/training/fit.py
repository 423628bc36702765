"""The fit: the least loss of the scorer's kind, each source weighted by the root of its tasks, each constant pulled to
where it starts, so that what the sources do not tell stays round."""

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
# The price of all constants at their reach.
PULL_OF_DATE, PULL_OF_LEVEL = 0.02, 0.34
MOTION_STEPS, GAIN_STEPS, LEVEL_STEPS = 10, 40, 30
MOST_LEVEL_LOSS = 20.0
# Beyond this share of the usual change, errors of a level count by their logarithm in the second half of its loss.
SMALL_GAIN = 0.3
# The classes of ages of open starts: weeks, then ever wider ones.
CLASSES = [*range(13), *(round(13 * 1.25**power) for power in range(10)), MOST_WEEKS]
COARSE_AGES = 7 * (np.array(CLASSES[:-1]) + np.array(CLASSES[1:]) + 1) / 2
OF_MOTION = {"motion", "motion_jump"}


def of_date(tasks, say):
    """The constants of the date. The motion and the gain law are fitted alone, each as if it stood for all; fitted in
    the mixture each would learn to lean on the other, and be less good on another kind of store."""
    loss = date_loss(tasks)
    motion = Constants(constants.DATE, moving=lambda name: name in OF_MOTION)
    motion_alone = lambda c, past: loss(date.of_motion(c, past))
    moved = motion.moved_to(least(motion, motion_alone, tasks, PULL_OF_DATE, MOTION_STEPS, say))
    gain = Constants(moved, moving=lambda name: name not in OF_MOTION)
    gain_alone = lambda c, past: loss(date.mixed(c | {"motion_share": 0.0}, past))
    return gain.moved_to(least(gain, gain_alone, tasks, PULL_OF_DATE, GAIN_STEPS, say))


def of_net(tasks, found, say):
    """The net of the departures from the law of the date, whose constants are found and stay."""
    c, past, weights = constants.values(found), coarse(columns(tasks)), weights_of(tasks)
    end, came = jnp.log(tasks.end), jnp.asarray(came_of(tasks))

    def loss(answers, rows):
        some = {name: column[rows] for name, column in past.items()}
        shares = date.rising(date.departed(c, some, adjustment.named(answers), COARSE_AGES))
        return pinballs(shares, came[rows], end[rows]).mean()

    return network.learnt(network_inputs.of(past), len(adjustment.MOST), loss, weights, say)


def coarse(past):
    """The same with the ages of open starts in classes: to learn it is near enough, and four times as fast."""
    classes = [past["open"][:, first:last].sum(1) for first, last in zip(CLASSES, CLASSES[1:])]
    return past | {"open": jnp.stack(classes, 1)}


def of_level(tasks, say):
    level = Constants(constants.LEVEL)
    return level.moved_to(least(level, level_loss(tasks), tasks, PULL_OF_LEVEL, LEVEL_STEPS, say))


def date_loss(tasks):
    """The loss of each task: the pinball loss of the logarithm of the days, cut where the data end."""
    weights, end, came = jnp.asarray(weights_of(tasks)), jnp.log(tasks.end), came_of(tasks)
    return lambda shares: (weights * pinballs(shares, came, end)).sum()


def came_of(tasks):
    """The logarithm of the days that it took, or that there are data for."""
    return np.log(np.where(np.isnan(tasks.lead), tasks.end, tasks.lead))


def pinballs(shares, came, end):
    told = [jnp.minimum(date.quantile(shares, p), end) for p in QUANTILES]
    return sum(pinball(p, came, quantile) for p, quantile in zip(QUANTILES, told)) / len(QUANTILES)


def level_loss(tasks):
    """Half of it is the scorer's loss, its bound made smooth; half counts large errors by their logarithm."""
    horizons = np.array(HORIZONS, float)
    unit = (tasks.past["stir"][:, None] * horizons)[..., None]
    came = (tasks.levels - tasks.past["level"][:, None])[..., None] / unit
    known = ~np.isnan(came[..., 0])
    came = jnp.where(known[..., None], came, 0.0)
    weights = jnp.asarray(weights_of(tasks)[:, None] * known)

    def loss(c, past):
        past = {name: column[:, :, None] for name, column in past.items() if name not in ("passed", "open")}
        told = LevelLaw(past, c).quantiles(horizons[:, None], QUANTILES) / unit
        plain = pinball(QUANTILES, came, told).mean(2)
        small = pinball(QUANTILES, jnp.arcsinh(came / SMALL_GAIN), jnp.arcsinh(told / SMALL_GAIN)).mean(2)
        each = MOST_LEVEL_LOSS * jnp.tanh(plain / MOST_LEVEL_LOSS) + small
        return (weights * each).sum() / weights.sum()

    return loss


def pinball(p, came, told):
    return 2 * jnp.maximum(p * (came - told), (p - 1) * (came - told))


def weights_of(tasks):
    """Each source counts by the root of its tasks: neither alike nor by how much there is of it."""
    names, which, counts = np.unique(tasks.source, return_inverse=True, return_counts=True)
    weights = counts[which] ** -0.5
    return weights / weights.sum()


def least(free, loss, tasks, pull, steps, say):
    """The vector of the least loss and pull, within so many steps."""
    past = columns(tasks)

    def penalized(vector, past):
        away = (vector - free.start) / free.reach
        return loss(free.named(vector), past) + pull * (away**2).mean()

    slope = jax.jit(jax.value_and_grad(penalized))

    def numbers(vector):
        value, gradient = slope(jnp.asarray(vector), past)
        return float(value), np.nan_to_num(np.asarray(gradient))

    done = minimize(numbers, free.start, jac=True, method="L-BFGS-B", options={"maxiter": steps})
    say(f"loss and pull {numbers(free.start)[0]:.4f} at the start, {done.fun:.4f} after {done.nit} steps")
    return done.x


def columns(tasks):
    """What is known of the past, each series a row."""
    wide = lambda column: column if column.ndim > 1 else column[:, None]
    return {name: jnp.asarray(wide(column)) for name, column in tasks.past.items()}
