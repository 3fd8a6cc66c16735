"""Operations that take an axis away."""

import numpy as np


def _axes(axes):
    return None if axes is None or np.size(axes) == 0 else tuple(int(axis) for axis in np.atleast_1d(axes))


def reduce_sum(x, axes=None, keep_dims=False):
    """Sum over ``axes`` (all when not given)."""
    return np.sum(x, axis=_axes(axes), keepdims=bool(keep_dims), dtype=x.dtype)


def reduce_min(x, axes=None, keep_dims=False):
    """Smallest over ``axes`` (all when not given)."""
    return np.min(x, axis=_axes(axes), keepdims=bool(keep_dims))


def reduce_argmin(x, axis=-1, keep_dims=False, output_dtype="int32"):
    """Index of the smallest along ``axis``; the first of equals. int32."""
    return np.argmin(x, axis=int(axis), keepdims=bool(keep_dims))


def reduce_argmax(x, axis=-1, keep_dims=False, output_dtype="int32"):
    """Index of the largest along ``axis``; the first of equals. int32."""
    return np.argmax(x, axis=int(axis), keepdims=bool(keep_dims))


def topk(x, k=1, axis=-1, ascending=False, sort=True, return_indices=True, output_indices_dtype="int32"):
    """The ``k`` largest (smallest with ``ascending``) along ``axis``, best first; the first of equals comes first.

    Returns values and int32 indices, or values alone with ``return_indices=False``.
    """
    axis, k = int(axis), int(k)
    order = np.argsort(x if ascending else -x, axis=axis, kind="stable")
    indices = np.take(order, np.arange(k), axis=axis)
    values = np.take_along_axis(x, indices, axis=axis)
    return (values, indices) if return_indices else values
