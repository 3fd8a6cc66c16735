"""Images padded, cut, made larger or smaller: the axes -2 and -1."""

import numpy as np

from ...bounds import room
from .convolution import borders
from .registry import layer

_MODES = ("STRICT", "ALIGN", "UPSAMPLE", "ROI")


@layer("padding")
def padding(x, constant, reflection, replication, paddingAmounts):
    """x with a constant, its mirror image or its edge around it."""
    top, bottom, left, right = borders(paddingAmounts)
    room(*x.shape[:-2], x.shape[-2] + top + bottom, x.shape[-1] + left + right)
    widths = [(0, 0)] * (x.ndim - 2) + [(top, bottom), (left, right)]
    if reflection is not None:
        return np.pad(x, widths, mode="reflect")
    if replication is not None:
        return np.pad(x, widths, mode="edge")
    return np.pad(x, widths, constant_values=constant.value if constant else 0)


@layer("crop")
def crop(x, like=None, cropAmounts=None, offset=()):
    """x without its borders, or the part at ``offset`` as large as the second input."""
    if like is not None:
        top, left = list(offset) or [0, 0]
        if top + like.shape[-2] > x.shape[-2] or left + like.shape[-1] > x.shape[-1]:
            raise ValueError("the part to cut out reaches past the edge")
        return x[..., top : top + like.shape[-2], left : left + like.shape[-1]]
    top, bottom, left, right = borders(cropAmounts)
    if top + bottom > x.shape[-2] or left + right > x.shape[-1]:
        raise ValueError("more is cut off than there is")
    return x[..., top : x.shape[-2] - bottom, left : x.shape[-1] - right]


@layer("upsample")
def upsample(x, scalingFactor, fractionalScalingFactor, mode, linearUpsampleMode):
    """floor(size * factor) rows and columns: repeated, or interpolated on one of three grids."""
    factors = list(scalingFactor) or list(fractionalScalingFactor) or [1, 1]
    sizes = room(*(np.floor(size * factor) for size, factor in zip(x.shape[-2:], factors, strict=True)))
    room(*x.shape[:-2], *sizes)
    if mode == 0:
        for axis, count, factor in zip((-2, -1), sizes, factors, strict=True):
            places = np.floor(np.arange(count) / factor).astype(np.int64)
            x = np.take(x, np.minimum(places, x.shape[axis] - 1), axis)
        return x
    grids = [_stretched(size, count, linearUpsampleMode) for size, count in zip(x.shape[-2:], sizes, strict=True)]
    return _interpolated(x, *grids)


@layer("resizeBilinear")
def resize_bilinear(x, targetSize, mode):
    """``targetSize`` rows and columns, interpolated."""
    sizes = room(*(list(targetSize) or [1, 1]))
    room(*x.shape[:-2], *sizes)
    method = mode.samplingMethod if mode else 0
    grids = [sampled(0.0, size - 1.0, size, count, method) for size, count in zip(x.shape[-2:], sizes, strict=True)]
    return _interpolated(x, *grids)


@layer("cropResize")
def crop_resize(x, boxes, targetSize, normalizedCoordinates, mode, boxIndicesMode, spatialScale):
    """The part of x (1, batch, C, H, W) in each box (N, 1, 4 or 5, 1, 1), resized: (N, batch or 1, C, *targetSize)."""
    sizes = room(*(list(targetSize) or [1, 1]))
    method, order = (mode.samplingMethod if mode else 0), (boxIndicesMode.boxMode if boxIndicesMode else 0)
    made = []
    for box in boxes.reshape(len(boxes), -1).astype(np.float64):
        image = x[0] if len(box) == 4 else x[0, int(box[0])][None]
        corners = _corners(box[-4:], order) * (spatialScale or 1)
        if normalizedCoordinates:
            corners *= np.tile([x.shape[-2] - 1.0, x.shape[-1] - 1.0], 2)
        grids = [
            sampled(corners[axis], corners[axis + 2], x.shape[-2 + axis], sizes[axis], method) for axis in range(2)
        ]
        made.append(_interpolated(image, *grids))
    return np.stack(made)


def sampled(first, last, size, count, method):
    """Where ``count`` points lie between ``first`` and ``last``, held within 0 and size - 1 (``SamplingMode``)."""
    length = last - first + 1
    if method == 1 and count == 1:
        first = last = (first + last) / 2
    elif method == 2:
        last = first + length - length / count
    elif method == 3:
        spacing = max(1.0, last - first) / count
        first += 0.5 * spacing
        last = first + (count - 1) * spacing
    return np.clip(np.linspace(first, last, count), 0, size - 1)


def _stretched(size, count, mode):
    place = np.arange(count, dtype=np.float64)
    if mode == 2:
        spacing = size / count
        return np.clip(place * spacing + 0.5 * spacing - 0.5, 0, size - 1)
    reach = size - 1 if mode == 1 else size - size / count
    return np.clip(place * (reach / max(count - 1, 1)), 0, size - 1)


def _corners(box, order):
    if order >= 2:
        middle, extent = box[:2], box[2:]
        box = np.concatenate([middle - extent / 2, middle + extent / 2])
    return box[[1, 0, 3, 2]] if order % 2 else box


def _interpolated(x, rows, columns):
    for axis, at in ((-2, rows), (-1, columns)):
        low = np.floor(at).astype(np.int64)
        part = (at - low).astype(np.float32).reshape(-1, *[1] * (-axis - 1))
        below, above = np.take(x, low, axis), np.take(x, np.minimum(low + 1, x.shape[axis] - 1), axis)
        x = below + (above - below) * part
    return x
