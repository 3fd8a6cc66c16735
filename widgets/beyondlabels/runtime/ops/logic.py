"""Comparisons and truth values, element by element with NumPy's broadcasting."""

import numpy as np


def equal(x, y):
    """x == y as bool; NaN equals nothing."""
    return np.equal(x, y)


def not_equal(x, y):
    """x != y as bool."""
    return np.not_equal(x, y)


def less(x, y):
    """x < y as bool."""
    return np.less(x, y)


def less_equal(x, y):
    """x <= y as bool."""
    return np.less_equal(x, y)


def greater(x, y):
    """x > y as bool."""
    return np.greater(x, y)


def greater_equal(x, y):
    """x >= y as bool."""
    return np.greater_equal(x, y)


def logical_and(x, y):
    """Both, as bool."""
    return np.logical_and(x, y)


def logical_or(x, y):
    """At least one, as bool."""
    return np.logical_or(x, y)


def logical_xor(x, y):
    """Exactly one, as bool."""
    return np.logical_xor(x, y)


def logical_not(x):
    """The opposite, as bool."""
    return np.logical_not(x)


def select(cond, a, b):
    """a where cond holds, else b; the three shapes broadcast."""
    return np.where(np.asarray(cond, bool), a, b)
