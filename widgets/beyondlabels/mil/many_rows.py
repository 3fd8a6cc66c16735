"""Sums over many stored rows in float64, a block of rows at a time: no second copy of them is made on the way."""

import numpy as np

_BLOCK = 1 << 16  # numbers at once: half a megabyte as float64, which a processor keeps near


def blocks(rows):
    """Slices that together cover ``rows`` (rows, features)."""
    step = max(1, _BLOCK // max(1, rows.shape[1]))
    return [slice(start, start + step) for start in range(0, len(rows), step)]


def mean_and_spread(rows):
    """Mean and standard deviation of each feature, float64 (features,)."""
    mean = sum(rows[block].astype(np.float64).sum(axis=0) for block in blocks(rows)) / len(rows)
    squares = sum(np.square(rows[block] - mean).sum(axis=0) for block in blocks(rows))
    return mean, np.sqrt(squares / len(rows))


def squared_lengths(rows):
    """The sum of squares of each row, float64 (rows,)."""
    return np.concatenate([np.square(rows[block].astype(np.float64)).sum(axis=1) for block in blocks(rows)])


def packed(rows, shift=None, dtype=np.float32):
    """``rows`` less ``shift`` (features,), rounded to float32, as ``dtype``. Raises ``OverflowError`` where float32 cannot
    hold one."""
    made = np.empty(rows.shape, dtype)
    with np.errstate(over="ignore"):
        for block in blocks(rows):
            moved = (rows[block] if shift is None else rows[block] - shift).astype(np.float32, copy=False)
            if not np.isfinite(moved).all():
                raise OverflowError("a parameter of the model is not finite in float32")
            made[block] = moved
    return made
