"""A network with one inner layer, as in src/forecast/network.rs, and its training."""

import jax
import jax.numpy as jnp
import numpy as np

INNER = 8
# Standardized features are clipped to this, because the training data has few beyond.
FARTHEST = 3.0
STEPS, BATCH, RATE, SEED = 350, 512, 3e-3, 0
# Each step decays the weights by this share of the rate, and adds noise of this share of their deviation to the
# features, so that the network does not learn to distinguish the sources.
SHRINK, BLUR = 0.05, 0.2


def answer(net, features):
    """The outputs of the network for each series, from -1 to 1."""
    net = {name: jnp.asarray(weights) for name, weights in net.items()}
    return layers(net, jnp.clip((features - net["mean"]) / net["deviation"], -FARTHEST, FARTHEST))


def layers(net, standardized):
    inner = jnp.tanh(standardized @ net["inner"].T + net["inner_bias"])
    return jnp.tanh(inner @ net["outer"].T + net["outer_bias"])


def learnt(features, outputs, loss, weights, say):
    """Trains a network to minimize `loss(answers, rows)`, the mean loss of a batch of series drawn by their weights.
    Adam (Kingma and Ba 2015) with decoupled weight decay (Loshchilov and Hutter 2019); the rate falls by a cosine."""
    features = np.asarray(features)
    count = features.shape[1]
    known = {"mean": features.mean(0), "deviation": features.std(0) + 1e-6}
    standardized = np.clip((features - known["mean"]) / known["deviation"], -FARTHEST, FARTHEST)
    draw = np.random.default_rng(SEED)
    net = {
        "inner": jnp.asarray(draw.standard_normal((INNER, count)) / np.sqrt(count)),
        "inner_bias": jnp.zeros(INNER),
        "outer": jnp.zeros((outputs, INNER)),
        "outer_bias": jnp.zeros(outputs),
    }
    slope = jax.jit(jax.value_and_grad(lambda net, standardized, rows: loss(layers(net, standardized), rows)))
    mean, square = jax.tree.map(jnp.zeros_like, net), jax.tree.map(jnp.zeros_like, net)
    losses = []
    for step in range(1, STEPS + 1):
        rows = draw.choice(len(features), BATCH, p=weights)
        blurred = standardized[rows] + BLUR * draw.standard_normal((BATCH, count))
        value, gradient = slope(net, blurred, rows)
        losses.append(float(value))
        gradient = jax.tree.map(jnp.nan_to_num, gradient)
        mean = jax.tree.map(lambda old, new: 0.9 * old + 0.1 * new, mean, gradient)
        square = jax.tree.map(lambda old, new: 0.999 * old + 0.001 * new**2, square, gradient)
        rate = RATE * (1 + np.cos(np.pi * step / STEPS)) / 2
        net = {name: moved(name, net, mean, square, rate, step) for name in net}
    say(f"network: loss {np.mean(losses[:50]):.4f} in the first 50 steps, {np.mean(losses[-50:]):.4f} in the last 50")
    return known | net


def moved(name, net, mean, square, rate, step):
    usual = jnp.sqrt(square[name] / (1 - 0.999**step)) + 1e-8
    shrunk = 0.0 if name.endswith("bias") else SHRINK * net[name]
    return net[name] - rate * (mean[name] / (1 - 0.9**step) / usual + shrunk)
