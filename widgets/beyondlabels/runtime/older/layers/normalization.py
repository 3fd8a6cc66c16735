"""Layers that bring values to a common scale."""

import numpy as np

from ...ops.activation import softmax as soft
from .registry import layer

_SPATIAL = (-2, -1)
_ALL = (-3, -2, -1)


@layer("batchnorm")
def batchnorm(x, channels, computeMeanVar, instanceNormalization, epsilon, gamma, beta, mean, variance):
    """gamma (x - mean) / sqrt(variance + epsilon) + beta along axis -3; mean and variance are stored, or those of each
    instance, or of the whole batch."""
    gamma, beta = (_column(each, channels) for each in (gamma, beta))
    if computeMeanVar:
        axes = _SPATIAL if instanceNormalization else tuple(axis for axis in range(x.ndim) if axis != x.ndim - 3)
        mean, variance = x.mean(axes, keepdims=True), x.var(axes, keepdims=True)
    else:
        mean, variance = (_column(each, channels) for each in (mean, variance))
    return gamma * ((x - mean) / np.sqrt(variance + np.float32(epsilon or 1e-5))) + beta


@layer("mvn")
def mean_variance_normalize(x, acrossChannels, normalizeVariance, epsilon):
    """x less its mean over (height, width), or over the channels too; divided by the root of its variance if asked."""
    axes = _ALL if acrossChannels else _SPATIAL
    made = x - x.mean(axes, keepdims=True)
    if not normalizeVariance:
        return made
    return made / np.sqrt(np.mean(made * made, axes, keepdims=True) + np.float32(epsilon or 1e-6))


@layer("l2normalize")
def l2_normalize(x, epsilon):
    """x / sqrt(sum of squares over the last three axes + epsilon)."""
    return x / np.sqrt(np.sum(x * x, _ALL, keepdims=True) + np.float32(epsilon or 1e-6))


@layer("lrn")
def local_response_normalization(x, alpha, beta, localSize, k):
    """x / (k + alpha / localSize * sum of squares over localSize channels around)^beta."""
    if not 1 <= localSize <= 2 * x.shape[-3] + 1:
        raise ValueError(f"a window of {localSize} channels does not fit {x.shape[-3]} channels")
    half = (localSize - 1) // 2
    squares = np.moveaxis(x * x, -3, 0)
    squares = np.concatenate([np.zeros((half, *squares.shape[1:]), x.dtype), squares, np.zeros_like(squares)])
    squares = squares[: x.shape[-3] + localSize - 1]
    missing = x.shape[-3] + localSize - 1 - len(squares)
    squares = np.concatenate([squares, np.zeros((missing, *squares.shape[1:]), x.dtype)]) if missing > 0 else squares
    total = np.lib.stride_tricks.sliding_window_view(squares, localSize, axis=0).sum(-1)
    return x / (np.float32(k or 1) + np.float32(alpha / localSize) * np.moveaxis(total, 0, -3)) ** np.float32(beta)


@layer("softmax")
def softmax(x):
    """exp(x) divided by its sum along axis -3."""
    if x.ndim < 3:
        raise ValueError(f"softmax needs an input of rank 3 or more, found rank {x.ndim}")
    return soft(x, -3)


@layer("softmaxND")
def softmax_nd(x, axis):
    """exp(x) divided by its sum along ``axis``."""
    return soft(x, axis)


@layer("layerNormalization")
def layer_normalization(x, normalizedShape, eps, gamma, beta):
    """gamma (x - mean) / sqrt(variance + eps) + beta over the last axes, those of ``normalizedShape``."""
    axes = tuple(range(x.ndim - len(normalizedShape), x.ndim))
    mean, variance = x.mean(axes, keepdims=True), x.var(axes, keepdims=True)
    gamma, beta = (each.shaped(*normalizedShape) for each in (gamma, beta))
    return gamma * (x - mean) / np.sqrt(variance + np.float32(eps)) + beta


def _column(weights, channels):
    return weights.vector(channels)[:, None, None]
