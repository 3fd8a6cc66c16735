"""Places in sorted tables: for all rows and features at once, by halving (binary search)."""

import numpy as np

from .blocks import builder
from .trees import round_down


def round_up(values):
    """float64 values as float32, rounded towards infinity: then ``value <= x`` is the same for every float32 x."""
    return -round_down(-np.asarray(values, np.float64))


def starts(tables):
    """Where each table begins when all are laid end to end: int32 (tables,)."""
    sizes = [len(table) for table in tables]
    return np.cumsum([0, *sizes[:-1]]).astype(np.int32)


def last_not_above(x, tables):
    """For each value of ``x`` (rows, features) the place of the last entry in its feature's table that is not above it.

    ``tables``: a sorted float32 array for each feature, none empty. Returns int32 (rows, features), places in all tables
    laid end to end; one before the feature's own first place where all its entries are above.
    """
    mb = builder()
    flat = np.concatenate(tables)
    first, sizes = starts(tables), np.array([len(table) for table in tables])
    last = (first + sizes - 1).astype(np.int32)[None]
    nothing = mb.cast(x=mb.less(x=x, y=x), dtype="int32")
    place = mb.add(x=nothing, y=(first - 1).astype(np.int32)[None])
    for level in reversed(range(int(sizes.max()).bit_length())):
        further = mb.minimum(x=mb.add(x=place, y=np.int32(1 << level)), y=last)
        reached = mb.less_equal(x=mb.gather(x=flat, indices=further, axis=0), y=x)
        place = mb.select(cond=reached, a=further, b=place)
    return place
