"""Short ways to draw arrays of the types that programs hold."""

import numpy as np


def shape(rng, low=1, high=4):
    """A shape of ``low`` to ``high`` axes of 1 to 4."""
    return tuple(int(size) for size in rng.integers(1, 5, rng.integers(low, high + 1)))


def floats(rng, size=None):
    return rng.normal(0, 2, shape(rng) if size is None else size).astype(np.float32)


def ints(rng, size=None, low=-9, high=10):
    return rng.integers(low, high, shape(rng) if size is None else size).astype(np.int32)


def numbers(rng, size=None):
    return floats(rng, size) if rng.random() < 0.6 else ints(rng, size)


def truths(rng, size=None):
    return rng.random(shape(rng) if size is None else size) < 0.5


def axis(rng, rank):
    return np.int32(rng.integers(-rank, rank))


def one(rng, low=-2.0, high=2.0):
    return np.float32(rng.uniform(low, high))
