"""Random values. Only shape, type and distribution can be compared with Core ML: it does not say how it draws them.

The same ``seed`` gives the same values here; -1 gives new ones each time.
"""

import numpy as np

from ..bounds import room


def random_bernoulli(shape, prob=0.5, seed=-1):
    """1 with probability ``prob``, else 0, in the given shape."""
    return (_generator(seed).random(_sizes(shape)) < prob).astype(np.float32)


def random_categorical(x, mode="logits", size=1, seed=-1):
    """``size`` indices drawn for each row of the last axis of x, which holds ``logits`` or ``probs``: (..., size)."""
    if mode not in ("logits", "probs"):
        raise ValueError(f"no mode {mode!r}")
    logits = np.asarray(x, np.float64) if mode == "logits" else _log(x)
    noise = _generator(seed).gumbel(size=room(*logits.shape[:-1], size, logits.shape[-1]))
    return np.argmax(logits[..., None, :] + noise, axis=-1).astype(np.float32)


def random_normal(shape, mean=0.0, stddev=1.0, seed=-1):
    """Normal values of ``mean`` and ``stddev``, in the given shape."""
    return (mean + stddev * _generator(seed).standard_normal(_sizes(shape))).astype(np.float32)


def random_uniform(shape, low=0.0, high=1.0, seed=-1):
    """Values spread evenly from ``low`` to below ``high``, in the given shape."""
    return (low + (high - low) * _generator(seed).random(_sizes(shape))).astype(np.float32)


def _generator(seed):
    return np.random.default_rng(None if int(seed) < 0 else int(seed))


def _sizes(shape):
    return room(*shape)


def _log(x):
    with np.errstate(divide="ignore"):  # a probability of 0 is a logit of -inf
        return np.log(np.asarray(x, np.float64))
