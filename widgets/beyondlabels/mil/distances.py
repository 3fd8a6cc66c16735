"""Distances between rows and stored points, for the metrics that recipes need, each named as scikit-learn names it."""

import numpy as np

from .blocks import builder, constant, subtract

METRICS = ("euclidean", "l2", "sqeuclidean", "manhattan", "cityblock", "l1", "chebyshev", "minkowski", "cosine")
_DIRECT = 1 << 16  # numbers a row may take in the form that subtracts every point


def squared_distances(x, points):
    """Squared Euclidean distances, (rows, points), to float64 ``points`` of shape (points, features).

    Differences first, then squares: |x|^2 - 2 x.p + |p|^2 loses digits in float32 when a row is near its point and both
    are far from 0. Where the points lie far from 0 beside their own spread, rows and points are both centred on the
    points' mean first, so that rounding the points to float32 is small beside the distances. Over 65,536 numbers a row
    (points times features) the expanded form is used all the same, for memory; ``nearest`` then measures again.
    """
    mb = builder()
    x, points = centred(x, points)
    if points.size > _DIRECT:
        return _expanded(x, points)
    difference = mb.sub(x=mb.expand_dims(x=x, axes=[1]), y=constant(points)[None])
    return mb.reduce_sum(x=mb.square(x=difference), axes=[2], keep_dims=False)


def centred(x, points):
    """Rows and points, both centred on the points' mean where they lie far from 0 beside their own spread."""
    points = np.asarray(points, np.float64)
    mean, spread = points.mean(axis=0), points.std(axis=0)
    if (np.abs(mean) > spread).any():
        return subtract(x, mean, spread), points - mean
    return x, points


def _expanded(x, points):
    """|x|^2 - 2 x.p + |p|^2, never below 0."""
    mb = builder()
    norms = mb.reduce_sum(x=mb.square(x=x), axes=[1], keep_dims=True)
    products = mb.matmul(x=x, y=constant(-2 * points.T))
    total = mb.add(x=mb.add(x=norms, y=products), y=constant((points**2).sum(axis=1))[None])
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
        return mb.sub(x=np.float32(1), y=mb.matmul(x=unit(x), y=constant(_unit(np.asarray(points, np.float64)).T)))
    x, points = centred(x, points)
    difference = mb.abs(x=mb.sub(x=mb.expand_dims(x=x, axes=[1]), y=constant(points)[None]))
    return _gathered(difference, metric, p)


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
    points = np.asarray(points, np.float64)
    metric = _plain_name(metric, p)
    if metric != "euclidean" or points.size <= _DIRECT:
        distances, indices = mb.topk(x=pairwise(x, points, metric, p), k=count, axis=1, ascending=True)
        return distances, indices
    x, points = centred(x, points)
    some = min(len(points), count + 8)
    _, candidates = mb.topk(x=_expanded(x, points), k=some, axis=1, ascending=True)
    chosen = mb.gather(x=constant(points), indices=candidates, axis=0)
    difference = mb.sub(x=mb.expand_dims(x=x, axes=[1]), y=chosen)
    exact = mb.reduce_sum(x=mb.square(x=difference), axes=[2], keep_dims=False)
    squared, order = mb.topk(x=exact, k=count, axis=1, ascending=True)
    return mb.sqrt(x=squared), mb.gather_along_axis(x=candidates, indices=order, axis=1)
