"""Operations that order values. Of equal ones the first comes first; NaN comes last."""

import numpy as np


def topk(x, k=1, axis=-1, ascending=False, sort=True, return_indices=True, output_indices_dtype="int32"):
    """The ``k`` largest (smallest with ``ascending``) along ``axis``, best first; all of them with k = -1.

    Returns values, of the dtype of x, and int32 indices (uint16 by ``output_indices_dtype``); values alone with
    ``return_indices=False``.
    """
    rows = np.moveaxis(x, int(axis), -1)
    size = rows.shape[-1]
    k = size if int(k) < 0 else int(k)
    if k > size:
        raise ValueError(f"k is {k}, the axis has {size}")
    indices = np.moveaxis(_best(rows, k, ascending), -1, int(axis))
    values = np.take_along_axis(x, indices, axis=int(axis))
    return (values, indices) if return_indices else values


def argsort(x, axis=-1, ascending=False):
    """int32 indices that put x in order along ``axis``, the largest first unless ``ascending``. Shape of x."""
    rows = np.moveaxis(x, int(axis), -1)
    return np.moveaxis(_order(rows, ascending), -1, int(axis))


def non_zero(x):
    """int32 indices of the elements that are not zero: shape (elements, rank of x), in the order of the memory."""
    return np.argwhere(x)


def _best(rows, k, ascending):
    """Indices of the ``k`` first along the last axis, in order."""
    if k == 1 and rows.size and not np.isnan(np.min(rows)):
        return (np.argmin if ascending else np.argmax)(rows, axis=-1)[..., None]
    if (
        rows.size
        and k * (16 + rows.shape[-1] // 50) < rows.shape[-1]
        and (found := _one_by_one(rows, k, ascending)).size
    ):
        return found
    if k == 0 or k * 4 > rows.shape[-1]:
        return _order(rows, ascending)[..., :k]
    falling = _rising(rows, ascending).reshape(-1, rows.shape[-1])
    worst = np.partition(falling, k - 1, axis=-1)[:, k - 1 : k].copy()
    chosen = falling <= worst
    tied = np.count_nonzero(chosen, axis=-1) != k  # more than k, where several equal the k-th; fewer, where it is NaN
    if tied.any():
        chosen[tied] = False
        chosen[np.flatnonzero(tied)[:, None], _order(falling[tied], True)[:, :k]] = True
    indices = np.flatnonzero(chosen).reshape(-1, k) % rows.shape[-1]
    order = np.argsort(np.take_along_axis(falling, indices, axis=-1), axis=-1, kind="stable")
    return np.take_along_axis(indices, order, axis=-1).reshape(*rows.shape[:-1], k)


def _one_by_one(rows, k, ascending):
    """Indices of the few first, each time the best that is left; empty where NaN or an infinity is among them."""
    left = np.array(rows, order="C").reshape(-1, rows.shape[-1])
    least, most = (-np.inf, np.inf) if rows.dtype.kind == "f" else (np.iinfo(rows.dtype).min, np.iinfo(rows.dtype).max)
    worst = most if ascending else least
    found, which = np.empty((len(left), k), np.int64), np.arange(len(left))
    for place in range(k):
        best = (np.argmin if ascending else np.argmax)(left, axis=-1)
        values = left[which, best]
        if not np.all(values < worst if ascending else values > worst):
            return found[:0]
        found[:, place] = best
        left[which, best] = worst
    return found.reshape(*rows.shape[:-1], k)


def _order(rows, ascending):
    """Indices that sort along the last axis; the first of equals first."""
    if rows.dtype.itemsize > 4:
        return np.argsort(_rising(rows, ascending), axis=-1, kind="stable")
    return (np.sort(_keys(rows, ascending), axis=-1) & np.uint64(0xFFFFFFFF)).astype(np.int64)


def _rising(x, ascending):
    """x, or what falls as x rises: ~x turns the order of integers round without overflow."""
    return x if ascending else ~x if x.dtype.kind in "iu" else -x


def _keys(x, ascending):
    """One uint64 for each element: its rank among all values of the type in the upper half, its index in the lower.

    No two keys of a row are equal, so any selection by key takes the first of equals.
    """
    if x.dtype.kind == "f":
        bits = (x.astype(np.float32, copy=False) + np.float32(0)).view(np.uint32)  # + 0 makes -0 equal to 0
        rank = bits ^ np.where(bits >> 31, np.uint32(0xFFFFFFFF), np.uint32(0x80000000))
        rank = rank if ascending else ~rank
        if np.isnan(np.min(x)):
            rank = np.where(np.isnan(x), np.uint32(0xFFFFFFFF), rank)
    else:
        rank = (x.astype(np.int64) + 2**31).astype(np.uint32)
        rank = rank if ascending else ~rank
    return (rank.astype(np.uint64) << np.uint64(32)) | np.arange(x.shape[-1], dtype=np.uint64)
