"""Operations that move values without changing them."""

import numpy as np


def expand_dims(x, axes):
    """Axes of size one, put in at ``axes`` of the result."""
    return np.expand_dims(x, tuple(int(axis) for axis in axes))


def squeeze(x, axes=None):
    """Axes of size one, taken out (all of them when ``axes`` is not given)."""
    return np.squeeze(x, None if axes is None else tuple(int(axis) for axis in axes))


def reshape(x, shape):
    """The same values in another shape; -1 is inferred, 0 keeps that axis."""
    sizes = [x.shape[axis] if size == 0 else int(size) for axis, size in enumerate(shape)]
    return x.reshape(sizes)


def transpose(x, perm):
    """Axes in the order ``perm``."""
    return np.transpose(x, [int(axis) for axis in perm])


def concat(values, axis, interleave=False):
    """Arrays joined along ``axis``; with ``interleave`` their slices take turns."""
    axis = int(axis)
    if not interleave:
        return np.concatenate(values, axis=axis)
    turns = np.stack([np.moveaxis(value, axis, 0) for value in values], axis=1)
    return np.moveaxis(turns.reshape(-1, *turns.shape[2:]), 0, axis)


def gather(x, indices, axis=0, batch_dims=0, validate_indices=False):
    """Slices of ``x`` along ``axis`` at ``indices``; a negative index counts from the end, one out of range is an error."""
    if int(batch_dims):
        raise ValueError("batch_dims other than 0 is not covered")
    return np.take(x, indices, axis=int(axis))


def one_hot(indices, one_hot_vector_size, axis=-1, on_value=1, off_value=0):
    """A new ``axis`` of ``one_hot_vector_size`` that holds ``on_value`` at each index and ``off_value`` elsewhere."""
    hot = np.asarray(indices)[..., None] == np.arange(int(one_hot_vector_size))
    return np.where(np.moveaxis(hot, -1, int(axis)), on_value, off_value)
