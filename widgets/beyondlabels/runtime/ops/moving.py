"""Operations that join, cut, repeat or move values without changing them."""

import numpy as np

from ..bounds import room


def concat(values, axis, interleave=False):
    """Arrays joined along ``axis``; with ``interleave`` their slices take turns."""
    axis = int(axis)
    values = [np.atleast_1d(value) for value in _listed(values)]
    room(sum(value.size for value in values))
    if not interleave:
        return np.concatenate(values, axis=axis)
    turns = np.stack([np.moveaxis(value, axis, 0) for value in values], axis=1)
    return np.moveaxis(turns.reshape(-1, *turns.shape[2:]), 0, axis)


def stack(values, axis):
    """Arrays of one shape, joined along a new ``axis`` of the result."""
    values = _listed(values)
    room(sum(map(np.size, values)))
    return np.stack(values, axis=int(axis))


def split(x, axis, num_splits=None, split_sizes=None):
    """x cut along ``axis`` into parts of ``split_sizes``, or into ``num_splits`` equal ones."""
    axis = int(axis)
    if split_sizes is None:
        if not 0 < int(num_splits) <= x.shape[axis]:
            raise ValueError(f"an axis of {x.shape[axis]} cannot be cut into {int(num_splits)} parts")
        return tuple(np.split(x, int(num_splits), axis=axis))
    return tuple(np.split(x, np.cumsum(np.asarray(split_sizes, np.int64))[:-1], axis=axis))


def slice_by_index(x, begin, end, stride=None, begin_mask=None, end_mask=None, squeeze_mask=None):
    """x[begin:end:stride] on every axis, as NumPy slices.

    Where ``begin_mask`` or ``end_mask`` holds, that bound is left open; where ``squeeze_mask`` holds, the single value at
    ``begin`` is taken and the axis goes away.
    """
    return x[_slices(x, begin, end, stride, begin_mask, end_mask, squeeze_mask)]


def slice_update(x, update, begin, end, stride=None, begin_mask=None, end_mask=None, squeeze_mask=None):
    """A copy of x in which the part that ``slice_by_index`` would cut out is ``update``."""
    made = np.array(x)
    where = _slices(x, begin, end, stride, begin_mask, end_mask, squeeze_mask)
    made[where] = np.reshape(update, made[where].shape)
    return made


def slice_by_size(x, begin, size):
    """``size`` values from ``begin`` on along every axis; -1 takes all that are left."""
    begins = [int(low) + extent * (low < 0) for low, extent in zip(begin, x.shape, strict=True)]
    pairs = zip(begins, size, strict=True)
    return x[tuple(slice(low, None if count == -1 else low + int(count)) for low, count in pairs)]


def pad(x, pad, mode="constant", constant_val=0.0):
    """x with ``pad[2i]`` values before and ``pad[2i + 1]`` after the last axes; the mode is constant, reflect or replicate.

    reflect mirrors without repeating the edge, replicate repeats the edge.
    """
    widths = [(int(low), int(high)) for low, high in np.reshape(pad, (-1, 2))]
    widths = [(0, 0)] * (x.ndim - len(widths)) + widths
    room(*(size + low + high for size, (low, high) in zip(x.shape, widths, strict=True)))
    if mode == "constant":
        return np.pad(x, widths, constant_values=constant_val)
    return np.pad(x, widths, mode={"reflect": "reflect", "replicate": "edge"}[mode])


def tile(x, reps):
    """x repeated ``reps[i]`` times along axis i."""
    reps = [int(count) for count in reps]
    room(x.size, *reps)
    return np.tile(x, reps)


def reverse(x, axes=None):
    """x backwards along ``axes`` (all when not given)."""
    return np.flip(x, None if axes is None else tuple(int(axis) for axis in axes))


def reverse_sequence(x, lengths, seq_axis=0, batch_axis=0):
    """x with the first ``lengths[b]`` values along ``seq_axis`` backwards, for each place b along ``batch_axis``."""
    seq_axis, batch_axis = int(seq_axis) % x.ndim, int(batch_axis) % x.ndim
    rows = np.moveaxis(x, (batch_axis, seq_axis), (0, 1))
    place, lengths = np.arange(rows.shape[1]), np.asarray(lengths, np.int64)[:, None]
    order = np.where(place < lengths, lengths - 1 - place, place)
    turned = rows[np.arange(len(rows))[:, None], order]
    return np.moveaxis(turned, (0, 1), (batch_axis, seq_axis))


def sliding_windows(x, axis, size, stride=1):
    """All windows of ``size`` along ``axis``, ``stride`` apart: that axis becomes (windows, size)."""
    axis = int(axis) % x.ndim
    room(*x.shape, size)
    windows = np.lib.stride_tricks.sliding_window_view(x, int(size), axis=axis)
    return np.moveaxis(windows, -1, axis + 1)[(*[slice(None)] * axis, slice(None, None, int(stride)))]


def band_part(x, lower=-1, upper=-1):
    """x with zeros beyond ``lower`` diagonals below and ``upper`` above the main one of the last two axes; -1 keeps all."""
    below = np.subtract.outer(np.arange(x.shape[-2]), np.arange(x.shape[-1]))
    keep = ((lower < 0) | (below <= lower)) & ((upper < 0) | (-below <= upper))
    return np.where(keep, x, np.zeros((), x.dtype))


def _slices(x, begin, end, stride, begin_mask, end_mask, squeeze_mask):
    count = x.ndim
    flags = [np.zeros(count, bool) if mask is None else mask for mask in (begin_mask, end_mask, squeeze_mask)]
    stride = np.ones(count, np.int64) if stride is None else stride
    found = []
    for low, high, step, open_low, open_high, single in zip(begin, end, stride, *flags, strict=True):
        if single:
            found.append(0 if open_low else int(low))
        else:
            found.append(slice(None if open_low else int(low), None if open_high else int(high), int(step)))
    return tuple(found)


def _listed(values):
    return values if isinstance(values, list) else [values]
