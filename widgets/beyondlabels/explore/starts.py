"""Where the ellipses of a mixture begin: far apart, by chance, exactly together, or one of them on a single point."""

import numpy as np

from . import lloyd

STARTS = {
    "apart": "far apart",
    "chance": "by chance, anew each time",
    "together": "exactly on top of each other",
    "point": "the last on a single point",
}
_WHERE = {  # what follows "One ellipse" and "Three ellipses" in a sentence
    "apart": ("", ", far apart"),
    "chance": (" on a point drawn by chance", " on points drawn by chance"),
    "together": ("", ", exactly on top of each other"),
    "point": (" on a single point", ", the last on a single point"),
}
_TINY = 0.002  # of the deviation: no other point comes near


def where(start, k):
    """Where `k` ellipses begin, to follow their number in a sentence: "", or " on points drawn by chance"."""
    return _WHERE[start][k > 1]


def begin(start, points, mean, deviation, k, draw):
    """Means (k, 2) and covariances (k, 2, 2) for `k` components; the same for the same `draw` (a seed or two)."""
    if start == "together":
        centred = points - mean
        whole = centred.T @ centred / len(points)
        return np.repeat(mean[None], k, axis=0), np.repeat((whole + np.diag(_least(deviation)))[None], k, axis=0)
    if start == "chance":
        rows = np.random.default_rng(draw).choice(len(points), k, replace=False)
    else:
        rows = lloyd.spread((points - mean) / deviation, np.empty((0, 2)), k, draw[0])
    covariances = np.repeat(round_one(deviation)[None], k, axis=0)
    if start == "point":
        covariances[-1] = np.diag((_TINY * deviation) ** 2)
    return points[rows].copy(), covariances


def round_one(deviation):
    """The covariance of a component that is new: round, half as wide as all points together."""
    return np.diag((deviation / 2) ** 2)


def _least(deviation):
    return (deviation * 1e-3) ** 2
