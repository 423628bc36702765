"""Adjustments of the common law of the date to a series, by its features; as in src/forecast/date/adjustment.rs."""

import jax.numpy as jnp

from training import network, network_inputs
from training.history_features import DAYS

# The largest absolute value of each adjustment, as a logarithm.
MOST = {
    "pace": 1.0,
    "pace_of_time": 0.7,
    "spread": 0.8,
    "spread_of_time": 0.5,
    "jumps": 1.0,
    "motion": 2.0,
    "passages": 1.5,
}
# Half the logarithm of the days, relative to a quarter of a year.
TIME = jnp.log(DAYS / 91) / 2


def of(c, past):
    """The adjustments by name, each a column; zero without a network."""
    if "net" not in c:
        return dict.fromkeys(MOST, 0.0)
    return named(network.answer(c["net"], network_inputs.of(past)))


def named(answers):
    return {name: most * answers[:, [index]] for index, (name, most) in enumerate(MOST.items())}


def standardized(departure, above, spread):
    """The distance of the growth above a gain, in spreads of the series, from its distance by the common law."""
    ahead = departure["pace"] + departure["pace_of_time"] * TIME
    return (above + ahead) / (spread * jnp.exp(departure["spread"] + departure["spread_of_time"] * TIME))


def share(usual, departure):
    """The share whose odds are those of `usual` times e^departure."""
    raised = usual * jnp.exp(departure)
    return raised / (1 - usual + raised)
