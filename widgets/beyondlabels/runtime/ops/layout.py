"""How values lie in memory, which decides in which order they are summed."""

import numpy as np


def in_order(x):
    """x with its last axis together in memory again, where ``arithmetic`` has made it place by place: sums and products
    then come out to the last digit as they do for any other x."""
    apart = x.ndim > 2 and not x.flags.c_contiguous and np.moveaxis(x, -1, 0).flags.c_contiguous
    return np.ascontiguousarray(x) if apart else x
