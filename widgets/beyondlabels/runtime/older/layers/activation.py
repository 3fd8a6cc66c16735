"""Activation layers; the formulas are those of ``ops/activation.py``."""

import numpy as np

from ...ops import activation as ops
from .registry import layer

_PLAIN = {"ReLU": ops.relu, "tanh": np.tanh, "sigmoid": ops.sigmoid, "softsign": ops.softsign, "softplus": ops.softplus}
_SCALED = {"linear": ops.linear_activation, "scaledTanh": ops.scaled_tanh, "sigmoidHard": ops.sigmoid_hard}
_WITH_ALPHA = {"leakyReLU": ops.leaky_relu, "thresholdedReLU": ops.thresholded_relu, "ELU": ops.elu}
_GELU = ("EXACT", "TANH_APPROXIMATION", "SIGMOID_APPROXIMATION")


@layer("activation")
def activation(x, **kinds):
    """The one of ``kinds`` that is given, as a namespace of its parameters. Weights of PReLU and of the parametric
    softplus lie along axis -3."""
    return function(kinds)(x)


def function(kinds):
    """The function of x for the parameters of an ``ActivationParams``."""
    kind, given = chosen(kinds)
    if kind in _PLAIN:
        return _PLAIN[kind]
    if kind in _SCALED:
        return lambda x: _SCALED[kind](x, np.float32(given.alpha), np.float32(given.beta))
    if kind in _WITH_ALPHA:
        return lambda x: _WITH_ALPHA[kind](x, np.float32(given.alpha))
    if kind == "PReLU":
        return lambda x: np.where(x >= 0, x, x * _channels(given.alpha, x))
    if kind == "parametricSoftplus":
        return lambda x: _channels(given.alpha, x) * ops.softplus(x * _channels(given.beta, x))
    raise ValueError(f"no activation {kind!r}")


def chosen(kinds):
    """(name, parameters) of the one kind that is given."""
    found = [(kind, given) for kind, given in kinds.items() if given is not None]
    if len(found) != 1:
        raise ValueError("an activation layer names no activation")
    return found[0]


@layer("clampedReLU")
def clamped_relu(x, alpha, beta):
    """min(beta, x) where x >= 0, else min(beta, alpha * x)."""
    return ops.clamped_relu(x, np.float32(alpha), np.float32(beta))


@layer("gelu")
def gelu(x, mode):
    """x times the normal distribution function of x, exact or one of two approximations."""
    return ops.gelu(x, _GELU[mode])


def _channels(weights, x):
    if x.ndim < 3:
        raise ValueError("weights for each channel need an input of rank 3 or more")
    return weights.vector(x.shape[-3])[:, None, None]
