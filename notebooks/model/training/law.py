"""The law of gains, as in src/forecast/gain.rs and the files below it. Each answer has a row for each series and a column
for each of the days of past.DAYS."""

import jax
import jax.numpy as jnp
import numpy as np
from jax.scipy.special import ndtr, ndtri

from training.distributions import mills_ratio, student, student_quantile
from training.history_features import DAYS

YEAR = 365.0
DRIFTS = student_quantile((np.arange(9) + 0.5) / 9)


def shares(c, past):
    """The probability that the limit is reached within each day."""
    usual = c["usual_growth"] * past["level"] / YEAR
    growth, pace = of_growth(c["growth"], past, usual)
    motion, drift = of_motion(c["motion"], past, usual)
    jump = lambda pace: of_jumps(c["jump"], past, pace)
    share = 0.5 * is_growing(past)
    model = share * rising(either(growth, jump(pace))) + (1 - share) * rising(either(motion, jump(drift)))
    blended = mixed(model, past, c["passages_of_model"])
    return rising(ndtr(ndtri(jnp.clip(blended, 1e-12, 1 - 1e-12)) / c["widening"]))


def of_growth(c, past, usual):
    weeks, recent = past["short_weeks"], past["short_mean"]
    pace = (weeks * jnp.maximum(recent, 0) + c["usual_weeks"] * usual) / (weeks + c["usual_weeks"])
    scatter = jnp.minimum(past["quarter_spread"] / jnp.maximum(recent, 0.05 * usual), 3.0)
    variance = c["spread_of_history"] / past["weeks"] + c["spread_of_scatter"] * scatter
    return ndtr(jnp.log(pace * DAYS / past["free"]) / jnp.sqrt(variance)), pace


def of_motion(c, past, usual):
    weeks = past["recent_weeks"]
    scatter = jnp.maximum(jnp.sqrt(recent_scatter(past)), 1e-3 * usual)
    drift = (weeks * past["recent_mean"] + c["usual_weeks"] * usual) / (weeks + c["usual_weeks"])
    now = (c["error"] * scatter) ** 2 / weeks
    error = jnp.sqrt(now + (c["error_of_usual"] * usual) ** 2 * DAYS / YEAR)
    a_day = scatter * np.sqrt(7)
    return sum(first_passage(drift + error * t, a_day, past["free"]) for t in DRIFTS) / len(DRIFTS), drift


def first_passage(drift, scatter, gain):
    root = scatter * np.sqrt(DAYS)
    ahead, back = (drift * DAYS - gain) / root, (drift * DAYS + gain) / root
    above = jnp.exp(-ahead * ahead / 2) / np.sqrt(2 * np.pi) * mills_ratio(jnp.maximum(back, 0))
    below = jnp.exp(jnp.minimum(2 * drift * gain / scatter**2, 0)) * ndtr(-back)
    return jnp.minimum(ndtr(ahead) + jnp.where(back >= 0, above, below), 1.0)


def of_jumps(c, past, pace):
    rate = (c["rate"] + c["rate_of_seen"] * past["rises"]) / (1 + c["calm"] * past["weeks"] / 52)
    left = jnp.maximum(past["free"] - pace * DAYS / 2, 1e-6 * past["level"])
    is_large = ndtr(jnp.log(c["size"] * past["level"] / left) / c["size_spread"])
    return (1 - jnp.exp(-rate * DAYS / YEAR)) * is_large


def mixed(model, past, starts):
    """The passages that were observed, mixed with the model: the days of a start that were not observed are filled in
    with the model's risk."""
    kept = 1 - jnp.clip(model, 1e-12, 1 - 1e-12)
    unwatched = lambda start: jnp.maximum(1 - past["watched"][:, start, None] / DAYS, 0)
    # One start at a time, because all at once do not fit into memory.
    risked = lambda start: past["open"][:, start, None] * (1 - kept ** unwatched(start))
    own = past["passed"] + sum(risked(start) for start in range(past["open"].shape[1]))
    return (starts * model + own) / (starts + past["starts"])


def recent_scatter(past):
    correlation = past["recent_correlation"]
    return past["recent_spread"] ** 2 * (1 + correlation) / (1 - correlation)


def is_growing(past):
    """1 for growth, the p-value for a decline."""
    error = jnp.sqrt(recent_scatter(past) / past["recent_weeks"] + (1.5e-7 * past["level"]) ** 2)
    return jnp.minimum(2 * student(past["recent_mean"] / error), 1.0)


def rising(shares):
    return jax.lax.cummax(shares, 1)


def either(a, b):
    return 1 - (1 - a) * (1 - b)


def quantile(shares, p):
    """The logarithm of the days within which the limit is reached with that probability, up to three years."""
    row = jnp.arange(shares.shape[0])
    after = jnp.argmax(shares >= p, 1)
    before = jnp.maximum(after, 1) - 1
    score = lambda index: ndtri(jnp.clip(shares[row, index], 1e-12, 1 - 1e-12))
    low, high = score(before), score(before + 1)
    part = jnp.clip((ndtri(p) - low) / jnp.maximum(high - low, 1e-9), 0, 1)
    days = jnp.log(DAYS)
    between = jnp.where(after == 0, days[0], days[before] + part * (days[1] - days[0]))
    return jnp.where(shares[:, -1] < p, days[-1], between)
