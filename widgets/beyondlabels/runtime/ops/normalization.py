"""Normalisations. The result has the shape and dtype of x."""

import numpy as np


def batch_norm(x, mean, variance, gamma=None, beta=None, epsilon=1e-5):
    """gamma * (x - mean) / sqrt(variance + epsilon) + beta; all four of shape (channels,), along axis 1."""
    scale = np.reciprocal(np.sqrt(variance + epsilon))
    made = x - _channels(mean, x)
    made *= _channels(scale if gamma is None else gamma * scale, x)
    return made if beta is None else made + _channels(beta, x)


def instance_norm(x, gamma=None, beta=None, epsilon=1e-5):
    """Each channel of each row centred and divided by its own spread over the spatial axes, then gamma and beta."""
    made = _standard(x, tuple(range(2, x.ndim)), epsilon)
    made = made if gamma is None else made * _channels(gamma, x)
    return made if beta is None else made + _channels(beta, x)


def layer_norm(x, axes=None, gamma=None, beta=None, epsilon=1e-5):
    """x centred and divided by its spread over ``axes`` (all when not given), then gamma and beta of those axes' shape."""
    axes = sorted(int(axis) % x.ndim for axis in (range(x.ndim) if axes is None else axes))
    sizes = [size if axis in axes else 1 for axis, size in enumerate(x.shape)]
    made = _standard(x, tuple(axes), epsilon)
    made = made if gamma is None else made * np.reshape(gamma, sizes)
    return made if beta is None else made + np.reshape(beta, sizes)


def l2_norm(x, epsilon=1e-6):
    """x / sqrt(sum of squares over the last three axes + epsilon)."""
    return x / np.sqrt(np.sum(x * x, axis=(-3, -2, -1), keepdims=True) + epsilon)


def local_response_norm(x, size, alpha=1e-4, beta=0.75, k=1.0):
    """x / (k + alpha / size * sum of squares over ``size`` neighbouring channels) ** beta, the channel in their middle.

    The channels are axis 1, but axis 0 where x has three axes: so say the expected values in Apple's own test, against
    the text of the reference. Where ``size`` is even, one channel more counts before than after.
    """
    size, axis = int(size), 0 if x.ndim == 3 else 1
    squares = np.moveaxis(x * x, axis, 0)
    squares = np.pad(squares, [(size // 2, size - 1 - size // 2), *[(0, 0)] * (x.ndim - 1)])
    total = sum(squares[start : start + x.shape[axis]] for start in range(size))
    return x / np.power(k + alpha / size * np.moveaxis(total, 0, axis), beta)


def _standard(x, axes, epsilon):
    made = x - np.mean(x, axis=axes, keepdims=True)
    made /= np.sqrt(np.mean(made * made, axis=axes, keepdims=True) + epsilon)
    return made


def _channels(values, x):
    return np.reshape(values, (-1, *[1] * (x.ndim - 2)))
