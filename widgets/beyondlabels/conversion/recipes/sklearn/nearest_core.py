"""The nearest core point within eps, noise beyond: the substitute for density clusters."""

import numpy as np
from sklearn.metrics import pairwise_distances

from ....limits import get
from ....mil.blocks import builder
from ....mil.distances import squared_distances
from ...registry import recipe
from ...surrogates.nearest_core import NearestCorePoint
from .stored_rows import carries_rows


def _ties(model, name, X, near):
    """Rows at the edge of eps, or between core points of two labels."""
    distances = pairwise_distances(X, model.points_)
    nearest = distances.min(axis=1)
    edge = np.abs(nearest - model.eps) <= near * model.eps
    other = model.labels_[None] != model.labels_[distances.argmin(axis=1)][:, None]
    rival = np.where(other, distances, np.inf).min(axis=1)
    return edge | (rival - nearest <= near * rival)


@recipe(
    NearestCorePoint,
    outputs={"label": "predict"},
    ties=_ties,
    carries=lambda model: carries_rows(len(model.points_), "the core points"),
    limits=lambda model: [get("carries-rows").because(f"{len(model.points_)} core points")],
)
def nearest_core(model, x):
    mb = builder()
    squared = squared_distances(x, model.points_)
    nearest = mb.reduce_argmin(x=squared, axis=1, keep_dims=False)
    above_noise = mb.gather(x=(model.labels_ + 1).astype(np.int32), indices=nearest, axis=0)
    distance = mb.sqrt(x=mb.reduce_min(x=squared, axes=[1], keep_dims=False))
    within = mb.cast(x=mb.less_equal(x=distance, y=np.float32(model.eps)), dtype="int32")
    return {"label": mb.sub(x=mb.mul(x=above_noise, y=within), y=np.int32(1))}
