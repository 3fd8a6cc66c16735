"""Windows that slide over the spatial axes of (n, channels, *spatial): shared by convolution and pooling."""

from math import prod

import numpy as np

from ..bounds import room, steps


def spans(kernel, dilations):
    """How far a kernel reaches on each axis once its taps are ``dilations`` apart. Raises ``ValueError`` for an empty one."""
    if min(kernel, default=1) < 1:
        raise ValueError(f"a kernel of {tuple(kernel)} is empty")
    return [(size - 1) * step + 1 for size, step in zip(kernel, dilations, strict=True)]


def padding(pad_type, pad, sizes, reach, strides):
    """(before, after) for each spatial axis.

    "same" pads so that the output has ceil(size / stride) places, the odd one after ("same_lower": before).
    """
    if pad_type == "valid":
        return [(0, 0)] * len(sizes)
    if pad_type == "custom":
        return [(int(low), int(high)) for low, high in np.reshape(pad, (-1, 2))]
    if pad_type not in ("same", "same_lower"):
        raise ValueError(f"no pad_type {pad_type!r}")
    found = []
    for size, far, stride in zip(sizes, reach, strides, strict=True):
        total = max((-(-size // stride) - 1) * stride + far - size, 0)
        found.append((total // 2, total - total // 2) if pad_type == "same" else (total - total // 2, total // 2))
    return found


def padded(x, pads, value=0):
    """x with ``value`` around its spatial axes; what lies in memory with its channels last stays so."""
    if not any(map(any, pads)):
        return x
    sizes = [low + size + high for size, (low, high) in zip(x.shape[2:], pads, strict=True)]
    room(*x.shape[:2], *sizes)
    last = 0 < x.strides[1] < min(x.strides[2:])
    if last:
        made = np.moveaxis(np.full((len(x), *sizes, x.shape[1]), value, x.dtype), -1, 1)
    else:
        made = np.full((*x.shape[:2], *sizes), value, x.dtype)
    inside = [slice(low, low + size) for size, (low, _) in zip(x.shape[2:], pads, strict=True)]
    made[(..., *inside)] = x
    return made


def channels_last(x):
    """(n, channels, *spatial) as (n, *spatial, channels), in this order in memory too."""
    return np.ascontiguousarray(np.moveaxis(x, 1, -1))


def places(sizes, reach, strides):
    """How many windows fit on each axis. Raises ``ValueError`` where none does."""
    found = [(size - far) // stride + 1 for size, far, stride in zip(sizes, reach, strides, strict=True)]
    if min(found) < 1:
        raise ValueError(f"a kernel that reaches {tuple(reach)} does not fit into {tuple(sizes)}")
    return found


def taps(x, kernel, strides, dilations, count):
    """For each place of the kernel (in order, last axis fastest), the part of x that lies under it: (n, c, *count)."""
    steps(prod(kernel), "places of a kernel")
    for tap in np.ndindex(*kernel):
        starts = [place * step for place, step in zip(tap, dilations, strict=True)]
        cut = zip(starts, strides, count, strict=True)
        yield x[(..., *(slice(start, start + (many - 1) * stride + 1, stride) for start, stride, many in cut))]


def numbers(values, count, otherwise=1):
    """A list of ``count`` ints, all ``otherwise`` when not given. Raises ``ValueError`` for other than ``count`` numbers from
    1 on: strides, dilations and sizes below that would read beside the values."""
    found = [otherwise] * count if values is None else [int(each) for each in np.atleast_1d(values)]
    if len(found) != count or min(found, default=1) < 1:
        raise ValueError(f"found {found} where {count} whole numbers from 1 on are expected")
    return found
