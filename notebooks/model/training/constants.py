"""The constants by their names in data/model.json: the round value towards which each is regularized, and its scale."""

import json
from dataclasses import dataclass

import jax.numpy as jnp
import numpy as np


@dataclass(frozen=True)
class Start:
    """The start of a constant, and whether it is fitted: by its logarithm, as all are positive."""

    value: float
    is_fitted: bool = True


def fitted(value):
    return Start(value)


def fixed(value):
    """A constant that is set by hand and not fitted."""
    return Start(value, is_fitted=False)


START = {
    "usual_growth": fitted(0.3),
    "passages_of_model": fitted(25.0),
    # Set by hand: each source left out, the ranges hold what they promise.
    "widening": fixed(1.18),
    "growth": {
        "usual_weeks": fitted(0.1),
        "spread_of_history": fitted(0.2),
        "spread_of_scatter": fitted(0.25),
    },
    "motion": {
        "usual_weeks": fitted(0.5),
        "error": fitted(1.6),
        "error_of_usual": fitted(0.4),
    },
    "jump": {
        "rate": fitted(0.5),
        "rate_of_seen": fitted(0.7),
        "calm": fitted(0.3),
        "size": fitted(0.25),
        # Set by hand: limits lie near, so the dates do not tell how large the largest jumps are; the levels do.
        "size_spread": fixed(1.5),
    },
}

# The change of the logarithm of a constant that costs a penalty of one.
REACH = 0.5
DIGITS = 4


class Constants:
    """The fitted constants as a vector of logarithms."""

    def __init__(self, starts):
        self.starts = starts
        self.fitted = [path for path, start in leaves(starts) if start.is_fitted]
        self.start = np.log([start_of(starts, path).value for path in self.fitted])

    def named(self, vector):
        """All constants by their names."""
        fitted = {path: jnp.exp(vector[index]) for index, path in enumerate(self.fitted)}
        return tree(self.starts, lambda path, start: fitted.get(path, start.value))

    def numbers(self, vector):
        """The same, rounded."""
        return tree(self.named(vector), lambda _, value: float(f"{float(value):.{DIGITS}g}"))


def leaves(node, path=()):
    if isinstance(node, Start):
        yield path, node
        return
    for name, below in node.items():
        yield from leaves(below, (*path, name))


def tree(node, value, path=()):
    if not isinstance(node, dict):
        return value(path, node)
    return {name: tree(below, value, (*path, name)) for name, below in node.items()}


def start_of(node, path):
    for name in path:
        node = node[name]
    return node


def text(constants):
    """The content of data/model.json."""
    return json.dumps(constants, indent=2) + "\n"
