"""Windows that slide over the spatial axes of (n, channels, *spatial): shared by convolution and pooling."""

import numpy as np


def spans(kernel, dilations):
    """How far a kernel reaches on each axis once its taps are ``dilations`` apart."""
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
    """x with ``value`` around its spatial axes."""
    if not any(map(any, pads)):
        return x
    return np.pad(x, [(0, 0), (0, 0), *pads], constant_values=value)


def places(sizes, reach, strides):
    """How many windows fit on each axis. Raises ``ValueError`` where none does."""
    found = [(size - far) // stride + 1 for size, far, stride in zip(sizes, reach, strides, strict=True)]
    if min(found) < 1:
        raise ValueError(f"a kernel that reaches {tuple(reach)} does not fit into {tuple(sizes)}")
    return found


def taps(x, kernel, strides, dilations, count):
    """For each place of the kernel (in order, last axis fastest), the part of x that lies under it: (n, c, *count)."""
    for tap in np.ndindex(*kernel):
        starts = [place * step for place, step in zip(tap, dilations, strict=True)]
        cut = zip(starts, strides, count, strict=True)
        yield x[(..., *(slice(start, start + (many - 1) * stride + 1, stride) for start, stride, many in cut))]


def numbers(values, count, otherwise=1):
    """A list of ``count`` ints, all ``otherwise`` when not given."""
    return [otherwise] * count if values is None else [int(each) for each in np.atleast_1d(values)]
