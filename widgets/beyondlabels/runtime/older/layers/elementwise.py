"""Sums, products and the like of tensors of one shape, or of shapes that broadcast; weights lie along (channels, H, W)."""

from functools import reduce

import numpy as np

from ...bounds import together
from .registry import layer


@layer("add")
def add(*xs, alpha):
    """The sum of all inputs, or x + alpha for one."""
    return reduce(np.add, together(*xs)) if len(xs) > 1 else xs[0] + np.float32(alpha)


@layer("multiply")
def multiply(*xs, alpha):
    """The product of all inputs, or alpha x for one."""
    return reduce(np.multiply, together(*xs)) if len(xs) > 1 else xs[0] * np.float32(alpha)


@layer("average")
def average(*xs):
    """The mean of all inputs."""
    return reduce(np.add, together(*xs)) / np.float32(len(xs))


@layer("max")
def maximum(*xs):
    """The largest of all inputs, place by place."""
    return reduce(np.maximum, together(*xs))


@layer("min")
def minimum(*xs):
    """The smallest of all inputs, place by place."""
    return reduce(np.minimum, together(*xs))


@layer("dot")
def dot(x, y, cosineSimilarity):
    """The sum over axis -3 of x y, each divided by its length first if asked: (…, C, 1, 1) to (…, 1, 1, 1)."""
    if cosineSimilarity:
        x, y = (each / np.sqrt(np.sum(each * each, -3, keepdims=True)) for each in (x, y))
    return np.sum(x * y, -3, keepdims=True)


@layer("bias")
def bias_layer(x, shape, bias):
    """x + bias of shape [1], [C], [1, H, W] or [C, H, W]."""
    return x + _spread(bias, shape)


@layer("scale")
def scale_layer(x, shapeScale, scale, hasBias, shapeBias, bias):
    """x times scale, plus bias if there is one; each of shape [1], [C], [1, H, W] or [C, H, W]."""
    made = x * _spread(scale, shapeScale)
    return made + _spread(bias, shapeBias) if hasBias else made


def _spread(weights, shape):
    values = weights.shaped(*(shape or [weights.stored.size]))
    return values[:, None, None] if values.ndim == 1 else values
