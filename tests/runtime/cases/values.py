"""Short ways to write arrays of the types that programs hold."""

import numpy as np

NAN, INF = float("nan"), float("inf")


def f(values):
    """float32."""
    return np.array(values, np.float32)


def i(values):
    """int32."""
    return np.array(values, np.int32)


def b(values):
    """bool."""
    return np.array(values, bool)


def u8(values):
    """uint8."""
    return np.array(values, np.uint8)


GRID = f([[3, 1, 2], [1, 1, 5]])
CUBE = f(np.arange(24).reshape(2, 3, 4))
