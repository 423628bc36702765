"""How far a series departs from the law of all, by its features; as in src/forecast/date/adjustment.rs."""

import jax.numpy as jnp

from training import network, network_inputs
from training.history_features import DAYS

# How far each may go, as a logarithm.
MOST = {
    "pace": 1.0,
    "pace_of_time": 0.7,
    "spread": 0.8,
    "spread_of_time": 0.5,
    "jumps": 1.0,
    "motion": 2.0,
    "passages": 1.5,
}
# Half a logarithm of days, from a quarter on.
TIME = jnp.log(DAYS / 91) / 2


def of(c, past):
    """The departures by name, each a column; none without a net."""
    if "net" not in c:
        return dict.fromkeys(MOST, 0.0)
    return named(network.answer(c["net"], network_inputs.of(past)))


def named(answers):
    return {name: most * answers[:, [index]] for index, (name, most) in enumerate(MOST.items())}


def standardized(departure, above, spread):
    """How many of the series' own spreads its growth lies above a gain, where by the law of all it lies `above` it."""
    ahead = departure["pace"] + departure["pace_of_time"] * TIME
    return (above + ahead) / (spread * jnp.exp(departure["spread"] + departure["spread_of_time"] * TIME))


def share(usual, departure):
    """A share of which the odds are raised by the logarithm of a factor."""
    raised = usual * jnp.exp(departure)
    return raised / (1 - usual + raised)
