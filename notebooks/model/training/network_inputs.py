"""The features of a history that do not depend on its size, its pace or its limit; as in src/forecast/features.rs."""

import jax.numpy as jnp

from training.growth_law import YEAR

# The least growth and spread a year that count, as shares of the level.
SOME_GROWTH, SOME_SPREAD = 0.01, 1e-3


def of(past):
    """The features of each series, in columns."""
    a_year = YEAR / past["level"]
    growth = {name: jnp.maximum(past[f"{name}_mean"] * a_year, 0) for name in ("month", "recent", "year", "whole")}
    spread = {name: past[f"{name}_spread"] * a_year + SOME_SPREAD for name in ("recent", "quarter", "whole")}
    beside = lambda name: jnp.log((growth[name] + SOME_GROWTH) / (growth["month"] + SOME_GROWTH))
    scatter = past["quarter_spread"] * a_year / jnp.maximum(growth["month"], 2 * SOME_GROWTH)
    columns = [
        jnp.log(past["weeks"]),
        jnp.log(jnp.minimum(scatter, 10) + 0.05),
        beside("recent"),
        beside("year"),
        beside("whole"),
        past["recent_correlation"],
        past["whole_correlation"],
        jnp.log(spread["recent"] / spread["quarter"]),
        jnp.log(spread["whole"] / spread["quarter"]),
        past["month_bias"],
        past["quarter_bias"],
        jnp.sqrt(past["month_square"]),
        jnp.sqrt(past["quarter_square"]),
        jnp.log(past["silent_days"] + 3),
        jnp.log1p(past["rises"]),
        jnp.log1p(past["falls"]),
    ]
    return jnp.concatenate(columns, 1)
