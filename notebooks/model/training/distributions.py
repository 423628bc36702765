"""Student's t with four degrees of freedom, and the tail of the normal, as in src/forecast/{student,normal}.rs."""

import jax.numpy as jnp
import numpy as np
from jax.scipy.special import ndtr


def student(x):
    x = jnp.clip(x, -1e9, 1e9)
    u = 1 + x * x / 4
    return 0.5 + 0.375 * x / jnp.sqrt(u) * (1 - x * x / (12 * u))


def student_quantile(p):
    root = np.sqrt(4 * p * (1 - p))
    q = np.cos(np.arccos(root) / 3) / root
    return np.sign(p - 0.5) * 2 * np.sqrt(np.maximum(q - 1, 0))


def mills_ratio(x):
    """The tail of the normal beyond x >= 0, divided by the density at x."""
    near = jnp.minimum(x, 10.0)
    far = jnp.maximum(x, 10.0)
    fraction = far
    for k in range(11, 0, -1):
        fraction = far + k / fraction
    return jnp.where(x < 10, ndtr(-near) * jnp.exp(near * near / 2) * np.sqrt(2 * np.pi), 1 / fraction)
