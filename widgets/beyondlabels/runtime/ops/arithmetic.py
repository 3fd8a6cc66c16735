"""Arithmetic on two tensors, element by element with NumPy's broadcasting. A trailing underscore avoids a Python built-in."""

import numpy as np


def add(x, y):
    """x + y, same dtype; shapes broadcast."""
    return x + y


def sub(x, y):
    """x - y, same dtype; shapes broadcast."""
    return x - y


def mul(x, y):
    """x * y, same dtype; shapes broadcast."""
    return x * y


def real_div(x, y):
    """x / y; integers divide like floats and are cut back to the declared type."""
    return np.true_divide(x, y, dtype=np.float32 if _is_float(x, y) else np.float64)


def floor_div(x, y):
    """The largest whole number not above x / y, same dtype; shapes broadcast."""
    return np.floor_divide(x, y)


def mod(x, y):
    """x - y * floor_div(x, y): the remainder with the sign of y, same dtype; shapes broadcast."""
    return np.mod(x, y)


def pow_(x, y):
    """x to the power of y, same dtype; shapes broadcast. A negative float to a broken power is NaN."""
    return np.power(x, y) if _is_float(x, y) else np.power(x, y, dtype=np.float64)


def maximum(x, y):
    """The larger of the two, same dtype; shapes broadcast."""
    return np.maximum(x, y)


def minimum(x, y):
    """The smaller of the two, same dtype; shapes broadcast."""
    return np.minimum(x, y)


def clip(x, alpha, beta):
    """x held between the scalars alpha and beta, shape and dtype of x."""
    return np.minimum(np.maximum(x, alpha), beta)


def threshold(x, alpha):
    """The larger of x and the scalar alpha, shape and dtype of x."""
    return np.maximum(x, alpha)


def _is_float(*values):
    return any(np.asarray(value).dtype.kind == "f" for value in values)
