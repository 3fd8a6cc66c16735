"""Activations of neural networks. The result has the shape and dtype of x; alpha and beta are scalars unless said."""

import numpy as np

from .reduction import reduce_max, reduce_sum


def clamped_relu(x, alpha, beta):
    """min(beta, x) where x >= 0, else min(beta, alpha * x)."""
    return np.minimum(np.where(x >= 0, x, x * alpha), beta)


def elu(x, alpha):
    """x where x >= 0, else alpha * (exp(x) - 1)."""
    return np.where(x >= 0, x, alpha * np.expm1(np.minimum(x, 0)))


def gelu(x, mode="EXACT"):
    """x times the normal distribution function of x: EXACT, TANH_APPROXIMATION or SIGMOID_APPROXIMATION."""
    if mode == "EXACT":
        from scipy.special import erfc

        return np.float32(0.5) * x * erfc(x * np.float32(-np.sqrt(0.5)))
    if mode == "TANH_APPROXIMATION":
        inner = np.float32(np.sqrt(2 / np.pi)) * (x + np.float32(0.044715) * x * x * x)
        return np.float32(0.5) * x * (1 + np.tanh(inner))
    if mode == "SIGMOID_APPROXIMATION":
        return x * sigmoid(np.float32(1.702) * x)
    raise ValueError(f"no mode {mode!r}")


def leaky_relu(x, alpha):
    """x where x >= 0, else alpha * x."""
    return np.where(x >= 0, x, x * alpha)


def linear_activation(x, alpha, beta):
    """alpha * x + beta."""
    return x * alpha + beta


def prelu(x, alpha):
    """x where x >= 0, else alpha * x; alpha of shape (channels,) lies along axis 1."""
    return np.where(x >= 0, x, x * _channels(alpha, x))


def relu(x):
    """x where x >= 0, else 0."""
    return np.maximum(x, 0)


def relu6(x):
    """x held between 0 and 6."""
    return np.clip(x, 0, 6)


def scaled_tanh(x, alpha, beta):
    """alpha * tanh(beta * x)."""
    return alpha * np.tanh(x * beta)


def sigmoid(x):
    """1 / (1 + exp(-x))."""
    made = np.exp(np.negative(x))
    made += 1
    return np.reciprocal(made)


def sigmoid_hard(x, alpha, beta):
    """alpha * x + beta held between 0 and 1."""
    return np.clip(x * alpha + beta, 0, 1)


def silu(x):
    """x * sigmoid(x), also called swish."""
    return x * sigmoid(x)


def softmax(x, axis=-1):
    """exp(x) divided by its sum along axis; the largest x is taken off first, so that nothing overflows."""
    made = x - reduce_max(x, [axis], True)
    np.exp(made, out=made)
    made /= reduce_sum(made, [axis], True)
    return made


def softplus(x):
    """log(1 + exp(x)), written so that a large x does not overflow."""
    return np.log1p(np.exp(-np.abs(x))) + np.maximum(x, 0)


def softplus_parametric(x, alpha, beta):
    """alpha * log(1 + exp(beta * x)); alpha and beta of shape (channels,) lie along axis 1."""
    return _channels(alpha, x) * softplus(x * _channels(beta, x))


def softsign(x):
    """x / (1 + |x|)."""
    return x / (1 + np.abs(x))


def thresholded_relu(x, alpha):
    """x where x >= alpha, else 0."""
    return np.where(x >= alpha, x, np.zeros((), x.dtype))


def _channels(values, x):
    return np.reshape(values, (-1, *[1] * (np.ndim(x) - 2)))
