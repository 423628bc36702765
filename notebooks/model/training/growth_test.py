"""The test whether a series grows, as in src/forecast/weekly_history.rs: 1 for growth, the p-value for a decline."""

import jax.numpy as jnp

from training.distributions import student


def recent_scatter(past):
    correlation = past["recent_correlation"]
    return past["recent_spread"] ** 2 * (1 + correlation) / (1 - correlation)


def is_growing(past):
    error = jnp.sqrt(recent_scatter(past) / past["recent_weeks"] + (1.5e-7 * past["level"]) ** 2)
    return jnp.minimum(2 * student(past["recent_mean"] / error), 1.0)
