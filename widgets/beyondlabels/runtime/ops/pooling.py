"""Pooling over (n, channels, *spatial), with one, two or three spatial axes: (n, channels, *places)."""

import numpy as np

from .windows import numbers, padded, padding, places, taps


def max_pool(x, kernel_sizes, pad_type, strides=None, pad=None, ceil_mode=False):
    """The largest value in each window; padding never counts."""
    made = None
    for part in _parts(x, kernel_sizes, strides, pad_type, pad, ceil_mode, -np.inf):
        made = part.copy(order="K") if made is None else np.maximum(made, part, out=made)
    return made


def avg_pool(x, kernel_sizes, pad_type, strides=None, pad=None, ceil_mode=False, exclude_padding_from_average=False):
    """The mean of each window; padding counts as zeros unless ``exclude_padding_from_average``."""
    total = sum(_parts(x, kernel_sizes, strides, pad_type, pad, ceil_mode, 0))
    if not exclude_padding_from_average:
        return total / x.dtype.type(np.prod(kernel_sizes))
    ones = np.ones((1, 1, *x.shape[2:]), x.dtype)
    return total / sum(_parts(ones, kernel_sizes, strides, pad_type, pad, ceil_mode, 0))


def l2_pool(x, kernel_sizes, pad_type, strides=None, pad=None, ceil_mode=False):
    """The square root of the sum of squares in each window."""
    return np.sqrt(sum(_parts(x * x, kernel_sizes, strides, pad_type, pad, ceil_mode, 0)))


def _parts(x, kernel_sizes, strides, pad_type, pad, ceil_mode, value):
    rank = x.ndim - 2
    kernel, strides = numbers(kernel_sizes, rank), numbers(strides, rank)
    pads = padding(pad_type, pad, x.shape[2:], kernel, strides)
    if ceil_mode:
        pads = [_widened(*each) for each in zip(pads, x.shape[2:], kernel, strides, strict=True)]
    x = padded(x, pads, value)
    return taps(x, kernel, strides, [1] * rank, places(x.shape[2:], kernel, strides))


def _widened(pad, size, kernel, stride):
    """Padding with room for a last window that is not whole, unless it would begin beyond the values (PyTorch's rule)."""
    low, high = pad
    count = -(-(size + low + high - kernel) // stride) + 1
    if (count - 1) * stride >= size + low and low + high > 0:
        count -= 1
    return low, max(high, (count - 1) * stride + kernel - size - low)
