"""Comparisons and logic: 1 where it holds, else 0. A value counts as true when it is not 0."""

import numpy as np

from .registry import layer


def _compared(function):
    def compare(x, y=None, alpha=0.0):
        return function(x, np.float32(alpha) if y is None else y).astype(np.float32)

    compare.__doc__ = f"{function.__name__} of x and y, or of x and ``alpha`` when there is no y."
    return compare


def _logical(function):
    def combine(*xs):
        return function(*(x != 0 for x in xs)).astype(np.float32)

    combine.__doc__ = f"{function.__name__} of the inputs."
    return combine


equal = layer("equal")(_compared(np.equal))
not_equal = layer("notEqual")(_compared(np.not_equal))
less_than = layer("lessThan")(_compared(np.less))
less_equal = layer("lessEqual")(_compared(np.less_equal))
greater_than = layer("greaterThan")(_compared(np.greater))
greater_equal = layer("greaterEqual")(_compared(np.greater_equal))
logical_and = layer("logicalAnd")(_logical(np.logical_and))
logical_or = layer("logicalOr")(_logical(np.logical_or))
logical_xor = layer("logicalXor")(_logical(np.logical_xor))
logical_not = layer("logicalNot")(_logical(np.logical_not))
