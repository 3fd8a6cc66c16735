"""x @ weights + offset for rows that may lie anywhere: a model with a target does not remember where its rows lay."""

import numpy as np

from .blocks import builder, constant

_SMALL = 512  # weights up to which the four products fit in a few kB
_BITS = 8


def affine(x, weights, offset, anywhere=True):
    """x @ weights + offset, (rows, outputs): ``weights`` (features, outputs), ``offset`` (outputs,) or a number.

    Far from 0 the products nearly cancel against the offset, and float32 rounds each of them first. So x is cut into its
    upper 12 bits and the rest (Dekker 1971) and the weights of an output into pieces of 8 bits on one grid: the products of
    the upper parts and their sums are then exact (Ozaki, Ogita, Oishi and Rump, Error-Free Transformations of Matrix
    Multiplication, 2012), and cancel piece by piece. Above 512 weights there is one plain product, and so there is with
    ``anywhere=False``, for an x that float32 has rounded already, such as what a layer made.
    """
    mb = builder()
    weights = np.asarray(weights, np.float64)
    offset = np.broadcast_to(np.asarray(offset, np.float64), weights.shape[1:])
    first = constant(offset)
    if weights.size > _SMALL or not anywhere:
        product = mb.matmul(x=x, y=constant(weights))
        return mb.add(x=product, y=first[None]) if offset.any() else product
    upper, lower = _halves(x)
    pieces = _pieces(weights)
    products = mb.matmul(x=upper, y=constant(np.concatenate(pieces, axis=1)))
    high, middle, low = mb.split(x=products, num_splits=3, axis=1)
    total = mb.add(x=mb.add(x=high, y=first[None]), y=middle)
    total = mb.add(x=mb.add(x=total, y=constant(offset - first)[None]), y=low)
    return mb.add(x=total, y=mb.matmul(x=lower, y=constant(weights)))


def _halves(x):
    """The upper 12 bits of every value, and the rest; scaled down meanwhile so that nothing overflows."""
    mb = builder()
    small = mb.mul(x=x, y=np.float32(2.0**-13))
    wide = mb.mul(x=small, y=np.float32(2**12 + 1))
    upper = mb.mul(x=mb.sub(x=wide, y=mb.sub(x=wide, y=small)), y=np.float32(2.0**13))
    return upper, mb.sub(x=x, y=upper)


def _pieces(weights):
    """Three matrices that add up to ``weights``: 8 bits below the largest weight of each output, 8 more, and the rest."""
    largest = np.abs(weights).max(axis=0)
    grid = 2.0 ** (np.ceil(np.log2(np.where(largest > 0, largest, 1))) - _BITS)
    first = np.rint(weights / grid) * grid
    second = np.rint((weights - first) / grid * 2**_BITS) * grid / 2**_BITS
    return first, second, weights - first - second
