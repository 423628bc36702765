"""A net of one inner layer, as in src/forecast/network.rs, and how it learns."""

import jax
import jax.numpy as jnp
import numpy as np

INNER = 8
# Standardized features beyond are as these: nothing was learnt there.
FARTHEST = 3.0
STEPS, BATCH, RATE, SEED = 350, 512, 3e-3, 0
# Each step shrinks what connects by so much of its rate, and blurs the features by so much of their deviation, so that
# the net learns what sources have in common and not how to tell them apart.
SHRINK, BLUR = 0.05, 0.2


def answer(net, features):
    """What the net says to each series, from -1 to 1."""
    net = {name: jnp.asarray(weights) for name, weights in net.items()}
    return layers(net, jnp.clip((features - net["mean"]) / net["deviation"], -FARTHEST, FARTHEST))


def layers(net, standardized):
    inner = jnp.tanh(standardized @ net["inner"].T + net["inner_bias"])
    return jnp.tanh(inner @ net["outer"].T + net["outer_bias"])


def learnt(features, outputs, loss, weights, say):
    """The net of the least `loss(answers, rows)`, which is the mean loss of some series; drawn by their weights. Adam
    (Kingma and Ba 2015) with decoupled shrinking (Loshchilov and Hutter 2019), its rate falling by a cosine."""
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
    fading = []
    for step in range(1, STEPS + 1):
        rows = draw.choice(len(features), BATCH, p=weights)
        blurred = standardized[rows] + BLUR * draw.standard_normal((BATCH, count))
        value, gradient = slope(net, blurred, rows)
        fading.append(float(value))
        gradient = jax.tree.map(jnp.nan_to_num, gradient)
        mean = jax.tree.map(lambda old, new: 0.9 * old + 0.1 * new, mean, gradient)
        square = jax.tree.map(lambda old, new: 0.999 * old + 0.001 * new**2, square, gradient)
        rate = RATE * (1 + np.cos(np.pi * step / STEPS)) / 2
        net = {name: moved(name, net, mean, square, rate, step) for name in net}
    say(f"the net: loss {np.mean(fading[:50]):.4f} in its first fifty steps, {np.mean(fading[-50:]):.4f} in its last")
    return known | net


def moved(name, net, mean, square, rate, step):
    usual = jnp.sqrt(square[name] / (1 - 0.999**step)) + 1e-8
    shrunk = 0.0 if name.endswith("bias") else SHRINK * net[name]
    return net[name] - rate * (mean[name] / (1 - 0.9**step) / usual + shrunk)
