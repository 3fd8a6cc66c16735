"""Comparisons and truth values, element by element with NumPy's broadcasting."""

import numpy as np

from ..bounds import together


def equal(x, y):
    """x == y as bool; NaN equals nothing."""
    return np.equal(*together(x, y))


def not_equal(x, y):
    """x != y as bool."""
    return np.not_equal(*together(x, y))


def less(x, y):
    """x < y as bool."""
    return np.less(*together(x, y))


def less_equal(x, y):
    """x <= y as bool."""
    return np.less_equal(*together(x, y))


def greater(x, y):
    """x > y as bool."""
    return np.greater(*together(x, y))


def greater_equal(x, y):
    """x >= y as bool."""
    return np.greater_equal(*together(x, y))


def logical_and(x, y):
    """Both, as bool."""
    return np.logical_and(*together(x, y))


def logical_or(x, y):
    """At least one, as bool."""
    return np.logical_or(*together(x, y))


def logical_xor(x, y):
    """Exactly one, as bool."""
    return np.logical_xor(*together(x, y))


def logical_not(x):
    """The opposite, as bool."""
    return np.logical_not(x)


def select(cond, a, b):
    """a where cond holds, else b; the three shapes broadcast."""
    cond, a, b = together(cond, a, b)
    return np.where(np.asarray(cond, bool), a, b)
