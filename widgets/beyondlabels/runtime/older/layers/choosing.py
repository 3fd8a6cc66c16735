"""Values chosen by their size, by a condition or by where they stand."""

import numpy as np

from ...ops import moving, sorting
from .registry import layer, whole


@layer("topK")
def top_k(x, given=None, axis=0, K=0, useBottomK=False):
    """The K largest values along ``axis``, or smallest, best first, and their indices."""
    count = int(K) if given is None else int(whole(given).ravel()[0])
    values, indices = sorting.topk(x, count, axis, ascending=useBottomK)
    return values, indices.astype(np.float32)


@layer("argSort")
def arg_sort(x, axis, descending):
    """The indices that put x in order along ``axis``."""
    return sorting.argsort(x, axis, ascending=not descending).astype(np.float32)


@layer("whereNonZero")
def where_non_zero(x):
    """The indices of all values that are not 0: (values, rank of x)."""
    return np.argwhere(x).astype(np.float32)


@layer("whereBroadcastable")
def where_broadcastable(condition, x, y):
    """x where the condition is not 0, else y; all three broadcast."""
    return np.where(condition != 0, x, y)


@layer("matrixBandPart")
def matrix_band_part(x, numLower, numUpper):
    """x with zeros beyond numLower diagonals below and numUpper above the main one; a negative number keeps all."""
    return moving.band_part(x, numLower, numUpper)


@layer("upperTriangular")
def upper_triangular(x, k):
    """x with zeros below the k-th diagonal."""
    return np.triu(x, k)


@layer("lowerTriangular")
def lower_triangular(x, k):
    """x with zeros above the k-th diagonal."""
    return np.tril(x, k)
