"""Centres: a new point belongs to the nearest (Lloyd, Least Squares Quantization in PCM, 1982)."""

import numpy as np
from sklearn.cluster import KMeans, MiniBatchKMeans

from ....limits import get
from ....mil.blocks import builder, squared_distances
from ...registry import recipe
from ...verdict import Carries


def _carries(model):
    groups, features = model.cluster_centers_.shape
    centres = "one centre" if groups == 1 else f"{groups} centres"
    return Carries("statistics", f"{centres} of {features} means each. None of your rows.")


def _limits(model):
    sizes = (
        np.bincount(model.labels_, minlength=len(model.cluster_centers_)) if hasattr(model, "labels_") else np.zeros(0)
    )
    alone = np.flatnonzero(sizes == 1)
    return [get("group-of-one").because(f"group {', '.join(map(str, alone))}")] if len(alone) else []


def _ties(model, name, X):
    """Rows whose two nearest centres are equally far, to 1e-5 of the distance."""
    distances = np.sort(model.transform(X), axis=1)[:, :2]
    return np.diff(distances, axis=1)[:, 0] <= 1e-5 * distances[:, 1]


@recipe(
    KMeans,
    MiniBatchKMeans,
    outputs={"label": "predict", "distances": "transform"},
    carries=_carries,
    limits=_limits,
    ties=_ties,
)
def centroids(model, x):
    mb = builder()
    squared = squared_distances(x, model.cluster_centers_)
    return {
        "label": mb.reduce_argmin(x=squared, axis=1, keep_dims=False),
        "distances": mb.sqrt(x=squared),
    }
