"""Products of matrices."""

import numpy as np


def matmul(x, y, transpose_x=False, transpose_y=False):
    """x @ y over the last two axes, with either transposed first; leading axes broadcast."""
    x = np.swapaxes(x, -1, -2) if transpose_x else x
    y = np.swapaxes(y, -1, -2) if transpose_y else y
    return np.matmul(x, y)


def linear(x, weight, bias=None):
    """x @ weight.T + bias, weight of shape (out, in)."""
    product = np.matmul(x, weight.T)
    return product if bias is None else product + bias
