"""Pooling over the last two axes, or three; what stands before the channels is batch."""

import numpy as np

from ...bounds import room
from ...ops.pooling import avg_pool, l2_pool, max_pool
from .convolution import borders, spatial
from .registry import layer

_SAME = ("same", "same_lower")


@layer("pooling")
def pooling(
    x,
    type,
    kernelSize,
    stride,
    valid,
    same,
    includeLastPixel,
    avgPoolExcludePadding,
    globalPooling,
):
    """The largest value, the mean or the root of the sum of squares in each window. ``includeLastPixel`` adds a window
    that is not whole at the end; global pooling has one window, the whole."""
    part = x.reshape(-1, *x.shape[-3:])
    kernel, strides = list(kernelSize) or [3, 3], list(stride) or [1, 1]
    pad = {"pad_type": "custom", "pad": borders(valid.paddingAmounts if valid else None)}
    if globalPooling:
        kernel, strides, pad = list(x.shape[-2:]), [1, 1], {"pad_type": "valid"}
    elif same:
        pad = {"pad_type": _SAME[same.asymmetryMode]}
    elif includeLastPixel:
        pad["pad"] = _complete(x.shape[-2:], kernel, strides, list(includeLastPixel.paddingAmounts) or [0, 0])
    made = _pooled(part, ("max", "average", "l2")[type], kernel, strides, pad, avgPoolExcludePadding)
    return made.reshape(*x.shape[:-3], *made.shape[1:])


@layer("pooling3d")
def pooling3d(x, type, paddingType, countExcludePadding, **sizes):
    """The largest value or the mean in each window over three axes."""
    kernel, strides, _, pads = spatial(sizes)
    pad = ({"pad_type": "custom", "pad": pads}, {"pad_type": "valid"}, {"pad_type": "same"})[paddingType]
    return _pooled(x, ("max", "average")[type], kernel, strides, pad, countExcludePadding)


@layer("globalPooling3d")
def global_pooling3d(x, type):
    """The largest value or the mean over the last three axes."""
    return (x.max, x.mean)[type](axis=(-3, -2, -1), keepdims=True)


def _pooled(x, kind, kernel, strides, pad, exclude):
    amounts = pad.get("pad", [0] * 2 * len(kernel))
    around = [size + sum(amounts[2 * axis : 2 * axis + 2]) for axis, size in enumerate(x.shape[2:])]
    if pad["pad_type"] in _SAME:
        around = [size + reach for size, reach in zip(x.shape[2:], kernel, strict=True)]
        kernel_fits = all(reach <= 2 * size + 2**10 for size, reach in zip(x.shape[2:], kernel, strict=True))
    else:
        kernel_fits = all(0 < reach <= size for size, reach in zip(around, kernel, strict=True))
    if not kernel_fits or not all(step > 0 for step in strides):
        raise ValueError(f"a window of {tuple(kernel)} does not fit into {tuple(around)}")
    room(*x.shape[:2], *around)
    common = {"kernel_sizes": kernel, "strides": strides, **pad}
    if kind == "max":
        return max_pool(x, **common)
    if kind == "l2":
        return l2_pool(x, **common)
    return avg_pool(x, exclude_padding_from_average=exclude, **common)


def _complete(sizes, kernel, strides, amounts):
    """Padding such that the last pixel lies under a window (the formula is in ``PoolingLayerParams``)."""
    pads = []
    for size, reach, step, amount in zip(sizes, kernel, strides, amounts, strict=True):
        count = int(np.ceil((size + 2 * amount - reach) / step)) + 1
        if any(amounts) and (count - 1) * step >= size + amount:
            count -= 1
        pads += [amount, max(amount, (count - 1) * step + reach - size - amount)]
    return pads
