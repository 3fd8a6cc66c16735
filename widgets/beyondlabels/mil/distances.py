"""Distances between rows and stored points, for the metrics that recipes need, each named as scikit-learn names it."""

import numpy as np

from .blocks import builder, constant, subtract
from .many_rows import mean_and_spread, packed, squared_lengths

METRICS = ("euclidean", "l2", "sqeuclidean", "manhattan", "cityblock", "l1", "chebyshev", "minkowski", "cosine")
_DIRECT = 1 << 16  # numbers a row may take in the form that subtracts every point
_FEW = 16  # features up to which many points are subtracted one feature after the other
_FAR = 8  # how many times its spread a feature may lie from 0 before it is centred


def squared_distances(x, points, near=np.inf, exact=False):
    """Squared Euclidean distances, (rows, points), to float64 ``points`` of shape (points, features).

    Differences first, then squares: |x|^2 - 2 x.p + |p|^2 loses digits in float32 when a row is near its point and both
    are far from 0. Where the points lie far from 0 beside their own spread, rows and points are both centred on the
    points' mean first, so that rounding the points to float32 is small beside the distances. Over 65,536 numbers a row
    (points times features) up to 16 features are taken one after the other, for memory; with more, the expanded form is
    used all the same, and ``nearest`` then measures again.

    ``near``: a distance that matters, such as a kernel's width. Where rounding moves a point by more than 1e-6 of it, the
    points are left where they are, and what rounding left over of them is subtracted in a second step. ``exact``: never the
    expanded form, for functions with a corner at 0.
    """
    mb = builder()
    given, stored = x, np.asarray(points, np.float64)
    x, points = centred(x, points)
    if points.size > _DIRECT:
        few = exact or points.shape[1] <= _FEW
        if few:
            return _by_feature(x, points, mb.square, mb.add)
        return _expanded(x, constant(points), squared_lengths(points))
    if np.abs(points - constant(points)).max() > 1e-6 * near:
        difference = mb.sub(x=mb.expand_dims(x=given, axes=[1]), y=constant(stored))
        difference = mb.sub(x=difference, y=constant(stored - constant(stored)))
    else:
        difference = mb.sub(x=mb.expand_dims(x=x, axes=[1]), y=constant(points))
    return mb.reduce_sum(x=mb.square(x=difference), axes=[2], keep_dims=False)


def centred(x, points):
    """Rows and points, both centred near the points' mean where they lie far from 0 beside their own spread."""
    points = np.asarray(points, np.float64)
    mean = origin(points)
    return (x, points) if mean is None else (subtract(x, mean, mean_and_spread(points)[1]), points - mean)


def origin(points):
    """What ``centred`` subtracts: the mean of a feature that lies far from 0 beside its spread, 0 for another; ``None``
    where none does.

    The mean is rounded to a power of two near the spread, so that the subtraction is exact in float32: numbers that
    float32 can hold stay so, and rows that are equally far stay equally far.
    """
    mean, spread = mean_and_spread(points)
    far = np.abs(mean) > _FAR * spread
    if not far.any():
        return None
    step = np.exp2(np.floor(np.log2(np.where(spread > 0, spread, 1.0))))
    return np.where(far, np.where(spread > 0, np.round(mean / step) * step, points[0]), 0.0)


def _by_feature(x, points, change, join):
    """Differences to every point, (rows, points), changed by ``change`` and joined over the features by ``join``."""
    mb = builder()
    total = None
    for column, stored in enumerate(constant(points).T):
        here = mb.gather(x=x, indices=np.array([column], np.int32), axis=1)
        part = change(x=mb.sub(x=here, y=stored[None]))
        total = part if total is None else join(x=total, y=part)
    return total


def _expanded(x, points, lengths):
    """|x|^2 - 2 x.p + |p|^2, never below 0, with the ``lengths`` |p|^2. The points stand in it as they are, so that a file
    holds them once."""
    mb = builder()
    norms = mb.reduce_sum(x=mb.square(x=x), axes=[1], keep_dims=True)
    products = mb.matmul(x=mb.mul(x=x, y=np.float32(-2)), y=points, transpose_y=True)
    total = mb.add(x=mb.add(x=norms, y=products), y=constant(lengths)[None])
    return mb.maximum(x=total, y=np.float32(0))


def pairwise(x, points, metric="euclidean", p=2):
    """Distances, (rows, points), in the named metric; ``p`` is Minkowski's exponent."""
    mb = builder()
    metric = _plain_name(metric, p)
    if metric == "sqeuclidean":
        return squared_distances(x, points)
    if metric == "euclidean":
        return mb.sqrt(x=squared_distances(x, points))
    if metric == "cosine":
        return _cosine(x, np.asarray(points, np.float64))
    x, points = centred(x, points)
    if points.size > _DIRECT:
        return _powers_by_feature(x, points, metric, p)
    difference = mb.abs(x=mb.sub(x=mb.expand_dims(x=x, axes=[1]), y=constant(points)[None]))
    return _gathered(difference, metric, p)


def _cosine(x, points):
    """1 - cos(x, p) as |u - v|^2 / 2 for the unit vectors u and v, which keeps its digits where they nearly agree. A row of
    zeros is at 1 from everything, as in scikit-learn: there |u - v|^2 / 2 lacks a half for either that is 0."""
    mb = builder()
    half, none = np.float32(0.5), (np.abs(points).max(axis=1) == 0)[None].astype(np.float32)
    largest = mb.reduce_max(x=mb.abs(x=x), axes=[1], keep_dims=True)
    zeros = mb.cast(x=mb.equal(x=largest, y=np.float32(0)), dtype="fp32")
    distances = mb.add(x=squared_distances(unit(x), _unit(points)), y=zeros)
    return mb.mul(x=mb.add(x=distances, y=none) if none.any() else distances, y=half)


def _powers_by_feature(x, points, metric, p):
    """The same distances as ``_gathered`` gives, with no array of (rows, points, features) on the way."""
    mb = builder()
    if metric == "manhattan":
        return _by_feature(x, points, mb.abs, mb.add)
    if metric == "chebyshev":
        return _by_feature(x, points, mb.abs, mb.maximum)
    total = _by_feature(x, points, lambda x: mb.pow(x=mb.abs(x=x), y=np.float32(p)), mb.add)
    return mb.pow(x=total, y=np.float32(1 / p))


def _gathered(difference, metric, p):
    """Absolute differences (…, features) gathered into one distance, axis 2 taken away."""
    mb = builder()
    if metric == "manhattan":
        return mb.reduce_sum(x=difference, axes=[2], keep_dims=False)
    if metric == "chebyshev":
        return mb.reduce_max(x=difference, axes=[2], keep_dims=False)
    total = mb.reduce_sum(x=mb.pow(x=difference, y=np.float32(p)), axes=[2], keep_dims=False)
    return mb.pow(x=total, y=np.float32(1 / p))


def _plain_name(metric, p):
    same = {"l2": "euclidean", "l1": "manhattan", "cityblock": "manhattan"}
    metric = same.get(metric, metric)
    if metric == "minkowski":
        metric = {1: "manhattan", 2: "euclidean", np.inf: "chebyshev"}.get(p, metric)
    return metric


def unit(x):
    """Rows of length one; a row of zeros stays zeros, as in scikit-learn's ``normalize``."""
    mb = builder()
    length = mb.sqrt(x=mb.reduce_sum(x=mb.square(x=x), axes=[1], keep_dims=True))
    none = mb.cast(x=mb.equal(x=length, y=np.float32(0)), dtype="fp32")
    return mb.real_div(x=x, y=mb.add(x=length, y=none))


def _unit(points):
    length = np.linalg.norm(points, axis=1, keepdims=True)
    return points / np.where(length == 0, 1, length)


def nearest(x, points, count, metric="euclidean", p=2):
    """The ``count`` nearest points: (distances, indices), both (rows, count), nearest first.

    Where the expanded form had to be used, a few more candidates are taken and their distances measured again from
    differences, so that a distance near 0 is exact.
    """
    mb = builder()
    metric = _plain_name(metric, p)
    direct = points.size <= _DIRECT or points.shape[1] <= _FEW
    if metric not in ("euclidean", "sqeuclidean") or direct:
        distances, indices = mb.topk(x=pairwise(x, points, metric, p), k=count, axis=1, ascending=True)
        return distances, indices
    mean = origin(points)
    x = x if mean is None else subtract(x, mean, mean_and_spread(points)[1])
    points = packed(points, mean)
    some, stored = min(len(points), count + 8), mb.const(val=points)
    distances = _expanded(x, stored, squared_lengths(points))
    _, candidates = mb.topk(x=distances, k=some, axis=1, ascending=True)
    chosen = mb.gather(x=stored, indices=candidates, axis=0)
    difference = mb.sub(x=mb.expand_dims(x=x, axes=[1]), y=chosen)
    exact = mb.reduce_sum(x=mb.square(x=difference), axes=[2], keep_dims=False)
    squared, order = mb.topk(x=exact, k=count, axis=1, ascending=True)
    distances = mb.sqrt(x=squared) if metric == "euclidean" else squared
    return distances, mb.gather_along_axis(x=candidates, indices=order, axis=1)
