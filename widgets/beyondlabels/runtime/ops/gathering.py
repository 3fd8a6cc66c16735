"""Values taken from, or put into, places that are themselves values.

A negative index counts from the end (so did iOS 15; from iOS 17 it is undefined); one out of range is an error, where
Core ML promises only not to touch other memory. With ``validate_indices`` a negative one is an error too.
"""

import numpy as np

from ..bounds import room


def gather(x, indices, axis=0, batch_dims=0, validate_indices=False):
    """Slices of ``x`` along ``axis`` at ``indices``: shape x.shape[:axis] + indices.shape[batch_dims:] + x.shape[axis+1:].

    The first ``batch_dims`` axes of both are walked together.
    """
    axis, batch_dims = int(axis), int(batch_dims)
    _validate(validate_indices, indices)
    together = int(np.prod(np.shape(indices)[:batch_dims], dtype=np.int64))
    room(x.size // max(x.shape[axis], 1), np.size(indices) // max(together, 1))
    if not batch_dims:
        return np.take(x, indices, axis=axis)
    axis = axis % x.ndim
    batch, between, after = x.shape[:batch_dims], x.shape[batch_dims:axis], x.shape[axis + 1 :]
    rows = int(np.prod(batch))
    flat = x.reshape(rows, int(np.prod(between)), x.shape[axis], int(np.prod(after)))
    places = indices.reshape(rows, -1).astype(np.int64)
    taken = flat[np.arange(rows)[:, None], :, places]  # (rows, places, between, after)
    return np.moveaxis(taken, 1, 2).reshape(*batch, *between, *indices.shape[batch_dims:], *after)


def gather_along_axis(x, indices, axis=0, validate_indices=False):
    """For each place of ``indices`` the value of ``x`` there, but at that index along ``axis``. Shape of indices."""
    _validate(validate_indices, indices)
    axis, size = int(axis) % x.ndim, x.shape[int(axis)]
    before, after = x.shape[:axis], x.shape[axis + 1 :]
    if indices.shape[:axis] != before or indices.shape[axis + 1 :] != after or not indices.size:
        return np.take_along_axis(x, indices.astype(np.int64), axis)
    low, high = int(indices.min()), int(indices.max())
    if low < -size or high >= size:
        raise IndexError(f"the index {low if low < -size else high} is out of bounds for an axis of {size}")
    places = (indices if low >= 0 else indices % size) * np.int64(
        np.prod(after)
    )  # in x as one long row: that is faster
    places += np.arange(np.prod(after, dtype=np.int64)).reshape(after)
    places += np.arange(0, x.size, x.size // max(np.prod(before, dtype=int), 1)).reshape(
        *before, *[1] * (x.ndim - axis)
    )
    return np.take(x, places)


def gather_nd(x, indices, batch_dims=0, validate_indices=False):
    """Slices of ``x`` at the places that the last axis of ``indices`` spells; the first ``batch_dims`` axes go together.

    Shape indices.shape[:-1] + x.shape[batch_dims + indices.shape[-1]:].
    """
    _validate(validate_indices, indices)
    batch = int(batch_dims)
    room(*indices.shape[:-1], *x.shape[batch + indices.shape[-1] :])
    grid = tuple(_open(indices.shape[:-1])[:batch])
    return x[(*grid, *np.moveaxis(indices, -1, 0).astype(np.int64))]


def scatter(data, indices, updates, axis=0, mode="add", validate_indices=False):
    """``data`` with the slices of ``updates`` put in along ``axis`` at the 1-D ``indices``, by ``mode``.

    Where an index comes twice, both count; with mode update the last one stays.
    """
    _validate(validate_indices, indices)
    where = (*[slice(None)] * (int(axis) % data.ndim), np.asarray(indices, np.int64))
    return _put(data, where, updates, mode)


def scatter_along_axis(data, indices, updates, axis=0, mode="add", validate_indices=False):
    """``data`` with each value of ``updates`` put in at its own place, but at its index along ``axis``, by ``mode``."""
    _validate(validate_indices, indices)
    where = _open(indices.shape)
    where[int(axis) % data.ndim] = np.asarray(indices, np.int64)
    return _put(data, tuple(where), updates, mode)


def scatter_nd(data, indices, updates, mode="add", validate_indices=False):
    """``data`` with the slices of ``updates`` put in at the places that the last axis of ``indices`` spells, by ``mode``."""
    _validate(validate_indices, indices)
    return _put(data, tuple(np.moveaxis(indices, -1, 0).astype(np.int64)), updates, mode)


_MODES = {"add": np.add, "sub": np.subtract, "mul": np.multiply, "max": np.maximum, "min": np.minimum}


def _validate(asked, indices):
    if asked and np.size(indices) and np.min(indices) < 0:
        raise IndexError(f"the index {int(np.min(indices))} is negative")


def _put(data, where, updates, mode):
    made = np.array(data)
    if mode == "update":
        made[where] = updates
    elif mode == "div":
        exact = made.astype(np.float64 if made.dtype.kind in "iu" else made.dtype)
        np.divide.at(exact, where, updates)
        made = exact.astype(made.dtype)
    elif mode in _MODES:
        _MODES[mode].at(made, where, updates)
    else:
        raise ValueError(f"no mode {mode!r}")
    return made


def _open(shape):
    """Index arrays, one an axis, that together name every place of ``shape``."""
    return list(np.ogrid[tuple(slice(size) for size in shape)])
