"""The constants by their names in data/model.json: the round value towards which each is regularized, and its scale."""

import json
import re
from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np


@dataclass(frozen=True)
class Start:
    """The start of a constant and its kind: a positive one is fitted by its logarithm, a share by the logarithm of its
    odds, a signed one as it is."""

    value: float
    kind: str


def positive(value):
    return Start(value, "positive")


def share(value):
    return Start(value, "share")


def signed(value):
    return Start(value, "signed")


def fixed(value):
    """A constant that is set by hand and not fitted."""
    return Start(value, "fixed")


DATE = {
    # Set by hand: half of each law; then tails a little wider and a median a little earlier.
    "motion_share": fixed(0.5),
    "wide_share": share(0.2),
    "wide_factor": positive(2.0),
    "passages_of_model": positive(30.0),
    "recalibrated_scale": fixed(0.965),
    "recalibrated_shift": fixed(0.25),
    "recalibrated_middle": fixed(0.8),
    "gain": {
        "usual_growth": positive(0.5),
        "usual_weeks": positive(0.1),
        "most_weeks": positive(5.0),
        "least_growth": positive(0.02),
        "most_scatter": fixed(6.0),
        "spread": positive(0.02),
        "spread_of_pace": positive(0.2),
        "spread_of_weeks": positive(0.1),
        "spread_of_years": positive(0.05),
        "spread_of_years_squared": fixed(0.0),
        "spread_of_history": positive(0.2),
        "spread_of_scatter": positive(0.2),
        "bias": signed(0.0),
        "bias_of_years": signed(0.0),
        "hindsight": {
            "usual_tests": positive(2.0),
            "power": positive(0.5),
            "bias_share": positive(0.5),
            "bias_tests": positive(4.0),
        },
    },
    "jump": {
        "rate": positive(0.2),
        "rate_of_seen": positive(0.5),
        "calm": positive(0.3),
        "size": positive(0.5),
        "size_spread": positive(2.0),
    },
    "motion": {
        "usual_growth": positive(0.3),
        "usual_weeks": positive(0.5),
        "error": positive(1.3),
        "change": positive(0.1),
        "change_of_years": positive(0.5),
        "change_of_level": positive(0.3),
    },
    "motion_jump": {
        "rate": positive(0.5),
        "rate_of_seen": positive(1.0),
        "calm": positive(0.3),
        "size": positive(0.3),
        "size_spread": positive(1.5),
    },
    "silence": {
        "share": share(0.8),
        "median": positive(6.0),
        "of_gain": positive(0.2),
        "of_silence": positive(0.5),
        "spread": positive(1.5),
    },
}

LEVEL = {
    "recent_share": share(0.3),
    "own_share": share(0.2),
    "calm": positive(0.4),
    "gain": {
        "usual_growth": positive(0.5),
        "usual_weeks": positive(0.05),
        "most_weeks": fixed(11.0),
        "least_growth": positive(0.02),
        "most_scatter": fixed(6.0),
        "spread": positive(0.02),
        "spread_of_pace": positive(0.15),
        "spread_of_weeks": positive(0.08),
        "spread_of_years": positive(0.05),
        "spread_of_years_squared": positive(0.03),
        "spread_of_history": positive(0.19),
        "spread_of_scatter": positive(0.3),
        "bias": signed(0.0),
        "bias_of_years": signed(0.0),
        "hindsight": {
            "usual_tests": positive(1.7),
            "power": share(0.6),
            "bias_share": positive(1.0),
            "bias_tests": positive(4.0),
        },
    },
    "own": {"weeks": positive(1.0), "error": positive(1.0), "change": positive(0.1)},
    "recent": {
        "weeks": positive(1.0),
        "error": positive(2.0),
        "change": positive(0.15),
        "change_of_level": positive(0.01),
    },
    "silence": {
        "share": share(0.85),
        "from_days": positive(30.0),
        "give_or_take": fixed(4.0),
        "lasts": positive(150.0),
        "lasts_of_silence": positive(0.5),
        "restart": positive(0.1),
        "restart_spread": positive(1.5),
    },
    "jump": {
        "rate": positive(0.12),
        "rate_of_seen": positive(0.4),
        "size": positive(0.2),
        "size_spread": positive(1.3),
    },
    "fall": {
        "rate": positive(0.08),
        "rate_of_old": positive(0.1),
        "rate_of_seen": positive(0.1),
        "kept_of_a_year": share(0.8),
        "power": positive(2.0),
    },
}

# The change of a constant that costs a penalty of one: by the factor e^0.5, in the odds likewise, or by a difference.
REACH = {"positive": 0.5, "share": 0.5, "signed": 0.2}
DIGITS = 4


class Constants:
    """The constants of a law as an unbounded vector; constants for which `moving` is false are not part of it."""

    def __init__(self, starts, moving=lambda name: True):
        self.starts = starts
        found = list(leaves(starts))
        self.moved = [path for path, start in found if start.kind != "fixed" and moving(path[0])]
        kinds = [start_of(starts, path).kind for path in self.moved]
        self.reach = np.array([REACH[kind] for kind in kinds])
        self.start = np.array([free(start_of(starts, path)) for path in self.moved])

    def named(self, vector):
        """The constants by their names."""
        moved = {path: vector[index] for index, path in enumerate(self.moved)}
        return tree(self.starts, lambda path, start: bound(start.kind, moved[path]) if path in moved else start.value)

    def moved_to(self, vector):
        """The same constants with the values of the vector as their starts."""
        named = self.named(vector)
        return tree(self.starts, lambda path, start: Start(float(start_of(named, path)), start.kind))


def leaves(node, path=()):
    if isinstance(node, Start):
        yield path, node
        return
    for name, below in node.items():
        yield from leaves(below, (*path, name))


def tree(node, value, path=()):
    if isinstance(node, Start):
        return value(path, node)
    return {name: tree(below, value, (*path, name)) for name, below in node.items()}


def start_of(node, path):
    for name in path:
        node = node[name]
    return node


def free(start):
    match start.kind:
        case "positive":
            return np.log(start.value)
        case "share":
            return np.log(start.value / (1 - start.value))
        case _:
            return start.value


def bound(kind, value):
    match kind:
        case "positive":
            return jnp.exp(value)
        case "share":
            return jax.nn.sigmoid(value)
        case _:
            return value


def values(starts):
    """The constants in the format of data/model.json."""
    return tree(starts, lambda _, start: rounded(start.value))


def rounded(value):
    return float(f"{value:.{DIGITS}g}")


def text(date, net, level):
    """The content of data/model.json."""
    of_net = {name: np.vectorize(rounded)(weights).tolist() for name, weights in net.items()}
    model = {"date": values(date) | {"net": of_net}, "level": values(level)}
    lines = json.dumps(model, indent=2)
    # A line for each row of the network's weights.
    return re.sub(r"\[\s+([^][]+?)\s+\]", lambda row: f"[{' '.join(row[1].split())}]", lines) + "\n"
