"""Centres: a new point belongs to the nearest (Lloyd, Least Squares Quantization in PCM, 1982)."""

from copy import copy

import numpy as np
from sklearn.cluster import KMeans, MiniBatchKMeans

from ....mil.blocks import builder
from ....mil.distances import squared_distances
from ....typeset import counted
from ...registry import recipe
from .singles import carries_centres, group_of_one


def _carries(model):
    groups, features = model.cluster_centers_.shape
    centres = "one centre" if groups == 1 else f"{groups:,} centres"
    return carries_centres(model, f"{centres} of {counted(features, 'mean')} each.")


def _expected(model, method, X):
    """The model's own method, on model and rows moved together to the mean of the centres.

    Nothing changes but the digits that scikit-learn's |x|^2 - 2 x.c + |c|^2 loses where all lie far from 0: six of its
    sixteen at 1e6, which is more than the package loses.
    """
    mean = model.cluster_centers_.mean(axis=0)
    moved = copy(model)
    moved.cluster_centers_ = model.cluster_centers_ - mean
    return getattr(moved, method)(np.asarray(X, np.float64) - mean)


def _ties(model, name, X, near):
    """Rows whose two nearest centres are equally far."""
    distances = np.sort(_expected(model, "transform", X), axis=1)[:, :2]
    if distances.shape[1] < 2:
        return np.zeros(len(X), bool)
    return np.diff(distances, axis=1)[:, 0] <= near * distances[:, 1]


@recipe(
    KMeans,
    MiniBatchKMeans,
    outputs={"label": "predict", "distances": "transform"},
    carries=_carries,
    limits=group_of_one,
    reference=_expected,
    ties=_ties,
)
def centroids(model, x):
    mb = builder()
    squared = squared_distances(x, model.cluster_centers_)
    return {
        "label": mb.reduce_argmin(x=squared, axis=1, keep_dims=False),
        "distances": mb.sqrt(x=squared),
    }
