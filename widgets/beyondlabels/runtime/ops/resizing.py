"""Images made larger or smaller: the last two axes (any number of last axes for ``resize``), on a grid of sample points.

Where the sample points lie, for ``n`` values and ``m`` wanted, is what the sampling mode says (``grids.py``).
"""

import numpy as np

from ..bounds import room
from .grids import grid


def upsample_nearest_neighbor(x, scale_factor_height=1, scale_factor_width=1):
    """floor(size * factor) rows and columns, each the one at floor(place * size / that number)."""
    for axis, factor in ((-2, scale_factor_height), (-1, scale_factor_width)):
        x = _floored(x, axis, int(np.floor(x.shape[axis] * float(factor))))
    return x


def upsample_bilinear(x, scale_factor_height=1, scale_factor_width=1, align_corners=True, half_pixel_centers=None):
    """floor(size * factor) rows and columns, interpolated; the factor is then recomputed from the sizes.

    ``half_pixel_centers`` is the opposite of ``align_corners`` when not given (UNALIGN_CORNERS); without either: DEFAULT.
    """
    half = not align_corners if half_pixel_centers is None else bool(half_pixel_centers)
    mode = "STRICT_ALIGN_CORNERS" if align_corners else "UNALIGN_CORNERS" if half else "DEFAULT"
    for axis, factor in ((-2, scale_factor_height), (-1, scale_factor_width)):
        x = _linear(x, axis, int(np.floor(x.shape[axis] * float(factor))), mode)
    return x


def resize_nearest_neighbor(x, target_size_height, target_size_width):
    """The given number of rows and columns, each the one at floor(place * size / target)."""
    for axis, count in ((-2, target_size_height), (-1, target_size_width)):
        x = _floored(x, axis, int(count))
    return x


def resize_bilinear(x, target_size_height=1, target_size_width=1, sampling_mode="DEFAULT"):
    """The given number of rows and columns, interpolated at the points of ``sampling_mode``."""
    for axis, count in ((-2, target_size_height), (-1, target_size_width)):
        x = _linear(x, axis, int(count), sampling_mode)
    return x


def resize(x, shape, resized_dims, interpolation_mode="LINEAR", sampling_mode="DEFAULT"):
    """The last ``resized_dims`` axes in the sizes that ``shape`` ends with; 0 keeps an axis.

    LINEAR interpolates at the points of ``sampling_mode``; NEAREST_NEIGHBOR takes the value nearest to each (not the one
    before it, as ``resize_nearest_neighbor`` does), of two as near the first.
    """
    one = {"LINEAR": _linear, "NEAREST_NEIGHBOR": _nearest}[interpolation_mode]
    for back in range(1, int(resized_dims) + 1):
        count = int(shape[-back]) or x.shape[-back]
        x = one(x, -back, count, sampling_mode)
    return x


def crop(x, crop_height, crop_width):
    """x without the given rows at top and bottom and columns at left and right."""
    (top, bottom), (left, right) = (np.ravel(each).tolist() for each in (crop_height, crop_width))
    return x[..., top : x.shape[-2] - bottom, left : x.shape[-1] - right]


def _linear(x, axis, count, mode):
    size = x.shape[axis]
    if size == count and mode != "OFFSET_CORNERS":
        return x
    room(x.size // max(size, 1), count)
    at = np.clip(grid(size, count, mode), 0, size - 1)
    low = np.floor(at).astype(np.int64)
    part = (at - low).astype(np.float32).reshape(-1, *[1] * (-axis - 1))
    below, above = np.take(x, low, axis=axis), np.take(x, np.minimum(low + 1, size - 1), axis=axis)
    return below + (above - below) * part


def _floored(x, axis, count):
    room(x.size // max(x.shape[axis], 1), count)
    places = np.floor(grid(x.shape[axis], count, "DEFAULT")).astype(np.int64)
    return np.take(x, np.clip(places, 0, x.shape[axis] - 1), axis=axis)


def _nearest(x, axis, count, mode):
    room(x.size // max(x.shape[axis], 1), count)
    places = np.ceil(grid(x.shape[axis], count, mode) - 0.5).astype(np.int64)
    return np.take(x, np.clip(places, 0, x.shape[axis] - 1), axis=axis)
