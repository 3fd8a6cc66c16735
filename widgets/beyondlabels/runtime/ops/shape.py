"""Operations that give the same values another shape."""

import numpy as np

from ..bounds import room


def expand_dims(x, axes):
    """Axes of size one, put in at ``axes`` of the result."""
    return np.expand_dims(x, tuple(int(axis) for axis in axes))


def squeeze(x, axes=None):
    """Axes of size one, taken out (all of them when ``axes`` is not given)."""
    return np.squeeze(x, None if axes is None else tuple(int(axis) for axis in axes))


def reshape(x, shape):
    """The same values in another shape; -1 is inferred.

    0 keeps an axis, counted from the right when the ranks differ (iOS 17); beyond the axes of x it stands for 1.
    """
    sizes = [int(size) for size in shape]
    if 0 in sizes:
        shift = x.ndim - len(sizes)
        kept = [x.shape[place + shift] if place + shift >= 0 else 1 for place in range(len(sizes))]
        sizes = [size or keep for size, keep in zip(sizes, kept, strict=True)]
    return x.reshape(sizes)


def reshape_like(x, ref_tensors, begins, ends, end_masks):
    """x in the shape made of ``ref_tensors[i].shape[begins[i]:ends[i]]``, one after the other.

    Where ``end_masks[i]`` holds, all axes from ``begins[i]`` on.
    """
    sizes = []
    for tensor, begin, end, mask in zip(*map(_listed, (ref_tensors, begins, ends, end_masks)), strict=True):
        sizes += np.shape(tensor)[int(begin) : None if mask else int(end)]
    return x.reshape(sizes)


def flatten2d(x, axis=1):
    """x as a matrix: the axes before ``axis`` become its rows, the others its columns."""
    rows = int(np.prod(x.shape[: int(axis)], dtype=np.int64))
    return x.reshape(rows, int(np.prod(x.shape[int(axis) :], dtype=np.int64)))


def transpose(x, perm):
    """Axes in the order ``perm``."""
    return np.transpose(x, [int(axis) for axis in perm])


def shape(x):
    """The shape of x, int32, one number for each axis."""
    return np.array(np.shape(x), np.int32)


def depth_to_space(x, block_size):
    """(n, C, H, W) to (n, C / b², H * b, W * b): channel (i * b + j) * C / b² + c goes to place (i, j) of a block."""
    n, c, h, w = x.shape
    b = int(block_size)
    return x.reshape(n, b, b, c // b**2, h, w).transpose(0, 3, 4, 1, 5, 2).reshape(n, c // b**2, h * b, w * b)


def space_to_depth(x, block_size):
    """(n, C, H, W) to (n, C * b², H / b, W / b), the way back from ``depth_to_space``."""
    n, c, h, w = x.shape
    b = int(block_size)
    return x.reshape(n, c, h // b, b, w // b, b).transpose(0, 3, 5, 1, 2, 4).reshape(n, c * b**2, h // b, w // b)


def pixel_shuffle(x, upscale_factor):
    """(n, C * f², H, W) to (n, C, H * f, W * f): channel c * f² + i * f + j goes to place (i, j) of a block."""
    n, c, h, w = x.shape
    f = int(upscale_factor)
    return x.reshape(n, c // f**2, f, f, h, w).transpose(0, 1, 4, 2, 5, 3).reshape(n, c // f**2, h * f, w * f)


def pixel_unshuffle(x, downscale_factor):
    """(n, C, H, W) to (n, C * f², H / f, W / f), the way back from ``pixel_shuffle``."""
    n, c, h, w = x.shape
    f = int(downscale_factor)
    return x.reshape(n, c, h // f, f, w // f, f).transpose(0, 1, 3, 5, 2, 4).reshape(n, c * f**2, h // f, w // f)


def space_to_batch(x, block_shape, paddings):
    """(n, C, H, W), padded with zeros, cut into blocks; place (i, j) of the blocks becomes batch (i * bw + j) * n."""
    paddings = np.reshape(paddings, (2, 2)).tolist()
    room(*x.shape[:2], *(size + low + high for size, (low, high) in zip(x.shape[2:], paddings, strict=True)))
    x = np.pad(x, [(0, 0), (0, 0), *map(tuple, paddings)])
    n, c, h, w = x.shape
    bh, bw = (int(size) for size in block_shape)
    return x.reshape(n, c, h // bh, bh, w // bw, bw).transpose(3, 5, 0, 1, 2, 4).reshape(-1, c, h // bh, w // bw)


def batch_to_space(x, block_shape, crops):
    """The way back from ``space_to_batch``; ``crops`` takes rows and columns off the edges."""
    bh, bw = (int(size) for size in block_shape)
    n, c, h, w = x.shape
    n //= bh * bw
    x = x.reshape(bh, bw, n, c, h, w).transpose(2, 3, 4, 0, 5, 1).reshape(n, c, h * bh, w * bw)
    (top, bottom), (left, right) = np.reshape(crops, (2, 2)).tolist()
    return x[:, :, top : x.shape[2] - bottom, left : x.shape[3] - right]


def _listed(value):
    return value if isinstance(value, list) else list(np.atleast_1d(value)) if np.ndim(value) < 2 else [value]
