"""The law of the date, as in src/forecast/date.rs and the files below it. Each answer has a row for each series and a
column for each of the days of past.DAYS."""

import jax
import jax.numpy as jnp
import numpy as np
from jax.scipy.special import ndtr, ndtri

from training import adjustment
from training.distributions import mills_ratio, student_quantile
from training.growth_law import YEAR, GainLaw
from training.growth_test import is_growing, recent_scatter
from training.history_features import DAYS, MOST_WEEKS

# The days since each past week.
AGES = 7.0 * np.arange(1, MOST_WEEKS + 1)
DRIFTS = student_quantile((np.arange(9) + 0.5) / 9)


def shares(c, past):
    """The probability that the limit is reached within each day."""
    return rising(recalibrated(c, mixed(c, past)))


def mixed(c, past):
    """The same before it is recalibrated."""
    return departed(c, past, adjustment.of(c, past))


def departed(c, past, own, ages=AGES):
    """The same with the adjustments `own` of each series."""
    gain = GainLaw(past, c["gain"])
    more = jnp.exp(own["jumps"])
    pooled = either(widened(c, gain, past, own), jumps(c["jump"], past, gain.pace, more))
    growing = is_growing(past)
    share = 1 - (1 - adjustment.share(c["motion_share"], own["motion"])) * growing
    grown = (1 - share) * rising(pooled) + share * of_motion(c, past, more)
    clock, silent = of_silence(c["silence"], past, growing)
    starts = c["passages_of_model"] * jnp.exp(own["passages"])
    return blended((1 - silent) * grown + silent * clock, past, starts, ages)


def of_motion(c, past, more=1.0):
    """The probability by the motion and its jumps alone."""
    reached, drift = motion(c["motion"], past)
    return rising(either(reached, jumps(c["motion_jump"], past, drift, more)))


def widened(c, gain, past, own):
    x = adjustment.standardized(own, gain.above(past["free"], DAYS), gain.spread(DAYS))
    return (1 - c["wide_share"]) * ndtr(x) + c["wide_share"] * ndtr(x / c["wide_factor"])


def jumps(c, past, pace, more):
    rate = more * (c["rate"] + c["rate_of_seen"] * past["rises"]) / (1 + c["calm"] * past["weeks"] / 52)
    left = jnp.maximum(past["free"] - pace * DAYS / 2, 1e-6 * past["level"])
    is_large = ndtr(jnp.log(c["size"] * past["level"] / left) / c["size_spread"])
    return (1 - jnp.exp(-rate * DAYS / YEAR)) * is_large


def motion(c, past):
    usual = c["usual_growth"] * past["level"] / YEAR
    weeks = past["recent_weeks"]
    scatter = jnp.maximum(jnp.sqrt(recent_scatter(past)), 1e-3 * usual)
    drift = (weeks * past["recent_mean"] + c["usual_weeks"] * usual) / (weeks + c["usual_weeks"])
    now = (c["error"] * scatter) ** 2 / weeks + (c["change"] * drift) ** 2
    of_years = (c["change_of_years"] * drift) ** 2 + (c["change_of_level"] * usual) ** 2
    error = jnp.sqrt(now + of_years * DAYS / YEAR)
    a_day = scatter * np.sqrt(7)
    return sum(first_passage(drift + error * t, a_day, past["free"]) for t in DRIFTS) / len(DRIFTS), drift


def first_passage(drift, scatter, gain):
    root = scatter * np.sqrt(DAYS)
    ahead, back = (drift * DAYS - gain) / root, (drift * DAYS + gain) / root
    above = jnp.exp(-ahead * ahead / 2) / np.sqrt(2 * np.pi) * mills_ratio(jnp.maximum(back, 0))
    below = jnp.exp(jnp.minimum(2 * drift * gain / scatter**2, 0)) * ndtr(-back)
    return jnp.minimum(ndtr(ahead) + jnp.where(back >= 0, above, below), 1.0)


def of_silence(c, past, growing):
    """The probability for silent stores, and the weight of that probability for each store."""
    gain = past["free"] / past["level"]
    after = c["of_gain"] * jnp.log(gain / 0.1) + jnp.log(jnp.maximum(gain, 1))
    median = c["median"] - c["of_silence"] * jnp.log(jnp.maximum(past["silent_days"], 1) / 60) + after
    silent = jax.nn.sigmoid((past["silent_days"] - 31) / 3) * past["risen"] / (past["risen"] + 0.03)
    return ndtr((np.log(DAYS) - median) / c["spread"]), c["share"] * silent * growing


def blended(model, past, starts, ages):
    """The passages that were observed, blended with the model: the days of a start that were not observed are filled in
    with the model's risk."""
    unwatched = np.maximum(1 - ages / DAYS[:, None], 0)
    kept = 1 - jnp.clip(model, 1e-9, 1 - 1e-9)
    # One age at a time, because all at once do not fit into memory.
    risked = lambda age: past["open"][:, age, None] * (1 - kept ** unwatched[None, :, age])
    own = past["passed"] + sum(risked(age) for age in range(len(ages)))
    return (starts * model + own) / (starts + past["starts"])


def recalibrated(c, shares):
    z = ndtri(jnp.clip(shares, 1e-7, 1 - 1e-7))
    middle = jnp.exp(-((z / c["recalibrated_middle"]) ** 2))
    return ndtr(c["recalibrated_scale"] * z + c["recalibrated_shift"] * middle)


def rising(shares):
    return jax.lax.cummax(shares, 1)


def either(a, b):
    return 1 - (1 - a) * (1 - b)


def quantile(shares, p):
    """The logarithm of the days within which the limit is reached with that probability, up to three years."""
    row = jnp.arange(shares.shape[0])
    after = jnp.argmax(shares >= p, 1)
    before = jnp.maximum(after, 1) - 1
    low, high = shares[row, before], shares[row, before + 1]
    part = jnp.clip((p - low) / jnp.maximum(high - low, 1e-9), 0, 1)
    days = jnp.log(DAYS)
    between = jnp.where(after == 0, days[0], days[before] + part * (days[1] - days[0]))
    return jnp.where(shares[:, -1] < p, days[-1], between)
