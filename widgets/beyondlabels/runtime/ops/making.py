"""Operations that make new values from a shape, a range or places; and running sums."""

import numpy as np

from ..bounds import room


def fill(shape, value=0.0):
    """``value`` everywhere, in the given shape."""
    return np.full(room(*shape), value)


def fill_like(ref_tensor, value=0.0):
    """``value`` everywhere, in the shape of ``ref_tensor`` but of the type of ``value``."""
    return np.full(np.shape(ref_tensor), value)


def range_1d(end, start, step):
    """start, start + step, ... as long as it is before ``end``; 1-D, dtype of the three."""
    first, last, apart = exact = [np.asarray(each).item() for each in (start, end, step)]
    room(max(0, np.ceil((last - first) / apart)))
    return np.arange(*exact).astype(np.result_type(start, end, step))


def one_hot(indices, one_hot_vector_size, axis=-1, on_value=1, off_value=0):
    """A new ``axis`` of ``one_hot_vector_size`` that holds ``on_value`` at each index and ``off_value`` elsewhere."""
    room(*np.shape(indices), one_hot_vector_size)
    hot = np.asarray(indices)[..., None] == np.arange(int(one_hot_vector_size))
    return np.where(np.moveaxis(hot, -1, int(axis)), on_value, off_value)


def cumsum(x, axis=0, exclusive=False, reverse=False):
    """Running sums along ``axis``, from the far end with ``reverse``; ``exclusive`` leaves out the value itself."""
    x = np.flip(x, int(axis)) if reverse else x
    sums = np.cumsum(x, axis=int(axis), dtype=x.dtype)
    if exclusive:
        sums = np.moveaxis(np.roll(sums, 1, int(axis)), int(axis), 0)
        sums[:1] = 0
        sums = np.moveaxis(sums, 0, int(axis))
    return np.flip(sums, int(axis)) if reverse else sums
