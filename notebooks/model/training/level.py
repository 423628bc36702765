"""The law of the level, as in src/forecast/level.rs and the files below it. Arrays have an axis for series, one for
horizons and one for gains."""

import jax
import jax.numpy as jnp
import numpy as np

from training.distributions import log_student, student
from training.growth_law import YEAR, GainLaw
from training.growth_test import is_growing, recent_scatter

NODES = np.linspace(-9.0, 9.5, 52)


class LevelLaw:
    def __init__(self, past, c):
        self.past, self.c = past, c
        self.level, self.growing, self.scatter = past["level"], is_growing(past), recent_scatter(past)
        self.gain = GainLaw(past, c["gain"])

    def quantiles(self, days, levels):
        """The gains at the quantiles, `days` ahead, in the last axis."""
        shape = self.gain.pace * days + 0.05 * self.past["stir"] * days * np.sinh(NODES)
        gains = jnp.maximum(shape, -self.level)
        shares = jax.lax.cummax(self.at_most(gains, days), 2)
        return jnp.stack([interpolated(gains, shares, p) for p in levels], 2)

    def at_most(self, gain, days):
        c, jump = self.c, self.c["jump"]
        growing = (1 - c["recent_share"]) * self.growing
        rule = (1 - c["own_share"]) * self.pooled(gain, days) + c["own_share"] * self.own(gain, days)
        growth = growing * rule + (1 - growing) * self.recent(gain, days)
        share, silent = self.silence(gain + self.decline(days), days)
        quiet = (1 - share) * growth + share * silent
        jumps = self.happens(jump["rate"] + jump["rate_of_seen"] * self.past["rises"], days)
        jumped = log_student(gain - self.gain.pace * days / 2, jump["size"] * self.level, jump["size_spread"])
        risen = (1 - jumps) * quiet + jumps * jumped
        falls, fallen = self.fall(gain, days)
        return (1 - falls) * risen + falls * fallen

    def pooled(self, gain, days):
        above = gain > 0
        return jnp.where(above, student(-self.gain.standardized(jnp.where(above, gain, 1.0), days)), 0.0)

    def own(self, gain, days):
        c, correlation = self.c["own"], self.past["whole_correlation"]
        whole = self.past["whole_mean"]
        scatter = self.past["whole_spread"] ** 2 * (1 + correlation) / (1 - correlation)
        square = c["error"] * scatter / self.past["weeks"] + c["change"] * jnp.maximum(whole, 0) ** 2
        mean = jnp.maximum(whole, self.gain.pace / 1e3) * days
        variance = c["weeks"] * scatter * 7 * days + square * days**2
        of_logarithm = jnp.log(1.0004 + variance / mean**2)
        return log_student(gain, mean * jnp.exp(-of_logarithm / 2), jnp.sqrt(of_logarithm))

    def recent(self, gain, days):
        c, drift = self.c["recent"], self.past["recent_mean"]
        square = (
            c["error"] * self.scatter / self.past["recent_weeks"]
            + (c["change"] * drift) ** 2
            + (c["change_of_level"] * self.level / YEAR) ** 2
        )
        variance = c["weeks"] * self.scatter * 7 * days + square * days**2 + (1e-6 * self.level) ** 2
        return student((gain - jnp.maximum(drift, 0) * days + self.decline(days)) / jnp.sqrt(variance))

    def decline(self, days):
        return self.level * (1 - jnp.exp(jnp.minimum(self.past["recent_mean"], 0) * days / self.level))

    def silence(self, gain, days):
        """The weight of the silent law for a store, and the distribution by that law."""
        c, silent_days = self.c["silence"], self.past["silent_days"]
        months = jnp.maximum(silent_days / 60, 0.1)
        flat = jnp.exp(-days / (c["lasts"] * months ** c["lasts_of_silence"]))
        restart = log_student(gain, c["restart"] * self.level * jnp.sqrt(days / YEAR), c["restart_spread"])
        share = c["share"] * jax.nn.sigmoid((silent_days - c["from_days"]) / c["give_or_take"])
        return share, flat * student(gain / (2e-4 * self.level)) + (1 - flat) * restart

    def fall(self, gain, days):
        """The probability of a fall, and the distribution after one."""
        c = self.c["fall"]
        of_a_year = jnp.clip(YEAR * self.past["year_mean"] / self.level, 0, 1)
        rate = c["rate"] + c["rate_of_old"] * (1 - of_a_year) + c["rate_of_seen"] * self.past["falls"]
        least = c["kept_of_a_year"] * of_a_year
        share = jnp.clip((1 + gain / self.level - least) / (1 - least), 1e-12, 1)
        return self.happens(rate, days), share ** c["power"]

    def happens(self, rate, days):
        return 1 - jnp.exp(-rate / (1 + self.c["calm"] * self.past["weeks"] / 52) * days / YEAR)


def interpolated(values, shares, p):
    """The value at which increasing shares reach p."""
    after = jnp.clip((shares < p).sum(2), 1, shares.shape[2] - 1)[..., None]
    at = lambda array, index: jnp.take_along_axis(array, index, 2)[..., 0]
    low, high = at(shares, after - 1), at(shares, after)
    part = jnp.where(high > low, jnp.clip((p - low) / jnp.maximum(high - low, 1e-12), 0, 1), 1.0)
    return at(values, after - 1) + part * (at(values, after) - at(values, after - 1))
